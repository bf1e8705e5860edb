"""Two programs use one session: readers always can, and only one program writes at a time."""

import json
import subprocess
import time
from pathlib import Path

import pytest
from faults.check_file import read_back
from faults.conftest import ReportResult
from faults.counts import count
from faults.fresh import fresh_session
from faults.line_program import WORKSHOP, LineProgram
from faults.screen_program import wait_for_ticks
from terminal import Terminal

ROUNDS = count("READINGS", 40)
"""The number of times that each command reads the session while answers are typed."""
KILLED = count("HOLDERS_KILLED", 10)
"""The number of times that the program that has the session open is killed."""
AT_ONCE = 8
"""The number of programs that open the session at the same time."""


def run(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [WORKSHOP, *arguments], cwd=cwd, capture_output=True, text=True, check=False, timeout=120
    )


def type_answers(terminal: Terminal, first: int, count: int) -> None:
    terminal.type("".join(f"answer {n}\r" for n in range(first, first + count)))


def test_a_session_can_be_read_while_answers_are_typed_in_another_program(
    tmp_path: Path, report_result: ReportResult
) -> None:
    path = fresh_session(tmp_path / "sessions")
    last_typed = 0
    with Terminal([WORKSHOP, "resume", str(path)], cwd=tmp_path) as terminal:
        terminal.wait_for("Type an answer")
        type_answers(terminal, 0, 1)
        terminal.wait_for("✓")
        shown_answers = 1
        for _ in range(ROUNDS):
            type_answers(terminal, last_typed + 1, 5)
            last_typed += 5
            list_result = run("--sessions", str(path.parent), "list", "--json", cwd=tmp_path)
            show_result = run("show", str(path), "--json", cwd=tmp_path)
            assert (list_result.returncode, list_result.stderr) == (0, "")
            assert (show_result.returncode, show_result.stderr) == (0, "")
            (entry,) = json.loads(list_result.stdout)
            assert shown_answers <= entry["answers"] <= last_typed + 1
            shown_answers = show_result.stdout.count('"answer ')
            assert entry["answers"] <= shown_answers <= last_typed + 1
            terminal.read(0)
        report = run("report", str(path), "-o", str(tmp_path / "report.docx"), cwd=tmp_path)
        assert (report.returncode, report.stderr) == (0, "")
        assert (tmp_path / "report.docx").stat().st_size > 10_000
        terminal.type("\x11")
        assert terminal.wait_until_gone(60) == 0
        assert "✗" not in terminal.text
    assert list(read_back(path).texts.values()) == [f"answer {n}" for n in range(last_typed + 1)]
    report_result(
        f"{2 * ROUNDS + 1} readings while {last_typed} answers were typed; "
        "none failed, no answer was lost"
    )


# ── two writers ──────────────────────────────────────────────────────────────────────────────


def refusal(path: Path, cwd: Path, holder: int, *options: str) -> str:
    """Resume a session that the process `holder` has open; check and return the error message."""
    before = path.read_bytes()
    with Terminal([WORKSHOP, "resume", str(path), *options], 250, 40, cwd=cwd) as second:
        assert second.wait_until_gone() == 6
        assert b"\x1b[?1049h" not in second.written  # the screen was not touched
        message = " ".join(second.text.split())
    assert path.read_bytes() == before
    assert f"is open in another Workshop (process {holder})" in message
    assert "Close it there first." in message
    return message


@pytest.mark.parametrize("options", [(), ("--plain",)])
def test_a_second_writer_is_refused_while_a_screen_has_the_session(
    tmp_path: Path, options: tuple[str, ...]
) -> None:
    path = fresh_session(tmp_path / "sessions")
    with Terminal([WORKSHOP, "resume", str(path)], 250, 40, cwd=tmp_path) as first:
        first.wait_for("Type an answer")
        first.type("first one\r")
        first.wait_for("✓")
        assert refusal(path, tmp_path, first.pid, *options)
        first.type("still first\r")
        wait_for_ticks(first, 2)
        first.type("\x11")
        assert first.wait_until_gone() == 0
    assert list(read_back(path).texts.values()) == ["first one", "still first"]
    assert list(path.parent.glob(f"*{path.name}*")) == [path]


@pytest.mark.parametrize("options", [(), ("--plain",)])
def test_a_second_writer_is_refused_while_line_mode_has_the_session(
    tmp_path: Path, options: tuple[str, ...]
) -> None:
    path = fresh_session(tmp_path / "sessions")
    with LineProgram(path, tmp_path) as first:
        first.send("first one")
        first.wait_for("saved 1")
        assert refusal(path, tmp_path, first.pid, *options)
        first.send("still first")
        first.wait_for("saved 2")
        assert first.leave() == 0
    assert list(read_back(path).texts.values()) == ["first one", "still first"]
    assert list(path.parent.glob(f"*{path.name}*")) == [path]


def test_a_session_can_be_opened_at_once_after_its_program_was_killed(tmp_path: Path) -> None:
    path = fresh_session(tmp_path / "sessions")
    for number in range(1, KILLED + 1):
        with LineProgram(path, tmp_path) as first:
            first.send(f"answer {number}")
            first.wait_for(f"saved {number}")
            first.kill()
        with LineProgram(path, tmp_path) as second:
            second.wait_for("Welcome back")
            assert second.leave() == 0
    assert len(read_back(path).texts) == KILLED
    assert list(path.parent.glob(f"*{path.name}*")) == [path]


def test_only_one_of_many_programs_that_start_together_opens_the_session(tmp_path: Path) -> None:
    path = fresh_session(tmp_path / "sessions")
    programs = [
        subprocess.Popen(
            [WORKSHOP, "resume", str(path), "--plain"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )
        for _ in range(AT_ONCE)
    ]  # fmt: skip
    try:
        deadline = time.monotonic() + 60
        while sum(p.poll() is None for p in programs) > 1 and time.monotonic() < deadline:
            time.sleep(0.02)
        # The one that has the session waits for input.
        waiting = [program for program in programs if program.poll() is None]
        assert len(waiting) == 1
        assert [p.poll() for p in programs if p not in waiting] == [6] * (AT_ONCE - 1)
        output, _ = waiting[0].communicate("the one answer\n", timeout=60)
        assert "saved 1" in output
    finally:
        for program in programs:
            program.kill()
            program.communicate()
    assert list(read_back(path).texts.values()) == ["the one answer"]
