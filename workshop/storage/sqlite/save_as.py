"""Saves an open session to another file, when it cannot be saved in its own."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from workshop.errors import CannotWriteError, os_error_reason
from workshop.files.atomic import atomic_write
from workshop.session.record import Record
from workshop.storage.draft import Draft
from workshop.storage.sqlite.create import write_session_file


def save_as(
    row: Mapping[str, object],
    log: Sequence[Record],
    drafts: Sequence[Draft],
    target: Path,
    name: str,
) -> Path:
    """Write an open session to a new file; return the path of that file.

    `row` and `log` are the session's row and its log exactly as they were read or written, so that
    the copy needs no file that may have been moved or deleted, and can be merged with it later.
    `target` is the new file or a folder for it, in which it is called `name`. The copy gets its
    name only once it is complete and durable; an existing file is never replaced. Raises
    CannotWriteError.
    """
    path = _target_file(target, name)
    with atomic_write(path) as temporary:
        write_session_file(temporary, row, log, drafts)
    return path


def _target_file(target: Path, name: str) -> Path:
    """Return `target`, or the file `name` in it if it is a folder. Raises CannotWriteError."""
    try:
        target = target.expanduser()
        if "\0" in str(target):
            raise ValueError(target)  # noqa: TRY301 - like any function that takes a path
        return target / name if target.is_dir() else target
    except OSError as error:
        message = f"No copy can be saved at {target}: {os_error_reason(error)}."
    except (ValueError, RuntimeError):  # not a possible path, or the home of an unknown user
        message = f"No copy can be saved at {target}: there is no such place."
    raise CannotWriteError(message, f"Name a file, such as {os.curdir}{os.sep}{name}.")
