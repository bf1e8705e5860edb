"""Copies a session file as it is at one moment, and finds the sound ones among its backups."""

import os
import sqlite3
from collections.abc import Generator
from contextlib import closing, contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from workshop.errors import BadFileError, CannotWriteError, Remedy, WorkshopError, replace_path
from workshop.files.atomic import atomic_write
from workshop.storage.integrity.verify import Verdict, verify
from workshop.storage.lock import SessionLock
from workshop.storage.sqlite import schema
from workshop.storage.sqlite.error_messages import read_error
from workshop.storage.sqlite.header import check_header
from workshop.storage.sqlite.online_backup import copy_database
from workshop.storage.sqlite.rolling_backup import backups_of

_BUSY_TIMEOUT_FACTOR = 6
"""How many times longer than a write to wait for another program: no prompt waits for a backup."""


def back_up(path: Path, target: Path, *, replace: bool = False) -> Verdict:
    """Copy the session file at `path` to `target`; return the verdict of the checks on the copy.

    The copy gets its name only once it is complete, checked and durable. An existing file at
    `target` is never changed, except that `replace` allows to replace it, unless it is a session
    that is open in a program. Raises NotFoundError, CannotReadError, CannotWriteError, and
    BadFileError if the file is no session or is damaged: then no copy is made.
    """
    check_header(path)
    if os.path.lexists(target) and os.path.realpath(target) == os.path.realpath(path):
        raise CannotWriteError(
            f"{target} is the session itself, not a place for a copy of it.",
            "Choose another file.",
            Remedy.TARGET,
        )
    with _locked(target, replace=replace), atomic_write(target, replace=replace) as temporary:
        _copy(path, temporary)
        try:
            verdict = verify(temporary)
        except BadFileError as error:  # the copy has the fault of its source
            raise replace_path(error, temporary, path) from error
        if not verdict.is_sound:
            raise BadFileError(
                f"{path} is damaged: {verdict.damage[0]}. It was not copied to {target}.",
                "'workshop verify' says what is sound in it, and 'workshop rescue' saves that.",
            )
    return verdict


@contextmanager
def _locked(target: Path, *, replace: bool) -> Generator[None]:
    """Hold the session lock of the file that is replaced, so that no program has it open."""
    if not replace:
        yield
        return
    lock = SessionLock.acquire(target)
    try:
        yield
    finally:
        lock.release()


def _copy(path: Path, temporary: Path) -> None:
    with closing(schema.connect(path)) as source:
        try:
            schema.harden_connection(source)
            source.execute(f"PRAGMA busy_timeout = {schema.BUSY_TIMEOUT * _BUSY_TIMEOUT_FACTOR}")
        except sqlite3.Error as error:
            raise read_error(path, error) from error
        copy_database(source, path, temporary)


class SoundBackup(NamedTuple):
    """A rolling backup in which nothing is damaged."""

    path: Path
    made_at: datetime
    answers: int


def sound_backups(path: Path) -> list[SoundBackup]:
    """Return the sound backups of the session file at `path`, the newest first."""
    backups: list[SoundBackup] = []
    with suppress(OSError):  # a folder that cannot be read
        for backup, made_at in backups_of(path).items():
            with suppress(WorkshopError):
                verdict = verify(backup)
                if verdict.is_sound:
                    backups.append(SoundBackup(backup, made_at, verdict.answers))
    return backups
