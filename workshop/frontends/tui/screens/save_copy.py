"""The dialog that asks where to save a copy of the session."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input

from workshop.frontends.tui.widgets.literal import Literal
from workshop.text import clean_line


class CopyScreen(ModalScreen[str | None]):
    """Asks for a file or a folder; Escape saves no copy."""

    DEFAULT_CSS = """
    CopyScreen { align: center middle; }
    CopyScreen > Vertical {
        width: 92;
        max-width: 96%;
        height: auto;
        border: round $accent;
        background: $surface;
        padding: 1 2;
    }
    CopyScreen .hint { color: $text-muted; }
    """

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss", "No copy")]

    def __init__(self, suggested: str) -> None:
        """Ask, with `suggested` filled in."""
        super().__init__()
        self._suggested = suggested

    def compose(self) -> ComposeResult:
        """Lay out the question."""
        with Vertical():
            yield Literal("Where is a copy of the session to be saved?")
            # A folder may have any name: the copy is saved to the cleaned path, as it is shown.
            yield Input(clean_line(self._suggested), id="file", select_on_focus=False)
            yield Literal(
                "A file or a folder, on another disk say. What you are typing comes along. Enter "
                "saves the copy, Escape goes back.",
                classes="hint",
            )

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Close with the path that was typed as the result."""
        event.stop()
        self.dismiss(event.value.strip() or None)
