"""Copying a session file of one moment, also while somebody is writing to it."""

import os
import sqlite3
from collections.abc import Generator
from contextlib import closing, contextmanager
from pathlib import Path

from workshop.errors import BadFileError, CannotWriteError, replace_path
from workshop.files.atomic import atomic_write
from workshop.storage.integrity.verify import Verdict, verify
from workshop.storage.lock import SessionLock
from workshop.storage.sqlite import schema
from workshop.storage.sqlite.error_messages import read_failure
from workshop.storage.sqlite.header import check_header
from workshop.storage.sqlite.online_backup import copy_database

_PATIENCE = 6
"""How many times longer than for a write to wait for another program: nobody waits at a prompt."""


def back_up(path: Path, target: Path, *, replace: bool = False) -> Verdict:
    """Copy the session file at `path` to `target`; return what the checks on the copy found.

    The copy gets its name only once it is whole, checked and durable. A file at `target` stays as
    it is, but gives way with `replace`, unless it is a session that is open in a program. Raises
    NotFoundError, CannotReadError, CannotWriteError, and BadFileError for a file that is no session
    or is damaged: there is no copy of that then.
    """
    check_header(path)
    if os.path.lexists(target) and os.path.realpath(target) == os.path.realpath(path):
        raise CannotWriteError(
            f"{target} is the session itself, not a place for a copy of it.",
            "Choose another file with -o.",
        )
    with _free(target, replace=replace), atomic_write(target, replace=replace) as unfinished:
        _copy(path, unfinished)
        try:
            verdict = verify(unfinished)
        except BadFileError as error:  # the copy is what the source is
            raise replace_path(error, unfinished, path) from error
        if not verdict.is_sound:
            raise BadFileError(
                f"{path} is damaged: {verdict.damage[0]}. It was not copied to {target}.",
                "'workshop verify' says what is sound in it, and 'workshop rescue' saves that.",
            )
    return verdict


@contextmanager
def _free(target: Path, *, replace: bool) -> Generator[None]:
    """See to it that nobody is at work on the file that gives way, nor begins."""
    if not replace:
        yield
        return
    hold = SessionLock.acquire(target)
    try:
        yield
    finally:
        hold.release()


def _copy(path: Path, unfinished: Path) -> None:
    with closing(schema.connect(path)) as source:
        try:
            schema.harden_connection(source)
            source.execute(f"PRAGMA busy_timeout = {schema.BUSY_TIMEOUT * _PATIENCE}")
        except sqlite3.Error as error:
            raise read_failure(path, error) from error
        copy_database(source, path, unfinished)
