"""Making files and their names durable, so that they survive a power cut."""

import os
import sys
from contextlib import suppress
from pathlib import Path

if sys.platform == "darwin":
    import fcntl


def sync_file(path: Path) -> None:
    """Make the content of the file at `path` durable. Raises OSError."""
    handle = os.open(path, os.O_RDWR)
    try:
        _sync(handle)
    finally:
        os.close(handle)


def _sync(handle: int) -> None:
    """Flush a file to the disk itself; on macOS, fsync alone does not do that."""
    if sys.platform == "darwin":
        with suppress(OSError):  # a file system without full sync gets the usual one
            fcntl.fcntl(handle, fcntl.F_FULLFSYNC)
            return
    os.fsync(handle)


def sync_directory(directory: Path) -> None:
    """Make new names in `directory` durable, if the system can sync a directory."""
    if os.name != "posix":
        return
    # Like SQLite, ignore a file system that cannot sync a directory, such as a mounted share: the
    # file itself is durable.
    with suppress(OSError):
        handle = os.open(directory, os.O_RDONLY)
        try:
            _sync(handle)
        finally:
            os.close(handle)


def make_directory(directory: Path) -> None:
    """Make `directory` and its missing parents, durably.

    A new name is durable only once the directory that holds it is synced, all the way up. Raises
    OSError.
    """
    missing = [parent for parent in directory.parents if not parent.exists()]
    directory.mkdir(parents=True, exist_ok=True)
    # An existing directory's name is synced too: the program that made it may have been killed.
    for made in (*reversed(missing), directory):
        sync_directory(made.parent)
