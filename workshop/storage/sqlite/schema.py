"""The schema of a session file: its exact SQL, its version, and the settings of a connection.

When a file is opened, its SQL is compared with this, word for word: a file that comes by mail may
contain a trigger or a view of its own, and none of those may ever run.
"""

import sqlite3
from pathlib import Path

from workshop.storage.sqlite.error_messages import read_error

APPLICATION_ID = 0x57534850
"""Identifies a session file in SQLite's header: the letters WSHP."""
SUFFIX = ".db"
"""The suffix of a session file's name."""
VERSION = 3
"""The version of the schema, stored in SQLite's `user_version`."""
FIRST_VERSION_WITH_SEATS = 3
"""The first version with seats, batches and a table of answers."""

MAX_FILE_BYTES = 1 << 28
"""The size of the largest file that is opened: eight times a session of 100,000 answers."""
MAX_VALUE_BYTES = 1 << 24
"""The size of the longest value that is read or written: four times the longest answer."""
MAX_EVENTS = 2_000_000
"""The most events that are read: more than Workshop can write into the largest file."""

SESSION = """CREATE TABLE session (
  id TEXT PRIMARY KEY,
  title TEXT NOT NULL,
  mode TEXT NOT NULL,
  bank_id TEXT NOT NULL,
  bank_version INTEGER NOT NULL,
  bank TEXT NOT NULL,
  bank_sha256 TEXT NOT NULL,
  level TEXT,
  quick INTEGER NOT NULL,
  names TEXT NOT NULL,
  questions INTEGER NOT NULL,
  created TEXT NOT NULL
)"""

# `counter` is the position of the event in the log of the copy that wrote it. It equals `seq` until
# two copies are merged: then `seq` is assigned anew, and `counter` keeps the order.
EVENT = """CREATE TABLE event (
  seq INTEGER PRIMARY KEY,
  counter INTEGER NOT NULL,
  id TEXT NOT NULL UNIQUE,
  at TEXT NOT NULL,
  actor TEXT NOT NULL,
  seat TEXT NOT NULL,
  batch TEXT NOT NULL,
  kind TEXT NOT NULL,
  body TEXT NOT NULL,
  chain BLOB NOT NULL
)"""

DRAFT = """CREATE TABLE draft (
  seat TEXT NOT NULL,
  participant TEXT NOT NULL,
  question TEXT NOT NULL,
  answer TEXT NOT NULL,
  text TEXT NOT NULL,
  at TEXT NOT NULL,
  PRIMARY KEY (seat, participant, question)
)"""

# For people with a SQL tool, who read the view `answers`; see `workshop.session.answer_rows`.
ANSWER = """CREATE TABLE answer (
  number INTEGER PRIMARY KEY,
  position INTEGER NOT NULL,
  block TEXT,
  level TEXT,
  question TEXT NOT NULL,
  ask TEXT,
  answer TEXT NOT NULL,
  participant TEXT NOT NULL,
  votes INTEGER NOT NULL,
  evidence INTEGER,
  grouped TEXT NOT NULL,
  place INTEGER NOT NULL,
  at TEXT NOT NULL
)"""

ANSWERS = """CREATE VIEW answers AS
SELECT number, block, level, question, ask, answer, participant, votes, evidence, grouped, place, at
FROM answer ORDER BY position, place"""

STATEMENTS = (SESSION, EVENT, DRAFT, ANSWER, ANSWERS)
"""The statements that define a session file of the current version, in order."""
DEFINITIONS: frozenset[tuple[str, str, str]] = frozenset(
    {
        ("table", "session", SESSION),
        ("table", "event", EVENT),
        ("table", "draft", DRAFT),
        ("table", "answer", ANSWER),
        ("view", "answers", ANSWERS),
    }
)
"""Everything that a session file of the current version defines, as (type, name, SQL).

A change to any of it is a new version: see `workshop.storage.sqlite.migrations`.
"""

BUSY_TIMEOUT = 5_000
"""How long to wait for another program that writes to the file, in milliseconds."""


def connect(path: Path, mode: str = "rw") -> sqlite3.Connection:
    """Return a connection to the file at `path`, without Python's own transaction handling.

    The connection refuses values longer than MAX_VALUE_BYTES. Raises CannotReadError if SQLite
    cannot open the file.
    """
    try:
        connection = sqlite3.connect(
            f"{uri_for_sqlite(path.absolute().as_uri())}?mode={mode}",
            uri=True,
            isolation_level=None,
        )
    except sqlite3.Error as error:
        raise read_error(path, error) from error
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, MAX_VALUE_BYTES)
    return connection


def uri_for_sqlite(uri: str) -> str:
    r"""Return a file's URI in the form that SQLite accepts, without a server.

    For a Windows share, \\server\share, the server becomes the first part of the path.
    """
    return uri if uri.startswith("file:///") else uri.replace("file://", "file:////", 1)


def read_schema(connection: sqlite3.Connection) -> tuple[int, frozenset[tuple[str, str, str]]]:
    """Return the version of the file's schema and its definitions, as (type, name, SQL)."""
    ((version,),) = connection.execute("PRAGMA user_version").fetchall()
    try:
        rows = connection.execute("SELECT type, name, sql FROM sqlite_schema").fetchall()
    except UnicodeDecodeError as error:
        raise _malformed_schema_error() from error
    return int(version), frozenset(
        (str(kind), str(name), str(sql))
        for kind, name, sql in rows
        if sql is not None or not str(name).startswith("sqlite_autoindex_")
    )


def harden_connection(connection: sqlite3.Connection) -> None:
    """Make SQLite distrust the content of the file. The file itself does not change."""
    _set(
        connection,
        "trusted_schema = OFF",
        "cell_size_check = ON",
        "mmap_size = 0",
        f"busy_timeout = {BUSY_TIMEOUT}",
    )


def set_durability_pragmas(connection: sqlite3.Connection) -> None:
    """Make committed data survive a power cut, and a copy that a person makes of the file.

    A rollback journal and not WAL: a file in WAL mode that is copied while the program runs loses
    committed data, and people do copy session files. EXTRA also syncs the directory once the
    journal is deleted; macOS keeps synced data in the disk's cache, unless it is asked for a full
    sync. A file that another program has put into WAL mode is changed back, so call this only after
    the file has been recognised as a session.
    """
    _set(connection, "journal_mode = DELETE", "synchronous = EXTRA", "fullfsync = ON")


def _set(connection: sqlite3.Connection, *pragmas: str) -> None:
    for pragma in pragmas:
        try:
            connection.execute(f"PRAGMA {pragma}").fetchall()
        except UnicodeDecodeError as error:
            raise _malformed_schema_error() from error


def _malformed_schema_error() -> sqlite3.DatabaseError:
    """Return SQLite's error about a malformed schema, which Python fails to decode.

    The message quotes the malformed definition, which may not be valid text.
    """
    error = sqlite3.DatabaseError("malformed database schema")
    error.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
    error.sqlite_errorname = "SQLITE_CORRUPT"
    return error
