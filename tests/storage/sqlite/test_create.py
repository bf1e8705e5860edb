"""Creating a session file, completely or not at all."""

import os
import re
import sqlite3
import stat
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from workshop.errors import CannotWriteError, Remedy
from workshop.files import atomic
from workshop.session.events import Event
from workshop.session.session import Session
from workshop.storage.sqlite import create, schema
from workshop.storage.sqlite.create import create_session, file_name
from workshop.storage.sqlite.event_store import SqliteEventStore

MakeSession = Callable[..., Session]

HOSTILE_TITLES = [
    "../../etc/passwd",
    "/etc/passwd",
    "..",
    ".",
    "~",
    "a/b\\c:d*e?f|g<h>i",
    "CON",
    "x" * 2_000,
    "$(reboot) `id` ; rm -rf /",
    "%2e%2e%2f",
    "Строительство 建設 🏗",
    "🏗",
    "\x1b[2Jcleared",
    "\u202egnp.exe",
    "-rf",
    "'; DROP TABLE event; --",
]


def pragma(path: Path, name: str) -> object:
    connection = sqlite3.connect(path)
    try:
        return connection.execute(f"PRAGMA {name}").fetchone()[0]
    finally:
        connection.close()


def test_the_file_is_named_by_date_title_and_short_id(
    tmp_path: Path, make_session: MakeSession
) -> None:
    session = make_session("Müller & Söhne: 2027!")
    path = create_session(tmp_path, session)
    assert path.parent == tmp_path
    assert re.fullmatch(r"2027-03-0[12]-muller-sohne-2027-[0-9a-f]{8}\.db", path.name)
    assert path.stem.endswith(session.short_id)


@pytest.mark.parametrize("title", HOSTILE_TITLES)
def test_a_hostile_title_never_becomes_a_path(
    tmp_path: Path, make_session: MakeSession, title: str
) -> None:
    directory = tmp_path / "sessions"
    session = make_session(title)
    path = create_session(directory, session)
    assert re.fullmatch(r"2027-03-0[12]-[a-z0-9-]{1,40}-[0-9a-f]{8}\.db", path.name)
    assert list(directory.iterdir()) == [path]
    assert list(tmp_path.iterdir()) == [directory]
    with SqliteEventStore.open(path) as opened:
        assert opened.session().title == session.title


def test_two_sessions_with_one_title_have_two_files(
    tmp_path: Path, make_session: MakeSession
) -> None:
    assert create_session(tmp_path, make_session()) != create_session(tmp_path, make_session())


def test_what_was_created_reads_back_equal(
    tmp_path: Path, make_session: MakeSession, first_events: Sequence[Event]
) -> None:
    session = make_session(quick=True, mode="solo")
    with SqliteEventStore.open(create_session(tmp_path, session, first_events)) as opened:
        assert opened.session() == session
        assert opened.events() == list(first_events)
        assert opened.drafts() == []


def test_the_header_identifies_a_session_file(session_path: Path) -> None:
    assert pragma(session_path, "application_id") == int.from_bytes(b"WSHP", "big")
    assert pragma(session_path, "user_version") == schema.VERSION
    assert pragma(session_path, "journal_mode") == "delete"


@pytest.mark.skipif(os.name != "posix", reason="permissions are POSIX's")
def test_only_its_owner_can_read_a_new_session(session_path: Path) -> None:
    assert stat.S_IMODE(session_path.stat().st_mode) == 0o600


def test_a_missing_directory_is_created(tmp_path: Path, make_session: MakeSession) -> None:
    path = create_session(tmp_path / "a" / "b", make_session())
    assert path.parent == tmp_path / "a" / "b"
    assert path.is_file()


def test_an_existing_file_is_never_overwritten(tmp_path: Path, make_session: MakeSession) -> None:
    session = make_session()
    existing = tmp_path / file_name(session)
    existing.write_bytes(b"somebody's")
    with pytest.raises(CannotWriteError, match=r"There is a file .* already"):
        create_session(tmp_path, session)
    assert existing.read_bytes() == b"somebody's"
    assert list(tmp_path.iterdir()) == [existing]


@pytest.fixture
def without_links(monkeypatch: pytest.MonkeyPatch) -> None:
    """Simulate a file system without hard links, such as a memory stick's."""

    def refuse(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(Path, "hardlink_to", refuse)


@pytest.mark.usefixtures("without_links")
def test_a_file_system_without_links_suffices(
    tmp_path: Path, make_session: MakeSession, first_events: Sequence[Event]
) -> None:
    path = create_session(tmp_path, make_session(), first_events)
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.usefixtures("without_links")
def test_an_existing_file_is_not_overwritten_without_links_either(
    tmp_path: Path, make_session: MakeSession
) -> None:
    test_an_existing_file_is_never_overwritten(tmp_path, make_session)


def test_temporary_files_of_a_killed_workshop_are_removed_once_they_are_old(
    tmp_path: Path, make_session: MakeSession
) -> None:
    names = (
        ".workshop-a1.part",
        ".workshop-a1.part-journal",
        ".workshop-b2.part",
        ".newest",
        "new-c3.part",
    )
    for name in names:
        (tmp_path / name).touch()
        os.utime(tmp_path / name, (1e9, 1e9))
    (tmp_path / ".workshop-b2.part").touch()
    path = create_session(tmp_path, make_session())
    left = {".workshop-b2.part", ".newest", "new-c3.part", path.name}
    assert {file.name for file in tmp_path.iterdir()} == left


def test_a_directory_that_is_a_file_is_reported(tmp_path: Path, make_session: MakeSession) -> None:
    (tmp_path / "sessions").write_text("not a directory")
    with pytest.raises(CannotWriteError, match="No session can be made in") as caught:
        create_session(tmp_path / "sessions", make_session())
    assert caught.value.remedy is Remedy.FOLDER


def test_a_directory_that_cannot_be_written_is_reported(
    tmp_path: Path, make_session: MakeSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The tests may run as root, who may write everywhere.
    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(atomic.os, "open", refuse)
    with pytest.raises(CannotWriteError, match=r"No session can be made in .*: permission denied"):
        create_session(tmp_path, make_session())
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_is_reported_without_the_temporary_file(
    tmp_path: Path, make_session: MakeSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    really_connect = create.connect

    def connect_without_room(path: Path) -> sqlite3.Connection:
        connection = really_connect(path)
        connection.execute("PRAGMA max_page_count = 3").fetchall()
        return connection

    monkeypatch.setattr(create, "connect", connect_without_room)
    with pytest.raises(CannotWriteError, match="the disk is full") as caught:
        create_session(tmp_path, make_session())
    assert ".part" not in caught.value.message
    assert list(tmp_path.iterdir()) == []


class Interrupted(BaseException):
    """Ctrl-C, as it can come at any moment."""


def interrupt(*_: object, **__: object) -> None:
    raise Interrupted


STEPS = [
    (atomic.os, "close"),
    (create, "connect"),
    (schema, "harden_connection"),
    (schema, "set_durability_pragmas"),
    (create, "session_row"),
    (SqliteEventStore, "session"),
    (SqliteEventStore, "load"),
    (SqliteEventStore, "append"),
    (atomic, "sync_file"),
    (atomic, "rename_into_place"),
]


@pytest.mark.parametrize(("owner", "step"), STEPS, ids=[step for _, step in STEPS])
@pytest.mark.parametrize("failure", [Interrupted, OSError], ids=["interrupted", "failing"])
def test_no_incomplete_file_remains_when_a_step_is_interrupted(
    tmp_path: Path,
    make_session: MakeSession,
    first_events: Sequence[Event],
    monkeypatch: pytest.MonkeyPatch,
    owner: object,
    step: str,
    failure: type[BaseException],
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise failure

    with monkeypatch.context() as patched:
        patched.setattr(owner, step, fail)
        with pytest.raises((Interrupted, CannotWriteError)):
            create_session(tmp_path, make_session(), first_events)
    assert list(tmp_path.iterdir()) == []


def test_an_interruption_after_the_rename_leaves_a_complete_session(
    tmp_path: Path,
    make_session: MakeSession,
    first_events: Sequence[Event],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(atomic, "sync_directory", interrupt)
        with pytest.raises(Interrupted):
            create_session(tmp_path, make_session(), first_events)
    (path,) = tmp_path.iterdir()
    with SqliteEventStore.open(path) as opened:
        assert opened.events() == list(first_events)


def test_a_file_system_that_cannot_sync_a_directory_suffices(
    tmp_path: Path, make_session: MakeSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    really_fsync = os.fsync

    def fsync(handle: int) -> None:
        if stat.S_ISDIR(os.fstat(handle).st_mode):
            raise OSError(22, "Invalid argument")
        really_fsync(handle)

    monkeypatch.setattr(os, "fsync", fsync)
    assert create_session(tmp_path, make_session()).is_file()


@pytest.mark.skipif(os.name != "posix", reason="elsewhere the system syncs no directory")
def test_the_folders_created_for_the_first_session_are_durable_before_the_session(
    tmp_path: Path, make_session: MakeSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[tuple[int, int]] = []
    really_fsync = os.fsync

    def fsync(handle: int) -> None:
        status = os.fstat(handle)
        synced.append((status.st_dev, status.st_ino))
        really_fsync(handle)

    monkeypatch.setattr(os, "fsync", fsync)
    directory = tmp_path / "share" / "workshop" / "sessions"
    create_session(directory, make_session())
    holding = [tmp_path, tmp_path / "share", tmp_path / "share" / "workshop", directory]
    inodes = [(status.st_dev, status.st_ino) for status in map(os.stat, holding)]
    assert [inode for inode in synced if inode in inodes] == inodes
