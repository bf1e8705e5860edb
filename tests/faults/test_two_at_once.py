"""Two programs with one session: whoever reads is never in the way, and nobody writes over another.

A live session on the screen, others beside it.
"""

import json
import subprocess
from pathlib import Path

from faults.conftest import Tell
from faults.counts import count
from faults.fresh import fresh_session
from faults.kept import read_back
from faults.line_program import WORKSHOP, LineProgram
from faults.screen_program import until, until_ticks
from terminal import Terminal

ROUNDS = count("READINGS", 40)
"""How often each command reads the session while answers stream in."""


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

# Whether the second one is turned away when it opens the session or when it first answers, it says
# this, and the first one goes on as if it had not been there.
SAID = "another Workshop"


def test_a_second_writer_in_plain_mode_is_refused_and_the_first_one_goes_on(tmp_path: Path) -> None:
    path = fresh_session(tmp_path / "sessions")
    with Terminal([WORKSHOP, "resume", str(path)], 250, 40, cwd=tmp_path) as first:
        first.wait_for("Type an answer")
        first.type("first one\r")
        first.wait_for("✓")
        with LineProgram(path, tmp_path) as second:
            second.listen(30)
            first.type("first one again\r")
            until_ticks(first, 2)
            second.say("second one")
            assert SAID in second.wait_for(SAID)
            assert second.leave() == 6
            assert not any(line.startswith("saved") for line in second.heard)
        first.type("still first\r\x11")
        assert first.wait_until_gone() == 0
    assert list(read_back(path).texts.values()) == ["first one", "first one again", "still first"]


def test_a_second_writer_on_the_screen_is_refused_and_the_first_one_goes_on(tmp_path: Path) -> None:
    path = fresh_session(tmp_path / "sessions")
    with LineProgram(path, tmp_path) as first:
        first.say("first one")
        first.wait_for("saved 1")
        with Terminal([WORKSHOP, "resume", str(path)], 250, 40, cwd=tmp_path) as second:
            until(second, lambda text: "Type an answer" in text or SAID in text)
            first.say("first one again")
            first.wait_for("saved 2")
            second.type("second one\r")
            second.wait_for(SAID)
            assert "✗" in second.text or second.wait_until_gone() == 6
        first.say("still first")
        first.wait_for("saved 3")
        assert first.leave() == 0
    assert list(read_back(path).texts.values()) == ["first one", "first one again", "still first"]


def test_whoever_was_refused_finds_the_words_again_when_the_session_is_resumed(
    tmp_path: Path,
) -> None:
    path = fresh_session(tmp_path / "sessions")
    command = [WORKSHOP, "resume", str(path)]
    with Terminal(command, 250, 40, cwd=tmp_path) as first:
        first.wait_for("Type an answer")
        with LineProgram(path, tmp_path) as second:
            second.say("from beside")
            second.wait_for("saved 1")
            assert second.leave() == 0
        first.type("refused\r")
        first.wait_for("✗")
        first.wait_for(SAID)
        first.type("\x11")
        assert first.wait_until_gone() == 0
    with Terminal(command, 250, 40, cwd=tmp_path) as again:
        again.wait_for("Below is what you were typing when you left.")
        again.type("\r\x11")
        assert again.wait_until_gone() == 0
    assert list(read_back(path).texts.values()) == ["from beside", "refused"]
