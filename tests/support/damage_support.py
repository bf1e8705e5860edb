"""A long session for tests of damage: some hundred events on many pages."""

import functools
import random
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from store_support import Writer

from workshop.banks.registry import find_bank
from workshop.banks.yaml_loader import parse_bank
from workshop.session.events import (
    AnswerAdded,
    AnswerEdited,
    AnswerRemoved,
    AnyBody,
    Event,
    ParticipantJoined,
    PositionMoved,
    QuestionSkipped,
    Undone,
    VoteCast,
)
from workshop.session.record import Record
from workshop.session.session import Session
from workshop.storage.draft import Draft
from workshop.storage.integrity.page_scanner import EVENT, SESSION, Pages, Row
from workshop.storage.sqlite.create import create_session
from workshop.storage.sqlite.event_store import SqliteEventStore

OWN_BANK = """
id: own
version: 3
title: A bank of our own
language: en
canvas: |
  who what
blocks:
  - id: who
    title: Who
    family: customer
    minutes: 5
    purpose: Find out for whom.
    questions:
      - {id: first, ask: Who is it for?, core: true, help: Name them., example: Bakers.}
  - id: what
    title: What
    family: offering
    minutes: 5
    purpose: Find out what.
    questions:
      - {id: first, ask: What is it?, core: true, help: Name it., example: Bread.}
"""
SHIPPED = "it_business_model_canvas"
_SAID = "the bakers of every village want rye bread before seven o'clock — naïve? schön 🥖"


@functools.cache
def long_session(bank: str = SHIPPED, events: int = 100) -> bytes:
    """Return the bytes of a session file, always of the same events."""
    chance = random.Random(f"{bank} {events}")
    parsed_bank = parse_bank(OWN_BANK, "the tests' bank") if bank == "own" else find_bank(bank)
    session = Session(
        id=f"{chance.getrandbits(128):032x}",
        title="Acme — die Bäckerei",
        mode="group",
        bank=parsed_bank,
        created=datetime(2027, 3, 1, 9, tzinfo=UTC),
    )
    with tempfile.TemporaryDirectory() as folder:
        path = create_session(Path(folder), session)
        with Writer.open(path) as file:
            file.events()
            for event in _happenings(session, events, chance):
                file.add([event])  # one by one, as people answer
            file.save_draft(
                Draft("Anna", session.addresses[0], "half a thou", at="2027-03-01T10:00Z")
            )
        return path.read_bytes()


def _happenings(session: Session, number: int, chance: random.Random) -> list[Event]:
    log: list[Event] = []
    answers: list[str] = []
    while len(log) < number:
        body = _body(session, log, answers, chance)
        event_id = f"{chance.getrandbits(128):032x}"
        at = f"2027-03-01T09:{len(log) // 60 % 60:02}:{len(log) % 60:02}.000Z"
        log.append(Event(event_id, at, chance.choice(["Anna", "Ben", "Zoë"]), body))
        if isinstance(body, AnswerAdded):
            answers.append(event_id)
    return log


def _body(session: Session, log: list[Event], answers: list[str], chance: random.Random) -> AnyBody:
    question = chance.choice(session.addresses)
    draw = chance.random()
    if not log:
        return ParticipantJoined(name="Anna")
    if draw < 0.15:
        return PositionMoved(question=question)
    if draw < 0.2:
        return QuestionSkipped(question=question, reason="later")
    if answers and draw < 0.28:
        return AnswerEdited(answer=chance.choice(answers), text=words(chance, 8))
    if answers and draw < 0.31:
        return AnswerRemoved(answer=chance.choice(answers))
    if answers and draw < 0.35:
        return VoteCast(answer=chance.choice(answers), dots=2)
    if draw < 0.38:
        return Undone(event=log[-1].id)
    # Every twentieth answer is longer than a page, so that it lies on several.
    size = 850 if len(answers) % 20 == 7 else chance.choice([3, 8, 12, 20])
    return AnswerAdded(question=question, text=words(chance, size), participant="Anna")


def words(chance: random.Random, number: int) -> str:
    """Return an answer of `number` words."""
    return " ".join(chance.choices(_SAID.split(), k=number))


def records_in(path: Path) -> list[Record]:
    """Return the log of a sound session file."""
    with SqliteEventStore.open(path) as file:
        return list(file.load().records)


def flipped(content: bytes, bit: int) -> bytes:
    """Return bytes with one bit flipped: the `bit`th of all."""
    damaged = bytearray(content)
    damaged[bit // 8] ^= 1 << bit % 8
    return bytes(damaged)


def event_rows(content: bytes) -> list[Row]:
    """Return the rows of the events in a sound file, in the order of the log."""
    return sorted(Pages(content).rows(EVENT), key=lambda row: str(row.values[1]).zfill(9))


def provable_when_cut(content: bytes, size: int) -> list[str]:
    """Return the ids of the events that are provable in the first `size` bytes of a sound file.

    An event is provable if it is there with the hash of the event before it, which its own hash
    continues, or, the first one, with the session.
    """
    (session,) = Pages(content).rows(SESSION)
    provable: list[str] = []
    before = max(end for _, end in session.spans) <= size
    for row in event_rows(content):
        is_whole = max(end for _, end in row.spans) <= size
        if is_whole and before:
            provable.append(str(row.values[2]))
        before = row.values[-1] in content[:size]
    return provable
