"""The headings and small phrases that every format prints the same way."""

from collections.abc import Iterable, Sequence

from workshop.text import counted
from workshop.views.outline import (
    ActionItem,
    AnswerLine,
    CanvasBlock,
    CanvasPage,
    ParkedPoint,
    QuestionPart,
    SkippedQuestion,
)

SUMMARY = "Summary"
CONTENTS = "Contents"
BLOCKS = "Block by block"
SKIPPED = "Skipped questions"
PARKED = "Parked points"
ACTIONS = "Actions"
APPENDIX = "Appendix"
ORPHANS = "Answers to questions outside this session"
OUTSIDE = "Outside this session"
LOST = "Entries that could not be applied"
MADE = "How this report was made"
MOST_DOTS = "Most dots"
IN_NOTES = "Not all of it has room here: this slide's notes have every answer in full."
NOT_ANSWERED = "Not answered"
NO_ANSWERS = "no answers"

SKIPPED_HEADS = ("Block", "Question", "Reason")
PARKED_HEADS = ("Point", "Block", "Raised by")
ACTION_HEADS = ("Action", "Owner", "Due")
LOST_HEADS = ("When", "What", "Why not")

_REARRANGED = (
    "The bank's canvas has more rows or columns than a page has room for, or columns too narrow "
    "for words, so its blocks are printed in reading order."
)


def unanswered_label(question: QuestionPart) -> str:
    """Return what stands in place of answers under a question that has none."""
    if question.skipped is None:
        return NOT_ANSWERED
    return f"Skipped: {question.skipped}" if question.skipped else "Skipped"


def credit(answer: AnswerLine) -> str:
    """Return who gave an answer and how many dots it has: "Ann Berg · 2 dots"; possibly empty."""
    dots = counted(answer.dots, "dot") if answer.dots else ""
    return " · ".join(part for part in (answer.participant or "", dots) if part)


def dots_mark(dots: int) -> str:
    """Return what follows an answer on a canvas: " ●3", which no line break parts from it."""
    return f"\u00a0●{dots:,}" if dots else ""


def more_answers(count: int) -> str:
    """Return what stands in place of answers that are left out."""
    return f"+{count:,} more"


def more_in_word_report(count: int) -> str:
    """Return what stands below a table on slides that has no room for all of its rows."""
    return f"{more_answers(count)} in the Word report"


def answer_count_mark(count: int) -> str:
    """Return what follows the title of a block that shows none of its answers: " +12"."""
    return f"\u00a0+{count:,}" if count else ""


def canvas_warnings(rearranged: Iterable[bool]) -> tuple[str, ...]:
    """Return what there is to say of canvases: whether their grid is not their bank's."""
    return (_REARRANGED,) if any(rearranged) else ()


def describe_canvas(page: CanvasPage) -> str:
    """Return what a canvas shows, block by block, for those who do not see it."""
    return f"{page.title}. {' '.join(f'{describe_block(page, block)}.' for block in page.blocks)}"


def block_name(page: CanvasPage, block: CanvasBlock) -> str:
    """Return what tells a block of a canvas from the others: "Channels · Acme"."""
    bands = [b.name for b in page.bands if b.top <= block.area.top < b.bottom]
    return " · ".join([block.title, *bands])


def describe_block(page: CanvasPage, block: CanvasBlock) -> str:
    """Return a block of a canvas and how much it holds: "Channels · Acme: 5 answers"."""
    answers = counted(len(block.answers), "answer") if block.answers else NO_ANSWERS
    return f"{block_name(page, block)}: {answers}"


def skipped_rows(skipped: Sequence[SkippedQuestion]) -> list[tuple[str, str, str]]:
    """Return a row under `SKIPPED_HEADS` for each question."""
    return [(s.block, s.ask, s.reason or "No reason given") for s in skipped]


def parked_rows(parked: Sequence[ParkedPoint]) -> list[tuple[str, str, str]]:
    """Return a row under `PARKED_HEADS` for each point."""
    return [(p.text, p.block or "", p.participant or "") for p in parked]


def action_rows(actions: Sequence[ActionItem]) -> list[tuple[str, str, str]]:
    """Return a row under `ACTION_HEADS` for each action."""
    return [(a.text, a.owner, a.due) for a in actions]


def without_empty_columns(
    heads: Sequence[str], rows: Sequence[Sequence[str]]
) -> tuple[list[str], list[list[str]]]:
    """Return a table without the columns in which nothing is said."""
    without_empty_columns = [
        place for place in range(len(heads)) if any(row[place] for row in rows)
    ]
    return [heads[place] for place in without_empty_columns], [
        [row[place] for place in without_empty_columns] for row in rows
    ]
