"""Drives the app in tests: waits for conditions, never for a time."""

from collections.abc import Callable
from concurrent.futures import Future
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import pytest
from textual.pilot import Pilot

from workshop.client import Client
from workshop.frontends.tui.app import WorkshopApp
from workshop.frontends.tui.screens.conversation import Conversation
from workshop.frontends.tui.widgets.prompt import Prompt
from workshop.live_session import Proposal

AppPilot = Pilot[None]
MakeSession = Callable[..., Path]
ShowApp = Callable[..., AbstractAsyncContextManager[AppPilot]]


async def until(pilot: AppPilot, condition: Callable[[], bool]) -> None:
    """Let the app work until `condition` holds."""
    for _ in range(3000):
        if condition():
            return
        await pilot.pause(0.005)
    raise AssertionError(f"the condition was never met:\n{shown(pilot)}")


async def send(pilot: AppPilot, text: str) -> None:
    """Put `text` into the prompt, press Enter, and wait until it is handled."""
    app = app_of(pilot)
    conversation = prompt(pilot).screen
    assert isinstance(conversation, Conversation)
    prompt(pilot).set_text(text)
    await pilot.pause()
    await pilot.press("enter")
    await until(pilot, lambda: conversation.is_idle)
    assert app.is_running


def app_of(pilot: AppPilot) -> WorkshopApp:
    assert isinstance(pilot.app, WorkshopApp)
    return pilot.app


def conversation_of(pilot: AppPilot) -> Conversation:
    screen = app_of(pilot).screen_stack[0]
    assert isinstance(screen, Conversation)
    return screen


def prompt(pilot: AppPilot) -> Prompt:
    return app_of(pilot).screen_stack[0].query_one(Prompt)


def shown(pilot: AppPilot) -> str:
    """Return the text on the screen."""
    screen = app_of(pilot).screen
    lines = ["".join(s.text for s in strip) for strip in screen._compositor.render_strips()]
    return "\n".join(lines)


class HeldCommits:
    """Holds back what clients commit, as a slow disk does, until it is released."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._commit = Client.commit
        self._held: list[tuple[Client, Proposal, Future[Proposal]]] = []
        held = self

        def hold(client: Client, proposal: Proposal) -> "Future[Proposal]":
            return held._hold(client, proposal)

        monkeypatch.setattr(Client, "commit", hold)

    def __bool__(self) -> bool:
        return bool(self._held)

    def _hold(self, client: Client, proposal: Proposal) -> "Future[Proposal]":
        future: Future[Proposal] = Future()
        self._held.append((client, proposal, future))
        return future

    def release(self) -> None:
        """Commit what was held back, and let nothing be held back from now on."""
        held, self._held = self._held, []
        for client, proposal, future in held:
            future.set_result(self._commit(client, proposal).result(60))

    def fail(self, error: Exception) -> None:
        """Let the first commit that was held back fail."""
        _, _, future = self._held.pop(0)
        future.set_exception(error)
