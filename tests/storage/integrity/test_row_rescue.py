"""Rescuing rows takes seconds, however a file was forged."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pytest
from damage_support import event_rows, flipped, long_session

from workshop.storage.integrity import bit_repair, row_rescue


def with_unrelated_events(content: bytes, folder: Path, lengths: Sequence[int]) -> bytes:
    """Return a session with events of those lengths behind its own that continue no hash."""
    path = folder / "damaged.db"
    path.write_bytes(content)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for number, length in enumerate(lengths, 101):
            values = (number, number, f"{number:032x}", "2027-03-01T09:00:00Z", "Anna", "", "")
            connection.execute(
                "INSERT INTO event VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (*values, "novel", "x" * length, b"0" * 16),
            )
    return path.read_bytes()


def test_long_damaged_events_are_not_tried_for_ever_and_a_short_one_is_repaired(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hashed = 0
    compute_digest = bit_repair._digest

    def counting(prefix: bit_repair._Hasher, *parts: bytes) -> bytes:
        nonlocal hashed
        hashed += sum(map(len, parts))
        return compute_digest(prefix, *parts)

    monkeypatch.setattr(bit_repair, "_digest", counting)
    monkeypatch.setattr(row_rescue, "_EVENT_BUDGET", 1 << 27)
    whole = with_unrelated_events(long_session(), tmp_path, [1_000, 2_000, 70_000, 4_000_000])
    (short,) = (row for row in event_rows(whole) if row.values[0] == 50)
    damaged = flipped(whole, 8 * (short.offset + 60))
    rows = row_rescue.rescue_rows(damaged)
    assert len(rows.log) == 100
    assert [event.display_number for event in rows.repaired] == [50]
    assert [event.display_number for event in rows.unverified] == [101, 102, 103, 104]
    assert hashed < 1 << 27
