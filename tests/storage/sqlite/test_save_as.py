"""Saving an open session to another file, when it cannot be saved in its own."""

import os
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from live_session_support import open_client, say
from store_support import Writer

from workshop.errors import CannotWriteError
from workshop.live_session import LiveSession
from workshop.session.events import AnswerAdded, Event
from workshop.session.record import Record
from workshop.storage.draft import Draft
from workshop.storage.integrity.rescue import rescue
from workshop.storage.integrity.verify import verify
from workshop.storage.merge_files import merge
from workshop.storage.sqlite.event_store import SqliteEventStore
from workshop.storage.sqlite.save_as import save_as

UNSAVED = Draft("Anna", "who.first", "not saved there", at="2027-03-01T10:00:00Z")


@pytest.fixture
def target(tmp_path: Path) -> Path:
    (tmp_path / "stick").mkdir()
    return tmp_path / "stick" / "copy.db"


def in_file(path: Path) -> tuple[list[Event], list[Draft]]:
    with SqliteEventStore.open(path) as file:
        return file.events(), file.drafts()


def test_the_copy_holds_the_session_and_its_drafts_also_one_that_was_not_saved(
    session_path: Path, target: Path, first_events: list[Event]
) -> None:
    live_session = LiveSession.open(session_path)
    draft = Draft("Ben", "what.first", "half a tho", at="2027-03-01T09:30:00Z")
    live_session.save_draft(draft)
    live_session.save_draft(UNSAVED._replace(text="what was saved there"))
    assert live_session.save_as(str(target), UNSAVED).result(30) == target
    live_session.close()
    assert in_file(target) == (first_events, [draft, UNSAVED])
    assert verify(target).is_sound
    assert list(target.parent.iterdir()) == [target]


def test_a_folder_gets_a_file_of_the_sessions_name(session_path: Path, target: Path) -> None:
    live_session = LiveSession.open(session_path)
    where = live_session.save_as(str(target.parent), None).result(30)
    live_session.close()
    assert where == target.parent / session_path.name
    assert verify(where).is_sound


@pytest.mark.skipif(os.name != "posix", reason="an open file stays where it is on Windows")
def test_a_deleted_session_can_be_saved_even_in_its_own_place(
    session_path: Path, first_events: list[Event]
) -> None:
    live_session = LiveSession.open(session_path)
    session_path.unlink()
    live_session.save_as(str(session_path), UNSAVED).result(30)
    live_session.close()
    assert in_file(session_path) == (first_events, [UNSAVED])


def test_a_session_that_cannot_be_read_any_more_can_be_saved(
    session_path: Path, target: Path, first_events: list[Event]
) -> None:
    client = open_client(session_path)
    said = say(client, "Rye").events
    live_session = client.live_session
    session_path.write_bytes(b"gone" * 5_000)
    live_session.save_as(str(target), UNSAVED).result(30)
    live_session.close()
    assert in_file(target) == ([*first_events, *said], [UNSAVED])
    with SqliteEventStore.open(target) as copy:
        assert copy.session() == live_session.recorded


def save_from_memory(path: Path, target: Path) -> None:
    """Save the session at `path` to `target`, after it was read and closed."""
    with SqliteEventStore.open(path) as store:
        row, log = store.row, store.load().records
    assert save_as(row, log, [], target, path.name) == target


def letters(path: Path) -> tuple[Mapping[str, object], tuple[Record, ...]]:
    with SqliteEventStore.open(path) as file:
        return file.row, file.load().records


def test_a_copy_of_a_merged_session_is_exact_and_merges_with_it_again(
    session_path: Path,
    target: Path,
    happened: Callable[..., list[Event]],
) -> None:
    other = session_path.with_name("other.db")
    other.write_bytes(session_path.read_bytes())
    for path in (session_path, other):
        with Writer.open(path) as file:
            answer = AnswerAdded(question="what.first", text=path.stem, participant="Anna")
            file.add(happened(answer))
    both = session_path.with_name("both.db")
    merge(session_path, other, both)
    save_from_memory(both, target)
    assert letters(target) == letters(both)
    assert [record.counter for record in letters(target)[1]] == [1, 2, 3, 4, 5, 6, 7, 7]
    merged = merge(both, target, session_path.with_name("again.db"))
    assert (merged.events, merged.reworded) == (8, ())


def test_a_copy_of_a_rescued_session_merges_with_the_sound_copy(
    session_path: Path,
    target: Path,
    meddle: Callable[..., None],
) -> None:
    torn = session_path.with_name("torn.db")
    torn.write_bytes(session_path.read_bytes())
    meddle(torn, "UPDATE event SET actor = 'Nobody' WHERE seq = 3")
    rescued = session_path.with_name("rescued.db")
    assert rescue(torn, rescued).missing == (3,)
    save_from_memory(rescued, target)
    assert merge(session_path, target, session_path.with_name("whole.db")).events == 6


def test_the_copy_retains_what_a_newer_version_wrote(session_path: Path, target: Path) -> None:
    later = '{"question":"who.first","text":"Rye","participant":"Anna","mood":"good"}'
    with SqliteEventStore.open(session_path) as file:
        record = Record(7, "Anna", "f" * 32, "2028-01-01", "answer_added", later)
        file.append([record], file.load().tail)
    save_from_memory(session_path, target)
    assert letters(target)[1][-1].body == later


@pytest.mark.parametrize(
    "place", ["there already", "no folder/copy.db", "a\0b", "x" * 5000, "~nobody-here/copy.db"]
)
def test_an_impossible_target_is_reported_and_no_file_remains(
    session_path: Path, target: Path, place: str
) -> None:
    (target.parent / "there already").write_text("mine")
    words = place if place.startswith("~") else f"{target.parent}/{place}"
    live_session = LiveSession.open(session_path)
    error = live_session.save_as(words, None).exception(30)
    live_session.close()
    assert isinstance(error, CannotWriteError)
    assert "\n" not in error.message
    assert [path.name for path in target.parent.iterdir()] == ["there already"]
    assert (target.parent / "there already").read_text() == "mine"
