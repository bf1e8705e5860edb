"""The prompt, where people type: Enter sends, Ctrl+J begins a new line."""

from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets import TextArea

from workshop.text import clean

MAX_LINES = 6
"""How many lines of the text are in sight."""


class Prompt(TextArea):
    """A text area that posts what is typed, and what is sent with Enter."""

    DEFAULT_CSS = """
    Prompt {
        height: 3;
        border: round $primary;
        background: $background;
        padding: 0 1;
        scrollbar-size-vertical: 1;
    }
    Prompt:focus { border: round $accent; }
    Prompt.-editing { border: round $warning; }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "send", "Add / go on", id="prompt.send"),
        Binding("ctrl+j,shift+enter", "new_line", "New line", show=False, id="prompt.new_line"),
        Binding("up", "up", "Edit last", show=False, id="prompt.up"),
        Binding("down", "down", show=False, id="prompt.down"),
        Binding("ctrl+c", "copy_or_explain", show=False, id="prompt.copy"),
        Binding("tab", "complete", "Commands", show=False, id="prompt.complete"),
        Binding("ctrl+underscore", "undo", show=False, id="prompt.undo"),
        Binding("escape", "cancel", "Cancel", show=False, id="prompt.cancel"),
        Binding("pageup", "scroll_transcript(-1)", show=False, id="prompt.page_up"),
        Binding("pagedown", "scroll_transcript(1)", show=False, id="prompt.page_down"),
    ]

    @dataclass(eq=False, repr=False)
    class Sent(Message):
        """Enter was pressed."""

        text: str

    @dataclass(eq=False, repr=False)
    class Typed(Message):
        """The text was changed by hand."""

        text: str

    @dataclass(eq=False, repr=False)
    class PastedLines(Message):
        """Several lines were pasted into an empty prompt."""

        lines: tuple[str, ...]

    class EditLastRequested(Message):
        """Up was pressed in an empty prompt."""

    @dataclass(eq=False, repr=False)
    class Leaving(Message):
        """The request to leave, or to suspend the program, behind what the keys before it sent."""

        for_a_while: bool

    class Cancelled(Message):
        """Escape was pressed."""

    class CompletionRequested(Message):
        """Tab was pressed."""

    @dataclass(eq=False, repr=False)
    class ChoiceMoved(Message):
        """Up or Down was pressed while the menu of commands is open."""

        by: int

    @dataclass(eq=False, repr=False)
    class ScrollRequested(Message):
        """Page Up or Page Down was pressed."""

        by: int

    def __init__(self, *, id: str | None = None) -> None:
        """Begin empty."""
        super().__init__(
            id=id,
            soft_wrap=True,
            highlight_cursor_line=False,
            show_line_numbers=False,
            placeholder="Type an answer. Enter adds it; Enter again goes on.",
        )
        self._visible_lines = 1
        bindings = [*TextArea.BINDINGS, *self.BINDINGS]
        self._actions = {binding.key: binding.action for binding in Binding.make_bindings(bindings)}
        """The action of each key with a binding; our bindings override those of Textual."""
        self.menu_is_open = False
        """Whether the menu of commands is open, so that Up and Down choose in it."""

    def set_text(self, text: str) -> None:
        """Replace the text, with the cursor at the end."""
        self.load_text(text)
        self.move_cursor(self.document.end)

    def clear_quietly(self) -> None:
        """Empty the prompt without a message that it was typed in."""
        with self.prevent(TextArea.Changed):
            self.set_text("")
        self._fit()

    def prepend(self, text: str) -> None:
        """Put `text` back, such as a reply that could not be saved, before what was typed since."""
        if not text:
            return
        newer = self.text
        self.set_text(f"{text}\n{newer}" if newer.strip() else text)

    # ── keys ─────────────────────────────────────────────────────────────────────────────────

    def action_send(self) -> None:
        """Send the text, and be empty at once for what is typed next."""
        text = self.text
        self.set_text("")
        self.post_message(self.Sent(text))

    def request_leave(self, *, for_a_while: bool) -> None:
        """Post `Leaving` once every key that is here already is handled.

        Posted at once, it would overtake what those keys are still to send.
        """
        self.call_later(self.post_message, self.Leaving(for_a_while))

    def action_new_line(self) -> None:
        """Begin a new line."""
        self.replace("\n", *self.selection, maintain_selection_offset=False)

    def action_up(self) -> None:
        """Open the last answer from an empty prompt; otherwise move the cursor."""
        if self.menu_is_open:
            self.post_message(self.ChoiceMoved(-1))
        elif self.text:
            self.action_cursor_up()
        else:
            self.post_message(self.EditLastRequested())

    def action_down(self) -> None:
        """Move the cursor down."""
        if self.menu_is_open:
            self.post_message(self.ChoiceMoved(1))
        else:
            self.action_cursor_down()

    def action_copy_or_explain(self) -> None:
        """Copy the selection; without one, show how to leave, as Ctrl+C leaves elsewhere."""
        if self.selected_text:
            self.action_copy()
        else:
            self.notify("Ctrl+Q leaves. What has a ✓ is saved.", markup=False)

    def action_complete(self) -> None:
        """Ask to complete a command."""
        self.post_message(self.CompletionRequested())

    def action_cancel(self) -> None:
        """Ask to cancel what was begun."""
        self.post_message(self.Cancelled())

    def action_scroll_transcript(self, by: int) -> None:
        """Ask to scroll the transcript by a page; the prompt itself has no pages."""
        self.post_message(self.ScrollRequested(by))

    async def _on_key(self, event: events.Key) -> None:
        # Keys with an action run it here, in the order of the keys. If they bubbled up to their
        # bindings, the letters behind them would overtake them, and as priority bindings they would
        # overtake the letters before them: a line in one read would become another text.
        action = self._actions.get(event.key)
        if action is not None:
            event.stop()
            event.prevent_default()
            await self.run_action(action)

    async def _on_paste(self, event: events.Paste) -> None:
        event.stop()
        event.prevent_default()
        text = clean(event.text)
        was_empty = not self.text.strip()
        if text:
            self.replace(text, *self.selection, maintain_selection_offset=False)
        lines = tuple(line for line in text.split("\n") if line.strip())
        if was_empty and len(lines) > 1:
            self.post_message(self.PastedLines(lines))

    def _on_text_area_changed(self, event: TextArea.Changed) -> None:
        event.stop()
        self._fit()
        self.post_message(self.Typed(self.text))

    def on_resize(self) -> None:
        """Fit the height to the text, which wraps elsewhere now."""
        self.call_after_refresh(self._fit)

    def _fit(self) -> None:
        """Make the prompt as high as the text, up to MAX_LINES.

        Not `height: auto`, which lays out the whole screen at every key, with all its answers.
        """
        lines = min(max(self.wrapped_document.height, 1), MAX_LINES)
        if self._visible_lines != lines:
            self._visible_lines = lines
            self.styles.height = lines + 2
