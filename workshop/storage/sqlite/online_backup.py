"""Copies an open database as it is at one moment, with SQLite's backup function."""

import sqlite3
from contextlib import closing
from pathlib import Path

from workshop.storage.sqlite import schema
from workshop.storage.sqlite.error_messages import is_unreadable, read_error, write_error


def copy_database(source: sqlite3.Connection, path: Path, target: Path) -> None:
    """Copy the content of `source`, the database at `path`, into the empty file at `target`.

    Raises CannotReadError or BadFileError if the database cannot be read, and CannotWriteError if
    the copy cannot be written.
    """
    with closing(schema.connect(target)) as copy:
        try:
            # Take SQLite's read lock first, which respects the busy timeout; backup() alone would
            # wait for ever. Writers wait for the copy, which takes milliseconds.
            source.execute("BEGIN")
            source.execute("PRAGMA user_version").fetchall()
        except sqlite3.Error as error:
            raise read_error(path, error) from error
        try:
            source.backup(copy)
            schema.set_durability_pragmas(copy)
        except sqlite3.Error as error:
            if is_unreadable(error):
                raise read_error(path, error) from error
            raise write_error(target, error) from error
        finally:
            if source.in_transaction:
                source.execute("ROLLBACK")
