"""The installed program in a terminal of its own, as people run it."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest
from terminal import Terminal

WORKSHOP = str(Path(sys.executable).with_name("workshop"))
FIRST = "Which threats can the business expect"
SECOND = "How can we pro-actively disrupt"
THIRD = "In which external market segments"


@pytest.fixture
def session(tmp_path: Path) -> Path:
    made = subprocess.run(
        [WORKSHOP, "--sessions", str(tmp_path), "new", "it_business_model_canvas",
         "--title", "Terminal", "--no-open"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return Path(made.stdout.strip())


def value(path: Path, sql: str) -> str | None:
    with closing(sqlite3.connect(path)) as connection:
        row = connection.execute(sql).fetchone()
    return row[0] if row else None


def wait_until_saved(terminal: Terminal, path: Path, sql: str, wanted: str) -> None:
    end = time.monotonic() + 30
    while value(path, sql) != wanted:
        terminal.read(0.05)
        if time.monotonic() > end:
            raise TimeoutError(terminal.text)


@pytest.mark.parametrize(("columns", "rows"), [(80, 24), (120, 40)])
def test_a_block_is_walked_with_keys_alone_and_kill_9_loses_nothing(
    session: Path, tmp_path: Path, columns: int, rows: int
) -> None:
    command = [WORKSHOP, "resume", str(session)]
    with Terminal(command, columns, rows, cwd=tmp_path) as terminal:
        terminal.wait_for(FIRST)
        terminal.type("A start-up with drones\r")
        terminal.wait_for("✓")
        terminal.type("\r")
        terminal.wait_for(SECOND)
        terminal.type("Sell our forecasts\r")
        terminal.wait_for("Sell our forecasts")
        terminal.type("\r")
        terminal.wait_for(THIRD)
        terminal.wait_for("Customer Environment: 2 answers.")
        terminal.type("Killed right after the tick\r")
        terminal.wait_for("Killed right after the tick")
        wait_until_saved(
            terminal, session, "SELECT answer FROM answers WHERE number = 3",
            "Killed right after the tick",
        )  # fmt: skip
        terminal.type("half a tho")
        wait_until_saved(terminal, session, "SELECT text FROM draft", "half a tho")
        terminal.kill()
    with Terminal(command, columns, rows, cwd=tmp_path) as terminal:
        terminal.wait_for(THIRD)
        terminal.wait_for("Killed right after the tick")
        terminal.wait_for("half a tho")
        terminal.type("ught\r")
        terminal.wait_for("half a thought")
        wait_until_saved(
            terminal, session, "SELECT answer FROM answers WHERE number = 4", "half a thought"
        )
        terminal.type("\x11")
        assert terminal.wait_until_gone() == 0
    assert value(session, "SELECT count(*) FROM draft") == 0  # type: ignore[comparison-overlap]


def test_the_screen_is_left_as_it_was_found(session: Path, tmp_path: Path) -> None:
    script = f"{WORKSHOP} resume {session}; echo LEFT WITH $?; sleep 30"
    with Terminal(["sh", "-c", script], cwd=tmp_path) as terminal:
        terminal.wait_for(FIRST)
        terminal.type("/quit\r")
        terminal.wait_for("LEFT WITH 0")
        # The alternate screen, bracketed paste and the mouse were asked for, and given back.
        for mode in (b"1049", b"2004", b"1000"):
            on, off = (
                terminal.written.rfind(b"\x1b[?%bh" % mode),
                terminal.written.rfind(b"\x1b[?%bl" % mode),
            )
            assert -1 < on < off


def test_letters_and_enter_in_one_write_are_one_answer(session: Path, tmp_path: Path) -> None:
    with Terminal([WORKSHOP, "resume", str(session)], cwd=tmp_path) as terminal:
        terminal.wait_for(FIRST)
        terminal.type("one\rtwo\r\rthree\r\x11")
        assert terminal.wait_until_gone() == 0
    with closing(sqlite3.connect(session)) as connection:
        said = connection.execute("SELECT answer FROM answers").fetchall()
    assert said == [("one",), ("two",), ("three",)]


def test_sigterm_saves_what_is_typed_and_restores_the_terminal(
    session: Path, tmp_path: Path
) -> None:
    with Terminal([WORKSHOP, "resume", str(session)], cwd=tmp_path) as terminal:
        terminal.wait_for(FIRST)
        terminal.type("half a tho")
        terminal.wait_for("half a tho")
        os.kill(terminal.pid, signal.SIGTERM)
        assert terminal.wait_until_gone() == 128 + signal.SIGTERM
        assert terminal.written.rfind(b"\x1b[?1049l") > terminal.written.rfind(b"\x1b[?1049h")
    assert value(session, "SELECT text FROM draft") == "half a tho"
