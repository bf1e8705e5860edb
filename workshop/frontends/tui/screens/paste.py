"""The dialog about a paste of several lines: one answer, or one answer per line?"""

from collections.abc import Sequence
from enum import Enum
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from workshop.frontends.tui.widgets.literal import Literal
from workshop.text import shorten


class PasteKind(Enum):
    """What a paste of several lines becomes."""

    ONE_ANSWER = "one"
    ANSWER_PER_LINE = "each"


class PasteScreen(ModalScreen[PasteKind | None]):
    """Asks what several pasted lines become; Escape leaves them in the prompt."""

    DEFAULT_CSS = """
    PasteScreen { align: center middle; }
    PasteScreen > Vertical {
        width: 64;
        max-width: 90%;
        height: auto;
        border: round $accent;
        background: $surface;
        padding: 1 2;
    }
    PasteScreen .lines { color: $text-muted; margin: 1 0; }
    PasteScreen OptionList { border: none; background: $surface; padding: 0; }
    """

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss", "Keep in the prompt")]

    def __init__(self, lines: Sequence[str]) -> None:
        """Ask about `lines`."""
        super().__init__()
        self._pasted_lines = lines

    def compose(self) -> ComposeResult:
        """Lay out the question."""
        with Vertical():
            yield Literal(f"You pasted {len(self._pasted_lines):,} lines.")
            preview = [shorten(line, 54) for line in self._pasted_lines[:4]]
            yield Literal(
                "\n".join(preview) + ("\n…" if len(self._pasted_lines) > 4 else ""), classes="lines"
            )
            yield OptionList(
                Option(Content(f"{len(self._pasted_lines):,} answers, one per line"), id="each"),
                Option(Content("One answer of several lines"), id="one"),
                Option(Content("Neither yet: leave it in the prompt"), id="keep"),
            )

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Close with the choice as the result."""
        chosen = event.option_id
        self.dismiss(None if chosen in (None, "keep") else PasteKind(chosen))
