"""When the terminal vanishes or a signal comes, the program ends at once and saves the draft.

The question has 10,000 answers, so that everything takes longest.
"""

import os
import re
import signal
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from faults.check_file import read_back
from faults.counts import count, real_time
from faults.fresh import fresh_session
from faults.line_program import WORKSHOP
from store_support import Writer
from terminal import Terminal

from workshop.live_session import make_events
from workshop.session.events import AnswerAdded

ANSWERS = count("ANSWERS_AT_ONE_QUESTION", 10_000)
LIMIT = real_time(2.0)
"""The time that the program may take to end, in seconds."""
DRAFT = "half a tho"


@pytest.fixture(scope="module")
def full_session(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A session with very many answers to its first question."""
    path = fresh_session(tmp_path_factory.mktemp("full"))
    with Writer.open(path) as file:
        first = file.session().addresses[0]
        bodies = [
            AnswerAdded(question=first, text=f"Answer {n}", participant="Facilitator")
            for n in range(ANSWERS)
        ]
        file.events()
        file.add(make_events(bodies, "Facilitator", datetime.now(UTC)))
    return path.read_bytes()


@pytest.fixture
def path(full_session: bytes, tmp_path: Path) -> Iterator[Path]:
    path = tmp_path / "session.db"
    path.write_bytes(full_session)
    yield path
    assert list(tmp_path.glob("*session.db*")) == [path]  # no journal, and no lock


def wait_until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < end, "the condition was not met"


def drafts_in(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as connection:
        return [text for (text,) in connection.execute("SELECT text FROM draft")]


def hang_up(terminal: Terminal) -> None:
    terminal.hang_up()


def send_signal(number: signal.Signals) -> Callable[[Terminal], None]:
    def send(terminal: Terminal) -> None:
        os.kill(terminal.pid, number)

    return send


def end_in_time(terminal: Terminal, end: Callable[[Terminal], None]) -> int:
    """End the program, check the time that it takes, and return its exit code."""
    start = time.monotonic()
    end(terminal)
    code = terminal.wait_without_reading(30)
    assert time.monotonic() - start < LIMIT
    return code


ENDS = [
    pytest.param(hang_up, False, 129, id="a connection that breaks"),
    pytest.param(hang_up, True, 129, id="a window that is closed"),
    pytest.param(send_signal(signal.SIGHUP), True, 129, id="SIGHUP"),
    pytest.param(send_signal(signal.SIGTERM), True, 143, id="SIGTERM"),
]


@pytest.mark.parametrize(("end", "controlling", "code"), ENDS)
def test_a_screen_ends_at_once_and_saves_the_draft(
    path: Path, tmp_path: Path, end: Callable[[Terminal], None], controlling: bool, code: int
) -> None:
    command = [WORKSHOP, "resume", str(path)]
    with Terminal(command, 100, 30, cwd=tmp_path, controlling=controlling) as terminal:
        terminal.wait_until(lambda text: f"{ANSWERS}  Answer {ANSWERS - 1}" in text, seconds=60)
        terminal.type("the last\r")
        last = f"{ANSWERS + 1}  the last"
        terminal.wait_until(lambda text: last in text and "✓" in text, seconds=60)
        terminal.type(DRAFT)
        terminal.wait_for(DRAFT)
        assert end_in_time(terminal, end) == code
    saved = read_back(path)
    assert saved.texts[ANSWERS + 1] == "the last"
    assert saved.current_draft == DRAFT


def test_a_screen_ends_at_once_even_if_the_terminal_reads_nothing_any_more(
    path: Path, tmp_path: Path
) -> None:
    with Terminal([WORKSHOP, "resume", str(path)], 250, 80, cwd=tmp_path) as terminal:
        terminal.wait_until(lambda text: f"{ANSWERS}  Answer {ANSWERS - 1}" in text, seconds=60)
        terminal.type(DRAFT)
        terminal.wait_for(DRAFT)
        wait_until(lambda: DRAFT in drafts_in(path))
        for _ in range(200):  # each key draws the screen, until the terminal's buffer is full
            terminal.type("\x1b[5~")
        wait_until(terminal.is_full)
        assert end_in_time(terminal, send_signal(signal.SIGTERM)) == 143
    assert read_back(path).current_draft == DRAFT


# ── line mode ────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("end", "controlling", "code"), ENDS)
def test_line_mode_ends_at_once_and_the_session_is_sound(
    path: Path, tmp_path: Path, end: Callable[[Terminal], None], controlling: bool, code: int
) -> None:
    command = [WORKSHOP, "resume", str(path), "--plain"]
    with Terminal(command, 100, 30, cwd=tmp_path, controlling=controlling) as terminal:
        terminal.wait_for("> ")
        terminal.type("the last\r")
        terminal.wait_for(f"saved {ANSWERS + 1}")
        terminal.type("half \\\r")
        # The echo comes before the program has the line; its next prompt comes after that.
        terminal.wait_until(lambda text: re.search(r"half \\\s+>\s*$", text) is not None)
        assert end_in_time(terminal, end) == code
    saved = read_back(path)
    assert saved.texts[ANSWERS + 1] == "the last"
    assert saved.current_draft == "half"
