"""One session, one SQLite file: opened with suspicion, read whole, appended to durably."""

import json
import sqlite3
from collections.abc import Generator, Iterable, Sequence
from contextlib import contextmanager
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Self, cast

from pydantic import ValidationError

from workshop.banks.model import Bank
from workshop.errors import CannotWriteError, ChangedElsewhereError
from workshop.session import chain
from workshop.session.events import Event, read_body
from workshop.session.model import Session, canonical_bank, fingerprint
from workshop.session.record import Record, records_of
from workshop.store import migrations, schema
from workshop.store.copying import copy_database
from workshop.store.header import check_header, same_file
from workshop.store.reasons import damaged, read_failure, write_failure
from workshop.text import clean

if TYPE_CHECKING:
    from sqlite_utils import Database

SESSION_COLUMNS = (
    "id",
    "title",
    "mode",
    "bank_id",
    "bank_version",
    "bank",
    "bank_sha256",
    "level",
    "quick",
    "names",
    "questions",
    "created",
)
EVENT_COLUMNS = ("counter", "id", "at", "actor", "kind", "body")
_EVENT_TYPES = (int, str, str, str, str, str)
_Columns = tuple[int, str, str, str, str, str]
_LARGEST_COUNTER = 1 << 53

_SELECT_SESSION = f"SELECT {', '.join(SESSION_COLUMNS)} FROM session"  # noqa: S608 - our names
_SELECT_EVENTS = f"SELECT seq, chain, {', '.join(EVENT_COLUMNS)} FROM event ORDER BY seq"  # noqa: S608


class Draft(NamedTuple):
    """Half-typed text: what stood in the prompt of a participant at a question."""

    participant: str
    question: str
    text: str
    answer: str = ""
    """The id of the answer that was being changed, or nothing."""
    at: str = ""
    """When it was typed, ISO 8601 in UTC."""


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
        self._first_link: bytes | None = None
        self._last_seq = 0
        self._last_counter = 0
        self._last_link = b""

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
            schema.be_careful(connection)
            opened = cls(path, connection)
            opened._check_shape()
            schema.be_durable(connection)
        except sqlite3.Error as error:
            connection.close()
            raise read_failure(path, error) from error
        except BaseException:
            connection.close()
            raise
        return opened

    def _check_shape(self) -> None:
        self._version, found = schema.shape_of(self._connection)
        if found != migrations.SHAPES.get(self._version):
            raise damaged(self.path, "it defines other tables than a session does")
        (check,) = self._rows("PRAGMA quick_check(1)")[0]
        if check != "ok":
            raise damaged(self.path, "SQLite's check fails")

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def __enter__(self) -> Self:
        """Return the file itself; it is closed at the end of the block."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the file."""
        self.close()

    @cached_property
    def _db(self) -> "Database":
        # Imported at the first write: opening a session, which people wait for, does without.
        from sqlite_utils import Database

        # A plugin that happens to be installed has no business with people's answers.
        return Database(self._connection, execute_plugins=False)

    # ── reading ──────────────────────────────────────────────────────────────────────────────

    def _rows(self, sql: str, values: Sequence[object] = ()) -> list[tuple[object, ...]]:
        # Always exhausted at once: with a rollback journal, an unfinished SELECT keeps every other
        # process from committing.
        return list(self._connection.execute(sql, values).fetchall())

    def select(self, sql: str) -> list[tuple[object, ...]]:
        """Return all rows of a query of ours."""
        return self._rows(sql)

    def session(self) -> Session:
        """Return the session's unchanging part. Raises BadFileError where it was tampered with."""
        try:
            rows = self._rows(_SELECT_SESSION)
        except sqlite3.Error as error:
            raise read_failure(self.path, error) from error
        if len(rows) != 1:
            raise damaged(self.path, f"it holds {len(rows)} sessions instead of one")
        row = dict(zip(SESSION_COLUMNS, rows[0], strict=True))
        bank = str(row["bank"])
        if fingerprint(bank) != row["bank_sha256"]:
            raise damaged(self.path, "the question bank inside it was changed")
        try:
            session = Session(
                id=str(row["id"]),
                title=str(row["title"]),
                mode=row["mode"],  # pyright: ignore[reportArgumentType] - pydantic checks it
                bank=_bank_of(bank),
                level=None if row["level"] is None else str(row["level"]),
                quick=bool(row["quick"]),
                names=json.loads(str(row["names"])),
                created=row["created"],  # pyright: ignore[reportArgumentType] - pydantic parses it
            )
        except (ValidationError, ValueError, OverflowError, RecursionError) as error:
            raise damaged(self.path, "what it says about its session makes no sense") from error
        self._first_link = chain.first_link(rows[0])
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
        if self._first_link is None:
            self.session()
        link = self._first_link or b""
        try:
            rows = self._rows(_SELECT_EVENTS)
        except sqlite3.Error as error:
            raise read_failure(self.path, error) from error
        sound: list[_Columns] = []
        for place, row in enumerate(rows, 1):
            values = cast("_Columns", row[2:])
            # A counter that is no number and text that is none were never written by Workshop.
            is_ours = tuple(map(type, values)) == _EVENT_TYPES
            if is_ours:
                link = chain.event_link(link, values)
            if not is_ours or row[:2] != (place, link):
                raise damaged(self.path, f"the record of event {place} of {len(rows)} was changed")
            sound.append(values)
        self._last_link = link
        self._last_seq = len(rows)
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
        return [Draft(*(clean(str(value)) for value in row)) for row in rows]

    def copy_to(self, unfinished: Path) -> None:
        """Copy the file into the empty one at `unfinished`, even where it has lost its name.

        Raises CannotReadError, BadFileError and CannotWriteError.
        """
        copy_database(self._connection, self.path, unfinished)

    # ── writing ──────────────────────────────────────────────────────────────────────────────

    def append(self, events: Sequence[Event], sent: Draft | None = None) -> None:
        """Commit `events` at the end of the log, and forget the draft that `sent` names.

        `events()` must have been read before. On return they are durable. Raises CannotWriteError,
        and then nothing of them is in the file; ChangedElsewhereError where another program has
        written to the file since it was read.
        """
        # In a file that was rescued, with gaps, counters run ahead of the places in the log.
        after = max(self._last_seq, self._last_counter)
        self.append_records(records_of(events, after), sent)

    def append_records(self, records: Sequence[Record], sent: Draft | None = None) -> None:
        """Commit events of another file at the end of the log, to the letter; see `append`."""
        with self._transaction():
            # By the link, too: the file may have been written over by another copy of it.
            last = self._rows("SELECT seq, chain FROM event ORDER BY seq DESC LIMIT 1")
            if last != ([(self._last_seq, self._last_link)] if self._last_seq else []):
                raise ChangedElsewhereError(
                    f"Not saved: another Workshop has written to this session ({self.path}).",
                    "Close one of the two, and resume the session here.",
                )
            link = self._last_link
            rows: list[dict[str, object]] = []
            for seq, record in enumerate(records, self._last_seq + 1):
                link = chain.next_link(link, record.columns)
                row = dict(zip(EVENT_COLUMNS, record.columns, strict=True))
                rows.append({"seq": seq, **row, "chain": link})
            if rows:
                self._db.table("event").insert_all(rows)
            if sent is not None:
                self._forget(sent)
        self._last_seq += len(rows)
        self._last_counter = records[-1].counter if records else self._last_counter
        self._last_link = link

    def save_draft(self, draft: Draft) -> None:
        """Keep half-typed text, or forget it where the text is empty. Raises CannotWriteError."""
        with self._transaction():
            if not draft.text:
                self._forget(draft)
            else:
                # Not upsert(): to find out what SQLite can do, it makes a table in the file, and
                # where that fails for want of room it goes on to lose the text without a word.
                self._db.table("draft").insert(
                    {
                        "participant": draft.participant,
                        "question": draft.question,
                        "answer": draft.answer,
                        "text": draft.text,
                        "at": draft.at,
                    },
                    replace=True,
                )

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

    @contextmanager
    def _transaction(self, *, keep: bool = True) -> Generator[None]:
        """Run a block as one immediate transaction; raises CannotWriteError where it fails.

        Without `keep` it is rolled back at the end.
        """
        if not same_file(self.path, self._opened):
            raise CannotWriteError(
                f"Not saved: the session's file was moved, deleted or replaced ({self.path}).",
                "If it was moved, put it back and try again; else save a copy elsewhere and go on "
                "with that.",
            )
        if self._version != schema.VERSION:
            self.backup = migrations.bring_up_to_date(self._connection, self.path)
            self._version = schema.VERSION
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._connection.execute("COMMIT" if keep else "ROLLBACK")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise
        except sqlite3.Error as error:
            raise write_failure(self.path, error) from error


def _counter_of(value: object) -> int:
    """Return a counter as the file has it, or 0 for one that nobody ever counted to."""
    return value if isinstance(value, int) and 0 < value < _LARGEST_COUNTER else 0


@lru_cache(maxsize=8)
def _bank_of(text: str) -> Bank:
    # Most of the sessions in a directory are on the same one or two banks, which are frozen.
    return Bank.model_validate_json(text)


def session_row(session: Session) -> dict[str, object]:
    """Return the values of a new file's one session row, by column."""
    bank = canonical_bank(session.bank)
    values: Iterable[object] = (
        session.id,
        session.title,
        session.mode,
        session.bank.id,
        session.bank.version,
        bank,
        fingerprint(bank),
        session.level,
        int(session.quick),
        json.dumps(session.names, ensure_ascii=False, sort_keys=True),
        len(session.stops),
        session.created.isoformat(timespec="milliseconds"),
    )
    return dict(zip(SESSION_COLUMNS, values, strict=True))
