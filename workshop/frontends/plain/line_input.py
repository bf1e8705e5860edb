"""Reads the replies of line mode: from a terminal, where a line can be edited, or from a pipe."""

import codecs
import io
import re
import sys
from typing import TextIO

from workshop.facilitation import slash_commands
from workshop.text import MAX_CHARACTERS

_PROMPT = "> "
_MAX_REPLIES = 100
"""The most replies that are handled together."""
_CHUNK = 1 << 16
"""The most bytes that are read from a pipe at once."""
_REPLY_END = re.compile(r"(?:^|[^\\])\n")
_CTRL_D = "\x04"
"""Ends the input."""


class ReplyReader:
    """Reads lines and joins them into replies."""

    def __init__(self, stdin: TextIO, stdout: TextIO) -> None:
        """Read from `stdin`; show a prompt on `stdout` where `stdin` is a terminal."""
        self._stdin, self._stdout = stdin, stdout
        self.is_terminal = stdin.isatty()
        """Whether somebody types the replies in a terminal."""
        self._has_line_editor = (
            self.is_terminal and stdin is sys.stdin and stdout is sys.stdout and stdout.isatty()
        )
        if self._has_line_editor:
            _enable_line_editor()
        self._lines = None if self.is_terminal else _PipeLines.of(stdin)
        self._parts: list[str] = []

    @property
    def unsent(self) -> str:
        """The part of a reply that was typed and not sent, as far as it is visible here."""
        return "\n".join(self._parts)

    @property
    def sees_unsent_line(self) -> bool:
        """Whether an unfinished line is visible: a terminal that edits lines itself hides it."""
        return self._has_line_editor or not self.is_terminal

    def next_replies(self) -> list[str]:
        """Return the next reply, and those of a pipe that are there without waiting; [] at the end.

        Replies that can be saved together are saved in less time.
        """
        first = self._next()
        replies = [] if first is None else [first]
        while replies and len(replies) < _MAX_REPLIES and self._lines and self._lines.has_reply:
            replies.append(self._next() or "")
        return replies

    def _next(self) -> str | None:
        """Return the next reply, or None at the end of input.

        In a pipe, the last line needs no line end; in a terminal, a line without one was not sent.
        """
        while (line := self._read_line()) is not None:
            continues = line.endswith("\\")
            self._parts.append(line[:-1] if continues else line)
            if not continues:
                break
        if line is None and self.is_terminal:
            self._stdout.write("\n")  # the cursor still stands after the prompt
        if line is None and (self.is_terminal or not self._parts):
            return None
        reply, self._parts = self.unsent, []
        return reply

    def _read_line(self) -> str | None:
        """Return the next line, or None at the end of input, which may come in mid-line."""
        if self._has_line_editor:
            return self._read_edited_line()
        if self.is_terminal:
            self._stdout.write(_PROMPT)
            self._stdout.flush()
        # A line may be endless. One that is too long for an answer is cut to a length that the
        # facilitator still refuses, and its rest is skipped.
        limit = MAX_CHARACTERS + 2
        readline = self._lines.readline if self._lines else self._stdin.readline
        line = rest = readline(limit)
        while len(rest) == limit and not rest.endswith("\n"):
            rest = readline(limit)
        if self.is_terminal and not rest.endswith("\n"):
            # The input has ended here: another read would wait for more typing.
            return self._end_with_unsent(line)
        return line.removesuffix("\n") if line else None

    def _read_edited_line(self) -> str | None:
        try:
            line = input(_PROMPT)
        except EOFError:
            return None
        except BaseException:  # Ctrl+C or another signal: only readline still knows the line
            self._end_with_unsent(_line_in_editor())
            raise
        return self._end_with_unsent(line.replace(_CTRL_D, "")) if _CTRL_D in line else line

    def _end_with_unsent(self, line: str) -> None:
        """Store the unfinished line with which the input ended."""
        if line:
            self._parts.append(line)


class _PipeLines:
    """The lines of a pipe or a file, some of which may be there already.

    Unlike a text stream, it tells whether another line can be read without waiting.
    """

    def __init__(self, stream: io.BufferedReader, encoding: str, errors: str) -> None:
        """Read what is left in `stream`."""
        self._bytes = stream
        decoder = codecs.getincrementaldecoder(encoding)(errors)
        self._decoder = io.IncrementalNewlineDecoder(decoder, translate=True)
        self._text = ""
        self._ended = False

    @classmethod
    def of(cls, stream: TextIO) -> "_PipeLines | None":
        """Return the lines of `stream`, or None if it is no stream of bytes underneath."""
        match stream:
            case io.TextIOWrapper(buffer=io.BufferedReader() as raw):
                return cls(raw, stream.encoding, stream.errors or "strict")
            case _:
                return None

    @property
    def has_reply(self) -> bool:
        """Whether a whole reply is there, which ends with a line that none continues."""
        return _REPLY_END.search(self._text) is not None

    def readline(self, limit: int) -> str:
        """Return the next line, or at most `limit` characters of it; "" at the end."""
        while "\n" not in self._text and len(self._text) < limit and not self._ended:
            chunk = self._bytes.read1(_CHUNK)
            self._ended = not chunk
            self._text += self._decoder.decode(chunk, final=self._ended)
        end = min(self._text.find("\n") + 1 or len(self._text), limit)
        line, self._text = self._text[:end], self._text[end:]
        return line


def _enable_line_editor() -> None:
    """Turn on line editing and completion of commands, where the system has readline."""
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
    # A paste is several lines, thus several replies; off, so that no escape sequences are printed.
    readline.parse_and_bind("set enable-bracketed-paste off")
    # Without this binding, Ctrl+D after an unfinished line would do nothing.
    readline.parse_and_bind(r'"\C-d": "\C-q\C-d\C-m"')


def _line_in_editor() -> str:
    """Return the line that is being edited, or "" where the system has no readline."""
    try:
        import readline
    except ImportError:
        return ""
    return readline.get_line_buffer()
