"""Finding rows in the raw bytes of a file."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from damage_support import long_session

from workshop.storage.integrity.page_scanner import (
    ANSWER,
    DRAFT,
    EVENT,
    EVENT_2,
    EVENTS,
    SESSION,
    Pages,
    Row,
)
from workshop.storage.integrity.row_rescue import event_in_row
from workshop.storage.sqlite import event_table, schema


def query(path: Path, sql: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(sql).fetchall()


@pytest.fixture
def path(tmp_path: Path) -> Iterator[Path]:
    path = tmp_path / "long.db"
    path.write_bytes(long_session())
    return path


def values(rows: Iterator[Row]) -> list[tuple[object, ...]]:
    """Return the values of the rows without their numbers, which only pages give."""
    return sorted(row.values[1:] for row in rows)


def test_every_event_that_sqlite_finds_is_found(path: Path) -> None:
    columns = "counter, id, at, actor, seat, batch, kind, body, chain"
    expected = query(path, f"SELECT {columns} FROM event")
    assert values(Pages(path.read_bytes()).rows(EVENT)) == sorted(expected)
    assert max(len(str(body)) for *_, body, _ in expected) > 4_096


FILES = {
    version: (Path(__file__).parents[2] / "data" / f"session-v{version}.db")
    for version in (1, 2, 3)
}


@pytest.mark.parametrize("version", FILES)
def test_the_events_of_every_version_are_found_and_read_in_their_own_format_alone(
    version: int,
) -> None:
    pages = Pages(FILES[version].read_bytes())
    rows = {row_format: list(pages.rows(row_format)) for row_format in EVENTS}
    used, other = (EVENT, EVENT_2) if version == 3 else (EVENT_2, EVENT)
    with closing(schema.connect(FILES[version], "ro")) as connection:
        stored = event_table.select_events(connection, version)
    found = sorted(filter(None, map(event_in_row, rows[used])), key=lambda event: event.record)
    assert [(e.number, e.stored_hash, *e.record.columns) for e in found] == stored
    assert rows[other] == []


def test_drafts_and_answers_are_found_and_are_no_events(path: Path) -> None:
    content = path.read_bytes()
    for row_format, table in ((DRAFT, "draft"), (ANSWER, "answer")):
        rows = list(Pages(content).rows(row_format))
        expected = query(path, f"SELECT * FROM {table}")
        first = 1 if table == "answer" else 0  # only pages give an answer's number
        assert {row.values[first:] for row in rows} >= {row[first:] for row in expected}
        offsets = {row.offset for row in rows}
        events = [row for event in EVENTS for row in Pages(content).rows(event)]
        assert offsets.isdisjoint(row.offset for row in events)


def test_rows_have_their_numbers_if_a_page_gives_them(path: Path) -> None:
    content = bytearray(path.read_bytes())
    rows = list(Pages(content).rows(EVENT))
    assert all(row.values[0] == row.values[1] for row in rows)  # seq and counter
    last = rows[-1]
    page = last.offset // 4_096 * 4_096
    content[page : page + 100] = bytes(100)
    numbers = [row.values[0] for row in Pages(content).rows(EVENT)]
    assert len(numbers) == 100
    assert numbers.count(None) == sum(row.offset // 4_096 == last.offset // 4_096 for row in rows)


def test_a_session_that_lies_on_many_pages_is_found(path: Path) -> None:
    (row,) = Pages(path.read_bytes()).rows(SESSION)
    assert [row.values] == query(path, "SELECT * FROM session")
    assert len(row.spans) > 5


@pytest.mark.parametrize("size", [512, 1_024, 8_192, 65_536])
def test_pages_may_have_any_size(path: Path, size: int) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute(f"PRAGMA page_size = {size}")
        connection.execute("VACUUM")
    pages = Pages(path.read_bytes())
    assert len(list(pages.rows(EVENT))) == 100
    assert len(list(pages.rows(SESSION))) == 1


@pytest.mark.parametrize("hidden", ["every page's kind", "every pointer", "the header"])
def test_rows_are_found_without_the_structures_that_point_to_them(hidden: str) -> None:
    content = bytearray(long_session())
    expected = values(Pages(content).rows(EVENT))
    if hidden == "the header":
        content[:100] = bytes(100)
    for page in range(4_096, len(content), 4_096):
        if content[page] == 0x0D:  # a page with rows of a table
            rows = int.from_bytes(content[page + 3 : page + 5], "big")
            if hidden == "every page's kind":
                content[page : page + 8] = b"\xff" * 8
            elif hidden == "every pointer":
                content[page + 8 : page + 8 + 2 * rows] = bytes(2 * rows)
    assert values(Pages(content).rows(EVENT)) == expected


def test_a_deleted_event_is_found_while_its_bytes_remain(path: Path) -> None:
    before = values(Pages(path.read_bytes()).rows(EVENT))
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA secure_delete = OFF")
        connection.execute("DELETE FROM event WHERE seq = 51")
    assert values(Pages(path.read_bytes()).rows(EVENT)) == before


def test_a_row_with_a_missing_page_is_not_found(path: Path) -> None:
    content = path.read_bytes()
    (session,) = Pages(content).rows(SESSION)
    cut = session.spans[-1][0]
    assert list(Pages(content[:cut]).rows(SESSION)) == []
    assert all(row.offset < cut for row in Pages(content[:cut]).rows(EVENT))


def test_a_row_whose_pages_form_a_circle_ends() -> None:
    content = bytearray(long_session())
    (session,) = Pages(content).rows(SESSION)
    start = session.spans[1][0]
    content[start : start + 4] = (start // 4_096 + 1).to_bytes(4, "big")
    (again,) = Pages(content).rows(SESSION)
    assert again.values != session.values


def test_a_file_full_of_forged_long_rows_is_scanned_in_reasonable_time() -> None:
    # Each claims to be a text of 16 MB, and all of them lie on the same pages.
    head = bytes([20, 0, 9]) + b"\x83\x80\x80\x0d" + b"\x0d" * 4 + b"\x2c"
    page = b"\x0d" + bytes(7) + head * 300
    content = b"SQLite format 3\x00\x10\x00".ljust(4_096, b"\0") + page.ljust(4_096, b"\0") * 200
    rows = list(Pages(content).rows(EVENT))
    assert len(rows) < 1_000


@pytest.mark.parametrize("content", [b"", b"\0", b"\xff" * 10_000, bytes(10_000), b"\x0d" * 9_000])
def test_bytes_that_are_no_database_hold_no_rows(content: bytes) -> None:
    for row_format in (EVENT, SESSION):
        assert list(Pages(content).rows(row_format)) == []
