"""The canvas, the review and the search results of line mode, as plain lines."""

from workshop.facilitation.messages import format_answer
from workshop.session.fold import SessionState
from workshop.session.session import Session
from workshop.text import counted, shorten
from workshop.views import labels
from workshop.views.outline import Outline
from workshop.views.search import search
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
        for area in session.bank.areas:
            step = session.step_at(area.block, level)
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
    """Return what a search finds, with a count first."""
    matches = search(outline, query)
    lines: list[str] = []
    for title, question, is_match in ((m.title, m.question, m.is_match) for m in matches.questions):
        lines += [f"{title}: {question.ask}"] * is_match
        prefix = "  " if is_match else f"{title}: "
        lines += [f"{prefix}{_with_number(answer_text(a), a.number)}" for a in question.answers]
    lines += [f"{labels.PARKED}: {parked_text(point)}" for point in matches.parked]
    lines += [f"{labels.ACTIONS}: {action_text(action)}" for action in matches.actions]
    counts = ", ".join(
        counted(number, noun)
        for number, noun in (
            (sum(match.is_match for match in matches.questions), "question"),
            (matches.answer_count, "answer"),
            (len(matches.parked) + len(matches.actions), "other"),
        )
        if number
    )
    return [
        f"{counts or 'Nothing'} found for “{shorten(query, 60)}”{':' if lines else '.'}",
        *lines,
    ]
