"""Line mode: the output for each line, what is saved, and how it ends."""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from plain_support import Talk

from workshop.banks.registry import find_bank
from workshop.frontends.cli.sessions import make_session
from workshop.storage.sqlite.event_store import SqliteEventStore
from workshop.text import MAX_CHARACTERS

IT, ALIGNMENT = find_bank("it"), find_bank("business")


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return make_session(tmp_path, IT, title="Acme", participants=["Anna"])


@pytest.fixture
def alignment(tmp_path: Path) -> Path:
    names = {"higher": "Acme", "lower": "Team Blue"}
    return make_session(tmp_path, ALIGNMENT, title="Aligned", names=names)


class TestLines:
    def test_a_line_is_an_answer_and_its_number_is_printed(self, path: Path) -> None:
        talk = Talk(path, "First\nSecond\n")
        assert talk.lines[-2:] == ["saved 1", "saved 2"]
        assert talk.answers == ["First", "Second"]
        assert talk.code == 0

    def test_an_empty_line_goes_on_by_one_question(self, path: Path) -> None:
        talk = Talk(path, "First\n\nSecond\n")
        questions = [line for line in talk.lines if line.startswith("Question ")]
        assert questions[0].startswith("Question 1 of 2: ")
        assert questions[1].startswith("Question 2 of 2: ")
        assert len({a.question for a in talk.event_log.state.answers.values()}) == 2

    def test_a_backslash_at_the_end_goes_on_in_the_next_line(self, path: Path) -> None:
        talk = Talk(path, "One\\\ntwo\\\nthree\nfour\\")
        assert talk.answers == ["One\ntwo\nthree", "four"]

    def test_the_last_line_needs_no_line_end(self, path: Path) -> None:
        assert Talk(path, "First").answers == ["First"]

    def test_lines_from_windows_are_lines(self, path: Path) -> None:
        assert Talk(path, "First\r\n\r\nSecond\r\n").answers == ["First", "Second"]

    def test_empty_input_succeeds(self, path: Path) -> None:
        talk = Talk(path, "")
        assert talk.code == 0
        assert talk.answers == []
        assert str(path) in talk.err

    def test_the_output_has_no_control_characters_and_no_prompts(self, path: Path) -> None:
        talk = Talk(path, b"\x1b[31mred\x1b[0m \x9b\x00 \xff caf\xc3\xa9\n/review\n/canvas\n")
        assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]", talk.text)
        assert talk.answers == [
            "red \ufffd\ufffd caf\u00e9".replace("\ufffd\ufffd", "\ufffd \ufffd")
        ]
        assert not any(line.startswith(">") for line in talk.lines)

    def test_an_answer_of_several_lines_is_printed_on_one_line(self, path: Path) -> None:
        talk = Talk(path, "One\\\nsaved 99\n/review\n/canvas\n/find one\n/edit 1\n")
        assert "saved 99" not in talk.lines

    def test_an_answer_of_a_hundred_thousand_characters_is_kept(self, path: Path) -> None:
        long = "word " * 20_000
        assert Talk(path, f"{long}\n").answers == [long.strip()]

    def test_a_longer_line_than_any_answer_is_refused_whole(self, path: Path) -> None:
        talk = Talk(path, "x" * (MAX_CHARACTERS * 2 + 5) + "\nshort\n")
        assert talk.answers == ["short"]
        assert any("longer than" in line for line in talk.lines)

    def test_the_end_of_input_keeps_the_position(self, path: Path) -> None:
        first = Talk(path, "First\n\n")
        again = Talk(path, "Second\n")
        asked = [line for line in first.lines if line.startswith("Question")][-1]
        assert asked in again.lines
        assert any(line.startswith("Welcome back") for line in again.lines)

    def test_nothing_after_quit_is_read(self, path: Path) -> None:
        assert Talk(path, "First\n/quit\nSecond\n").answers == ["First"]


class TestReplies:
    def test_a_suggestion_is_accepted_by_an_empty_line(self, path: Path) -> None:
        talk = Talk(path, "skip\n\n")
        assert len(talk.event_log.state.skipped) == 1
        assert talk.answers == []

    def test_a_suggestion_is_accepted_by_the_same_words(self, path: Path) -> None:
        talk = Talk(path, "@Ben Ours\n@Ben Ours\n")
        assert talk.lines[-1] == "saved 1"
        assert talk.event_log.state.participants == ("Anna", "Facilitator", "Ben")

    def test_editing_prints_the_answer_and_replaces_it_by_the_next_line(self, path: Path) -> None:
        talk = Talk(path, "First\n/edit 1\nChanged\n/edit 1\n\n")
        assert "It says: First" in talk.lines
        assert talk.answers == ["Changed"]
        assert talk.lines[-1] == "Answer 1 stays as it is."
        assert [line for line in talk.lines if line.startswith("saved")] == ["saved 1"]

    def test_undo_and_redo_work(self, path: Path) -> None:
        assert Talk(path, "First\nSecond\n/undo\n").answers == ["First"]
        assert Talk(path, "/redo\n").answers == ["First", "Second"]

    def test_the_speaker_is_the_one_who_was_named(self, path: Path) -> None:
        talk = Talk(path, "Mine\n", speaker="ANNA")
        (answer,) = talk.event_log.state.answers.values()
        assert answer.participant == "Anna"


class TestAnOlderFile:
    def test_its_backup_is_announced_once(self, tmp_path: Path) -> None:
        kept = Path(__file__).parents[2] / "data" / "session-v1.db"
        old = Path(shutil.copy(kept, tmp_path / "old.db"))
        first, again = Talk(old, "/vote 1\n"), Talk(old, "")
        assert "An older Workshop wrote this session." in first.err
        assert "old.db.v1-backup" in first.err
        assert "older" not in again.err + first.text
        assert (tmp_path / "old.db.v1-backup").read_bytes()[60:64] == b"\0\0\0\1"


class TestViews:
    def test_the_canvas_is_printed_block_by_block(self, path: Path) -> None:
        lines = Talk(path, "First\n/canvas\n").lines
        assert "Customer Environment: 1 answer" in lines
        assert "  1  First" in lines
        assert "Cost structure: empty" in lines

    def test_both_models_of_a_canvas_are_printed(self, alignment: Path) -> None:
        lines = Talk(alignment, "First\n/canvas\n").lines
        assert lines.index("Acme:") < lines.index("Customer Segments: 1 answer")
        assert lines.count("Key Partners: empty") == 2
        assert "Team Blue:" in lines

    def test_on_the_canvas_the_answers_with_the_most_dots_come_first(self, path: Path) -> None:
        lines = Talk(path, "First\nSecond\n\nThird\n/vote 3\n/vote 2 5\n/canvas\n").lines
        begin = lines.index("Customer Environment: 3 answers")
        assert lines[begin + 1 : begin + 4] == [
            "  2  Second · 5 dots",
            "  3  Third · 1 dot",
            "  1  First",
        ]

    def test_the_review_has_dots_parked_points_and_actions(self, path: Path) -> None:
        replies = (
            "First\n/vote 1 2\n/park Prices\n/action Call @Ben by Friday\n/action Wait\n/review\n"
        )
        lines = Talk(path, replies).lines
        assert "    1  First · 2 dots" in lines
        assert lines[-5:] == [
            "Parked points:",
            "  Prices (Customer Environment)",
            "Actions:",
            "  Call (Ben, by Friday)",
            "  Wait",
        ]
        assert any("In all, 1 answer has 2 dots, 1 point is parked" in line for line in lines)

    def test_a_block_closes_with_its_dots_and_parked_points(self, path: Path) -> None:
        lines = Talk(path, "First\n/vote 1 2\n/park Prices\n/goto 2\n").lines
        (at,) = (n for n, x in enumerate(lines) if x.startswith("Customer Environment: 1 answer,"))
        assert lines[at + 1] == "1  First · 2 dots"
        assert "Parked: Prices" in lines[at:]

    def test_the_review_has_answers_and_skipped_questions(self, path: Path) -> None:
        lines = Talk(path, "First\n@Anna Second\n\n/skip no data\n/review\n").lines
        assert "    1  First" in lines
        assert "    2  Second (Anna)" in lines
        assert "    Skipped: no data" in lines

    def test_the_search_ignores_case(self, path: Path) -> None:
        lines = Talk(path, "On-call support\n/find SUPPORT\n/find nothing such\n").lines
        at = lines.index("1 answer found for “SUPPORT”:")
        assert lines[at + 1] == "Customer Environment: 1  On-call support"
        assert "Nothing found for “nothing such”." in lines

    def test_the_search_covers_questions_blocks_parked_points_and_actions(self, path: Path) -> None:
        lines = Talk(
            path, "Drones\n/park Drones are dear\n/action Buy drones @Anna\n"
            "/find new entrants\n/find omni channel\n/find drones\n/find anna\n",
        ).lines  # fmt: skip
        at = lines.index("1 question, 1 answer found for “new entrants”:")
        assert lines[at + 1].startswith("Customer Environment: Which threats can the business")
        assert lines[at + 2] == "  1  Drones"
        at = lines.index("1 question found for “omni channel”:")
        assert lines[at + 1].startswith("Channels: Which omni channel strategy")
        at = lines.index("1 answer, 2 others found for “drones”:")
        assert lines[at + 1] == "Customer Environment: 1  Drones"
        assert lines[at + 2].startswith("Parked points: Drones are dear (")
        assert lines[at + 3] == "Actions: Buy drones (Anna)"
        assert "1 other found for “anna”:" in lines

    def test_the_report_is_written_into_the_current_folder(
        self, path: Path, tmp_path: Path
    ) -> None:
        talk = Talk(path, "First\n/report\n")
        (report,) = tmp_path.glob("*.docx")
        assert f"The report is written: {report}" in talk.lines

    def test_the_conversation_goes_on_when_a_report_cannot_be_written(
        self, path: Path, tmp_path: Path
    ) -> None:
        from workshop.export.write_file import default_report_name

        with SqliteEventStore.open(path) as file:
            (tmp_path / default_report_name(file.session())).write_text("my own words")
        talk = Talk(path, "First\n/report\nSecond\n")
        assert talk.answers == ["First", "Second"]
        assert any("stays as it is" in line for line in talk.lines)


COMMAND = [sys.executable, "-m", "workshop", "resume", "--plain"]


class TestEnds:
    def start(self, path: Path, *under: str) -> "subprocess.Popen[str]":
        started = subprocess.Popen(
            [*under, *COMMAND, str(path)],
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
        return started

    def wait_until_it_reads(self, pid: int) -> None:
        """Wait until the program has taken every line, and waits for the next."""
        end = time.monotonic() + 20
        while "pipe_read" not in Path(f"/proc/{pid}/wchan").read_text():
            assert time.monotonic() < end, "it never came to read on"

    @pytest.mark.skipif(sys.platform != "linux", reason="only Linux says what a program waits for")
    @pytest.mark.parametrize(("name", "code"), [("SIGINT", 130), ("SIGTERM", 143), ("SIGHUP", 129)])
    def test_a_signal_ends_it_and_nothing_is_lost(self, path: Path, name: str, code: int) -> None:
        started = self.start(path)
        self.wait_until_it_reads(started.pid)
        os.kill(started.pid, getattr(signal, name))
        _, err = started.communicate(timeout=20)
        assert started.returncode == code
        assert "Traceback" not in err
        talk = Talk(path, "\n", typed=True)
        assert talk.answers == ["First", "half"]

    def test_under_nohup_a_closed_terminal_makes_no_difference(self, path: Path) -> None:
        started = self.start(path, "nohup")
        os.kill(started.pid, signal.SIGHUP)
        _, err = started.communicate("a thought\n", timeout=20)
        assert started.returncode == 0
        assert "Everything is saved" in err
        assert Talk(path, "").answers == ["First", "half\na thought"]

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
