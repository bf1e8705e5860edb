"""The answers of a session as a table, the same in SQL and JSON, and what changes in it."""

from collections.abc import Iterable, Iterator
from itertools import takewhile
from typing import NamedTuple

from workshop.session.fold import Answer, SessionState
from workshop.session.session import Session


class AnswerRow(NamedTuple):
    """One answer as people with a table or a SQL tool see it."""

    number: int
    """1-based number of the answer in this session; never reused."""
    position: int
    """The 0-based place of its question in the walk; questions outside it come after the walk."""
    block: str | None
    """The id of the question's block; None if the bank has no such question."""
    level: str | None
    """The id of the question's level; None if it has none."""
    question: str
    """The question's address."""
    ask: str | None
    """The words of the question; None if the bank has no such question."""
    answer: str
    participant: str
    votes: int
    evidence: int | None
    """How well founded the answer is, from 1 to 5; None if nobody rated it."""
    grouped: str
    """The name of the group that the answer is in, or empty."""
    place: int
    """1-based place of the answer among those to its question."""
    at: str
    """When the answer was given: ISO 8601 in UTC."""


class AnswerChanges(NamedTuple):
    """What changes in a table of answers."""

    put: tuple[AnswerRow, ...] = ()
    """The rows that are new or replace the row of the same number."""
    removed: tuple[int, ...] = ()
    """The numbers of the answers that are gone."""


def answer_rows(session: Session, state: SessionState) -> list[AnswerRow]:
    """Return the answers in the order of the walk, and after them those outside it."""
    return sorted(_rows(session, state, state.answered), key=lambda row: (row.position, row.place))


def answer_changes(session: Session, before: SessionState, after: SessionState) -> AnswerChanges:
    """Return what turns the table of the answers in `before` into that of the answers in `after`.

    Of each question, only the answers from the first that differs on are looked into.
    """
    old: dict[int, AnswerRow] = {}
    new: list[AnswerRow] = []
    for address in dict.fromkeys((*before.answered, *after.answered)):
        answers, new_answers = before.answers_to(address), after.answers_to(address)
        pairs = zip(answers, new_answers, strict=False)
        equal = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
        old |= {r.number: r for r in _rows_of_question(session, address, answers, equal)}
        new += _rows_of_question(session, address, new_answers, equal)
    return changes_between(old, new)


def changes_between(old: dict[int, AnswerRow], new: Iterable[AnswerRow]) -> AnswerChanges:
    """Return what turns the rows `old`, by number, into `new`."""
    put: list[AnswerRow] = []
    kept: set[int] = set()
    for row in new:
        kept.add(row.number)
        if old.get(row.number) != row:
            put.append(row)
    return AnswerChanges(tuple(put), tuple(number for number in old if number not in kept))


def _rows(session: Session, state: SessionState, addresses: Iterable[str]) -> Iterator[AnswerRow]:
    for address in addresses:
        yield from _rows_of_question(session, address, state.answers_to(address))


def _rows_of_question(
    session: Session, address: str, answers: tuple[Answer, ...], skipped: int = 0
) -> Iterator[AnswerRow]:
    """Yield the rows of the answers to a question, without the first `skipped` of them."""
    if len(answers) == skipped:
        return
    step = session.step_by_address.get(address)
    question = session.bank.questions.get(address)
    # Behind the walk, questions stand in the order in which they were first answered.
    position = (
        session.addresses.index(address) if step else len(session.addresses) + answers[0].number
    )
    for place, answer in enumerate(answers[skipped:], skipped + 1):
        yield AnswerRow(
            number=answer.number,
            position=position,
            block=address.partition(".")[0] if question else None,
            level=question and question.level,
            question=address,
            ask=question and question.ask,
            answer=answer.text,
            participant=answer.participant,
            votes=answer.votes,
            evidence=None,
            grouped="",
            place=place,
            at=answer.at,
        )
