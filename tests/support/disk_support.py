"""A disk that fails at the very end of a commit: the events are in the file, and SQLite fails.

This happens when the folder cannot be synced after the journal was deleted.
"""

import sqlite3
from pathlib import Path

import pytest

from workshop.storage.sqlite import schema


def _disk_error() -> sqlite3.OperationalError:
    error = sqlite3.OperationalError("disk I/O error")
    error.sqlite_errorname = "SQLITE_IOERR_DIR_FSYNC"
    error.sqlite_errorcode = 1290
    return error


class DoubtfulDisk:
    """Reports the next commits as failed, although they are done."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Take the place of the disk of every session file that is opened from now on."""
        self.failing = 0
        """Number of commits to report as failed."""
        self.is_unreadable_after = False
        """Whether the first read after such a commit fails, too."""
        self._unreadable = 0
        disk = self

        class Connection(sqlite3.Connection):
            def execute(self, sql: str, *values: object) -> sqlite3.Cursor:
                if disk._unreadable and sql.startswith("SELECT"):
                    disk._unreadable -= 1
                    raise _disk_error()
                cursor = super().execute(sql, *values)
                if disk.failing and sql == "COMMIT":
                    disk.failing -= 1
                    disk._unreadable = int(disk.is_unreadable_after)
                    raise _disk_error()
                return cursor

        def connect(path: Path, mode: str = "rw") -> sqlite3.Connection:
            where = f"{path.absolute().as_uri()}?mode={mode}"
            return sqlite3.connect(where, uri=True, isolation_level=None, factory=Connection)

        monkeypatch.setattr(schema, "connect", connect)
