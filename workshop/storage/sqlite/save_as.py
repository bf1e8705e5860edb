"""Saving a session elsewhere that is open and cannot be saved where it is."""

import os
from collections.abc import Sequence
from pathlib import Path

from workshop.errors import BadFileError, CannotReadError, CannotWriteError, os_error_reason
from workshop.files.atomic import atomic_write
from workshop.session.record import Record
from workshop.storage.sqlite.create import write_session_file
from workshop.storage.sqlite.session_file import Draft, SessionFile


def save_as(
    file: SessionFile, log: Sequence[Record], drafts: Sequence[Draft], target: Path
) -> Path:
    """Write the open session `file` with `drafts` to a new file; return where that is.

    `target` is the new file or a folder for it. The file may have lost its name meanwhile; where it
    cannot even be read any more (a memory stick that is gone), the copy is made of the session's
    row as it was read and of `log`, to the letter, so that the two can be merged later. The copy
    gets its name only once it is whole, checked and durable; a file that is there already stays as
    it is. Raises CannotWriteError.
    """
    where = _place(target, file.path.name)
    with atomic_write(where) as unfinished:
        try:
            file.copy_to(unfinished)
        except (CannotReadError, BadFileError):
            unfinished.write_bytes(b"")
            write_session_file(unfinished, file.row, log)
        with SessionFile.open(unfinished) as copy:
            copy.events()
            for draft in copy.drafts():
                copy.save_draft(draft._replace(text=""))
            for draft in drafts:
                copy.save_draft(draft)
    return where


def _place(target: Path, name: str) -> Path:
    try:
        target = target.expanduser()
        if "\0" in str(target):
            raise ValueError(target)  # noqa: TRY301 - as everything else does that takes a path
        return target / name if target.is_dir() else target
    except OSError as error:
        said = f"No copy can be saved at {target}: {os_error_reason(error)}."
    except (ValueError, RuntimeError):  # no path at all, or nobody knows whose home is meant
        said = f"No copy can be saved at {target}: there is no such place."
    raise CannotWriteError(said, f"Name a file, such as {os.curdir}{os.sep}{name}.")
