"""Line mode that ends in mid-line: at a terminal, the unfinished line is kept as a draft."""

import os
import signal
import sys
import time
from pathlib import Path

import pytest
from plain_support import Talk
from terminal import Terminal

from workshop.banks.registry import find_bank
from workshop.frontends.cli.sessions import make_session
from workshop.storage.sqlite.event_store import SqliteEventStore

WORKSHOP = str(Path(sys.executable).with_name("workshop"))
CTRL_C, CTRL_D, LEFT = b"\x03", b"\x04", b"\x1b[D"


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return make_session(tmp_path, find_bank("it"), title="Acme", participants=["Anna"])


def drafts(path: Path) -> list[str]:
    with SqliteEventStore.open(path) as file:
        return [draft.text for draft in file.drafts()]


class Line:
    """A line that is edited in a terminal, or one that the terminal itself keeps (`canonical`)."""

    def __init__(self, path: Path, *, canonical: bool = False) -> None:
        resume = f"{WORKSHOP} resume --plain {path}"
        # Where the output goes elsewhere, nothing edits the line but the terminal.
        script = f"{resume} | cat; echo" if canonical else f"{resume}; echo left with $?; sleep 60"
        self._terminal = Terminal(["sh", "-c", script], 150, controlling=True)
        self.path = path

    def __enter__(self) -> Terminal:
        self._terminal.wait_for("> ")
        return self._terminal

    def __exit__(self, *_: object) -> None:
        self._terminal.kill()


def wait_for_prompt(terminal: Terminal) -> None:
    end = time.monotonic() + 30
    while terminal.text.rstrip().splitlines()[-1:] != [">"]:
        terminal.read(0.05)
        if time.monotonic() > end:
            raise TimeoutError(terminal.text)


class TestEndOfInput:
    @pytest.mark.parametrize("typed", [b"half", b"half" + LEFT])
    def test_ctrl_d_after_an_unfinished_line_leaves_and_keeps_it(
        self, path: Path, typed: bytes
    ) -> None:
        with Line(path) as terminal:
            terminal.send(typed)
            terminal.wait_for("> half")
            terminal.send(CTRL_D)
            terminal.wait_for("left with 0")
            assert "What was not sent is kept" in terminal.text
        assert drafts(path) == ["half"]
        assert Talk(path, "").answers == []

    def test_ctrl_d_keeps_an_unfinished_line_that_only_the_terminal_edits(self, path: Path) -> None:
        with Line(path, canonical=True) as terminal:
            terminal.send(b"half")
            terminal.wait_for("> half")
            # A terminal hands over what it has at the first, and nothing, which is the end, then.
            terminal.send(CTRL_D + CTRL_D)
            assert terminal.wait_until_gone() == 0
        assert drafts(path) == ["half"]
        assert Talk(path, "").answers == []

    def test_lines_that_end_in_backslashes_are_kept_unsent(self, path: Path) -> None:
        talk = Talk(path, "First\nhalf\\\na line", typed=True)
        assert talk.answers == ["First"]
        assert drafts(path) == ["half\na line"]
        assert "What was not sent is kept" in talk.err
        assert talk.code == 0

    def test_ctrl_d_in_an_empty_line_just_leaves(self, path: Path) -> None:
        with Line(path) as terminal:
            terminal.send(CTRL_D)
            terminal.wait_for("left with 0")
            assert "Everything is saved" in terminal.text
            assert "not sent" not in terminal.text
        assert drafts(path) == []


class TestSignals:
    @pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
    def test_a_signal_in_mid_line_keeps_the_line(self, path: Path, number: signal.Signals) -> None:
        command = [WORKSHOP, "resume", "--plain", str(path)]
        with Terminal(command, 150, controlling=True) as terminal:
            terminal.wait_for("> ")
            terminal.type("First\r")
            terminal.wait_for("saved 1")
            terminal.type("hälf\\\ra line")
            terminal.wait_for("> a line")
            if number is signal.SIGINT:
                terminal.send(CTRL_C)
            else:
                os.kill(terminal.pid, number)
            assert terminal.wait_until_gone() == 128 + number
        assert drafts(path) == ["hälf\na line"]
        assert Talk(path, "").answers == ["First"]

    @pytest.mark.parametrize("kept", [[], ["half"]])
    def test_a_line_that_only_the_terminal_holds_is_not_reported_as_saved(
        self, path: Path, tmp_path: Path, kept: list[str]
    ) -> None:
        stderr = tmp_path / "stderr"
        # Ctrl+C means all that runs in the terminal; whoever reads along is to stay.
        script = f"trap : INT; {WORKSHOP} resume --plain {path} 2>{stderr} | (trap '' INT; cat)"
        with Terminal(["sh", "-c", script], 150, controlling=True) as terminal:
            wait_for_prompt(terminal)
            for line in ("First", *(f"{half}\\" for half in kept)):
                terminal.type(f"{line}\r")
                terminal.wait_for(f"> {line}")
                wait_for_prompt(terminal)
            terminal.type("more")
            terminal.wait_for("> more")
            terminal.send(CTRL_C)
            terminal.wait_until_gone()
        lines = stderr.read_text()
        assert f"What was sent is saved in {path}." in lines
        assert "Everything is saved" not in lines
        assert ("What was not sent is kept" in lines) is bool(kept)
        assert drafts(path) == kept
