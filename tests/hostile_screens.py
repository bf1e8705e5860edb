"""Hostile words on every screen: a table with one entry a screen, and what must hold of each.

`SCREENS` has an entry for each screen there is: a test holds it against the screens' own modules,
so that a new one without an entry here fails.
"""

import importlib
import inspect
import pkgutil
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from hostile import harmful
from hostile_commands import lines_said
from textual.command import CommandPalette
from textual.events import Paste
from textual.screen import Screen
from textual.widgets import Input
from tui_support import AppPilot, app_of, conversation_of, prompt, send, shown, until

import workshop.tui.screens
from workshop.sitting import Sitting
from workshop.text import MAX_CHARACTERS, clean
from workshop.tui.app import WorkshopApp
from workshop.tui.screens.conversation import Conversation
from workshop.tui.screens.paste import PasteScreen

_OTHER = 6
"""Of all that can be said with a text in it, every how-manieth is said with each text."""


@dataclass
class Shown:
    """The app on a session, and how often it was looked at."""

    pilot: AppPilot
    looks: int = 0

    async def look(self) -> str:
        """Let the app settle; assert that it runs and shows nothing that a terminal would obey."""
        await self.pilot.pause()
        self.looks += 1
        assert app_of(self.pilot).is_running
        there = shown(self.pilot)
        assert harmful(there) == []
        return there

    async def press(self, *keys: str) -> str:
        for key in keys:
            await self.pilot.press(key)
            await self.look()
        return await self.look()


@asynccontextmanager
async def shown_app(path: Path, size: tuple[int, int]) -> AsyncGenerator[Shown]:
    """Run the app on a session file; notifications on, or a crash in one passes unseen."""
    sitting = Sitting.open(path)
    try:
        app = WorkshopApp(sitting)
        async with app.run_test(size=size, notifications=True) as pilot:
            await until(pilot, lambda: isinstance(app.screen, Conversation))
            await until(pilot, lambda: conversation_of(pilot).is_idle)
            yield Shown(pilot)
    finally:
        sitting.close()


# ── the screens ──────────────────────────────────────────────────────────────────────────────


async def _conversation(seen: Shown, texts: Sequence[str]) -> None:
    app = app_of(seen.pilot)
    for n, text in enumerate(texts):
        # Every line is said many times, and every text in some of them.
        for line in lines_said(text)[n % _OTHER :: _OTHER]:
            if clean(line).startswith(
                ("/quit", "/q ", "/report", "/copy", "/canvas", "/review", "/find", "/ ")
            ):
                continue  # what opens a view has its own test; /quit is a command, as it should be
            await send(seen.pilot, line)
            await seen.look()
            # Nothing of it is left to be obeyed by what is typed next.
            prompt(seen.pilot).set_text("")
        if app.sitting.here is None:  # one of them led past the last question
            await send(seen.pilot, "/back")
        await send(seen.pilot, f"x {text}")
        if len(text) < MAX_CHARACTERS - 2:
            # The prompt, as Python, ends a line at more characters than people do.
            wanted = clean("\n".join(f"x {text}".splitlines()))
            assert wanted in {a.text for a in app.sitting.state.answers.values()}
        app.post_message(Paste(f"x {text}"))  # half-typed
        await seen.look()
        if isinstance(app.screen, PasteScreen):
            await seen.press("escape")
        app.notify(clean(text), title=clean(text), markup=False)
        await seen.look()
        prompt(seen.pilot).set_text("")
    await seen.press("pageup", "pagedown", "f3", "down", "escape")


async def _canvas(seen: Shown, texts: Sequence[str]) -> None:
    await seen.press("f2")
    assert type(app_of(seen.pilot).screen).__name__ == "CanvasScreen"
    await seen.press("right", "down", "left", "up", "tab", "escape")


async def _zoom(seen: Shown, texts: Sequence[str]) -> None:
    await seen.press("f2", "enter")
    assert type(app_of(seen.pilot).screen).__name__ == "ZoomScreen"
    await seen.press("pagedown", "end", "escape", "escape")


async def _review(seen: Shown, texts: Sequence[str]) -> None:
    for text in texts:
        app_of(seen.pilot).action_review(clean(text)[:200])
        await seen.look()
        app_of(seen.pilot).screen.query_one(Input).focus()
        app_of(seen.pilot).post_message(Paste(text))
        await seen.look()
        assert type(app_of(seen.pilot).screen).__name__ == "ReviewScreen"
        await seen.press("escape")
    await seen.press("f4", "down", "down", "end", "home", "escape")


async def _commands(seen: Shown, texts: Sequence[str]) -> None:
    await seen.press("f1")
    assert type(app_of(seen.pilot).screen).__name__ == "CommandsScreen"
    await seen.press("end", "escape")


async def _paste(seen: Shown, texts: Sequence[str]) -> None:
    app = app_of(seen.pilot)
    for text in texts:
        prompt(seen.pilot).focus()
        app.post_message(Paste(f"x\n{text}\ny"))
        await seen.pilot.pause()
        await seen.look()
        if isinstance(app.screen, PasteScreen):
            await seen.press("escape")
        prompt(seen.pilot).set_text("")
        await seen.look()


async def _copy(seen: Shown, texts: Sequence[str]) -> None:
    """Where a copy goes to, which begins with the path of the session."""
    app = app_of(seen.pilot)
    for text in texts:
        app.action_copy()
        await seen.look()
        asked = app.screen.query_one(Input)
        asked.value = ""
        app.post_message(Paste(text))
        await seen.look()
        await seen.press("escape")


async def _palette(seen: Shown, texts: Sequence[str]) -> None:
    """The command menu, which names the session's blocks."""
    await seen.press("ctrl+p")
    await until(seen.pilot, lambda: isinstance(app_of(seen.pilot).screen, CommandPalette))
    await seen.press("down", "down", "x")
    app_of(seen.pilot).post_message(Paste(texts[0]))
    await seen.press("escape")
    if isinstance(app_of(seen.pilot).screen, CommandPalette):
        await seen.press("escape")


SCREENS: dict[str, Callable[[Shown, Sequence[str]], Awaitable[None]]] = {
    "Conversation": _conversation,
    "CanvasScreen": _canvas,
    "ZoomScreen": _zoom,
    "ReviewScreen": _review,
    "CommandsScreen": _commands,
    "PasteScreen": _paste,
    "CopyScreen": _copy,
    "CommandPalette": _palette,
}
"""What is done on each screen, by its name."""


def all_screens() -> set[str]:
    """Return the names of all screens of ours, and of the one of Textual's that we fill."""
    found = {CommandPalette.__name__}
    for module in pkgutil.iter_modules(workshop.tui.screens.__path__):
        loaded = importlib.import_module(f"workshop.tui.screens.{module.name}")
        for name, each in inspect.getmembers(loaded, inspect.isclass):
            if issubclass(each, Screen) and each.__module__ == loaded.__name__:
                found.add(name)
    return found


async def everything(seen: Shown, texts: Sequence[str]) -> None:
    """Go to every screen with hostile words on it."""
    for visit in SCREENS.values():
        await visit(seen, texts)
        await until(seen.pilot, lambda: isinstance(app_of(seen.pilot).screen, Conversation))
