"""Holding a session, so that only one program at a time goes on with it.

What holds it is the system's own lock on a hidden file beside the session, `.NAME.lock`, which the
system takes back from a program that ends, however that comes about. It is not on the session
itself: closing a second descriptor of that file would take away SQLite's locks on it.
"""

import os
import stat
from contextlib import suppress
from pathlib import Path
from typing import Self

from workshop.errors import InUseError

_PID_LENGTH = 20
_TRIES = 100
"""How often a lock is tried that was taken away, with its file, just when it was being taken."""


class SessionLock:
    """A session file that is held, or one that the system lets nobody hold.

    Where no lock can be had (a folder in which nothing can be made, a network disk without locks),
    a second writer is still refused: when it writes, because the log is not the one that it read.
    """

    def __init__(self, lock: Path, handle: int | None) -> None:
        """Keep the lock on the open file `handle`; use `take` instead."""
        self._lock = lock
        self._handle = handle

    @classmethod
    def acquire(cls, path: Path) -> Self:
        """Hold the session file at `path`. Raises InUseError where another program holds it."""
        lock = lock_path(path)
        for _ in range(_TRIES):
            try:
                handle = _open(lock, path)
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
            if _names(lock, handle):
                _sign(handle)
                return cls(lock, handle)
            os.close(handle)  # whoever had it let go and removed it: another file has the name now
        return cls(lock, None)

    def release(self) -> None:
        """Let go, and leave nothing behind. Releasing again does nothing."""
        handle, self._handle = self._handle, None
        if handle is None:
            return
        # Removed while it is still locked: whoever opened it before finds, once it has the lock,
        # that the name is gone, and begins again. (Windows keeps an open file, which does no harm.)
        if _names(self._lock, handle):  # the folder may be another one by now, and held by others
            with suppress(OSError):
                self._lock.unlink()
        os.close(handle)


def lock_path(path: Path) -> Path:
    """Return the file that is locked for the session at `path`, by whatever link it is named."""
    real = Path(os.path.realpath(path))
    return real.with_name(f".{real.name}.lock")


def _open(lock: Path, path: Path) -> int | None:
    """Open the file to lock; None where something lies there that is not ours to write to."""
    flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    handle = os.open(lock, flags, 0o600)
    found = os.fstat(handle)
    if not stat.S_ISREG(found.st_mode) or found.st_nlink > 1 or found.st_size > _PID_LENGTH:
        os.close(handle)
        return None
    if hasattr(os, "fchmod"):
        with suppress(OSError):  # the mode is the owner's to set
            # Whoever may write to the session may hold it.
            os.fchmod(handle, stat.S_IMODE(path.stat().st_mode) & 0o666)
    return handle


def _lock(handle: int, path: Path) -> bool:
    """Lock an open file; False where the system has no locks there. Raises InUseError."""
    import portalocker  # nobody but who goes on with a session needs it

    try:
        portalocker.lock(handle, portalocker.LOCK_EX | portalocker.LOCK_NB)
    except portalocker.AlreadyLocked:
        raise in_use_error(path, _signature(handle)) from None
    except portalocker.LockException:
        return False
    return True


def _names(lock: Path, handle: int) -> bool:
    """Return whether `lock` still names the file that is open."""
    try:
        return os.path.samestat(lock.lstat(), os.fstat(handle))
    except OSError:
        return False


def _sign(handle: int) -> None:
    """Write down who holds the session, for the sentence that others are shown."""
    with suppress(OSError):  # a full disk, say: then the sentence does without
        os.ftruncate(handle, 0)
        os.write(handle, f"{os.getpid()}".encode())


def _signature(handle: int) -> str:
    """Return the process that signed, or nothing where that cannot be told."""
    try:
        written = os.read(handle, _PID_LENGTH)
    except OSError:  # on Windows nobody else may read what is locked
        return ""
    return written.decode() if written.isdigit() and written.isascii() else ""


def in_use_error(path: Path, process: str) -> InUseError:
    """Return the error for a session file that another program holds."""
    who = f" (process {process})" if process else ""
    return InUseError(
        f"{path} is open in another Workshop{who}, so it was left as it is.",
        "Close it there first. 'workshop show', 'report' and 'export' work beside it.",
    )
