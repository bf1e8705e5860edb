"""One session, one SQLite file: opened with suspicion, read whole, appended to durably."""

import os
import sqlite3
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple, Self, cast

from workshop.errors import CannotWriteError, ChangedElsewhereError
from workshop.files.fsync import sync_directory
from workshop.session import hash_chain
from workshop.session.events import Event, read_body
from workshop.session.record import Record, records_from
from workshop.session.session import Session
from workshop.storage.sqlite import migrations, schema
from workshop.storage.sqlite.error_messages import (
    TOO_MANY_EVENTS,
    DamagedError,
    damaged_error,
    read_failure,
    without_unchanged_note,
    write_failure,
)
from workshop.storage.sqlite.header import check_header, is_same_file, is_unchanged
from workshop.storage.sqlite.online_backup import copy_database
from workshop.storage.sqlite.session_row import SELECT_SESSION, SESSION_COLUMNS, parse_session_row
from workshop.text import clean

EVENT_COLUMNS = ("counter", "id", "at", "actor", "kind", "body")
_EVENT_TYPES = (int, str, str, str, str, str)
_Columns = tuple[int, str, str, str, str, str]
_Tail = tuple[int, bytes]
"""The number and the link of an event: how a log ends, and by the link all that is before."""
_LARGEST_COUNTER = 1 << 53

# Plain SQL, and not sqlite-utils' rows as for a new session: people wait for what they say to be
# saved, and where no more files may be opened, say, nothing could be loaded to save it with.
_INSERT_EVENT = (
    f"INSERT INTO event (seq, {', '.join(EVENT_COLUMNS)}, chain) "  # noqa: S608 - our names
    f"VALUES ({', '.join('?' * (len(EVENT_COLUMNS) + 2))})"
)
_SELECT_EVENTS = f"SELECT seq, chain, {', '.join(EVENT_COLUMNS)} FROM event ORDER BY seq LIMIT ?"  # noqa: S608


class Draft(NamedTuple):
    """Half-typed text: what stood in the prompt of a participant at a question."""

    participant: str
    question: str
    text: str
    answer: str = ""
    """The id of the answer that was being changed, or nothing."""
    at: str = ""
    """When it was typed, ISO 8601 in UTC."""


_PUT_DRAFT = (
    f"INSERT OR REPLACE INTO draft ({', '.join(Draft._fields)}) "  # noqa: S608 - our names
    f"VALUES ({', '.join('?' * len(Draft._fields))})"
)


class SessionFile:
    """An open session file. It belongs to the thread that opened it."""

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        """Take over `connection`; use `open` instead, which checks what the file holds."""
        self.path = path
        self._connection = connection
        self.backup: Path | None = None
        """Where the copy of the file lies that was made before it was brought up to date."""
        self._version = schema.VERSION
        self._opened = path.stat()
        self.row: dict[str, object] = {}
        """The session's row to the letter, by column, once `session` has read it."""
        self._first_link: bytes | None = None
        self._last_seq: int = 0
        self._last_counter = 0
        self._last_link: bytes = b""
        self._doubtful: set[_Tail] = set()
        """How the log may end, where nobody could tell whether a commit that failed is in it."""

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open the session file at `path` and check that it is one, and whole.

        A file of an older version stays as it is until something is written to it. Raises
        NotFoundError, CannotReadError, or BadFileError for a file that is damaged, foreign or of a
        newer version; such a file keeps its bytes.
        """
        check_header(path)
        connection = schema.connect(path)
        try:
            schema.harden_connection(connection)
            opened = cls(path, connection)
            with opened._reading():
                opened._check_shape()
                schema.set_durability_pragmas(connection)
        except sqlite3.Error as error:
            connection.close()
            raise read_failure(path, error) from error
        except BaseException:
            connection.close()
            raise
        return opened

    def _check_shape(self) -> None:
        self._version, found = schema.read_schema(self._connection)
        if found != migrations.SCHEMAS.get(self._version):
            raise damaged_error(self.path, "it defines other tables than a session does")
        (check,) = self._rows("PRAGMA quick_check(1)")[0]
        if check != "ok":
            raise damaged_error(self.path, "SQLite's check fails")

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def __enter__(self) -> Self:
        """Return the file itself; it is closed at the end of the block."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the file."""
        self.close()

    # ── reading ──────────────────────────────────────────────────────────────────────────────

    def _rows(self, sql: str, values: Sequence[object] = ()) -> list[tuple[object, ...]]:
        # Always exhausted at once: with a rollback journal, an unfinished SELECT keeps every other
        # process from committing.
        return list(self._connection.execute(sql, values).fetchall())

    def select(self, sql: str) -> list[tuple[object, ...]]:
        """Return all rows of a query of ours."""
        return self._rows(sql)

    @contextmanager
    def _reading(self) -> Generator[None]:
        """Raise what SQLite finds wrong as an error for people.

        That the file was left as it is, is said only if SQLite has put nothing back into it.
        """
        try:
            yield
        except (sqlite3.Error, DamagedError) as found:
            error = read_failure(self.path, found) if isinstance(found, sqlite3.Error) else found
            if isinstance(error, DamagedError) and not is_unchanged(self.path, self._opened):
                error = without_unchanged_note(error)
            if error is found:
                raise
            raise error from found

    def session(self) -> Session:
        """Return the session's unchanging part. Raises BadFileError where it was tampered with."""
        with self._reading():
            return self._read_session()

    def _read_session(self) -> Session:
        rows = self._rows(SELECT_SESSION)
        if len(rows) != 1:
            raise damaged_error(self.path, f"it holds {len(rows)} sessions instead of one")
        session = parse_session_row(self.path, rows[0])
        self.row = dict(zip(SESSION_COLUMNS, rows[0], strict=True))
        self._first_link = hash_chain.first_hash(rows[0])
        return session

    def events(self) -> list[Event]:
        """Return the log, after checking its chain. Raises BadFileError where a link is broken."""
        events: list[Event] = []
        for _, event_id, at, actor, kind, body in self._sound_rows():
            events.append(Event(event_id, clean(at), clean(actor), read_body(kind, body)))
        return events

    def records(self) -> list[Record]:
        """Return the log to the letter, after checking its chain. Raises BadFileError."""
        return [
            Record(counter, actor, event_id, at, kind, body)
            for counter, event_id, at, actor, kind, body in self._sound_rows()
        ]

    def _sound_rows(self) -> list[_Columns]:
        """Return the log's rows, once each was found to be what its link seals."""
        with self._reading():
            return self._checked_rows()

    def _checked_rows(self) -> list[_Columns]:
        if self._first_link is None:
            self.session()
        link = self._first_link or b""
        rows = self._rows(_SELECT_EVENTS, (schema.MAX_EVENTS + 1,))
        if len(rows) > schema.MAX_EVENTS:
            raise damaged_error(self.path, TOO_MANY_EVENTS)
        sound: list[_Columns] = []
        for place, row in enumerate(rows, 1):
            values = cast("_Columns", row[2:])
            # A counter that is no number and text that is none were never written by Workshop.
            is_ours = tuple(map(type, values)) == _EVENT_TYPES
            if is_ours:
                link = hash_chain.next_event_hash(link, values)
            if not is_ours or row[:2] != (place, link):
                raise damaged_error(
                    self.path, f"the record of event {place} of {len(rows)} was changed"
                )
            sound.append(values)
        self._last_link = link
        self._last_seq = len(rows)
        self._doubtful.clear()
        self._last_counter = _counter_of(sound[-1][0]) if sound else 0
        return sound

    def drafts(self) -> list[Draft]:
        """Return the half-typed texts that were never sent, the latest last."""
        try:
            rows = self._rows(
                "SELECT participant, question, text, answer, at FROM draft ORDER BY at"
            )
        except sqlite3.Error as error:
            raise read_failure(self.path, error) from error
        texts = (row for row in rows if all(isinstance(value, str) for value in row))
        return [Draft(*(clean(str(value)) for value in row)) for row in texts]

    def copy_to(self, unfinished: Path) -> None:
        """Copy the file into the empty one at `unfinished`, even where it has lost its name.

        Raises CannotReadError, BadFileError and CannotWriteError.
        """
        copy_database(self._connection, self.path, unfinished)

    # ── writing ──────────────────────────────────────────────────────────────────────────────

    def append(self, events: Sequence[Event], sent: Draft | None = None) -> tuple[Record, ...]:
        """Commit `events` at the end of the log, and forget the draft that `sent` names.

        `events()` must have been read before. Returns them as the file has them; they are durable
        then. Raises CannotWriteError, and then nothing of them is in the file, or nobody can tell,
        and the next time they are taken out first; ChangedElsewhereError where another program has
        written to the file since it was read.
        """
        # In a file that was rescued, with gaps, counters run ahead of the places in the log.
        after = max(self._last_seq, self._last_counter)
        records = records_from(events, after)
        self.append_records(records, sent)
        return records

    def append_records(self, records: Sequence[Record], sent: Draft | None = None) -> None:
        """Commit events of another file at the end of the log, to the letter; see `append`."""
        tail: _Tail | None = None
        try:
            with self._transaction():
                self._check_nothing_came()
                link = self._last_link
                rows: list[tuple[object, ...]] = []
                for seq, record in enumerate(records, self._last_seq + 1):
                    link = hash_chain.next_hash(link, record.columns)
                    rows.append((seq, *record.columns, link))
                self._connection.executemany(_INSERT_EVENT, rows)
                if sent is not None:
                    self._forget(sent)
                tail = (self._last_seq + len(rows), link) if rows else None
        except CannotWriteError:
            if tail is None or not self._is_committed(tail):
                raise
        self._doubtful.clear()
        if tail is not None:
            self._last_seq, self._last_link = tail
            self._last_counter = records[-1].counter

    def _tail(self) -> list[tuple[object, ...]]:
        return self._rows("SELECT seq, chain FROM event ORDER BY seq DESC LIMIT 1")

    def _check_nothing_came(self) -> None:
        """Raise ChangedElsewhereError unless the log is as it was read, and written to since.

        What was said not to be saved is taken out, should it be there after all.
        """
        # By the link, too: the file may have been written over by another copy of it.
        tail = self._tail()
        if tail == ([(self._last_seq, self._last_link)] if self._last_seq else []):
            return
        if not self._doubtful.intersection(tail):
            raise ChangedElsewhereError(
                f"Not saved: another Workshop has written to this session ({self.path}).",
                "Close one of the two, and resume the session here.",
            )
        self._connection.execute("DELETE FROM event WHERE seq > ?", (self._last_seq,))

    def _is_committed(self, tail: _Tail) -> bool:
        """Return whether a commit that failed has nevertheless put those events into the file.

        SQLite says that a commit failed where it is done but for the last step: the journal is
        gone, and only that the folder shows it after a power cut too is not certain. Everybody who
        reads the file sees the events then, so they count, and that step is tried once more.
        """
        try:
            there = is_same_file(self.path, self._opened) and self._tail() == [tail]
        except sqlite3.Error:  # the disk is gone, say: the next one to write looks again
            there = False
        if there:
            sync_directory(Path(os.path.realpath(self.path)).parent)
        else:
            self._doubtful.add(tail)
        return there

    def save_draft(self, draft: Draft) -> None:
        """Keep half-typed text, or forget it where the text is empty. Raises CannotWriteError."""
        with self._transaction():
            if not draft.text:
                self._forget(draft)
            else:
                self._connection.execute(_PUT_DRAFT, draft)

    def check_writable(self) -> None:
        """Raise CannotWriteError where an answer could not be saved, before anybody types one.

        A file of an older version is brought up to date by it.
        """
        try:
            with self._transaction(keep=False):
                # Not "SET title = title": SQLite writes no page that does not change, and so makes
                # no journal. This takes up the first page, and rolling back leaves it as it was.
                self._connection.execute(f"PRAGMA user_version = {schema.VERSION}").fetchall()
        except CannotWriteError as error:
            raise CannotWriteError(
                error.message.replace("Not saved:", "This session cannot be written:")
            ) from error

    def _forget(self, draft: Draft) -> None:
        self._connection.execute(
            "DELETE FROM draft WHERE participant = ? AND question = ?",
            (draft.participant, draft.question),
        )

    def _check_size(self) -> None:
        """Raise CannotWriteError where what is written makes the file too large to be opened."""
        pages, size = (
            int(str(self._rows(f"PRAGMA {name}")[0][0])) for name in ("page_count", "page_size")
        )
        if pages * size > schema.MAX_FILE_BYTES:
            raise CannotWriteError(
                f"Not saved: the session would be larger than any that is opened ({self.path}).",
                "Go on in a new one.",
            )

    @contextmanager
    def _transaction(self, *, keep: bool = True) -> Generator[None]:
        """Run a block as one immediate transaction; raises CannotWriteError where it fails.

        Without `keep` it is rolled back at the end.
        """
        if not is_same_file(self.path, self._opened):
            raise CannotWriteError(
                f"Not saved: the session's file was moved, deleted or replaced ({self.path}).",
                "If it was moved, put it back and try again; else save a copy elsewhere and go on "
                "with that.",
            )
        if self._version != schema.VERSION:
            self.backup = migrations.migrate(self._connection, self.path)
            self._version = schema.VERSION
        begun = False
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            begun = True
            try:
                yield
                self._check_size()
                self._connection.execute("COMMIT" if keep else "ROLLBACK")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise
        except sqlite3.Error as error:
            raise write_failure(self.path, error, begun=begun) from error


def _counter_of(value: object) -> int:
    """Return a counter as the file has it, or 0 for one that nobody ever counted to."""
    return value if isinstance(value, int) and 0 < value < _LARGEST_COUNTER else 0
