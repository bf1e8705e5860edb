"""Reads and writes the `draft` table of a session file of any version."""

import sqlite3

from workshop.storage.draft import Draft
from workshop.storage.sqlite import schema
from workshop.text import clean

_SAVE = (
    f"INSERT OR REPLACE INTO draft ({', '.join(Draft._fields)}) "  # noqa: S608 - our names
    f"VALUES ({', '.join('?' * len(Draft._fields))})"
)
_DELETE = "DELETE FROM draft WHERE seat = ? AND participant = ? AND question = ?"


def read_drafts(connection: sqlite3.Connection, version: int) -> tuple[list[Draft], bool]:
    """Return the drafts in a file of that version, the latest last, and whether all are text.

    A draft that is not text is left out. Raises sqlite3.Error.
    """
    seat = "seat" if version >= schema.FIRST_VERSION_WITH_SEATS else "''"
    sql = f"SELECT participant, question, text, answer, at, {seat} FROM draft ORDER BY at"  # noqa: S608
    rows = connection.execute(sql).fetchall()
    texts = [row for row in rows if all(isinstance(value, str) for value in row)]
    return [Draft(*map(clean, row)) for row in texts], len(texts) == len(rows)


def save_draft(connection: sqlite3.Connection, draft: Draft) -> None:
    """Save a draft in a file of the current version, or delete it if its text is empty."""
    if draft.text:
        connection.execute(_SAVE, draft)
    else:
        connection.execute(_DELETE, (draft.seat, draft.participant, draft.question))
