"""A session in a folder of the test's own, opened live."""

import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from live_session_support import BEGUN, MakeSession, OpenSession

from workshop.banks.registry import find_bank
from workshop.client import Client
from workshop.live_session import Clock, LiveSession, now
from workshop.session.session import Session
from workshop.storage.sqlite.create import create_session


@pytest.fixture
def make(tmp_path: Path) -> MakeSession:
    def make_session(mode: str = "group", bank: str = "it_business_model_canvas") -> Path:
        session = Session.model_validate(
            {
                "id": uuid.uuid4().hex,
                "title": "Acme",
                "mode": mode,
                "bank": find_bank(bank),
                "created": BEGUN,
            }
        )
        return create_session(tmp_path, session)

    return make_session


@pytest.fixture
def path(make: MakeSession) -> Path:
    return make()


@pytest.fixture
def open_session() -> Iterator[OpenSession]:
    """Yield a function that opens a session for one client; all are closed after the test."""
    opened: list[LiveSession] = []

    def open_one(
        path: Path, speaker: str = "", *, clock: Clock = now, prompt_keeps_text: bool = True
    ) -> Client:
        opened.append(LiveSession.open(path, clock))
        return Client(opened[-1], speaker, prompt_keeps_text=prompt_keeps_text)

    yield open_one
    for live_session in opened:
        live_session.close()
