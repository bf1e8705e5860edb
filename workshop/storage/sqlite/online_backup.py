"""Copying a database as it is at one moment, through SQLite itself."""

import sqlite3
from contextlib import closing
from pathlib import Path

from workshop.storage.sqlite import schema
from workshop.storage.sqlite.error_messages import read_failure, write_failure


def copy_database(source: sqlite3.Connection, path: Path, unfinished: Path) -> None:
    """Copy what `source`, the file at `path`, holds now into the empty file at `unfinished`.

    Raises CannotReadError and BadFileError where it cannot be read, CannotWriteError where the copy
    cannot be written.
    """
    with closing(schema.connect(unfinished)) as copy:
        try:
            # SQLite's lock for reading, for which it waits a while, as backup() by itself would
            # for ever: writers wait until the whole file is copied, which takes milliseconds.
            source.execute("BEGIN")
            source.execute("PRAGMA user_version").fetchall()
        except sqlite3.Error as error:
            raise read_failure(path, error) from error
        try:
            source.backup(copy)
            schema.set_durability_pragmas(copy)
        except sqlite3.Error as error:
            if getattr(error, "sqlite_errorname", "").startswith(
                ("SQLITE_CORRUPT", "SQLITE_NOTADB", "SQLITE_IOERR_READ")
            ):
                raise read_failure(path, error) from error
            raise write_failure(unfinished, error) from error
        finally:
            if source.in_transaction:
                source.execute("ROLLBACK")
