"""The session lock: only one program at a time writes to a session."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from store_support import Writer

from workshop.errors import CannotWriteError, InUseError
from workshop.session.events import AnswerAdded, Event
from workshop.storage import lock as module
from workshop.storage.backup import back_up
from workshop.storage.catalog import list_sessions
from workshop.storage.integrity.verify import verify
from workshop.storage.lock import SessionLock, lock_path
from workshop.storage.merge_files import merge
from workshop.storage.sqlite.event_store import SqliteEventStore

HOLDER = """
import sys, pathlib
from workshop.storage.sqlite.event_store import SqliteEventStore
store = SqliteEventStore.open_to_write(pathlib.Path(sys.argv[1]))
print("held", flush=True)
sys.stdin.read()
"""


def holder(path: Path) -> "subprocess.Popen[str]":
    """Return another program that has the session open until its input ends."""
    program = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(path)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert program.stdout is not None
    assert program.stdout.readline() == "held\n"
    return program


def test_another_program_is_refused_with_the_process_that_has_it(session_path: Path) -> None:
    before = session_path.read_bytes()
    with holder(session_path) as program:
        with pytest.raises(InUseError) as refused:
            SqliteEventStore.open_to_write(session_path)
        program.kill()
    assert refused.value.message == (
        f"{session_path} is open in another Workshop (process {program.pid}), so it was left as "
        "it is."
    )
    assert refused.value.hint.startswith("Close it there first.")
    assert refused.value.exit_code == CannotWriteError.exit_code
    assert session_path.read_bytes() == before


@pytest.mark.parametrize("ending", [signal.SIGKILL, signal.SIGTERM, signal.SIGHUP])
def test_however_a_program_ends_its_session_is_free_at_once(
    session_path: Path, ending: signal.Signals
) -> None:
    with holder(session_path) as program:
        program.send_signal(ending)
        program.wait(30)
    assert lock_path(session_path).exists()  # nobody was left to remove it
    SqliteEventStore.open_to_write(session_path).close()
    left = {path.name for path in session_path.parent.iterdir()}
    assert left == {session_path.name, "backups"}


def test_a_second_writer_in_the_same_program_is_refused_too(session_path: Path) -> None:
    writer = SqliteEventStore.open_to_write(session_path)
    with pytest.raises(InUseError, match=f"process {os.getpid()}"):
        SqliteEventStore.open_to_write(session_path)
    writer.close()
    SqliteEventStore.open_to_write(session_path).close()


def test_nothing_is_left_beside_a_session_that_was_closed_or_refused(
    session_path: Path, tmp_path: Path
) -> None:
    SqliteEventStore.open_to_write(session_path).close()
    damaged = tmp_path / "damaged.db"
    damaged.write_bytes(session_path.read_bytes()[:5000])
    foreign = tmp_path / "foreign.db"
    foreign.write_text("no session")
    for path in (damaged, foreign, tmp_path / "none.db"):
        with pytest.raises(Exception, match=path.name):
            SqliteEventStore.open_to_write(path)
    assert set(tmp_path.rglob("*.lock")) == set()


def test_a_link_to_a_session_leads_to_the_same_lock(session_path: Path, tmp_path: Path) -> None:
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    link = folder / "link.db"
    link.symlink_to(session_path)
    writer = SqliteEventStore.open_to_write(link)
    for path in (session_path, link):
        with pytest.raises(InUseError):
            SqliteEventStore.open_to_write(path)
    writer.close()
    assert list(folder.iterdir()) == [link]


def test_everything_that_reads_works_beside_a_writer(session_path: Path, tmp_path: Path) -> None:
    writer = SqliteEventStore.open_to_write(session_path)
    listed, unreadable = list_sessions(session_path.parent)
    assert [summary.path for summary in listed] == [session_path]
    assert unreadable == []
    with SqliteEventStore.open(session_path) as file:
        assert file.events() == writer.events()
    assert verify(session_path).is_sound
    assert back_up(session_path, tmp_path / "copy.db").is_sound
    assert merge(session_path, tmp_path / "copy.db", tmp_path / "both.db").events == len(
        writer.events()
    )
    writer.close()


def test_a_backup_does_not_replace_a_session_that_is_open(
    session_path: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other.db"
    back_up(session_path, other)
    writer = SqliteEventStore.open_to_write(other)
    before = other.read_bytes()
    with pytest.raises(InUseError, match="open in another Workshop"):
        back_up(session_path, other, replace=True)
    assert other.read_bytes() == before
    writer.close()
    assert back_up(session_path, other, replace=True).is_sound
    assert not lock_path(other).exists()


def test_of_many_threads_only_one_at_a_time_has_the_lock(session_path: Path) -> None:
    inside: list[int] = []
    most: list[int] = []
    refused: list[int] = []

    def come(number: int) -> None:
        for _ in range(200):
            try:
                lock = SessionLock.acquire(session_path)
            except InUseError:
                refused.append(number)
                continue
            inside.append(number)
            most.append(len(inside))
            inside.remove(number)
            lock.release()

    threads = [threading.Thread(target=come, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(most) == {1}
    assert len(most) + len(refused) == 8 * 200
    assert not lock_path(session_path).exists()


def test_a_lock_file_that_was_removed_meanwhile_is_not_accepted(
    session_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = SessionLock.acquire(session_path)
    real = module._lock
    holds: list[SessionLock] = []

    def late(handle: int, path: Path) -> bool:
        monkeypatch.setattr(module, "_lock", real)
        first.release()  # the file that this one has opened is gone, and another takes its place
        holds.append(SessionLock.acquire(session_path))
        return real(handle, path)

    monkeypatch.setattr(module, "_lock", late)
    with pytest.raises(InUseError):
        SessionLock.acquire(session_path)
    assert lock_path(session_path).exists()
    holds[0].release()


class TestWhereNothingCanBeHeld:
    """A session can be continued all the same, and the log decides who may write."""

    def opened_twice(self, path: Path, answers: list[Event]) -> None:
        first, second = Writer.open_to_write(path), Writer.open_to_write(path)
        second.load()
        first.add(answers[:1])
        with pytest.raises(CannotWriteError, match="another Workshop has written"):
            second.add(answers[1:])
        first.close()
        second.close()

    def test_because_the_disk_has_no_locks(
        self,
        session_path: Path,
        happened: Callable[..., list[Event]],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        import portalocker

        def none(*_: object) -> None:
            raise portalocker.LockException("no locks available")

        monkeypatch.setattr(portalocker, "lock", none)
        answer = AnswerAdded(question="what.first", text="Rye", participant="A")
        self.opened_twice(session_path, happened(answer, answer))

    @pytest.mark.parametrize("kind", ["link", "folder", "text", "hard link"])
    def test_because_the_lock_path_is_taken_by_something_that_is_left_alone(
        self,
        session_path: Path,
        tmp_path: Path,
        happened: Callable[..., list[Event]],
        kind: str,
    ) -> None:
        lock, precious = lock_path(session_path), tmp_path / "precious"
        precious.write_text("mine")
        match kind:
            case "link":
                lock.symlink_to(precious)
            case "folder":
                lock.mkdir()
            case "hard link":
                lock.hardlink_to(precious)
            case _:
                lock.write_text("much more than a process would write here")
        answer = AnswerAdded(question="what.first", text="Rye", participant="A")
        self.opened_twice(session_path, happened(answer, answer))
        assert precious.read_text() == "mine"
        assert os.path.lexists(lock)
        assert kind != "text" or lock.read_text().startswith("much more")


def test_an_empty_or_foreign_lock_file_only_leaves_out_the_process(
    session_path: Path,
) -> None:
    lock = SessionLock.acquire(session_path)
    for words in ("", "\x1b[2J", "12\n34"):
        lock_path(session_path).write_text(words)
        with pytest.raises(InUseError) as refused:
            SessionLock.acquire(session_path)
        assert refused.value.message.startswith(f"{session_path} is open in another Workshop, so")
    lock.release()
    lock.release()


def test_everyone_who_may_write_to_the_session_may_lock_it(session_path: Path) -> None:
    session_path.chmod(0o664)
    lock = SessionLock.acquire(session_path)
    assert lock_path(session_path).stat().st_mode & 0o777 == 0o664
    lock.release()
