"""Keeps the `answer` table of a session file equal to what its log adds up to.

A table, and not a view over the log: such a view would be the fold a second time, in SQL, and its
definition, which is compared word for word when a file is opened, would change with every new kind
of event that concerns answers. The view `answers` only puts the rows of the table into order.
"""

import sqlite3
from typing import cast

from workshop.session.answer_rows import AnswerChanges, AnswerRow, answer_rows, changes_between
from workshop.session.fold import SessionState
from workshop.session.session import Session

_COLUMNS = ", ".join(AnswerRow._fields)
_PUT = (
    f"INSERT OR REPLACE INTO answer ({_COLUMNS}) "  # noqa: S608 - our names
    f"VALUES ({', '.join('?' * len(AnswerRow._fields))})"
)
_SELECT = f"SELECT {_COLUMNS} FROM answer"  # noqa: S608


def change_answers(connection: sqlite3.Connection, changes: AnswerChanges) -> None:
    """Carry out `changes` in the table. Raises sqlite3.Error."""
    if changes.removed:
        numbers = [(number,) for number in changes.removed]
        connection.executemany("DELETE FROM answer WHERE number = ?", numbers)
    if changes.put:
        connection.executemany(_PUT, changes.put)


def answer_difference(
    connection: sqlite3.Connection, session: Session, state: SessionState
) -> AnswerChanges:
    """Return what turns the table into the answers of `state`. Raises sqlite3.Error."""
    rows = (AnswerRow(*cast("AnswerRow", row)) for row in connection.execute(_SELECT).fetchall())
    return changes_between({row.number: row for row in rows}, answer_rows(session, state))
