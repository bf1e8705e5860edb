"""Line mode: what is said for each line, what is saved, and what happens when it cannot be."""

import io
import os
import re
import signal
import subprocess
import sys
import time
from concurrent.futures import Future
from pathlib import Path

import pytest

from workshop import cli_sessions, plain
from workshop.banks.library import find_bank
from workshop.errors import CannotWriteError, ChangedElsewhereError
from workshop.session.state import Fold
from workshop.sitting import Sitting
from workshop.store.session_file import SessionFile
from workshop.store.writer import SessionWriter
from workshop.text import MAX_CHARACTERS


class Talk:
    """What came of some lines: the exit code, the lines on both streams, and the session."""

    def __init__(
        self, path: Path, text: str | bytes, speaker: str = "", *, typed: bool = False
    ) -> None:
        raw = text if isinstance(text, bytes) else text.encode()
        stdin = io.TextIOWrapper(io.BytesIO(raw), encoding="utf-8")
        if typed:
            stdin.isatty = lambda: True  # type: ignore[method-assign]
        out, err = io.StringIO(), io.StringIO()
        self.code = plain.run(path, speaker, stdin=stdin, stdout=out, stderr=err)
        self.said = out.getvalue().splitlines()
        self.text, self.err = out.getvalue(), err.getvalue()
        with SessionFile.open(path) as file:
            self.fold = Fold(file.events())

    @property
    def answers(self) -> list[str]:
        return [answer.text for answer in self.fold.state.answers.values()]


IT, ALIGNMENT = find_bank("it"), find_bank("business")


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return cli_sessions.make_session(tmp_path, IT, title="Acme", participants=["Anna"])


@pytest.fixture
def alignment(tmp_path: Path) -> Path:
    names = {"higher": "Acme", "lower": "Team Blue"}
    return cli_sessions.make_session(tmp_path, ALIGNMENT, title="Aligned", names=names)


class TestLines:
    def test_a_line_is_an_answer_and_is_acknowledged_by_its_number(self, path: Path) -> None:
        talk = Talk(path, "First\nSecond\n")
        assert talk.said[-2:] == ["saved 1", "saved 2"]
        assert talk.answers == ["First", "Second"]
        assert talk.code == 0

    def test_an_empty_line_goes_on_by_one_question(self, path: Path) -> None:
        talk = Talk(path, "First\n\nSecond\n")
        questions = [line for line in talk.said if line.startswith("Question ")]
        assert questions[0].startswith("Question 1 of 2: ")
        assert questions[1].startswith("Question 2 of 2: ")
        assert len({a.question for a in talk.fold.state.answers.values()}) == 2

    def test_a_backslash_at_the_end_goes_on_in_the_next_line(self, path: Path) -> None:
        talk = Talk(path, "One\\\ntwo\\\nthree\nfour\\")
        assert talk.answers == ["One\ntwo\nthree", "four"]

    def test_the_last_line_needs_no_line_end(self, path: Path) -> None:
        assert Talk(path, "First").answers == ["First"]

    def test_lines_from_windows_are_lines(self, path: Path) -> None:
        assert Talk(path, "First\r\n\r\nSecond\r\n").answers == ["First", "Second"]

    def test_nothing_at_all_is_a_good_end(self, path: Path) -> None:
        talk = Talk(path, "")
        assert talk.code == 0
        assert talk.answers == []
        assert str(path) in talk.err

    def test_everything_is_said_without_control_characters_and_prompts(self, path: Path) -> None:
        talk = Talk(path, b"\x1b[31mred\x1b[0m \x9b\x00 \xff caf\xc3\xa9\n/review\n/canvas\n")
        assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]", talk.text)
        assert talk.answers == [
            "red \ufffd\ufffd caf\u00e9".replace("\ufffd\ufffd", "\ufffd \ufffd")
        ]
        assert not any(line.startswith(">") for line in talk.said)

    def test_answers_with_several_lines_stay_on_one_line_when_said(self, path: Path) -> None:
        talk = Talk(path, "One\\\nsaved 99\n/review\n/canvas\n/find one\n/edit 1\n")
        assert "saved 99" not in talk.said

    def test_an_answer_of_a_hundred_thousand_characters_is_kept(self, path: Path) -> None:
        long = "word " * 20_000
        assert Talk(path, f"{long}\n").answers == [long.strip()]

    def test_a_longer_line_than_any_answer_is_refused_whole(self, path: Path) -> None:
        talk = Talk(path, "x" * (MAX_CHARACTERS * 2 + 5) + "\nshort\n")
        assert talk.answers == ["short"]
        assert any("longer than" in line for line in talk.said)

    def test_the_end_of_input_keeps_the_place(self, path: Path) -> None:
        first = Talk(path, "First\n\n")
        again = Talk(path, "Second\n")
        asked = [line for line in first.said if line.startswith("Question")][-1]
        assert asked in again.said
        assert any(line.startswith("Welcome back") for line in again.said)

    def test_nothing_after_quit_is_read(self, path: Path) -> None:
        assert Talk(path, "First\n/quit\nSecond\n").answers == ["First"]


class TestReplies:
    def test_an_offer_is_accepted_by_an_empty_line(self, path: Path) -> None:
        talk = Talk(path, "skip\n\n")
        assert len(talk.fold.state.skipped) == 1
        assert talk.answers == []

    def test_an_offer_is_accepted_by_the_same_words(self, path: Path) -> None:
        talk = Talk(path, "@Ben Ours\n@Ben Ours\n")
        assert talk.said[-1] == "saved 1"
        assert talk.fold.state.participants == ("Anna", "Facilitator", "Ben")

    def test_editing_says_the_words_and_takes_the_next_line(self, path: Path) -> None:
        talk = Talk(path, "First\n/edit 1\nChanged\n/edit 1\n\n")
        assert "It says: First" in talk.said
        assert talk.answers == ["Changed"]
        assert talk.said[-1] == "Answer 1 stays as it is."
        assert [line for line in talk.said if line.startswith("saved")] == ["saved 1"]

    def test_undo_and_redo_work(self, path: Path) -> None:
        assert Talk(path, "First\nSecond\n/undo\n").answers == ["First"]
        assert Talk(path, "/redo\n").answers == ["First", "Second"]

    def test_the_speaker_is_the_one_who_was_named(self, path: Path) -> None:
        talk = Talk(path, "Mine\n", speaker="ANNA")
        (answer,) = talk.fold.state.answers.values()
        assert answer.participant == "Anna"


class TestViews:
    def test_the_canvas_is_said_block_by_block(self, path: Path) -> None:
        said = Talk(path, "First\n/canvas\n").said
        assert "Customer Environment: 1 answer" in said
        assert "  1  First" in said
        assert "Cost structure: empty" in said

    def test_both_models_of_a_canvas_are_said(self, alignment: Path) -> None:
        said = Talk(alignment, "First\n/canvas\n").said
        assert said.index("Acme:") < said.index("Customer Segments: 1 answer")
        assert said.count("Key Partners: empty") == 2
        assert "Team Blue:" in said

    def test_the_review_has_what_was_said_and_skipped(self, path: Path) -> None:
        said = Talk(path, "First\n@Anna Second\n\n/skip no data\n/review\n").said
        assert "    1  First (Facilitator)" in said
        assert "    2  Second (Anna)" in said
        assert "    Skipped: no data." in said

    def test_finding_is_blind_to_case(self, path: Path) -> None:
        said = Talk(path, "On-call support\n/find SUPPORT\n/find nothing such\n").said
        assert "1 answer with “SUPPORT”:" in said
        assert "Customer Environment: 1  On-call support" in said
        assert "No answer with “nothing such”." in said

    def test_the_report_is_written_into_the_current_folder(
        self, path: Path, tmp_path: Path
    ) -> None:
        talk = Talk(path, "First\n/report\n")
        (report,) = tmp_path.glob("*.docx")
        assert f"The report is written: {report}" in talk.said

    def test_a_report_that_cannot_be_written_ends_nothing(self, path: Path, tmp_path: Path) -> None:
        from workshop.report.files import default_report_name

        with SessionFile.open(path) as file:
            (tmp_path / default_report_name(file.session())).write_text("my own words")
        talk = Talk(path, "First\n/report\nSecond\n")
        assert talk.answers == ["First", "Second"]
        assert any("stays as it is" in line for line in talk.said)


class FailingDisk:
    """Makes the next commits of every session fail."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
        self.failures = 0
        real = SessionWriter.append

        def append(writer: SessionWriter, *arguments: object) -> "Future[None]":
            if self.failures == 0:
                return real(writer, *arguments)
            self.failures -= 1
            failed: Future[None] = Future()
            failed.set_exception(error)
            return failed

        monkeypatch.setattr(SessionWriter, "append", append)


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> FailingDisk:
    return FailingDisk(monkeypatch, CannotWriteError("Not saved: the disk is full (x.db)."))


class TestFailedSaves:
    def begun(self, path: Path) -> None:
        Talk(path, "")

    def test_an_answer_that_cannot_be_saved_is_said_and_tried_again(
        self, path: Path, disk: FailingDisk
    ) -> None:
        self.begun(path)
        disk.failures = 1
        talk = Talk(path, "First\n\n")
        assert "not saved: the disk is full (x.db). An empty line tries again." in talk.said
        assert talk.answers == ["First"]
        assert talk.code == 0

    def test_what_follows_waits_its_turn(self, path: Path, disk: FailingDisk) -> None:
        self.begun(path)
        disk.failures = 3
        talk = Talk(path, "First\n\nSecond\n\nThird\n")
        assert talk.answers == ["First", "Second", "Third"]
        assert len({a.question for a in talk.fold.state.answers.values()}) == 3
        assert talk.code == 0

    def test_the_end_of_input_with_something_unsaved_is_no_success(
        self, path: Path, disk: FailingDisk
    ) -> None:
        self.begun(path)
        disk.failures = 100
        talk = Talk(path, "First\nSecond\n")
        assert talk.code == 6
        assert "saved" not in {line.split()[0] for line in talk.said}
        assert "Not saved: 2 replies." in talk.err

    def test_what_was_not_saved_is_offered_when_the_session_is_resumed(
        self, path: Path, disk: FailingDisk
    ) -> None:
        self.begun(path)
        disk.failures = 100
        assert "offered when the session is resumed" in Talk(path, "First\nSecond\n").err
        disk.failures = 0
        talk = Talk(path, "\n", typed=True)
        assert "Half-typed here before: First / Second" in talk.text
        assert talk.answers == ["First\nSecond"]

    def test_what_cannot_even_be_kept_is_printed(
        self, path: Path, disk: FailingDisk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def full(*_: object) -> "Future[None]":
            failed: Future[None] = Future()
            failed.set_exception(CannotWriteError("Not saved: the disk is full."))
            return failed

        self.begun(path)
        monkeypatch.setattr(SessionWriter, "save_draft", full)
        disk.failures = 100
        talk = Talk(path, "First\nSecond\n")
        assert "Not kept: First\nNot kept: Second\n" in talk.err

    def test_quitting_with_something_unsaved_is_asked_twice(
        self, path: Path, disk: FailingDisk
    ) -> None:
        self.begun(path)
        disk.failures = 100
        talk = Talk(path, "First\n/quit\n/quit\nSecond\n")
        assert "Something is not saved yet: /quit again leaves without it." in talk.said
        assert talk.code == 6
        assert "Not saved: 1 reply." in talk.err

    def test_two_programs_at_one_session_lose_nothing(self, path: Path) -> None:
        self.begun(path)
        other = Sitting.open(path)
        stdin = io.StringIO("Mine\n")
        read = stdin.readline

        def readline(size: int = -1) -> str:
            line = read(size)
            if line and not other.fold.state.answers:
                proposal = other.propose("Theirs")
                other.commit(proposal).result()
                other.accept(proposal)
            return line

        stdin.readline = readline  # type: ignore[method-assign]
        out, err = io.StringIO(), io.StringIO()
        code = plain.run(path, stdin=stdin, stdout=out, stderr=err)
        other.close()
        assert code == ChangedElsewhereError.exit_code
        assert "not saved: another Workshop has written" in out.getvalue()
        assert Talk(path, "\n", typed=True).answers == ["Theirs", "Mine"]

    def test_a_session_that_cannot_be_written_is_refused_before_anything_is_asked(
        self, path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def refuse(_: SessionFile) -> None:
            raise CannotWriteError("This session cannot be written: its folder is read-only.")

        monkeypatch.setattr(SessionFile, "check_writable", refuse)
        out = io.StringIO()
        with pytest.raises(CannotWriteError):
            plain.run(path, stdin=io.StringIO("First\n"), stdout=out, stderr=io.StringIO())
        assert out.getvalue() == ""


class TestDrafts:
    def half_typed(self, path: Path, text: str, replies: tuple[str, ...] = ()) -> None:
        sitting = Sitting.open(path)
        for proposal in (sitting.begin(), *()):
            sitting.commit(proposal).result()
            sitting.accept(proposal)
        for reply in replies:
            proposal = sitting.propose(reply)
            sitting.commit(proposal).result()
            sitting.accept(proposal)
        sitting.save_draft(text).result()
        sitting.close()

    def test_half_typed_text_is_said_and_sent_by_an_empty_line(self, path: Path) -> None:
        self.half_typed(path, "Half an ans")
        talk = Talk(path, "\n", typed=True)
        assert "Half-typed here before: Half an ans" in talk.said
        assert talk.answers == ["Half an ans"]

    def test_in_a_pipe_it_is_said_and_kept_and_an_empty_line_goes_on(self, path: Path) -> None:
        self.half_typed(path, "Half an ans")
        talk = Talk(path, "\nSecond\n")
        assert "Half-typed here before: Half an ans" in talk.said
        assert talk.answers == ["Second"]
        assert talk.fold.state.answers_to(talk.fold.state.position or "")[0].text == "Second"
        assert "Half-typed here before: Half an ans" in Talk(path, "/back\n").said

    def test_another_answer_takes_its_place(self, path: Path) -> None:
        self.half_typed(path, "Half an ans")
        talk = Talk(path, "Whole\n\n")
        assert talk.answers == ["Whole"]
        assert not any("Half-typed" in line for line in Talk(path, "/back\n").said)

    def test_it_outlives_a_move_to_another_question(self, path: Path) -> None:
        self.half_typed(path, "Half an ans")
        talk = Talk(path, "/help\n/next\n/back\n\n", typed=True)
        assert talk.text.count("Half-typed here before: Half an ans") == 2
        assert talk.answers == ["Half an ans"]

    def test_a_change_that_was_half_typed_goes_on(self, path: Path) -> None:
        self.half_typed(path, "First, cha", ("First", "/edit 1"))
        talk = Talk(path, "\n", typed=True)
        assert "Half-typed here before for answer 1: First, cha" in talk.text
        assert talk.answers == ["First, cha"]

    def test_a_change_that_was_half_typed_never_swallows_a_new_answer(self, path: Path) -> None:
        self.half_typed(path, "First, cha", ("First", "/edit 1"))
        assert Talk(path, "Another answer\n", typed=True).answers == ["First", "Another answer"]


class TestNotRecorded:
    def test_words_of_an_unknown_name_are_not_dropped_in_silence(self, path: Path) -> None:
        talk = Talk(path, "@Zed hello\nnext one\n")
        assert talk.answers == ["next one"]
        assert "Not recorded: @Zed hello" in talk.err
        assert talk.code == CannotWriteError.exit_code

    def test_words_after_the_last_question_are_not_dropped_in_silence(self, path: Path) -> None:
        talk = Talk(path, "/goto it_domain\n\n\n\ntoo late\n")
        assert talk.answers == []
        assert "Not recorded: too late" in talk.err
        assert talk.code == CannotWriteError.exit_code

    def test_a_wish_that_was_accepted_is_no_loss(self, path: Path) -> None:
        talk = Talk(path, "I don't know\n\nSecond\n")
        assert talk.answers == ["Second"]
        assert talk.code == 0


COMMAND = [sys.executable, "-m", "workshop", "resume", "--plain"]


class TestEnds:
    def start(self, path: Path) -> "subprocess.Popen[str]":
        started = subprocess.Popen(
            [*COMMAND, str(path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        assert started.stdin is not None
        assert started.stdout is not None
        started.stdin.write("First\nhalf\\\n")
        started.stdin.flush()
        for line in started.stdout:
            if line == "saved 1\n":
                break
        # The next line has been sent; it is read as soon as the acknowledgement is out.
        time.sleep(0.3)
        return started

    @pytest.mark.parametrize(("name", "code"), [("SIGINT", 130), ("SIGTERM", 143)])
    def test_a_signal_ends_it_and_nothing_is_lost(self, path: Path, name: str, code: int) -> None:
        started = self.start(path)
        os.kill(started.pid, getattr(signal, name))
        _, err = started.communicate(timeout=20)
        assert started.returncode == code
        assert "Traceback" not in err
        talk = Talk(path, "\n", typed=True)
        assert talk.answers == ["First", "half"]

    def test_an_answer_survives_kill_9_once_it_was_called_saved(self, path: Path) -> None:
        started = self.start(path)
        started.kill()
        started.communicate(timeout=20)
        assert Talk(path, "").answers == ["First"]

    def test_a_reader_that_goes_away_ends_it_quietly(self, path: Path) -> None:
        many = "An answer\n" * 3000
        done = subprocess.run(
            f"{sys.executable} -m workshop resume --plain {path} | head -1",
            shell=True,
            input=many,
            capture_output=True,
            text=True,
            check=True,
        )
        assert done.stdout == "Acme (The IT Business Model Canvas)\n"
        assert "Traceback" not in done.stderr
        assert "BrokenPipe" not in done.stderr


class TestTerminal:
    def test_somebody_who_types_gets_a_prompt_and_the_commands(self, path: Path) -> None:
        pexpect = pytest.importorskip("pexpect")
        child = pexpect.spawn(COMMAND[0], [*COMMAND[1:], str(path)], encoding="utf-8", timeout=20)
        child.expect_exact("Commands: /next")
        child.expect_exact("> ")
        child.sendline("First")
        child.expect_exact("saved 1")
        child.sendline("/rev\t")
        child.expect_exact("    1  First")
        child.sendeof()
        child.expect(pexpect.EOF)
        child.close()
        assert child.exitstatus == 0

    def test_ctrl_c_leaves_with_130(self, path: Path) -> None:
        pexpect = pytest.importorskip("pexpect")
        child = pexpect.spawn(COMMAND[0], [*COMMAND[1:], str(path)], encoding="utf-8", timeout=20)
        child.expect_exact("> ")
        child.sendintr()
        child.expect(pexpect.EOF)
        child.close()
        assert child.exitstatus == 130
        assert "Traceback" not in child.before
