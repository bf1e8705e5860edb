"""How wide text is and where its lines break, predicted without a word processor.

The prediction errs on the side of more lines: it breaks at fewer places than Word and LibreOffice
do, and `canvas_fit` keeps a reserve on top. Widths are in ems, so that one measurement serves every
font size.
"""

import math
import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from workshop.export.layout.character_widths import (
    IDEOGRAPHS,
    among_ideographs,
    has_ideographs,
    width_of,
)
from workshop.export.layout.combining_marks import limit_combining_marks

MAX_LINES = 100
"""More lines than any page has; a text with more of them is not followed to its end."""
_NARROW = 0.22
"""The narrowest that a character is, in ems: the apostrophe of Carlito."""
_ELLIPSIS = "…"
_RAGGED = 12
"""How many characters of a word are given up so that text is cut between words."""
# Neither ends nor begins a line in Chinese and Japanese.
_OPENING = "‘“(\\[{〈《「『【〔〖〘〝（［｛｢￥＄"
_CLOSING = (
    "’”)\\]}〉》」』】〕〗〙〟）］｝｣、。，．・：；？！…‥—～％ー々〻ぁぃぅぇぉっゃゅょゎゕゖァィゥェォッャ"
    "ュョヮヵヶ,.:;?!%"
)
_UNBREAKABLE_SPACES = "\u00a0\u202f"
_WHITE_SPACE = re.compile(rf"(?:(?![{_UNBREAKABLE_SPACES}])\s)+")
# The space before a piece, if any, and the piece: a word, or one ideograph with its punctuation.
_PIECE = re.compile(
    rf"((?:(?![{_UNBREAKABLE_SPACES}])\s)*)"
    rf"([{_OPENING}]*(?:[{IDEOGRAPHS}]|(?:[^\s{IDEOGRAPHS}]|[{_UNBREAKABLE_SPACES}])+)[{_CLOSING}]*)"
)
# Where programs break a long word of their own accord, such as an address on the web. They differ:
# Word knows hyphens, LibreOffice follows Unicode's rules, other programs break at all punctuation.
_SEAMS = tuple(
    re.compile(rf"(?<=[{after}])(?=[^{after}])")
    for after in ("-–—", "-–—/?", "-–—/?!|", "-–—/.,;:?&=_")
)
_SPACE = width_of(" ")
_ROUNDING = 1e-9


@lru_cache(maxsize=4096)
def _word_width(word: str, *, bold: bool) -> float:
    """Return the width of a word in ems: people use the same ones again and again."""
    return width_of(word, bold=bold)


class Piece(NamedTuple):
    """A stretch of text in which no line breaks, unless it is longer than a line."""

    text: str
    width: float
    """In ems, without the space before it."""
    spaced: bool
    """Whether a space parts it from the piece before."""


def split_pieces(text: str, *, bold: bool = False) -> tuple[Piece, ...]:
    """Return `text` as pieces between which lines may break; line ends count as spaces."""
    if text.isascii():
        return tuple(
            Piece(word, _word_width(word, bold=bold), place > 0)
            for place, word in enumerate(text.split())
        )
    width = among_ideographs if has_ideographs(text) else width_of
    return tuple(
        Piece(word, width(word, bold=bold), bool(space)) for space, word in _PIECE.findall(text)
    )


def wrap(pieces: Sequence[Piece], width: float, most: int, *, bold: bool = False) -> list[str]:
    """Return the lines of `pieces` at `width` ems: at most `most` + 1, where the last says "more".

    Words longer than a line are broken anywhere.
    """
    space = width_of(" ", bold=bold)
    lines: list[str] = []
    line, used = "", 0.0
    for piece in pieces:
        gap = space if piece.spaced and line else 0.0
        if used + gap + piece.width <= width:
            line += (" " if gap else "") + piece.text
            used += gap + piece.width
            continue
        if line:
            lines.append(line)
        if len(lines) > most:
            return lines
        broken = (
            [piece.text]
            if piece.width <= width
            else _broken(piece.text, width, most + 1 - len(lines), bold=bold)
        )
        lines += broken[:-1]
        if len(lines) > most:
            return lines[: most + 1]
        line, used = broken[-1], width_of(broken[-1], bold=bold)
    return [*lines, line] if line else lines


class MeasuredText:
    """A text that is asked again and again how many lines it takes. It measures what it must."""

    def __init__(self, text: str, *, bold: bool = False, tail: str = "") -> None:
        """Take in `text`, whose white space counts as single spaces.

        Of marks on one letter it keeps as many as a line has room for.

        `tail` is what follows it and stays when the text is cut.
        """
        text = limit_combining_marks(text)
        words = text.split() if text.isascii() else _WHITE_SPACE.split(text)
        self._body = " ".join(words).strip(" ")
        self.text = self._body + tail
        self._bold = bold
        self._end = _ELLIPSIS + tail
        self._pieces: tuple[Piece, ...] | None = None
        if has_ideographs(self.text):
            # Pieces count in space that may be between scripts: so does the whole.
            self._pieces = split_pieces(self.text, bold=bold)
            width = sum(p.width + (_SPACE if p.spaced else 0.0) for p in self._pieces)
        else:
            width = width_of(self.text, bold=bold)
        self.width = width
        """On one line, in ems."""
        self._lines: dict[float, int] = {}

    def at_least(self, width: float) -> int:
        """Return a number of lines that the text does not go below at `width` ems. Quick."""
        # The space at which a line breaks takes no room.
        return max(math.ceil((self.width + _SPACE) / (width + _SPACE) - _ROUNDING), 1)

    def lines(self, width: float, most: int) -> int:
        """Return the number of lines at `width` ems, or `most` where there are more."""
        if self.width <= width or most <= self.at_least(width):
            return min(self.at_least(width) if self.width > width else 1, most)
        if width not in self._lines:
            if self._pieces is None:
                self._pieces = split_pieces(self.text, bold=self._bold)
            self._lines[width] = len(wrap(self._pieces, width, MAX_LINES, bold=self._bold))
        return min(self._lines[width], most)

    def clamp(self, width: float, lines: int) -> str:
        """Return the text cut to `lines` lines of `width` ems, ending in "…" where it was cut."""
        if self.width <= width or self.lines(width, lines + 1) <= lines:
            return self.text
        head = self._body[: math.ceil(width * (lines + 1) / _NARROW)]
        pieces = split_pieces(head, bold=self._bold)
        wrapped = wrap(pieces, width, lines, bold=self._bold)
        last = wrapped[min(lines, len(wrapped)) - 1]
        room = width - width_of(self._end, bold=self._bold)
        whole = len(last)
        while last and width_of(last, bold=self._bold) > room:
            last = last[:-1]
        if " " in last[-_RAGGED:] and whole > len(last):
            last = last[: last.rindex(" ")]
        kept = sum(len(line.replace(" ", "")) for line in wrapped[: lines - 1])
        start = _first(self._body, kept + len(last.replace(" ", "")))
        if start.isascii() and all(piece.width <= width for piece in pieces):
            return start + self._end  # no word is broken, so that the last line is as measured
        return self._surely(start, width, lines)

    def _surely(self, start: str, width: float, lines: int) -> str:
        """Return `start` and the end, with less of it where a long word would break otherwise."""
        while start:
            pieces = split_pieces(start + self._end, bold=self._bold)
            if len(wrap(pieces, width, lines, bold=self._bold)) <= lines:
                break
            start = start[: -max(len(start) // 20, 1)]
        return start + self._end


def _first(text: str, count: int) -> str:
    """Return the beginning of `text` that has `count` characters other than spaces."""
    for place, character in enumerate(text):
        if count == 0:
            return text[:place].rstrip(" ,;:.–—-")
        count -= character != " "
    return text


def _broken(word: str, width: float, most: int, *, bold: bool) -> list[str]:
    """Return a word that is longer than a line in lines, broken the least favourable way."""
    ways = [_filled(list(word), width, most, bold=bold)]
    for seam in _SEAMS:
        parts = [s for s in seam.split(word) if s]
        if len(parts) > 1:
            at_seams: list[str] = []
            for line in _filled(parts, width, most, bold=bold):
                at_seams += _filled(list(line), width, most, bold=bold)
            ways.append(at_seams)
    # Where two ways take the same lines, the one that gets less into them.
    return max(ways, key=lambda lines: (len(lines), -sum(map(len, lines))))


def _filled(parts: Sequence[str], width: float, most: int, *, bold: bool) -> list[str]:
    lines: list[str] = []
    line, used = "", 0.0
    for part in parts:
        wide = width_of(part, bold=bold)
        if line and used + wide > width:
            lines.append(line)
            line, used = "", 0.0
            if len(lines) > most:
                break
        line += part
        used += wide
    return [*lines, line] if line else lines or [""]
