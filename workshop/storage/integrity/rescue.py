"""Writing what is sound in a damaged session file to a new one."""

import hashlib
import json
import re
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

from pydantic import ValidationError

from workshop.banks.model import MAX_LINE, Bank
from workshop.banks.registry import shipped_banks
from workshop.errors import BadFileError
from workshop.files.atomic import atomic_write
from workshop.session.event_log import EventLog
from workshop.session.record import Record
from workshop.session.session import Session, canonical_bank_json
from workshop.storage.integrity.chain_verification import HashedEvent
from workshop.storage.integrity.row_rescue import Columns, RescuedRows, rescue_rows
from workshop.storage.integrity.unapplied_events import describe_unapplied
from workshop.storage.sqlite import migrations, schema
from workshop.storage.sqlite.create import write_session_file
from workshop.storage.sqlite.header import is_newer_version
from workshop.storage.sqlite.session_file import Draft, SessionFile
from workshop.storage.sqlite.session_row import SESSION_COLUMNS, session_row
from workshop.storage.sqlite.snapshot import snapshot
from workshop.text import clean, clean_line

_MOST_DRAFTS = 1_000
_UNPROVEN = "Nothing proves the session's own row: look whether its title and its models are right."
_CHANGED_BANK = (
    "The question bank in it was changed, and nothing can stand in for it: a question may read "
    "differently from what was asked."
)
_MADE_UP = (
    "The session's own row could not be read as a whole: look whether its title, its bank and its "
    "models are right."
)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_GIVE_THE_BANK = "If you have the bank that it was made on, name it with --bank."


@dataclass(frozen=True, slots=True)
class Rescued:
    """What was written to the new file, and what was not."""

    events: int
    answers: int
    repaired: tuple[HashedEvent, ...]
    """The events that had one bit turned, which was put right."""
    left_out: tuple[HashedEvent, ...]
    """What looks like an event and is proven by nothing."""
    missing: tuple[int, ...]
    """The numbers of the events that are not in the new file, as far as one can know."""
    unapplied: tuple[str, ...]
    """What there is to say of the events in the new file that change nothing there, a line each."""
    warnings: tuple[str, ...]
    """What else is not as it was, a sentence each."""

    @property
    def is_complete(self) -> bool:
        """Whether everything was saved, as far as one can know."""
        return not (self.left_out or self.missing or self.warnings)


def rescue(path: Path, target: Path, bank: Bank | None = None) -> Rescued:
    """Write every event of the session file at `path` that can be verified to a new file, `target`.

    `bank` is the bank that it was made on, for a file in which that is damaged, too. The file at
    `path` stays as it is, and a file at `target`, too. Raises NotFoundError, CannotReadError,
    BadFileError where there is nothing to be saved, and CannotWriteError.
    """
    with snapshot(path) as copy:
        drafts = _settle(copy)
        content = copy.read_bytes()
        found = rescue_rows(content, _stand_ins(bank))
    if not found.log and not found.bank_is_whole:
        raise BadFileError(f"{path} holds nothing of a session that could be verified.")
    warnings: list[str] = []
    with atomic_write(target) as unfinished:
        _write(unfinished, found, bank, warnings)
        with SessionFile.open(unfinished) as file:
            event_log = EventLog(file.events())
            for draft in drafts or ():
                file.save_draft(draft)
    if is_newer_version(content):
        warnings.append(
            "A newer Workshop wrote the file: what only that one knows is not in the new file."
        )
    if found.missing_pages:
        warnings.append(
            "The file was cut off: events that stood at its end may be lost, and nothing shows how "
            "many they were."
        )
    if drafts is None:
        warnings.append("Half-typed text that was never sent could not be read.")
    return Rescued(
        events=len(found.log),
        answers=len(event_log.state.answers),
        repaired=found.repaired,
        left_out=found.unverified,
        missing=found.missing,
        unapplied=describe_unapplied(found.log, event_log),
        warnings=tuple(warnings),
    )


def _stand_ins(bank: Bank | None) -> Iterator[str]:
    if bank is not None:
        yield canonical_bank_json(bank)
    for shipped in shipped_banks():
        yield canonical_bank_json(shipped)


def _settle(copy: Path) -> list[Draft] | None:
    """Have SQLite put back what was left half-written; return the drafts, or None if unreadable."""
    with closing(schema.connect(copy)) as connection:
        try:
            schema.harden_connection(connection)
            version, shape = schema.read_schema(connection)
            if shape != migrations.SCHEMAS.get(version):
                return None
            rows = connection.execute("SELECT participant, question, text, answer, at FROM draft")
            texts = (row for row in rows if all(isinstance(value, str) for value in row))
            return [Draft(*map(clean, row)) for row in islice(texts, _MOST_DRAFTS)]
        except sqlite3.Error:
            return None


def _write(unfinished: Path, found: RescuedRows, bank: Bank | None, warnings: list[str]) -> None:
    """Fill the new file with the first of the session's possible rows that makes a session."""
    for row, remark in _rows(found, bank):
        try:
            write_session_file(unfinished, row, [sealed.record for sealed in found.log])
        except BadFileError:
            unfinished.write_bytes(b"")
            continue
        if remark:
            warnings.append(remark)
        return
    raise BadFileError(
        f"Nothing was written to {unfinished}: the question bank in the damaged file cannot be "
        "read, and without it nobody knows what the answers answer.",
        _GIVE_THE_BANK,
    )


def _rows(found: RescuedRows, bank: Bank | None) -> Iterator[tuple[Mapping[str, object], str]]:
    """Yield what the session's row may have been, the likeliest first, each with its remark."""
    values = found.session
    if values is not None:
        row = _legible(values)
        is_text = not any(isinstance(value, bytes) for value in values)
        if found.session_is_proven and is_text:
            yield row, ""
        elif found.bank_is_whole:
            yield row, _UNPROVEN if found.log or not is_text else ""
        elif bank is None:
            yield row, _CHANGED_BANK
    stand_in = bank or (_own_bank(values) if found.bank_is_whole else None) or _bank_of(values)
    if stand_in is not None:
        yield (
            session_row(
                _likely_session(values, stand_in, found.log[0].record if found.log else None)
            ),
            _MADE_UP,
        )


def _legible(values: Columns) -> dict[str, object]:
    """Return a session's row by column; for bytes that are no text, a � is read."""
    return {
        column: value.decode(errors="replace") if isinstance(value, bytes) else value
        for column, value in zip(SESSION_COLUMNS, values, strict=True)
    }


def _own_bank(values: Columns | None) -> Bank | None:
    """Return the bank in a session's row, or None where it makes none."""
    if values is None:
        return None
    with suppress(ValidationError, ValueError, RecursionError):
        return Bank.model_validate_json(str(values[SESSION_COLUMNS.index("bank")]))
    return None


def _bank_of(values: Columns | None) -> Bank | None:
    """Return the shipped bank whose id the damaged row names, or None."""
    named = values and values[SESSION_COLUMNS.index("bank_id")]
    return next((bank for bank in shipped_banks() if bank.id == named), None)


def _likely_session(values: Columns | None, bank: Bank, first: Record | None) -> Session:
    """Return a session of what makes sense in a damaged row, and for the rest of what is usual."""
    said = _legible(values) if values else {}
    session_id, title, mode = (str(said.get(name) or "") for name in ("id", "title", "mode"))
    if not re.fullmatch("[0-9a-f]{32}", session_id):
        session_id = hashlib.sha256((first.id if first else "").encode()).hexdigest()[:32]
    usual = {
        "id": session_id,
        "title": clean_line(title)[:MAX_LINE].rstrip() or bank.title,
        "mode": mode if mode in ("solo", "group") else "group",
        "bank": bank,
        "created": _moment(said.get("created")) or _moment(first and first.at) or _EPOCH,
    }
    more = {"level": said.get("level"), "quick": said.get("quick") == 1}
    with suppress(ValidationError, ValueError, RecursionError):
        more["names"] = json.loads(str(said.get("names")))
        return Session.model_validate({**usual, **more})
    return Session.model_validate(usual)


def _moment(value: object) -> datetime | None:
    try:
        moment = datetime.fromisoformat(str(value))
        moment.astimezone(UTC)  # a session cannot have begun at what is no time there
    except (ValueError, OverflowError):
        return None
    return moment
