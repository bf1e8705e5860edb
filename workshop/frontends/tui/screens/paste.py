"""One question about a paste: one answer, or one per line?"""

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


class Paste(Enum):
    """What a paste of several lines is."""

    ONE = "one"
    EACH = "each"


class PasteScreen(ModalScreen[Paste | None]):
    """Asks what several pasted lines are; Escape leaves them in the prompt."""

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
        self._pasted = lines

    def compose(self) -> ComposeResult:
        """Lay out the question."""
        with Vertical():
            yield Literal(f"You pasted {len(self._pasted):,} lines.")
            first = [shorten(line, 54) for line in self._pasted[:4]]
            yield Literal(
                "\n".join(first) + ("\n…" if len(self._pasted) > 4 else ""), classes="lines"
            )
            yield OptionList(
                Option(Content(f"{len(self._pasted):,} answers, one per line"), id="each"),
                Option(Content("One answer of several lines"), id="one"),
                Option(Content("Neither yet: leave it in the prompt"), id="keep"),
            )

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Answer with what was chosen."""
        chosen = event.option_id
        self.dismiss(None if chosen in (None, "keep") else Paste(chosen))
