"""Half-typed text: saved soon after each key, and put back where it was typed."""

import asyncio
from collections.abc import Callable

from textual.timer import Timer
from textual.widget import Widget

from workshop.errors import WorkshopError
from workshop.facilitation.slash_commands import NoSuchCommand, parse, split_first
from workshop.frontends.tui.input_queue import InputQueue
from workshop.frontends.tui.widgets.prompt import Prompt
from workshop.live_session import LiveSession

DELAY = 0.3
"""How long a key waits at most until what it typed is saved, in seconds."""


class DraftKeeper:
    """Keeps what stands in one prompt."""

    def __init__(
        self,
        live_session: LiveSession,
        prompt: Prompt,
        input_queue: InputQueue,
        note: Callable[[str, bool], None],
    ) -> None:
        """Keep what is typed into `prompt`, and what `input_queue` holds back.

        `note` says what cannot be kept, as a warning, and when it can be again.
        """
        self._live_session = live_session
        self._prompt = prompt
        self._input_queue = input_queue
        self._note = note
        self._timer: Timer | None = None
        self._fails = False
        """Whether the last draft could not be saved, which was said then."""
        self._warned = False
        """Whether it was said that leaving loses what was typed."""
        self.unsaved = ""
        """What could not be saved when somebody wanted to leave last."""
        self.copied = ""
        """What a copy elsewhere holds that could not be saved here."""

    def save_soon(self, on: Widget) -> None:
        """Save what is being typed in a moment, however long the typing goes on.

        Waiting until nothing more is typed would leave somebody who types without a pause with
        nothing on the disk.
        """
        self._warned = False
        if self._timer is None:
            self._timer = on.set_timer(DELAY, self._save_typed)

    def stop(self) -> None:
        """Do not save what was being typed: it was sent."""
        self._warned = False
        if self._timer is not None:
            self._timer.stop()
            self._timer = None

    async def _save_typed(self) -> None:
        await self._save(self.typed)

    @property
    def typed(self) -> str:
        """What is not saved and is worth keeping: no command is."""
        return self._joined("" if self.is_command(self._prompt.text) else self._prompt.text)

    def _joined(self, text: str) -> str:
        """Return `text` between what could not be saved and what is held back behind it.

        What could not be saved may have had to make room in the prompt, for /copy, say.
        """
        failed = self._input_queue.failed
        before = [] if failed.strip() in text else [failed]
        behind = [words for words in self._input_queue.held if not self.is_command(words)]
        if not before and not behind:
            return text
        return "\n".join(words for words in (*before, text, *behind) if words.strip())

    def is_command(self, typed: str) -> bool:
        """Return whether there is a command and nothing else that anybody would miss."""
        text = typed.strip()
        call = parse(text)
        if call is None or self._live_session.client.editing is not None:
            return False
        keeps_words = isinstance(call, NoSuchCommand) or call.command.records_words
        return not (keeps_words and split_first(text)[1])

    async def _save(self, text: str) -> bool:
        self.stop()
        try:
            await asyncio.wrap_future(self._live_session.save_draft(text))
        except WorkshopError as error:
            if not self._fails:
                self._note(f"Half-typed text is not kept now. {error}", True)
            self._fails = True
            return False
        if self._fails:
            self._note("Half-typed text is kept again.", False)
        self._fails = False
        return True

    async def stash(self) -> bool:
        """Save what stands in the prompt at this question and empty it; False if that fails."""
        unsaved = self._joined(self._prompt.text)
        if unsaved.strip():
            if not await self._save(unsaved):
                return False
            self._prompt.empty()
            self._input_queue.drop_held()
        return True

    async def is_safe(self) -> bool:
        """Save what is not saved; return whether nothing is lost by leaving."""
        unsaved = self.typed
        return not unsaved.strip() or await self._save(unsaved)

    async def may_leave(self) -> bool:
        """Save what is not saved; return whether to leave, and warn where that loses anything."""
        warned = self._warned  # saving takes it back
        self.unsaved = "" if await self.is_safe() else self.typed
        if not self.unsaved or warned or self.unsaved == self.copied:
            return True
        self._warned = True
        self._note(
            "What you typed last is not saved here. Ctrl+Q again leaves without it, Ctrl+S saves a "
            "copy elsewhere.",
            True,
        )
        return False

    def restore(self) -> bool:
        """Put back what waits at this question; return whether anything did."""
        draft = self._live_session.current_draft()
        if draft is None:
            return False
        self._live_session.resume_editing(draft)
        self._prompt.set_text(draft.text)
        return True
