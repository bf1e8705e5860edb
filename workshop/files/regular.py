"""Opening regular files only, so that no file that people name blocks Workshop forever.

Opening a named pipe blocks until another program writes to it, and a device may have no end.
"""

import errno
import os
import stat
from pathlib import Path
from typing import BinaryIO


def open_regular(path: Path) -> BinaryIO:
    """Open the regular file at `path` for reading.

    Raises OSError, also if it is not a regular file, and ValueError for a NUL in the path.
    """
    return open(path, "rb", opener=_open_without_blocking)


def _open_without_blocking(path: str, flags: int) -> int:
    # Check the open file, not the path, which may lead to another file by then.
    handle = os.open(path, flags | getattr(os, "O_NONBLOCK", 0))
    mode = os.fstat(handle).st_mode
    if not stat.S_ISREG(mode) and not stat.S_ISDIR(mode):  # `open` refuses a folder itself
        os.close(handle)
        raise OSError(errno.EINVAL, "it is not an ordinary file", path)
    return handle
