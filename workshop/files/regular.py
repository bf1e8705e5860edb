"""Opening the files that people name, without waiting for ever at what is no file.

To open a named pipe is to wait until somebody writes to it, and a device may have no end.
"""

import errno
import os
import stat
from pathlib import Path
from typing import BinaryIO


def open_regular(path: Path) -> BinaryIO:
    """Open the file at `path` for reading.

    Raises OSError, also for what is no ordinary file, and ValueError for a NUL in the path.
    """
    return open(path, "rb", opener=_open_at_once)


def _open_at_once(path: str, flags: int) -> int:
    # Looked at once it is open, and not before: it may be another file by then.
    handle = os.open(path, flags | getattr(os, "O_NONBLOCK", 0))
    mode = os.fstat(handle).st_mode
    if not stat.S_ISREG(mode) and not stat.S_ISDIR(mode):  # of a folder, `open` itself says it
        os.close(handle)
        raise OSError(errno.EINVAL, "it is not an ordinary file", path)
    return handle
