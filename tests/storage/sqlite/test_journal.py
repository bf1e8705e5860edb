"""A journal beside a session file, which SQLite executes when the file is opened."""

import contextlib
import os
import sqlite3
import struct
from collections.abc import Callable
from pathlib import Path

import pytest

from workshop.errors import BadFileError, WorkshopError
from workshop.storage.backup import back_up
from workshop.storage.catalog import list_sessions
from workshop.storage.integrity.rescue import rescue
from workshop.storage.integrity.verify import verify
from workshop.storage.sqlite.event_store import SqliteEventStore
from workshop.storage.sqlite.journal import check_journal, journal_path


def half_written(path: Path) -> None:
    """Leave the file in the state after a program was killed in the middle of a large write."""
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("PRAGMA cache_size = 1")
    other.execute("PRAGMA cache_spill = 1")
    other.execute("BEGIN IMMEDIATE")
    other.execute("UPDATE event SET body = hex(zeroblob(20000))")
    interrupted = path.read_bytes(), journal_path(path).read_bytes()
    other.execute("ROLLBACK")
    other.close()
    path.write_bytes(interrupted[0])
    journal_path(path).write_bytes(interrupted[1])


@pytest.fixture
def precious(tmp_path: Path) -> Path:
    file = tmp_path / "precious.txt"
    file.write_text("a thesis")
    return file


@pytest.fixture
def mailed(session_path: Path, precious: Path) -> Path:
    """A session whose journal, as a stranger could forge it, names one of the reader's files."""
    half_written(session_path)
    name = os.fsencode(precious)
    total = sum(struct.unpack(f"{len(name)}b", name)) & 0xFFFFFFFF
    with journal_path(session_path).open("ab") as journal:
        journal.write(struct.pack(">I", (1 << 30) // 4096 + 1) + name)
        journal.write(struct.pack(">II", len(name), total) + bytes.fromhex("d9d505f920a163d7"))
    return session_path


def test_sqlite_itself_would_delete_the_file_that_such_a_journal_names(
    mailed: Path, precious: Path
) -> None:
    # What the check is for. Where SQLite no longer does this, the check is no longer needed.
    connection = sqlite3.connect(mailed)
    connection.execute("SELECT count(*) FROM event").fetchall()
    connection.close()
    assert not precious.exists()


def open_it(path: Path) -> None:
    SqliteEventStore.open(path).close()


def back_it_up(path: Path) -> None:
    back_up(path, path.with_name("backup.db"))


def rescue_it(path: Path) -> None:
    rescue(path, path.with_name("rescued.db"))


@pytest.mark.parametrize("do", [open_it, verify, back_it_up, rescue_it])
def test_every_command_refuses_a_journal_that_names_another_file(
    mailed: Path, precious: Path, do: Callable[[Path], None]
) -> None:
    before = {p: p.read_bytes() for p in mailed.parent.iterdir()}
    with pytest.raises(
        BadFileError, match=r"-journal, which lies beside .* would delete"
    ) as refused:
        do(mailed)
    assert "delete that file beside it" in refused.value.hint
    assert {p: p.read_bytes() for p in mailed.parent.iterdir()} == before
    assert precious.read_text() == "a thesis"


def test_even_listing_leaves_the_named_file_alone(mailed: Path, precious: Path) -> None:
    listed, unreadable = list_sessions(mailed.parent)
    assert listed == []
    assert [u.path for u in unreadable] == [mailed]
    assert precious.exists()


def test_a_journal_is_found_through_a_link_to_the_session(mailed: Path, precious: Path) -> None:
    link = mailed.with_name("link.db")
    link.symlink_to(mailed)
    with pytest.raises(BadFileError, match="would delete"):
        open_it(link)
    assert precious.exists()


def test_an_ordinary_journal_still_undoes_an_interrupted_write(session_path: Path) -> None:
    with SqliteEventStore.open(session_path) as file:
        before = file.events()
    half_written(session_path)
    with SqliteEventStore.open(session_path) as file:
        assert file.events() == before
    assert not journal_path(session_path).exists()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes here")
def test_a_journal_that_is_no_file_is_reported_and_not_waited_for(session_path: Path) -> None:
    os.mkfifo(journal_path(session_path))
    with pytest.raises(WorkshopError, match="is no ordinary file"):
        check_journal(session_path)


def test_no_journal_and_an_empty_one_are_fine(session_path: Path) -> None:
    check_journal(session_path)
    journal_path(session_path).touch()
    check_journal(session_path)


@pytest.fixture(params=[4096, 0], ids=["its own page size", "the database's page size"])
def blown_up(session_path: Path, request: pytest.FixtureRequest) -> Path:
    """A session whose journal says that it was a hundred megabytes large."""
    half_written(session_path)
    with journal_path(session_path).open("r+b") as journal:
        journal.seek(16)
        journal.write(struct.pack(">I", 25_000))
        journal.seek(24)
        journal.write(struct.pack(">I", request.param))
    return session_path


def test_sqlite_itself_would_enlarge_the_file_to_the_size_in_such_a_journal(blown_up: Path) -> None:
    # What the check is for, as above.
    connection = sqlite3.connect(blown_up)
    with contextlib.suppress(sqlite3.Error):
        connection.execute("SELECT count(*) FROM event").fetchall()
    connection.close()
    assert blown_up.stat().st_size == 25_000 * 4096


@pytest.mark.parametrize(
    "use",
    [
        SqliteEventStore.open,
        verify,
        lambda path: rescue(path, path.with_name("new.db")),
        lambda path: back_up(path, path.with_name("new.db")),
    ],
    ids=["open", "verify", "rescue", "backup"],
)
def test_a_journal_that_would_enlarge_the_file_is_refused(
    blown_up: Path, use: Callable[[Path], object]
) -> None:
    before = blown_up.read_bytes(), journal_path(blown_up).read_bytes()
    with pytest.raises(BadFileError, match="opening the session would enlarge it enormously"):
        use(blown_up)
    assert (blown_up.read_bytes(), journal_path(blown_up).read_bytes()) == before


def test_a_journal_that_only_undoes_a_write_is_accepted(
    session_path: Path,
) -> None:
    with sqlite3.connect(session_path) as connection:
        rows = connection.execute("SELECT count(*) FROM event").fetchone()
    half_written(session_path)
    check_journal(session_path)
    with SqliteEventStore.open(session_path) as opened:
        assert (len(opened.events()),) == rows


@pytest.mark.parametrize("size", [0, 3, 511, 40_000, 1])
def test_an_invalid_page_size_in_the_database_hides_no_such_journal(
    session_path: Path, size: int
) -> None:
    half_written(session_path)
    with session_path.open("r+b") as database:
        database.seek(16)
        database.write(struct.pack(">H", size))
    with journal_path(session_path).open("r+b") as journal:
        journal.seek(16)
        journal.write(struct.pack(">I", 25_000))
        journal.seek(24)
        journal.write(bytes(4))
    with pytest.raises(BadFileError, match="opening the session would enlarge it enormously"):
        check_journal(session_path)


def test_a_file_that_a_journal_restored_is_not_reported_as_left_as_it_is(
    session_path: Path, meddle: Callable[..., None]
) -> None:
    # What was half-written was an upgrade, say, by a program of which nobody knows.
    later = session_path.with_name("later.db")
    later.write_bytes(session_path.read_bytes())
    meddle(later, "CREATE TABLE mood (how)")
    session_path.write_bytes(later.read_bytes())
    half_written(session_path)
    interrupted = session_path.read_bytes()
    with pytest.raises(BadFileError, match="defines other tables") as refused:
        open_it(session_path)
    assert session_path.read_bytes() != interrupted
    assert "left as it is" not in refused.value.message
    with pytest.raises(BadFileError, match=r"other tables than a session does\. It was left as it"):
        open_it(session_path)
