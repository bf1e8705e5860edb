"""Writes a complete session as one JSON text: the session, its bank, its log, and hashes.

`docs/json-file.md` describes the format for people, for whom it also contains the present answers.
One hash chain runs through the whole file, so that a change is noticed and can be located: over the
session, its bank, each event, and the answers. `workshop.storage.json_file.reader` reads the file.
"""

import json
import re
from collections.abc import Iterable
from typing import Annotated

from pydantic import BaseModel, ConfigDict, FailFast, Field

from workshop.session import hash_chain
from workshop.session.answer_rows import AnswerRow
from workshop.session.record import Record
from workshop.session.session import Session, canonical_bank_json
from workshop.storage.json_file.strict_json import MAX_INTEGER, Json, parse_simple_object

FORMAT = "workshop-session"
VERSION = 2
"""The version of the format, to be raised when an older reader would lose information."""
MAX_BYTES = 128_000_000
"""The size of the largest file that is read: some 200,000 answers of usual length.

A hostile file of this size can take gigabytes of memory, so the limit is not higher.
"""

ANSWER_KEYS = tuple(name for name in AnswerRow._fields if name != "position")
"""The keys of an answer for people: the columns that the view `answers` of a session file has."""
HexHash = Annotated[str, Field(pattern=rf"^[0-9a-f]{{{2 * hash_chain.HASH_LENGTH}}}$")]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")


class SessionPart(_Part):
    """What never changes in a session, except the bank."""

    id: str
    title: str
    mode: str
    level: str | None
    quick: bool
    names: dict[str, str]
    created: str


class EventPart(_Part):
    """One event with its hash."""

    counter: Annotated[int, Field(ge=-MAX_INTEGER, le=MAX_INTEGER)]
    id: Annotated[str, Field(min_length=1)]
    at: str
    actor: str
    seat: str
    batch: str
    kind: str
    body: str | dict[str, object]
    """An object, or its exact JSON text if writing the object again would not give that text."""
    hash: HexHash


class PartHashes(_Part):
    """The hash of the chain after each part."""

    session: HexHash
    bank: HexHash
    events: HexHash
    answers: HexHash


class FilePart(_Part):
    """The complete file, its keys in their order."""

    format: str
    version: int
    session: SessionPart
    # Fail fast: only the first mistake is reported, and a list of a million takes all memory.
    answers: Annotated[list[dict[str, object]], FailFast()]
    events: Annotated[list[EventPart], FailFast()]
    bank: dict[str, object]
    hashes: PartHashes


def write_json(session: Session, log: Iterable[Record], answers: Iterable[AnswerRow]) -> str:
    """Return the JSON text of a session and its log, with its answers for people.

    The same arguments give the same text. Each event and each answer is one line of it.
    """
    session_part = session_value(session)
    bank = bank_value(session)
    hashes = [session_hash(session_part)]
    hashes.append(bank_hash(hashes[-1], bank))
    event_hash = hashes[-1]
    events: list[str] = []
    for record in log:
        event_hash = hash_chain.next_event_hash(event_hash, record.columns)
        events.append(_format_event(record, event_hash))
    rows = [to_json({key: getattr(row, key) for key in ANSWER_KEYS}) for row in answers]
    hashes += [event_hash, answers_hash(event_hash, rows)]
    parts = {
        "format": to_json(FORMAT),
        "version": to_json(VERSION),
        "session": _format_indented(session_part),
        "answers": _format_lines(rows),
        "events": _format_lines(events),
        "bank": _format_indented(bank),
        "hashes": _format_indented(
            {
                name: part_hash.hex()
                for name, part_hash in zip(PartHashes.model_fields, hashes, strict=True)
            }
        ),
    }
    lines = (f"  {to_json(name)}: {part}" for name, part in parts.items())
    return _INVISIBLE.sub(_escape, "{\n" + ",\n".join(lines) + "\n}\n")


def exported_session_id(head: str) -> str | None:
    """Return the id of the exported session whose JSON begins with `head`; None if it is none."""
    match = _HEAD.match(head)
    return match[1] if match else None


# ── the parts as values ──────────────────────────────────────────────────────────────────────


def session_value(session: Session) -> dict[str, Json]:
    """Return the session part of the file, with the keys of SessionPart."""
    return {
        "id": session.id,
        "title": session.title,
        "mode": session.mode,
        "level": session.level,
        "quick": session.quick,
        "names": dict(sorted(session.names.items())),
        "created": session.created.isoformat(timespec="milliseconds"),
    }


def bank_value(session: Session) -> dict[str, Json]:
    """Return the session's bank, as the session file contains it."""
    return json.loads(canonical_bank_json(session.bank))


# ── the hash chain ───────────────────────────────────────────────────────────────────────────


def session_hash(session_part: Json, version: int = VERSION) -> bytes:
    """Return the first hash, of the format, its version and the session."""
    return hash_chain.first_hash((FORMAT, version, to_json(session_part)))


def bank_hash(previous_hash: bytes, bank: Json) -> bytes:
    """Return the second hash, of the bank. The hashes of the events' columns follow it."""
    return hash_chain.next_hash(previous_hash, (to_json(bank),))


def answers_hash(previous_hash: bytes, rows: Iterable[str]) -> bytes:
    """Return the last hash, of the JSON texts of the answers for people."""
    return hash_chain.next_hash(previous_hash, rows)


# ── the text ─────────────────────────────────────────────────────────────────────────────────

to_json = json.JSONEncoder(ensure_ascii=False).encode
"""Return the JSON of a value on one line, as in the file."""
to_compact_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
"""Return the JSON of a value without white space, as for the bodies in the log."""

# Characters that an editor does not show, or obeys, are written as escapes: an unknown event is
# stored unchanged, and may contain anything.
_INVISIBLE = re.compile(
    "[\x7f-\x9f\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\uffff"
    "\ud800-\udfff\U000e0000-\U000e0fff]"
)
_HEAD = re.compile(
    rf'\ufeff?\s*\{{\s*"format"\s*:\s*"{FORMAT}"\s*,\s*"version"\s*:\s*\d+\s*,'
    r'\s*"session"\s*:\s*\{\s*"id"\s*:\s*"([0-9a-f]{32})"'
)


def _escape(match: re.Match[str]) -> str:
    return json.dumps(match[0])[1:-1]


def _format_event(record: Record, event_hash: bytes) -> str:
    head = to_json(
        {
            "counter": record.counter,
            "id": record.id,
            "at": record.at,
            "actor": record.actor,
            "seat": record.seat,
            "batch": record.batch,
            "kind": record.kind,
        }
    )
    body = parse_simple_object(record.body)
    unchanged = body is not None and to_compact_json(body) == record.body
    text = record.body if unchanged else to_json(record.body)
    return f'{head[:-1]}, "body": {text}, "hash": "{event_hash.hex()}"}}'


def _format_indented(value: Json) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2).replace("\n", "\n  ")


def _format_lines(texts: Iterable[str]) -> str:
    lines = ",\n    ".join(texts)
    return f"[\n    {lines}\n  ]" if lines else "[]"
