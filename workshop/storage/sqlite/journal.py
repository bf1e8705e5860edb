"""The rollback journal beside a session file, looked at before SQLite acts on it.

Opening a file whose journal is there has SQLite put things back as the journal says; that is how an
interrupted write is undone. A journal may also name another file, a "super-journal", which SQLite
deletes once it is done. It serves transactions over several databases, which Workshop never makes.
But whoever mails a session with a journal beside it could name any file of the reader's there, and
opening the session, even listing it, would delete that file.

It also says how many pages the database had, and SQLite makes it as large again before it puts
anything back: one forged number turns a session of 50 kB into a file of terabytes.
"""

import os
import stat
import struct
from pathlib import Path

from workshop.errors import BadFileError

# https://www.sqlite.org/fileformat.html, "The Rollback Journal": with these bytes a journal's
# header begins. After a super-journal's name they are the journal's very last; only then does
# SQLite read it.
_MAGIC = bytes.fromhex("d9d505f920a163d7")
_HEADER = struct.Struct(">8s5I")
"""The magic bytes, records, a nonce, the database's pages, a sector's and a page's size."""
_PAGE_SIZE = slice(16, 18)
"""Where a database's header says how large its pages are."""
_PAGE_SIZES = tuple(1 << bits for bits in range(9, 17))


def journal_path(path: Path) -> Path:
    """Return where SQLite keeps the journal of the database at `path`."""
    real = Path(os.path.realpath(path))  # SQLite follows links, too
    return real.with_name(f"{real.name}-journal")


def wal_path(path: Path) -> Path:
    """Return where the write-ahead log of the database at `path` lies, where it has one."""
    real = Path(os.path.realpath(path))
    return real.with_name(f"{real.name}-wal")


def check_journal(path: Path) -> None:
    """Return unless the journal of the file at `path` would have SQLite do other things than undo.

    That is to delete some other file, or to make this one larger than it can have been.

    Raises BadFileError, and OSError where the journal cannot be read.
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
            own = file.read(_PAGE_SIZE.stop)[_PAGE_SIZE]
    except FileNotFoundError:
        return
    if _grows_to(header, _page_size(own)) > end + path.stat().st_size:
        # Every page that was taken away lies in the journal of a write that was broken off.
        raise BadFileError(
            f"{journal}, which lies beside the session, is not one of Workshop's: opening the "
            "session would blow it up. Both were left as they are.",
            "If the session came from somebody else, delete that file beside it.",
        )
    if last == _MAGIC:
        raise BadFileError(
            f"{journal}, which lies beside the session, is not one of Workshop's: opening the "
            "session would delete another file that it names. Both were left as they are.",
            "If the session came from somebody else, delete that file beside it.",
        )


def _page_size(own: bytes) -> int:
    """Return the size of a page, in bytes, by what the database's header has of it."""
    size = int.from_bytes(own, "big")
    # 1 stands for 65,536. Where it is no size at all, SQLite takes one that it likes.
    return size if size in _PAGE_SIZES else max(_PAGE_SIZES)


def _grows_to(header: bytes, own: int) -> int:
    """Return how large a journal that begins with `header` makes its database, in bytes.

    `own` is the size of the database's pages, which hold where the journal says 0: so very old
    versions of SQLite wrote it.
    """
    if len(header) < _HEADER.size:
        return 0
    magic, _records, _nonce, pages, _sector, size = _HEADER.unpack(header)
    return pages * (size or own) if magic == _MAGIC else 0
