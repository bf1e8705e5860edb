"""Obstacles that keep a running program from writing, and that can be removed again."""

import errno
import os
import resource
import subprocess
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Protocol

_CAPABILITIES = "-dac_override,-dac_read_search"
"""The capabilities of root to read and write files whose mode forbids it, to be dropped."""


class Obstacle(Protocol):
    """An obstacle for one program that writes to one session file."""

    reason: str
    """The reason in the error message, as part of a sentence."""

    def begin(self, directory: Path) -> Path:
        """Return the directory for the session file, in `directory`."""
        ...

    def put(self, path: Path, pid: int) -> None:
        """Hinder the program `pid`, which has the file at `path` open."""
        ...

    def remove(self, path: Path, pid: int) -> None:
        """Remove the obstacle."""
        ...


class DiskFull:
    """A full disk: a small file system in memory, and a file that fills it."""

    reason = "the disk is full"

    def begin(self, directory: Path) -> Path:
        """Mount a small file system."""
        small = directory / "small"
        small.mkdir()
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=512k", "tmpfs", str(small)], check=True)
        return small

    def put(self, path: Path, pid: int) -> None:
        """Fill the file system."""
        with path.with_name("filler").open("wb", buffering=0) as filler:
            try:
                while True:
                    filler.write(bytes(4096))
            except OSError as error:
                if error.errno != errno.ENOSPC:
                    raise

    def remove(self, path: Path, pid: int) -> None:
        """Delete the file that fills it."""
        path.with_name("filler").unlink()


class ReadOnlyDirectory:
    """A directory in which no file can be created, so that SQLite has no journal."""

    reason = "its folder cannot be written"

    def begin(self, directory: Path) -> Path:
        """Use a directory of its own."""
        return directory / "read-only"

    def put(self, path: Path, pid: int) -> None:
        """Make the directory read-only."""
        path.parent.chmod(0o555)

    def remove(self, path: Path, pid: int) -> None:
        """Make it writable again."""
        path.parent.chmod(0o755)


class Moved:
    """A file that was moved away."""

    reason = "the session's file was moved, deleted or replaced"

    def begin(self, directory: Path) -> Path:
        """Use a directory of its own."""
        return directory / "moved"

    def put(self, path: Path, pid: int) -> None:
        """Move the file."""
        path.rename(path.with_name("elsewhere"))

    def remove(self, path: Path, pid: int) -> None:
        """Move it back."""
        path.with_name("elsewhere").rename(path)


class Replaced(Moved):
    """A file that was replaced by a copy of it."""

    copy: bytes = b""

    def put(self, path: Path, pid: int) -> None:
        """Replace the file by a copy."""
        super().put(path, pid)
        self.copy = path.with_name("elsewhere").read_bytes()
        path.write_bytes(self.copy)

    def remove(self, path: Path, pid: int) -> None:
        """Check that the copy was not written to, and move the file back."""
        assert path.read_bytes() == self.copy
        super().remove(path, pid)


class NoMoreFiles:
    """A program that may not open another file."""

    reason = "too many files are open"

    def begin(self, directory: Path) -> Path:
        """Use a directory of its own."""
        return directory / "files"

    def put(self, path: Path, pid: int) -> None:
        """Allow it no more files than it has open now."""
        self._old_limit = resource.prlimit(pid, resource.RLIMIT_NOFILE)
        # Files that are open beyond the limit stay open, so the limit is the first free number.
        # Listing the directory opens a file itself; its link is gone when `is_symlink` checks it.
        open_numbers = {
            int(x.name) for x in list(Path(f"/proc/{pid}/fd").iterdir()) if x.is_symlink()
        }
        free = min(set(range(len(open_numbers) + 1)) - open_numbers)
        resource.prlimit(pid, resource.RLIMIT_NOFILE, (free, self._old_limit[1]))

    def remove(self, path: Path, pid: int) -> None:
        """Restore the limit."""
        resource.prlimit(pid, resource.RLIMIT_NOFILE, self._old_limit)


def without_root_rights() -> Sequence[str]:
    """Return the command that runs another without the right to ignore the modes of files."""
    if os.geteuid() != 0:
        return ()
    return ("setpriv", f"--bounding-set={_CAPABILITIES}", f"--inh-caps={_CAPABILITIES}")


def can_mount() -> bool:
    """Return whether this process may mount a file system, which some containers forbid to root."""
    with tempfile.TemporaryDirectory() as mount_point:
        result = subprocess.run(
            ["mount", "-t", "tmpfs", "tmpfs", mount_point], capture_output=True, check=False
        )
        if result.returncode == 0:
            subprocess.run(["umount", mount_point], check=True)
        return result.returncode == 0


def clean_up(directory: Path) -> None:
    """Make it possible to delete everything in `directory`."""
    small = directory / "small"
    if small.is_mount():
        subprocess.run(["umount", "-l", str(small)], check=True)
    with suppress(FileNotFoundError):
        (directory / "read-only").chmod(0o755)
