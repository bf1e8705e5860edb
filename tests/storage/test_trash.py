"""Deleting a session: into the trash with its backups, or for good."""

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from store_support import Writer

from workshop.errors import BadFileError, CannotWriteError, InUseError, NotFoundError
from workshop.session.events import AnswerAdded, Event
from workshop.storage.backup import sound_backups
from workshop.storage.catalog import find_by_id, find_session, list_sessions
from workshop.storage.integrity.verify import verify
from workshop.storage.sqlite.journal import journal_path
from workshop.storage.sqlite.rolling_backup import backups_of
from workshop.storage.trash import delete_forever, move_to_trash

Meddle = Callable[..., None]


@pytest.fixture
def backed_up(session_path: Path, happened: Callable[..., list[Event]]) -> Path:
    """A session of three answers with a backup of two, and another of one more."""
    for number in range(3):
        answer = AnswerAdded(question="what.first", text=f"Bread {number}", participant="Anna")
        with Writer.open_to_write(session_path) as store:
            store.add(happened(answer))
    return session_path


def files_in(folder: Path) -> list[str]:
    return sorted(str(p.relative_to(folder)) for p in folder.rglob("*") if not p.is_dir())


# ── into the trash ───────────────────────────────────────────────────────────────────────────


def test_a_session_goes_into_the_trash_with_its_backups(backed_up: Path) -> None:
    backups = [backup.read_bytes() for backup in backups_of(backed_up)]
    before = backed_up.read_bytes()
    target = move_to_trash(backed_up)
    assert target == backed_up.parent / "trash" / backed_up.name
    assert target.read_bytes() == before
    assert [backup.read_bytes() for backup in backups_of(target)] == backups
    assert len(backups) == 3
    assert len(files_in(backed_up.parent)) == 4
    target.rename(backed_up)
    assert verify(backed_up).is_sound


def test_what_is_in_the_trash_is_never_listed_and_never_found_by_a_name(backed_up: Path) -> None:
    ((summary,), _) = list_sessions(backed_up.parent)
    move_to_trash(backed_up)
    assert list_sessions(backed_up.parent) == ([], [])
    assert find_by_id(backed_up.parent, summary.id) is None
    for name in ("Acme", summary.short_id, backed_up.name, backed_up.stem, None):
        with pytest.raises(NotFoundError):
            find_session(backed_up.parent, name)


def test_a_second_session_of_the_same_name_gets_a_name_of_its_own_in_the_trash(
    backed_up: Path,
) -> None:
    content = backed_up.read_bytes()
    targets = [move_to_trash(backed_up)]
    for _ in range(2):
        backed_up.write_bytes(content)
        with Writer.open_to_write(backed_up):
            pass
        targets.append(move_to_trash(backed_up))
    stem = backed_up.stem
    assert [target.name for target in targets] == [f"{stem}.db", f"{stem}-2.db", f"{stem}-3.db"]
    assert [len(sound_backups(target)) for target in targets] == [3, 1, 1]


def test_the_backups_of_another_session_stay(backed_up: Path) -> None:
    other = backed_up.with_name(f"{backed_up.stem}.other.db")
    other.write_bytes(backed_up.read_bytes())
    with Writer.open_to_write(other):
        pass
    move_to_trash(backed_up)
    assert len(backups_of(other)) == 1


def test_a_session_that_is_open_is_left_as_it_is(backed_up: Path) -> None:
    with Writer.open_to_write(backed_up):
        before = files_in(backed_up.parent)
        for delete in (move_to_trash, delete_forever):
            with pytest.raises(InUseError, match="is open in another Workshop"):
                delete(backed_up)
        assert files_in(backed_up.parent) == before


def test_a_write_that_was_cut_short_is_undone_first(backed_up: Path) -> None:
    whole = backed_up.read_bytes()
    other = sqlite3.connect(backed_up, isolation_level=None)
    other.execute("PRAGMA cache_size = 1")
    other.execute("PRAGMA cache_spill = 1")
    other.execute("BEGIN IMMEDIATE")
    other.execute("UPDATE event SET body = hex(zeroblob(20000))")
    left = backed_up.read_bytes(), journal_path(backed_up).read_bytes()
    other.execute("ROLLBACK")
    other.close()
    backed_up.write_bytes(left[0])
    journal_path(backed_up).write_bytes(left[1])
    target = move_to_trash(backed_up)
    assert target.read_bytes() == whole
    assert not journal_path(backed_up).exists()


def test_a_damaged_session_can_be_moved_and_another_file_cannot(
    backed_up: Path, meddle: Meddle, tmp_path: Path
) -> None:
    notes = tmp_path / "notes.db"
    notes.write_text("Dear Anna, " * 1_000)
    with pytest.raises(BadFileError, match="is not a session file"):
        move_to_trash(notes)
    with pytest.raises(BadFileError, match="is not a session file"):
        delete_forever(notes)
    assert notes.exists()
    meddle(backed_up, "CREATE TABLE theirs (a)")
    assert move_to_trash(backed_up).exists()


def test_the_file_behind_a_link_is_moved_and_the_link_is_removed(
    backed_up: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "links"
    folder.mkdir()
    link = folder / "link.db"
    link.symlink_to(backed_up)
    assert move_to_trash(link) == backed_up.parent / "trash" / backed_up.name
    assert files_in(folder) == []


def other_file_system(_trash: Path, patch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(18, "Invalid cross-device link")

    patch.setattr(os, "rename", refuse)


def no_rights(_trash: Path, patch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    patch.setattr(os, "mkdir", refuse)


@pytest.mark.parametrize(
    ("obstacle", "reason"),
    [
        (lambda trash, _: trash.write_text("theirs"), "file exists"),
        (lambda trash, _: trash.symlink_to(trash.with_name("nowhere") / "x"), "file exists"),
        (no_rights, "permission denied"),
        (other_file_system, "invalid cross-device link"),
    ],
)
def test_where_there_can_be_no_trash_a_session_stays_and_one_sentence_says_why(
    backed_up: Path,
    monkeypatch: pytest.MonkeyPatch,
    obstacle: Callable[[Path, pytest.MonkeyPatch], object],
    reason: str,
) -> None:
    trash = backed_up.parent / "trash"
    with monkeypatch.context() as patch:
        obstacle(trash, patch)
        with pytest.raises(CannotWriteError) as refused:
            move_to_trash(backed_up)
    assert refused.value.message == f"{backed_up} cannot be moved to {trash}: {reason}."
    assert verify(backed_up).is_sound
    assert len(backups_of(backed_up)) == 3


KILLED = """
import os, pathlib, signal, sys
from workshop.storage.trash import delete_forever, move_to_trash
left = int(sys.argv[2])
def killing(function):
    def wrapped(*arguments, **options):
        global left
        left -= 1
        if left < 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return function(*arguments, **options)
    return wrapped
os.rename, os.unlink = killing(os.rename), killing(os.unlink)
{"move": move_to_trash, "delete": delete_forever}[sys.argv[3]](pathlib.Path(sys.argv[1]))
"""


@pytest.mark.parametrize("calls", range(4))
def test_a_kill_leaves_a_session_whole_in_its_place_and_repeating_completes_it(
    backed_up: Path, calls: int
) -> None:
    content = backed_up.read_bytes()
    for verb, delete in (("move", move_to_trash), ("delete", delete_forever)):
        program = [sys.executable, "-c", KILLED, str(backed_up), str(calls), verb]
        assert subprocess.run(program, check=False).returncode == -signal.SIGKILL
        assert backed_up.read_bytes() == content
        target = delete(backed_up)
        assert not backed_up.exists()
        assert backups_of(backed_up) == {}
        if target is not None:
            assert len(backups_of(target)) == 3
            backed_up.write_bytes(target.read_bytes())
            for backup in backups_of(target):
                (backed_up.parent / "backups").mkdir(exist_ok=True)
                backup.rename(backed_up.parent / "backups" / backup.name)


# ── for good ─────────────────────────────────────────────────────────────────────────────────


def test_a_session_that_is_deleted_for_good_leaves_nothing(backed_up: Path) -> None:
    delete_forever(backed_up)
    assert files_in(backed_up.parent) == []


@pytest.mark.parametrize("delete", [move_to_trash, delete_forever])
def test_no_empty_folder_of_backups_stays_behind(
    backed_up: Path, delete: Callable[[Path], object]
) -> None:
    delete(backed_up)
    assert not (backed_up.parent / "backups").exists()
