"""Saves an open session to another file, when it cannot be saved in its own."""

import os
from collections.abc import Sequence
from pathlib import Path

from workshop.errors import BadFileError, CannotReadError, CannotWriteError, os_error_reason
from workshop.files.atomic import atomic_write
from workshop.session.record import Record
from workshop.storage.draft import Draft
from workshop.storage.sqlite.create import write_session_file
from workshop.storage.sqlite.session_file import SessionFile


def save_as(
    file: SessionFile, log: Sequence[Record], drafts: Sequence[Draft], target: Path
) -> Path:
    """Write the open session `file` with `drafts` to a new file; return the path of that file.

    `target` is the new file or a folder for it. The session's file may have been moved or deleted.
    If it cannot even be read any more (a memory stick was removed), the copy is made of the session
    row as it was read and of `log`, exactly, so that the two can be merged later. The copy gets its
    name only once it is complete, checked and durable; an existing file is never replaced. Raises
    CannotWriteError.
    """
    path = _target_file(target, file.path.name)
    with atomic_write(path) as temporary:
        try:
            file.copy_to(temporary)
        except (CannotReadError, BadFileError):
            temporary.write_bytes(b"")
            write_session_file(temporary, file.row, log)
        with SessionFile.open(temporary) as copy:
            copy.events()
            for draft in copy.drafts():
                copy.save_draft(draft._replace(text=""))
            for draft in drafts:
                copy.save_draft(draft)
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
