"""Uniting the files of two copies of one session that went separate ways."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from workshop.errors import BadFileError, WorkshopError, replace_path
from workshop.files.atomic import atomic_write
from workshop.session.event_log import EventLog
from workshop.session.fold import Answer, ParkedPoint, SessionState
from workshop.session.merge import MergedLog, merge_logs, related_wordings
from workshop.session.record import Record
from workshop.session.session import Session
from workshop.storage.sqlite.create import write_session_file
from workshop.storage.sqlite.session_file import Draft, SessionFile
from workshop.storage.sqlite.session_row import SELECT_SESSION, SESSION_COLUMNS
from workshop.storage.sqlite.snapshot import snapshot


@dataclass(frozen=True, slots=True)
class RewordedAnswer:
    """An answer that was changed in both copies, one way here and another way there."""

    current: Answer | None
    """The answer as it is now; None where one of the copies took it away."""
    retained: Answer
    """The answer that keeps the other wording."""
    wordings: tuple[Answer, ...]
    """All wordings of that answer that there are now, by number: earlier merges kept some, too."""


@dataclass(frozen=True, slots=True)
class SkipReason:
    """A reason to skip a question in one copy, which the other answers or skips for another."""

    question: str
    """The question."""
    current: str
    """The reason that the question is skipped for now, or nothing."""
    point: ParkedPoint
    """The parked point that keeps the reason."""


@dataclass(frozen=True, slots=True)
class MergeResult:
    """What came of uniting two copies."""

    events: int
    answers: int
    reworded: tuple[RewordedAnswer, ...]
    reasons: tuple[SkipReason, ...]
    removed_with_votes: tuple[Answer, ...]
    """Answers that one copy took away and the other gave dots: with those, as they were there."""
    renumbered: bool
    """Whether an answer has another number now than in one of the copies."""
    superseded_drafts: tuple[Draft, ...]
    """Half-typed texts in place of which a later one of the other copy was kept."""


@dataclass(frozen=True, slots=True)
class _Copy:
    path: Path
    row: dict[str, object]
    log: tuple[Record, ...]
    drafts: tuple[Draft, ...]


def merge(one: Path, other: Path, target: Path) -> MergeResult:
    """Unite the session files at `one` and `other` in a new file, `target`.

    The two stay as they are, and so does a file at `target`. Raises NotFoundError, CannotReadError,
    CannotWriteError, and BadFileError where one of them is damaged or they are not copies of one
    session.
    """
    here, there = _read(one), _read(other)
    _check_same_session(here, there)
    union = _merge_logs(here.log, there.log)
    drafts, left_out = _united_drafts((*here.drafts, *there.drafts))
    with atomic_write(target) as unfinished:
        write_session_file(unfinished, here.row, union.records)
        with SessionFile.open(unfinished) as file:
            session, state = file.session(), EventLog(file.events()).state
            for draft in drafts:
                file.save_draft(draft)
    befores = [EventLog(record.event for record in copy.log).state for copy in (here, there)]
    return MergeResult(
        events=len(union.records),
        answers=len(state.answers),
        reworded=_reworded(union, state),
        reasons=tuple(_reasons(union, state, session)),
        removed_with_votes=tuple(_unvoted(befores, here, there, state)),
        renumbered=any(_is_renumbered(before, state) for before in befores),
        superseded_drafts=left_out,
    )


def _read(path: Path) -> _Copy:
    with snapshot(path) as copy:
        try:
            with SessionFile.open(copy) as file:
                log, drafts = file.records(), file.drafts()
                (values,) = file.select(SELECT_SESSION)
        except WorkshopError as error:
            raise replace_path(error, copy, path) from error
    row = dict(zip(map(str, SESSION_COLUMNS), values, strict=True))
    return _Copy(path, row, tuple(log), tuple(drafts))


def _merge_logs(first_log: Iterable[Record], second_log: Iterable[Record]) -> MergedLog:
    try:
        return merge_logs(first_log, second_log)
    except BadFileError as error:
        hint = "'workshop verify' says what is wrong with a file."
        raise BadFileError(error.message, hint) from error


def _check_same_session(one: _Copy, other: _Copy) -> None:
    if one.row["id"] != other.row["id"]:
        raise BadFileError(
            f"{one.path} and {other.path} are two sessions, not two copies of one, so they were "
            "not merged."
        )
    different = [name for name in SESSION_COLUMNS if one.row[name] != other.row[name]]
    if different:
        raise BadFileError(
            f"{one.path} and {other.path} have one id and yet differ in what never changes "
            f"({', '.join(different)}), so they were not merged."
        )


def _united_drafts(drafts: Iterable[Draft]) -> tuple[list[Draft], tuple[Draft, ...]]:
    """Return one draft for each participant and question, the latest, and those it replaced."""
    latest: dict[tuple[str, str], Draft] = {}
    left_out: list[Draft] = []
    for draft in sorted(drafts, key=lambda d: (d.at, d.text, d.answer)):
        before = latest.pop((draft.participant, draft.question), None)
        if before is not None and before.text != draft.text:
            left_out.append(before)
        latest[draft.participant, draft.question] = draft
    return list(latest.values()), tuple(left_out)


def _reworded(union: MergedLog, state: SessionState) -> tuple[RewordedAnswer, ...]:
    wordings = related_wordings(union)
    return tuple(
        RewordedAnswer(
            state.answers.get(wording.answer_id),
            state.answers[wording.added_id],
            tuple(a for a in state.answers.values() if a.id in wordings[wording.added_id]),
        )
        for wording in union.conflicting_wordings
        if wording.added_id in state.answers  # it may have been removed after an earlier merge
    )


def _reasons(union: MergedLog, state: SessionState, session: Session) -> Iterator[SkipReason]:
    points = {point.id: point for point in state.parked}
    for reason in union.conflicting_reasons:
        point, asked = points.get(reason.point_id), reason.question
        if point is not None:  # a file of which only a part was rescued may take it back
            ask = session.question(asked).ask if asked in session.step_by_address else asked
            yield SkipReason(ask, state.skipped.get(asked, ""), point)


def _unvoted(
    befores: Iterable[SessionState], here: _Copy, there: _Copy, state: SessionState
) -> Iterator[Answer]:
    """Yield what is gone with the dots of one copy, with as many dots as that one gave."""
    both = {record.id for record in here.log} & {record.id for record in there.log}
    shared = EventLog(record.event for record in here.log if record.id in both).state.answers
    for before in befores:
        for answer in before.answers.values():
            had = shared[answer.id].dots if answer.id in shared else 0
            if answer.id not in state.answers and answer.dots > had:
                yield answer._replace(dots=answer.dots - had)


def _is_renumbered(before: SessionState, state: SessionState) -> bool:
    after = state.answers
    return any(a.number != after[i].number for i, a in before.answers.items() if i in after)
