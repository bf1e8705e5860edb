"""Writes and reads the one row of the `session` table: what never changes in a session."""

import json
from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path

from pydantic import ValidationError

from workshop.banks.model import Bank
from workshop.session.session import Session, canonical_bank_json, fingerprint
from workshop.storage.sqlite.error_messages import damaged_error

SESSION_COLUMNS = (
    "id",
    "title",
    "mode",
    "bank_id",
    "bank_version",
    "bank",
    "bank_sha256",
    "level",
    "quick",
    "names",
    "questions",
    "created",
)
SELECT_SESSION = f"SELECT {', '.join(SESSION_COLUMNS)} FROM session"  # noqa: S608 - our names
_INTEGER_COLUMNS = ("bank_version", "quick", "questions")


def session_row(session: Session) -> dict[str, object]:
    """Return the values of the session row of a new file, by column."""
    bank = canonical_bank_json(session.bank)
    values: Iterable[object] = (
        session.id,
        session.title,
        session.mode,
        session.bank.id,
        session.bank.version,
        bank,
        fingerprint(bank),
        session.level,
        int(session.quick),
        json.dumps(session.names, ensure_ascii=False, sort_keys=True),
        len(session.addresses),
        session.created.isoformat(timespec="milliseconds"),
    )
    return dict(zip(SESSION_COLUMNS, values, strict=True))


def parse_session_row(path: Path, values: Sequence[object]) -> Session:
    """Return the session that the row `values` describes; raises BadFileError about `path`."""
    row = dict(zip(SESSION_COLUMNS, values, strict=True))
    bank = str(row["bank"])
    if fingerprint(bank) != row["bank_sha256"]:
        raise damaged_error(path, "the question bank inside it was changed")
    malformed = damaged_error(path, "what it says about its session makes no sense")
    if not all(_has_column_type(column, value) for column, value in row.items()):
        raise malformed
    try:
        return Session(
            id=str(row["id"]),
            title=str(row["title"]),
            mode=row["mode"],  # pyright: ignore[reportArgumentType] - pydantic checks it
            bank=_parse_bank(bank),
            level=None if row["level"] is None else str(row["level"]),
            quick=bool(row["quick"]),
            names=json.loads(str(row["names"])),
            created=row["created"],  # pyright: ignore[reportArgumentType] - pydantic parses it
        )
    except (ValidationError, ValueError, OverflowError, RecursionError) as error:
        raise malformed from error


def _has_column_type(column: str, value: object) -> bool:
    """Return whether a value has the type that Workshop writes to that column."""
    if column in _INTEGER_COLUMNS:
        return isinstance(value, int)
    return isinstance(value, str) or (column == "level" and value is None)


@lru_cache(maxsize=8)
def _parse_bank(text: str) -> Bank:
    # Most sessions in a directory have the same one or two banks, which are immutable.
    return Bank.model_validate_json(text)
