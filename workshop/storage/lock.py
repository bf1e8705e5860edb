"""The session lock: only one program at a time writes to a session.

Theory of operation: the operating system locks a hidden file beside the session, `.NAME.lock`, and
releases the lock when the program ends, in whatever way it ends. The session file itself is not
locked: closing a second descriptor of that file would drop SQLite's own locks on it.
"""

import os
import stat
from contextlib import suppress
from pathlib import Path
from typing import Self

from workshop.errors import InUseError

_MAX_PID_LENGTH = 20
_MAX_ATTEMPTS = 100
"""How often to try again if the lock file is removed between opening it and locking it."""


class SessionLock:
    """The lock on a session file, or a stand-in if the system supports no lock there.

    If no lock is possible (a folder in which no file can be created, a network disk without locks),
    a second writer is still refused when it writes, because the log is not the one that it read.
    """

    def __init__(self, lock_file: Path, handle: int | None) -> None:
        """Keep the lock on the open file `handle`; use `acquire` instead."""
        self._lock_file = lock_file
        self._handle = handle

    @classmethod
    def acquire(cls, path: Path) -> Self:
        """Lock the session file at `path`. Raises InUseError if another program holds the lock."""
        lock_file = lock_path(path)
        for _ in range(_MAX_ATTEMPTS):
            try:
                handle = _open(lock_file, path)
            except OSError:
                break
            if handle is None:
                break
            try:
                locked = _lock(handle, path)
            except BaseException:
                os.close(handle)
                raise
            if not locked:
                os.close(handle)
                break
            if _is_file_at(lock_file, handle):
                _write_process_id(handle)
                return cls(lock_file, handle)
            os.close(handle)  # the previous holder removed it: another file may have the name now
        return cls(lock_file, None)

    def release(self) -> None:
        """Unlock the session and remove the lock file. Releasing again does nothing."""
        handle, self._handle = self._handle, None
        if handle is None:
            return
        # Removed while it is still locked: a program that opened it before finds, once it has the
        # lock, that the name is gone, and starts over. (Windows keeps an open file, which does no
        # harm.)
        if _is_file_at(self._lock_file, handle):  # the folder may have been replaced meanwhile
            with suppress(OSError):
                self._lock_file.unlink()
        os.close(handle)


def lock_path(path: Path) -> Path:
    """Return the path of the lock file for the session at `path`, with links resolved."""
    real = Path(os.path.realpath(path))
    return real.with_name(f".{real.name}.lock")


def _open(lock_file: Path, path: Path) -> int | None:
    """Open the lock file; return None if something there is not ours to write to."""
    flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    handle = os.open(lock_file, flags, 0o600)
    status = os.fstat(handle)
    if not stat.S_ISREG(status.st_mode) or status.st_nlink > 1 or status.st_size > _MAX_PID_LENGTH:
        os.close(handle)
        return None
    if hasattr(os, "fchmod"):
        with suppress(OSError):  # only the owner may set the mode
            # Everyone who may write to the session may lock it.
            os.fchmod(handle, stat.S_IMODE(path.stat().st_mode) & 0o666)
    return handle


def _lock(handle: int, path: Path) -> bool:
    """Lock an open file; return False if the system has no locks there. Raises InUseError."""
    import portalocker  # only programs that write to a session need it

    try:
        portalocker.lock(handle, portalocker.LOCK_EX | portalocker.LOCK_NB)
    except portalocker.AlreadyLocked:
        raise in_use_error(path, _read_process_id(handle)) from None
    except portalocker.LockException:
        return False
    return True


def _is_file_at(lock_file: Path, handle: int) -> bool:
    """Return whether the path `lock_file` still leads to the open file."""
    try:
        return os.path.samestat(lock_file.lstat(), os.fstat(handle))
    except OSError:
        return False


def _write_process_id(handle: int) -> None:
    """Write this program's process id into the lock file, for the error that others get."""
    with suppress(OSError):  # a full disk, say: then the error names no process
        os.ftruncate(handle, 0)
        os.write(handle, f"{os.getpid()}".encode())


def _read_process_id(handle: int) -> str:
    """Return the process id of the lock's holder, or an empty string if it cannot be read."""
    try:
        content = os.read(handle, _MAX_PID_LENGTH)
    except OSError:  # on Windows a locked file can be read by its holder alone
        return ""
    return content.decode() if content.isdigit() and content.isascii() else ""


def in_use_error(path: Path, process: str) -> InUseError:
    """Return the error for a session file that another program, `process`, has locked."""
    who = f" (process {process})" if process else ""
    return InUseError(
        f"{path} is open in another Workshop{who}, so it was left as it is.",
        "Close it there first. 'workshop show', 'report' and 'export' work beside it.",
    )
