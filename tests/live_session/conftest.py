"""A session in a folder of the test's own, opened live."""

import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from live_session_support import BEGUN, MakeSession, OpenSession

from workshop.banks.registry import find_bank
from workshop.live_session import LiveSession
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
    """Yield a function that opens a live session; all are closed at the end of the test."""
    opened: list[LiveSession] = []

    def open_one(path: Path, speaker: str = "", **options: Any) -> LiveSession:
        opened.append(LiveSession.open(path, speaker, **options))
        return opened[-1]

    yield open_one
    for live_session in opened:
        live_session.close()
