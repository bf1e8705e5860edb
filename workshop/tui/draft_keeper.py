"""Half-typed text: saved soon after each key, and put back where it was typed."""

import asyncio
from collections.abc import Callable

from textual.timer import Timer
from textual.widget import Widget

from workshop.errors import WorkshopError
from workshop.session.commands import NoSuchCommand, parse, split_first
from workshop.sitting import Sitting
from workshop.tui.heard import Heard
from workshop.tui.widgets.prompt import Prompt

DELAY = 0.3
"""How long a key waits at most until what it typed is saved, in seconds."""


class DraftKeeper:
    """Keeps what stands in one prompt."""

    def __init__(
        self, sitting: Sitting, prompt: Prompt, heard: Heard, warn: Callable[[str], None]
    ) -> None:
        """Keep what is typed into `prompt` at `sitting`, and what is held back of `heard`.

        `warn` says what cannot be kept.
        """
        self._sitting = sitting
        self._prompt = prompt
        self._heard = heard
        self._warn = warn
        self._timer: Timer | None = None
        self._fails = False
        """Whether the last draft could not be saved, which was said then."""

    def save_soon(self, on: Widget) -> None:
        """Save what is being typed in a moment, however long the typing goes on.

        Waiting until nothing more is typed would leave somebody who types without a pause with
        nothing on the disk.
        """
        if self._timer is None:
            self._timer = on.set_timer(DELAY, self._save_typed)

    def stop(self) -> None:
        """Do not save what was being typed: it was sent."""
        if self._timer is not None:
            self._timer.stop()
            self._timer = None

    async def _save_typed(self) -> None:
        await self._save(self.typed)

    @property
    def typed(self) -> str:
        """What is not saved and is worth keeping: no command is."""
        return self._joined("" if self._is_command(self._prompt.text) else self._prompt.text)

    def _joined(self, text: str) -> str:
        """Return `text` with the replies that are held back behind it."""
        held = [words for words in self._heard.held if not self._is_command(words)]
        return "\n".join(words for words in (text, *held) if words.strip()) if held else text

    def _is_command(self, typed: str) -> bool:
        """Return whether there is a command and nothing else that anybody would miss."""
        text = typed.strip()
        call = parse(text)
        if call is None or self._sitting.floor.editing is not None:
            return False
        keeps_words = isinstance(call, NoSuchCommand) or call.command.keeps_words
        return not (keeps_words and split_first(text)[1])

    async def _save(self, text: str) -> bool:
        self.stop()
        try:
            await asyncio.wrap_future(self._sitting.save_draft(text))
        except WorkshopError as error:
            if not self._fails:
                self._warn(f"Half-typed text is not kept now. {error}")
            self._fails = True
            return False
        self._fails = False
        return True

    async def put_aside(self) -> bool:
        """Save what stands in the prompt at this question and empty it; False if that fails."""
        unsaved = self._joined(self._prompt.text)
        if unsaved.strip():
            if not await self._save(unsaved):
                return False
            self._prompt.empty()
            self._heard.drop_held()
        return True

    async def is_safe(self) -> bool:
        """Save what is not saved; return whether nothing is lost by leaving."""
        unsaved = self.typed
        if not unsaved.strip():
            return True
        return self._sitting.here is not None and await self._save(unsaved)

    def restore(self) -> bool:
        """Put back what waits at this question; return whether anything did."""
        draft = self._sitting.waiting_draft()
        if draft is None:
            return False
        self._sitting.restore(draft)
        self._prompt.set_text(draft.text)
        return True
