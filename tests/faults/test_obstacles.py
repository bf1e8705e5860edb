"""The disk is full, the folder read-only, the file gone: it is said, and nothing said is lost."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from faults.fresh import fresh_session
from faults.kept import read_back
from faults.line_program import WORKSHOP, LineProgram
from faults.obstacles import (
    DiskFull,
    Moved,
    NoMoreFiles,
    Obstacle,
    ReadOnlyDirectory,
    Replaced,
    as_anybody,
    can_mount,
    clear,
)
from faults.screen_program import until_ticks
from terminal import Terminal

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
def place(tmp_path: Path) -> Iterator[Path]:
    """A directory that is cleared up, whatever stands in it."""
    yield tmp_path
    clear(tmp_path)


def make(kind: type[Obstacle], place: Path) -> tuple[Obstacle, Path]:
    obstacle = kind()
    return obstacle, fresh_session(obstacle.begin(place))


# ── plain mode ───────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("kind", OBSTACLES)
def test_plain_mode_says_what_stands_in_the_way_and_goes_on_behind_it(
    kind: type[Obstacle], place: Path
) -> None:
    obstacle, path = make(kind, place)
    with LineProgram(path, place, before=as_anybody()) as program:
        program.say("before")
        program.wait_for("saved 1")
        obstacle.put(path, program.pid)
        for words in ("first", "second"):
            program.say(words)
            said = program.wait_for("saved")
            assert said.startswith(f"not saved: {obstacle.says} (")
            assert said.endswith(" An empty line tries again.")
        obstacle.take_away(path, program.pid)
        program.say("behind it")
        assert [program.wait_for("saved") for _ in range(3)] == ["saved 2", "saved 3", "saved 4"]
        assert program.leave() == 0
    assert read_back(path).texts == {1: "before", 2: "first", 3: "second", 4: "behind it"}


@pytest.mark.parametrize("kind", OBSTACLES)
def test_plain_mode_tells_what_it_could_not_keep(kind: type[Obstacle], place: Path) -> None:
    obstacle, path = make(kind, place)
    with LineProgram(path, place, before=as_anybody()) as program:
        program.say("before")
        program.wait_for("saved 1")
        obstacle.put(path, program.pid)
        program.say("never saved")
        program.wait_for("not saved: ")
        program.say("/quit", "/quit")
        assert program.leave() == CannotWriteError.exit_code
        assert "Not saved: 1 reply." in program.input_queue
        assert "Not kept: never saved" in program.input_queue
        obstacle.take_away(path, os.getpid())
    assert read_back(path).texts == {1: "before"}


# ── the screen ───────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("kind", OBSTACLES)
def test_the_screen_says_what_stands_in_the_way_and_goes_on_behind_it(
    kind: type[Obstacle], place: Path
) -> None:
    obstacle, path = make(kind, place)
    command = [*as_anybody(), WORKSHOP, "resume", str(path)]
    with Terminal(command, 250, 40, cwd=place) as terminal:
        terminal.wait_for("Type an answer")
        terminal.type("before\r")
        terminal.wait_for("✓")
        obstacle.put(path, terminal.pid)
        terminal.type("in the way\r")
        terminal.wait_for("✗")
        terminal.wait_for(f"Not saved: {obstacle.says} (")
        obstacle.take_away(path, terminal.pid)
        terminal.type("\r")  # the words went back into the prompt: once more
        until_ticks(terminal, 2)
        terminal.type("behind it\r\x11")
        assert terminal.wait_until_gone() == 0
    assert read_back(path).texts == {1: "before", 2: "in the way", 3: "behind it"}


@pytest.mark.parametrize("kind", OBSTACLES)
def test_the_screen_is_not_left_with_words_in_it_that_could_not_be_saved(
    kind: type[Obstacle], place: Path
) -> None:
    obstacle, path = make(kind, place)
    command = [*as_anybody(), WORKSHOP, "resume", str(path)]
    with Terminal(command, 250, 40, cwd=place) as terminal:
        terminal.wait_for("Type an answer")
        terminal.type("before\r")
        terminal.wait_for("✓")
        obstacle.put(path, terminal.pid)
        terminal.type("in the way\r")
        terminal.wait_for("✗")
        terminal.type("\x11")
        terminal.wait_for("What you typed last is not saved here.")
        obstacle.take_away(path, terminal.pid)
        os.kill(terminal.pid, signal.SIGTERM)
        assert terminal.wait_until_gone() == 128 + signal.SIGTERM
    kept = read_back(path)
    assert kept.texts == {1: "before"}
    assert kept.waiting == "in the way"


# ── for good ─────────────────────────────────────────────────────────────────────────────────


def test_a_file_that_was_deleted_is_said_and_what_could_not_be_kept_is_told(place: Path) -> None:
    path = fresh_session(place / "deleted")
    with LineProgram(path, place) as program:
        program.say("before")
        program.wait_for("saved 1")
        path.unlink()
        program.say("after")
        said = program.wait_for("saved")
        assert said.startswith("not saved: the session's file was moved, deleted or replaced (")
        assert program.leave() == CannotWriteError.exit_code
        assert "Not kept: after" in program.input_queue
    assert list(path.parent.iterdir()) == []


def test_the_screen_says_that_the_file_was_deleted(place: Path) -> None:
    path = fresh_session(place / "deleted")
    with Terminal([WORKSHOP, "resume", str(path)], 250, 40, cwd=place) as terminal:
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
def test_no_session_is_begun_on_a_full_disk_and_nothing_is_left_there(place: Path) -> None:
    small = DiskFull().begin(place)
    DiskFull().put(small / "none", 0)
    done = subprocess.run(
        [WORKSHOP, "--sessions", str(small), "new", "it", "--title", "New", "--no-open"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == CannotWriteError.exit_code
    assert done.stdout == ""
    assert "the disk is full" in done.stderr or "no space left" in done.stderr
    assert done.stderr.count("\n") == 1
    assert [p.name for p in small.iterdir()] == ["filler"]


# ── through a sitting ────────────────────────────────────────────────────────────────────────

HERE = [p for p in OBSTACLES if not ROOT or p.id != ReadOnlyDirectory.__name__]
"""In this process: the administrator's may write where the mode forbids it."""


@pytest.mark.parametrize("kind", HERE)
def test_a_sitting_can_try_again_what_it_could_not_save(kind: type[Obstacle], place: Path) -> None:
    obstacle, path = make(kind, place)
    live_session = LiveSession.open(path)
    try:
        for proposal in (live_session.begin(), live_session.propose("before")):
            live_session.commit(proposal).result(60)
            live_session.accept(proposal)
        once_more = live_session.propose("once more")
        obstacle.put(path, os.getpid())
        try:
            failures = [
                live_session.commit(once_more).exception(60),
                live_session.save_draft("half-typed").exception(60),
            ]
        finally:
            obstacle.take_away(path, os.getpid())
        for failure in failures:
            assert isinstance(failure, CannotWriteError)
            assert failure.message.startswith(f"Not saved: {obstacle.says} (")
            assert "\n" not in failure.message
        live_session.save_draft("half-typed").result(60)
        live_session.commit(once_more).result(60)
        live_session.accept(once_more)
    finally:
        live_session.close()
    assert read_back(path).texts == {1: "before", 2: "once more"}
