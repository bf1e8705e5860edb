"""What keeps a program from writing: put in its way while it runs, and taken away again."""

import errno
import os
import resource
import subprocess
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Protocol

_MAY = "-dac_override,-dac_read_search"
"""What the system's administrator may do and nobody else: write where the mode forbids it."""


class Obstacle(Protocol):
    """Something in the way of one program that writes to one session file."""

    says: str
    """What people are told, as part of a sentence."""

    def begin(self, directory: Path) -> Path:
        """Return where in `directory` the session file is to be made."""
        ...

    def put(self, path: Path, pid: int) -> None:
        """Put it in the way of the program `pid`, which has the file at `path` open."""
        ...

    def take_away(self, path: Path, pid: int) -> None:
        """Take it out of the way."""
        ...


class DiskFull:
    """The disk is full: a small file system in memory, and a file that takes all the rest."""

    says = "the disk is full"

    def begin(self, directory: Path) -> Path:
        """Mount a small file system."""
        small = directory / "small"
        small.mkdir()
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=512k", "tmpfs", str(small)], check=True)
        return small

    def put(self, path: Path, pid: int) -> None:
        """Fill it."""
        with path.with_name("filler").open("wb", buffering=0) as filler:
            try:
                while True:
                    filler.write(bytes(4096))
            except OSError as error:
                if error.errno != errno.ENOSPC:
                    raise

    def take_away(self, path: Path, pid: int) -> None:
        """Make room."""
        path.with_name("filler").unlink()


class ReadOnlyDirectory:
    """Nothing can be made in the directory any more, so SQLite gets no journal."""

    says = "its folder cannot be written"

    def begin(self, directory: Path) -> Path:
        """Use a directory of its own."""
        return directory / "read-only"

    def put(self, path: Path, pid: int) -> None:
        """Forbid it."""
        path.parent.chmod(0o555)

    def take_away(self, path: Path, pid: int) -> None:
        """Allow it again."""
        path.parent.chmod(0o755)


class Moved:
    """The file is not where it was."""

    says = "the session's file was moved, deleted or replaced"

    def begin(self, directory: Path) -> Path:
        """Use a directory of its own."""
        return directory / "moved"

    def put(self, path: Path, pid: int) -> None:
        """Move it away."""
        path.rename(path.with_name("elsewhere"))

    def take_away(self, path: Path, pid: int) -> None:
        """Put it back."""
        path.with_name("elsewhere").rename(path)


class Replaced(Moved):
    """Another file stands in its place: a copy of it, which looks the same."""

    copy: bytes = b""

    def put(self, path: Path, pid: int) -> None:
        """Put the copy in its place."""
        super().put(path, pid)
        self.copy = path.with_name("elsewhere").read_bytes()
        path.write_bytes(self.copy)

    def take_away(self, path: Path, pid: int) -> None:
        """Put the real one back; nobody has written to the copy."""
        assert path.read_bytes() == self.copy
        super().take_away(path, pid)


class NoMoreFiles:
    """The program may not open another file."""

    says = "too many files are open"

    def begin(self, directory: Path) -> Path:
        """Use a directory of its own."""
        return directory / "files"

    def put(self, path: Path, pid: int) -> None:
        """Allow it no more files than it has open."""
        self._before = resource.prlimit(pid, resource.RLIMIT_NOFILE)
        # What is open beyond the limit stays open, so the limit is the first number that is free.
        # (Asked twice, because listing the directory opens one itself.)
        there = {int(x.name) for x in list(Path(f"/proc/{pid}/fd").iterdir()) if x.is_symlink()}
        free = min(set(range(len(there) + 1)) - there)
        resource.prlimit(pid, resource.RLIMIT_NOFILE, (free, self._before[1]))

    def take_away(self, path: Path, pid: int) -> None:
        """Allow it as many as before."""
        resource.prlimit(pid, resource.RLIMIT_NOFILE, self._before)


def as_anybody() -> Sequence[str]:
    """Return what to put before a command so that the modes of files count for it, too."""
    if os.geteuid() != 0:
        return ()
    return ("setpriv", f"--bounding-set={_MAY}", f"--inh-caps={_MAY}")


def can_mount() -> bool:
    """Return whether this process may mount a file system, which some containers forbid to root."""
    with tempfile.TemporaryDirectory() as place:
        tried = subprocess.run(
            ["mount", "-t", "tmpfs", "tmpfs", place], capture_output=True, check=False
        )
        if tried.returncode == 0:
            subprocess.run(["umount", place], check=True)
        return tried.returncode == 0


def clear(directory: Path) -> None:
    """Let everything in `directory` be removed again."""
    small = directory / "small"
    if small.is_mount():
        subprocess.run(["umount", "-l", str(small)], check=True)
    with suppress(FileNotFoundError):
        (directory / "read-only").chmod(0o755)
