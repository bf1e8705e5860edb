"""The installed program in plain mode, with a pipe at either end."""

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
    """`workshop resume FILE --plain`, told lines and heard line by line."""

    def __init__(
        self,
        path: Path,
        cwd: Path,
        *,
        before: Sequence[str] = (),
        env: dict[str, str] | None = None,
    ) -> None:
        """Start it on the session at `path`, behind the command `before`, if there is one."""
        self._process = subprocess.Popen(
            [*before, WORKSHOP, "resume", str(path), "--plain"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            cwd=cwd, env={**os.environ, **(env or {})}, start_new_session=True,
        )  # fmt: skip
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._stdin, self._stdout = self._process.stdin, self._process.stdout
        os.set_blocking(self._stdin.fileno(), False)
        self._unsent, self._half = b"", b""
        self.input_queue: list[str] = []
        """Every whole line that the program has said."""

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

    def say(self, *lines: str) -> None:
        """Send lines: what the pipe has no room for follows while we listen."""
        self._unsent += "".join(f"{line}\n" for line in lines).encode()
        self._send()

    def _send(self) -> None:
        # A program that has ended hears no more; that is for the test to notice, by what is saved.
        with suppress(BlockingIOError, BrokenPipeError):
            while self._unsent:
                self._unsent = self._unsent[os.write(self._stdin.fileno(), self._unsent) :]

    def listen(self, seconds: float) -> bool:
        """Wait for `seconds` at most until something is said; return whether anything was."""
        end = time.monotonic() + seconds
        while True:
            full = [self._stdin] if self._unsent else []
            left = max(end - time.monotonic(), 0)
            ready, room, _ = select.select([self._stdout], full, [], left)
            if room:
                self._send()
            if ready or not room:
                break
        said = os.read(self._stdout.fileno(), 1 << 16) if ready else b""
        *lines, self._half = (self._half + said).split(b"\n")
        self.input_queue += [line.decode() for line in lines]
        return bool(said)

    def wait_for(self, words: str, seconds: float = 60) -> str:
        """Listen until a new line holds `words`; return it.

        Raises TimeoutError with everything heard where it never comes.
        """
        end, read = time.monotonic() + seconds, 0
        while True:
            for line in self.input_queue[read:]:
                read += 1
                if words in line:
                    del self.input_queue[:read]
                    return line
            if time.monotonic() > end or (self._process.poll() is not None and not self.listen(0)):
                raise TimeoutError(f"{words!r} never came:\n" + "\n".join(self.input_queue))
            self.listen(0.05)

    def kill(self) -> None:
        """End the program with kill -9, and take in what it had said until then."""
        if self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
        self._unsent = b""
        while not self._stdout.closed and self.listen(0):
            pass
        for pipe in (self._stdin, self._stdout):
            pipe.close()

    def leave(self) -> int:
        """End its input, listen until it ends; return its exit code."""
        self._stdin.close()
        while self.listen(30):
            pass
        return self._process.wait(timeout=30)
