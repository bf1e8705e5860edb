"""Making files, and the names of files, survive a power cut."""

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
    """Have the disk write what it was given; on macOS that takes more than a sync."""
    if sys.platform == "darwin":
        with suppress(OSError):  # a file system that knows no full sync: the usual one, then
            fcntl.fcntl(handle, fcntl.F_FULLFSYNC)
            return
    os.fsync(handle)


def sync_directory(directory: Path) -> None:
    """Make new names in `directory` durable, where the system can sync a directory."""
    if os.name != "posix":
        return
    # The file itself is there, whole. As SQLite does, take no notice of a file system (a mounted
    # share, say) that cannot sync a directory.
    with suppress(OSError):
        handle = os.open(directory, os.O_RDONLY)
        try:
            _sync(handle)
        finally:
            os.close(handle)


def make_directory(directory: Path) -> None:
    """Make `directory`, with those above it that are missing, and make that durable.

    A name lasts only once the directory that holds it is synced, all the way up. Raises OSError.
    """
    missing = [made for made in directory.parents if not made.exists()]
    directory.mkdir(parents=True, exist_ok=True)
    # Its own name even where it is there: whoever made it may have been killed before this.
    for made in (*reversed(missing), directory):
        sync_directory(made.parent)
