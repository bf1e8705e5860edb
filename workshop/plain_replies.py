"""The replies of line mode: lines from a terminal, where they can be edited, or from a pipe."""

import sys
from typing import TextIO

from workshop.session import commands
from workshop.text import MAX_CHARACTERS

_PROMPT = "> "


class Replies:
    """The replies that come in on lines."""

    def __init__(self, stdin: TextIO, stdout: TextIO) -> None:
        """Read from `stdin`; prompt on `stdout` where somebody types."""
        self._stdin, self._stdout = stdin, stdout
        self.typed = stdin.isatty()
        """Whether the replies are typed in a terminal."""
        self._edited = (
            self.typed and stdin is sys.stdin and stdout is sys.stdout and stdout.isatty()
        )
        if self._edited:
            _edit_lines()
        self._parts: list[str] = []

    @property
    def half(self) -> str:
        """What was begun with lines that end in a backslash, and not sent yet."""
        return "\n".join(self._parts)

    def next(self) -> str | None:
        """Return the next reply, or None at the end of input."""
        while (line := self._line()) is not None:
            goes_on = line.endswith("\\")
            self._parts.append(line[:-1] if goes_on else line)
            if not goes_on:
                break
        if line is None and self.typed:
            self._stdout.write("\n")  # the terminal's cursor is still behind the prompt
        if line is None and not self._parts:
            return None
        reply, self._parts = self.half, []
        return reply

    def _line(self) -> str | None:
        if self._edited:
            try:
                return input(_PROMPT)
            except EOFError:
                return None
        if self.typed:
            self._stdout.write(_PROMPT)
            self._stdout.flush()
        # A line has no end that can be trusted: what is too long to be an answer is passed on as
        # one that is too long, and the rest of it is passed over.
        line = rest = self._stdin.readline(MAX_CHARACTERS + 2)
        while rest and not rest.endswith("\n"):
            rest = self._stdin.readline(MAX_CHARACTERS)
        return line.removesuffix("\n") if line else None


def _edit_lines() -> None:
    """Let people edit their line and complete commands, where the system can."""
    try:
        import readline  # noqa: PLC0415 - not every system has it
    except ImportError:
        return

    def complete(text: str, state: int) -> str | None:
        names = [f"/{c.name}" for c in commands.completions(text)]
        return names[state] if state < len(names) else None

    readline.set_completer(complete)
    readline.set_completer_delims(" ")
    readline.parse_and_bind("tab: complete")
    # A paste is several lines, and so several replies; and no escape sequences are printed.
    readline.parse_and_bind("set enable-bracketed-paste off")
