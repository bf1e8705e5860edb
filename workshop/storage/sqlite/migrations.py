"""The schemas of older session files, and the migration of a file to the current version.

Theory of operation: a file of an older version is read as it is; listing, showing and reporting
change nothing in it. The first write to it migrates it, in one immediate transaction: the file is
copied to a backup beside it, then the schema is changed, then the version, then the answers are
worked out. The values and hashes of events never change. If the program is killed at any moment,
the file is complete, in the old version or in the new one.

sqlite-utils' `Migrations` is not used, on purpose. It records the steps it has done in a table and
an index of its own, in the file; but a session file's schema is compared word for word with the
expected one, so that no SQL of a stranger ever runs, and that table would have to be allowed. It
also creates that table in another transaction than the steps, and begins them with a plain BEGIN,
so that two programs could begin at once. SQLite's own `user_version` records which steps a file has
had, and is written in the same transaction as they are.
"""

import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path

from workshop.errors import CannotWriteError, os_error_reason
from workshop.files.atomic import complete_file, free_path
from workshop.storage.sqlite import schema
from workshop.storage.sqlite.error_messages import damaged_error, write_error

# Version 1 had no votes, versions 1 and 2 neither seats nor batches; their answers were a view.
_EVENT_2 = """CREATE TABLE event (
  seq INTEGER PRIMARY KEY,
  counter INTEGER NOT NULL,
  id TEXT NOT NULL UNIQUE,
  at TEXT NOT NULL,
  actor TEXT NOT NULL,
  kind TEXT NOT NULL,
  body TEXT NOT NULL,
  chain BLOB NOT NULL
)"""
_DRAFT_2 = """CREATE TABLE draft (
  participant TEXT NOT NULL,
  question TEXT NOT NULL,
  answer TEXT NOT NULL,
  text TEXT NOT NULL,
  at TEXT NOT NULL,
  PRIMARY KEY (participant, question)
)"""
_ANSWERS_2 = """CREATE VIEW answers AS
WITH undoing AS MATERIALIZED (
  SELECT t.id AS target
  FROM event u JOIN event t ON t.id = json_extract(u.body, '$.event') AND t.seq < u.seq
  WHERE u.kind = 'undone'
    AND t.kind IN (
      'answer_added', 'answer_edited', 'answer_removed', 'question_skipped', 'vote_cast',
      'point_parked', 'action_added'
    )
    AND u.id NOT IN (
      SELECT json_extract(r.body, '$.event') FROM event r
      WHERE r.kind = 'undone' AND json_extract(r.body, '$.event') IS NOT NULL
    )
),
live AS MATERIALIZED (
  SELECT seq, id, at, kind, body FROM event
  WHERE kind IN ('answer_added', 'answer_edited', 'answer_removed', 'vote_cast')
    AND id NOT IN (SELECT target FROM undoing)
),
numbered AS MATERIALIZED (
  SELECT id, row_number() OVER (ORDER BY seq) AS number FROM event WHERE kind = 'answer_added'
),
about AS MATERIALIZED (
  SELECT live.seq AS seq, live.kind AS kind, live.body AS body, added.id AS answer
  FROM live JOIN event added
    ON added.id = json_extract(live.body, '$.answer') AND added.seq < live.seq
  WHERE live.kind IN ('answer_edited', 'answer_removed', 'vote_cast')
),
edited AS MATERIALIZED (
  SELECT answer, json_extract(body, '$.text') AS text, max(seq) AS seq
  FROM about WHERE kind = 'answer_edited' GROUP BY answer
),
voted AS MATERIALIZED (
  SELECT answer, sum(json_extract(body, '$.dots')) AS votes
  FROM about
  WHERE kind = 'vote_cast' AND json_type(body, '$.dots') = 'integer'
    AND json_extract(body, '$.dots') BETWEEN 1 AND 999
  GROUP BY answer
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
       coalesce(voted.votes, 0) AS votes, NULL AS confidence, a.at AS at
FROM live a
JOIN numbered ON numbered.id = a.id
LEFT JOIN edited ON edited.answer = a.id
LEFT JOIN voted ON voted.answer = a.id
LEFT JOIN asked ON asked.question = json_extract(a.body, '$.question')
WHERE a.kind = 'answer_added'
  AND a.id NOT IN (SELECT answer FROM about WHERE kind = 'answer_removed')
ORDER BY a.seq"""
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

_TABLES_2 = frozenset(
    {
        ("table", "session", schema.SESSION),
        ("table", "event", _EVENT_2),
        ("table", "draft", _DRAFT_2),
    }
)

SCHEMAS: Mapping[int, frozenset[tuple[str, str, str]]] = {
    1: _TABLES_2 | {("view", "answers", _ANSWERS_1)},
    2: _TABLES_2 | {("view", "answers", _ANSWERS_2)},
    schema.VERSION: schema.DEFINITIONS,
}
"""The exact schema of each version: type, name and SQL of everything that a file defines."""

_STEPS: Mapping[int, tuple[str, ...]] = {
    1: ("DROP VIEW answers", _ANSWERS_2),
    # The old tables are renamed and not the new ones, whose SQL must be exact.
    2: (
        "DROP VIEW answers",
        "ALTER TABLE event RENAME TO event_2",
        schema.EVENT,
        "INSERT INTO event SELECT seq, counter, id, at, actor, '', '', kind, body, chain "
        "FROM event_2 ORDER BY seq",
        "DROP TABLE event_2",
        "ALTER TABLE draft RENAME TO draft_2",
        schema.DRAFT,
        "INSERT INTO draft SELECT '', participant, question, answer, text, at FROM draft_2",
        "DROP TABLE draft_2",
        schema.ANSWER,
        schema.ANSWERS,
    ),
}
"""The statements that turn a file of a version into one of the next.

The table of answers is filled afterwards, from the log. Once there is a version 4, the tables and
the view here must be version 3's.
"""


def migrate(
    connection: sqlite3.Connection, path: Path, fill_answers: Callable[[], None]
) -> Path | None:
    """Migrate the session file at `path`, open in `connection`, to the current version.

    `fill_answers` writes the table of answers, in the same transaction. Return the path of the
    backup of the file as it was, or None if there was nothing to do, as when another program has
    just migrated it. Raises CannotWriteError or BadFileError, and then the file is as it was.
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
                fill_answers()
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
    target = free_path(path.with_name(f"{path.name}.v{version}-backup"))
    try:
        with complete_file(target) as temporary:
            _copy(path, temporary)
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
