"""Writing a file whole or not at all: beside its place first, and there once it is complete."""

import errno
import os
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from workshop.durable import give_name, sync_directory, sync_file, unfinished_in
from workshop.errors import CannotWriteError, WorkshopError
from workshop.store.reasons import renamed, system_reason

_ANOTHER = "Choose another file with -o."


@contextmanager
def beside(target: Path, *, replace: bool | None = None) -> Generator[Path]:
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
        with unfinished_in(target.parent) as unfinished:
            yield unfinished
            sync_file(unfinished)
            if replace:
                unfinished.replace(target)
            else:
                give_name(unfinished, target)
            sync_directory(target.parent)
    except FileExistsError as error:
        raise is_there from error
    except OSError as error:
        raise _explained(error, target) from error
    except WorkshopError as error:
        raise renamed(error, unfinished, target) from error


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
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return CannotWriteError(
            f"There is no room left for {target}, and nothing was written.",
            "Free some space, or choose another place with -o.",
        )
    return CannotWriteError(f"{target} cannot be written: {system_reason(error)}.", _ANOTHER)
