"""The thread in which a live session's store is opened, written and closed."""

import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import pytest
from live_session_support import open_client, say, texts
from store_support import Writer

from workshop.client import Client
from workshop.errors import (
    BadFileError,
    CannotWriteError,
    ChangedElsewhereError,
    InUseError,
    NotFoundError,
)
from workshop.live_session import Commit, LiveSession, Proposal, make_events, now
from workshop.session.event_log import EventLog
from workshop.session.events import PointParked
from workshop.session.record import Record
from workshop.storage.event_store import Tail
from workshop.storage.lock import lock_path
from workshop.storage.sqlite.event_store import SqliteEventStore


def answers_in(path: Path) -> list[str]:
    with SqliteEventStore.open(path) as store:
        return [answer.text for answer in EventLog(store.events()).state.answers.values()]


def writer_threads() -> list[threading.Thread]:
    return [t for t in threading.enumerate() if t.name.startswith("session-writer")]


@pytest.fixture(autouse=True)
def _no_thread_is_left() -> Iterator[None]:
    assert writer_threads() == []
    yield
    for thread in writer_threads():
        thread.join(10)
    assert writer_threads() == []


@pytest.fixture
def client(path: Path) -> Iterator[Client]:
    """A client of a session that has begun and has an answer."""
    client = open_client(path)
    say(client, "the first")
    yield client
    client.live_session.close()


@pytest.fixture
def hold(client: Client, monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """Hold every append back until the event is set."""
    go_on = threading.Event()
    really_append = SqliteEventStore.append

    def append_later(
        store: SqliteEventStore, records: Sequence[Record], *rest: Any, **options: Any
    ) -> Tail:
        assert go_on.wait(30)
        return really_append(store, records, *rest, **options)

    monkeypatch.setattr(SqliteEventStore, "append", append_later)
    return go_on


def test_a_live_session_has_read_its_file_when_it_opens(path: Path) -> None:
    client = open_client(path)
    say(client, "the first")
    draft = client.make_draft("half a tho")
    client.live_session.close()
    with SqliteEventStore.open(path) as store:
        store.save_draft(draft)
        session, events = store.session(), tuple(store.events())
    live_session = LiveSession.open(path)
    live_session.close()
    assert (live_session.path, live_session.recorded) == (path, session)
    assert live_session.event_log.events == events
    assert live_session.drafts == (draft,)


def test_a_commit_returns_before_the_disk_has_done_its_work(
    path: Path, client: Client, hold: threading.Event
) -> None:
    committing = client.commit(client.propose("the second"))
    assert not committing.done()
    assert texts(client) == ["the first"]
    hold.set()
    committing.result(30)
    assert texts(client) == answers_in(path) == ["the first", "the second"]


def test_commits_are_settled_and_saved_in_the_order_in_which_they_are_asked_for(
    path: Path, client: Client
) -> None:
    finished: list[str] = []
    futures: list[Future[Proposal]] = []
    for number in range(20):
        futures.append(client.commit(client.propose(f"{number}")))
        futures[-1].add_done_callback(lambda _, text=f"{number}": finished.append(text))
    for future in futures:
        future.result(30)
    client.live_session.close()  # whoever waits for a result may go on before its callbacks
    assert finished == answers_in(path)[1:] == [str(number) for number in range(20)]


def test_whoever_stops_waiting_for_a_commit_cancels_nothing(
    path: Path, client: Client, hold: threading.Event
) -> None:
    second = Commit(client.propose("the second"))
    client.live_session.submit(second)
    third = client.commit(client.propose("the third"))
    assert not second.settled.cancel()
    assert not third.cancel()
    hold.set()
    assert second.settled.result(30)
    assert third.result(30)
    assert texts(client) == answers_in(path) == ["the first", "the second", "the third"]


def test_a_draft_that_is_asked_for_before_its_answer_is_gone_after_it(
    path: Path, client: Client
) -> None:
    saving = client.save_draft("half a thought")
    committing = client.commit(client.propose("a whole thought"))
    saving.result(30)
    committing.result(30)
    with SqliteEventStore.open(path) as store:
        assert store.drafts() == []


def test_closing_finishes_everything_that_was_asked_for(
    path: Path, client: Client, hold: threading.Event, tmp_path: Path
) -> None:
    live_session, copy = client.live_session, tmp_path / "copy.db"
    futures: list[Future[Any]] = [
        client.commit(client.propose(f"{number}")) for number in range(20)
    ]
    futures += [client.save_draft("half a tho"), client.save_as(str(copy), "")]
    closing = threading.Thread(target=live_session.close)
    closing.start()
    assert not any(future.done() for future in futures)
    hold.set()
    closing.join(30)
    assert not closing.is_alive()
    assert all(future.done() and future.exception() is None for future in futures)
    assert answers_in(copy)[1:] == answers_in(path)[1:] == [str(number) for number in range(20)]
    with SqliteEventStore.open(path) as store:
        assert [draft.text for draft in store.drafts()] == ["half a tho"]


def test_an_error_arrives_through_the_future_and_the_next_call_works(
    path: Path, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        error = CannotWriteError("Not saved: the disk is full (x.db).")

        def fail(*_: object) -> None:
            raise error

        patched.setattr(SqliteEventStore, "append", fail)
        patched.setattr(SqliteEventStore, "save_draft", fail)
        committing = client.commit(client.propose("the second"))
        assert client.save_draft("half a tho").exception(30) is error
        assert committing.exception(30) is error
    assert client.commit(client.propose("the third")).exception(30) is None
    assert texts(client) == answers_in(path) == ["the first", "the third"]


def test_a_write_by_another_program_arrives_as_an_error(path: Path, client: Client) -> None:
    with Writer.open(path) as other:
        theirs = PointParked(text="theirs", question="", participant="Anna")
        other.add(make_events([theirs], "Anna", now()))
    for _ in range(2):
        error = client.commit(client.propose("the second")).exception(30)
        assert isinstance(error, ChangedElsewhereError)
    assert texts(client) == ["the first"]


def test_a_file_that_cannot_be_opened_leaves_no_thread_and_no_lock_behind(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError):
        LiveSession.open(tmp_path / "none.db")
    (tmp_path / "empty.db").touch()
    with pytest.raises(BadFileError):
        LiveSession.open(tmp_path / "empty.db")
    assert [path.name for path in tmp_path.iterdir()] == ["empty.db"]


@pytest.mark.parametrize("step", ["session", "load", "drafts"])
def test_a_store_that_turns_out_to_be_damaged_is_closed(
    path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    def fail(*_: object) -> None:
        raise BadFileError("It is damaged.")

    with monkeypatch.context() as patched:
        patched.setattr(SqliteEventStore, step, fail)
        with pytest.raises(BadFileError):
            LiveSession.open(path)
    assert not lock_path(path).exists()
    LiveSession.open(path).close()


def test_the_file_is_free_once_the_live_session_is_closed(path: Path, client: Client) -> None:
    with pytest.raises(InUseError):
        LiveSession.open(path)
    client.live_session.close()
    client.live_session.close()
    assert list(path.parent.glob(f"*{path.name}*")) == [path]
    LiveSession.open(path).close()
