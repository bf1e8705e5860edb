"""The search through a session: what matches, for the screen and for line mode.

The case of letters makes no difference. An answer matches by its text or the name that stands after
it; a question matches by its words or its block's title, together with all its answers; a parked
point and an action match by all that is shown of them.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from workshop.banks.model import Family
from workshop.views import labels
from workshop.views.outline import ActionItem, Outline, ParkedItem, QuestionPart


@dataclass(frozen=True, slots=True)
class QuestionMatch:
    """A question that matches itself or has answers that do."""

    title: str
    """The title of its section."""
    family: Family | None
    """The family of its block; None for a question outside the session."""
    question: QuestionPart
    """The question with the answers that match."""
    is_match: bool
    """Whether the question itself matches."""


@dataclass(frozen=True, slots=True)
class Matches:
    """What a search finds, in the order of the report."""

    questions: tuple[QuestionMatch, ...]
    parked: tuple[ParkedItem, ...]
    actions: tuple[ActionItem, ...]

    @property
    def answer_count(self) -> int:
        """The number of answers that match."""
        return sum(len(match.question.answers) for match in self.questions)


def search(outline: Outline, query: str) -> Matches:
    """Return what matches `query`; an empty query matches everything."""
    words = query.casefold().strip()

    def matches(*texts: str | None) -> bool:
        return not words or any(words in text.casefold() for text in texts if text)

    def question_matches() -> Iterator[QuestionMatch]:
        parts: list[tuple[str, Family | None, QuestionPart]] = [
            (s.title, s.family, q) for s in outline.sections for q in s.questions
        ]
        parts += [(labels.OUTSIDE, None, question) for question in outline.orphans]
        for title, family, question in parts:
            is_match = matches(question.ask, title)
            answers = question.answers
            if not is_match:
                answers = tuple(a for a in answers if matches(a.text, a.name))
            if is_match or answers:
                yield QuestionMatch(title, family, replace(question, answers=answers), is_match)

    return Matches(
        tuple(question_matches()),
        tuple(p for p in outline.parked if matches(p.text, p.name, p.block)),
        tuple(a for a in outline.actions if matches(a.text, a.owner, a.due)),
    )
