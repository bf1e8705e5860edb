"""A session in a folder of the test's own, and the app that shows it."""

from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tui_support import AppPilot, MakeSession, ShowApp, until

from workshop.banks.registry import find_bank
from workshop.client import Client
from workshop.frontends.tui.app import WorkshopApp
from workshop.frontends.tui.screens.conversation import Conversation
from workshop.live_session import LiveSession, make_events
from workshop.session.events import AnyBody
from workshop.session.session import Session
from workshop.storage.sqlite.create import create_session

BEGAN = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


@pytest.fixture
def make_session(tmp_path: Path) -> MakeSession:
    def make(
        bank: str = "it_business_model_canvas", events: tuple[AnyBody, ...] = (), **setup: object
    ) -> Path:
        values: dict[str, object] = {"title": "Test run", "mode": "group", **setup}
        session = Session(id="ab" * 16, bank=find_bank(bank), created=BEGAN, **values)  # type: ignore[arg-type]
        return create_session(tmp_path, session, make_events(events, "Facilitator", BEGAN))

    return make


@pytest.fixture
def open_session() -> Iterator[Callable[[Path], LiveSession]]:
    opened: list[LiveSession] = []

    def open_and_remember(path: Path) -> LiveSession:
        opened.append(LiveSession.open(path))
        return opened[-1]

    yield open_and_remember
    for live_session in opened:
        live_session.close()


@pytest.fixture
def show(open_session: Callable[[Path], LiveSession]) -> ShowApp:
    """Run the app on a session file; notifications on, or a crash in one passes unseen."""

    @asynccontextmanager
    async def run(path: Path, size: tuple[int, int] = (100, 30)) -> AsyncGenerator[AppPilot]:
        app = WorkshopApp(Client(open_session(path)))
        async with app.run_test(size=size, notifications=True) as pilot:
            await until(pilot, lambda: isinstance(app.screen, Conversation))
            await until(
                pilot,
                lambda: app.live_session.state.begun or bool(app.live_session.event_log.events),
            )
            yield pilot
        app.live_session.close()

    return run
