"""The canvas, the review and the search results of line mode, as plain lines."""

from workshop.facilitation.messages import dots_suffix, format_answer, owner_and_due
from workshop.session.fold import SessionState
from workshop.session.session import Session
from workshop.text import counted, shorten
from workshop.views import labels
from workshop.views.outline import AnswerLine, Outline


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
    lines = [outline.summary]
    for section in outline.sections:
        settled = [q for q in section.questions if q.answers or q.skipped is not None]
        if settled:
            lines.append(f"{section.title}:")
        for question in settled:
            lines.append(f"  {question.ask}")
            lines += [f"    {_format_line(a)}" for a in question.answers]
            if question.skipped is not None:
                reason = f": {question.skipped}" if question.skipped else ""
                lines.append(f"    Skipped{reason}.")
    for question in outline.orphans:
        lines.append(f"{labels.OUTSIDE}: {question.ask}")
        lines += [f"    {_format_line(a)}" for a in question.answers]
    if outline.parked:
        lines.append(f"{labels.PARKED}:")
        lines += [f"  {_with_details(p.text, p.name, p.block)}" for p in outline.parked]
    if outline.actions:
        lines.append(f"{labels.ACTIONS}:")
        lines += [
            f"  {_with_details(a.text, owner_and_due(a.owner, a.due))}" for a in outline.actions
        ]
    return lines


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
        lines += [f"{'  ' if in_question else f'{title}: '}{_format_line(a)}" for a in matches]
    parked = [_with_details(p.text, p.name, p.block) for p in outline.parked]
    lines += [f"{labels.PARKED}: {text}" for text in parked if words in text.casefold()]
    actions = [_with_details(a.text, owner_and_due(a.owner, a.due)) for a in outline.actions]
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


def _format_line(answer: AnswerLine) -> str:
    text = _with_details(answer.text, answer.name)
    return f"{answer.number}  {text}{dots_suffix(answer.votes)}"


def _with_details(text: str, *details: str | None) -> str:
    """Return a text with those of its details that are known, in brackets."""
    known = [detail for detail in details if detail]
    return f"{text} ({', '.join(known)})" if known else text
