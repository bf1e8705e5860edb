"""Saves half-typed text soon after each key, and restores it at the question where it was typed."""

import asyncio
from collections.abc import Callable

from textual.timer import Timer
from textual.widget import Widget

from workshop.client import Client
from workshop.errors import WorkshopError
from workshop.facilitation.slash_commands import NoSuchCommand, parse, split_first
from workshop.frontends.tui.input_queue import InputQueue
from workshop.frontends.tui.widgets.prompt import Prompt

DELAY = 0.3
"""How long typed text waits at most until it is saved, in seconds."""


class DraftKeeper:
    """Keeps the text of one prompt as a draft of the session."""

    def __init__(
        self,
        client: Client,
        prompt: Prompt,
        input_queue: InputQueue,
        show_notice: Callable[[str, bool], None],
    ) -> None:
        """Keep what is typed into `prompt`, and what `input_queue` could not save or postponed.

        `show_notice` is called with a text, and whether it is a warning, when a draft cannot be
        saved and when drafts can be saved again.
        """
        self._client = client
        self._prompt = prompt
        self._input_queue = input_queue
        self._show_notice = show_notice
        self._timer: Timer | None = None
        self.commit_lock = asyncio.Lock()
        """Held while a reply is committed and accepted. A draft saved meanwhile would stay at a
        question that the reply leaves, or replace the draft that was stashed there."""
        self._fails = False
        """Whether the last draft could not be saved; the notice about it was shown then."""
        self._warned = False
        """Whether the warning was shown that leaving loses text."""
        self.unsaved_on_leaving = ""
        """The text that could not be saved at the last attempt to leave."""
        self.text_in_copy = ""
        """The text that could not be saved here, but is in a copy elsewhere."""

    def save_soon(self, timer_owner: Widget) -> None:
        """Save the draft after a short delay, however long the typing goes on.

        Waiting for a pause in the typing would leave somebody who types without one with nothing on
        the disk.
        """
        self._warned = False
        if self._timer is None:
            self._timer = timer_owner.set_timer(DELAY, self._save_unsaved_text)

    def stop(self) -> None:
        """Cancel the delayed save: the text was submitted."""
        self._warned = False
        if self._timer is not None:
            self._timer.stop()
            self._timer = None

    async def _save_unsaved_text(self) -> None:
        self.stop()
        async with self.commit_lock:
            await self._save(self.unsaved_text)

    @property
    def unsaved_text(self) -> str:
        """The text that is not saved as an answer and is worth keeping; commands are not."""
        return self._with_postponed("" if self.is_command(self._prompt.text) else self._prompt.text)

    def _with_postponed(self, prompt_text: str) -> str:
        """Return `prompt_text` between the reply that failed and the postponed ones.

        The failed reply may no longer stand in the prompt: it had to make room for /copy, say.
        """
        failed_text = self._input_queue.failed_text
        before = [] if failed_text.strip() in prompt_text else [failed_text]
        after = [text for text in self._input_queue.postponed_texts if not self.is_command(text)]
        if not before and not after:
            return prompt_text
        return "\n".join(text for text in (*before, prompt_text, *after) if text.strip())

    def is_command(self, text: str) -> bool:
        """Return whether `text` is a command without words that anybody would miss."""
        text = text.strip()
        call = parse(text)
        if call is None or self._client.state.editing is not None:
            return False
        keeps_words = isinstance(call, NoSuchCommand) or call.command.records_words
        return not (keeps_words and split_first(text)[1])

    async def _save(self, text: str) -> bool:
        self.stop()
        try:
            await asyncio.wrap_future(self._client.save_draft(text))
        except WorkshopError as error:
            if not self._fails:
                self._show_notice(f"Half-typed text is not kept now. {error}", True)
            self._fails = True
            return False
        if self._fails:
            self._show_notice("Half-typed text is kept again.", False)
        self._fails = False
        return True

    async def stash(self) -> bool:
        """Save the prompt's text at this question and empty the prompt; False if that fails."""
        text = self._with_postponed(self._prompt.text)
        if text.strip():
            if not await self._save(text):
                return False
            self._prompt.clear_quietly()
            self._input_queue.drop_postponed()
        return True

    async def save_now(self) -> bool:
        """Save the draft; return whether leaving loses nothing."""
        text = self.unsaved_text
        return not text.strip() or await self._save(text)

    async def may_leave(self) -> bool:
        """Save the draft; return whether to leave, and warn the first time that leaving loses text.

        Text that is in a copy elsewhere is not lost.
        """
        was_warned = self._warned  # saving resets it
        self.unsaved_on_leaving = "" if await self.save_now() else self.unsaved_text
        is_lost = self.unsaved_on_leaving not in ("", self.text_in_copy)
        if not is_lost or was_warned:
            return True
        self._warned = True
        self._show_notice(
            "What you typed last is not saved here. Ctrl+Q again leaves without it, Ctrl+S saves a "
            "copy elsewhere.",
            True,
        )
        return False

    def restore(self) -> bool:
        """Put the draft of this question into the prompt; return whether there was one."""
        draft = self._client.current_draft()
        if draft is None:
            return False
        self._client.resume_editing(draft)
        self._prompt.set_text(draft.text)
        return True

    def restore_at_new_question(self) -> None:
        """Put the draft of a new question before what is in the prompt, and say so."""
        prompt_text = self._prompt.text.strip()
        draft = self._client.current_draft()
        if draft is None or draft.text.strip() == prompt_text:
            return
        if not prompt_text:
            self.restore()
            self._show_notice("Below is what was typed here before and not sent.", False)
        else:
            self._prompt.prepend(draft.text)
            notice = "Your text follows what you were typing here when you left."
            self._show_notice(notice, False)
