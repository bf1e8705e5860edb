"""Finding rows in the raw bytes of a file."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from damage_support import long_session

from workshop.storage.integrity.page_scanner import EVENT, SESSION, Pages, Row


def in_sqlite(path: Path, sql: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(sql).fetchall()


@pytest.fixture
def path(tmp_path: Path) -> Iterator[Path]:
    path = tmp_path / "long.db"
    path.write_bytes(long_session())
    return path


def values(rows: Iterator[Row]) -> list[tuple[object, ...]]:
    """Return what the rows say, but for their numbers, which only pages know."""
    return sorted(row.values[1:] for row in rows)


def test_it_finds_every_event_that_sqlite_finds(path: Path) -> None:
    expected = in_sqlite(path, "SELECT counter, id, at, actor, kind, body, chain FROM event")
    assert values(Pages(path.read_bytes()).rows(EVENT)) == sorted(expected)
    assert max(len(str(body)) for *_, body, _ in expected) > 4_096


def test_it_knows_the_numbers_where_the_pages_do(path: Path) -> None:
    content = bytearray(path.read_bytes())
    rows = list(Pages(content).rows(EVENT))
    assert all(row.values[0] == row.values[1] for row in rows)  # seq and counter
    last = rows[-1]
    page = last.at // 4_096 * 4_096
    content[page : page + 100] = bytes(100)
    numbers = [row.values[0] for row in Pages(content).rows(EVENT)]
    assert len(numbers) == 100
    assert numbers.count(None) == sum(row.at // 4_096 == last.at // 4_096 for row in rows)


def test_it_finds_the_session_though_it_lies_on_many_pages(path: Path) -> None:
    (row,) = Pages(path.read_bytes()).rows(SESSION)
    assert [row.values] == in_sqlite(path, "SELECT * FROM session")
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
def test_nothing_that_says_where_rows_are_is_needed(hidden: str) -> None:
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


def test_an_event_that_was_deleted_is_found_while_its_bytes_are_there(path: Path) -> None:
    before = values(Pages(path.read_bytes()).rows(EVENT))
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA secure_delete = OFF")
        connection.execute("DELETE FROM event WHERE seq = 51")
    assert values(Pages(path.read_bytes()).rows(EVENT)) == before


def test_a_row_that_lost_a_page_is_no_row(path: Path) -> None:
    content = path.read_bytes()
    (session,) = Pages(content).rows(SESSION)
    cut = session.spans[-1][0]
    assert list(Pages(content[:cut]).rows(SESSION)) == []
    assert all(row.at < cut for row in Pages(content[:cut]).rows(EVENT))


def test_a_row_whose_pages_lead_in_a_circle_ends() -> None:
    content = bytearray(long_session())
    (session,) = Pages(content).rows(SESSION)
    begin = session.spans[1][0]
    content[begin : begin + 4] = (begin // 4_096 + 1).to_bytes(4, "big")
    (again,) = Pages(content).rows(SESSION)
    assert again.values != session.values


def test_a_file_full_of_what_looks_like_long_rows_does_not_keep_us_busy() -> None:
    # Each says that it is a text of 16 MB, and all of them lie on the same pages.
    head = bytes([20, 0, 9]) + b"\x83\x80\x80\x0d" + b"\x0d" * 4 + b"\x2c"
    page = b"\x0d" + bytes(7) + head * 300
    content = b"SQLite format 3\x00\x10\x00".ljust(4_096, b"\0") + page.ljust(4_096, b"\0") * 200
    found = list(Pages(content).rows(EVENT))
    assert len(found) < 1_000


@pytest.mark.parametrize("content", [b"", b"\0", b"\xff" * 10_000, bytes(10_000), b"\x0d" * 9_000])
def test_what_is_no_database_holds_nothing(content: bytes) -> None:
    for row_format in (EVENT, SESSION):
        assert list(Pages(content).rows(row_format)) == []
