"""Reads a session file and appends events to it: checked when opened, durable when written."""

import os
import sqlite3
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Self

from workshop.errors import CannotWriteError, ChangedElsewhereError
from workshop.files.fsync import sync_directory
from workshop.session import hash_chain
from workshop.session.answer_rows import AnswerChanges
from workshop.session.event_log import EventLog
from workshop.session.events import Event
from workshop.session.hash_chain import EventColumns
from workshop.session.record import Record, records_from
from workshop.session.session import Session
from workshop.storage.draft import Draft
from workshop.storage.sqlite import migrations, schema
from workshop.storage.sqlite.answer_table import answer_difference, change_answers
from workshop.storage.sqlite.draft_table import read_drafts, save_draft
from workshop.storage.sqlite.error_messages import (
    DamagedError,
    damaged_error,
    read_error,
    without_unchanged_note,
    write_error,
)
from workshop.storage.sqlite.event_table import (
    events_from,
    insert_records,
    records_from_columns,
    verified_events,
)
from workshop.storage.sqlite.header import check_header, is_same_file, is_unchanged
from workshop.storage.sqlite.online_backup import copy_database
from workshop.storage.sqlite.session_row import SELECT_SESSION, SESSION_COLUMNS, parse_session_row

_Tail = tuple[int, bytes]
"""The `seq` and the hash of a log's last event; the hash covers all events before it, too."""
_LARGEST_COUNTER = 1 << 53


class SessionFile:
    """An open session file, for use by the thread that opened it."""

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        """Take over `connection`; use `open` instead, which checks the content of the file."""
        self.path = path
        self._connection = connection
        self.backup: Path | None = None
        """Path of the backup that was made before the file was migrated, if it was."""
        self._version = schema.VERSION
        self._opened_status = path.stat()
        self.row: dict[str, object] = {}
        """The exact session row, by column, once `session` has read it."""
        self._first_hash: bytes | None = None
        self._last_seq: int = 0
        self._last_counter = 0
        self._last_hash: bytes = b""
        self._uncertain_tails: set[_Tail] = set()
        """How the log may end after failed commits, if it is unknown whether they are in it."""

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open the session file at `path`, and check its header, its schema and its pages.

        A file of an older version stays as it is until something is written to it. Raises
        NotFoundError, CannotReadError, or BadFileError if the file is damaged, another program's or
        of a newer version; the bytes of such a file do not change.
        """
        check_header(path)
        connection = schema.connect(path)
        try:
            schema.harden_connection(connection)
            file = cls(path, connection)
            with file._errors_explained():
                file._check_schema()
                schema.set_durability_pragmas(connection)
        except sqlite3.Error as error:
            connection.close()
            raise read_error(path, error) from error
        except BaseException:
            connection.close()
            raise
        return file

    def _check_schema(self) -> None:
        self._version, definitions = schema.read_schema(self._connection)
        if definitions != migrations.SCHEMAS.get(self._version):
            raise damaged_error(self.path, "it defines other tables than a session does")
        (result,) = self._rows("PRAGMA quick_check(1)")[0]
        if result != "ok":
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
        # Always fetch all rows at once: with a rollback journal, an unfinished SELECT keeps every
        # other process from committing.
        return list(self._connection.execute(sql, values).fetchall())

    def select(self, sql: str) -> list[tuple[object, ...]]:
        """Return all rows of a query."""
        return self._rows(sql)

    @contextmanager
    def _errors_explained(self) -> Generator[None]:
        """Raise SQLite's errors in the block as errors for people.

        They state that the file was left as it is only if SQLite has not rolled back a write in it.
        """
        try:
            yield
        except (sqlite3.Error, DamagedError) as cause:
            error = read_error(self.path, cause) if isinstance(cause, sqlite3.Error) else cause
            if isinstance(error, DamagedError) and not is_unchanged(self.path, self._opened_status):
                error = without_unchanged_note(error)
            if error is cause:
                raise
            raise error from cause

    def session(self) -> Session:
        """Return what never changes in the session. Raises BadFileError if it was changed."""
        with self._errors_explained():
            return self._read_session()

    def _read_session(self) -> Session:
        rows = self._rows(SELECT_SESSION)
        if len(rows) != 1:
            raise damaged_error(self.path, f"it holds {len(rows)} sessions instead of one")
        session = parse_session_row(self.path, rows[0])
        self.row = dict(zip(SESSION_COLUMNS, rows[0], strict=True))
        self._first_hash = hash_chain.first_hash(rows[0])
        return session

    def events(self) -> list[Event]:
        """Return the log, after verifying its hash chain. Raises BadFileError if it is broken."""
        return events_from(self._verified_rows())

    def records(self) -> list[Record]:
        """Return the exact log, after verifying its hash chain. Raises BadFileError."""
        return records_from_columns(self._verified_rows())

    def _verified_rows(self) -> list[EventColumns]:
        """Return the rows of the log, after verifying the hash of each. Raises BadFileError."""
        with self._errors_explained():
            if self._first_hash is None:
                self._read_session()
            rows, self._last_hash = verified_events(
                self._connection, self.path, self._version, self._first_hash or b""
            )
        self._last_seq = len(rows)
        self._uncertain_tails.clear()
        self._last_counter = _valid_counter(rows[-1][0]) if rows else 0
        return rows

    def drafts(self) -> list[Draft]:
        """Return the drafts, the latest last. Raises CannotReadError or BadFileError."""
        try:
            drafts, _ = read_drafts(self._connection, self._version)
        except sqlite3.Error as error:
            raise read_error(self.path, error) from error
        return drafts

    def copy_to(self, target: Path) -> None:
        """Copy the file into the empty one at `target`, even if it was moved or deleted.

        Raises CannotReadError, BadFileError and CannotWriteError.
        """
        copy_database(self._connection, self.path, target)

    # ── writing ──────────────────────────────────────────────────────────────────────────────

    def append(
        self,
        events: Sequence[Event],
        cleared_draft: Draft | None = None,
        changes: AnswerChanges | None = None,
    ) -> tuple[Record, ...]:
        """Commit `events` at the end of the log, and delete `cleared_draft`, which became them.

        `changes` is what they change in the table of answers; without it, the whole table is worked
        out from the log, which takes as long as opening the file. Call `events()` before. Return
        the records as the file holds them; they are durable. Raises CannotWriteError: then the file
        holds none of the events, or it is unknown whether it does, and the next call removes them
        first. Raises ChangedElsewhereError if another program has written to the file since it was
        read.
        """
        # In a file that was rescued with gaps, counters are ahead of the positions in the log.
        after = max(self._last_seq, self._last_counter)
        records = records_from(events, after)
        self.append_records(records, cleared_draft, changes)
        return records

    def append_records(
        self,
        records: Sequence[Record],
        cleared_draft: Draft | None = None,
        changes: AnswerChanges | None = None,
    ) -> None:
        """Commit exact records, such as another file's, at the end of the log; see `append`."""
        tail: _Tail | None = None
        try:
            with self._transaction():
                self._check_tail()
                last = insert_records(self._connection, records, self._last_seq, self._last_hash)
                if changes is None:
                    self._update_answers()
                else:
                    change_answers(self._connection, changes)
                if cleared_draft is not None:
                    save_draft(self._connection, cleared_draft._replace(text=""))
                tail = last if records else None
        except CannotWriteError:
            if tail is None or not self._is_committed(tail):
                raise
        self._uncertain_tails.clear()
        if tail is not None:
            self._last_seq, self._last_hash = tail
            self._last_counter = records[-1].counter

    def _update_answers(self) -> None:
        """Make the table of answers what the log adds up to, in the present transaction."""
        with self._errors_explained():
            session = self._read_session()
            rows, _ = verified_events(
                self._connection, self.path, schema.VERSION, self._first_hash or b""
            )
            state = EventLog(events_from(rows)).state
            changes = answer_difference(self._connection, session, state)
        change_answers(self._connection, changes)

    def _read_tail(self) -> list[tuple[object, ...]]:
        """Return the tail of the log in the file, or an empty list if it has no events."""
        return self._rows("SELECT seq, chain FROM event ORDER BY seq DESC LIMIT 1")

    def _check_tail(self) -> None:
        """Raise ChangedElsewhereError unless the log ends as this object left it.

        Events that were reported as not saved are deleted, if the file holds them after all.
        """
        # Compares the hash, too: another copy of the file may have taken its place.
        tail = self._read_tail()
        if tail == ([(self._last_seq, self._last_hash)] if self._last_seq else []):
            return
        if not self._uncertain_tails.intersection(tail):
            raise ChangedElsewhereError(
                f"Not saved: another Workshop has written to this session ({self.path}).",
                "Close one of the two, and resume the session here.",
            )
        self._connection.execute("DELETE FROM event WHERE seq > ?", (self._last_seq,))
        self._update_answers()

    def _is_committed(self, tail: _Tail) -> bool:
        """Return whether a commit that failed has nevertheless written the events up to `tail`.

        SQLite also reports a failure if only the last step fails: the journal is deleted, but the
        folder could not be synced, so that the journal may be back after a power cut. Every reader
        sees the events then, so they count as saved, and the folder is synced once more.
        """
        try:
            committed = is_same_file(self.path, self._opened_status) and self._read_tail() == [tail]
        except sqlite3.Error:  # the disk is gone, say: the next append looks again
            committed = False
        if committed:
            sync_directory(Path(os.path.realpath(self.path)).parent)
        else:
            self._uncertain_tails.add(tail)
        return committed

    def save_draft(self, draft: Draft) -> None:
        """Save a draft, or delete it if its text is empty. Raises CannotWriteError."""
        with self._transaction():
            save_draft(self._connection, draft)

    def check_writable(self) -> None:
        """Raise CannotWriteError if no answer could be saved, before a person types one.

        A file of an older version is migrated.
        """
        try:
            with self._transaction(commit=False):
                # Not "SET title = title": SQLite does not write a page that does not change, and
                # creates no journal then. This writes the first page, and the rollback restores it.
                self._connection.execute(f"PRAGMA user_version = {schema.VERSION}").fetchall()
        except CannotWriteError as error:
            raise CannotWriteError(
                error.message.replace("Not saved:", "This session cannot be written:")
            ) from error

    def _check_size(self) -> None:
        """Raise CannotWriteError if the transaction makes the file too large to be opened."""
        pages, size = (
            int(str(self._rows(f"PRAGMA {name}")[0][0])) for name in ("page_count", "page_size")
        )
        if pages * size > schema.MAX_FILE_BYTES:
            raise CannotWriteError(
                f"Not saved: the session would be larger than any that is opened ({self.path}).",
                "Go on in a new one.",
            )

    @contextmanager
    def _transaction(self, *, commit: bool = True) -> Generator[None]:
        """Run a block as one immediate transaction; raises CannotWriteError if it fails.

        At the end of the block it is committed, or rolled back if `commit` is false.
        """
        if not is_same_file(self.path, self._opened_status):
            raise CannotWriteError(
                f"Not saved: the session's file was moved, deleted or replaced ({self.path}).",
                "If it was moved, put it back and try again; else save a copy elsewhere and go on "
                "with that.",
            )
        if self._version != schema.VERSION:
            self.backup = migrations.migrate(self._connection, self.path, self._update_answers)
            self._version = schema.VERSION
        begun = False
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            begun = True
            try:
                yield
                self._check_size()
                self._connection.execute("COMMIT" if commit else "ROLLBACK")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise
        except sqlite3.Error as error:
            raise write_error(self.path, error, begun=begun) from error


def _valid_counter(value: object) -> int:
    """Return the counter of an event in the file, or 0 if Workshop could not have counted to it."""
    return value if isinstance(value, int) and 0 < value < _LARGEST_COUNTER else 0
