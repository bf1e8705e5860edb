"""Parses what a terminal sends into keys, and leaves out malformed escape sequences."""

from collections.abc import Iterator

from textual._parser import ParseError
from textual._xterm_parser import XTermParser
from textual.message import Message

_MALFORMED = (ValueError, ArithmeticError, ParseError)
"""The exceptions of Textual's parser at a sequence whose numbers name no key and no position."""


class KeyParser(XTermParser):
    """Textual's parser, which survives a malformed escape sequence and leaves out only that one.

    Textual's own raises at the last character of the sequence, which leaves it unusable and throws
    away the rest of the same read: text that was pasted, or typed on a slow connection.
    """

    def feed(self, data: str) -> Iterator[Message]:
        """Yield the messages that `data` stands for."""
        # One character at a time: the rest after a malformed sequence is still to be fed then.
        for character in data:
            try:
                yield from super().feed(character)
            except _MALFORMED:
                self._restart()

    def tick(self) -> Iterator[Message]:
        """Yield the messages of a sequence that was not completed in time."""
        try:
            yield from super().tick()
        except _MALFORMED:
            self._restart()

    def _restart(self) -> None:
        """Expect the beginning of a key or a sequence; what is known of the terminal stays."""
        # Textual leaves open what its callback takes.
        self._gen = self.parse(self._tokens.append)  # pyright: ignore[reportUnknownMemberType]
        self._awaiting = next(self._gen)
