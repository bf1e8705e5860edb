"""Giving a file its name in a directory, and making that survive a power cut."""

import os
from contextlib import suppress
from pathlib import Path


def sync_directory(directory: Path) -> None:
    """Make new names in `directory` durable, where the system can sync a directory."""
    if os.name != "posix":
        return
    # The file itself is there, whole. As SQLite does, take no notice of a file system (a mounted
    # share, say) that cannot sync a directory.
    with suppress(OSError):
        handle = os.open(directory, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


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
