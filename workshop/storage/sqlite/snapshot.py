"""Makes a snapshot of a session file: a private copy for reading, so that the file stays untouched.

Opening a database can change it: SQLite rolls back an interrupted write from the journal beside the
file, and creates files of its own beside one in WAL mode. Code that only reads copies the file,
with its journal, into a temporary folder, and SQLite makes these changes there.
"""

import shutil
import sqlite3
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from workshop.errors import CannotWriteError, cannot_read, os_error_reason
from workshop.files.full_disk import is_disk_full
from workshop.storage.sqlite import schema
from workshop.storage.sqlite.error_messages import is_busy, read_error
from workshop.storage.sqlite.header import check_regular
from workshop.storage.sqlite.journal import check_journal, journal_path, wal_path


@contextmanager
def snapshot(path: Path) -> Generator[Path]:
    """Yield the path of a copy of the file at `path`; the copy is deleted when the block ends.

    A journal or write-ahead log is copied too. The copy is consistent, even while another program
    writes to the file. Raises NotFoundError, CannotReadError, BadFileError if the file is not a
    regular one or too large for a session, and CannotWriteError if there is no room for a copy.
    """
    check_regular(path)
    try:
        folder = tempfile.TemporaryDirectory(prefix="workshop-", ignore_cleanup_errors=True)
    except OSError as error:
        raise _no_copy_error(path, error) from error
    with folder as name:
        copy = Path(name) / "session.db"
        try:
            _copy(path, copy)
        except OSError as error:
            if is_disk_full(error):
                raise _no_copy_error(path, error) from error
            raise cannot_read(path, error) from error
        yield copy


def _no_copy_error(path: Path, error: OSError) -> CannotWriteError:
    return CannotWriteError(
        f"No copy of {path} to look into can be made in the folder for temporary files: "
        f"{os_error_reason(error)}.",
        "Free some space there, or set TMPDIR to another folder.",
    )


def _copy(path: Path, copy: Path) -> None:
    check_journal(path)  # before SQLite opens it, which would wait for ever at a named pipe
    with _read_lock(path) as locked:
        shutil.copyfile(path, copy)
        if not locked:  # a write may be unfinished: the files that undo or complete it are needed
            _copy_if_there(journal_path(path), journal_path(copy))
            _copy_if_there(wal_path(path), wal_path(copy))


def _copy_if_there(path: Path, copy: Path) -> None:
    if path.is_file():
        shutil.copyfile(path, copy)


@contextmanager
def _read_lock(path: Path) -> Generator[bool]:
    """Hold SQLite's read lock on the file at `path`, against writers; yield whether it is held.

    It cannot be had if the file is damaged, or if a program was killed while it wrote to it.
    """
    with path.open("rb") as file:
        rollback_mode = file.read(20)[18:20] == b"\x01\x01"
    if not rollback_mode:  # in WAL mode SQLite would create files beside it
        yield False
        return
    connection = schema.connect(path, "ro")
    try:
        try:
            schema.harden_connection(connection)
            connection.execute("BEGIN")
            connection.execute("PRAGMA user_version").fetchall()  # takes the read lock
        except sqlite3.Error as error:
            if is_busy(error):
                raise read_error(path, error) from error
            locked = False
        else:
            locked = True
        yield locked
    finally:
        connection.close()
