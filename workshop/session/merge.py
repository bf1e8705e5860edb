"""Uniting two copies of one session that went separate ways.

The log of the union is the union of the logs, by event id, in the order of (counter, actor, id): a
counter grows with everything that its writer had seen, so nothing comes before what it builds on,
and no clock has a say. That alone would let words vanish from sight: of two new wordings of one
answer the fold takes the last, and an answer that was taken away in one copy is gone however it was
reworded in the other. So the wording that does not come to count becomes an answer of its own,
beside the other, and people decide. What that adds is worked out from the answer and the wording
alone, its id too, so that it is the same wherever and however often copies are united.

So uniting is commutative and idempotent, and in whatever order several copies are united, no new
words vanish. Which words would vanish can only be told from the two logs at hand, though. So where
two people by themselves reword an answer alike, or one brings back an answer that others took away
and changed, it depends on the order whether some words stand there twice. (And so it does in a log
that changes or removes what is not there, which no front end writes.)
"""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from workshop.errors import BadFileError
from workshop.session.events import AnswerAdded, AnswerRemoved, Undone, write_body
from workshop.session.record import Record
from workshop.session.state import Answer, Fold
from workshop.text import clean_line


@dataclass(frozen=True, slots=True)
class Parted:
    """An answer that was changed in both copies, one way here and another way there."""

    answer: str
    """The answer's id."""
    kept: str
    """The id of the answer that keeps the wording which does not count."""


@dataclass(frozen=True, slots=True)
class Union:
    """Two logs in one."""

    records: tuple[Record, ...]
    parted: tuple[Parted, ...]


def unite(one: Iterable[Record], other: Iterable[Record]) -> Union:
    """Return the union of two logs; it is the same whichever comes first.

    Raises BadFileError where an event in one and the event of the same id in the other differ.
    """
    here, there = ({record.id: record for record in log} for log in (one, other))
    common = here.keys() & there.keys()
    for event_id in sorted(common):
        if here[event_id] != there[event_id]:
            raise BadFileError(
                f"The two copies disagree about what happened in event {here[event_id].counter} "
                f"({clean_line(event_id[:32])}), so one of them was changed: nothing was merged.",
                "'workshop verify' says what is wrong with a file.",
            )
    union = here | there
    shared = [here[event_id] for event_id in common]
    before, ever = _answers(shared), _answers(_without_taking_away(shared))
    after = _answers(union.values())
    parted: dict[str, Parted] = {}
    for log in (here, there):
        for answer, words in _lost_words(before, ever, _answers(log.values()), after):
            kept = _kept(union[answer.id], answer, words)
            union[kept.id] = kept
            parted[kept.id] = Parted(answer.id, kept.id)
    return Union(tuple(sorted(union.values())), tuple(parted[kept] for kept in sorted(parted)))


def _answers(log: Iterable[Record]) -> dict[str, Answer]:
    return dict(Fold(record.event for record in sorted(log)).state.answers)


def _without_taking_away(log: Iterable[Record]) -> Iterator[Record]:
    """Yield the events of a log, but for those by which an answer is no longer there."""
    adding: set[str] = set()
    for record in sorted(log):
        body = record.event.body
        if isinstance(body, AnswerAdded):
            adding.add(record.id)
        if not isinstance(body, AnswerRemoved | Undone) or (
            isinstance(body, Undone) and body.event not in adding
        ):
            yield record


def _lost_words(
    before: dict[str, Answer],
    ever: dict[str, Answer],
    copy: dict[str, Answer],
    after: dict[str, Answer],
) -> Iterator[tuple[Answer, str]]:
    """Yield what answers were changed to in a copy and do not say in the union, each as it was.

    `ever` has those, too, that were taken away before the copies parted: a copy may bring one back.
    """
    for answer_id, was in ever.items():
        now, then = copy.get(answer_id), after.get(answer_id)
        if now is None:
            continue
        brought_back = answer_id not in before and then is None
        reworded = now.text != was.text and (then is None or then.text != now.text)
        if brought_back or reworded:
            yield was, now.text


def _kept(added: Record, answer: Answer, words: str) -> Record:
    """Return the event that keeps `words` as an answer, beside the one that `added` added."""
    body = AnswerAdded(question=answer.question, text=words, participant=answer.participant)
    return Record(
        counter=added.counter,
        actor=added.actor,
        id=hashlib.sha256(f"{added.id} {words}".encode()).hexdigest()[:32],
        at=added.at,
        kind=body.kind,
        body=write_body(body),
    )
