"""Two programs with one session: whoever reads is never in the way, and nobody writes over another.

A live session on the screen, others beside it.
"""

import contextlib
import json
import subprocess
from pathlib import Path

import pytest
from faults.conftest import Tell
from faults.counts import count
from faults.fresh import fresh_session
from faults.kept import read_back
from faults.line_program import WORKSHOP, LineProgram
from faults.screen_program import until_ticks
from terminal import Terminal

ROUNDS = count("READINGS", 40)
"""How often each command reads the session while answers stream in."""
KILLED = count("HOLDERS_KILLED", 10)
"""How often the program that has the session is killed."""
AT_ONCE = 8
"""How many programs want the session at the same time."""


def run(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [WORKSHOP, *arguments], cwd=cwd, capture_output=True, text=True, check=False, timeout=120
    )


def typed_ahead(terminal: Terminal, first: int, many: int) -> None:
    terminal.type("".join(f"answer {n}\r" for n in range(first, first + many)))


def test_reading_works_beside_a_live_session_on_which_answers_stream_in(
    tmp_path: Path, tell: Tell
) -> None:
    path = fresh_session(tmp_path / "sessions")
    said = 0
    with Terminal([WORKSHOP, "resume", str(path)], cwd=tmp_path) as terminal:
        terminal.wait_for("Type an answer")
        typed_ahead(terminal, 0, 1)
        terminal.wait_for("✓")
        seen = 1
        for _ in range(ROUNDS):
            typed_ahead(terminal, said + 1, 5)
            said += 5
            listed = run("--sessions", str(path.parent), "list", "--json", cwd=tmp_path)
            shown = run("show", str(path), "--json", cwd=tmp_path)
            assert (listed.returncode, listed.stderr) == (0, "")
            assert (shown.returncode, shown.stderr) == (0, "")
            (entry,) = json.loads(listed.stdout)
            assert seen <= entry["answers"] <= said + 1
            seen = shown.stdout.count('"answer ')
            assert entry["answers"] <= seen <= said + 1
            terminal.read(0)
        report = run("report", str(path), "-o", str(tmp_path / "report.docx"), cwd=tmp_path)
        assert (report.returncode, report.stderr) == (0, "")
        assert (tmp_path / "report.docx").stat().st_size > 10_000
        terminal.type("\x11")
        assert terminal.wait_until_gone(60) == 0
        assert "✗" not in terminal.text
    assert list(read_back(path).texts.values()) == [f"answer {n}" for n in range(said + 1)]
    tell(f"{2 * ROUNDS + 1} readings beside {said} answers; none failed, none was in the way")


# ── two that write ───────────────────────────────────────────────────────────────────────────


def refused(path: Path, cwd: Path, holder: int, *options: str) -> str:
    """Resume a session that the process `holder` has open; return what that said."""
    before = path.read_bytes()
    with Terminal([WORKSHOP, "resume", str(path), *options], 250, 40, cwd=cwd) as second:
        assert second.wait_until_gone() == 6
        assert b"\x1b[?1049h" not in second.written  # the screen was not touched
        said = " ".join(second.text.split())
    assert path.read_bytes() == before
    assert f"is open in another Workshop (process {holder})" in said
    assert "Close it there first." in said
    return said


@pytest.mark.parametrize("options", [(), ("--plain",)])
def test_a_second_writer_is_refused_beside_a_screen_which_goes_on(
    tmp_path: Path, options: tuple[str, ...]
) -> None:
    path = fresh_session(tmp_path / "sessions")
    with Terminal([WORKSHOP, "resume", str(path)], 250, 40, cwd=tmp_path) as first:
        first.wait_for("Type an answer")
        first.type("first one\r")
        first.wait_for("✓")
        assert refused(path, tmp_path, first.pid, *options)
        first.type("still first\r")
        until_ticks(first, 2)
        first.type("\x11")
        assert first.wait_until_gone() == 0
    assert list(read_back(path).texts.values()) == ["first one", "still first"]
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize("options", [(), ("--plain",)])
def test_a_second_writer_is_refused_beside_plain_mode_which_goes_on(
    tmp_path: Path, options: tuple[str, ...]
) -> None:
    path = fresh_session(tmp_path / "sessions")
    with LineProgram(path, tmp_path) as first:
        first.say("first one")
        first.wait_for("saved 1")
        assert refused(path, tmp_path, first.pid, *options)
        first.say("still first")
        first.wait_for("saved 2")
        assert first.leave() == 0
    assert list(read_back(path).texts.values()) == ["first one", "still first"]
    assert list(path.parent.iterdir()) == [path]


def test_a_session_is_free_at_once_when_the_program_that_had_it_is_killed(tmp_path: Path) -> None:
    path = fresh_session(tmp_path / "sessions")
    for number in range(1, KILLED + 1):
        with LineProgram(path, tmp_path) as first:
            first.say(f"answer {number}")
            first.wait_for(f"saved {number}")
            first.kill()
        with LineProgram(path, tmp_path) as second:
            second.wait_for("Welcome back")
            assert second.leave() == 0
    assert len(read_back(path).texts) == KILLED
    assert list(path.parent.iterdir()) == [path]


def test_of_many_programs_that_come_at_once_one_has_the_session(tmp_path: Path) -> None:
    path = fresh_session(tmp_path / "sessions")
    programs = [
        subprocess.Popen(
            [WORKSHOP, "resume", str(path), "--plain"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )
        for _ in range(AT_ONCE)
    ]  # fmt: skip
    try:
        codes: list[int] = []
        for program in programs:
            # Whoever has the session waits for input, and ends once that does.
            with contextlib.suppress(subprocess.TimeoutExpired):
                codes.append(program.wait(60 if len(codes) < AT_ONCE - 1 else 0))
        waiting = [program for program in programs if program.poll() is None]
        assert len(waiting) == 1
        assert codes == [6] * (AT_ONCE - 1)
        said, _ = waiting[0].communicate("the one answer\n", timeout=60)
        assert "saved 1" in said
    finally:
        for program in programs:
            program.kill()
            program.communicate()
    assert list(read_back(path).texts.values()) == ["the one answer"]
