"""Hostile words on every screen: a table with one entry a screen, and what must hold of each.

`SCREENS` has an entry for each screen there is: a test holds it against the screens' own modules,
so that a new one without an entry here fails.
"""

import importlib
import inspect
import pkgutil
from collections.abc import Awaitable, Callable, Sequence

from hostile_commands import WITHOUT_WORDS, lines_said
from hostile_notes import NOTES
from hostile_shown import Shown
from textual.command import CommandPalette
from textual.events import Paste
from textual.screen import Screen
from textual.widgets import Input
from tui_support import app_of, prompt, until

import workshop.frontends.tui.screens
from workshop.frontends.tui.screens.canvas import ZoomScreen
from workshop.frontends.tui.screens.conversation import Conversation
from workshop.frontends.tui.screens.paste import PasteScreen
from workshop.frontends.tui.widgets.canvas_block import CanvasBlock
from workshop.text import MAX_CHARACTERS, clean

# ── the screens ──────────────────────────────────────────────────────────────────────────────


async def _conversation(seen: Shown, texts: Sequence[str]) -> None:
    """Say every line with every text in it, unless it is in brief, and see what view it opens."""
    app = app_of(seen.pilot)
    for line in WITHOUT_WORDS:
        await _say(seen, line)
    for text in texts:
        for line in [] if seen.is_brief else lines_said(text):
            await _say(seen, line)
        if app.live_session.current is None:  # one of them led past the last question
            await seen.say("/back")
        await seen.say(f"x {text}")
        there = await seen.look()
        if len(text) < MAX_CHARACTERS - 2:
            # The prompt, as Python, ends a line at more characters than people do.
            wanted = clean("\n".join(f"x {text}".splitlines()))
            assert wanted in {a.text for a in app.live_session.state.answers.values()}
            first = wanted.split("\n")[0].split()[:2][-1][:6]
            # Where there is no room, the first line of many may be out of sight.
            is_in_sight = app.size.height >= 24 and len(wanted) < 200
            assert first in there or not (first.isascii() and is_in_sight), first
        app.post_message(Paste(f"x {text}"))  # half-typed
        await seen.look()
        if isinstance(app.screen, PasteScreen):
            await seen.press("escape")
        prompt(seen.pilot).set_text("")
    await seen.press("pageup", "pagedown", "f3", "down", "escape")


async def _say(seen: Shown, line: str) -> None:
    await seen.say(line)
    await seen.look()
    await seen.go_back()
    # Nothing of it is left to be obeyed by what is typed next.
    prompt(seen.pilot).set_text("")


async def _canvas(seen: Shown, texts: Sequence[str]) -> None:
    await seen.press("f2")
    assert type(app_of(seen.pilot).screen).__name__ == "CanvasScreen"
    await seen.press("right", "down", "left", "up", "tab", "escape")


async def _zoom(seen: Shown, texts: Sequence[str]) -> None:
    app = app_of(seen.pilot)
    await seen.press("f2")
    await until(seen.pilot, lambda: isinstance(app.focused, CanvasBlock))
    await seen.press("enter")
    await until(seen.pilot, lambda: isinstance(app.screen, ZoomScreen))
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
    """Where a copy goes to, which begins with the path of the session. Going there: its notes."""
    app = app_of(seen.pilot)
    for text in texts:
        app.action_copy()
        await seen.look()
        app.post_message(Paste(text))
        await seen.look()
        assert type(app.screen).__name__ == "CopyScreen"
        await seen.press("escape")


async def _palette(seen: Shown, texts: Sequence[str]) -> None:
    """The command menu, which names the session's blocks."""
    await seen.press("ctrl+p")
    await until(seen.pilot, lambda: isinstance(app_of(seen.pilot).screen, CommandPalette))
    await seen.press("down", "down", "x")
    for text in texts:
        app_of(seen.pilot).screen.query_one(Input).value = ""
        app_of(seen.pilot).post_message(Paste(text))
        await seen.look()
    while isinstance(app_of(seen.pilot).screen, CommandPalette):
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
    for module in pkgutil.iter_modules(workshop.frontends.tui.screens.__path__):
        loaded = importlib.import_module(f"workshop.frontends.tui.screens.{module.name}")
        for name, each in inspect.getmembers(loaded, inspect.isclass):
            if issubclass(each, Screen) and each.__module__ == loaded.__name__:
                found.add(name)
    return found


async def everything(seen: Shown, texts: Sequence[str], *, notes: bool = True) -> None:
    """Go to every screen with hostile words on it, and have the app say all that it can."""
    for visit in (*SCREENS.values(), *(NOTES.values() if notes else ())):
        await visit(seen, texts)
        await until(seen.pilot, lambda: isinstance(app_of(seen.pilot).screen, Conversation))
