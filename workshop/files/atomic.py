"""Atomic writes: a file is written under a temporary name and renamed once it is complete.

`complete_file` is the one writer; `atomic_write` explains its errors to people.
"""

import os
import secrets
import time
from collections.abc import Generator
from contextlib import contextmanager, suppress
from itertools import chain, count
from pathlib import Path

from workshop.errors import CannotWriteError, Remedy, WorkshopError, os_error_reason, replace_path
from workshop.files.fsync import sync_directory, sync_file
from workshop.files.full_disk import is_disk_full, no_room_error

_CHOOSE_ANOTHER = "Choose another file."
_PREFIX, _SUFFIX = ".workshop-", ".part"
_STALE_AFTER = 3600.0
"""The age, in seconds, after which a temporary file cannot be in use any more."""


@contextmanager
def complete_file(
    target: Path, *, replace: bool = False, permissions: int = 0o600
) -> Generator[Path]:
    """Yield the path of an empty file beside `target`, for the block to fill and close.

    When the block ends, the file is durable and is called `target`; if the block fails, no file is
    left. Raises OSError, and FileExistsError if the name is taken and not to `replace`.
    """
    remove_stale(target.parent)
    with temporary_file(target.parent, permissions) as temporary:
        yield temporary
        sync_file(temporary)
        if replace:
            temporary.replace(target)
        else:
            rename_into_place(temporary, target)
        sync_directory(target.parent)


@contextmanager
def temporary_file(directory: Path, permissions: int = 0o600) -> Generator[Path]:
    """Yield the path of an empty file in `directory`; remove the file when the block ends.

    The block fills the file and renames it, if it is to stay. Raises OSError.
    """
    path = directory / f"{_PREFIX}{secrets.token_hex(6)}{_SUFFIX}"
    # O_EXCL opens no existing file and follows no link.
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, permissions)
    try:
        os.close(handle)
        yield path
    finally:
        for leftover in (path, path.with_name(f"{path.name}-journal")):
            with suppress(OSError):  # an error of the block must not be replaced by this one
                leftover.unlink(missing_ok=True)


def remove_stale(directory: Path) -> None:
    """Remove what a killed Workshop left unfinished in `directory`, which may hold answers."""
    for leftover in directory.glob(f"{_PREFIX}*{_SUFFIX}*"):
        with suppress(OSError):
            if leftover.stat().st_mtime < time.time() - _STALE_AFTER:
                leftover.unlink()


def rename_into_place(temporary: Path, target: Path) -> None:
    """Give a complete file its name. Raises FileExistsError if the name is taken, and OSError."""
    try:
        # Unlike a rename, a hard link never replaces another file.
        target.hardlink_to(temporary)
    except FileExistsError:
        raise
    except OSError:  # a file system without hard links, such as that of a memory stick
        if os.path.lexists(target):
            raise FileExistsError(target) from None
        temporary.rename(target)


def free_path(path: Path, suffix: str = "") -> Path:
    """Return `path`, or the first with -2, -3 … before its `suffix` at which there is no file."""
    stem = path.name.removesuffix(suffix)
    names = chain([path.name], (f"{stem}-{number}{suffix}" for number in count(2)))
    return next(path.with_name(name) for name in names if not os.path.lexists(path.with_name(name)))


@contextmanager
def atomic_write(target: Path, *, replace: bool | None = None) -> Generator[Path]:
    """Yield the path of an empty file beside `target`, for the block to fill and close.

    When the block ends, the file is durable and is called `target`; if the block fails, no file is
    left. An existing file stays as it is, unless it is a regular file and `replace` is true;
    `replace` is None if the caller has no such option. Raises CannotWriteError. Errors of the block
    that name the temporary file are raised with `target` in its place.
    """
    if replace:
        target = Path(os.path.realpath(target))  # replace the file that a link leads to
    exists = CannotWriteError(
        f"{target} is there already, so it stays as it is.",
        _CHOOSE_ANOTHER,
        Remedy.TARGET if replace is None else Remedy.REPLACING,
    )
    if _check_existing(target) and not replace:
        raise exists
    temporary = target
    try:
        with complete_file(target, replace=bool(replace)) as temporary:
            yield temporary
    except FileExistsError as error:
        raise exists from error
    except OSError as error:
        raise _write_error(error, target) from error
    except WorkshopError as error:
        raise replace_path(error, temporary, target) from error


def _check_existing(target: Path) -> bool:
    """Return whether `target` exists; raise CannotWriteError if it cannot be a regular file."""
    try:
        if target.is_dir():
            raise CannotWriteError(f"{target} is a folder, not a file.", "Name a file in it.")
        if not target.parent.is_dir():
            raise CannotWriteError(
                f"There is no folder {target.parent}.", "Create it, or choose another place."
            )
        if os.path.lexists(target) and not target.is_file():
            raise CannotWriteError(
                f"{target} is not an ordinary file.", _CHOOSE_ANOTHER, Remedy.TARGET
            )
        return target.exists()
    except OSError as error:
        raise _write_error(error, target) from error


def _write_error(error: OSError, target: Path) -> CannotWriteError:
    if is_disk_full(error):
        return no_room_error(target)
    return CannotWriteError(
        f"{target} cannot be written: {os_error_reason(error)}.", _CHOOSE_ANOTHER, Remedy.TARGET
    )
