"""Runs a program in a pseudo-terminal and reads its screen."""

import os
import pty
import select
import signal
import struct
import subprocess
import termios
import time
from collections.abc import Callable
from fcntl import ioctl
from pathlib import Path
from types import TracebackType
from typing import Self

import pyte


def _take_as_controlling_terminal() -> None:
    ioctl(0, termios.TIOCSCTTY, 0)


class Terminal:
    """A program in a pseudo-terminal of a given size, with its screen as text."""

    def __init__(
        self,
        command: list[str],
        columns: int = 80,
        rows: int = 24,
        cwd: Path | None = None,
        env: dict[str, str] | None = None,
        *,
        controlling: bool = False,
    ) -> None:
        """Start `command`; `started` is the moment just before, in seconds.

        A terminal that is `controlling` it also sends it signals: when it hangs up, on Ctrl+C.
        """
        self._screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self._screen)
        self.written = b""
        """Everything that the program wrote."""
        self._hung_up = False
        self._master, slave = pty.openpty()
        self._name = os.ttyname(slave)
        ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        environment = {**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor"}
        environment |= {"COLUMNS": str(columns), "LINES": str(rows)} | (env or {})
        self.started = time.perf_counter()
        self._process = subprocess.Popen(
            command, stdin=slave, stdout=slave, stderr=slave, cwd=cwd, env=environment,
            start_new_session=True,
            # The program under test is the only one that this process starts meanwhile.
            preexec_fn=_take_as_controlling_terminal if controlling else None,  # noqa: PLW1509
        )  # fmt: skip
        os.close(slave)

    def __enter__(self) -> Self:
        """Return the terminal itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        """End the program, if it still runs."""
        self.kill()
        if not self._hung_up:
            os.close(self._master)

    @property
    def pid(self) -> int:
        """The program's process id."""
        return self._process.pid

    @property
    def text(self) -> str:
        """The text on the screen, a line a row."""
        return "\n".join(self._screen.display)

    def send(self, keys: bytes) -> None:
        """Send bytes as a terminal may send them, text or not."""
        os.write(self._master, keys)

    def type(self, keys: str) -> None:
        """Send keys as the terminal would."""
        os.write(self._master, keys.encode())

    def read(self, seconds: float = 0.01) -> bool:
        """Read what the program writes within `seconds`; return whether there was anything."""
        ready, _, _ = select.select([self._master], [], [], seconds)
        if not ready:
            return False
        try:
            data = os.read(self._master, 1 << 16)
        except OSError:  # the program has ended and closed its side
            return False
        # Textual asks what the terminal can do; a terminal that stays silent is a real one too.
        self._stream.feed(data)
        self.written += data
        return bool(data)

    def wait_for(self, text: str, seconds: float = 30) -> float:
        """Read until `text` is on the screen; return the seconds since the start.

        Raises TimeoutError with the screen if it never comes.
        """
        return self.wait_until(lambda screen: text in screen, repr(text), seconds)

    def wait_until(
        self, condition: Callable[[str], bool], name: str = "the condition", seconds: float = 30
    ) -> float:
        """Read until the screen's text meets `condition`; return the seconds since the start.

        Raises TimeoutError with `name` and the screen if it never does.
        """
        end = time.perf_counter() + seconds
        while time.perf_counter() < end:
            self.read(0.02)
            if condition(self.text):
                return time.perf_counter() - self.started
        raise TimeoutError(f"{name} never came:\n{self.text}")

    def hang_up(self) -> None:
        """Close the terminal, as a closed window or a broken connection does."""
        os.close(self._master)
        self._hung_up = True

    def resize(self, columns: int, rows: int) -> None:
        """Change the size, and let the program know."""
        self._screen.resize(rows, columns)
        ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def clear(self) -> None:
        """Clear the screen, so that it holds only what is drawn from now on."""
        self._screen.reset()

    def is_full(self) -> bool:
        """Return whether the terminal is full of output that was not read."""
        handle = os.open(self._name, os.O_WRONLY | os.O_NOCTTY | os.O_NONBLOCK)
        try:
            return not select.select([], [handle], [], 0)[1]
        finally:
            os.close(handle)

    def wait_without_reading(self, seconds: float) -> int:
        """Wait until the program ends, without reading; return its exit code.

        Raises subprocess.TimeoutExpired.
        """
        return self._process.wait(seconds)

    def wait_until_gone(self, seconds: float = 15) -> int:
        """Read until the program ends; return its exit code."""
        end = time.perf_counter() + seconds
        while time.perf_counter() < end and self._process.poll() is None:
            self.read(0.02)
        return self._process.wait(timeout=1)

    def kill(self) -> None:
        """End the program with kill -9."""
        if self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
