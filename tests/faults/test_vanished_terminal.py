"""The terminal is gone, or the system ends the program: it goes at once, and keeps what was typed.

With 10,000 answers to one question, where everything takes longest.
"""

import os
import signal
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from faults.counts import count, real_time
from faults.fresh import fresh_session
from faults.kept import Kept, read_back
from faults.line_program import WORKSHOP
from faults.screen_program import until
from terminal import Terminal

from workshop.live_session import make_events
from workshop.session.events import AnswerAdded
from workshop.storage.sqlite.session_file import SessionFile

ANSWERS = count("ANSWERS_AT_ONE_QUESTION", 10_000)
LIMIT = real_time(2.0)
"""How long the program may take to be gone, in seconds."""
TYPED = "half a tho"


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A session with very many answers to its first question."""
    path = fresh_session(tmp_path_factory.mktemp("full"))
    with SessionFile.open(path) as file:
        first = file.session().addresses[0]
        bodies = [
            AnswerAdded(question=first, text=f"Answer {n}", participant="Facilitator")
            for n in range(ANSWERS)
        ]
        file.events()
        file.append(make_events(bodies, "Facilitator", datetime.now(UTC)))
    return path.read_bytes()


@pytest.fixture
def path(full: bytes, tmp_path: Path) -> Iterator[Path]:
    path = tmp_path / "session.db"
    path.write_bytes(full)
    yield path
    assert list(tmp_path.iterdir()) == [path]  # no journal, and nobody holds it


def wait_until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < end, "what was waited for never came"


def drafts_in(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as connection:
        return [text for (text,) in connection.execute("SELECT text FROM draft")]


def hang_up(terminal: Terminal) -> None:
    terminal.hang_up()


def sends(number: signal.Signals) -> Callable[[Terminal], None]:
    def send(terminal: Terminal) -> None:
        os.kill(terminal.pid, number)

    return send


def gone_in_time(terminal: Terminal, end: Callable[[Terminal], None]) -> int:
    began = time.monotonic()
    end(terminal)
    code = terminal.wait_without_reading(30)
    assert time.monotonic() - began < LIMIT
    return code


ENDS = [
    pytest.param(hang_up, False, 129, id="a connection that breaks"),
    pytest.param(hang_up, True, 129, id="a window that is closed"),
    pytest.param(sends(signal.SIGHUP), True, 129, id="SIGHUP"),
    pytest.param(sends(signal.SIGTERM), True, 143, id="SIGTERM"),
]


@pytest.mark.parametrize(("end", "controlling", "code"), ENDS)
def test_a_screen_is_gone_at_once_and_what_was_typed_is_kept(
    path: Path, tmp_path: Path, end: Callable[[Terminal], None], controlling: bool, code: int
) -> None:
    command = [WORKSHOP, "resume", str(path)]
    with Terminal(command, 100, 30, cwd=tmp_path, controlling=controlling) as terminal:
        until(terminal, lambda text: f"{ANSWERS}  Answer {ANSWERS - 1}" in text)
        terminal.type("said\r")
        until(terminal, lambda text: f"{ANSWERS + 1}  said" in text and "✓" in text)
        terminal.type(TYPED)
        terminal.wait_for(TYPED)
        assert gone_in_time(terminal, end) == code
    kept = read_back(path)
    assert kept.texts[ANSWERS + 1] == "said"
    assert kept.waiting == TYPED


def test_a_screen_that_nobody_reads_any_more_does_not_hold_up_the_end(
    path: Path, tmp_path: Path
) -> None:
    with Terminal([WORKSHOP, "resume", str(path)], 250, 80, cwd=tmp_path) as terminal:
        until(terminal, lambda text: f"{ANSWERS}  Answer {ANSWERS - 1}" in text)
        terminal.type(TYPED)
        terminal.wait_for(TYPED)
        wait_until(lambda: TYPED in drafts_in(path))
        for _ in range(200):  # the screen is drawn until nothing more fits
            terminal.type("\x1b[5~")
        wait_until(terminal.is_full)
        assert gone_in_time(terminal, sends(signal.SIGTERM)) == 143
    assert read_back(path).waiting == TYPED


# ── plain mode ───────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("end", "controlling", "code"), ENDS)
def test_plain_mode_is_gone_at_once_and_the_session_is_sound(
    path: Path, tmp_path: Path, end: Callable[[Terminal], None], controlling: bool, code: int
) -> None:
    command = [WORKSHOP, "resume", str(path), "--plain"]
    with Terminal(command, 100, 30, cwd=tmp_path, controlling=controlling) as terminal:
        terminal.wait_for("> ")
        terminal.type("said\r")
        terminal.wait_for(f"saved {ANSWERS + 1}")
        terminal.type("half \\\r")
        terminal.wait_for("half")
        assert gone_in_time(terminal, end) == code
    kept: Kept = read_back(path)
    assert kept.texts[ANSWERS + 1] == "said"
    assert kept.waiting == "half"
