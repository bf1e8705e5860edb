"""The headings, marks and table rows that every report format prints in the same words."""

from collections.abc import Iterable, Sequence

from workshop.text import counted
from workshop.views.outline import (
    ActionItem,
    AnswerLine,
    CanvasBlock,
    CanvasPage,
    ParkedItem,
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
UNAPPLIED = "Entries that could not be applied"
PROVENANCE = "How this report was made"
MOST_DOTS = "Most dots"
IN_NOTES = "Not all of it has room here: this slide's notes have every answer in full."
NOT_ANSWERED = "Not answered"
NO_ANSWERS = "no answers"

SKIPPED_HEADS = ("Block", "Question", "Reason")
PARKED_HEADS = ("Point", "Block", "Raised by")
ACTION_HEADS = ("Action", "Owner", "Due")
UNAPPLIED_HEADS = ("When", "What", "Why not")

_REARRANGED = (
    "The bank's canvas has more rows or columns than a page has room for, or columns too narrow "
    "for words, so its blocks are printed in reading order."
)


def unanswered_label(question: QuestionPart) -> str:
    """Return the text that stands in place of answers under an unanswered question."""
    if question.skipped is None:
        return NOT_ANSWERED
    return f"Skipped: {question.skipped}" if question.skipped else "Skipped"


def credit(answer: AnswerLine) -> str:
    """Return an answer's name and dots: "Ann Berg · 2 dots"; possibly ""."""
    dots = counted(answer.votes, "dot") if answer.votes else ""
    return " · ".join(part for part in (answer.name, dots) if part)


def parked_details(point: ParkedItem) -> str:
    """Return who raised a parked point, and in which block: "Ann Berg, Channels"; possibly ""."""
    return ", ".join(filter(None, (point.name, point.block)))


def action_details(action: ActionItem) -> str:
    """Return an action's owner and due date: "Ben, by Friday"; possibly ""."""
    return ", ".join(filter(None, (action.owner, action.due and f"by {action.due}")))


def dots_mark(dots: int) -> str:
    """Return the mark for votes after an answer on a canvas: " ●3", with a no-break space."""
    return f"\u00a0●{dots:,}" if dots else ""


def more_answers(count: int) -> str:
    """Return the text that stands in place of omitted answers: "+3 more"."""
    return f"+{count:,} more"


def more_in_word_report(count: int) -> str:
    """Return the text below a table on a slide that has no room for all of its rows."""
    return f"{more_answers(count)} in the Word report"


def answer_count_mark(count: int) -> str:
    """Return the mark after the title of a block that shows none of its answers: " +12"."""
    return f"\u00a0+{count:,}" if count else ""


def canvas_warnings(rearranged: Iterable[bool]) -> tuple[str, ...]:
    """Return the warning that a canvas is rearranged, if any of the canvases is."""
    return (_REARRANGED,) if any(rearranged) else ()


def describe_canvas(page: CanvasPage) -> str:
    """Return a description of a canvas, block by block, for people who cannot see it."""
    return f"{page.title}. {' '.join(f'{describe_block(page, block)}.' for block in page.blocks)}"


def block_name(page: CanvasPage, block: CanvasBlock) -> str:
    """Return a name for a block that is unique on its canvas: "Channels · Acme"."""
    bands = [b.name for b in page.bands if b.top <= block.area.top < b.bottom]
    return " · ".join([block.title, *bands])


def describe_block(page: CanvasPage, block: CanvasBlock) -> str:
    """Return a block's name with the number of its answers: "Channels · Acme: 5 answers"."""
    answers = counted(len(block.answers), "answer") if block.answers else NO_ANSWERS
    return f"{block_name(page, block)}: {answers}"


def skipped_rows(skipped: Sequence[SkippedQuestion]) -> list[tuple[str, str, str]]:
    """Return a row under `SKIPPED_HEADS` for each question."""
    return [(s.block, s.ask, s.reason or "No reason given") for s in skipped]


def parked_rows(parked: Sequence[ParkedItem]) -> list[tuple[str, str, str]]:
    """Return a row under `PARKED_HEADS` for each point."""
    return [(p.text, p.block or "", p.name) for p in parked]


def action_rows(actions: Sequence[ActionItem]) -> list[tuple[str, str, str]]:
    """Return a row under `ACTION_HEADS` for each action."""
    return [(a.text, a.owner, a.due) for a in actions]


def without_empty_columns(
    heads: Sequence[str], rows: Sequence[Sequence[str]]
) -> tuple[list[str], list[list[str]]]:
    """Return the heads and rows of a table without the columns that are empty in every row."""
    columns = [column for column in range(len(heads)) if any(row[column] for row in rows)]
    return [heads[column] for column in columns], [[row[c] for c in columns] for row in rows]
