"""Uniting the files of two copies of one session that went separate ways."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from workshop.errors import BadFileError, WorkshopError
from workshop.session.merge import Union, unite
from workshop.session.record import Record
from workshop.session.state import Answer, Fold, SessionState
from workshop.store.beside import beside
from workshop.store.create import fill
from workshop.store.private_copy import private_copy
from workshop.store.session_file import SESSION_COLUMNS, Draft, SessionFile

_SELECT = f"SELECT {', '.join(SESSION_COLUMNS)} FROM session"  # noqa: S608 - our names


@dataclass(frozen=True, slots=True)
class Reworded:
    """An answer that was changed in both copies, one way here and another way there."""

    counts: Answer | None
    """The answer as it is now; None where one of the copies took it away."""
    kept: Answer
    """The answer that keeps the other wording."""


@dataclass(frozen=True, slots=True)
class Merged:
    """What came of uniting two copies."""

    events: int
    answers: int
    reworded: tuple[Reworded, ...]
    renumbered: bool
    """Whether an answer has another number now than in one of the copies."""
    drafts_left_out: tuple[Draft, ...]
    """Half-typed texts in place of which a later one of the other copy was kept."""


@dataclass(frozen=True, slots=True)
class _Copy:
    path: Path
    row: dict[str, object]
    log: tuple[Record, ...]
    drafts: tuple[Draft, ...]


def merge(one: Path, other: Path, target: Path) -> Merged:
    """Unite the session files at `one` and `other` in a new file, `target`.

    The two stay as they are, and so does a file at `target`. Raises NotFoundError, CannotReadError,
    CannotWriteError, and BadFileError where one of them is damaged or they are not copies of one
    session.
    """
    here, there = _read(one), _read(other)
    _check_same_session(here, there)
    union = unite(here.log, there.log)
    drafts, left_out = _united_drafts((*here.drafts, *there.drafts))
    with beside(target) as unfinished:
        fill(unfinished, here.row, union.records)
        with SessionFile.open(unfinished) as file:
            state = Fold(file.events()).state
            for draft in drafts:
                file.save_draft(draft)
    return Merged(
        events=len(union.records),
        answers=len(state.answers),
        reworded=_reworded(union, state),
        renumbered=any(_is_renumbered(copy, state) for copy in (here, there)),
        drafts_left_out=left_out,
    )


def _read(path: Path) -> _Copy:
    with private_copy(path) as copy:
        try:
            with SessionFile.open(copy) as file:
                log, drafts = file.records(), file.drafts()
                (values,) = file.select(_SELECT)
        except WorkshopError as error:
            raise type(error)(error.message.replace(str(copy), str(path)), error.hint) from error
    row = dict(zip(map(str, SESSION_COLUMNS), values, strict=True))
    return _Copy(path, row, tuple(log), tuple(drafts))


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


def _reworded(union: Union, state: SessionState) -> tuple[Reworded, ...]:
    return tuple(
        Reworded(state.answers.get(parted.answer), state.answers[parted.kept])
        for parted in union.parted
        if parted.kept in state.answers  # somebody may have taken it away after an earlier merge
    )


def _is_renumbered(copy: _Copy, state: SessionState) -> bool:
    before = Fold(record.event for record in copy.log).state.answers
    after = state.answers
    return any(a.number != after[i].number for i, a in before.items() if i in after)
