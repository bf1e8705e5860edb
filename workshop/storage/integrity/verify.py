"""Whether a session file is sound, and which of its events are, where it is not."""

import sqlite3
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from workshop.errors import BadFileError, replace_path
from workshop.session import hash_chain
from workshop.session.event_log import EventLog
from workshop.session.record import Record
from workshop.storage.integrity import page_scanner
from workshop.storage.integrity.chain_verification import HashedEvent, verify_chain
from workshop.storage.integrity.page_scanner import Pages
from workshop.storage.integrity.row_rescue import event_in_row
from workshop.storage.integrity.unapplied_events import describe_unapplied
from workshop.storage.sqlite import migrations, schema
from workshop.storage.sqlite.error_messages import (
    MALFORMED_DATABASE,
    TOO_MANY_EVENTS,
    DamagedError,
    damage_reason,
)
from workshop.storage.sqlite.header import NewerError, check_header
from workshop.storage.sqlite.session_file import EVENT_COLUMNS, SessionFile
from workshop.storage.sqlite.session_row import SESSION_COLUMNS
from workshop.storage.sqlite.snapshot import snapshot
from workshop.text import clean_line, shorten

_PATIENCE = 60.0
"""How long SQLite may work on a file, in seconds: fifty times what a long session takes."""
_INSTRUCTIONS = 100_000
"""After how many of SQLite's steps to look at the clock."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of the checks on a file."""

    path: Path
    damage: tuple[str, ...]
    """What is wrong, a clause each; nothing, in a file that is sound."""
    events: int
    """How many events there are: of a damaged file, as many as can be told."""
    answers: int
    """How many answers the sound events add up to."""
    sound: tuple[int, ...]
    """The numbers of the events that are as they were written."""
    unsound: tuple[int, ...]
    """The numbers of the others, as far as they can be told."""
    warnings: tuple[str, ...]
    """What is no damage and yet worth saying, a sentence each."""

    @property
    def is_sound(self) -> bool:
        """Whether nothing is wrong with the file."""
        return not self.damage


def verify(path: Path) -> Verdict:
    """Check the session file at `path` from its header to the fold; leave it as it is.

    Raises NotFoundError or CannotReadError, and BadFileError for a file that is no session, or one
    of a newer version.
    """
    with snapshot(path) as copy:
        damage: list[str] = []
        try:
            check_header(copy)
            events, first_hashes = _look_into(copy, damage)
        except NewerError as error:
            raise replace_path(error, copy, path) from error
        except BadFileError as error:
            damage.append(_clause(error, copy))
            events, first_hashes = _carved(copy)
            if not verify_chain(events, first_hashes).sound:
                raise replace_path(error, copy, path) from error
    return _verdict(path, events, first_hashes, damage)


def _verdict(
    path: Path, events: Sequence[HashedEvent], first_hashes: Sequence[bytes], damage: Sequence[str]
) -> Verdict:
    sound = verify_chain(events, first_hashes).sound if damage else events
    event_log = EventLog(sealed.record.event for sealed in sound)
    numbers = {sealed.record.id: sealed.display_number for sealed in sound}
    return Verdict(
        path=path,
        damage=tuple(damage),
        events=len(events),
        answers=len(event_log.state.answers),
        sound=tuple(sorted(numbers.values())),
        unsound=tuple(sorted(s.display_number for s in events if s.record.id not in numbers)),
        warnings=() if damage else describe_unapplied(sound, event_log),
    )


def _look_into(copy: Path, damage: list[str]) -> tuple[Sequence[HashedEvent], Sequence[bytes]]:
    """Note what SQLite, the shape, the session's row and the drafts have to say.

    Returns the events and the link that the first of them follows.
    """
    with closing(schema.connect(copy)) as connection:
        schema.harden_connection(connection)
        not_text: list[bytes] = []
        connection.text_factory = partial(_text, not_text=not_text)
        until = time.monotonic() + _PATIENCE
        connection.set_progress_handler(lambda: time.monotonic() > until, _INSTRUCTIONS)
        try:
            version, shape = schema.read_schema(connection)
            if shape != migrations.SCHEMAS.get(version):
                # Nothing of it is asked for anything: it may be made to answer for ever.
                damage.append("it defines other tables than a session does")
                return _carved(copy)
            checks = connection.execute("PRAGMA integrity_check(5)").fetchall()
            if checks != [("ok",)]:
                said = clean_line(str(checks[0][0]).removeprefix("*** in database main ***"))
                damage.append(f"SQLite's check fails ({shorten(said, 80)})")
            _check_session(copy, connection, damage)
            _check_drafts(connection, damage)
            columns = ", ".join(SESSION_COLUMNS)
            sessions = connection.execute(f"SELECT {columns} FROM session LIMIT 2")  # noqa: S608
            first_hashes = [hash_chain.first_hash(row) for row in sessions]
            events = _rows(connection)
            if len(events) > schema.MAX_EVENTS:
                damage.append(TOO_MANY_EVENTS)
                events = events[:-1]
            if not damage:
                _follow(events, first_hashes[0], damage)
            if not_text and not damage:  # and yet its link was worked out anew
                damage.append("text in it is no UTF-8")
        except sqlite3.Error as error:
            what = damage_reason(error)
            said = f" ({shorten(clean_line(str(error)), 80)})" if what == MALFORMED_DATABASE else ""
            damage[:] = dict.fromkeys([*damage, what + said])
            return _carved(copy)
        return events, first_hashes


def _text(raw: bytes, not_text: list[bytes]) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError:
        not_text.append(raw)
        return raw.decode(errors="replace")


def _check_session(copy: Path, connection: sqlite3.Connection, damage: list[str]) -> None:
    try:
        SessionFile(copy, connection).session()
    except BadFileError as error:
        damage.append(_clause(error, copy))


def _rows(connection: sqlite3.Connection) -> list[HashedEvent]:
    columns = ", ".join(EVENT_COLUMNS)
    sql = f"SELECT seq, chain, {columns} FROM event ORDER BY seq LIMIT ?"  # noqa: S608
    rows = connection.execute(sql, (schema.MAX_EVENTS + 1,))
    events: list[HashedEvent] = []
    for seq, link, counter, event_id, at, actor, kind, body in rows:
        # A counter that is no number was changed, and so was text that is none.
        place = counter if isinstance(counter, int) else 0
        texts = (actor, event_id, at, kind, body)
        record = Record(place, *map(str, texts))
        is_sealed = isinstance(link, bytes) and all(isinstance(text, str) for text in texts)
        events.append(HashedEvent(record, link if is_sealed else b"", seq))
    return events


def _check_drafts(connection: sqlite3.Connection, damage: list[str]) -> None:
    for row in connection.execute("SELECT participant, question, answer, text, at FROM draft"):
        if not all(isinstance(value, str) for value in row):
            damage.append("half-typed text in it is no text")
            return


def _follow(events: Sequence[HashedEvent], link: bytes, damage: list[str]) -> None:
    """Note where the chain breaks first, from the session's row on."""
    for place, sealed in enumerate(events, 1):
        if sealed.number != place:
            damage.append(f"event {place} of {len(events)} is not where it should be")
            return
        if not sealed.continues(link):
            damage.append(f"the record of event {place} of {len(events)} was changed")
            return
        link = sealed.stored_hash


def _carved(copy: Path) -> tuple[Sequence[HashedEvent], Sequence[bytes]]:
    """Return what looks like events, and like what they begin with, in the bytes of a file."""
    pages = Pages(copy.read_bytes())
    found = dict.fromkeys(event_in_row(row) for row in pages.rows(page_scanner.EVENT))
    sessions = [hash_chain.first_hash(row.values) for row in pages.rows(page_scanner.SESSION)]
    return [sealed for sealed in found if sealed is not None], sessions


def _clause(error: BadFileError, copy: Path) -> str:
    """Return what an error says is wrong, as a clause about "it"."""
    if isinstance(error, DamagedError):
        return error.reason
    return replace_path(error, copy, "it").message.rstrip(".")
