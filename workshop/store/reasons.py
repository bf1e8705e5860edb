"""What SQLite and the system say, in words for people."""

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
_DAMAGED = ("SQLITE_CORRUPT", "SQLITE_NOTADB", "SQLITE_ERROR", "SQLITE_SCHEMA", "SQLITE_TOOBIG")


def _named(error: sqlite3.Error) -> str:
    return getattr(error, "sqlite_errorname", "") or ""


def write_failure(path: Path, error: sqlite3.Error) -> WorkshopError:
    """Return the error for people of a write to the session file at `path` that failed."""
    name = _named(error)
    reason = _WRITING.get(name) or _WRITING.get("_".join(name.split("_")[:2]))
    if reason is None:
        if name.startswith(_DAMAGED):
            return damaged(path, "SQLite cannot make sense of it")
        reason = str(error)
    return CannotWriteError(f"Not saved: {reason} ({path}).")


def read_failure(path: Path, error: sqlite3.Error) -> WorkshopError:
    """Return the error for people of a read from the session file at `path` that failed."""
    name = _named(error)
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return CannotReadError(f"{path} is being written by another program.", "Try again.")
    if name.startswith(("SQLITE_CANTOPEN", "SQLITE_PERM", "SQLITE_READONLY", "SQLITE_IOERR")):
        return CannotReadError(f"{path} cannot be read: {error}.")
    return damaged(path, "SQLite cannot make sense of it")


def damaged(path: Path, what: str) -> BadFileError:
    """Return the error for a session file that is damaged or was changed by another program."""
    return BadFileError(
        f"{path} is damaged: {what}. It was left as it is.", "Use a copy of it, if you have one."
    )


def system_reason(error: OSError) -> str:
    """Return what the system says, as a clause: "permission denied"."""
    return (error.strerror or str(error) or "unknown error").lower()
