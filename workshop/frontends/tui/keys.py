"""The table of keys, from which the help screen and the documentation are made."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Key:
    """A key and what it does."""

    name: str
    """As keyboards and manuals write it."""
    description: str


KEYS: tuple[Key, ...] = (
    Key("Enter", "add the answer; in an empty prompt, go on to the next question"),
    Key("Ctrl+J", "begin a new line (Shift+Enter too, where the terminal sends it)"),
    Key("Up", "in an empty prompt, open the last answer for changing"),
    Key("Tab", "complete a command; in an empty prompt, list them"),
    Key("Escape", "cancel; close what is open"),
    Key("Page Up/Down", "scroll what was said"),
    Key("F1", "this help"),
    Key("F2", "the canvas"),
    Key("F3", "the outline: Enter goes to a block"),
    Key("F4", "everything said, with search"),
    Key("Ctrl+O", "after /report: open the report's folder, where there is a desktop"),
    Key("Ctrl+S", "save a copy elsewhere, with what you are typing"),
    Key("Ctrl+P", "the command palette, with themes"),
    Key("Ctrl+Z", "go back to the shell for a while; fg there comes back (Ctrl+_ undoes typing)"),
    Key("Ctrl+Q", "leave; everything is saved"),
)
