"""Reads and writes the `event` table of a session file of any version."""

import sqlite3
from collections.abc import Iterable
from pathlib import Path
from typing import cast

from workshop.session import hash_chain
from workshop.session.events import Event, read_body
from workshop.session.record import Record
from workshop.storage.event_store import Tail
from workshop.storage.sqlite import schema
from workshop.storage.sqlite.error_messages import TOO_MANY_EVENTS, damaged_error
from workshop.text import clean

EVENT_COLUMNS = ("counter", "id", "at", "actor", "kind", "body", "seat", "batch")
"""The columns of an event that the hash chain covers, in the order in which they are hashed."""
StoredEvent = tuple[int, bytes, int, str, str, str, str, str, str, str]
"""The row of an event: its `seq`, its hash and EVENT_COLUMNS."""
_TYPES = (int, bytes, int, str, str, str, str, str, str, str)

# Plain SQL, and not sqlite-utils as for a new session: people wait for their answers to be saved,
# and when too many files are open, say, no module could be loaded to save them with.
_INSERT = (
    f"INSERT INTO event (seq, {', '.join(EVENT_COLUMNS)}, chain) "  # noqa: S608 - our names
    f"VALUES ({', '.join('?' * (len(EVENT_COLUMNS) + 2))})"
)


def select_events(connection: sqlite3.Connection, version: int) -> list[tuple[object, ...]]:
    """Return `seq`, `chain` and EVENT_COLUMNS of the events in a file of that version.

    Events of files without seats and batches have empty ones. At most one event more than a session
    may hold is read. Raises sqlite3.Error.
    """
    columns = ", ".join(
        "''" if name in ("seat", "batch") and version < schema.FIRST_VERSION_WITH_SEATS else name
        for name in EVENT_COLUMNS
    )
    sql = f"SELECT seq, chain, {columns} FROM event ORDER BY seq LIMIT ?"  # noqa: S608
    # Always fetch all rows at once: with a rollback journal, an unfinished SELECT keeps every
    # other process from committing.
    return connection.execute(sql, (schema.MAX_EVENTS + 1,)).fetchall()


def verified_events(
    connection: sqlite3.Connection, path: Path, version: int, first_hash: bytes
) -> tuple[list[StoredEvent], bytes]:
    """Return all events, after verifying the hash of each, and the last hash.

    `first_hash` is the hash of the session's row. Raises DamagedError and sqlite3.Error.
    """
    rows = select_events(connection, version)
    if len(rows) > schema.MAX_EVENTS:
        raise damaged_error(path, TOO_MANY_EVENTS)
    verified = cast("list[StoredEvent]", rows)
    event_hash, next_event_hash = first_hash, hash_chain.next_event_hash
    for number, row in enumerate(verified, 1):
        # Workshop never writes a counter that is no integer, or a text that is no string.
        well_typed = tuple(map(type, row)) == _TYPES
        if well_typed:
            event_hash = next_event_hash(event_hash, row[2:])
        if not well_typed or row[0] != number or row[1] != event_hash:
            raise damaged_error(path, f"the record of event {number} of {len(rows)} was changed")
    return verified, event_hash


def events_from(rows: Iterable[StoredEvent]) -> list[Event]:
    """Return the rows as events."""
    return [
        Event(
            event_id,
            clean(at),
            clean(actor),
            read_body(kind, body),
            seat and clean(seat),
            batch and clean(batch),
        )
        for _, _, _, event_id, at, actor, kind, body, seat, batch in rows
    ]


def records_from_rows(rows: Iterable[StoredEvent]) -> list[Record]:
    """Return the rows as records."""
    return [
        Record(counter, actor, event_id, at, kind, body, seat, batch)
        for _, _, counter, event_id, at, actor, kind, body, seat, batch in rows
    ]


def insert_records(
    connection: sqlite3.Connection, records: Iterable[Record], tails: Iterable[Tail]
) -> None:
    """Insert `records`, with `tails` as those of the log after each. Raises sqlite3.Error."""
    rows = [
        (tail.seq, *record.columns, tail.hash) for record, tail in zip(records, tails, strict=True)
    ]
    connection.executemany(_INSERT, rows)
