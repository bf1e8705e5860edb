"""Rolling backups: a copy of a session before it is written to, for the day when the file is lost.

The copies lie in a folder beside the session, where no command looks for sessions. The last five
of each session are kept, as long as they are not larger than five times the session together.
"""

import os
import shutil
import sqlite3
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path

from workshop.errors import WorkshopError, os_error_reason
from workshop.files.atomic import atomic_write
from workshop.files.fsync import make_directory
from workshop.files.full_disk import no_room_error
from workshop.storage.sqlite import schema
from workshop.storage.sqlite.online_backup import copy_database

FOLDER = "backups"
"""The name of the folder, beside the session."""
KEPT = 5
"""How many backups of a session are kept, and how many times its size they may have together."""
_TIME = "%Y-%m-%dT%H%M%S.%fZ"
"""The time in the name of a backup, in UTC. Names sort by time."""


def back_up_before_writing(connection: sqlite3.Connection, path: Path, now: datetime) -> str:
    """Back up the session file at `path`, open in `connection`, unless the last backup equals it.

    Return a sentence if that fails, which is no reason not to go on; otherwise return "".
    """
    path = Path(os.path.realpath(path))
    folder = path.parent / FOLDER
    try:
        tail = _read_tail(connection)
        newest = next(iter(backups_of(path)), None)
        is_backup = path.parent.name == FOLDER
        if is_backup or not tail or (newest is not None and _tail_of(newest) == tail):
            return ""
        make_directory(folder)
        target = folder / backup_name(path, now.astimezone(UTC))
        if shutil.disk_usage(folder).free < 2 * path.stat().st_size:  # answers need room, too
            raise no_room_error(target)
        with atomic_write(target) as temporary:
            copy_database(connection, path, temporary)
        _remove_old(path)
    except (OSError, sqlite3.Error, WorkshopError) as error:
        reason = f"{folder}: {os_error_reason(error)}." if isinstance(error, OSError) else error
        message = reason.message if isinstance(reason, WorkshopError) else reason
        return f"This session was not backed up before going on. {message}"
    return ""


def backups_of(path: Path) -> dict[Path, datetime]:
    """Return the backups of the session file at `path`, the newest first, and when each was made.

    Raises OSError.
    """
    path = Path(os.path.realpath(path))
    folder = path.parent / FOLDER
    backups: dict[Path, datetime] = {}
    for backup in sorted(folder.iterdir() if folder.is_dir() else (), reverse=True):
        time = backup.name.removeprefix(f"{path.stem}.").removesuffix(path.suffix)
        with suppress(ValueError):  # of another session, or no backup
            made_at = datetime.fromisoformat(time).astimezone(UTC)
            if backup.name == backup_name(path, made_at) and backup.is_file():
                backups[backup] = made_at
    return backups


def backup_name(path: Path, time: datetime) -> str:
    """Return the name of a backup of the session file at `path` that was made at `time`, in UTC."""
    return f"{path.stem}.{time:{_TIME}}{path.suffix}"


def _tail_of(backup: Path) -> list[tuple[object, ...]]:
    """Return the end of the log in a backup; an empty list if it cannot be read."""
    with suppress(sqlite3.Error, WorkshopError), closing(schema.connect(backup, "ro")) as copy:
        schema.harden_connection(copy)
        if schema.read_schema(copy) == (schema.VERSION, schema.DEFINITIONS):
            return _read_tail(copy)
    return []


def _read_tail(connection: sqlite3.Connection) -> list[tuple[object, ...]]:
    """Return the number and the hash of the last event; two logs that share them are equal."""
    return connection.execute("SELECT seq, chain FROM event ORDER BY seq DESC LIMIT 1").fetchall()


def _remove_old(path: Path) -> None:
    """Remove the backups that are too many, or too large together."""
    total, allowed = 0, KEPT * path.stat().st_size
    for number, backup in enumerate(backups_of(path), 1):
        total += backup.stat().st_size
        if number > KEPT or total > allowed:
            backup.unlink()
