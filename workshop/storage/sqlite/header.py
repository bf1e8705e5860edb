"""What the first hundred bytes of a file say, before SQLite is let near it.

SQLite takes an empty file for a healthy database, rolls a journal back into a file that it opens,
and says "file is not a database" about anything else. So whether a file is a session, and of which
version, is read from its header first; a file that is not ours is not touched at all.
"""

import os
import stat
from pathlib import Path

from workshop.errors import BadFileError, CannotReadError, NotFoundError, os_error_reason
from workshop.storage.sqlite import schema
from workshop.storage.sqlite.journal import check_journal, journal_path, wal_path
from workshop.storage.sqlite.schema import APPLICATION_ID, VERSION

MAGIC = b"SQLite format 3\x00"
"""How every SQLite database begins."""
# https://www.sqlite.org/fileformat.html, "The Database Header"
_USER_VERSION = slice(60, 64)
_APPLICATION_ID = slice(68, 72)


class NewerError(BadFileError):
    """A session file of a version that only a later Workshop reads."""


def check_header(path: Path) -> None:
    """Return if the file at `path` says that it is a session of a version that we read.

    Raises NotFoundError, CannotReadError or BadFileError. Reads nothing but the file's header, and
    the end of a journal beside it.
    """
    check_regular(path)
    try:
        with path.open("rb") as file:
            header = file.read(100)
        check_journal(path)
    except FileNotFoundError as error:
        raise NotFoundError(f"There is no file {path}.") from error
    except OSError as error:
        raise CannotReadError(f"{path} cannot be read: {os_error_reason(error)}.") from error
    if not header:
        raise BadFileError(f"{path} is empty, so it holds no session.")
    if len(header) < 100 or not header.startswith(MAGIC):
        raise BadFileError(f"{path} is not a session file.")
    if int.from_bytes(header[_APPLICATION_ID], "big") != APPLICATION_ID:
        raise BadFileError(f"{path} is a database of another program, not a session file.")
    version = int.from_bytes(header[_USER_VERSION], "big")
    if version > VERSION:
        raise NewerError(
            f"{path} was written by a newer Workshop (file version {version}, this one reads "
            f"{VERSION}). It was left as it is.",
            "Install the newer Workshop to open it.",
        )
    if version < 1:
        raise BadFileError(f"{path} was never finished, so it holds no session.")


def check_regular(path: Path) -> None:
    """Return if there is a file at `path`, an ordinary one, that is not too large for a session.

    Nor may be what SQLite takes into it when it is opened, and that lies beside it.

    Raises NotFoundError, CannotReadError or BadFileError.
    """
    try:
        found = path.stat()
    except FileNotFoundError as error:
        raise NotFoundError(f"There is no file {path}.") from error
    except OSError as error:
        raise CannotReadError(f"{path} cannot be read: {os_error_reason(error)}.") from error
    if stat.S_ISDIR(found.st_mode):
        raise BadFileError(f"{path} is a directory, not a session file.")
    if not stat.S_ISREG(found.st_mode):
        raise BadFileError(f"{path} is not an ordinary file.")
    if found.st_size > schema.MAX_FILE_BYTES:
        raise BadFileError(f"{path} is larger than any session.")
    for beside in (journal_path(path), wal_path(path)):
        if beside.is_file() and beside.stat().st_size > schema.MAX_FILE_BYTES:
            raise BadFileError(
                f"{beside}, which lies beside the session, is larger than any session."
            )


def is_newer_version(content: bytes) -> bool:
    """Return whether a file's bytes say that they are a session of a version we do not read."""
    is_ours = int.from_bytes(content[_APPLICATION_ID], "big") == APPLICATION_ID
    return is_ours and int.from_bytes(content[_USER_VERSION], "big") > VERSION


def is_same_file(path: Path, opened: os.stat_result) -> bool:
    """Return whether `path` still names the file that was opened."""
    try:
        now = path.stat()
    except OSError:
        return False
    return (now.st_dev, now.st_ino) == (opened.st_dev, opened.st_ino)


def is_unchanged(path: Path, opened: os.stat_result) -> bool:
    """Return whether the file that was opened at `path` is as it was then, or is gone."""
    try:
        now = path.stat()
    except OSError:
        return True
    return (now.st_mtime_ns, now.st_size) == (opened.st_mtime_ns, opened.st_size)
