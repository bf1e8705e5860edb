"""The limits of a session: Workshop reads whatever it writes, and nothing larger."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from store_support import Writer

from workshop.errors import BadFileError, CannotWriteError
from workshop.live_session import LiveSession
from workshop.session.events import AnswerAdded, Event
from workshop.session.record import Record
from workshop.storage.backup import back_up
from workshop.storage.catalog import list_sessions
from workshop.storage.draft import Draft
from workshop.storage.event_store import Tail, tails_after
from workshop.storage.integrity.rescue import rescue
from workshop.storage.integrity.verify import verify
from workshop.storage.merge_files import merge
from workshop.storage.sqlite import schema
from workshop.storage.sqlite.event_store import SqliteEventStore
from workshop.storage.sqlite.event_table import insert_records
from workshop.text import MAX_CHARACTERS

Happened = Callable[..., list[Event]]


def show(path: Path) -> None:
    with SqliteEventStore.open(path) as file:
        file.events()


def list_it(path: Path) -> None:
    _, unreadable = list_sessions(path.parent)
    raise unreadable[0].reason


def verify_it(path: Path) -> None:
    damage = verify(path).damage
    raise BadFileError(f"{path} is damaged: {damage[0]}. {damage[1:]}")


def back_it_up(path: Path) -> None:
    back_up(path, path.with_name("new"))


def rescue_it(path: Path) -> None:
    rescue(path, path.with_name("new"))


def merge_it(path: Path) -> None:
    merge(path, path, path.with_name("new"))


def resume(path: Path) -> None:
    LiveSession.open(path).close()


READERS = [show, list_it, verify_it, back_it_up, merge_it, resume]


@pytest.fixture
def with_a_long_text(session_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A session with an event that is too long, and with the right hashes."""
    monkeypatch.setattr(schema, "MAX_VALUE_BYTES", 50_000)
    with closing(sqlite3.connect(session_path, isolation_level=None)) as connection:
        sql = "SELECT seq, chain FROM event ORDER BY seq DESC LIMIT 1"
        (row,) = connection.execute(sql).fetchall()
        record = Record(
            row[0] + 1, "Anna", "f" * 32, "2027-03-01T09:00:00.000Z", "novel", "x" * 50_001
        )
        insert_records(connection, [record], tails_after(Tail(*row), [record])[1:])
    return session_path


@pytest.mark.parametrize("read", READERS)
def test_every_command_reports_a_text_that_is_too_long_in_the_same_words(
    with_a_long_text: Path, read: Callable[[Path], None]
) -> None:
    before = with_a_long_text.read_bytes()
    message = (
        f"{with_a_long_text} is damaged: it holds a text that is longer than any that Workshop"
    )
    with pytest.raises(BadFileError) as refused:
        read(with_a_long_text)
    assert refused.value.message.startswith(f"{message} writes.")
    assert with_a_long_text.read_bytes() == before
    assert not with_a_long_text.with_name("new").exists()


def test_rescue_saves_the_others(with_a_long_text: Path, tmp_path: Path) -> None:
    assert rescue(with_a_long_text, tmp_path / "new").events == 6


@pytest.mark.parametrize("read", [*READERS, rescue_it])
@pytest.mark.parametrize("beside", ["", "-journal", "-wal"])
def test_every_command_refuses_a_file_that_is_too_large_in_the_same_words(
    session_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    read: Callable[[Path], None],
    beside: str,
) -> None:
    large = session_path.with_name(session_path.name + beside)
    with large.open("ab") as file:
        file.truncate(session_path.stat().st_size + 1)
    monkeypatch.setattr(schema, "MAX_FILE_BYTES", large.stat().st_size - 1)
    with pytest.raises(BadFileError) as refused:
        read(session_path)
    which = ", which lies beside the session," if beside else ""
    assert refused.value.message == f"{large}{which} is larger than any session."


@pytest.mark.parametrize("read", READERS)
def test_every_command_reports_too_many_events_in_the_same_words(
    session_path: Path, monkeypatch: pytest.MonkeyPatch, read: Callable[[Path], None]
) -> None:
    monkeypatch.setattr(schema, "MAX_EVENTS", 6)
    show(session_path)
    assert verify(session_path).is_sound
    monkeypatch.setattr(schema, "MAX_EVENTS", 5)
    message = f"{session_path} is damaged: it holds more events than any session."
    with pytest.raises(BadFileError) as refused:
        read(session_path)
    assert refused.value.message.startswith(message)


def test_a_failed_copy_is_reported_with_the_path_of_its_source(
    session_path: Path, meddle: Callable[..., None], tmp_path: Path
) -> None:
    meddle(session_path, "DELETE FROM event", "UPDATE session SET bank = '{}'")
    with pytest.raises(BadFileError) as refused:
        back_up(session_path, tmp_path / "new")
    assert refused.value.message.startswith(f"{session_path} is damaged: the question bank")


def test_every_command_reads_the_longest_possible_answer(
    session_path: Path, happened: Happened
) -> None:
    events = happened(
        AnswerAdded(question="what.first", text='"🥖' * (MAX_CHARACTERS // 2), participant="Anna")
    )
    with Writer.open(session_path) as file:
        before = file.events()
        file.save_draft(Draft("Anna", "what.first", events[0].body.text))
        file.add(events)
    new = session_path.with_name("new.db")
    back_up(session_path, new)
    assert verify(new).is_sound
    with SqliteEventStore.open(new) as file:
        assert file.events() == [*before, *events]


def test_nothing_is_saved_that_would_make_the_file_too_large_to_open(
    file: Writer,
    monkeypatch: pytest.MonkeyPatch,
    happened: Happened,
    one_more: list[Event],
) -> None:
    before = file.events()
    monkeypatch.setattr(schema, "MAX_FILE_BYTES", file.path.stat().st_size + 10_000)
    long = happened(AnswerAdded(question="what.first", text="x" * 12_000, participant="Anna"))
    with pytest.raises(CannotWriteError, match="Not saved: the session would be larger than any"):
        file.add(long)
    with pytest.raises(CannotWriteError, match="Not saved: the session would be larger than any"):
        file.save_draft(Draft("Anna", "what.first", "x" * 30_000))
    file.add(one_more)
    with SqliteEventStore.open(file.path) as again:
        assert (again.events(), again.drafts()) == ([*before, *one_more], [])


def test_a_text_that_is_too_long_is_not_saved(
    session_path: Path, monkeypatch: pytest.MonkeyPatch, happened: Happened, one_more: list[Event]
) -> None:
    monkeypatch.setattr(schema, "MAX_VALUE_BYTES", 50_000)
    long = happened(AnswerAdded(question="what.first", text="x" * 50_000, participant="Anna"))
    with Writer.open(session_path) as file:
        before = file.events()
        with pytest.raises(CannotWriteError, match="Not saved: it is longer than any text that a"):
            file.add(long)
        file.add(one_more)
        assert file.events() == [*before, *one_more]
