"""Checks the rollback journal beside a session file before SQLite acts on it.

Theory of operation: when SQLite opens a file that has a journal, it restores the pages that the
journal holds; that is how an interrupted write is undone. A journal may also name another file, a
"super-journal", which SQLite deletes afterwards. It serves transactions over several databases,
which Workshop never makes. But a session that was sent by mail could have a journal that names any
of the reader's files, and opening the session, even listing it, would delete that file.

A journal also records how many pages the database had, and SQLite resizes the database to that
number before it restores any page: one forged number turns a session of 50 kB into a file of
terabytes.
"""

import os
import stat
import struct
from pathlib import Path

from workshop.errors import BadFileError

# https://www.sqlite.org/fileformat.html, "The Rollback Journal": a journal's header begins
# with these bytes. They also end a journal that names a super-journal, which SQLite reads only
# then.
_MAGIC = bytes.fromhex("d9d505f920a163d7")
_HEADER = struct.Struct(">8s5I")
"""Magic bytes, number of records, nonce, number of pages, sector size, page size."""
_PAGE_SIZE = slice(16, 18)
"""The bytes of the page size in the header of a database."""
_PAGE_SIZES = tuple(1 << bits for bits in range(9, 17))


def journal_path(path: Path) -> Path:
    """Return the path of the rollback journal of the database at `path`."""
    real = Path(os.path.realpath(path))  # SQLite follows links, too
    return real.with_name(f"{real.name}-journal")


def wal_path(path: Path) -> Path:
    """Return the path of the write-ahead log of the database at `path`."""
    real = Path(os.path.realpath(path))
    return real.with_name(f"{real.name}-wal")


def check_journal(path: Path) -> None:
    """Check that the journal of the file at `path`, if it has one, only undoes a write.

    Raises BadFileError if the journal would make SQLite delete another file or enlarge this one
    beyond its former size, and OSError if the journal cannot be read.
    """
    journal = journal_path(path)
    try:
        if not stat.S_ISREG(journal.stat().st_mode):
            raise BadFileError(f"{journal}, which lies beside the session, is no ordinary file.")
        with journal.open("rb") as file:
            header = file.read(_HEADER.size)
            end = file.seek(0, os.SEEK_END)
            file.seek(max(end - len(_MAGIC), 0))
            last = file.read(len(_MAGIC))
        with path.open("rb") as file:
            page_size = file.read(_PAGE_SIZE.stop)[_PAGE_SIZE]
    except FileNotFoundError:
        return
    if _restored_size(header, _parse_page_size(page_size)) > end + path.stat().st_size:
        # The journal of an interrupted write holds every page that the write removed.
        raise BadFileError(
            f"{journal}, which lies beside the session, is not one of Workshop's: opening the "
            "session would enlarge it enormously. Both were left as they are.",
            "If the session came from somebody else, delete that file beside it.",
        )
    if last == _MAGIC:
        raise BadFileError(
            f"{journal}, which lies beside the session, is not one of Workshop's: opening the "
            "session would delete another file that it names. Both were left as they are.",
            "If the session came from somebody else, delete that file beside it.",
        )


def _parse_page_size(field: bytes) -> int:
    """Return the page size in bytes that a field of the database's header gives."""
    size = int.from_bytes(field, "big")
    # 1 stands for 65,536. For an invalid size, SQLite chooses one of its own.
    return size if size in _PAGE_SIZES else max(_PAGE_SIZES)


def _restored_size(header: bytes, page_size: int) -> int:
    """Return the size in bytes that a journal with this `header` gives its database.

    `page_size` is the database's own, which applies if the journal gives 0, as very old versions of
    SQLite wrote it.
    """
    if len(header) < _HEADER.size:
        return 0
    magic, _records, _nonce, pages, _sector, size = _HEADER.unpack(header)
    return pages * (size or page_size) if magic == _MAGIC else 0
