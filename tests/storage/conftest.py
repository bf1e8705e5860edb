"""A small bank, and sessions on it."""

import sqlite3
import uuid
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from store_support import Writer

from workshop.banks.model import Bank
from workshop.banks.yaml_loader import parse_bank
from workshop.session.events import (
    AnswerAdded,
    AnyBody,
    Event,
    ParticipantJoined,
    PositionMoved,
    QuestionSkipped,
)
from workshop.session.session import Session
from workshop.storage.sqlite import schema
from workshop.storage.sqlite.create import create_session

SMALL_BANK = """
id: small
version: 1
title: A small canvas
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
      - {id: second, ask: Who else?, help: Name others., example: Millers.}
  - id: what
    title: What
    family: offering
    minutes: 5
    purpose: Find out what.
    questions:
      - {id: first, ask: What is it?, core: true, help: Name it., example: Bread.}
      - {id: second, ask: What is it not?, help: Draw a line., example: Cake.}
"""

LEVELS_BANK = """
id: levels
version: 1
title: A canvas of two models
language: en
canvas: |
  work
levels:
  - {id: high, title: Higher, voice: we}
  - {id: low, title: Lower, voice: you}
walk: [low.work, high.work]
blocks:
  - id: work
    title: Work
    family: infrastructure
    minutes: 5
    purpose: Find out what is done.
    questions:
      - {id: ours, level: high, ask: What do we do?, core: true, help: Say it., example: Bake.}
      - {id: yours, level: low, ask: What do you do?, core: true, help: Say it., example: Mill.}
"""

BEGUN = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)

MakeSession = Callable[..., Session]
Happened = Callable[..., list[Event]]


@pytest.fixture(scope="session")
def small_bank() -> Bank:
    return parse_bank(SMALL_BANK, "the tests' bank")


@pytest.fixture(scope="session")
def levels_bank() -> Bank:
    return parse_bank(LEVELS_BANK, "the tests' bank")


@pytest.fixture
def make_session(small_bank: Bank) -> MakeSession:
    def make(title: str = "Acme 2027", **fields: object) -> Session:
        defaults = {"id": uuid.uuid4().hex, "mode": "group", "bank": small_bank, "created": BEGUN}
        return Session.model_validate({"title": title, **defaults, **fields})

    return make


@pytest.fixture
def happened() -> Happened:
    """Return bodies as events, a minute apart."""

    def make(*bodies: AnyBody, actor: str = "Anna", after: int = 0) -> list[Event]:
        times = (BEGUN + timedelta(minutes=after + n) for n in range(1, len(bodies) + 1))
        return [
            Event(uuid.uuid4().hex, f"{at:%Y-%m-%dT%H:%M:%S}.000Z", actor, body)
            for at, body in zip(times, bodies, strict=True)
        ]

    return make


@pytest.fixture
def first_events(happened: Happened) -> list[Event]:
    return happened(
        ParticipantJoined(name="Anna"),
        PositionMoved(question="who.first"),
        AnswerAdded(question="who.first", text="Village bakers", participant="Anna"),
        AnswerAdded(question="who.first", text="Their children", participant="Ben"),
        QuestionSkipped(question="who.second", reason="later"),
        PositionMoved(question="what.first"),
    )


@pytest.fixture
def session_path(tmp_path: Path, make_session: MakeSession, first_events: Sequence[Event]) -> Path:
    """A session file with six events, alone in its directory."""
    return create_session(tmp_path, make_session(), first_events)


@pytest.fixture
def file(session_path: Path) -> Iterator[Writer]:
    """The session of six events, open and read."""
    with Writer.open(session_path) as opened:
        opened.events()
        yield opened


@pytest.fixture
def one_more(happened: Happened) -> list[Event]:
    answer = AnswerAdded(question="what.first", text="Rye bread", participant="Anna")
    return happened(answer, after=10)


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make every program give up at once on a database that another one has locked."""
    monkeypatch.setattr(schema, "BUSY_TIMEOUT", 1)


def _meddle(path: Path, *statements: str) -> None:
    """Change a file as another program would, with no regard for what it is."""
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        for sql in statements:
            connection.execute(sql).fetchall()
    finally:
        connection.close()


@pytest.fixture
def meddle() -> Callable[..., None]:
    return _meddle
