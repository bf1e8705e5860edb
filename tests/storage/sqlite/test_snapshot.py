"""Reading a session file through a snapshot, without touching it."""

import errno
import os
import sqlite3
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

from workshop.errors import BadFileError, CannotReadError, CannotWriteError, NotFoundError
from workshop.storage.sqlite import schema
from workshop.storage.sqlite import snapshot as module
from workshop.storage.sqlite.event_store import SqliteEventStore
from workshop.storage.sqlite.journal import journal_path
from workshop.storage.sqlite.snapshot import snapshot


def look_into(path: Path) -> None:
    with snapshot(path):
        pass


def test_the_snapshot_equals_the_file_and_is_deleted_at_the_end(session_path: Path) -> None:
    with snapshot(session_path) as copy:
        assert copy.read_bytes() == session_path.read_bytes()
        assert copy.parent != session_path.parent
        assert copy.parent.stat().st_mode & 0o077 == 0
    assert not copy.parent.exists()


def test_the_snapshot_is_deleted_after_an_error_too(session_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), snapshot(session_path) as copy:
        raise ZeroDivisionError
    assert not copy.parent.exists()


def test_an_interrupted_write_is_rolled_back_in_the_snapshot_only(session_path: Path) -> None:
    with SqliteEventStore.open(session_path) as file:
        before = file.events()
    other = sqlite3.connect(session_path, isolation_level=None)
    other.execute("PRAGMA cache_size = 1")
    other.execute("PRAGMA cache_spill = 1")
    other.execute("BEGIN IMMEDIATE")
    other.execute("UPDATE event SET body = hex(zeroblob(20000))")
    interrupted = [session_path.read_bytes(), journal_path(session_path).read_bytes()]
    other.execute("ROLLBACK")
    other.close()
    session_path.write_bytes(interrupted[0])
    journal_path(session_path).write_bytes(interrupted[1])
    with snapshot(session_path) as copy, SqliteEventStore.open(copy) as file:
        assert file.events() == before
    assert [session_path.read_bytes(), journal_path(session_path).read_bytes()] == interrupted


def test_no_program_can_write_while_the_snapshot_is_made(
    session_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused: list[str] = []
    really_copy = module.shutil.copyfile

    def copy_while_somebody_writes(source: Path, target: Path) -> None:
        other = sqlite3.connect(session_path, isolation_level=None, timeout=0)
        try:
            other.execute("UPDATE session SET title = 'another'")
        except sqlite3.OperationalError as error:
            refused.append(str(error))
        finally:
            other.close()
        really_copy(source, target)

    monkeypatch.setattr(module.shutil, "copyfile", copy_while_somebody_writes)
    look_into(session_path)
    assert refused == ["database is locked"]


def test_a_file_that_is_locked_for_long_is_reported(session_path: Path, impatient: None) -> None:
    other = sqlite3.connect(session_path, isolation_level=None)
    try:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(CannotReadError, match="is being written by another program"):
            look_into(session_path)
    finally:
        other.close()


def test_the_snapshot_contains_what_was_written_in_wal_mode(
    session_path: Path, meddle: Callable[..., None]
) -> None:
    meddle(session_path, "PRAGMA journal_mode = WAL")
    other = sqlite3.connect(session_path, isolation_level=None)
    other.execute("UPDATE session SET title = 'In the WAL'")
    names = sorted(p.name for p in session_path.parent.iterdir())
    with snapshot(session_path) as copy:
        looking = sqlite3.connect(copy)
        assert looking.execute("SELECT title FROM session").fetchall() == [("In the WAL",)]
        looking.close()
    assert sorted(p.name for p in session_path.parent.iterdir()) == names
    other.close()


def test_anything_but_an_ordinary_file_is_reported(tmp_path: Path) -> None:
    for path, kind in (
        (tmp_path, BadFileError),
        (tmp_path / "none", NotFoundError),
        (Path(os.devnull), BadFileError),
    ):
        with pytest.raises(kind, match=str(path)):
            look_into(path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes here")
@pytest.mark.parametrize("beside", ["-journal", "-wal", "-shm"])
def test_a_pipe_beside_the_file_is_not_waited_for(session_path: Path, beside: str) -> None:
    os.mkfifo(session_path.with_name(session_path.name + beside))
    if beside == "-journal":
        with (
            pytest.raises(BadFileError, match="is no ordinary file"),
            snapshot(session_path),
        ):
            pass
    else:
        with snapshot(session_path) as copy:
            assert copy.read_bytes() == session_path.read_bytes()


def test_a_file_larger_than_any_session_is_refused(
    session_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(schema, "MAX_FILE_BYTES", session_path.stat().st_size - 1)
    with pytest.raises(BadFileError, match="larger than any session"):
        look_into(session_path)


@pytest.mark.parametrize("owner", [tempfile, module.shutil], ids=["folder", "file"])
def test_no_room_for_the_snapshot_is_reported(
    session_path: Path, monkeypatch: pytest.MonkeyPatch, owner: object
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    name = "copyfile" if owner is module.shutil else "TemporaryDirectory"
    monkeypatch.setattr(owner, name, refuse)
    with pytest.raises(CannotWriteError, match="no space left on device") as refused:
        look_into(session_path)
    assert "TMPDIR" in refused.value.hint


def test_a_file_that_may_not_be_read_is_reported(
    session_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The tests may run as root, to whom every file is open.
    def refuse(*_: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(module.shutil, "copyfile", refuse)
    with pytest.raises(CannotReadError, match="cannot be read: permission denied"):
        look_into(session_path)
