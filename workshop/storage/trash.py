"""Deleting a session: moving its file to a folder for trash, or removing it.

The backups go first and the session last, so that after an interruption the session is where it
was, and deleting it again completes what was begun.
"""

import os
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path

from workshop.errors import CannotWriteError, os_error_reason
from workshop.files.atomic import free_path
from workshop.files.fsync import make_directory, sync_directory
from workshop.storage.lock import SessionLock
from workshop.storage.sqlite.error_messages import DamagedError
from workshop.storage.sqlite.event_store import SqliteEventStore
from workshop.storage.sqlite.header import check_header
from workshop.storage.sqlite.journal import journal_path, wal_path
from workshop.storage.sqlite.rolling_backup import FOLDER, backup_name, backups_of

TRASH = "trash"
"""The name of the folder, beside the session."""


def move_to_trash(path: Path) -> Path:
    """Move the session file at `path`, and its backups, to the trash; return its new path.

    Raises what opening it for writing raises, except that it may be damaged.
    """
    with _at_rest(path) as file:
        trash = file.parent / TRASH
        target = free_path(trash / file.name, file.suffix)
        try:
            make_directory(trash)
            for backup, made_at in backups_of(file).items():
                make_directory(trash / FOLDER)
                backup.rename(trash / FOLDER / backup_name(target, made_at))
                sync_directory(trash / FOLDER)
            file.rename(target)
            sync_directory(trash)
        except OSError as error:
            raise CannotWriteError(
                f"{path} cannot be moved to {trash}: {os_error_reason(error)}."
            ) from error
        finally:
            sync_directory(file.parent)
    return target


def delete_forever(path: Path) -> None:
    """Remove the session file at `path` and its backups. Raises what `move_to_trash` raises."""
    with _at_rest(path) as file:
        try:
            for removed in (*backups_of(file), file):
                removed.unlink()
        except OSError as error:
            raise CannotWriteError(
                f"{path} cannot be deleted: {os_error_reason(error)}."
            ) from error
        finally:
            sync_directory(file.parent)


@contextmanager
def _at_rest(path: Path) -> Generator[Path]:
    """Yield the session file to which `path` leads, complete and open in no Workshop.

    If `path` is a link, it is removed when the block ends.
    """
    file = Path(os.path.realpath(path))
    check_header(file)
    lock = SessionLock.acquire(file)
    try:
        try:
            SqliteEventStore.open(file).close()  # SQLite undoes a write that was cut short
        except DamagedError:
            if journal_path(file).exists() or wal_path(file).exists():
                raise
        yield file
        if path.is_symlink():
            path.unlink()
        with suppress(OSError):  # other sessions have backups there
            (file.parent / FOLDER).rmdir()
    finally:
        lock.release()
