"""Rolling backups: made before a session is written to, and never in the way of an answer."""

import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import pytest
from store_support import Writer

from workshop.errors import NotFoundError
from workshop.session.events import AnswerAdded, Event
from workshop.storage.backup import sound_backups
from workshop.storage.catalog import find_by_id, find_session, list_sessions
from workshop.storage.integrity.verify import verify
from workshop.storage.sqlite import event_store, rolling_backup
from workshop.storage.sqlite.event_store import SqliteEventStore
from workshop.storage.sqlite.rolling_backup import KEPT, backups_of

Happened = Callable[..., list[Event]]


class Run(NamedTuple):
    """Opens a session, adds an answer of some characters, and closes it."""

    path: Path
    happened: Happened

    def __call__(self, size: int = 9) -> tuple[str, ...]:
        """Return the notices on opening."""
        answer = AnswerAdded(question="what.first", text="x" * size, participant="Anna")
        with Writer.open_to_write(self.path) as store:
            store.add(self.happened(answer))
            return store.notices


@pytest.fixture
def run(session_path: Path, happened: Happened) -> Run:
    return Run(session_path, happened)


@pytest.fixture
def set_clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    """Return a function that sets the clock."""

    def set_to(now: datetime) -> None:
        class Clock(datetime):
            @classmethod
            def now(cls, _tz: object = None) -> datetime:
                return now

        monkeypatch.setattr(event_store, "datetime", Clock)

    return set_to


def open_and_close(path: Path) -> tuple[str, ...]:
    with SqliteEventStore.open_to_write(path) as store:
        return store.notices


def files_beside(path: Path) -> list[str]:
    return sorted(file.name for file in path.parent.iterdir() if file != path)


# ── made ─────────────────────────────────────────────────────────────────────────────────────


def test_a_session_is_backed_up_as_it_was_before_it_is_written_to(run: Run) -> None:
    before = run.path.read_bytes()
    assert run() == ()
    (backup,) = backups_of(run.path)
    assert verify(backup).events == 6
    with SqliteEventStore.open(backup) as copy, SqliteEventStore.open(run.path) as file:
        assert copy.events() == file.events()[:6]
    assert backup.stat().st_size == len(before)
    assert backup.stat().st_mode & 0o777 == 0o600


def test_the_name_of_a_backup_says_which_session_and_when(
    run: Run, set_clock: Callable[[datetime], None]
) -> None:
    time = datetime(2027, 3, 1, 0, 0, 5, 250, UTC)
    set_clock(time)
    run()
    name = f"{run.path.stem}.2027-03-01T000005.000250Z.db"
    assert backups_of(run.path) == {run.path.parent / "backups" / name: time}


def test_a_session_without_new_events_is_not_backed_up_again(run: Run) -> None:
    run()
    open_and_close(run.path)
    assert len(backups_of(run.path)) == 2
    for _ in range(3):
        open_and_close(run.path)
    assert len(backups_of(run.path)) == 2
    assert [backup.answers for backup in sound_backups(run.path)] == [3, 2]


def test_a_damaged_backup_is_no_reason_to_make_none(run: Run) -> None:
    open_and_close(run.path)
    (backup,) = backups_of(run.path)
    backup.write_bytes(b"gone" * 20_000)
    open_and_close(run.path)
    assert len(backups_of(run.path)) == 2
    assert len(sound_backups(run.path)) == 1


def test_a_backup_lies_beside_the_file_and_not_beside_a_link_to_it(
    run: Run, tmp_path: Path
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    link = elsewhere / "link.db"
    link.symlink_to(run.path)
    open_and_close(link)
    assert files_beside(link) == []
    assert list(backups_of(link)) == list(backups_of(run.path)) != []


# ── kept ─────────────────────────────────────────────────────────────────────────────────────


def test_the_last_five_are_kept_and_nothing_else_is_removed(run: Run) -> None:
    folder = run.path.parent / "backups"
    folder.mkdir()
    stem = run.path.stem
    others = [
        f"{stem}.db",
        f"{stem}.old.2027-03-01T000000.000000Z.db",
        f"{stem}.2027-03-01.db",
        f"{stem}.2027-13-01T000000.000000Z.db",
        "notes.txt",
    ]
    for name in others:
        (folder / name).write_bytes(b"theirs")
    first = [(run() and next(iter(backups_of(run.path)))) or next(iter(backups_of(run.path)))]
    for size in (9, 9, 9, 9, 9, 400_000, 9):  # more small ones than five would have room
        run(size)
    kept = list(backups_of(run.path))
    assert len(kept) == KEPT
    assert first not in kept
    assert kept == sorted(kept, reverse=True)
    assert [backup.answers for backup in sound_backups(run.path)] == [9, 8, 7, 6, 5]
    assert {file.name for file in folder.iterdir()} == {*others, *(file.name for file in kept)}


def test_the_backups_are_never_larger_than_five_times_the_session(run: Run) -> None:
    run(400_000)
    run()
    small = shutil.copy(next(reversed(backups_of(run.path))), run.path)  # put back by hand
    assert len(backups_of(run.path)) == 2
    run()
    total = sum(backup.stat().st_size for backup in backups_of(run.path))
    assert total <= KEPT * Path(small).stat().st_size
    assert backups_of(run.path)


# ── never in the way ─────────────────────────────────────────────────────────────────────────


def make_a_file(folder: Path, _patch: pytest.MonkeyPatch) -> None:
    folder.write_text("theirs")


def make_a_dangling_link(folder: Path, _patch: pytest.MonkeyPatch) -> None:
    folder.symlink_to(folder.with_name("nowhere") / "there")


def fill_the_disk(_folder: Path, patch: pytest.MonkeyPatch) -> None:
    usage = shutil.disk_usage(".")._replace(free=0)
    patch.setattr(shutil, "disk_usage", lambda _: usage)


def refuse_the_folder(_folder: Path, patch: pytest.MonkeyPatch) -> None:
    def refuse(_: Path) -> None:
        raise PermissionError(13, "Permission denied")

    patch.setattr(rolling_backup, "make_directory", refuse)


@pytest.mark.parametrize(
    ("prevent", "reason"),
    [
        (make_a_file, "file exists"),
        (make_a_dangling_link, "file exists"),
        (fill_the_disk, "no room left"),
        (refuse_the_folder, "permission denied"),
    ],
)
def test_a_backup_that_fails_is_said_and_the_session_goes_on(
    run: Run,
    monkeypatch: pytest.MonkeyPatch,
    prevent: Callable[[Path, pytest.MonkeyPatch], None],
    reason: str,
) -> None:
    folder = run.path.parent / "backups"
    prevent(folder, monkeypatch)
    (notice,) = run()
    assert notice.startswith("This session was not backed up before going on.")
    assert reason in notice
    assert str(folder) in notice
    assert backups_of(run.path) == {}
    assert sound_backups(run.path) == []
    assert verify(run.path).answers == 3


KILLED = """
import os, pathlib, signal, sys
from workshop.storage.sqlite import rolling_backup
from workshop.storage.sqlite.event_store import SqliteEventStore
copy = rolling_backup.copy_database
def killed(connection, path, target):
    copy(connection, path, target)
    os.kill(os.getpid(), signal.SIGKILL)
rolling_backup.copy_database = killed
SqliteEventStore.open_to_write(pathlib.Path(sys.argv[1]))
"""


def test_a_kill_while_a_backup_is_made_leaves_no_half_one(run: Run) -> None:
    before = run.path.read_bytes()
    ended = subprocess.run([sys.executable, "-c", KILLED, str(run.path)], check=False)
    assert ended.returncode == -signal.SIGKILL
    assert run.path.read_bytes() == before
    assert backups_of(run.path) == {}
    assert run() == ()
    assert [backup.answers for backup in sound_backups(run.path)] == [2]


def test_backups_are_never_listed_and_never_found_by_a_name(run: Run) -> None:
    run()
    (backup,) = backups_of(run.path)
    directory = run.path.parent
    listed, unreadable = list_sessions(directory)
    assert ([summary.path for summary in listed], unreadable) == ([run.path], [])
    assert find_session(directory, None) == run.path
    assert find_session(directory, "Acme") == run.path
    assert find_by_id(directory, listed[0].id) == run.path
    run.path.unlink()
    for name in ("Acme", listed[0].short_id, backup.name, backup.stem):
        with pytest.raises(NotFoundError):
            find_session(directory, name)
    assert find_session(directory, str(backup)) == backup


def test_a_file_that_was_just_migrated_has_a_copy_already(tmp_path: Path) -> None:
    old = Path(shutil.copy(Path(__file__).parents[2] / "data" / "session-v1.db", tmp_path))
    open_and_close(old)
    assert files_beside(old) == [f"{old.name}.v1-backup"]


def test_a_backup_that_is_opened_is_not_backed_up_itself(run: Run, happened: Happened) -> None:
    run()
    (backup,) = backups_of(run.path)
    Run(backup, happened)()
    assert files_beside(backup) == []
