"""Copying a session, even while another program writes to it."""

import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from damage_support import records_in
from store_support import Writer

from workshop.errors import (
    BadFileError,
    CannotReadError,
    CannotWriteError,
    NotFoundError,
    Remedy,
)
from workshop.session.events import AnswerAdded, Event
from workshop.storage import backup as module
from workshop.storage.backup import back_up
from workshop.storage.draft import Draft
from workshop.storage.integrity.verify import verify
from workshop.storage.sqlite.event_store import SqliteEventStore

Meddle = Callable[..., None]


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_the_copy_holds_all_that_the_session_does(file: Writer, tmp_path: Path) -> None:
    file.save_draft(Draft("Anna", "who.first", "half"))
    before = file.path.read_bytes()
    verdict = back_up(file.path, tmp_path / "copy.db")
    assert (verdict.is_sound, verdict.events, verdict.answers) == (True, 6, 2)
    with SqliteEventStore.open(tmp_path / "copy.db") as copy:
        assert copy.session() == file.session()
        assert copy.load().records == file.load().records
        assert [draft.text for draft in copy.drafts()] == ["half"]
    assert file.path.read_bytes() == before
    assert names(tmp_path) == sorted([file.path.name, "copy.db"])


def test_a_definition_that_is_no_text_is_damage(file: Writer, tmp_path: Path) -> None:
    content = file.path.read_bytes()
    file.path.write_bytes(content.replace(b"CREATE TABLE draft", b"CREATE TAB\xe6E draft"))
    with pytest.raises(BadFileError, match="is damaged: SQLite cannot make sense of it"):
        back_up(file.path, tmp_path / "copy.db")
    assert names(tmp_path) == [file.path.name]


def test_the_copy_is_consistent_while_another_program_writes(
    file: Writer, tmp_path: Path, happened: Callable[..., list[Event]]
) -> None:
    def copy_again_and_again() -> None:
        for n in range(2):
            command = ["backup", str(file.path), "-o", str(tmp_path / f"copy{n}.db")]
            run = [sys.executable, "-m", "workshop", *command]
            results.append(subprocess.run(run, capture_output=True, text=True, check=False))
        done.set()

    done = threading.Event()
    results: list[subprocess.CompletedProcess[str]] = []
    thread = threading.Thread(target=copy_again_and_again)
    thread.start()
    while not done.wait(0.02):
        file.add(happened(AnswerAdded(question="who.first", text="more", participant="Anna")))
    thread.join()
    assert [(run.returncode, run.stdout[-4:]) for run in results] == [(0, ".db\n")] * 2
    log = file.records()
    copies = [records_in(tmp_path / f"copy{n}.db") for n in range(2)]
    assert copies == [log[: len(copy)] for copy in copies]
    assert 6 <= len(copies[0]) < len(copies[1]) < len(log)


def test_a_session_in_wal_mode_is_copied_with_what_is_in_the_wal(
    session_path: Path, tmp_path: Path, meddle: Meddle
) -> None:
    meddle(session_path, "PRAGMA journal_mode = WAL")
    other = sqlite3.connect(session_path, isolation_level=None)
    other.execute("INSERT INTO draft VALUES ('', 'Anna', 'who.first', '', 'in the WAL', '')")
    back_up(session_path, tmp_path / "copy.db")
    other.close()
    assert (tmp_path / "copy.db").read_bytes()[18:20] == b"\x01\x01"
    with SqliteEventStore.open(tmp_path / "copy.db") as copy:
        assert [draft.text for draft in copy.drafts()] == ["in the WAL"]


def test_a_file_of_an_older_version_is_copied_as_it_is(tmp_path: Path) -> None:
    old = Path(__file__).parents[1] / "data" / "session-v1.db"
    path = tmp_path / "old.db"
    path.write_bytes(old.read_bytes())
    back_up(path, tmp_path / "copy.db")
    assert (tmp_path / "copy.db").read_bytes()[60:64] == (1).to_bytes(4, "big")


def test_an_existing_file_stays_unless_it_may_be_replaced(
    session_path: Path, tmp_path: Path
) -> None:
    target = tmp_path / "copy.db"
    target.write_bytes(b"somebody's")
    with pytest.raises(CannotWriteError, match="is there already") as refused:
        back_up(session_path, target)
    assert refused.value.remedy is Remedy.REPLACING
    assert target.read_bytes() == b"somebody's"
    back_up(session_path, target, replace=True)
    assert verify(target).is_sound


@pytest.mark.parametrize("replace", [True, False])
def test_a_session_is_never_copied_over_itself(
    session_path: Path, tmp_path: Path, replace: bool
) -> None:
    (tmp_path / "link.db").symlink_to(session_path)
    before = session_path.read_bytes()
    for target in (session_path, tmp_path / "link.db"):
        with pytest.raises(CannotWriteError, match="is the session itself"):
            back_up(session_path, target, replace=replace)
    assert session_path.read_bytes() == before


@pytest.mark.parametrize("replace", [True, False])
def test_a_damaged_session_is_not_copied(
    session_path: Path, tmp_path: Path, meddle: Meddle, replace: bool
) -> None:
    meddle(session_path, "UPDATE event SET actor = 'Ben' WHERE seq = 3")
    if replace:
        (tmp_path / "copy.db").write_bytes(b"an older copy")
    before = {p.name: p.read_bytes() for p in tmp_path.iterdir()}
    with pytest.raises(BadFileError, match=r"is damaged: the record of event 3 .* not copied"):
        back_up(session_path, tmp_path / "copy.db", replace=replace)
    assert {p.name: p.read_bytes() for p in tmp_path.iterdir()} == before


def test_a_file_that_is_no_session_is_not_copied(tmp_path: Path) -> None:
    (tmp_path / "text.db").write_text("Dear Anna, " * 99)
    with pytest.raises(BadFileError, match="is not a session file"):
        back_up(tmp_path / "text.db", tmp_path / "copy.db")
    with pytest.raises(NotFoundError):
        back_up(tmp_path / "none.db", tmp_path / "copy.db")
    assert names(tmp_path) == ["text.db"]


def test_a_session_that_is_locked_for_long_is_reported(
    session_path: Path, tmp_path: Path, impatient: None
) -> None:
    other = sqlite3.connect(session_path, isolation_level=None)
    try:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(CannotReadError, match="is being written by another program"):
            back_up(session_path, tmp_path / "copy.db")
    finally:
        other.close()
    assert names(tmp_path) == [session_path.name]


def test_a_full_disk_is_reported_and_leaves_no_file(
    session_path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    really_connect = module.schema.connect

    def connect_without_room(path: Path, mode: str = "rw") -> sqlite3.Connection:
        connection = really_connect(path, mode)
        if path.suffix == ".part":
            connection.execute("PRAGMA max_page_count = 3").fetchall()
        return connection

    monkeypatch.setattr(module.schema, "connect", connect_without_room)
    with pytest.raises(CannotWriteError, match="the disk is full") as refused:
        back_up(session_path, tmp_path / "copy.db")
    assert ".part" not in refused.value.message
    assert names(tmp_path) == [session_path.name]
