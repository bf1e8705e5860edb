"""Line mode where a reply is not saved: failing disks, interruptions, replies not recorded."""

import contextlib
import io
import itertools
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from disk_support import DoubtfulDisk
from plain_support import Interrupted, Talk
from store_support import Writer

from workshop import live_session
from workshop.banks.registry import find_bank
from workshop.client import Client
from workshop.errors import CannotWriteError, ChangedElsewhereError, InUseError
from workshop.frontends.cli.sessions import make_session
from workshop.frontends.plain import line_mode
from workshop.live_session import Commit, LiveSession, Proposal, make_events
from workshop.session.event_log import EventLog
from workshop.session.events import PointParked
from workshop.storage.draft import Draft
from workshop.storage.event_store import Tail
from workshop.storage.sqlite.event_store import SqliteEventStore
from workshop.text import counted

IT = find_bank("it")

TraceFunction = Callable[[FrameType, str, object], "TraceFunction | None"]


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return make_session(tmp_path, IT, title="Acme", participants=["Anna"])


class FailingDisk:
    """Makes the next commits of every session fail, but not those of a copy in the making."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
        self.failures = 0
        real = SqliteEventStore.append

        def append(store: SqliteEventStore, *arguments: Any, **options: Any) -> Tail:
            if self.failures == 0 or store.path.suffix != ".db":
                return real(store, *arguments, **options)
            self.failures -= 1
            raise error

        monkeypatch.setattr(SqliteEventStore, "append", append)


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> FailingDisk:
    return FailingDisk(monkeypatch, CannotWriteError("Not saved: the disk is full (x.db)."))


SAVING = {
    "handle",
    "_commit_together",
    "_handle_one",
    "try_again",
    "_carry_out",
    "_save",
    "submit",
}
"""The functions by which replies are saved."""


def callers(frame: FrameType | None) -> Iterator[str]:
    while frame := frame and frame.f_back:
        yield frame.f_code.co_name


def first_line(frame: FrameType) -> int:
    """Return the number of the first line in the body of a function."""
    start = frame.f_code.co_firstlineno
    return min(line for *_, line in frame.f_code.co_lines() if line is not None and line > start)


@contextlib.contextmanager
def ctrl_c_at_line(number: int) -> Iterator[list[tuple[str, int]]]:
    """Let Ctrl+C come before the `number`-th line by which replies are saved; yield where."""
    came: list[tuple[str, int]] = []
    lines = 0

    def trace(frame: FrameType, event: str, _: object) -> "TraceFunction | None":
        nonlocal lines
        code = frame.f_code
        if (
            code.co_filename not in (line_mode.__file__, live_session.__file__)
            or code.co_name not in SAVING
        ):
            return None
        is_inside = "handle" in callers(frame) or (
            code.co_name == "handle" and frame.f_lineno > first_line(frame)
        )
        if event == "line" and is_inside:
            lines += 1
            if lines == number:
                came.append((code.co_name, frame.f_lineno))
                raise KeyboardInterrupt
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        yield came
    finally:
        sys.settrace(before)


class TestFailedSaves:
    def begun(self, path: Path) -> None:
        Talk(path, "")

    def test_an_answer_that_cannot_be_saved_is_reported_and_tried_again(
        self, path: Path, disk: FailingDisk
    ) -> None:
        self.begun(path)
        disk.failures = 1
        talk = Talk(path, "First\n\n")
        assert (
            "not saved: the disk is full (x.db). /copy FILE saves a copy elsewhere. An empty line "
            "tries again."
        ) in talk.lines
        assert talk.answers == ["First"]
        assert talk.code == 0

    @pytest.mark.parametrize("is_unreadable_after", [False, True])
    def test_an_answer_of_a_doubtful_commit_is_there_once(
        self, path: Path, monkeypatch: pytest.MonkeyPatch, is_unreadable_after: bool
    ) -> None:
        self.begun(path)
        disk = DoubtfulDisk(monkeypatch)
        disk.failing, disk.is_unreadable_after = 1, is_unreadable_after
        talk = Talk(path, "First\n\nSecond\n" if is_unreadable_after else "First\nSecond\n")
        assert ("not saved: the disk reports an error" in talk.text) == is_unreadable_after
        assert talk.answers == ["First", "Second"]
        assert (talk.code, disk.failing) == (0, 0)

    def test_what_follows_waits_its_turn(self, path: Path, disk: FailingDisk) -> None:
        self.begun(path)
        disk.failures = 3
        talk = Talk(path, "First\n\nSecond\n\nThird\n")
        assert talk.answers == ["First", "Second", "Third"]
        assert len({a.question for a in talk.event_log.state.answers.values()}) == 3
        assert talk.code == 0

    def test_the_end_of_input_with_something_unsaved_is_no_success(
        self, path: Path, disk: FailingDisk
    ) -> None:
        self.begun(path)
        disk.failures = 100
        talk = Talk(path, "First\nSecond\n")
        assert talk.code == 6
        assert "saved" not in {line.split()[0] for line in talk.lines}
        assert "Not saved: 2 replies." in talk.err

    def test_a_full_disk_costs_each_line_of_a_pipe_one_attempt(
        self, path: Path, disk: FailingDisk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        self.begun(path)
        proposed: list[str] = []
        propose = Client.propose

        def count(client: Client, text: str) -> Proposal:
            proposed.append(text)
            return propose(client, text)

        monkeypatch.setattr(Client, "propose", count)
        disk.failures = 1000
        replies = [f"Answer {number}" for number in range(40)]
        talk = Talk(path, "\n".join(replies) + "\n", together=True)
        assert f"Not saved: {len(replies)} replies." in talk.err
        assert len(proposed) <= 2 * len(replies) + 1  # once together, once a line, once at the end

    def test_an_answer_that_is_saved_during_an_interruption_is_no_draft(
        self, path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        self.begun(path)
        interruptions = [KeyboardInterrupt()]

        class Settled(Future[tuple[Proposal, ...]]):
            """A result for which Ctrl+C does not wait, although it comes."""

            def result(self, timeout: float | None = None) -> tuple[Proposal, ...]:
                settled = super().result(timeout)
                if interruptions and settled[0].events:
                    raise interruptions.pop()
                return settled

        class InterruptedCommit(Commit):
            def __init__(self, *proposals: Proposal) -> None:
                super().__init__(*proposals)
                self.settled = Settled()

        monkeypatch.setattr(line_mode, "Commit", InterruptedCommit)
        talk = Talk(path, "First\n")
        assert (talk.code, interruptions) == (130, [])
        assert talk.answers == ["First"]
        assert "Not saved" not in talk.err
        assert "Everything is saved" in talk.err
        with SqliteEventStore.open(path) as file:
            assert file.drafts() == []

    def test_ctrl_c_before_a_save_is_confirmed_leaves_no_draft(
        self, path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        self.begun(path)
        real, interruptions = LiveSession.submit, [KeyboardInterrupt()]

        def submit(live_session: LiveSession, commit: Commit) -> None:
            real(live_session, commit)
            if interruptions and commit.proposals[0].events:
                raise interruptions.pop()

        monkeypatch.setattr(LiveSession, "submit", submit)
        talk = Talk(path, "First\n")
        assert (talk.code, talk.answers, interruptions) == (130, ["First"], [])
        assert "Not saved" not in talk.err
        with SqliteEventStore.open(path) as file:
            assert file.drafts() == []

    @pytest.mark.parametrize("replies", [["First"], ["First", "Second", "Third"]])
    @pytest.mark.parametrize("failures", [0, 1])
    def test_ctrl_c_at_any_line_of_saving_neither_loses_nor_doubles_a_reply(
        self, path: Path, disk: FailingDisk, replies: list[str], failures: int
    ) -> None:
        self.begun(path)
        interrupted: list[tuple[str, int]] = []
        for number in itertools.count(1):
            copy = path.with_name(f"{number}.db")
            copy.write_bytes(path.read_bytes())
            disk.failures = failures
            with ctrl_c_at_line(number) as at:
                talk = Talk(copy, "\n".join(replies) + "\n", together=True)
            if not at:
                break
            with SqliteEventStore.open(copy) as file:
                drafts = [text for draft in file.drafts() for text in draft.text.split("\n")]
            assert talk.code == 130
            assert [*talk.answers, *drafts] == replies, at
            unsaved = counted(len(drafts), "reply", "replies")
            assert (f"Not saved: {unsaved}." in talk.err) == bool(drafts), at
            interrupted += at
        missing = {"_commit_together"} if len(replies) == 1 else set[str]()
        missing |= {"_handle_one", "try_again"} if len(replies) > 1 and not failures else set()
        assert {name for name, _ in interrupted} == SAVING - missing

    def test_a_signal_while_leaving_loses_no_unsent_text(
        self, path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        self.begun(path)
        real, ends = LiveSession.save_draft, [SystemExit(129)]

        def save_draft(live_session: LiveSession, draft: Draft) -> "Future[None]":
            if ends:
                raise ends.pop()
            return real(live_session, draft)

        monkeypatch.setattr(LiveSession, "save_draft", save_draft)
        quiet = [io.StringIO(), io.StringIO()]
        with pytest.raises(SystemExit, match="129"):
            line_mode.run(path, stdin=Interrupted("half\\\n"), stdout=quiet[0], stderr=quiet[1])
        with SqliteEventStore.open(path) as file:
            assert [draft.text for draft in file.drafts()] == ["half"]

    def test_an_unsaved_reply_is_a_draft_when_the_session_is_resumed(
        self, path: Path, disk: FailingDisk
    ) -> None:
        self.begun(path)
        disk.failures = 100
        assert "offered when the session is resumed" in Talk(path, "First\nSecond\n").err
        disk.failures = 0
        talk = Talk(path, "\n", typed=True)
        assert "Half-typed here before: First / Second" in talk.text
        assert talk.answers == ["First\nSecond"]

    def test_text_that_cannot_be_kept_as_a_draft_is_printed(
        self, path: Path, disk: FailingDisk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def full(*_: object) -> None:
            raise CannotWriteError("Not saved: the disk is full.")

        self.begun(path)
        monkeypatch.setattr(SqliteEventStore, "save_draft", full)
        disk.failures = 100
        talk = Talk(path, "First\nSecond\n")
        assert "Not kept: First\nNot kept: Second\n" in talk.err

    def test_a_copy_elsewhere_holds_what_is_saved_and_what_is_not(
        self, path: Path, disk: FailingDisk, tmp_path: Path
    ) -> None:
        self.begun(path)
        talk = Talk(path, "Safe\n")
        disk.failures = 100
        copy = tmp_path / "copy.db"
        talk = Talk(path, f"First\nSecond\n/copy {copy}\n/quit\n/quit\n")
        assert (
            f"A copy is saved, with what is not saved here as half-typed text: {copy}" in talk.lines
        )
        assert talk.code == 6
        with SqliteEventStore.open(copy) as file:
            assert [a.text for a in EventLog(file.events()).state.answers.values()] == ["Safe"]
            assert [draft.text for draft in file.drafts()] == ["First\nSecond"]

    def test_a_copy_is_saved_where_nothing_is_unsaved(self, path: Path, tmp_path: Path) -> None:
        talk = Talk(path, f"First\n/copy {tmp_path}\n/copy {tmp_path}/copy.db\n")
        assert f"A copy is saved: {tmp_path}/copy.db" in talk.lines
        refused = next(line for line in talk.lines if "stays as it is" in line)
        assert refused.endswith("Choose another file.")
        assert "with -o" not in refused
        assert talk.code == 0

    def test_quitting_with_an_unsaved_reply_takes_two_commands(
        self, path: Path, disk: FailingDisk
    ) -> None:
        self.begun(path)
        disk.failures = 100
        talk = Talk(path, "First\n/quit\n/quit\nSecond\n")
        assert "Something is not saved yet: /quit again leaves without it." in talk.lines
        assert talk.code == 6
        assert "Not saved: 1 reply." in talk.err

    def test_a_session_that_is_open_elsewhere_is_refused_before_any_output(
        self, path: Path
    ) -> None:
        other = LiveSession.open(path)
        before = path.read_bytes()
        out = io.StringIO()
        with pytest.raises(InUseError, match="is open in another Workshop"):
            line_mode.run(path, stdin=io.StringIO("Mine\n"), stdout=out, stderr=io.StringIO())
        assert out.getvalue() == ""
        assert path.read_bytes() == before
        other.close()
        assert Talk(path, "Mine\n").answers == ["Mine"]

    def test_an_answer_is_not_appended_after_events_of_another_program(self, path: Path) -> None:
        self.begun(path)
        stdin = io.StringIO("Mine\n")
        read = stdin.readline

        def readline(size: int = -1) -> str:
            line = read(size)
            if line:
                with Writer.open(path) as file:
                    file.events()
                    theirs = PointParked(text="Theirs", question="", participant="Anna")
                    file.add(make_events([theirs], "Anna", datetime.now(UTC)))
            return line

        stdin.readline = readline  # type: ignore[method-assign]
        out, err = io.StringIO(), io.StringIO()
        code = line_mode.run(path, stdin=stdin, stdout=out, stderr=err)
        assert code == ChangedElsewhereError.exit_code
        assert "not saved: another Workshop has written" in out.getvalue()
        talk = Talk(path, "\n", typed=True)
        assert talk.answers == ["Mine"]
        assert [point.text for point in talk.event_log.state.parked] == ["Theirs"]

    def test_a_session_that_cannot_be_written_is_refused_before_any_output(
        self, path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def refuse(_: SqliteEventStore) -> None:
            raise CannotWriteError("This session cannot be written: its folder is read-only.")

        monkeypatch.setattr(SqliteEventStore, "check_writable", refuse)
        out = io.StringIO()
        with pytest.raises(CannotWriteError):
            line_mode.run(path, stdin=io.StringIO("First\n"), stdout=out, stderr=io.StringIO())
        assert out.getvalue() == ""


class TestNotRecorded:
    def test_an_answer_of_an_unknown_participant_is_not_dropped_silently(self, path: Path) -> None:
        talk = Talk(path, "@Zed hello\nnext one\n")
        assert talk.answers == ["next one"]
        assert "Not recorded: @Zed hello" in talk.err
        assert talk.code == CannotWriteError.exit_code

    def test_an_answer_after_the_last_question_is_not_dropped_silently(self, path: Path) -> None:
        talk = Talk(path, "/goto it_domain\n\n\n\ntoo late\n")
        assert talk.answers == []
        assert "Not recorded: too late" in talk.err
        assert talk.code == CannotWriteError.exit_code

    def test_an_accepted_suggestion_is_not_reported_as_unrecorded(self, path: Path) -> None:
        talk = Talk(path, "I don't know\n\nSecond\n")
        assert talk.answers == ["Second"]
        assert talk.code == 0
