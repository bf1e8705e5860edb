"""The table of slash commands: it feeds the parser, completion, the help and the documentation."""

import re
from typing import Literal, NamedTuple

Name = Literal[
    "next", "back", "goto", "skip", "edit", "delete", "vote", "undo", "redo", "help", "example",
    "why", "park", "action", "review", "canvas", "find", "as", "title", "name", "report", "copy",
    "quit",
]  # fmt: skip
Group = Literal["Move", "Answers", "This question", "For later", "Views", "Session"]


class Command(NamedTuple):
    """One slash command."""

    name: Name
    arguments: str
    """The arguments as people see them: capitals are placeholders, [ ] is optional."""
    description: str
    """What the command does, in one line that begins with a verb."""
    group: Group

    @property
    def usage(self) -> str:
        """The command as people type it."""
        return f"/{self.name} {self.arguments}".rstrip()

    @property
    def completed(self) -> str:
        """The text that completion puts into the prompt, with a space where arguments follow."""
        return f"/{self.name} " if self.arguments else f"/{self.name}"

    @property
    def records_words(self) -> bool:
        """Whether its arguments are a participant's own words and are recorded in the session."""
        return self.name in ("skip", "park", "action", "title", "name")

    @property
    def needs_arguments(self) -> bool:
        """Whether the command requires an argument."""
        return bool(self.arguments) and not self.arguments.startswith("[")


COMMANDS: tuple[Command, ...] = (
    Command("next", "", "go on to the next question", "Move"),
    Command("back", "", "go back to the question before", "Move"),
    Command("goto", "BLOCK", "go to a block by name or number; 4.2 is its second question",
            "Move"),
    Command("skip", "[WHY]", "leave this question open, with a reason if you like", "Move"),
    Command("edit", "[N]", "change answer N; without N, the last one given here", "Answers"),
    Command("delete", "N", "take answer N away", "Answers"),
    Command("vote", "N [DOTS]", "give answer N that many dots; without DOTS, one", "Answers"),
    Command("undo", "", "take back the last change", "Answers"),
    Command("redo", "", "bring back what /undo took", "Answers"),
    Command("as", "NAME", "say who speaks from now on; @NAME text says it for one answer",
            "Answers"),
    Command("help", "", "explain this question", "This question"),
    Command("example", "", "show an example answer", "This question"),
    Command("why", "", "say what this block is for", "This question"),
    Command("park", "TEXT", "put a point aside for later", "For later"),
    Command("action", "TEXT [@WHO] [by DATE]", "note who is to do what, by when", "For later"),
    Command("canvas", "", "show the canvas as it fills", "Views"),
    Command("review", "", "show everything said so far", "Views"),
    Command("find", "TEXT", "search everything said so far", "Views"),
    Command("title", "[TEXT]", "change the session's title; without TEXT, say it", "Session"),
    Command("name", "[LEVEL = NAME]", "give a model a name; without NAME, that of the bank",
            "Session"),
    Command("report", "", "write the Word report", "Session"),
    Command("copy", "FILE", "save a copy elsewhere, also when nothing can be saved here",
            "Session"),
    Command("quit", "", "leave; everything is saved anyway", "Session"),
)  # fmt: skip

_SPACE = re.compile(r"\s")

_BY_NAME: dict[str, Command] = {c.name: c for c in COMMANDS}


class Call(NamedTuple):
    """A command as it was typed, with its arguments."""

    command: Command
    words: str
    """The arguments: everything after the command's name; possibly ""."""


class NoSuchCommand(NamedTuple):
    """Typed text that begins like a command and is none."""

    typed: str
    """The unknown name, without its slash."""
    nearest: Command | None
    """The known command that it resembles most, if any."""


def split_first(text: str) -> tuple[str, str]:
    """Return `text` up to its first white space, and what follows, stripped."""
    first, _, rest = _SPACE.sub("\n", text, count=1).partition("\n")
    return first, rest.strip()


def parse(text: str) -> Call | NoSuchCommand | None:
    """Return the command in `text`, a `NoSuchCommand`, or None where `text` is an answer.

    Only text that begins with one slash is a command; `//` begins an answer with a slash.
    """
    if not text.startswith("/") or text.startswith("//"):
        return None
    typed, words = split_first(text[1:])
    name = typed.casefold()
    if name in _BY_NAME:
        return Call(_BY_NAME[name], words)
    return NoSuchCommand(typed, nearest(name))


def nearest(name: str) -> Command | None:
    """Return the command whose name resembles `name` most, or None where none does."""
    starts = [c for c in COMMANDS if name and c.name.startswith(name)]
    if starts:
        return starts[0]
    from difflib import get_close_matches  # slow to import, and only needed for a typing mistake

    close = get_close_matches(name, _BY_NAME, n=1, cutoff=0.5)
    return _BY_NAME[close[0]] if close else None


def completions(text: str) -> tuple[Command, ...]:
    """Return the commands that begin with `text`, which is a slash and the start of a name."""
    if not text.startswith("/") or text.startswith("//") or " " in text or "\n" in text:
        return ()
    return tuple(c for c in COMMANDS if c.name.startswith(text[1:].casefold()))
