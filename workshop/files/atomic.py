"""Writing a file whole or not at all: under a temporary name first, renamed once it is complete."""

import os
import secrets
import time
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path

from workshop.errors import CannotWriteError, WorkshopError, os_error_reason, replace_path
from workshop.files.fsync import sync_directory, sync_file
from workshop.files.full_disk import is_disk_full, no_room_error

_ANOTHER = "Choose another file with -o."
_UNFINISHED, _PART = ".workshop-", ".part"
_LONG_AGO = 3600.0
"""How old an unfinished file must be, in seconds, before nobody can be at work on it any more."""


@contextmanager
def temporary_file(directory: Path, permissions: int = 0o600) -> Generator[Path]:
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


def remove_stale(directory: Path) -> None:
    """Take away what was left unfinished by a Workshop that was killed: it may hold answers."""
    for left in directory.glob(f"{_UNFINISHED}*{_PART}*"):
        with suppress(OSError):
            if left.stat().st_mtime < time.time() - _LONG_AGO:
                left.unlink()


def rename_into_place(unfinished: Path, target: Path) -> None:
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


@contextmanager
def atomic_write(target: Path, *, replace: bool | None = None) -> Generator[Path]:
    """Yield the path of an empty file beside `target` to be filled, and closed, by the block.

    When the block ends, the file is durable and is called `target`; when it fails, there is no such
    file. What is there already stays as it is, but an ordinary file gives way with `replace`, which
    is None where nobody can ask for that. Raises CannotWriteError; errors of the block that name
    the unfinished file name `target`.
    """
    if replace:
        target = Path(os.path.realpath(target))  # what a link leads to gives way, not the link
    is_there = CannotWriteError(
        f"{target} is there already, so it stays as it is.",
        _ANOTHER if replace is None else f"{_ANOTHER[:-1]}, or replace it with --force.",
    )
    if _is_taken(target) and not replace:
        raise is_there
    unfinished = target
    try:
        with temporary_file(target.parent) as unfinished:
            yield unfinished
            sync_file(unfinished)
            if replace:
                unfinished.replace(target)
            else:
                rename_into_place(unfinished, target)
            sync_directory(target.parent)
    except FileExistsError as error:
        raise is_there from error
    except OSError as error:
        raise _explained(error, target) from error
    except WorkshopError as error:
        raise replace_path(error, unfinished, target) from error


def _is_taken(target: Path) -> bool:
    """Return whether there is an ordinary file; raise where none could be or stand."""
    try:
        if target.is_dir():
            raise CannotWriteError(f"{target} is a folder, not a file.", "Name a file in it.")
        if not target.parent.is_dir():
            raise CannotWriteError(
                f"There is no folder {target.parent}.", "Create it, or choose another place."
            )
        if os.path.lexists(target) and not target.is_file():
            raise CannotWriteError(f"{target} is not an ordinary file.", _ANOTHER)
        return target.exists()
    except OSError as error:
        raise _explained(error, target) from error


def _explained(error: OSError, target: Path) -> CannotWriteError:
    if is_disk_full(error):
        return no_room_error(target)
    return CannotWriteError(f"{target} cannot be written: {os_error_reason(error)}.", _ANOTHER)
