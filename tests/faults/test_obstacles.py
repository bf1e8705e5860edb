"""A full disk, a read-only folder or a missing file is reported, and no reply is lost."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from faults.check_file import read_back
from faults.fresh import fresh_session
from faults.line_program import WORKSHOP, LineProgram
from faults.obstacles import (
    DiskFull,
    Moved,
    NoMoreFiles,
    Obstacle,
    ReadOnlyDirectory,
    Replaced,
    can_mount,
    clean_up,
    without_root_rights,
)
from faults.screen_program import wait_for_ticks
from terminal import Terminal

from workshop.client import Client
from workshop.errors import CannotWriteError
from workshop.live_session import LiveSession

pytestmark = pytest.mark.skipif(os.name != "posix", reason="an open file stays on Windows")

ALL = [DiskFull, ReadOnlyDirectory, Moved, Replaced, NoMoreFiles]
ROOT = os.geteuid() == 0
TO_MOUNT = pytest.mark.skipif(not (ROOT and can_mount()), reason="mounting is not allowed here")
MARKS = {
    DiskFull: [TO_MOUNT],
    ReadOnlyDirectory: [
        pytest.mark.skipif(ROOT and not shutil.which("setpriv"), reason="there is no setpriv")
    ],
    NoMoreFiles: [pytest.mark.skipif(sys.platform != "linux", reason="prlimit is Linux's")],
}
OBSTACLES = [pytest.param(kind, marks=MARKS.get(kind, []), id=kind.__name__) for kind in ALL]


@pytest.fixture
def directory(tmp_path: Path) -> Iterator[Path]:
    """A directory that can be deleted afterwards, whatever obstacle is in it."""
    yield tmp_path
    clean_up(tmp_path)


def make(kind: type[Obstacle], directory: Path) -> tuple[Obstacle, Path]:
    obstacle = kind()
    return obstacle, fresh_session(obstacle.begin(directory))


# ── line mode ────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("kind", OBSTACLES)
def test_line_mode_reports_an_obstacle_and_saves_everything_once_it_is_removed(
    kind: type[Obstacle], directory: Path
) -> None:
    obstacle, path = make(kind, directory)
    with LineProgram(path, directory, before=without_root_rights()) as program:
        program.send("before")
        program.wait_for("saved 1")
        obstacle.put(path, program.pid)
        for words in ("first", "second"):
            program.send(words)
            line = program.wait_for("saved")
            assert line.startswith(f"not saved: {obstacle.reason} (")
            assert line.endswith(" An empty line tries again.")
        obstacle.remove(path, program.pid)
        program.send("afterwards")
        assert [program.wait_for("saved") for _ in range(3)] == ["saved 2", "saved 3", "saved 4"]
        assert program.leave() == 0
    assert read_back(path).texts == {1: "before", 2: "first", 3: "second", 4: "afterwards"}


@pytest.mark.parametrize("kind", OBSTACLES)
def test_line_mode_prints_what_it_could_not_save(kind: type[Obstacle], directory: Path) -> None:
    obstacle, path = make(kind, directory)
    with LineProgram(path, directory, before=without_root_rights()) as program:
        program.send("before")
        program.wait_for("saved 1")
        obstacle.put(path, program.pid)
        program.send("never saved")
        program.wait_for("not saved: ")
        program.send("/quit", "/quit")
        assert program.leave() == CannotWriteError.exit_code
        assert "Not saved: 1 reply." in program.lines
        assert "Not kept: never saved" in program.lines
        obstacle.remove(path, os.getpid())
    assert read_back(path).texts == {1: "before"}


# ── the screen ───────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("kind", OBSTACLES)
def test_the_screen_reports_an_obstacle_and_saves_everything_once_it_is_removed(
    kind: type[Obstacle], directory: Path
) -> None:
    obstacle, path = make(kind, directory)
    command = [*without_root_rights(), WORKSHOP, "resume", str(path)]
    with Terminal(command, 250, 40, cwd=directory) as terminal:
        terminal.wait_for("Type an answer")
        terminal.type("before\r")
        terminal.wait_for("✓")
        obstacle.put(path, terminal.pid)
        terminal.type("in the way\r")
        terminal.wait_for("✗")
        terminal.wait_for(f"Not saved: {obstacle.reason} (")
        obstacle.remove(path, terminal.pid)
        terminal.type("\r")  # the text is in the prompt again
        wait_for_ticks(terminal, 2)
        terminal.type("afterwards\r\x11")
        assert terminal.wait_until_gone() == 0
    assert read_back(path).texts == {1: "before", 2: "in the way", 3: "afterwards"}


@pytest.mark.parametrize("kind", OBSTACLES)
def test_the_screen_warns_before_leaving_with_text_that_could_not_be_saved(
    kind: type[Obstacle], directory: Path
) -> None:
    obstacle, path = make(kind, directory)
    command = [*without_root_rights(), WORKSHOP, "resume", str(path)]
    with Terminal(command, 250, 40, cwd=directory) as terminal:
        terminal.wait_for("Type an answer")
        terminal.type("before\r")
        terminal.wait_for("✓")
        obstacle.put(path, terminal.pid)
        terminal.type("in the way\r")
        terminal.wait_for("✗")
        terminal.type("\x11")
        terminal.wait_for("What you typed last is not saved here.")
        obstacle.remove(path, terminal.pid)
        os.kill(terminal.pid, signal.SIGTERM)
        assert terminal.wait_until_gone() == 128 + signal.SIGTERM
    saved = read_back(path)
    assert saved.texts == {1: "before"}
    assert saved.current_draft == "in the way"


# ── deleted ──────────────────────────────────────────────────────────────────────────────────


def test_line_mode_reports_a_deleted_file_and_prints_what_it_could_not_save(
    directory: Path,
) -> None:
    path = fresh_session(directory / "deleted")
    with LineProgram(path, directory) as program:
        program.send("before")
        program.wait_for("saved 1")
        path.unlink()
        program.send("after")
        line = program.wait_for("saved")
        assert line.startswith("not saved: the session's file was moved, deleted or replaced (")
        assert program.leave() == CannotWriteError.exit_code
        assert "Not kept: after" in program.lines
    assert list(path.parent.iterdir()) == []


def test_the_screen_reports_a_deleted_file(directory: Path) -> None:
    path = fresh_session(directory / "deleted")
    with Terminal([WORKSHOP, "resume", str(path)], 250, 40, cwd=directory) as terminal:
        terminal.wait_for("Type an answer")
        terminal.type("before\r")
        terminal.wait_for("✓")
        path.unlink()
        terminal.type("after\r")
        terminal.wait_for("Not saved: the session's file was moved, deleted or replaced (")
        terminal.type("\x11")
        terminal.wait_for("What you typed last is not saved here. Ctrl+Q again leaves")
        terminal.type("\x11")
        assert terminal.wait_until_gone() == 0
    assert list(path.parent.iterdir()) == []


@TO_MOUNT
def test_a_full_disk_gets_no_new_session_and_no_other_file(directory: Path) -> None:
    small = DiskFull().begin(directory)
    DiskFull().put(small / "none", 0)
    result = subprocess.run(
        [WORKSHOP, "--sessions", str(small), "new", "it", "--title", "New", "--no-open"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert result.returncode == CannotWriteError.exit_code
    assert result.stdout == ""
    assert "the disk is full" in result.stderr or "no space left" in result.stderr
    assert result.stderr.count("\n") == 1
    assert [p.name for p in small.iterdir()] == ["filler"]


# ── a live session ───────────────────────────────────────────────────────────────────────────

IN_PROCESS = [p for p in OBSTACLES if not ROOT or p.id != ReadOnlyDirectory.__name__]
"""The obstacles that work in this process: root may write into a read-only directory."""


@pytest.mark.parametrize("kind", IN_PROCESS)
def test_a_live_session_can_commit_again_what_could_not_be_saved(
    kind: type[Obstacle], directory: Path
) -> None:
    obstacle, path = make(kind, directory)
    live_session = LiveSession.open(path)
    client = Client(live_session)
    try:
        client.commit(client.begin()).result(60)
        client.commit(client.propose("before")).result(60)
        once_more = client.propose("once more")
        obstacle.put(path, os.getpid())
        try:
            failures = [
                client.commit(once_more).exception(60),
                client.save_draft("half-typed").exception(60),
            ]
        finally:
            obstacle.remove(path, os.getpid())
        for failure in failures:
            assert isinstance(failure, CannotWriteError)
            assert failure.message.startswith(f"Not saved: {obstacle.reason} (")
            assert "\n" not in failure.message
        client.save_draft("half-typed").result(60)
        client.commit(once_more).result(60)
    finally:
        live_session.close()
    assert read_back(path).texts == {1: "before", 2: "once more"}
