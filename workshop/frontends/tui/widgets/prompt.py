"""Where people type: Enter sends, Ctrl+J begins a new line."""

from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets import TextArea

from workshop.text import clean

MAX_LINES = 6
"""How many lines of what is typed are in sight."""


class Prompt(TextArea):
    """A text area that sends what was typed, and says what is being typed."""

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
        Binding("ctrl+c", "copy_or_tell", show=False, id="prompt.copy"),
        Binding("tab", "complete", "Commands", show=False, id="prompt.complete"),
        Binding("ctrl+underscore", "undo", show=False, id="prompt.undo"),
        Binding("escape", "leave_off", "Cancel", show=False, id="prompt.leave_off"),
        Binding("pageup", "scroll_transcript(-1)", show=False, id="prompt.page_up"),
        Binding("pagedown", "scroll_transcript(1)", show=False, id="prompt.page_down"),
    ]

    @dataclass(eq=False, repr=False)
    class Sent(Message):
        """Enter was pressed."""

        text: str

    @dataclass(eq=False, repr=False)
    class Typed(Message):
        """The text changed by the reader's hand."""

        text: str

    @dataclass(eq=False, repr=False)
    class PastedLines(Message):
        """Several lines were pasted into an empty prompt."""

        lines: tuple[str, ...]

    class EditLast(Message):
        """Up was pressed in an empty prompt."""

    @dataclass(eq=False, repr=False)
    class LeaveAsked(Message):
        """Somebody wants to leave, or to go back to the shell for a while."""

        for_a_while: bool = False

    @dataclass(eq=False, repr=False)
    class Leaving(Message):
        """The same, once everything typed before has been taken in, and was sent."""

        for_a_while: bool

    class LeftOff(Message):
        """Escape was pressed."""

    class Completing(Message):
        """Tab was pressed."""

    @dataclass(eq=False, repr=False)
    class Choosing(Message):
        """Up or Down was pressed while commands are on offer."""

        by: int

    @dataclass(eq=False, repr=False)
    class Scrolling(Message):
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
        self._lines = 1
        bindings = [*TextArea.BINDINGS, *self.BINDINGS]
        self._actions = {each.key: each.action for each in Binding.make_bindings(bindings)}
        """What each key does that is no letter, as the bindings have it; ours come last."""
        self.choosing = False
        """Whether commands are on offer, so that Up and Down choose among them."""

    def set_text(self, text: str) -> None:
        """Put `text` into the prompt, with the cursor behind it."""
        self.load_text(text)
        self.move_cursor(self.document.end)

    def empty(self) -> None:
        """Empty the prompt without that counting as typing."""
        with self.prevent(TextArea.Changed):
            self.set_text("")
        self._fit()

    def put_back(self, text: str) -> None:
        """Give back text that could not be taken, before what was typed meanwhile."""
        if not text:
            return
        typed = self.text
        self.set_text(f"{text}\n{typed}" if typed.strip() else text)

    # ── keys ─────────────────────────────────────────────────────────────────────────────────

    def action_send(self) -> None:
        """Send what was typed, and be empty at once for what is typed next."""
        text = self.text
        self.set_text("")
        self.post_message(self.Sent(text))

    def on_prompt_leave_asked(self, event: LeaveAsked) -> None:
        """Pass the wish on, behind what the keys before it have sent."""
        event.stop()
        self.post_message(self.Leaving(event.for_a_while))

    def action_new_line(self) -> None:
        """Begin a new line."""
        self.replace("\n", *self.selection, maintain_selection_offset=False)

    def action_up(self) -> None:
        """Open the last answer from an empty prompt; otherwise move the cursor."""
        if self.choosing:
            self.post_message(self.Choosing(-1))
        elif self.text:
            self.action_cursor_up()
        else:
            self.post_message(self.EditLast())

    def action_down(self) -> None:
        """Move the cursor down."""
        if self.choosing:
            self.post_message(self.Choosing(1))
        else:
            self.action_cursor_down()

    def action_copy_or_tell(self) -> None:
        """Copy what is selected; otherwise say how to leave, which Ctrl+C means elsewhere."""
        if self.selected_text:
            self.action_copy()
        else:
            self.notify("Ctrl+Q leaves. What has a ✓ is saved.", markup=False)

    def action_complete(self) -> None:
        """Complete a command."""
        self.post_message(self.Completing())

    def action_leave_off(self) -> None:
        """Leave off what was begun."""
        self.post_message(self.LeftOff())

    def action_scroll_transcript(self, by: int) -> None:
        """Scroll what was said by a page; the prompt itself has no pages."""
        self.post_message(self.Scrolling(by))

    async def _on_key(self, event: events.Key) -> None:
        # Keys that do something do it here, in their turn. Left to bubble up to their bindings,
        # they would be overtaken by the letters after them, and as priority bindings overtake those
        # before them: a line at once, from a slow connection or a macro, would be another text.
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
        """Be as high as the text, once it wraps elsewhere."""
        self.call_after_refresh(self._fit)

    def _fit(self) -> None:
        """Be as high as the text, within limits.

        Not `height: auto`: that lays out the whole screen at every key, with all its answers.
        """
        lines = min(max(self.wrapped_document.height, 1), MAX_LINES)
        if self._lines != lines:
            self._lines = lines
            self.styles.height = lines + 2
