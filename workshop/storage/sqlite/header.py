"""Checks the header of a file, its first hundred bytes, before SQLite opens it.

SQLite accepts an empty file as a healthy database, rolls a journal back into a file that it opens,
and reports "file is not a database" for anything else. So the header tells first whether a file is
a session, and of which version; a file that is not a session is never touched.
"""

import os
import stat
from pathlib import Path

from workshop.errors import BadFileError, NotFoundError, cannot_read
from workshop.storage.sqlite import schema
from workshop.storage.sqlite.journal import check_journal, journal_path, wal_path
from workshop.storage.sqlite.schema import APPLICATION_ID, VERSION

MAGIC = b"SQLite format 3\x00"
"""The first bytes of every SQLite database."""
# https://www.sqlite.org/fileformat.html, "The Database Header"
_USER_VERSION = slice(60, 64)
_APPLICATION_ID = slice(68, 72)


class NewerVersionError(BadFileError):
    """A session file of a version that only a newer Workshop reads."""


def check_header(path: Path) -> None:
    """Check that the file at `path` is a session of a version that this Workshop reads.

    Raises NotFoundError, CannotReadError or BadFileError. Reads only the file's header, and the
    header and the end of a journal beside it.
    """
    check_regular(path)
    try:
        with path.open("rb") as file:
            header = file.read(100)
        check_journal(path)
    except FileNotFoundError as error:
        raise NotFoundError(f"There is no file {path}.") from error
    except OSError as error:
        raise cannot_read(path, error) from error
    if not header:
        raise BadFileError(f"{path} is empty, so it holds no session.")
    if len(header) < 100 or not header.startswith(MAGIC):
        raise BadFileError(f"{path} is not a session file.")
    if int.from_bytes(header[_APPLICATION_ID], "big") != APPLICATION_ID:
        raise BadFileError(f"{path} is a database of another program, not a session file.")
    version = int.from_bytes(header[_USER_VERSION], "big")
    if version > VERSION:
        raise NewerVersionError(
            f"{path} was written by a newer Workshop (file version {version}, this one reads "
            f"{VERSION}). It was left as it is.",
            "Install the newer Workshop to open it.",
        )
    if version < 1:
        raise BadFileError(f"{path} was never finished, so it holds no session.")


def check_regular(path: Path) -> None:
    """Check that there is a regular file at `path` that is not too large for a session.

    The size of a journal or write-ahead log beside it, which SQLite would read too, is checked as
    well. Raises NotFoundError, CannotReadError or BadFileError.
    """
    try:
        status = path.stat()
    except FileNotFoundError as error:
        raise NotFoundError(f"There is no file {path}.") from error
    except OSError as error:
        raise cannot_read(path, error) from error
    if stat.S_ISDIR(status.st_mode):
        raise BadFileError(f"{path} is a directory, not a session file.")
    if not stat.S_ISREG(status.st_mode):
        raise BadFileError(f"{path} is not an ordinary file.")
    if status.st_size > schema.MAX_FILE_BYTES:
        raise BadFileError(f"{path} is larger than any session.")
    for companion in (journal_path(path), wal_path(path)):
        if companion.is_file() and companion.stat().st_size > schema.MAX_FILE_BYTES:
            raise BadFileError(
                f"{companion}, which lies beside the session, is larger than any session."
            )


def is_newer_version(content: bytes) -> bool:
    """Return whether a file's bytes are a session of a version newer than this Workshop reads."""
    is_session = int.from_bytes(content[_APPLICATION_ID], "big") == APPLICATION_ID
    return is_session and int.from_bytes(content[_USER_VERSION], "big") > VERSION


def is_same_file(path: Path, opened_status: os.stat_result) -> bool:
    """Return whether `path` still leads to the file whose status was `opened_status`."""
    try:
        status = path.stat()
    except OSError:
        return False
    return (status.st_dev, status.st_ino) == (opened_status.st_dev, opened_status.st_ino)


def is_unchanged(path: Path, opened_status: os.stat_result) -> bool:
    """Return whether the file at `path` has not changed since its status was `opened_status`.

    A file that no longer exists counts as unchanged.
    """
    try:
        status = path.stat()
    except OSError:
        return True
    return (status.st_mtime_ns, status.st_size) == (
        opened_status.st_mtime_ns,
        opened_status.st_size,
    )
