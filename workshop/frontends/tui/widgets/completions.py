"""The menu of commands that match what is typed, above the prompt."""

from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from workshop.facilitation.slash_commands import Command, completions


class Completions(OptionList):
    """A menu of commands that match what is typed. The prompt keeps the focus."""

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

    def show_matches(self, text: str) -> bool:
        """List the commands that `text` could become; return whether there are any."""
        matches = completions(text)
        if len(matches) == 1 and text[1:].casefold() == matches[0].name:
            matches = ()
        if matches != self._commands:
            self._commands = matches
            self.set_options(Option(_line(command)) for command in matches)
            self.highlighted = 0 if matches else None
            self.set_class(bool(matches), "-open")
        return bool(matches)

    def move_highlight(self, by: int) -> None:
        """Move the highlight up or down."""
        if by < 0:
            self.action_cursor_up()
        else:
            self.action_cursor_down()

    @property
    def chosen(self) -> Command | None:
        """The highlighted command, or None if the menu is closed."""
        if not self._commands or self.highlighted is None:
            return None
        return self._commands[self.highlighted]


def _line(command: Command) -> Content:
    return Content.assemble(
        (f"{command.usage}  ".ljust(16), "bold"), (command.description, "$quiet")
    )
