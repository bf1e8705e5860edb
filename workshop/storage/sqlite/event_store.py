"""The event store of a session file: checked when it is opened, durable when it is written."""

import os
import sqlite3
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

from workshop.errors import CannotWriteError, ChangedElsewhereError
from workshop.files.fsync import sync_directory
from workshop.session import hash_chain
from workshop.session.answer_rows import AnswerChanges
from workshop.session.event_log import EventLog
from workshop.session.events import Event
from workshop.session.record import Record
from workshop.session.session import Session
from workshop.storage.draft import Draft
from workshop.storage.event_store import LogPart, Tail, tails_after
from workshop.storage.lock import SessionLock
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
    StoredEvent,
    events_from,
    insert_records,
    records_from_rows,
    verified_events,
)
from workshop.storage.sqlite.header import check_header, is_same_file, is_unchanged
from workshop.storage.sqlite.rolling_backup import back_up_before_writing
from workshop.storage.sqlite.session_row import SELECT_SESSION, SESSION_COLUMNS, parse_session_row


class SqliteEventStore:
    """An open session file, for use by the thread that opened it; see `EventStore`."""

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        """Take over `connection`; use `open` instead, which checks the content of the file."""
        self.path = path
        self._connection = connection
        self.backup: Path | None = None
        """Path of the backup that was made before the file was migrated, if it was."""
        self._backup_notice = ""
        self._version = schema.VERSION
        self._opened_status = path.stat()
        self._row: dict[str, object] = {}
        self._lock: SessionLock | None = None
        self._uncertain_tails: set[Tail] = set()
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

    @classmethod
    def open_to_write(cls, path: Path) -> Self:
        """Open the session file at `path` for writing, and keep other writers out until it closes.

        A file of an older version is migrated, and the file is backed up. Raises what `open`
        raises, InUseError if another writer has it open, and CannotWriteError if no answer could be
        saved; a failed backup is a notice.
        """
        check_header(path)  # no lock file is created beside a file that is no session
        lock = SessionLock.acquire(path)
        try:
            store = cls.open(path)
        except BaseException:
            lock.release()
            raise
        store._lock = lock
        try:
            store.session()  # a damaged file is not written to
            store.check_writable()
            if store.backup is None:  # otherwise there is a copy already
                store._backup_notice = back_up_before_writing(
                    store._connection, path, datetime.now(UTC)
                )
        except BaseException:
            store.close()
            raise
        return store

    @property
    def notices(self) -> tuple[str, ...]:
        """What people should know about the file that was opened, a sentence each."""
        migration_notice = self.backup and (
            "An older Workshop wrote this session. It is up to date now; beside it lies a copy of "
            f"it as it was: {self.backup.name}"
        )
        return tuple(filter(None, (migration_notice, self._backup_notice)))

    def _check_schema(self) -> None:
        self._version, definitions = schema.read_schema(self._connection)
        if definitions != migrations.SCHEMAS.get(self._version):
            raise damaged_error(self.path, "it defines other tables than a session does")
        (result,) = self._rows("PRAGMA quick_check(1)")[0]
        if result != "ok":
            raise damaged_error(self.path, "SQLite's check fails")

    def close(self) -> None:
        """Close the file, and let other writers open it. Closing again does nothing."""
        self._connection.close()
        if self._lock is not None:
            self._lock.release()

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

    @property
    def row(self) -> Mapping[str, object]:
        """The session's row exactly as it was first written, by column. Raises BadFileError."""
        if not self._row:
            self.session()
        return self._row

    def session(self) -> Session:
        """Return what never changes in the session. Raises BadFileError if it was changed."""
        with self._errors_explained():
            return self._read_session()

    def _read_session(self) -> Session:
        rows = self._rows(SELECT_SESSION)
        if len(rows) != 1:
            raise damaged_error(self.path, f"it holds {len(rows)} sessions instead of one")
        session = parse_session_row(self.path, rows[0])
        self._row = dict(zip(SESSION_COLUMNS, rows[0], strict=True))
        return session

    def events(self) -> list[Event]:
        """Return the log as events, which takes less time than `load`; raises what that raises."""
        rows, _ = self._verified_rows()
        return events_from(rows)

    def load(self, since: int = 0) -> LogPart:
        """Return the records after the first `since` ones, after verifying the whole hash chain.

        Raises CannotReadError, and BadFileError if the chain is broken.
        """
        rows, tail = self._verified_rows()
        self._uncertain_tails.clear()
        return LogPart(tuple(records_from_rows(rows[since:])), tail)

    def _verified_rows(self) -> tuple[list[StoredEvent], Tail]:
        with self._errors_explained():
            return self._verify_rows(self._version)

    def _verify_rows(self, version: int) -> tuple[list[StoredEvent], Tail]:
        first_hash = hash_chain.first_hash(self.row.values())
        rows, last_hash = verified_events(self._connection, self.path, version, first_hash)
        return rows, Tail(len(rows), last_hash)

    def drafts(self) -> list[Draft]:
        """Return the drafts, the latest last. Raises CannotReadError or BadFileError."""
        try:
            drafts, _ = read_drafts(self._connection, self._version)
        except sqlite3.Error as error:
            raise read_error(self.path, error) from error
        return drafts

    # ── writing ──────────────────────────────────────────────────────────────────────────────

    def append(
        self,
        records: Sequence[Record],
        after: Tail,
        changes: AnswerChanges | None = None,
        drafts: Sequence[Draft] = (),
    ) -> Tail:
        """Make `records` durable at the end of the log; see `EventStore.append`.

        If this raises CannotWriteError, the file holds none of them, or it is unknown whether it
        does, and the next call removes them first. Without `changes`, the table of answers is
        worked out from the log, which takes as long as opening the file.
        """
        tails = tails_after(after, records)
        tail = tails[-1]
        in_doubt = False
        try:
            with self._transaction():
                if not self._ends_with(tail):
                    self._go_back_to(after)
                    insert_records(self._connection, records, tails[1:])
                    self._update_answers(changes)
                for draft in drafts:
                    save_draft(self._connection, draft)
                in_doubt = tail != after
        except CannotWriteError:
            if not in_doubt or not self._is_committed(tail):
                raise
        self._uncertain_tails.clear()
        return tail

    def _update_answers(self, changes: AnswerChanges | None = None) -> None:
        """Make the table of answers what the log adds up to, in the present transaction."""
        if changes is None:
            with self._errors_explained():
                session = self._read_session()
                rows, _ = self._verify_rows(schema.VERSION)
                state = EventLog(events_from(rows)).state
                changes = answer_difference(self._connection, session, state)
        change_answers(self._connection, changes)

    def _ends_with(self, tail: Tail) -> bool:
        """Return whether the log in the file has that tail."""
        rows = self._rows("SELECT seq, chain FROM event ORDER BY seq DESC LIMIT 1")
        return rows == ([tail] if tail.seq else [])

    def _go_back_to(self, tail: Tail) -> None:
        """Raise ChangedElsewhereError unless the log ends with `tail`.

        Events that were reported as not saved are deleted, if the file holds them after all.
        """
        # Compares the hash, too: another copy of the file may have taken its place.
        if self._ends_with(tail):
            return
        if not any(map(self._ends_with, self._uncertain_tails)):
            raise ChangedElsewhereError(
                f"Not saved: another Workshop has written to this session ({self.path}).",
                "Close one of the two, and resume the session here.",
            )
        self._connection.execute("DELETE FROM event WHERE seq > ?", (tail.seq,))
        self._update_answers()

    def _is_committed(self, tail: Tail) -> bool:
        """Return whether a commit that failed has nevertheless written the events up to `tail`.

        SQLite also reports a failure if only the last step fails: the journal is deleted, but the
        folder could not be synced, so that the journal may be back after a power cut. Every reader
        sees the events then, so they count as saved, and the folder is synced once more.
        """
        try:
            committed = is_same_file(self.path, self._opened_status) and self._ends_with(tail)
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
        except sqlite3.IntegrityError as error:
            raise CannotWriteError(
                f"Not saved: one of the events is in the session already ({self.path})."
            ) from error
        except sqlite3.Error as error:
            raise write_error(self.path, error, begun=begun) from error
