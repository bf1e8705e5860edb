"""Runs the installed program in line mode, with pipes for its input and output."""

import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

WORKSHOP = str(Path(sys.executable).with_name("workshop"))
"""The installed program."""


class LineProgram:
    """`workshop resume FILE --plain`, with its input and output as lines."""

    def __init__(
        self,
        path: Path,
        cwd: Path,
        *,
        before: Sequence[str] = (),
        env: dict[str, str] | None = None,
    ) -> None:
        """Start it on the session at `path`, run by the command `before`, such as setpriv."""
        self._process = subprocess.Popen(
            [*before, WORKSHOP, "resume", str(path), "--plain"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            cwd=cwd, env={**os.environ, **(env or {})}, start_new_session=True,
        )  # fmt: skip
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._stdin, self._stdout = self._process.stdin, self._process.stdout
        os.set_blocking(self._stdin.fileno(), False)
        self._unsent, self._partial_line = b"", b""
        self.lines: list[str] = []
        """The complete lines that the program has printed."""

    def __enter__(self) -> Self:
        """Return the program itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        """End the program, if it still runs."""
        self.kill()

    @property
    def pid(self) -> int:
        """The program's process id."""
        return self._process.pid

    def send(self, *lines: str) -> None:
        """Send lines; what does not fit into the pipe is sent while output is read."""
        self._unsent += "".join(f"{line}\n" for line in lines).encode()
        self._send()

    def _send(self) -> None:
        # A program that has ended reads no more; the test sees that by what is saved.
        with suppress(BlockingIOError, BrokenPipeError):
            while self._unsent:
                self._unsent = self._unsent[os.write(self._stdin.fileno(), self._unsent) :]

    def read(self, seconds: float) -> bool:
        """Wait at most `seconds` for output; return whether there was any."""
        deadline = time.monotonic() + seconds
        while True:
            inputs = [self._stdin] if self._unsent else []
            remaining = max(deadline - time.monotonic(), 0)
            readable, writable, _ = select.select([self._stdout], inputs, [], remaining)
            if writable:
                self._send()
            if readable or not writable:
                break
        output = os.read(self._stdout.fileno(), 1 << 16) if readable else b""
        *lines, self._partial_line = (self._partial_line + output).split(b"\n")
        self.lines += [line.decode() for line in lines]
        return bool(output)

    def wait_for(self, words: str, seconds: float = 60) -> str:
        """Read until a new line contains `words`; return that line.

        Raises TimeoutError, with all output, if there is none within `seconds`.
        """
        deadline, checked = time.monotonic() + seconds, 0
        while True:
            for line in self.lines[checked:]:
                checked += 1
                if words in line:
                    del self.lines[:checked]
                    return line
            if time.monotonic() > deadline or (
                self._process.poll() is not None and not self.read(0)
            ):
                raise TimeoutError(f"{words!r} never came:\n" + "\n".join(self.lines))
            self.read(0.05)

    def kill(self) -> None:
        """End the program with kill -9, and read what it had printed."""
        if self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
        self._unsent = b""
        while not self._stdout.closed and self.read(0):
            pass
        for pipe in (self._stdin, self._stdout):
            pipe.close()

    def leave(self) -> int:
        """End its input, read until it ends, and return its exit code."""
        self._stdin.close()
        while self.read(30):
            pass
        return self._process.wait(timeout=30)
