"""The help: every key and every command."""

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


class CommandsScreen(ModalScreen[None]):
    """Lists the keys and the commands, from the tables that make them work."""

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
        """Lay out the list."""
        with VerticalScroll() as box:
            box.border_title = "Help · Escape closes"
            yield Literal(_everything())


def _everything() -> Content:
    lines = [Content.styled("Keys", "bold $accent")]
    lines += [_line(key.shown, key.does) for key in KEYS]
    group = ""
    for command in COMMANDS:
        if command.group != group:
            group = command.group
            lines += [Content(), Content.styled(group, "bold $accent")]
        lines.append(_line(command.usage, command.does))
    lines += [
        Content(),
        Content.styled("Good to know", "bold $accent"),
        Content("An answer may have any length and any words. Text is never taken as a command,"),
        Content("except after a slash; // begins an answer with a slash. Words that look like a"),
        Content("wish (skip, I don't know) are asked about first; in quotes they are an answer."),
    ]
    return Content("\n").join(lines)


def _line(what: str, does: str) -> Content:
    return Content.assemble((f"{what}  ".ljust(_COLUMN), "bold"), does)
