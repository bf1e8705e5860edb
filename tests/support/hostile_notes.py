"""What the app says by itself, with hostile words in it: its notes in the transcript, its toasts.

Where a copy or a report lies, why there is none, why nothing can be saved, why the theme is not
remembered: each of these sentences names a path, and a path may be anything.
"""

import os
import shutil
from collections.abc import Awaitable, Callable, Sequence
from contextlib import chdir
from pathlib import Path

import pytest
from hostile import harmful
from hostile_shown import Shown, lost, room_for
from textual.events import Paste
from textual.widgets import Input
from textual.widgets._toast import Toast
from tui_support import app_of, conversation_of, prompt, until

from workshop.export.write_file import default_report_name
from workshop.frontends.tui.preferences import Preferences
from workshop.frontends.tui.screens.save_copy import CopyScreen
from workshop.frontends.tui.widgets.canvas_block import CanvasBlock
from workshop.frontends.tui.widgets.transcript_rows import AnswerRow, MessageRow
from workshop.storage.integrity.verify import verify
from workshop.text import clean, clean_line

_SAVED = "A copy is saved"


def said_last(seen: Shown) -> str:
    """Return the last row of the transcript, as it is shown where there is room for all of it."""
    row = list(conversation_of(seen.pilot).query(MessageRow))[-1]
    said = str(row.content)
    assert harmful(said) == []
    return said


async def noted(seen: Shown, *beginnings: str) -> str:
    """Wait for a note that begins in one of these ways; return it, once it was looked at."""
    try:
        await until(seen.pilot, lambda: said_last(seen).startswith(beginnings))
    except AssertionError:
        raise AssertionError(said_last(seen)) from None
    await seen.settled()
    await seen.look()
    return said_last(seen)


# ── copies ───────────────────────────────────────────────────────────────────────────────────


async def _copies(seen: Shown, texts: Sequence[str]) -> None:
    """Say /copy, and answer the question where to: each is saved and said, or refused and said."""
    for left in _new_files(seen):
        left.unlink()
    for text in texts:
        home = room_for(seen, text)
        with pytest.MonkeyPatch.context() as patch:
            # What is typed is cleaned on its way in; what a home is called is not.
            patch.setenv("HOME", str(home))
            for target in (text, "~", f"~/no such/{text}"):
                await seen.say(f"/copy {target}")
                await _copied(seen)
                prompt(seen.pilot).set_text("")
            for target in (text, "~"):
                await _ask_for_copy(seen, target)
            assert home.is_dir()


async def _ask_for_copy(seen: Shown, target: str) -> None:
    app = app_of(seen.pilot)
    app.action_copy()
    await seen.look()
    assert isinstance(app.screen, CopyScreen)
    asked = app.screen.query_one(Input)
    assert clean_line(str(app.live_session.suggested_copy_path)) == asked.value
    asked.value = ""
    app.post_message(Paste(target))
    await seen.look()
    meant = asked.value.strip()
    await seen.press("enter")
    if meant:
        await _copied(seen)
    prompt(seen.pilot).set_text("")


async def _copied(seen: Shown) -> None:
    """Look at what is said of a copy; take the copy away again."""
    said = await noted(seen, "")
    made = _new_files(seen)
    if said.startswith(_SAVED):
        (where,) = made
        assert verify(where).is_sound
        where.unlink()
        assert said.endswith(clean(where.name)), said
    else:
        assert made == [], said


def _new_files(seen: Shown) -> list[Path]:
    found = (Path(name, each) for name, _, files in os.walk(seen.folder) for each in files)
    return [p for p in found if p not in seen.ours and not p.name.endswith("-journal")]


# ── reports ──────────────────────────────────────────────────────────────────────────────────


async def _reports(seen: Shown, texts: Sequence[str]) -> None:
    """Write a report into a folder of a hostile name; once more over somebody's file; show it."""
    app = app_of(seen.pilot)
    for text in texts:
        folder = room_for(seen, text)
        with chdir(folder):
            await seen.say("/report")
            said = await noted(seen, "The report is", "The report was", "The report cannot")
            assert said.startswith("The report is written: "), said
            target = folder / default_report_name(app.live_session.session)
            assert target.is_file()
            assert clean(str(target)) in said
            target.write_text("somebody's own", encoding="utf-8")
            await seen.say("/report")
            refused = await noted(seen, clean_line(str(target)))
            assert "stays as it is" in refused
        shutil.rmtree(folder)
        app.action_report_folder()
        gone = await noted(seen, "There is no folder")
        assert clean_line(str(folder)) in gone


# ── what cannot be saved ─────────────────────────────────────────────────────────────────────


async def _not_saved(seen: Shown, texts: Sequence[str]) -> None:
    """Say something while the session's file is gone: why it is not saved stands beside it."""
    for text in texts:
        prompt(seen.pilot).set_text("")
        await seen.say("/goto 1")
        with lost(app_of(seen.pilot).live_session.path):
            await seen.say(f"x {clean(text)}")  # as a prompt holds it
            await seen.look()
            failed = [
                row for row in conversation_of(seen.pilot).query(AnswerRow) if row.answer.note
            ]
            if failed:
                assert harmful(failed[-1].answer.note) == []
            else:
                assert said_last(seen)
            assert prompt(seen.pilot).text.strip()
        prompt(seen.pilot).set_text("")
        await seen.say("x once more")


# ── toasts ───────────────────────────────────────────────────────────────────────────────────


async def _toasts(seen: Shown, texts: Sequence[str]) -> None:
    """Choose a theme that cannot be remembered, and all else of which a toast tells."""
    app = app_of(seen.pilot)
    for text in texts:
        folder = room_for(seen, text)
        (folder / "file").write_text("", encoding="utf-8")
        app._preferences = Preferences(folder / "file" / "theme")
        app.theme = "nord" if app.theme != "nord" else "textual-dark"
        assert clean_line(str(folder)) in await _toasted(seen, "The theme cannot be remembered")
        app._preferences = None
        (folder / "file").unlink()
    prompt(seen.pilot).action_copy_or_explain()
    await _toasted(seen, "Ctrl+Q leaves.")
    await seen.press("f2")
    app.screen.post_message(CanvasBlock.GoRequested("none", None))
    await _toasted(seen, "This session does not ask")
    await seen.press("escape")


async def _toasted(seen: Shown, beginning: str) -> str:
    """Wait for a toast, and look at it; return what it says, and take it away."""
    app = app_of(seen.pilot)
    await until(seen.pilot, lambda: bool(app.screen.query(Toast)))
    await seen.settled()
    there = await seen.look()
    assert beginning.split(maxsplit=1)[0] in there
    (said,) = [str(toast.render()) for toast in app.screen.query(Toast)]
    assert said.startswith(beginning)
    assert harmful(said) == []
    app.clear_notifications()
    await until(seen.pilot, lambda: not app.screen.query(Toast))
    return said


NOTES: dict[str, Callable[[Shown, Sequence[str]], Awaitable[None]]] = {
    "copies": _copies,
    "reports": _reports,
    "what cannot be saved": _not_saved,
    "toasts": _toasts,
}
"""What the app is brought to say, by what it is about."""
