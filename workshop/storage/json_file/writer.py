"""A whole session as one JSON text: what no event changes, its bank, its log, and seals.

`docs/json-file.md` describes it for people, for whom it also holds the answers as they are now.
One chain runs through all of it, so that a change is noticed, and can be placed: over the session,
its bank, each event, and the answers. `workshop.storage.json_file.reader` reads it back.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated

from pydantic import BaseModel, ConfigDict, FailFast, Field

from workshop.session import hash_chain
from workshop.session.record import Record
from workshop.session.session import Session, canonical_bank_json
from workshop.storage.json_file.strict_json import MAX_INTEGER, Json, parse_simple_object

FORMAT = "workshop-session"
VERSION = 1
"""The version of the format. Raised when a file says something that an older reader would lose."""
MAX_BYTES = 128_000_000
"""The largest file that is read back: some 200,000 answers of ordinary length. A file of this
size can be made to take up gigabytes of memory, so it is not larger."""

Row = Mapping[str, Json]
"""One answer for people, by ANSWER_KEYS."""
ANSWER_KEYS = ("block", "model", "question", "number", "answer", "participant", "dots")
HexHash = Annotated[str, Field(pattern=rf"^[0-9a-f]{{{2 * hash_chain.HASH_LENGTH}}}$")]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")


class SessionPart(_Part):
    """What no event changes, but for the bank."""

    id: str
    title: str
    mode: str
    level: str | None
    quick: bool
    names: dict[str, str]
    created: str


class EventPart(_Part):
    """One event with its link."""

    counter: Annotated[int, Field(ge=-MAX_INTEGER, le=MAX_INTEGER)]
    id: Annotated[str, Field(min_length=1)]
    at: str
    actor: str
    kind: str
    body: str | dict[str, object]
    """An object; or its JSON text, where an object would not be written with the same letters."""
    chain: HexHash


class PartHashes(_Part):
    """The links of the chain after its parts."""

    session: HexHash
    bank: HexHash
    events: HexHash
    answers: HexHash


class FilePart(_Part):
    """The whole file, its keys in their order."""

    format: str
    version: int
    session: SessionPart
    # Fail fast: what is told is the first mistake, and a list of a million takes all memory.
    answers: Annotated[list[dict[str, object]], FailFast()]
    events: Annotated[list[EventPart], FailFast()]
    bank: dict[str, object]
    seals: PartHashes


def write_json(session: Session, log: Iterable[Record], answers: Sequence[Row]) -> str:
    """Return the JSON text of a session and its log, with its answers for people.

    The same arguments give the same text. An event, and an answer, is one line of it.
    """
    particulars = session_value(session)
    bank = bank_value(session)
    seals = [session_hash(particulars)]
    seals.append(bank_hash(seals[-1], bank))
    link = seals[-1]
    events: list[str] = []
    for record in log:
        link = hash_chain.next_hash(link, record.columns)
        events.append(_event(record, link))
    rows = [to_json(dict(row)) for row in answers]
    seals += [link, answers_hash(link, rows)]
    parts = {
        "format": to_json(FORMAT),
        "version": to_json(VERSION),
        "session": _indented(particulars),
        "answers": _one_a_line(rows),
        "events": _one_a_line(events),
        "bank": _indented(bank),
        "seals": _indented(
            {n: s.hex() for n, s in zip(PartHashes.model_fields, seals, strict=True)}
        ),
    }
    lines = (f"  {to_json(name)}: {part}" for name, part in parts.items())
    return _UNSEEN.sub(_escaped, "{\n" + ",\n".join(lines) + "\n}\n")


def exported_session_id(head: str) -> str | None:
    """Return the id of the session whose JSON begins with `head`, or None where it is not ours."""
    found = _HEAD.match(head)
    return found[1] if found else None


# ── the parts as values ──────────────────────────────────────────────────────────────────────


def session_value(session: Session) -> dict[str, Json]:
    """Return what the file says of a session itself, by the keys of SessionPart."""
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
    """Return the session's bank, as it is pinned in the session file."""
    return json.loads(canonical_bank_json(session.bank))


# ── the chain ────────────────────────────────────────────────────────────────────────────────


def session_hash(particulars: Json) -> bytes:
    """Return the first link, over the format and the session."""
    return hash_chain.first_hash((FORMAT, VERSION, to_json(particulars)))


def bank_hash(before: bytes, bank: Json) -> bytes:
    """Return the second link, over the bank. Those of the events follow, over their columns."""
    return hash_chain.next_hash(before, (to_json(bank),))


def answers_hash(before: bytes, rows: Iterable[str]) -> bytes:
    """Return the last link, over the texts of the answers for people."""
    return hash_chain.next_hash(before, rows)


# ── the text ─────────────────────────────────────────────────────────────────────────────────

to_json = json.JSONEncoder(ensure_ascii=False).encode
"""Returns the JSON of a value on one line, as it stands in the file."""
to_compact_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
"""Returns the JSON of a value without white space, as bodies are kept in the log."""

# What an editor does not show, or obeys, is written as an escape: an event that is not known is
# kept as it came, and it may hold anything.
_UNSEEN = re.compile(
    "[\x7f-\x9f\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\uffff"
    "\ud800-\udfff\U000e0000-\U000e0fff]"
)
_HEAD = re.compile(
    rf'\ufeff?\s*\{{\s*"format"\s*:\s*"{FORMAT}"\s*,\s*"version"\s*:\s*\d+\s*,'
    r'\s*"session"\s*:\s*\{\s*"id"\s*:\s*"([0-9a-f]{32})"'
)


def _escaped(found: re.Match[str]) -> str:
    return json.dumps(found[0])[1:-1]


def _event(record: Record, link: bytes) -> str:
    head = to_json(
        {
            "counter": record.counter,
            "id": record.id,
            "at": record.at,
            "actor": record.actor,
            "kind": record.kind,
        }
    )
    body = parse_simple_object(record.body)
    same = body is not None and to_compact_json(body) == record.body
    text = record.body if same else to_json(record.body)
    return f'{head[:-1]}, "body": {text}, "chain": "{link.hex()}"}}'


def _indented(value: Json) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2).replace("\n", "\n  ")


def _one_a_line(texts: Iterable[str]) -> str:
    lines = ",\n    ".join(texts)
    return f"[\n    {lines}\n  ]" if lines else "[]"
