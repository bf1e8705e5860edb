"""Turns the errors of SQLite into sentences for people: a full disk, a locked or damaged file.

`workshop.files.full_disk` has the sentences about a full disk, for files of every kind.
"""

import errno
import os
import sqlite3
from pathlib import Path

from workshop.errors import BadFileError, CannotReadError, CannotWriteError, WorkshopError
from workshop.files.full_disk import DISK_FULL

_WRITE_REASONS = {
    "SQLITE_FULL": DISK_FULL,
    "SQLITE_READONLY": "the file is read-only",
    "SQLITE_READONLY_DBMOVED": "the file was moved or deleted",
    "SQLITE_READONLY_DIRECTORY": "its folder cannot be written",
    "SQLITE_CANTOPEN": "its folder cannot be written",
    "SQLITE_BUSY": "another program is writing to it",
    "SQLITE_LOCKED": "another program is writing to it",
    "SQLITE_PERM": "there is no permission to write it",
    "SQLITE_IOERR": "the disk reports an error",
}
_TOO_LONG = "SQLITE_TOOBIG"
_DAMAGED = ("SQLITE_CORRUPT", "SQLITE_NOTADB", "SQLITE_ERROR", "SQLITE_SCHEMA")


def _error_name(error: sqlite3.Error) -> str:
    return getattr(error, "sqlite_errorname", "") or ""


def is_busy(error: sqlite3.Error) -> bool:
    """Return whether another program has the file locked."""
    return _error_name(error).startswith("SQLITE_BUSY")


def is_unreadable(error: sqlite3.Error) -> bool:
    """Return whether the fault lies in the file that is read, and not in a copy of it."""
    return _error_name(error).startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB", "SQLITE_IOERR_READ"))


def write_error(path: Path, error: sqlite3.Error, *, begun: bool = False) -> WorkshopError:
    """Return the error that explains a failed write to the session file at `path`.

    `begun` tells that the transaction had begun: then no other program writes, but one may read.
    """
    name = _error_name(error)
    reason = _WRITE_REASONS.get(name) or _WRITE_REASONS.get("_".join(name.split("_")[:2]))
    if name == _TOO_LONG:
        reason = "it is longer than any text that a session holds"
    if begun and is_busy(error):
        reason = "another program is reading it and does not let go"
    if name.startswith("SQLITE_CANTOPEN") and _is_out_of_file_handles():
        reason = "too many files are open"
    if reason is None:
        if name.startswith(_DAMAGED):
            return damaged_error(path, MALFORMED_DATABASE)
        reason = str(error)
    return CannotWriteError(f"Not saved: {reason} ({path}).")


def _is_out_of_file_handles() -> bool:
    """Return whether this program may open no more files, which SQLite does not report.

    The test opens another file than the session: closing a second descriptor of that one would
    drop SQLite's locks on it.
    """
    try:
        with Path(os.devnull).open("rb"):
            return False
    except OSError as error:
        return error.errno in (errno.EMFILE, errno.ENFILE)


def read_error(path: Path, error: sqlite3.Error) -> WorkshopError:
    """Return the error that explains a failed read from the session file at `path`."""
    name = _error_name(error)
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return CannotReadError(f"{path} is being written by another program.", "Try again.")
    if name.startswith(("SQLITE_CANTOPEN", "SQLITE_PERM", "SQLITE_READONLY", "SQLITE_IOERR")):
        return CannotReadError(f"{path} cannot be read: {error}.")
    return damaged_error(path, damage_reason(error))


def damage_reason(error: sqlite3.Error) -> str:
    """Return the damage that SQLite found in a file that it read, as a clause."""
    if _error_name(error) == _TOO_LONG:
        return "it holds a text that is longer than any that Workshop writes"
    return MALFORMED_DATABASE


MALFORMED_DATABASE = "SQLite cannot make sense of it"
"""The damage of a file in which SQLite finds any fault, as a clause."""
TOO_MANY_EVENTS = "it holds more events than any session"
"""The damage of a file that would take too long to read, as a clause."""

_UNCHANGED_NOTE = "It was left as it is."


class DamagedError(BadFileError):
    """A session file that is damaged, or was changed by another program."""

    reason = ""
    """The damage, as a clause."""


def damaged_error(path: Path, reason: str) -> DamagedError:
    """Return the error for a session file that is damaged or was changed by another program."""
    error = DamagedError(
        f"{path} is damaged: {reason}. {_UNCHANGED_NOTE}",
        "'workshop verify' says what is sound in it, and 'workshop rescue' saves that. "
        "Or use a copy of it, if you have one.",
    )
    error.reason = reason
    return error


def without_unchanged_note(error: DamagedError) -> DamagedError:
    """Return the error without its note that the file was left as it is."""
    changed = DamagedError(error.message.removesuffix(f" {_UNCHANGED_NOTE}"), error.hint)
    changed.reason = error.reason
    return changed
