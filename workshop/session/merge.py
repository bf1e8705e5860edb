"""Uniting two copies of one session that went separate ways.

The log of the union is the union of the logs, by event id, in the order of (counter, actor, id): a
counter grows with everything that its writer had seen, so nothing comes before what it builds on,
and no clock has a say. That alone would let words vanish from sight: of two new wordings of one
answer the fold takes the last, and an answer that was taken away in one copy is gone however it was
reworded in the other; of two reasons to skip a question the fold takes the last, and none where the
other copy answered it. So the wording that does not come to count becomes an answer of its own,
beside the other, the reason becomes a parked point, and people decide. What that adds is worked out
from the answer and the wording alone (the skip and its reason), its id too, so that it is the same
wherever and however often copies are united.

So uniting is commutative and idempotent, and in whatever order several copies are united, no new
words vanish. Which words would vanish can only be told from the two logs at hand, though. So where
two people by themselves reword an answer alike (or give one reason), or one brings back what others
took away and changed, it depends on the order whether some words stand there twice. The order can
also matter to logs that no front end writes: to one that changes or removes what is not there, or
undoes a change before the last. Two copies that each undo another change of one answer can unite to
words that neither of them shows, and then the order decides whether a third copy's new wording
hides those or stands beside them.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from workshop.errors import BadFileError
from workshop.session.event_log import EventLog
from workshop.session.events import (
    AnswerAdded,
    AnswerRemoved,
    AnyBody,
    PointParked,
    QuestionSkipped,
    Undone,
    kind_of,
    write_body,
)
from workshop.session.fold import Answer, SessionState
from workshop.session.record import Record
from workshop.session.session import MAX_NAME
from workshop.text import MAX_CHARACTERS, clean_line

_REASON = "Reason to skip this question: "
_MOST_WORDINGS = 30
"""Of how many answers that came about alike it is looked at which belong together."""


@dataclass(frozen=True, slots=True)
class ConflictingWording:
    """An answer that was changed in both copies, one way here and another way there."""

    answer: str
    """The answer's id."""
    kept: str
    """The id of the answer that keeps the wording which does not count."""


@dataclass(frozen=True, slots=True)
class ConflictingReason:
    """A question that was skipped in one copy, for a reason that does not come to count."""

    question: str
    """The question's address."""
    point: str
    """The id of the parked point that keeps the reason."""


@dataclass(frozen=True, slots=True)
class MergedLog:
    """Two logs in one."""

    records: tuple[Record, ...]
    parted: tuple[ConflictingWording, ...]
    parked: tuple[ConflictingReason, ...] = ()


def merge_logs(one: Iterable[Record], other: Iterable[Record]) -> MergedLog:
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
    before, after = _state(shared), _state(union.values())
    ever = _state(_without_taking_away(shared)).answers
    copies = [(log, _state(log.values())) for log in (here, there)]
    parted: dict[str, ConflictingWording] = {}
    for _, copy in copies:
        for answer, words in _lost_words(before.answers, ever, copy.answers, after.answers):
            kept = _kept(union[answer.id], answer, words)
            union[kept.id] = kept
            parted[kept.id] = ConflictingWording(answer.id, kept.id)
    if parted:  # a question may have an answer again
        after = _state(union.values())
    parked: dict[str, ConflictingReason] = {}
    for log, copy in copies:
        for question, reason in _lost_reasons(before, copy, after):
            point = _point(_last_skip(log.values(), question, reason), question, reason)
            if point.id not in union:
                union[point.id] = point
                parked[point.id] = ConflictingReason(question, point.id)
    return MergedLog(
        tuple(sorted(union.values())),
        tuple(parted[kept] for kept in sorted(parted)),
        tuple(parked[point] for point in sorted(parked)),
    )


def derived_id(record_id: str, words: str) -> str:
    """Return the id of what keeps `words` beside the answer, or the skip, of that id."""
    return hashlib.sha256(f"{record_id} {words}".encode()).hexdigest()[:32]


def related_wordings(union: MergedLog) -> dict[str, frozenset[str]]:
    """Return the ids of all wordings of each answer that was changed in both copies.

    By the id of every one that this union kept; with those that earlier unions kept beside.
    """
    parted = {parted.kept: parted.answer for parted in union.parted}
    # What keeps a wording has all but its id and its words from the answer.
    shared = {(r.counter, r.actor, r.at) for r in union.records if r.id in parted}
    alike: dict[tuple[int, str, str], list[tuple[str, str]]] = {}
    for r in union.records:
        envelope = (r.counter, r.actor, r.at)
        body = r.event.body if envelope in shared else None
        if isinstance(body, AnswerAdded):
            alike.setdefault(envelope, []).append((r.id, body.text))
    beside = dict(parted)
    for added in alike.values():
        if len(added) <= _MOST_WORDINGS:
            beside |= {
                other: answer
                for answer, _ in added
                for other, words in added
                if derived_id(answer, words) == other
            }
    families: dict[str, set[str]] = {}
    for answer in {*beside, *beside.values()}:
        families.setdefault(_first(answer, beside), set()).add(answer)
    return {kept: frozenset(families[_first(kept, beside)]) for kept in parted}


def _first(answer: str, beside: Mapping[str, str]) -> str:
    """Return the answer that the one of that id is a wording of, in the end."""
    while answer in beside:
        answer = beside[answer]
    return answer


def _state(log: Iterable[Record]) -> SessionState:
    return EventLog(record.event for record in sorted(log)).state


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
    before: Mapping[str, Answer],
    ever: Mapping[str, Answer],
    copy: Mapping[str, Answer],
    after: Mapping[str, Answer],
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
    return _beside(added, body, words)


def _lost_reasons(
    before: SessionState, copy: SessionState, after: SessionState
) -> Iterator[tuple[str, str]]:
    """Yield the questions that a copy skips for new reasons that the union does not give."""
    for question, reason in copy.skipped.items():
        if reason and reason not in (before.skipped.get(question), after.skipped.get(question)):
            yield question, reason


def _last_skip(log: Iterable[Record], question: str, reason: str) -> Record:
    """Return the record of a log that skips the question for that reason, the last of several."""

    def skips(record: Record) -> bool:
        body = record.event.body
        return isinstance(body, QuestionSkipped) and (body.question, body.reason) == (
            question,
            reason,
        )

    return max(filter(skips, log))


def _point(skip: Record, question: str, reason: str) -> Record:
    """Return the event that keeps `reason` as a parked point at the question."""
    text = f"{_REASON}{reason}"
    body = PointParked(
        text=text if len(text) <= MAX_CHARACTERS else reason,
        question=question,
        participant=clean_line(skip.actor)[:MAX_NAME].strip(),
    )
    return _beside(skip, body, reason)


def _beside(record: Record, body: AnyBody, words: str) -> Record:
    """Return a record for `body`, which keeps `words` that came with another `record`."""
    return Record(
        counter=record.counter,
        actor=record.actor,
        id=derived_id(record.id, words),
        at=record.at,
        kind=kind_of(body),
        body=write_body(body),
    )
