"""Forged files whose hash chain is right and whose values are not."""

import json
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from workshop.errors import BadFileError
from workshop.session import hash_chain
from workshop.session.record import Record
from workshop.storage.catalog import list_sessions
from workshop.storage.integrity.chain_verification import HashedEvent, verify_chain
from workshop.storage.integrity.verify import verify
from workshop.storage.sqlite.event_store import SqliteEventStore
from workshop.storage.sqlite.event_table import EVENT_COLUMNS
from workshop.storage.sqlite.session_row import SESSION_COLUMNS


def forged(path: Path, sql: str, *values: object, errors: str = "strict") -> Path:
    """Change the file at `path`, and compute all its hashes again."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute(sql, values)
        connection.text_factory = lambda raw: raw.decode(errors=errors)
        row = connection.execute(f"SELECT {', '.join(SESSION_COLUMNS)} FROM session").fetchone()
        link = hash_chain.first_hash(row)
        columns = ", ".join(EVENT_COLUMNS)
        for seq, *rest in connection.execute(f"SELECT seq, {columns} FROM event").fetchall():
            link = hash_chain.next_event_hash(link, tuple(rest))
            connection.execute("UPDATE event SET chain = ? WHERE seq = ?", (link, seq))
    return path


@pytest.mark.parametrize(
    ("sql", "value"),
    [
        ("UPDATE event SET counter = ? WHERE seq = 2", 1.5),
        ("UPDATE event SET counter = ? WHERE seq = 2", "second"),
        ("UPDATE event SET id = ? WHERE seq = 2", b"\x01\x02"),
        ("UPDATE event SET body = ? WHERE seq = 2", b"{}"),
        ("UPDATE event SET actor = CAST(? AS TEXT) WHERE seq = 2", b"\xff"),
        ("UPDATE session SET title = ?", b"Acme"),
    ],
    ids=["a counter with a fraction", "a counter in words", "bytes for an id", "bytes for a body",
         "a name that is no UTF-8", "bytes for a title"],
)  # fmt: skip
def test_values_that_were_never_written_are_damage_to_opening_and_verifying_alike(
    session_path: Path, sql: str, value: object
) -> None:
    forged(session_path, sql, value, errors="replace")
    assert not verify(session_path).is_sound
    with SqliteEventStore.open(session_path) as file, pytest.raises(BadFileError):
        file.events()


@pytest.mark.parametrize("names", [{"who": 5}, {"who": None}, {"who": ["x"]}, ["x"], 3])
def test_invalid_names_are_damage_and_no_crash(session_path: Path, names: object) -> None:
    forged(session_path, "UPDATE session SET names = ?", json.dumps(names))
    listed, unreadable = list_sessions(session_path.parent)
    assert listed == []
    assert "makes no sense" in unreadable[0].reason.message


def test_a_torn_log_of_huge_events_does_not_take_for_ever(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sealed = 0
    next_hash: Callable[..., bytes] = hash_chain.next_hash

    def counting(before: bytes, values: tuple[object, ...]) -> bytes:
        nonlocal sealed
        sealed += sum(len(str(value)) for value in values)
        return next_hash(before, values[:5])

    monkeypatch.setattr("workshop.storage.integrity.chain_verification.next_event_hash", counting)
    body = "x" * 10_000_000
    log = [
        HashedEvent(Record(n, "A", f"{n:032x}", "", "", body), bytes([n]) * 16) for n in range(200)
    ]
    began = time.monotonic()
    assert verify_chain(log).sound == ()
    assert sealed < 200 * 4 * 10_000_000 + (1 << 30)
    assert time.monotonic() - began < 30
