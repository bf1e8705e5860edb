"""A commit that SQLite reports as failed although its events are in the file."""

from collections.abc import Callable
from pathlib import Path

import pytest
from disk_support import DoubtfulDisk
from store_support import Writer

from workshop.errors import CannotWriteError, ChangedElsewhereError
from workshop.session.events import AnswerAdded, Event
from workshop.storage.draft import Draft
from workshop.storage.integrity.verify import verify
from workshop.storage.sqlite.event_store import SqliteEventStore

Happened = Callable[..., list[Event]]
DRAFT = Draft("Anna", "what.first", "Rye")


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> DoubtfulDisk:
    return DoubtfulDisk(monkeypatch)


@pytest.fixture
def on_it(disk: DoubtfulDisk, file: Writer) -> Writer:
    """The session of six events on that disk, open and read."""
    return file


def in_file(path: Path) -> list[Event]:
    with SqliteEventStore.open(path) as opened:
        return opened.events()


def added(happened: Happened, text: str) -> list[Event]:
    return happened(AnswerAdded(question="what.first", text=text, participant="Anna"))


def test_events_that_every_reader_sees_count_as_saved(
    disk: DoubtfulDisk, on_it: Writer, one_more: list[Event], happened: Happened
) -> None:
    before = on_it.events()
    on_it.save_draft(DRAFT)
    disk.failing = 1
    on_it.add(one_more, cleared_draft=DRAFT)
    assert disk.failing == 0
    assert in_file(on_it.path) == [*before, *one_more]
    assert on_it.drafts() == []
    more = added(happened, "Wheat")
    on_it.add(more)
    assert in_file(on_it.path) == [*before, *one_more, *more]
    assert verify(on_it.path).is_sound


@pytest.mark.parametrize("words", ["Rye bread", "something else"])
def test_an_uncertain_commit_is_not_saved_and_a_second_try_writes_it_once(
    disk: DoubtfulDisk,
    on_it: Writer,
    one_more: list[Event],
    happened: Happened,
    words: str,
) -> None:
    before = on_it.events()
    disk.failing, disk.is_unreadable_after = 1, True
    with pytest.raises(CannotWriteError, match="Not saved: the disk reports an error"):
        on_it.add(one_more)
    assert in_file(on_it.path) == [*before, *one_more]
    again = added(happened, words)
    on_it.add(again)
    assert in_file(on_it.path) == [*before, *again]
    assert verify(on_it.path).is_sound


def test_the_answers_of_an_uncertain_commit_leave_the_table_with_it(
    disk: DoubtfulDisk, on_it: Writer, one_more: list[Event], happened: Happened
) -> None:
    disk.failing, disk.is_unreadable_after = 1, True
    with pytest.raises(CannotWriteError, match="Not saved"):
        on_it.add([*one_more, *added(happened, "Wheat")], with_changes=True)
    on_it.add(added(happened, "Oats"), with_changes=True)
    assert verify(on_it.path).is_sound


def test_the_same_events_can_be_tried_again_and_again(
    disk: DoubtfulDisk, on_it: Writer, one_more: list[Event], happened: Happened
) -> None:
    before = on_it.events()
    disk.failing, disk.is_unreadable_after = 3, True
    for events in (one_more, added(happened, "Wheat"), one_more):
        with pytest.raises(CannotWriteError, match="Not saved: the disk reports an error"):
            on_it.add(events)
    on_it.add(one_more)
    assert in_file(on_it.path) == [*before, *one_more]


def test_events_that_another_workshop_appended_to_it_stay(
    disk: DoubtfulDisk, on_it: Writer, one_more: list[Event], happened: Happened
) -> None:
    disk.failing, disk.is_unreadable_after = 1, True
    with pytest.raises(CannotWriteError, match="Not saved"):
        on_it.add(one_more)
    theirs = added(happened, "Theirs")
    with Writer.open(on_it.path) as other:
        other.events()
        other.add(theirs)
    committed = in_file(on_it.path)
    with pytest.raises(ChangedElsewhereError):
        on_it.add(one_more)
    assert in_file(on_it.path) == committed
    assert committed[-2:] == [*one_more, *theirs]


def test_a_file_that_was_moved_meanwhile_has_saved_nothing(
    disk: DoubtfulDisk,
    on_it: Writer,
    one_more: list[Event],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    disk.failing = 1
    looks = iter([True, False])  # before the commit, and after
    monkeypatch.setattr("workshop.storage.sqlite.event_store.is_same_file", lambda *_: next(looks))
    with pytest.raises(CannotWriteError, match="Not saved"):
        on_it.add(one_more)
