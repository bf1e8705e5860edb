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
    created = subprocess.run(
        [WORKSHOP, "--sessions", str(tmp_path), "new", "it_business_model_canvas",
         "--title", "Terminal", "--no-open"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return Path(created.stdout.strip())


def value(path: Path, sql: str) -> str | None:
    with closing(sqlite3.connect(path)) as connection:
        row = connection.execute(sql).fetchone()
    return row[0] if row else None


def wait_until_saved(terminal: Terminal, path: Path, sql: str, expected: str) -> None:
    end = time.monotonic() + 30
    while value(path, sql) != expected:
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
        answers = connection.execute("SELECT answer FROM answers").fetchall()
    assert answers == [("one",), ("two",), ("three",)]


def test_text_typed_before_the_screen_is_there_is_in_the_prompt(
    session: Path, tmp_path: Path
) -> None:
    with Terminal([WORKSHOP, "resume", str(session)], cwd=tmp_path) as terminal:
        terminal.type("Ships that plan ahead")
        assert FIRST not in terminal.text
        terminal.wait_for(FIRST)
        terminal.wait_for("│ Ships that plan ahead")
        terminal.type(" of us\r")
        wait_until_saved(
            terminal, session, "SELECT answer FROM answers", "Ships that plan ahead of us"
        )


@pytest.mark.parametrize(
    ("keys", "text"),
    [
        ("Zürich".encode("latin-1"), "Z\ufffdrich"),  # from a terminal that is set to Latin-1
        (b"A\xed\xa0\x80B\xff", "A\ufffd\ufffd\ufffdB\ufffd"),
        (b"A\x1b[55296uB", "AB"),  # half a character, as newer terminals name keys
        (b"A\x1b[99999999999999u", "A"),
        (b"A\x1b[99999999999999uB\x1b[1;1:3u\x1b[:::uC", "ABC"),  # several in one read
    ],
)
def test_keys_that_are_no_text_do_not_end_the_program(
    session: Path, tmp_path: Path, keys: bytes, text: str
) -> None:
    with Terminal([WORKSHOP, "resume", str(session)], cwd=tmp_path) as terminal:
        terminal.wait_for(FIRST)
        terminal.send(keys + b" and more\r")
        wait_until_saved(terminal, session, "SELECT answer FROM answers", f"{text} and more")


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


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_terminal_that_is_gone_ends_the_program_and_keeps_what_is_typed(
    session: Path, tmp_path: Path, number: signal.Signals
) -> None:
    with Terminal([WORKSHOP, "resume", str(session)], cwd=tmp_path) as terminal:
        terminal.wait_for(FIRST)
        terminal.type("half a tho")
        terminal.wait_for("half a tho")
        if number is signal.SIGTERM:
            os.kill(terminal.pid, number)
        else:
            terminal.hang_up()  # nobody sends SIGHUP: it is not the controlling terminal
        assert terminal.wait_without_reading(15) == 128 + number
    assert value(session, "SELECT text FROM draft") == "half a tho"
    assert list(session.parent.glob(f"*{session.name}*")) == [session]


def shell_command(session: Path) -> tuple[list[str], dict[str, str]]:
    return ["sh", "-i"], {"PS1": "SHELL$ ", "ENV": "", "RUN": f"{WORKSHOP} resume {session}"}


def test_ctrl_z_goes_back_to_the_shell_and_fg_to_the_session(session: Path, tmp_path: Path) -> None:
    command, env = shell_command(session)
    with Terminal(command, cwd=tmp_path, env=env, controlling=True) as terminal:
        terminal.wait_for("SHELL$ ")
        terminal.type("$RUN\r")
        terminal.wait_for(FIRST)
        terminal.type("one\rhalf a tho\x1a")
        terminal.wait_for("Type fg to go on.")
        terminal.wait_for("SHELL$ ")
        assert value(session, "SELECT text FROM draft") == "half a tho"
        assert value(session, "SELECT answer FROM answers") == "one"
        terminal.type("echo $((6*7)) in between\r")
        terminal.wait_for("42 in between")
        for _ in range(3):
            terminal.clear()
            terminal.type("fg\r")
            terminal.wait_for("half a tho")
            terminal.wait_for(FIRST)
            terminal.clear()
            terminal.type("\x1a")
            terminal.wait_for("SHELL$ ")
        terminal.clear()
        terminal.type("fg\r")
        terminal.wait_for(FIRST)
        terminal.type("ught\r")
        terminal.wait_for("2  half a thought")
        terminal.type("\x11")
        terminal.wait_for("SHELL$ ")
        terminal.type("echo LEFT WITH $?\r")
        terminal.wait_for("LEFT WITH 0")
        assert terminal.written.rfind(b"\x1b[?1049l") > terminal.written.rfind(b"\x1b[?1049h")
    assert value(session, "SELECT answer FROM answers WHERE number = 2") == "half a thought"


def test_a_program_that_was_stopped_without_warning_resumes(session: Path, tmp_path: Path) -> None:
    command = [WORKSHOP, "resume", str(session)]
    with Terminal(command, cwd=tmp_path, controlling=True) as terminal:
        terminal.wait_for(FIRST)
        terminal.type("half a tho")
        terminal.wait_for("half a tho")
        os.kill(terminal.pid, signal.SIGSTOP)
        while terminal.read(0.2):
            pass
        terminal.clear()
        os.kill(terminal.pid, signal.SIGCONT)
        terminal.wait_for(FIRST)
        terminal.type("ught\r\x11")
        assert terminal.wait_until_gone() == 0
    assert value(session, "SELECT answer FROM answers") == "half a thought"


def test_without_a_shell_behind_it_ctrl_z_stops_nothing(session: Path, tmp_path: Path) -> None:
    command = [WORKSHOP, "resume", str(session)]
    with Terminal(command, cwd=tmp_path, controlling=True) as terminal:
        terminal.wait_for(FIRST)
        terminal.type("typed on\x1a")
        terminal.wait_for("There is no shell here to go back to.")
        terminal.type("\r\x11")
        assert terminal.wait_until_gone() == 0
    assert value(session, "SELECT answer FROM answers") == "typed on"


def test_a_window_of_another_size_is_filled_and_nothing_is_lost(
    session: Path, tmp_path: Path
) -> None:
    command = [WORKSHOP, "resume", str(session)]
    sizes = {"COLUMNS": "", "LINES": ""}  # what the terminal says is what counts
    with Terminal(command, 80, 24, cwd=tmp_path, env=sizes, controlling=True) as terminal:
        terminal.wait_for(FIRST)
        terminal.type("one\rhalf a tho")
        terminal.wait_for("half a tho")
        for columns, rows, has_outline in ((130, 40, True), (60, 15, False), (80, 24, False)):
            terminal.resize(columns, rows)
            terminal.clear()
            terminal.wait_until(
                lambda text, has_outline=has_outline: (
                    text.count("half a tho") == 1
                    and "Which threats can the business" in text
                    and ("Channels" in text) is has_outline
                )
            )
        terminal.type("ught\r")
        terminal.wait_for("2  half a thought")
        terminal.type("\x11")
        assert terminal.wait_until_gone() == 0
    assert value(session, "SELECT answer FROM answers WHERE number = 2") == "half a thought"


def test_a_dumb_terminal_takes_lines(session: Path, tmp_path: Path) -> None:
    command = [WORKSHOP, "resume", str(session)]
    with Terminal(command, cwd=tmp_path, env={"TERM": "dumb"}) as terminal:
        terminal.wait_for(FIRST)
        terminal.type("A start-up with drones\r")
        terminal.wait_for("saved 1")
        assert b"\x1b[?1049h" not in terminal.written
