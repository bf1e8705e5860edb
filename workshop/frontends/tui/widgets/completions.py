"""The commands that what is typed could become, above the prompt."""

from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from workshop.facilitation.slash_commands import Command, completions


class Completions(OptionList):
    """A menu of commands that follows what is typed. The prompt keeps the focus."""

    DEFAULT_CSS = """
    Completions {
        display: none;
        height: auto;
        max-height: 8;
        border: round $panel;
        background: $surface;
        padding: 0 1;
        scrollbar-size-vertical: 1;
        scrollbar-background: $surface;
        text-wrap: nowrap;
        text-overflow: ellipsis;
    }
    Completions.-open { display: block; }
    """

    def __init__(self, *, id: str | None = None) -> None:
        """Begin closed."""
        super().__init__(id=id)
        self.can_focus = False
        self._commands: tuple[Command, ...] = ()

    def follow(self, text: str) -> bool:
        """Offer what `text` could become; return whether there is anything to choose."""
        found = completions(text)
        if len(found) == 1 and text[1:].casefold() == found[0].name:
            found = ()
        if found != self._commands:
            self._commands = found
            self.set_options(Option(_line(command)) for command in found)
            self.highlighted = 0 if found else None
            self.set_class(bool(found), "-open")
        return bool(found)

    def choose(self, by: int) -> None:
        """Move the choice up or down."""
        if by < 0:
            self.action_cursor_up()
        else:
            self.action_cursor_down()

    @property
    def chosen(self) -> Command | None:
        """The command that is highlighted, or None where the menu is closed."""
        if not self._commands or self.highlighted is None:
            return None
        return self._commands[self.highlighted]


def _line(command: Command) -> Content:
    return Content.assemble((f"{command.usage}  ".ljust(16), "bold"), (command.does, "$quiet"))
