"""What SQLite and the system say, in words for people."""

import errno
import os
import sqlite3
from pathlib import Path

from workshop.errors import BadFileError, CannotReadError, CannotWriteError, WorkshopError

_WRITING = {
    "SQLITE_FULL": "the disk is full",
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


def _named(error: sqlite3.Error) -> str:
    return getattr(error, "sqlite_errorname", "") or ""


def write_failure(path: Path, error: sqlite3.Error, *, begun: bool = False) -> WorkshopError:
    """Return the error for people of a write to the session file at `path` that failed.

    `begun` says that the transaction had begun: then nobody else writes, but somebody may read.
    """
    name = _named(error)
    reason = _WRITING.get(name) or _WRITING.get("_".join(name.split("_")[:2]))
    if name == _TOO_LONG:
        reason = "it is longer than any text that a session holds"
    if begun and name.startswith("SQLITE_BUSY"):
        reason = "another program is reading it and does not let go"
    if name.startswith("SQLITE_CANTOPEN") and _no_file_can_be_opened():
        reason = "too many files are open"
    if reason is None:
        if name.startswith(_DAMAGED):
            return damaged_error(path, MALFORMED_DATABASE)
        reason = str(error)
    return CannotWriteError(f"Not saved: {reason} ({path}).")


def _no_file_can_be_opened() -> bool:
    """Return whether this program may open no more files: SQLite does not say why it could not.

    Not tried with the session's file: closing it a second time would drop SQLite's locks on it.
    """
    try:
        with Path(os.devnull).open("rb"):
            return False
    except OSError as error:
        return error.errno in (errno.EMFILE, errno.ENFILE)


def read_failure(path: Path, error: sqlite3.Error) -> WorkshopError:
    """Return the error for people of a read from the session file at `path` that failed."""
    name = _named(error)
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return CannotReadError(f"{path} is being written by another program.", "Try again.")
    if name.startswith(("SQLITE_CANTOPEN", "SQLITE_PERM", "SQLITE_READONLY", "SQLITE_IOERR")):
        return CannotReadError(f"{path} cannot be read: {error}.")
    return damaged_error(path, damage_reason(error))


def damage_reason(error: sqlite3.Error) -> str:
    """Return what SQLite found wrong with a file that it read, as a clause."""
    if _named(error) == _TOO_LONG:
        return "it holds a text that is longer than any that Workshop writes"
    return MALFORMED_DATABASE


MALFORMED_DATABASE = "SQLite cannot make sense of it"
"""What is said of a file where SQLite finds something wrong, whatever it is."""
TOO_MANY_EVENTS = "it holds more events than any session"
"""What is said of a file that would take too long to read."""


_LEFT = "It was left as it is."


class DamagedError(BadFileError):
    """A session file that is damaged, or was changed by another program."""

    reason = ""
    """What is wrong with it, as a clause."""


def damaged_error(path: Path, reason: str) -> DamagedError:
    """Return the error for a session file that is damaged or was changed by another program."""
    error = DamagedError(
        f"{path} is damaged: {reason}. {_LEFT}",
        "'workshop verify' says what is sound in it, and 'workshop rescue' saves that. "
        "Or use a copy of it, if you have one.",
    )
    error.reason = reason
    return error


def without_unchanged_note(error: DamagedError) -> DamagedError:
    """Return an error on a damaged file without saying that this was left as it is."""
    said = DamagedError(error.message.removesuffix(f" {_LEFT}"), error.hint)
    said.reason = error.reason
    return said
