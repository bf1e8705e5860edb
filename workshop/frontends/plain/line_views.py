"""The canvas, the review and the search of line mode, as plain lines."""

from workshop.facilitation.messages import dots_suffix, format_answer, owner_and_due
from workshop.session.fold import SessionState
from workshop.session.session import Session
from workshop.text import counted, shorten
from workshop.views import labels
from workshop.views.outline import AnswerLine, Outline


def canvas_lines(session: Session, state: SessionState) -> list[str]:
    """Return the canvas block by block as it reads on paper: from the left, then downwards.

    In a block, the answers with the most dots come first.
    """
    lines: list[str] = []
    for level in session.levels:
        if level is not None:
            lines.append(f"{session.level_name(level)}:")
        steps = {s.block.id: s for s in session.steps if (s.level.id if s.level else None) == level}
        for area in session.bank.areas:
            step = steps.get(area.block)
            given = state.on_canvas(step.addresses() if step else ())
            title = session.bank.block(area.block).title
            lines.append(f"{title}: {counted(len(given), 'answer') if given else 'empty'}")
            lines += [f"  {format_answer(answer)}" for answer in given]
    return lines


def review_lines(outline: Outline) -> list[str]:
    """Return everything said, block by block, then what was parked and what is to be done."""
    lines = [outline.summary]
    for section in outline.sections:
        said = [q for q in section.questions if q.answers or q.skipped is not None]
        if said:
            lines.append(f"{section.title}:")
        for question in said:
            lines.append(f"  {question.ask}")
            lines += [f"    {_answer(a)}" for a in question.answers]
            if question.skipped is not None:
                why = f": {question.skipped}" if question.skipped else ""
                lines.append(f"    Skipped{why}.")
    for question in outline.orphans:
        lines.append(f"{labels.OUTSIDE}: {question.ask}")
        lines += [f"    {_answer(a)}" for a in question.answers]
    if outline.parked:
        lines.append(f"{labels.PARKED}:")
        lines += [f"  {_with(p.text, p.participant, p.block)}" for p in outline.parked]
    if outline.actions:
        lines.append(f"{labels.ACTIONS}:")
        lines += [f"  {_with(a.text, owner_and_due(a.owner, a.due))}" for a in outline.actions]
    return lines


def found_lines(outline: Outline, wanted: str) -> list[str]:
    """Return what holds the words `wanted`, whatever their case, as the search on the screen does.

    An answer by its words or by who said it; a question by its own or its block's, and with it all
    that was answered to it; a parked point and an action by everything that is said of it.
    """
    words = wanted.casefold()
    named = [(s.title, q) for s in outline.sections for q in s.questions]
    named += [(labels.OUTSIDE, q) for q in outline.orphans]
    lines: list[str] = []
    asked = answered = 0
    for title, question in named:
        in_question = words in question.ask.casefold() or words in title.casefold()
        if in_question:
            asked += 1
            lines.append(f"{title}: {question.ask}")
        said = [
            answer
            for answer in question.answers
            if in_question or words in f"{answer.text}\n{answer.participant or ''}".casefold()
        ]
        answered += len(said)
        lines += [f"{'  ' if in_question else f'{title}: '}{_answer(a)}" for a in said]
    parked = [_with(p.text, p.participant, p.block) for p in outline.parked]
    lines += [f"{labels.PARKED}: {text}" for text in parked if words in text.casefold()]
    actions = [_with(a.text, owner_and_due(a.owner, a.due)) for a in outline.actions]
    lines += [f"{labels.ACTIONS}: {text}" for text in actions if words in text.casefold()]
    many = ", ".join(
        counted(number, noun)
        for number, noun in (
            (asked, "question"),
            (answered, "answer"),
            (len(lines) - asked - answered, "other"),
        )
        if number
    )
    return [f"{many or 'Nothing'} found for “{shorten(wanted, 60)}”{':' if lines else '.'}", *lines]


def _answer(answer: AnswerLine) -> str:
    return f"{answer.number}  {_with(answer.text, answer.participant)}{dots_suffix(answer.dots)}"


def _with(text: str, *asides: str | None) -> str:
    """Return a text with what is known about it in brackets, where anything is."""
    said = [aside for aside in asides if aside]
    return f"{text} ({', '.join(said)})" if said else text
