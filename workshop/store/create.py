"""Making a new session file: whole, or not at all."""

import os
import sqlite3
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from workshop.errors import CannotWriteError, WorkshopError
from workshop.session.events import Event
from workshop.session.model import Session
from workshop.session.record import Record, records_of
from workshop.store import schema
from workshop.store.directory import give_name, sync_directory
from workshop.store.reasons import system_reason, write_failure
from workshop.store.schema import connect
from workshop.store.session_file import SessionFile, session_row

_UNFINISHED = ".new-"
_LONG_AGO = 3600.0
"""How old a file must be, in seconds, before nobody can be at work on it any more."""


def file_name(session: Session) -> str:
    """Return the name of a session's file: `<date>-<slug>-<short id>.db`.

    It is generated, so that nothing which a person types becomes a path.
    """
    try:
        date = session.created.astimezone().date().isoformat()
    except (OSError, OverflowError, ValueError):  # the first or the last day that there is
        date = session.created.date().isoformat()
    from slugify import slugify  # only a new session needs it

    slug = slugify(session.title, max_length=40, word_boundary=True, save_order=True) or "session"
    return f"{date}-{slug}-{session.short_id}{schema.SUFFIX}"


def create_session(directory: Path, session: Session, events: Sequence[Event] = ()) -> Path:
    """Write a new session file with its first `events` in `directory`; return its path.

    See `create_from_log`. Raises CannotWriteError.
    """
    return create_from_log(directory, session, records_of(events))


def create_from_log(directory: Path, session: Session, log: Sequence[Record]) -> Path:
    """Write a new session file with another file's log in `directory`; return its path.

    The directory is made if it is not there. The file gets its name only once it is complete, so
    that an interruption leaves none half-made. Raises CannotWriteError.
    """
    target = directory / file_name(session)
    unfinished: Path | None = None
    try:
        directory.mkdir(parents=True, exist_ok=True)
        _sweep(directory)
        handle, name = tempfile.mkstemp(dir=directory, prefix=_UNFINISHED, suffix=".part")
        unfinished = Path(name)
        os.close(handle)
        fill(unfinished, session_row(session), log)
        try:
            give_name(unfinished, target)
        except FileExistsError as error:
            said = f"There is a file {target} already."
            raise CannotWriteError(said, "It was left as it is.") from error
        sync_directory(directory)
    except OSError as error:
        reason = system_reason(error)
        raise CannotWriteError(
            f"No session can be made in {directory}: {reason}.",
            "Choose another folder with --sessions DIR.",
        ) from error
    except WorkshopError as error:
        # It may name the unfinished file, of which nobody has heard.
        said = error.message.replace(str(unfinished), str(target))
        raise CannotWriteError(said, error.hint) from error
    finally:
        if unfinished is not None:
            unfinished.unlink(missing_ok=True)
            unfinished.with_name(unfinished.name + "-journal").unlink(missing_ok=True)
    return target


def _sweep(directory: Path) -> None:
    """Take away what was left unfinished by a Workshop that was killed: it may hold answers."""
    for left in directory.glob(f"{_UNFINISHED}*.part*"):
        with suppress(OSError):
            if left.stat().st_mtime < time.time() - _LONG_AGO:
                left.unlink()


def fill(path: Path, row: Mapping[str, object], log: Sequence[Record]) -> None:
    """Make the empty file at `path` a session file, of that row of `session` and that log.

    Raises CannotWriteError, and what reading a session raises where the row makes none.
    """
    connection = connect(path)
    try:
        schema.be_careful(connection)
        schema.be_durable(connection)
        from sqlite_utils import Database  # resuming, which loads this module, does without

        db = Database(connection, execute_plugins=False)
        connection.execute("BEGIN IMMEDIATE")
        for sql in (schema.SESSION, schema.EVENT, schema.DRAFT, schema.ANSWERS):
            connection.execute(sql)
        db.table("session").insert(dict(row))
        connection.execute(f"PRAGMA application_id = {schema.APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {schema.VERSION}")
        connection.execute("COMMIT")
    except sqlite3.Error as error:
        raise write_failure(path, error) from error
    finally:
        connection.close()
    with SessionFile.open(path) as opened:
        opened.events()
        opened.append_records(log)
