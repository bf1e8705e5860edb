"""A small session with something of everything, as JSON, and functions that change it."""

import json
from datetime import UTC, datetime

import pytest

from workshop.banks.yaml_loader import parse_bank
from workshop.errors import BadFileError
from workshop.session import hash_chain
from workshop.session.answer_rows import answer_rows
from workshop.session.event_log import EventLog
from workshop.session.events import (
    AnswerAdded,
    AnswerEdited,
    AnswerRemoved,
    Event,
    ParticipantJoined,
    PositionMoved,
    QuestionSkipped,
    Undone,
    Unknown,
)
from workshop.session.record import Record, records_from
from workshop.session.session import Session
from workshop.storage.json_file import writer
from workshop.storage.json_file.reader import read_json_session
from workshop.storage.json_file.writer import PartHashes, write_json

BANK = parse_bank(
    """
id: bakery
version: 3
title: The Bakery Canvas
language: en
canvas: who what
columns: [1, 1.5]
levels:
  - {id: shop, title: Shop, voice: we}
  - {id: stall, title: Stall, voice: you}
walk: [shop.who, stall.who, shop.what]
blocks:
  - id: who
    title: Who
    family: customer
    minutes: 5
    purpose: Whom you serve.
    questions:
      - {id: first, level: shop, ask: Whom do we serve?, help: A group., example: Bakers.}
      - {id: second, level: stall, ask: And you?, help: Another., example: Cooks.}
  - id: what
    title: What
    family: offering
    minutes: 5
    purpose: What you offer.
    questions:
      - {id: third, level: shop, ask: What do we offer?, help: A thing., example: Bread.}
""",
    "the tests' bank",
)
SESSION = Session(
    id="0123456789abcdef" * 2,
    title="Bäckerei „Zur Mühle“ 🥨",
    mode="group",
    bank=BANK,
    level=None,
    quick=False,
    names={"stall": "Marktstand", "shop": "Laden"},
    created=datetime(2027, 3, 1, 9, 0, 0, 123_000, tzinfo=UTC),
)


def event(number, body, actor="Änne", seat="", batch=""):
    moment = f"2027-03-01T09:{number:02}:00.000Z"
    return Event(f"{number:032x}", moment, actor, body, seat, batch)


EVENTS = [
    event(1, ParticipantJoined(name="Änne")),
    event(2, PositionMoved(question="who.first")),
    event(3, AnswerAdded(question="who.first", text="Village bakers", participant="Änne")),
    event(4, AnswerAdded(question="who.first", text="=1+1 {[\n“two” \\ lines", participant="Ben")),
    event(5, AnswerEdited(answer=f"{3:032x}", text="村のパン屋 👩‍🍳")),
    event(6, AnswerAdded(question="gone.long_ago", text="Nobody asks any more", participant="Ben")),
    event(7, QuestionSkipped(question="who.second", reason="later")),
    event(8, Unknown(original_kind="dream_told", raw='{ "of" : [1.50, "\\u202e", {}] }')),
    event(9, AnswerRemoved(answer=f"{4:032x}")),
    event(10, Undone(event=f"{9:032x}"), seat="phone-1"),
    event(11, PositionMoved(question=None), batch="together"),
]
LOG = records_from(EVENTS)
ROWS = answer_rows(SESSION, EventLog(EVENTS).state)
TEXT = write_json(SESSION, LOG, ROWS)
RAW = TEXT.encode()
AGAIN = "Export the session again, and leave that file as it is."


def value():
    """Return the value of the sample, to be changed."""
    return json.loads(TEXT)


def encode(changed):
    """Return the JSON of a value, with its hashes unchanged."""
    return json.dumps(changed, ensure_ascii=False).encode("utf-8", "surrogatepass")


def encode_with_hashes(changed):
    """Return the JSON of a value with its hashes computed again, as a forger does."""
    hashes = [writer.session_hash(changed["session"])]
    hashes.append(writer.bank_hash(hashes[-1], changed["bank"]))
    last_hash = hashes[-1]
    for entry in changed["events"]:
        last_hash = hash_chain.next_event_hash(last_hash, record_in(entry).columns)
        entry["hash"] = last_hash.hex()
    hashes += [last_hash, writer.answers_hash(last_hash, map(writer.to_json, changed["answers"]))]
    named_hashes = zip(PartHashes.model_fields, hashes, strict=True)
    return encode({**changed, "hashes": {name: h.hex() for name, h in named_hashes}})


def record_in(entry):
    body = entry["body"]
    text = body if isinstance(body, str) else writer.to_compact_json(body)
    names = ("counter", "actor", "id", "at", "kind")
    return Record(*(entry[name] for name in names), text, entry["seat"], entry["batch"])


def read(raw):
    return read_json_session(raw, "x.json")


def refused(raw):
    """Return the one line that explains why JSON is refused."""
    with pytest.raises(BadFileError) as caught:
        read(raw)
    message = str(caught.value)
    assert "\n" not in message
    assert message.startswith("x.json")
    return message


def read_or_refused(raw):
    """Return the session in JSON, or None if it is refused in one line."""
    try:
        return read(raw)
    except BadFileError as error:
        message = str(error)
    assert "\n" not in message
    return None


def line_of(words):
    """Return the number of the sample's only line with `words` in it."""
    (number,) = (n for n, line in enumerate(TEXT.split("\n"), start=1) if words in line)
    return number


def put(whole, path, other):
    for part in path[:-1]:
        whole = whole[part]
    whole[path[-1]] = other
