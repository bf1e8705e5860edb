"""Checking whether a session file is sound and, if it is not, which of its events are."""

import sqlite3
import time
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from workshop.errors import BadFileError, replace_path
from workshop.session import hash_chain
from workshop.session.event_log import EventLog
from workshop.session.record import Record
from workshop.session.session import Session
from workshop.storage.draft import Draft
from workshop.storage.integrity.chain_verification import HashedEvent
from workshop.storage.integrity.row_rescue import (
    Columns,
    RescuedRows,
    rescue_rows,
    sound_rows,
)
from workshop.storage.integrity.unapplied_events import describe_unapplied
from workshop.storage.sqlite import migrations, schema
from workshop.storage.sqlite.answer_table import answer_difference
from workshop.storage.sqlite.draft_table import read_drafts
from workshop.storage.sqlite.error_messages import (
    MALFORMED_DATABASE,
    TOO_MANY_EVENTS,
    DamagedError,
    damage_reason,
)
from workshop.storage.sqlite.event_store import SqliteEventStore
from workshop.storage.sqlite.event_table import select_events
from workshop.storage.sqlite.header import NewerVersionError, check_header
from workshop.storage.sqlite.session_row import SELECT_SESSION
from workshop.storage.sqlite.snapshot import snapshot
from workshop.text import clean_line, shorten

_MAX_DRAFTS = 1_000
_SQLITE_TIMEOUT = 60.0
"""How long SQLite may work on a file, in seconds: fifty times as long as a long session takes."""
_STEPS_PER_CLOCK_CHECK = 100_000
"""The number of SQLite's steps after which the clock is checked."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """The result of checking a file."""

    path: Path
    damage: tuple[str, ...]
    """What is wrong, one clause each; empty for a sound file."""
    events: int
    """The number of events; in a damaged file, of those that can be recognised."""
    answers: int
    """The number of answers that the sound events add up to."""
    sound: tuple[int, ...]
    """The numbers of the events that are as they were written."""
    unsound: tuple[int, ...]
    """The numbers of the other events, as far as they can be recognised."""
    warnings: tuple[str, ...]
    """What is no damage but worth knowing, one sentence each."""

    @property
    def is_sound(self) -> bool:
        """Whether nothing is wrong with the file."""
        return not self.damage


def verify(path: Path) -> Verdict:
    """Check the session file at `path`, from its header to the fold, without changing it.

    Raises NotFoundError; CannotReadError; and BadFileError if the file is not a session, or was
    written by a newer version.
    """
    with snapshot(path) as copy:
        diagnosis = diagnose(copy)
        error = diagnosis.error
        if isinstance(error, NewerVersionError) or (error and not diagnosis.rows.log):
            raise replace_path(error, copy, path) from error
    rows = diagnosis.rows
    event_log = EventLog(event.record.event for event in rows.log)
    return Verdict(
        path=path,
        damage=diagnosis.damage,
        events=len(rows.log) + len(rows.unverified),
        answers=len(event_log.state.answers),
        sound=tuple(event.display_number for event in rows.log),
        unsound=tuple(sorted(event.display_number for event in rows.unverified)),
        warnings=() if diagnosis.damage else describe_unapplied(rows.log, event_log),
    )


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What is wrong with a file, and what is sound in it: what `verify` says and `rescue` saves."""

    damage: tuple[str, ...]
    """What is wrong, one clause each; empty for a sound file."""
    error: BadFileError | None
    """The error of opening the file as a session, or None."""
    rows: RescuedRows
    """The rows of the session and of its events."""
    drafts: list[Draft] | None
    """The drafts, or None if they are unreadable."""


def diagnose(copy: Path, banks: Iterable[str] = (), *, repair: bool = False) -> Diagnosis:
    """Return what is wrong with the snapshot `copy` of a session file, and what is sound in it.

    The rows of a sound file are those that SQLite reads; in a damaged one, they are looked for in
    the bytes, too. See `rescue_rows` for `banks` and `repair`.
    """
    damage: list[str] = []
    error: BadFileError | None = None
    sessions: list[Columns] = []
    events: list[HashedEvent] = []
    drafts = _read_drafts(copy)  # also makes SQLite undo a write that was cut short
    try:
        check_header(copy)
        sessions, events = _check_content(copy, damage)
    except BadFileError as raised:
        error = raised
        damage.append(_as_clause(error, copy))
    rows = (
        rescue_rows(copy.read_bytes(), banks, events, repair=repair)
        if damage
        else sound_rows(sessions[0], events)
    )
    return Diagnosis(tuple(damage), error, rows, drafts)


def _read_drafts(copy: Path) -> list[Draft] | None:
    """Return the drafts, or None if they are unreadable."""
    with closing(schema.connect(copy)) as connection:
        try:
            schema.harden_connection(connection)
            version, definitions = schema.read_schema(connection)
            if definitions != migrations.SCHEMAS.get(version):
                return None
            drafts, _ = read_drafts(connection, version)
        except sqlite3.Error:
            return None
        return drafts[-_MAX_DRAFTS:]


def _check_content(copy: Path, damage: list[str]) -> tuple[list[Columns], list[HashedEvent]]:
    """Check the database, its schema, the session's row, the drafts, the chain and the answers.

    Adds what is wrong to `damage`. Returns the session's row and the events, as far as SQLite can
    read them.
    """
    sessions: list[Columns] = []
    events: list[HashedEvent] = []
    with closing(schema.connect(copy)) as connection:
        schema.harden_connection(connection)
        undecodable: list[bytes] = []
        connection.text_factory = partial(_decode, undecodable=undecodable)
        deadline = time.monotonic() + _SQLITE_TIMEOUT
        connection.set_progress_handler(lambda: time.monotonic() > deadline, _STEPS_PER_CLOCK_CHECK)
        try:
            version, definitions = schema.read_schema(connection)
            if definitions != migrations.SCHEMAS.get(version):
                # Its tables are not queried: a forged view may take for ever to answer.
                damage.append("it defines other tables than a session does")
                return sessions, events
            checks = connection.execute("PRAGMA integrity_check(5)").fetchall()
            if checks != [("ok",)]:
                message = clean_line(str(checks[0][0]).removeprefix("*** in database main ***"))
                damage.append(f"SQLite's check fails ({shorten(message, 80)})")
            session = _check_session(copy, connection, damage)
            _check_drafts(connection, version, damage)
            sessions = connection.execute(f"{SELECT_SESSION} LIMIT 2").fetchall()
            events = _read_events(connection, version)
            if len(events) > schema.MAX_EVENTS:
                damage.append(TOO_MANY_EVENTS)
                events.clear()
            if not damage:
                _check_chain(events, hash_chain.first_hash(sessions[0]), damage)
            if session and not damage and version >= schema.FIRST_VERSION_WITH_SEATS:
                _check_answers(connection, session, events, damage)
            if undecodable and not damage:  # the change also computed the hashes anew
                damage.append("text in it is not UTF-8")
        except sqlite3.Error as error:
            reason = damage_reason(error)
            if reason == MALFORMED_DATABASE:
                reason += f" ({shorten(clean_line(str(error)), 80)})"
            damage[:] = dict.fromkeys([*damage, reason])
    return sessions, events


def _decode(raw: bytes, undecodable: list[bytes]) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError:
        undecodable.append(raw)
        return raw.decode(errors="replace")


def _check_session(copy: Path, connection: sqlite3.Connection, damage: list[str]) -> Session | None:
    try:
        return SqliteEventStore(copy, connection).session()
    except BadFileError as error:
        damage.append(_as_clause(error, copy))
        return None


def _read_events(connection: sqlite3.Connection, version: int) -> list[HashedEvent]:
    events: list[HashedEvent] = []
    for row in select_events(connection, version):
        seq, stored_hash, counter, event_id, at, actor, *others = row
        # A column of another type than Workshop writes was changed: no hash confirms it.
        texts = (actor, event_id, at, *others)
        record = Record(counter if isinstance(counter, int) else 0, *map(str, texts))
        types_fit = all(isinstance(text, str) for text in texts) and isinstance(seq, int)
        stored_hash = stored_hash if types_fit and isinstance(stored_hash, bytes) else b""
        events.append(HashedEvent(record, stored_hash, seq if isinstance(seq, int) else None))
    return events


def _check_drafts(connection: sqlite3.Connection, version: int, damage: list[str]) -> None:
    _, all_text = read_drafts(connection, version)
    if not all_text:
        damage.append("half-typed text in it is no text")


def _check_answers(
    connection: sqlite3.Connection,
    session: Session,
    events: Sequence[HashedEvent],
    damage: list[str],
) -> None:
    state = EventLog(event.record.event for event in events).state
    if any(answer_difference(connection, session, state)):
        damage.append("its table of answers is not what its log adds up to")


def _check_chain(events: Sequence[HashedEvent], first_hash: bytes, damage: list[str]) -> None:
    """Add the first break of the hash chain, which begins at the session's row, to `damage`."""
    previous_hash = first_hash
    for number, event in enumerate(events, 1):
        if event.number != number:
            damage.append(f"event {number} of {len(events)} is not where it should be")
            return
        if not event.continues(previous_hash):
            damage.append(f"the record of event {number} of {len(events)} was changed")
            return
        previous_hash = event.stored_hash


def _as_clause(error: BadFileError, copy: Path) -> str:
    """Return the message of an error as a clause about "it"."""
    if isinstance(error, DamagedError):
        return error.reason
    return replace_path(error, copy, "it").message.rstrip(".")
