"""Merges the files of two copies of one session that were continued separately."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from workshop.errors import BadFileError, WorkshopError, replace_path
from workshop.files.atomic import atomic_write
from workshop.session.event_log import EventLog
from workshop.session.fold import Answer, ParkedPoint, SessionState
from workshop.session.merge import MergedLog, merge_logs, related_wordings
from workshop.session.record import Record
from workshop.session.session import Session
from workshop.session.shown import shown_session
from workshop.storage.draft import Draft
from workshop.storage.sqlite.create import write_session_file
from workshop.storage.sqlite.event_store import SqliteEventStore
from workshop.storage.sqlite.session_row import SESSION_COLUMNS
from workshop.storage.sqlite.snapshot import snapshot


@dataclass(frozen=True, slots=True)
class RewordedAnswer:
    """An answer that was changed in both copies, to different wordings."""

    current: Answer | None
    """The answer as it is now; None if one of the copies removed it."""
    retained: Answer
    """The additional answer that retains the other wording."""
    wordings: tuple[Answer, ...]
    """All present wordings of that answer, by number; earlier merges may have retained some."""


@dataclass(frozen=True, slots=True)
class SkipReason:
    """One copy's reason to skip a question that the other answers or skips for another reason."""

    question: str
    """Text of the question."""
    current: str
    """The reason for which the question is skipped now, or an empty string."""
    point: ParkedPoint
    """The parked point that retains the reason."""


@dataclass(frozen=True, slots=True)
class OverruledName:
    """A title or a model's name that one copy gave, and that another name has replaced."""

    name: str
    current: str
    """The name that counts now."""


@dataclass(frozen=True, slots=True)
class MergeResult:
    """The result of merging two copies."""

    events: int
    answers: int
    reworded: tuple[RewordedAnswer, ...]
    reasons: tuple[SkipReason, ...]
    removed_with_votes: tuple[Answer, ...]
    """Answers that one copy removed and the other gave dots, with the number of those dots."""
    overruled_names: tuple[OverruledName, ...]
    renumbered: bool
    """Whether the number of an answer differs from its number in one of the copies."""
    superseded_drafts: tuple[Draft, ...]
    """Drafts that a later draft of the other copy replaced."""


@dataclass(frozen=True, slots=True)
class _Copy:
    """The content of one of the two files."""

    path: Path
    row: Mapping[str, object]
    log: tuple[Record, ...]
    drafts: tuple[Draft, ...]


def merge(first_path: Path, second_path: Path, target: Path) -> MergeResult:
    """Merge the session files at `first_path` and `second_path` into a new file, `target`.

    The two files do not change, nor does an existing file at `target`. Raises NotFoundError,
    CannotReadError, CannotWriteError, and BadFileError if one of them is damaged or they are not
    copies of one session.
    """
    first, second = _read(first_path), _read(second_path)
    _check_same_session(first, second)
    merged_log = _merge_logs(first.log, second.log)
    drafts, superseded = _merge_drafts((*first.drafts, *second.drafts))
    with atomic_write(target) as temporary:
        write_session_file(temporary, first.row, merged_log.records, drafts)
        with SqliteEventStore.open(temporary) as file:
            session, state = file.session(), EventLog(file.events()).state
    common_ids = {record.id for record in first.log} & {record.id for record in second.log}
    common = _state(record for record in first.log if record.id in common_ids)
    previous = [_state(copy.log) for copy in (first, second)]
    return MergeResult(
        events=len(merged_log.records),
        answers=len(state.answers),
        reworded=_reworded(merged_log, state),
        reasons=tuple(_skip_reasons(merged_log, state, session)),
        removed_with_votes=tuple(_removed_with_votes(common, previous, state)),
        overruled_names=tuple(_overruled_names(common, previous, state, session)),
        renumbered=any(_is_renumbered(before, state) for before in previous),
        superseded_drafts=superseded,
    )


def _merge_logs(first: Iterable[Record], second: Iterable[Record]) -> MergedLog:
    try:
        return merge_logs(first, second)
    except BadFileError as error:
        hint = "'workshop verify' says what is wrong with a file."
        raise BadFileError(error.message, hint) from error


def _read(path: Path) -> _Copy:
    with snapshot(path) as copy:
        try:
            with SqliteEventStore.open(copy) as file:
                log, drafts = file.load().records, tuple(file.drafts())
                return _Copy(path, file.row, log, drafts)
        except WorkshopError as error:
            raise replace_path(error, copy, path) from error


def _check_same_session(first: _Copy, second: _Copy) -> None:
    if first.row["id"] != second.row["id"]:
        raise BadFileError(
            f"{first.path} and {second.path} are two sessions, not two copies of one, so they were "
            "not merged."
        )
    different = [name for name in SESSION_COLUMNS if first.row[name] != second.row[name]]
    if different:
        raise BadFileError(
            f"{first.path} and {second.path} have one id and yet differ in what never changes "
            f"({', '.join(different)}), so they were not merged."
        )


def _merge_drafts(drafts: Iterable[Draft]) -> tuple[list[Draft], tuple[Draft, ...]]:
    """Return the latest draft of each participant at a seat and a question, and those replaced."""
    latest: dict[tuple[str, str, str], Draft] = {}
    superseded: list[Draft] = []
    for draft in sorted(drafts, key=lambda d: (d.at, d.text, d.answer)):
        place = (draft.seat, draft.participant, draft.question)
        before = latest.pop(place, None)
        if before is not None and before.text != draft.text:
            superseded.append(before)
        latest[place] = draft
    return list(latest.values()), tuple(superseded)


def _reworded(merged_log: MergedLog, state: SessionState) -> tuple[RewordedAnswer, ...]:
    wordings = related_wordings(merged_log)
    return tuple(
        RewordedAnswer(
            state.answers.get(wording.answer_id),
            state.answers[wording.added_id],
            tuple(a for a in state.answers.values() if a.id in wordings[wording.added_id]),
        )
        for wording in merged_log.conflicting_wordings
        if wording.added_id in state.answers  # it may have been removed after an earlier merge
    )


def _skip_reasons(
    merged_log: MergedLog, state: SessionState, session: Session
) -> Iterator[SkipReason]:
    points = {point.id: point for point in state.parked}
    for reason in merged_log.conflicting_reasons:
        point, address = points.get(reason.point_id), reason.question
        if point is not None:  # in a file that was rescued in part, an undo may have removed it
            question = (
                session.question(address).ask if address in session.step_by_address else address
            )
            yield SkipReason(question, state.skipped.get(address, ""), point)


def _state(log: Iterable[Record]) -> SessionState:
    return EventLog(record.event for record in log).state


def _removed_with_votes(
    common: SessionState, previous: Iterable[SessionState], state: SessionState
) -> Iterator[Answer]:
    """Yield each removed answer that one copy gave dots, with the number of those dots.

    `common` is the state when the copies parted, and `previous` has that of each copy.
    """
    for before in previous:
        for answer in before.answers.values():
            original = common.answers.get(answer.id)
            common_votes = original.votes if original else 0
            if answer.id not in state.answers and answer.votes > common_votes:
                yield answer._replace(votes=answer.votes - common_votes)


def _overruled_names(
    common: SessionState, previous: Iterable[SessionState], state: SessionState, session: Session
) -> Iterator[OverruledName]:
    """Yield each title and each model's name that a copy gave and that does not count now."""
    original, current = _names(session, common), _names(session, state)
    for copy in previous:
        for name, old, new in zip(_names(session, copy), original, current, strict=True):
            if name not in (old, new):
                yield OverruledName(name, new)


def _names(session: Session, state: SessionState) -> list[str]:
    """Return the title of the session and the names of its models, in the order of the bank."""
    shown = shown_session(session, state)
    return [shown.title, *(shown.level_name(level.id) for level in session.bank.levels)]


def _is_renumbered(before: SessionState, state: SessionState) -> bool:
    after = state.answers
    return any(a.number != after[i].number for i, a in before.answers.items() if i in after)
