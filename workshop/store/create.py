"""Making a new session file: whole, or not at all."""

import os
import sqlite3
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from workshop.errors import CannotWriteError, WorkshopError
from workshop.session.events import Event
from workshop.session.model import Session
from workshop.store import schema
from workshop.store.reasons import system_reason, write_failure
from workshop.store.session_file import SessionFile, connect, session_row


def file_name(session: Session) -> str:
    """Return the name of a session's file: `<date>-<slug>-<short id>.db`.

    It is generated, so that nothing which a person types becomes a path.
    """
    date = session.created.astimezone().date().isoformat()
    from slugify import slugify  # only a new session needs it

    slug = slugify(session.title, max_length=40, word_boundary=True, save_order=True) or "session"
    return f"{date}-{slug}-{session.short_id}{schema.SUFFIX}"


def create_session(directory: Path, session: Session, events: Sequence[Event] = ()) -> Path:
    """Write a new session file with its first `events` in `directory`; return its path.

    The directory is made if it is not there. The file gets its name only once it is complete, so
    that an interruption leaves none half-made. Raises CannotWriteError.
    """
    target = directory / file_name(session)
    unfinished: Path | None = None
    try:
        directory.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=directory, prefix=".new-", suffix=".part")
        unfinished = Path(name)
        os.close(handle)
        _fill(unfinished, session, events)
        if target.exists():
            raise CannotWriteError(f"There is a file {target} already.")
        unfinished.rename(target)
        _sync(directory)
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


def _fill(path: Path, session: Session, events: Sequence[Event]) -> None:
    connection = connect(path)
    try:
        schema.be_careful(connection)
        schema.be_durable(connection)
        from sqlite_utils import Database  # resuming, which loads this module, does without

        db = Database(connection, execute_plugins=False)
        connection.execute("BEGIN IMMEDIATE")
        for sql in (schema.SESSION, schema.EVENT, schema.DRAFT, schema.ANSWERS):
            connection.execute(sql)
        db.table("session").insert(session_row(session))
        connection.execute(f"PRAGMA application_id = {schema.APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {schema.VERSION}")
        connection.execute("COMMIT")
    except sqlite3.Error as error:
        raise write_failure(path, error) from error
    finally:
        connection.close()
    with SessionFile.open(path) as opened:
        opened.events()
        opened.append(events)


def _sync(directory: Path) -> None:
    """Make the new name survive a power cut, where the system can sync a directory."""
    if os.name != "posix":
        return
    # The session is there, whole. As SQLite does, take no notice of a file system (a mounted
    # share, say) that cannot sync a directory.
    with suppress(OSError):
        handle = os.open(directory, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
