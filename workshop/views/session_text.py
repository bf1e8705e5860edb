"""A session as lines of text, for line mode and `workshop show`, which lay them out."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Literal, NamedTuple

from workshop.text import dots_suffix
from workshop.views import labels
from workshop.views.outline import ActionItem, AnswerLine, Outline, ParkedItem, QuestionPart


class TextLine(NamedTuple):
    """One line of a session's text; a text of several lines has line ends."""

    kind: Literal["heading", "question", "answer", "skipped", "item"]
    text: str
    number: int | None = None
    """The number of an answer."""


def text_lines(outline: Outline) -> Iterator[TextLine]:
    """Yield what was answered and skipped, block by block, then the parked points and actions."""
    for section in outline.sections:
        settled = [q for q in section.questions if q.answers or q.skipped is not None]
        yield from _section(section.title, settled)
    yield from _section(labels.ORPHANS, outline.orphans)
    yield from _items(labels.PARKED, map(parked_text, outline.parked))
    yield from _items(labels.ACTIONS, map(action_text, outline.actions))


def _section(title: str, questions: Sequence[QuestionPart]) -> Iterator[TextLine]:
    if questions:
        yield TextLine("heading", title)
    for question in questions:
        yield TextLine("question", question.ask)
        for answer in question.answers:
            yield TextLine("answer", answer_text(answer), answer.number)
        if question.skipped is not None:
            yield TextLine("skipped", labels.unanswered_label(question))


def _items(title: str, texts: Iterable[str]) -> Iterator[TextLine]:
    items = [TextLine("item", text) for text in texts]
    if items:
        yield TextLine("heading", title)
        yield from items


def answer_text(answer: AnswerLine) -> str:
    """Return an answer's text, name and dots: "Lower rents (Ann) · 2 dots"."""
    return f"{_with_details(answer.text, answer.name)}{dots_suffix(answer.votes)}"


def parked_text(point: ParkedItem) -> str:
    """Return a parked point and who raised it where: "Prices (Ann, Channels)"."""
    return _with_details(point.text, labels.parked_details(point))


def action_text(action: ActionItem) -> str:
    """Return an action with its owner and due date: "Call (Ben, by Friday)"."""
    return _with_details(action.text, labels.action_details(action))


def _with_details(text: str, details: str) -> str:
    return f"{text} ({details})" if details else text
