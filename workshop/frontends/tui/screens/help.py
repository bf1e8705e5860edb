"""The help screen: every key and every command."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen

from workshop.facilitation.slash_commands import COMMANDS
from workshop.frontends.tui.keys import KEYS
from workshop.frontends.tui.widgets.literal import Literal

_COLUMN = 18
"""The width of the column of names, in cells."""


class CommandsScreen(ModalScreen[None]):
    """Lists the keys and the commands, from the tables that define them."""

    DEFAULT_CSS = """
    CommandsScreen { align: center middle; }
    CommandsScreen > VerticalScroll {
        width: 92;
        max-width: 96%;
        height: auto;
        max-height: 94%;
        border: round $accent;
        border-title-color: $accent;
        background: $surface;
        padding: 1 2;
        scrollbar-size-vertical: 1;
    }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,f1,q", "dismiss", "Close"),
    ]

    def compose(self) -> ComposeResult:
        """Lay out the screen."""
        with VerticalScroll() as box:
            box.border_title = "Help · Escape closes"
            yield Literal(_help_text())


def _help_text() -> Content:
    lines = [Content.styled("Keys", "bold $accent")]
    lines += [_line(key.name, key.description) for key in KEYS]
    group = ""
    for command in COMMANDS:
        if command.group != group:
            group = command.group
            lines += [Content(), Content.styled(group, "bold $accent")]
        lines.append(_line(command.usage, command.description))
    lines += [
        Content(),
        Content.styled("Good to know", "bold $accent"),
        Content("An answer may have any length and any words. Text is never taken as a command,"),
        Content("except after a slash; // begins an answer with a slash. Words that look like a"),
        Content(
            "command (skip, I don't know) are asked about first; in quotes they are an answer."
        ),
    ]
    return Content("\n").join(lines)


def _line(name: str, description: str) -> Content:
    return Content.assemble((f"{name}  ".ljust(_COLUMN), "bold"), description)
