"""The replies of line mode: lines from a terminal, where they can be edited, or from a pipe."""

import sys
from typing import TextIO

from workshop.facilitation import slash_commands
from workshop.text import MAX_CHARACTERS

_PROMPT = "> "
_END = "\x04"
"""Ctrl+D, which ends the input."""


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
        """What was begun and not sent: as far as it is known, see `shows_lines`."""
        return "\n".join(self._parts)

    @property
    def shows_lines(self) -> bool:
        """Whether half a line is known. A terminal that edits lines itself shows whole ones."""
        return self._edited or not self.typed

    def next(self) -> str | None:
        """Return the next reply, or None at the end of input.

        In a pipe the last line needs no line end. In a terminal somebody has not sent it then.
        """
        while (line := self._line()) is not None:
            goes_on = line.endswith("\\")
            self._parts.append(line[:-1] if goes_on else line)
            if not goes_on:
                break
        if line is None and self.typed:
            self._stdout.write("\n")  # the terminal's cursor is still behind the prompt
        if line is None and (self.typed or not self._parts):
            return None
        reply, self._parts = self.half, []
        return reply

    def _line(self) -> str | None:
        """Return the next line, or None at the end of input, which may come in its midst."""
        if self._edited:
            return self._edited_line()
        if self.typed:
            self._stdout.write(_PROMPT)
            self._stdout.flush()
        # A line has no end that can be trusted: what is too long to be an answer is passed on as
        # one that is too long, and the rest of it is passed over.
        most = MAX_CHARACTERS + 2
        line = rest = self._stdin.readline(most)
        while len(rest) == most and not rest.endswith("\n"):
            rest = self._stdin.readline(most)
        if self.typed and not rest.endswith("\n"):
            # To read on now would be to wait for somebody who has said that there is no more.
            return self._ended_behind(line)
        return line.removesuffix("\n") if line else None

    def _edited_line(self) -> str | None:
        try:
            line = input(_PROMPT)
        except EOFError:
            return None
        except BaseException:  # Ctrl+C or another signal: nobody else knows what stands there
            self._ended_behind(_line_being_edited())
            raise
        return self._ended_behind(line.replace(_END, "")) if _END in line else line

    def _ended_behind(self, line: str) -> None:
        """Keep half a line, behind which all has ended."""
        if line:
            self._parts.append(line)


def _edit_lines() -> None:
    """Let people edit their line and complete commands, where the system can."""
    try:
        import readline
    except ImportError:
        return

    def complete(text: str, state: int) -> str | None:
        names = [f"/{c.name}" for c in slash_commands.completions(text)]
        return names[state] if state < len(names) else None

    readline.set_completer(complete)
    readline.set_completer_delims(" ")
    readline.parse_and_bind("tab: complete")
    # A paste is several lines, and so several replies; and no escape sequences are printed.
    readline.parse_and_bind("set enable-bracketed-paste off")
    # Otherwise Ctrl+D behind half a line would do nothing at all, however often it is pressed.
    readline.parse_and_bind(r'"\C-d": "\C-q\C-d\C-m"')


def _line_being_edited() -> str:
    """Return what stands in the line that somebody edits, where the system can."""
    try:
        import readline
    except ImportError:
        return ""
    return readline.get_line_buffer()
