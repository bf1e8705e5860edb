"""The schemas of older session files, and the migration of a file to the current version.

Theory of operation: a file of an older version is read as it is; listing, showing and reporting
change nothing in it. The first write to it migrates it, in one immediate transaction: the file is
copied to a backup beside it, then the schema is changed, then the version. Events are never
touched. If the program is killed at any moment, the file is complete, in the old version or in the
new one.

sqlite-utils' `Migrations` is not used, on purpose. It records the steps it has done in a table and
an index of its own, in the file; but a session file's schema is compared word for word with the
expected one, so that no SQL of a stranger ever runs, and that table would have to be allowed. It
also creates that table in another transaction than the steps, and begins them with a plain BEGIN,
so that two programs could begin at once. SQLite's own `user_version` records which steps a file has
had, and is written in the same transaction as they are.
"""

import itertools
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

from workshop.errors import CannotWriteError, os_error_reason
from workshop.files.atomic import rename_into_place, temporary_file
from workshop.files.fsync import sync_directory, sync_file
from workshop.storage.sqlite import schema
from workshop.storage.sqlite.error_messages import damaged_error, write_error

# Version 1 had no votes. Its tables are the same as today's.
_ANSWERS_1 = """CREATE VIEW answers AS
WITH undoing AS MATERIALIZED (
  SELECT t.id AS target
  FROM event u JOIN event t ON t.id = json_extract(u.body, '$.event') AND t.seq < u.seq
  WHERE u.kind = 'undone'
    AND t.kind IN ('answer_added', 'answer_edited', 'answer_removed', 'question_skipped')
    AND u.id NOT IN (
      SELECT json_extract(r.body, '$.event') FROM event r
      WHERE r.kind = 'undone' AND json_extract(r.body, '$.event') IS NOT NULL
    )
),
live AS MATERIALIZED (
  SELECT seq, id, at, kind, body FROM event
  WHERE kind LIKE 'answer_%' AND id NOT IN (SELECT target FROM undoing)
),
numbered AS MATERIALIZED (
  SELECT id, row_number() OVER (ORDER BY seq) AS number FROM event WHERE kind = 'answer_added'
),
removed AS MATERIALIZED (
  SELECT json_extract(body, '$.answer') AS answer FROM live
  WHERE kind = 'answer_removed' AND json_extract(body, '$.answer') IS NOT NULL
),
edited AS MATERIALIZED (
  SELECT json_extract(body, '$.answer') AS answer, json_extract(body, '$.text') AS text,
         max(seq) AS seq
  FROM live WHERE kind = 'answer_edited' GROUP BY json_extract(body, '$.answer')
),
asked AS MATERIALIZED (
  SELECT json_extract(b.value, '$.id') AS block, json_extract(q.value, '$.level') AS level,
         json_extract(b.value, '$.id') || '.' || json_extract(q.value, '$.id') AS question,
         json_extract(q.value, '$.ask') AS ask
  FROM session, json_each(session.bank, '$.blocks') b, json_each(b.value, '$.questions') q
)
SELECT numbered.number AS number, asked.block AS block, asked.level AS level,
       json_extract(a.body, '$.question') AS question, asked.ask AS ask,
       coalesce(edited.text, json_extract(a.body, '$.text')) AS answer,
       json_extract(a.body, '$.participant') AS participant,
       0 AS votes, NULL AS confidence, a.at AS at
FROM live a
JOIN numbered ON numbered.id = a.id
LEFT JOIN edited ON edited.answer = a.id
LEFT JOIN asked ON asked.question = json_extract(a.body, '$.question')
WHERE a.kind = 'answer_added' AND a.id NOT IN (SELECT answer FROM removed)
ORDER BY a.seq"""

SCHEMAS: Mapping[int, frozenset[tuple[str, str, str]]] = {
    1: schema.DEFINITIONS - {("view", "answers", schema.ANSWERS)}
    | {("view", "answers", _ANSWERS_1)},
    schema.VERSION: schema.DEFINITIONS,
}
"""The exact schema of each version: type, name and SQL of everything that a file defines."""

_STEPS: Mapping[int, tuple[str, ...]] = {1: ("DROP VIEW answers", schema.ANSWERS)}
"""The statements that turn a file of a version into one of the next.

Once there is a version 3, the view here must be version 2's.
"""


def migrate(connection: sqlite3.Connection, path: Path) -> Path | None:
    """Migrate the session file at `path`, open in `connection`, to the current version.

    Return the path of the backup of the file as it was, or None if there was nothing to do, as when
    another program has just migrated it. Raises CannotWriteError or BadFileError, and then the file
    is as it was.
    """
    backup: Path | None = None
    begun = False
    try:
        connection.execute("BEGIN IMMEDIATE")
        begun = True
        try:
            version, _ = schema.read_schema(connection)
            if version != schema.VERSION:
                backup = _back_up(path, version)
                _apply_steps(connection, path, version)
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
                if backup is not None:
                    backup.unlink(missing_ok=True)
            raise
    except sqlite3.Error as error:
        raise write_error(path, error, begun=begun) from error
    return backup


def _apply_steps(connection: sqlite3.Connection, path: Path, version: int) -> None:
    for step in range(version, schema.VERSION):
        for sql in _STEPS[step]:
            connection.execute(sql)
    connection.execute(f"PRAGMA user_version = {schema.VERSION}")
    if schema.read_schema(connection) != (schema.VERSION, SCHEMAS[schema.VERSION]):
        raise damaged_error(path, "it defines other tables than a session does")


def _back_up(path: Path, version: int) -> Path:
    """Copy the file at `path` to a free name beside it; return the path of the copy.

    The copy gets its name only once it is complete.
    """
    try:
        with temporary_file(path.parent) as temporary:
            _copy(path, temporary)
            sync_file(temporary)
            target = _rename_to_free_name(
                temporary, path.with_name(f"{path.name}.v{version}-backup")
            )
            sync_directory(path.parent)
    except (OSError, sqlite3.Error) as error:
        reason = os_error_reason(error) if isinstance(error, OSError) else str(error)
        raise CannotWriteError(
            f"Not saved: an older Workshop wrote {path}, and the copy of it that is made before it "
            f"is changed cannot be written: {reason}."
        ) from error
    return target


def _copy(path: Path, target: Path) -> None:
    # Through a connection of its own: SQLite copies from no connection with a write transaction,
    # and that transaction keeps every other program from changing the file meanwhile.
    with closing(schema.connect(path, "ro")) as source, closing(schema.connect(target)) as copy:
        schema.harden_connection(source)
        source.backup(copy)


def _rename_to_free_name(temporary: Path, target: Path) -> Path:
    """Rename a complete file to `target`, or to the first of `target`-2, -3 … that is free."""
    candidate, numbers = target, itertools.count(2)
    while True:
        try:
            rename_into_place(temporary, candidate)
        except FileExistsError:
            candidate = target.with_name(f"{target.name}-{next(numbers)}")
        else:
            return candidate
