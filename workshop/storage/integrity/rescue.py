"""Rescuing a damaged session file: writing what is sound in it to a new one.

What can be read and verified comes from `row_rescue`. This module makes a session of it, if need be
with a bank from elsewhere, and says what was left out.
"""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from pydantic import ValidationError

from workshop.banks.model import MAX_LINE, Bank
from workshop.banks.registry import shipped_banks
from workshop.errors import BadFileError, Remedy
from workshop.files.atomic import atomic_write
from workshop.session.event_log import EventLog
from workshop.session.record import Record
from workshop.session.session import Session, canonical_bank_json
from workshop.storage.integrity.chain_verification import HashedEvent
from workshop.storage.integrity.row_rescue import Columns, RescuedRows
from workshop.storage.integrity.unapplied_events import describe_unapplied
from workshop.storage.integrity.verify import diagnose
from workshop.storage.sqlite.create import write_session_file
from workshop.storage.sqlite.event_store import SqliteEventStore
from workshop.storage.sqlite.header import NewerVersionError
from workshop.storage.sqlite.session_row import SESSION_COLUMNS, session_row
from workshop.storage.sqlite.snapshot import snapshot
from workshop.text import clean_line, parse_time

_UNVERIFIED_SESSION = (
    "The session's own row could not be verified: check that its title and its models are right."
)
_CHANGED_BANK = (
    "The question bank in it was changed, and there is no replacement for it: a question may read "
    "differently from what was asked."
)
_SUBSTITUTED_SESSION = (
    "The session's own row could not be read completely: check that its title, its bank and its "
    "models are right."
)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_NAME_THE_BANK = "If you have the bank that it was made on, name it."


@dataclass(frozen=True, slots=True)
class RescueResult:
    """What was written to the new file, and what was not."""

    events: int
    answers: int
    repaired: tuple[HashedEvent, ...]
    """The events in which one flipped bit was repaired."""
    left_out: tuple[HashedEvent, ...]
    """What looks like an event but is not confirmed by the hash chain."""
    missing: tuple[int, ...]
    """The numbers of the events that are not in the new file, as far as they can be told."""
    unapplied: tuple[str, ...]
    """The events in the new file that change nothing there, each described in one line."""
    warnings: tuple[str, ...]
    """What else is not as it was, one sentence each."""

    @property
    def is_complete(self) -> bool:
        """Whether everything was saved, as far as can be told."""
        return not (self.left_out or self.missing or self.warnings)


def rescue(path: Path, target: Path, bank: Bank | None = None) -> RescueResult:
    """Write every event of the session file at `path` that can be verified to a new file, `target`.

    `bank` is the bank that the session was made on, in case the copy in the file is damaged, too.
    The file at `path` is not changed, and a file that exists at `target` is never replaced. Raises
    NotFoundError; CannotReadError; BadFileError if there is nothing to save; and CannotWriteError.
    """
    with snapshot(path) as copy:
        diagnosis = diagnose(copy, _replacement_banks(bank), repair=True)
        is_newer = isinstance(diagnosis.error, NewerVersionError)
    rows, drafts = diagnosis.rows, diagnosis.drafts
    if not rows.log and not rows.bank_is_intact:
        raise BadFileError(f"{path} holds nothing of a session that could be verified.")
    warnings: list[str] = []
    with atomic_write(target) as temporary:
        _write_rows(temporary, rows, bank, warnings)
        with SqliteEventStore.open(temporary) as file:
            event_log = EventLog(file.events())
            for draft in drafts or ():
                file.save_draft(draft)
    if is_newer:
        warnings.append(
            "A newer Workshop wrote the file: what only that version knows is not in the new file."
        )
    if rows.missing_pages:
        warnings.append(
            "The file was cut off: events that stood at its end may be lost, and nothing shows how "
            "many they were."
        )
    if drafts is None:
        warnings.append("Half-typed text that was never sent could not be read.")
    return RescueResult(
        events=len(rows.log),
        answers=len(event_log.state.answers),
        repaired=rows.repaired,
        # Of a row in which SQLite finds no event at all, there is nothing to show.
        left_out=tuple(event for event in rows.unverified if event.stored_hash),
        missing=rows.missing,
        unapplied=describe_unapplied(rows.log, event_log),
        warnings=tuple(warnings),
    )


def _replacement_banks(bank: Bank | None) -> Iterator[str]:
    """Yield the banks, as canonical JSON, that may replace a damaged one."""
    if bank is not None:
        yield canonical_bank_json(bank)
    for shipped in shipped_banks():
        yield canonical_bank_json(shipped)


def _write_rows(temporary: Path, rows: RescuedRows, bank: Bank | None, warnings: list[str]) -> None:
    """Write the new file with the first candidate for the session's row that makes a session."""
    for session, warning in _session_candidates(rows, bank):
        try:
            write_session_file(temporary, session, [event.record for event in rows.log])
        except BadFileError:
            temporary.write_bytes(b"")
            continue
        if warning:
            warnings.append(warning)
        return
    raise BadFileError(
        f"Nothing was written to {temporary}: the question bank in the damaged file cannot be "
        "read, and without it the answers have no questions.",
        _NAME_THE_BANK,
        Remedy.BANK,
    )


def _session_candidates(
    rows: RescuedRows, bank: Bank | None
) -> Iterator[tuple[Mapping[str, object], str]]:
    """Yield what the session's row may have been, the likeliest first, each with its warning."""
    values = rows.session
    if values is not None:
        session = _by_column(values)
        is_text = not any(isinstance(value, bytes) for value in values)
        if rows.session_is_verified and is_text:
            yield session, ""
        elif rows.bank_is_intact:
            yield session, _UNVERIFIED_SESSION if rows.log or not is_text else ""
        elif bank is None:
            yield session, _CHANGED_BANK
    stored_bank = _stored_bank(values) if rows.bank_is_intact else None
    substitute = bank or stored_bank or _shipped_bank(values)
    if substitute is not None:
        first = rows.log[0].record if rows.log else None
        yield session_row(_likely_session(values, substitute, first)), _SUBSTITUTED_SESSION


def _by_column(values: Columns) -> dict[str, object]:
    """Return a session's row by column, with � for bytes that are not UTF-8."""
    return {
        column: value.decode(errors="replace") if isinstance(value, bytes) else value
        for column, value in zip(SESSION_COLUMNS, values, strict=True)
    }


def _stored_bank(values: Columns | None) -> Bank | None:
    """Return the bank in a session's row, or None if it is not valid."""
    if values is None:
        return None
    with suppress(ValidationError, ValueError, RecursionError):
        return Bank.model_validate_json(str(values[SESSION_COLUMNS.index("bank")]))
    return None


def _shipped_bank(values: Columns | None) -> Bank | None:
    """Return the shipped bank whose id stands in the damaged row, or None."""
    bank_id = values and values[SESSION_COLUMNS.index("bank_id")]
    return next((bank for bank in shipped_banks() if bank.id == bank_id), None)


def _likely_session(values: Columns | None, bank: Bank, first: Record | None) -> Session:
    """Return a session with what is valid in a damaged row, and with defaults for the rest."""
    stored = _by_column(values) if values else {}
    session_id, title, mode = (str(stored.get(name) or "") for name in ("id", "title", "mode"))
    if not re.fullmatch("[0-9a-f]{32}", session_id):
        session_id = hashlib.sha256((first.id if first else "").encode()).hexdigest()[:32]
    times = str(stored.get("created")), first.at if first else ""
    required = {
        "id": session_id,
        "title": clean_line(title)[:MAX_LINE].rstrip() or bank.title,
        "mode": mode if mode in ("solo", "group") else "group",
        "bank": bank,
        "created": next((at for at in times if parse_time(at, UTC)), _EPOCH),
    }
    optional = {"level": stored.get("level"), "quick": stored.get("quick") == 1}
    with suppress(ValidationError, ValueError, RecursionError):
        optional["names"] = json.loads(str(stored.get("names")))
        return Session.model_validate({**required, **optional})
    return Session.model_validate(required)
