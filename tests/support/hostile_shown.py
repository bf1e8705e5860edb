"""The app on a session full of hostile words: looked at often, with what must hold of each look."""

import asyncio
from collections.abc import AsyncGenerator, Generator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from hostile import LONGEST_SHORT, harmful
from hostile_world import as_name, hostile_session, live_in
from textual.events import Key
from tui_support import AppPilot, app_of, conversation_of, prompt, shown, until

from workshop.client import Client
from workshop.frontends.tui.app import WorkshopApp
from workshop.frontends.tui.screens.conversation import Conversation
from workshop.live_session import LiveSession
from workshop.text import clean, clean_line


@dataclass
class Shown:
    """The app on a session, and how often it was looked at."""

    pilot: AppPilot
    folder: Path
    """Where all is written, with the session; the current one, and the person's own."""
    ours: frozenset[Path]
    """The files that were there before."""
    is_brief: bool = False
    """Whether only the screens are of interest, and not every line that can be said."""
    looks: int = 0
    """How often somebody looked."""
    lines: int = 0
    """How many lines were said."""

    async def settled(self) -> None:
        """Wait until the app has nothing left to do."""
        await until(self.pilot, lambda: conversation_of(self.pilot).is_idle)
        await self.pilot.pause()

    async def look(self) -> str:
        """Assert that the app runs and shows nothing that a terminal would obey; return that."""
        await self._drawn()
        self.looks += 1
        assert app_of(self.pilot).is_running
        there = shown(self.pilot)
        assert harmful(there) == []
        return there

    async def _drawn(self) -> None:
        """Wait until the screen has heard everything and is drawn.

        Pilot.pause asks every row of the transcript, which takes many times as long.
        """
        for _ in range(2):
            drawn, screen = asyncio.Event(), app_of(self.pilot).screen
            screen.call_after_refresh(drawn.set)
            # A screen that goes away calls nobody any more.
            while not drawn.is_set() and app_of(self.pilot).screen is screen:
                await asyncio.sleep(0.001)

    async def press(self, *keys: str) -> str:
        """Press keys, and look after each."""
        for key in keys:
            # As Pilot.press, without its waiting for the processor to be idle.
            app_of(self.pilot).post_message(Key(key, key if len(key) == 1 else None))
            await self.look()
        return await self.look()

    async def say(self, line: str) -> None:
        """Send a line, and wait until it was dealt with."""
        self.lines += 1
        conversation = conversation_of(self.pilot)
        prompt(self.pilot).set_text(line)
        await self._drawn()
        prompt(self.pilot).action_send()
        await self._drawn()
        while not conversation.is_idle:
            await asyncio.sleep(0.001)

    async def go_back(self) -> None:
        """Leave the view that a line has opened, if it has."""
        while not isinstance(app_of(self.pilot).screen, Conversation):
            await self.press("escape")


def room_for(seen: Shown, text: str) -> Path:
    """Make a folder that is called `text`, as far as a folder can be."""
    folder = seen.folder / (as_name(text) or as_name(text[:40]) or "x") / "folder"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@contextmanager
def lost(path: Path) -> Generator[None]:
    """Take a file away for a while."""
    elsewhere = path.with_name("taken.away")
    path.rename(elsewhere)
    try:
        yield
    finally:
        elsewhere.rename(path)


@asynccontextmanager
async def shown_app(
    folder: Path, texts: Sequence[str], size: tuple[int, int], *, brief: bool = False
) -> AsyncGenerator[Shown]:
    """Run the app on a new session in `folder` in which all is hostile.

    The first of `texts` is what its folder and its speaker are called, and what its title begins
    with. Notifications are on, or a crash in one passes unseen.
    """
    with pytest.MonkeyPatch.context() as patch:
        live_in(folder, patch)
        patch.setenv("XDG_CONFIG_HOME", str(folder))
        path = hostile_session(folder / (as_name(texts[0]) or "sessions"), texts)
        said = [clean(text) for text in texts if clean(text)]
        live_session = LiveSession.open(path)
        try:
            app = WorkshopApp(Client(live_session, clean_line(said[0])[:LONGEST_SHORT]))
            async with app.run_test(size=size, notifications=True) as pilot:
                await until(pilot, lambda: isinstance(app.screen, Conversation))
                await until(pilot, lambda: conversation_of(pilot).is_idle)
                ours = frozenset(each for each in folder.rglob("*") if each.is_file())
                yield Shown(pilot, folder, ours, brief)
        finally:
            live_session.close()
