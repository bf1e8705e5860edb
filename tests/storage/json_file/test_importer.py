"""Creating a session file from the JSON file that an export has written."""

import io
import os
import signal
import sqlite3
import subprocess
import sys
import time

import pytest
from json_samples import EVENTS, LOG, SESSION, TEXT, encode_with_hashes, event, value
from store_support import Writer

from workshop.errors import (
    BadFileError,
    CannotReadError,
    CannotWriteError,
    NotFoundError,
    WorkshopError,
)
from workshop.export import json_session
from workshop.export.request import ReportRequest
from workshop.session.event_log import EventLog
from workshop.session.record import Record
from workshop.storage.catalog import list_sessions
from workshop.storage.draft import Draft
from workshop.storage.json_file.importer import import_from, import_session
from workshop.storage.sqlite import create
from workshop.storage.sqlite.create import create_from_log, create_session
from workshop.storage.sqlite.event_store import SqliteEventStore


@pytest.fixture
def directory(tmp_path):
    return tmp_path / "sessions"


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "x.json"
    path.write_text(TEXT, "utf-8")
    return path


def exported(path):
    """Return the JSON of a session file."""
    with SqliteEventStore.open(path) as opened:
        session, log = opened.session(), opened.load().records
    event_log = EventLog(record.event for record in log)
    return json_session.write(ReportRequest(session, event_log, log=log)).content


def rows(path):
    """Return everything in a session file, by table."""
    connection = sqlite3.connect(path)
    try:
        return {
            table: connection.execute(f"SELECT * FROM {table} ORDER BY 1").fetchall()
            for table in ("session", "event", "draft")
        }
    finally:
        connection.close()


# ── an equal session ─────────────────────────────────────────────────────────────────────────


def test_an_imported_session_is_equal(directory, file):
    path = import_session(directory, file)
    with SqliteEventStore.open(path) as opened:
        assert opened.session() == SESSION
        assert opened.events() == EVENTS
        assert opened.load().records == LOG
    assert list(directory.iterdir()) == [path]


def test_every_row_of_the_new_file_is_that_of_the_old(tmp_path, directory):
    counters = (
        Record(index // 2, r.actor, r.id, r.at, r.kind, r.body) for index, r in enumerate(LOG)
    )
    old = create_from_log(tmp_path / "old", SESSION, tuple(counters))
    new = import_from(directory, io.BytesIO(exported(old)), "x.json")
    assert rows(new) == rows(old)
    assert new.name == old.name
    assert exported(new) == exported(old)


def test_the_state_of_an_imported_session_is_equal(tmp_path, directory):
    old = create_session(tmp_path / "old", SESSION, EVENTS)
    new = import_from(directory, io.BytesIO(exported(old)), "x.json")
    with SqliteEventStore.open(new) as opened:
        state, was = EventLog(opened.events()).state, EventLog(EVENTS).state
    assert list(state.answers.items()) == list(was.answers.items())
    assert [answer.text for answer in state.answers.values()][-1] == "Nobody asks any more"
    assert (state.skipped, state.position, state.participants, state.unapplied) == (
        was.skipped,
        was.position,
        was.participants,
        was.unapplied,
    )
    assert state.unapplied[0].event.body.raw == '{ "of" : [1.50, "\\u202e", {}] }'


def test_half_typed_text_is_not_exported(tmp_path, directory):
    old = create_session(tmp_path / "old", SESSION, EVENTS)
    before = exported(old)
    with SqliteEventStore.open(old) as opened:
        opened.save_draft(Draft("Änne", "who.first", "half-typed"))
    assert exported(old) == before


# ── what is no session ───────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("content", [b"", b"{}", TEXT.encode()[:-900], b"\xff\xfe{\x00}\x00"])
def test_a_file_that_is_no_session_leaves_nothing_behind(directory, file, content):
    file.write_bytes(content)
    with pytest.raises(BadFileError, match=r"x\.json"):
        import_session(directory, file)
    assert not directory.exists()


def test_a_session_file_needs_no_import(tmp_path, directory):
    old = create_session(tmp_path / "old", SESSION, EVENTS)
    with pytest.raises(BadFileError, match="is a database and no export") as caught:
        import_session(directory, old)
    assert str(directory) in caught.value.hint


@pytest.mark.parametrize("name", ["none.json", "a/b.json"])
def test_a_missing_file_is_reported(directory, tmp_path, name):
    with pytest.raises(NotFoundError, match=r"There is no file .*\.json"):
        import_session(directory, tmp_path / name)


@pytest.mark.parametrize("name", ["", "x.json/x", "a" * 300, "a\0b"])
def test_an_unreadable_path_is_reported_in_one_line(directory, file, name):
    with pytest.raises(WorkshopError) as caught:
        import_session(directory, file.parent / name)
    assert isinstance(caught.value, CannotReadError)
    assert "\n" not in str(caught.value)


def test_a_read_error_in_the_source_is_reported(directory):
    class Broken(io.RawIOBase):
        def read(self, size=-1):
            raise OSError(5, "Input/output error")

    with pytest.raises(CannotReadError, match="The pipe cannot be read: input/output error"):
        import_from(directory, Broken(), "The pipe")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes here")
def test_a_named_pipe_is_reported_and_not_waited_for(directory, tmp_path):
    os.mkfifo(tmp_path / "pipe.json")
    with pytest.raises(CannotReadError, match="cannot be read: it is not an ordinary file"):
        import_session(directory, tmp_path / "pipe.json")


def test_no_more_bytes_are_read_than_a_session_can_have(directory, monkeypatch):
    monkeypatch.setattr("workshop.storage.json_file.importer.MAX_BYTES", 1_000)
    monkeypatch.setattr("workshop.storage.json_file.writer.MAX_BYTES", 1_000)
    endless = io.BytesIO(b" " * 1_000_000)
    with pytest.raises(BadFileError, match="is larger than"):
        import_from(directory, endless, "x.json")
    assert endless.tell() == 1_001


# ── what is there already ────────────────────────────────────────────────────────────────────


def test_an_existing_session_is_not_imported_again(directory, file):
    path = import_session(directory, file)
    renamed = path.rename(path.with_name("monday.db"))
    before = renamed.read_bytes()
    with pytest.raises(CannotWriteError) as caught:
        import_session(directory, file)
    assert str(caught.value) == (
        f"The session '{SESSION.title}' is there already: {renamed}. Nothing was imported. "
        "Choose another folder."
    )
    assert list(directory.iterdir()) == [renamed]
    assert renamed.read_bytes() == before


def test_a_session_that_was_continued_is_not_reset_by_an_import(directory, file):
    path = import_session(directory, file)
    with Writer.open(path) as opened:
        opened.events()
        opened.add([event(99, EVENTS[2].body)])
    with pytest.raises(CannotWriteError, match="is there already"):
        import_session(directory, file)
    with SqliteEventStore.open(path) as opened:
        assert len(opened.events()) == len(EVENTS) + 1


def test_another_session_of_the_same_title_does_not_prevent_an_import(directory, file):
    create_session(directory, SESSION.model_copy(update={"id": "f" * 32}), EVENTS)
    import_session(directory, file)
    assert len(list_sessions(directory)[0]) == 2


def test_a_damaged_file_of_that_name_is_left_alone(directory, file):
    path = import_session(directory, file)
    path.write_bytes(path.read_bytes()[:5_000])
    with pytest.raises(CannotWriteError, match=r"There is a file .* already"):
        import_session(directory, file)
    assert path.stat().st_size == 5_000
    # Out of the way, it can be replaced by what was exported.
    path.rename(path.with_name("damaged.db"))
    assert import_session(directory, file) == path


def test_of_two_imports_at_the_same_time_exactly_one_succeeds(directory, file, monkeypatch):
    really_find = create.file_name

    def another_import(session):
        monkeypatch.setattr(create, "file_name", really_find)
        create_session(directory, session, EVENTS[:1])
        return really_find(session)

    monkeypatch.setattr(create, "file_name", another_import)
    with pytest.raises(CannotWriteError, match=r"There is a file .* already"):
        import_session(directory, file)
    (path,) = directory.iterdir()
    with SqliteEventStore.open(path) as opened:
        assert opened.events() == EVENTS[:1]


# ── whole or not at all ──────────────────────────────────────────────────────────────────────


@pytest.mark.skipif(os.name != "posix", reason="signals are POSIX's")
def test_an_import_that_is_killed_leaves_no_session(directory, file, tmp_path):
    code = (
        "import signal, sys\n"
        "from pathlib import Path\n"
        "from workshop.storage.json_file import importer\n"
        "from workshop.files import atomic\n"
        "def wait(*_):\n"
        "    print('named next', flush=True)\n"
        "    signal.pause()\n"
        "atomic.rename_into_place = wait\n"
        f"importer.import_session(Path({str(directory)!r}), Path({str(file)!r}))\n"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE) as child:
        assert child.stdout.readline() == b"named next\n"
        child.send_signal(signal.SIGKILL)
    assert list_sessions(directory) == ([], [])
    (temporary,) = directory.iterdir()
    assert temporary.name.startswith(".workshop-")
    # Somebody may still be at work on it; after an hour nobody is.
    path = import_session(directory, file)
    assert set(directory.iterdir()) == {temporary, path}
    os.utime(temporary, (time.time() - 4_000, time.time() - 4_000))
    path.unlink()
    assert import_session(directory, file) == path
    assert list(directory.iterdir()) == [path]


def test_a_full_disk_is_reported_and_leaves_no_file(directory, monkeypatch):
    events = [event(number, EVENTS[2].body) for number in range(500)]
    content = json_session.write(ReportRequest(SESSION, EventLog(events))).content
    really_connect = create.connect

    def connect_without_room(path):
        connection = really_connect(path)
        connection.execute("PRAGMA max_page_count = 20").fetchall()
        return connection

    monkeypatch.setattr(create, "connect", connect_without_room)
    monkeypatch.setattr("workshop.storage.sqlite.schema.connect", connect_without_room)
    with pytest.raises(CannotWriteError, match="the disk is full"):
        import_from(directory, io.BytesIO(content), "x.json")
    assert list(directory.iterdir()) == []


@pytest.mark.parametrize("created", ["0001-01-01T00:00:00.000", "9999-12-31T23:59:59.999"])
@pytest.mark.parametrize("zone", ["Pacific/Auckland", "America/Los_Angeles"])
def test_the_first_and_the_last_possible_day_can_be_imported(directory, monkeypatch, created, zone):
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        changed = value()
        changed["session"]["created"] = f"{created}+00:00"
        path = import_from(directory, io.BytesIO(encode_with_hashes(changed)), "x.json")
    finally:
        monkeypatch.undo()
        time.tzset()
    assert path.name.startswith(created[:4])


def test_a_session_can_be_imported_into_another_folder_beside_itself(tmp_path, directory, file):
    path = import_session(directory, file)
    assert import_session(tmp_path / "other", file) == tmp_path / "other" / path.name
