"""Creates a new session file, completely or not at all."""

import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path

from workshop.errors import CannotWriteError, Remedy, WorkshopError, os_error_reason, replace_path
from workshop.files.atomic import complete_file
from workshop.files.fsync import make_directory
from workshop.session.answer_rows import answer_changes
from workshop.session.event_log import EventLog
from workshop.session.events import Event
from workshop.session.fold import SessionState
from workshop.session.record import Record, records_from
from workshop.session.session import Session
from workshop.storage.draft import Draft
from workshop.storage.sqlite import schema
from workshop.storage.sqlite.error_messages import write_error
from workshop.storage.sqlite.event_store import SqliteEventStore
from workshop.storage.sqlite.schema import connect
from workshop.storage.sqlite.session_row import session_row


def file_name(session: Session) -> str:
    """Return the name of a session's file: `<date>-<slug>-<short id>.db`.

    The name is generated, so that no text that a person types becomes a path.
    """
    from slugify import slugify  # needed for a new session only

    slug = slugify(session.title, max_length=40, word_boundary=True, save_order=True) or "session"
    return f"{session.created.date().isoformat()}-{slug}-{session.short_id}{schema.SUFFIX}"


def create_session(directory: Path, session: Session, events: Sequence[Event] = ()) -> Path:
    """Write a new session file with its first `events` in `directory`; return its path.

    See `create_from_log`. Raises CannotWriteError.
    """
    return create_from_log(directory, session, records_from(events))


def create_from_log(directory: Path, session: Session, log: Sequence[Record]) -> Path:
    """Write a new session file in `directory` with the log of another file; return its path.

    A missing directory is created. The file gets its name only once it is complete, so that an
    interruption leaves no incomplete file. Raises CannotWriteError.
    """
    target = directory / file_name(session)
    temporary = target
    try:
        make_directory(directory)
        with complete_file(target) as temporary:
            write_session_file(temporary, session_row(session), log)
    except FileExistsError as error:
        if error.filename == str(directory):  # a file where the directory should be
            raise _not_created_error(directory, error) from error
        message = f"There is a file {target} already."
        raise CannotWriteError(message, "It was left as it is.") from error
    except OSError as error:
        raise _not_created_error(directory, error) from error
    except WorkshopError as error:
        cause = replace_path(error, temporary, target)
        raise CannotWriteError(cause.message, cause.hint, cause.remedy) from error
    return target


def _not_created_error(directory: Path, error: OSError) -> CannotWriteError:
    return CannotWriteError(
        f"No session can be made in {directory}: {os_error_reason(error)}.",
        "Choose another folder.",
        Remedy.FOLDER,
    )


def write_session_file(
    path: Path,
    row: Mapping[str, object],
    log: Sequence[Record],
    drafts: Sequence[Draft] = (),
) -> None:
    """Write the session `row`, the `log` and the `drafts` into the empty file at `path`.

    Raises CannotWriteError, and BadFileError if the row describes no session.
    """
    with closing(connect(path)) as connection:
        _write_tables(path, connection, row)
        store = SqliteEventStore(path, connection)
        state = EventLog(record.event for record in log).state
        changes = answer_changes(store.session(), SessionState(), state)
        store.append(log, store.load().tail, changes, drafts)


def _write_tables(path: Path, connection: sqlite3.Connection, row: Mapping[str, object]) -> None:
    try:
        schema.harden_connection(connection)
        schema.set_durability_pragmas(connection)
        from sqlite_utils import Database  # imported here: resuming a session loads this module

        db = Database(connection, execute_plugins=False)
        connection.execute("BEGIN IMMEDIATE")
        for sql in schema.STATEMENTS:
            connection.execute(sql)
        db.table("session").insert(dict(row))
        connection.execute(f"PRAGMA application_id = {schema.APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {schema.VERSION}")
        connection.execute("COMMIT")
    except sqlite3.Error as error:
        raise write_error(path, error) from error
