"""The thread that owns a session file."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from pathlib import Path

import pytest
from store_support import Writer

from workshop.errors import BadFileError, CannotWriteError, ChangedElsewhereError, NotFoundError
from workshop.session.events import AnswerAdded, Event
from workshop.session.record import Record
from workshop.storage.draft import Draft

Happened = Callable[..., list[Event]]


def read_again(path: Path) -> list[Event]:
    with Writer.open(path) as opened:
        return opened.events()


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
def hold(monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """Hold every append back until the event is set."""
    go_on = threading.Event()
    really_append = Writer.append

    def append_later(*arguments: object) -> tuple[Record, ...]:
        assert go_on.wait(30)
        return really_append(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(Writer, "append", append_later)
    return go_on


@pytest.fixture
def answers(happened: Happened) -> list[Event]:
    return happened(
        *(AnswerAdded(question="what.first", text=f"{n}", participant="A") for n in range(20))
    )


def test_a_writer_has_read_the_session_when_it_opens(
    session_path: Path, first_events: list[Event]
) -> None:
    with Writer.open(session_path) as opened:
        opened.save_draft(Draft("Anna", "what.first", "Rye"))
        session = opened.session()
    writer = Writer.open_to_write(session_path)
    writer.close()
    assert writer.path == session_path
    assert writer.session == session
    assert writer.events == first_events
    assert [d.text for d in writer.drafts] == ["Rye"]


def test_calls_return_before_the_disk_has_done_its_work(
    session_path: Path, answers: list[Event], hold: threading.Event
) -> None:
    writer = Writer.open_to_write(session_path)
    saved = writer.add(answers[:1])
    assert not saved.done()
    hold.set()
    saved.result(30)
    writer.close()
    assert read_again(session_path)[-1] == answers[0]


def test_the_order_of_the_calls_is_kept(session_path: Path, answers: list[Event]) -> None:
    writer = Writer.open_to_write(session_path)
    finished: list[str] = []
    futures: list[Future[None]] = []
    for event in answers:
        futures.append(writer.add([event]))
        futures[-1].add_done_callback(lambda _, text=event.body.text: finished.append(text))
    for future in futures:
        future.result(30)
    writer.close()
    assert read_again(session_path)[-20:] == answers
    assert finished == [str(n) for n in range(20)]


def test_appending_committed_events_again_is_harmless(
    session_path: Path, first_events: list[Event], answers: list[Event]
) -> None:
    writer = Writer.open_to_write(session_path)
    writer.add(answers[:2])
    writer.add(answers[:2])
    writer.add(answers[2:3])
    writer.close()
    assert read_again(session_path) == [*first_events, *answers[:3]]


def test_a_draft_sent_before_its_answer_is_gone_after_it(
    session_path: Path, answers: list[Event]
) -> None:
    writer = Writer.open_to_write(session_path)
    draft = Draft("Anna", "what.first", "Rye")
    writer.save_draft(draft)
    writer.add(answers[:1], cleared_draft=draft)
    writer.close()
    with Writer.open(session_path) as opened:
        assert opened.drafts() == []


def test_closing_finishes_the_pending_calls(
    session_path: Path, answers: list[Event], hold: threading.Event
) -> None:
    writer = Writer.open_to_write(session_path)
    futures = [writer.add([event]) for event in answers]
    futures.append(writer.save_draft(Draft("Anna", "what.first", "Rye")))
    closing = threading.Thread(target=writer.close)
    closing.start()
    assert not any(f.done() for f in futures)
    hold.set()
    closing.join(30)
    assert not closing.is_alive()
    assert all(f.done() and f.exception() is None for f in futures)
    assert read_again(session_path)[-20:] == answers


def test_an_error_arrives_through_the_future_and_the_writer_continues(
    session_path: Path, answers: list[Event], first_events: list[Event]
) -> None:
    writer = Writer.open_to_write(session_path)
    failed = writer.add([*answers[:1], first_events[0]])
    saved = writer.add(answers[1:])
    assert isinstance(failed.exception(30), CannotWriteError)
    assert saved.exception(30) is None
    writer.close()
    assert read_again(session_path)[len(first_events) :] == answers[1:]


def test_a_write_by_another_program_arrives_as_an_error(
    session_path: Path, answers: list[Event]
) -> None:
    writer = Writer.open_to_write(session_path)
    with Writer.open(session_path) as other:
        other.events()
        other.add(answers[:1])
    assert isinstance(writer.add(answers[1:]), ChangedElsewhereError)
    writer.close()


def test_a_file_that_cannot_be_opened_leaves_no_thread_behind(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError):
        Writer.open_to_write(tmp_path / "none.db")
    (tmp_path / "empty.db").touch()
    with pytest.raises(BadFileError):
        Writer.open_to_write(tmp_path / "empty.db")


def test_a_file_that_cannot_be_written_is_reported_before_anybody_types(
    session_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    really_records = Writer.records

    def make_read_only(self: Writer) -> list[Record]:
        records = really_records(self)
        self.select("PRAGMA query_only = ON")
        return records

    with monkeypatch.context() as patched:
        patched.setattr(Writer, "records", make_read_only)
        with pytest.raises(CannotWriteError, match="cannot be written: the file is read-only"):
            Writer.open_to_write(session_path)


def test_the_file_is_free_once_the_writer_is_closed(session_path: Path) -> None:
    writer = Writer.open_to_write(session_path)
    writer.close()
    writer.close()
    assert not session_path.with_name(session_path.name + "-journal").exists()
    session_path.unlink()
