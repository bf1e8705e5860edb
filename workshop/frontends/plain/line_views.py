"""The canvas, the review and the search results of line mode, as plain lines."""

from workshop.facilitation.messages import format_answer
from workshop.session.fold import SessionState
from workshop.session.session import Session
from workshop.text import counted, shorten
from workshop.views import labels
from workshop.views.outline import Outline
from workshop.views.session_text import (
    TextLine,
    action_text,
    answer_text,
    parked_text,
    text_lines,
)


def canvas_lines(session: Session, state: SessionState) -> list[str]:
    """Return the canvas block by block, in the reading order of the bank's grid.

    Within a block, the answers with the most dots come first.
    """
    lines: list[str] = []
    for level in session.levels:
        if level is not None:
            lines.append(f"{session.level_name(level)}:")
        steps = {s.block.id: s for s in session.steps if (s.level.id if s.level else None) == level}
        for area in session.bank.areas:
            step = steps.get(area.block)
            answers = state.on_canvas(step.addresses() if step else ())
            title = session.bank.block(area.block).title
            lines.append(f"{title}: {counted(len(answers), 'answer') if answers else 'empty'}")
            lines += [f"  {format_answer(answer)}" for answer in answers]
    return lines


def review_lines(outline: Outline) -> list[str]:
    """Return all answers and skips block by block, then the parked points and the actions."""
    return [outline.summary, *map(_format_line, text_lines(outline))]


def _format_line(line: TextLine) -> str:
    if line.kind == "heading":
        return f"{line.text}:"
    indent = "    " if line.kind in ("answer", "skipped") else "  "
    return f"{indent}{_with_number(line.text, line.number)}"


def _with_number(text: str, number: int | None) -> str:
    return text if number is None else f"{number}  {text}"


def search_lines(outline: Outline, query: str) -> list[str]:
    """Return what contains `query` in any case, with a count first, as the TUI's search does.

    An answer matches by its text or its participant; a question matches by its text or its block's
    title, together with all its answers; a parked point and an action match by all their details.
    """
    words = query.casefold()
    titled = [(s.title, q) for s in outline.sections for q in s.questions]
    titled += [(labels.OUTSIDE, q) for q in outline.orphans]
    lines: list[str] = []
    question_count = answer_count = 0
    for title, question in titled:
        in_question = words in question.ask.casefold() or words in title.casefold()
        if in_question:
            question_count += 1
            lines.append(f"{title}: {question.ask}")
        matches = [
            answer
            for answer in question.answers
            if in_question or words in f"{answer.text}\n{answer.name}".casefold()
        ]
        answer_count += len(matches)
        lines += [
            f"{'  ' if in_question else f'{title}: '}{_with_number(answer_text(a), a.number)}"
            for a in matches
        ]
    parked = [parked_text(p) for p in outline.parked]
    lines += [f"{labels.PARKED}: {text}" for text in parked if words in text.casefold()]
    actions = [action_text(a) for a in outline.actions]
    lines += [f"{labels.ACTIONS}: {text}" for text in actions if words in text.casefold()]
    counts = ", ".join(
        counted(number, noun)
        for number, noun in (
            (question_count, "question"),
            (answer_count, "answer"),
            (len(lines) - question_count - answer_count, "other"),
        )
        if number
    )
    return [
        f"{counts or 'Nothing'} found for “{shorten(query, 60)}”{':' if lines else '.'}",
        *lines,
    ]
