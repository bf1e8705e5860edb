"""A copy of a session file to look into, so that the file itself is not touched at all.

To open a database is to change it, now and then: SQLite rolls back what a program left half-written
in a journal beside the file, and makes files of its own beside one in WAL mode. Whoever only looks
takes a copy, with its journal, into a folder of their own and lets SQLite do that there.
"""

import errno
import shutil
import sqlite3
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from workshop.errors import CannotReadError, CannotWriteError, os_error_reason
from workshop.storage.sqlite import schema
from workshop.storage.sqlite.error_messages import read_failure
from workshop.storage.sqlite.header import check_regular
from workshop.storage.sqlite.journal import check_journal, journal_path, wal_path


@contextmanager
def snapshot(path: Path) -> Generator[Path]:
    """Yield a copy of the file at `path`, with what lies beside it; it goes at the block's end.

    The copy is of one moment, also while another program writes to the file. Raises NotFoundError,
    CannotReadError, BadFileError for what is no ordinary file or too large for a session, and
    CannotWriteError where there is no room for a copy.
    """
    check_regular(path)
    try:
        folder = tempfile.TemporaryDirectory(prefix="workshop-", ignore_cleanup_errors=True)
    except OSError as error:
        raise _no_room(path, error) from error
    with folder as name:
        copy = Path(name) / "session.db"
        try:
            _copy(path, copy)
        except OSError as error:
            if error.errno in (errno.ENOSPC, errno.EDQUOT):
                raise _no_room(path, error) from error
            raise CannotReadError(f"{path} cannot be read: {os_error_reason(error)}.") from error
        yield copy


def _no_room(path: Path, error: OSError) -> CannotWriteError:
    return CannotWriteError(
        f"No copy of {path} to look into can be made in the folder for temporary files: "
        f"{os_error_reason(error)}.",
        "Free some space there, or set TMPDIR to another folder.",
    )


def _copy(path: Path, copy: Path) -> None:
    check_journal(path)  # before SQLite looks at it, which would wait for ever at a pipe
    with _held_still(path) as held:
        shutil.copyfile(path, copy)
        if not held:  # it may be half-written, and what puts it back lies beside it
            _copy_if_there(journal_path(path), journal_path(copy))
            _copy_if_there(wal_path(path), wal_path(copy))


def _copy_if_there(path: Path, copy: Path) -> None:
    if path.is_file():
        shutil.copyfile(path, copy)


@contextmanager
def _held_still(path: Path) -> Generator[bool]:
    """Keep other programs from changing the file at `path`; yield whether that could be done.

    It cannot where the file is damaged, or left half-written by a program that is gone.
    """
    with path.open("rb") as file:
        ordinary = file.read(20)[18:20] == b"\x01\x01"  # WAL mode would make files beside it
    if not ordinary:
        yield False
        return
    connection = schema.connect(path, "ro")
    try:
        try:
            schema.harden_connection(connection)
            connection.execute("BEGIN")
            connection.execute("PRAGMA user_version").fetchall()  # takes SQLite's lock for reading
        except sqlite3.Error as error:
            if getattr(error, "sqlite_errorname", "").startswith("SQLITE_BUSY"):
                raise read_failure(path, error) from error
            held = False
        else:
            held = True
        yield held
    finally:
        connection.close()
