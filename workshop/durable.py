"""Making a file beside its place, giving it its name, and making that survive a power cut."""

import os
import secrets
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path

if sys.platform == "darwin":
    import fcntl

_UNFINISHED, _PART = ".workshop-", ".part"
_LONG_AGO = 3600.0
"""How old an unfinished file must be, in seconds, before nobody can be at work on it any more."""


@contextmanager
def unfinished_in(directory: Path, permissions: int = 0o600) -> Generator[Path]:
    """Yield the path of an empty file in `directory`, and take away what the block leaves there.

    The block fills it and gives it a name, by which the file stays. Raises OSError.
    """
    path = directory / f"{_UNFINISHED}{secrets.token_hex(6)}{_PART}"
    # O_EXCL: nobody's file is opened, and no link is followed.
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, permissions)
    try:
        os.close(handle)
        yield path
    finally:
        for left in (path, path.with_name(f"{path.name}-journal")):
            with suppress(OSError):  # what went wrong is said, and not that this stayed too
                left.unlink(missing_ok=True)


def sweep(directory: Path) -> None:
    """Take away what was left unfinished by a Workshop that was killed: it may hold answers."""
    for left in directory.glob(f"{_UNFINISHED}*{_PART}*"):
        with suppress(OSError):
            if left.stat().st_mtime < time.time() - _LONG_AGO:
                left.unlink()


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


def give_name(unfinished: Path, target: Path) -> None:
    """Give a complete file its name. Raises FileExistsError where a file has it, and OSError."""
    try:
        # Unlike a rename, a link never takes the place of another file.
        target.hardlink_to(unfinished)
    except FileExistsError:
        raise
    except OSError:  # a file system without links, such as that of a memory stick
        if os.path.lexists(target):
            raise FileExistsError(target) from None
        unfinished.rename(target)
