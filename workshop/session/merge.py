"""Merging the logs of two copies of one session that were continued apart.

Theory of operation. The merged log is the union of both logs by event id, in the order of (counter,
actor, id). A counter is larger than that of every event its writer had seen, so no event comes
before one that it builds on, and clocks play no part.

The union alone would hide words. Of two new wordings of one answer, the fold keeps the last; an
answer that one copy removed is gone even if the other copy reworded it; and of two reasons to skip
a question the fold keeps the last, or none if the other copy answered the question. Therefore a
wording that the fold does not show becomes an answer of its own and such a reason becomes a parked
point, and people decide. These added events, ids included, are derived from the answer and the
wording (or the skip and its reason) alone, so they are the same wherever and however often copies
are merged.

Merging is therefore commutative and idempotent, and no new words are hidden in whatever order
several copies are merged. Some words may appear twice, depending on that order, because only the
two logs at hand can show which words would be hidden. That happens where two people independently
reword an answer alike (or give the same reason), and where one person brings back what others
removed and changed.

The order can also matter to logs that no front end writes: to one that changes or removes what does
not exist, or undoes a change before the last. Two copies that each undo another change of one
answer can merge to words that neither of them shows. The order then decides whether a third copy's
new wording hides those words or stands beside them.
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

_REASON_PREFIX = "Reason to skip this question: "
_MAX_CANDIDATES = 30
"""The most answers with the same envelope that are searched for related wordings, pair by pair."""


@dataclass(frozen=True, slots=True)
class ConflictingWording:
    """An answer that was changed differently in the two copies."""

    answer_id: str
    added_id: str
    """The id of the answer that was added for the wording that the fold does not show."""


@dataclass(frozen=True, slots=True)
class ConflictingReason:
    """A question that was skipped in one copy, for a reason that the fold does not show."""

    question: str
    """The question's address."""
    point_id: str
    """The id of the parked point that was added for the reason."""


@dataclass(frozen=True, slots=True)
class MergedLog:
    """The union of two logs, and what was added to it so that no words are hidden."""

    records: tuple[Record, ...]
    conflicting_wordings: tuple[ConflictingWording, ...]
    conflicting_reasons: tuple[ConflictingReason, ...] = ()


def merge_logs(first_log: Iterable[Record], second_log: Iterable[Record]) -> MergedLog:
    """Return the union of two logs; their order makes no difference.

    Raises BadFileError if the logs have different events with the same id.
    """
    first, second = ({record.id: record for record in log} for log in (first_log, second_log))
    common_ids = first.keys() & second.keys()
    _check_common_events(first, second, common_ids)
    union = first | second
    common = [first[event_id] for event_id in common_ids]
    before, after = _state(common), _state(union.values())
    ever_answered = _state(_without_removals(common)).answers
    copies = [(log, _state(log.values())) for log in (first, second)]
    wordings: dict[str, ConflictingWording] = {}
    for _, copy in copies:
        for answer, text in _hidden_wordings(
            before.answers, ever_answered, copy.answers, after.answers
        ):
            added = _added_answer(union[answer.id], answer, text)
            union[added.id] = added
            wordings[added.id] = ConflictingWording(answer.id, added.id)
    if wordings:  # an added answer may end the skipping of its question
        after = _state(union.values())
    reasons: dict[str, ConflictingReason] = {}
    for log, copy in copies:
        for question, reason in _hidden_reasons(before, copy, after):
            point = _added_point(_last_skip(log.values(), question, reason), question, reason)
            if point.id not in union:
                union[point.id] = point
                reasons[point.id] = ConflictingReason(question, point.id)
    return MergedLog(
        tuple(sorted(union.values())),
        tuple(wordings[added_id] for added_id in sorted(wordings)),
        tuple(reasons[point_id] for point_id in sorted(reasons)),
    )


def _check_common_events(
    first: Mapping[str, Record], second: Mapping[str, Record], common_ids: Iterable[str]
) -> None:
    for event_id in sorted(common_ids):
        if first[event_id] != second[event_id]:
            raise BadFileError(
                "The two copies disagree about what happened in event "
                f"{first[event_id].counter} ({clean_line(event_id[:32])}), so one of them was "
                "changed: nothing was merged."
            )


def derived_id(record_id: str, text: str) -> str:
    """Return the id of the event that a merge adds for `text`, which came with that record."""
    return hashlib.sha256(f"{record_id} {text}".encode()).hexdigest()[:32]


def related_wordings(merged: MergedLog) -> dict[str, frozenset[str]]:
    """Return, by the id of each answer that this merge added, the ids of all its wordings.

    The wordings include the original answer and the answers that earlier merges added for it.
    """
    original_of = {wording.added_id: wording.answer_id for wording in merged.conflicting_wordings}
    # An added answer differs from its original in the id and the text only.
    envelopes = {(r.counter, r.actor, r.at) for r in merged.records if r.id in original_of}
    candidates: dict[tuple[int, str, str], list[tuple[str, str]]] = {}
    for record in merged.records:
        envelope = (record.counter, record.actor, record.at)
        body = record.event.body if envelope in envelopes else None
        if isinstance(body, AnswerAdded):
            candidates.setdefault(envelope, []).append((record.id, body.text))
    ever_original_of = dict(original_of)
    for answers in candidates.values():
        if len(answers) <= _MAX_CANDIDATES:
            ever_original_of |= {
                added_id: answer_id
                for answer_id, _ in answers
                for added_id, text in answers
                if derived_id(answer_id, text) == added_id
            }
    families: dict[str, set[str]] = {}
    for answer_id in {*ever_original_of, *ever_original_of.values()}:
        families.setdefault(_original(answer_id, ever_original_of), set()).add(answer_id)
    return {
        added_id: frozenset(families[_original(added_id, ever_original_of)])
        for added_id in original_of
    }


def _original(answer_id: str, original_of: Mapping[str, str]) -> str:
    """Return the id of the answer that the given one is, in the end, a wording of."""
    while answer_id in original_of:
        answer_id = original_of[answer_id]
    return answer_id


def _state(log: Iterable[Record]) -> SessionState:
    return EventLog(record.event for record in sorted(log)).state


def _without_removals(log: Iterable[Record]) -> Iterator[Record]:
    """Yield the events of a log except those that removed an answer or undid its adding."""
    answer_ids: set[str] = set()
    for record in sorted(log):
        body = record.event.body
        if isinstance(body, AnswerAdded):
            answer_ids.add(record.id)
        if not isinstance(body, AnswerRemoved | Undone) or (
            isinstance(body, Undone) and body.event not in answer_ids
        ):
            yield record


def _hidden_wordings(
    before: Mapping[str, Answer],
    ever_answered: Mapping[str, Answer],
    copy: Mapping[str, Answer],
    after: Mapping[str, Answer],
) -> Iterator[tuple[Answer, str]]:
    """Yield each answer whose new text in `copy` the union does not show, with that text.

    `before` has the answers when the copies parted, and `after` those of the union.
    `ever_answered` also has those removed by then, because a copy may bring one back.
    """
    for answer_id, original in ever_answered.items():
        in_copy, in_union = copy.get(answer_id), after.get(answer_id)
        if in_copy is None:
            continue
        brought_back = answer_id not in before and in_union is None
        reworded = in_copy.text != original.text and (
            in_union is None or in_union.text != in_copy.text
        )
        if brought_back or reworded:
            yield original, in_copy.text


def _added_answer(source: Record, answer: Answer, text: str) -> Record:
    """Return the event that adds `text` as an answer beside `answer`, which `source` added."""
    body = AnswerAdded(question=answer.question, text=text, participant=answer.participant)
    return _added_record(source, body, text)


def _hidden_reasons(
    before: SessionState, copy: SessionState, after: SessionState
) -> Iterator[tuple[str, str]]:
    """Yield each question that `copy` skips for a new reason not shown in the union, with it."""
    for question, reason in copy.skipped.items():
        if reason and reason not in (before.skipped.get(question), after.skipped.get(question)):
            yield question, reason


def _last_skip(log: Iterable[Record], question: str, reason: str) -> Record:
    """Return the last record of a log that skips the question for that reason."""

    def skips(record: Record) -> bool:
        body = record.event.body
        return isinstance(body, QuestionSkipped) and (body.question, body.reason) == (
            question,
            reason,
        )

    return max(filter(skips, log))


def _added_point(skip: Record, question: str, reason: str) -> Record:
    """Return the event that adds `reason`, given by `skip`, as a parked point at the question."""
    text = f"{_REASON_PREFIX}{reason}"
    body = PointParked(
        text=text if len(text) <= MAX_CHARACTERS else reason,
        question=question,
        participant=clean_line(skip.actor)[:MAX_NAME].strip(),
    )
    return _added_record(skip, body, reason)


def _added_record(source: Record, body: AnyBody, text: str) -> Record:
    """Return a record of `body`, with the envelope of `source` and an id derived from `text`.

    It has no batch: a person who undoes the batch of `source` did not add it.
    """
    return Record(
        counter=source.counter,
        actor=source.actor,
        id=derived_id(source.id, text),
        at=source.at,
        kind=kind_of(body),
        body=write_body(body),
        seat=source.seat,
    )
