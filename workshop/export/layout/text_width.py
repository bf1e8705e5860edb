"""Predicting how wide text is and where its lines break, without a word processor.

The prediction errs on the side of more lines: it breaks at fewer places than Word and LibreOffice
do, and `fit` keeps a reserve on top. Widths are in ems, so that one measurement serves every font
size.
"""

import math
import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from workshop.export.layout.character_widths import (
    IDEOGRAPHS,
    has_ideographs,
    width_among_ideographs,
    width_of,
)
from workshop.export.layout.combining_marks import limit_combining_marks

MAX_LINES = 100
"""More lines than any page has: the lines of a longer text are not counted further."""
_MIN_CHARACTER_WIDTH = 0.22
"""The width of the narrowest character in ems: the apostrophe of Carlito."""
_ELLIPSIS = "…"
_MAX_PARTIAL_WORD = 12
"""The most characters of a partial word that are removed, so that text is cut between words."""
# In Chinese and Japanese, opening ones do not end a line, and closing ones do not begin one.
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
# Where programs break a long word, such as a web address, without being told to. They differ:
# Word knows hyphens, LibreOffice follows Unicode's rules, other programs break at all punctuation.
_BREAK_POINTS = tuple(
    re.compile(rf"(?<=[{after}])(?=[^{after}])")
    for after in ("-–—", "-–—/?", "-–—/?!|", "-–—/.,;:?&=_")
)
_SPACE = width_of(" ")
_ROUNDING = 1e-9


@lru_cache(maxsize=4096)
def _word_width(word: str, *, bold: bool) -> float:
    """Return the width of a word in ems; cached, as people use the same words again and again."""
    return width_of(word, bold=bold)


class Piece(NamedTuple):
    """A part of a text that is kept on one line, unless it is longer than a line."""

    text: str
    width: float
    """The width in ems, without the space before the piece."""
    spaced: bool
    """Whether there is a space between the previous piece and this one."""


def split_pieces(text: str, *, bold: bool = False) -> tuple[Piece, ...]:
    """Return `text` as pieces between which lines may break; line breaks count as spaces."""
    if text.isascii():
        return tuple(
            Piece(word, _word_width(word, bold=bold), index > 0)
            for index, word in enumerate(text.split())
        )
    measure = width_among_ideographs if has_ideographs(text) else width_of
    return tuple(
        Piece(word, measure(word, bold=bold), bool(space)) for space, word in _PIECE.findall(text)
    )


def wrap(pieces: Sequence[Piece], width: float, max_lines: int, *, bold: bool = False) -> list[str]:
    """Return the lines of `pieces` at `width` ems, but no more than `max_lines` + 1 of them.

    A line beyond `max_lines` shows that the text is longer. Words longer than a line are broken
    anywhere.
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
        if len(lines) > max_lines:
            return lines
        parts = (
            [piece.text]
            if piece.width <= width
            else _break_word(piece.text, width, max_lines + 1 - len(lines), bold=bold)
        )
        lines += parts[:-1]
        if len(lines) > max_lines:
            return lines[: max_lines + 1]
        line, used = parts[-1], width_of(parts[-1], bold=bold)
    return [*lines, line] if line else lines


class MeasuredText:
    """A text whose lines are counted at many widths; it measures only what it must, and once."""

    def __init__(self, text: str, *, bold: bool = False, tail: str = "") -> None:
        """Measure `text`, with single spaces for white space and few combining marks on a letter.

        `tail` comes after the text and is kept when the text is shortened.
        """
        text = limit_combining_marks(text)
        words = text.split() if text.isascii() else _WHITE_SPACE.split(text)
        self._body = " ".join(words).strip(" ")
        self.text = self._body + tail
        self._bold = bold
        self._end = _ELLIPSIS + tail
        self._pieces: tuple[Piece, ...] | None = None
        if has_ideographs(self.text):
            # The widths of pieces include the space between scripts: so does the whole.
            self._pieces = split_pieces(self.text, bold=bold)
            width = sum(p.width + (_SPACE if p.spaced else 0.0) for p in self._pieces)
        else:
            width = width_of(self.text, bold=bold)
        self.width = width
        """The width on one line, in ems."""
        self._line_counts: dict[float, int] = {}

    def min_line_count(self, width: float) -> int:
        """Return a lower bound of the number of lines at `width` ems, without breaking lines."""
        # The space at which a line breaks takes no room.
        return max(math.ceil((self.width + _SPACE) / (width + _SPACE) - _ROUNDING), 1)

    def line_count(self, width: float, max_lines: int) -> int:
        """Return the number of lines at `width` ems, or `max_lines` if there are more."""
        if self.width <= width or max_lines <= self.min_line_count(width):
            return min(self.min_line_count(width) if self.width > width else 1, max_lines)
        if width not in self._line_counts:
            if self._pieces is None:
                self._pieces = split_pieces(self.text, bold=self._bold)
            lines = wrap(self._pieces, width, MAX_LINES, bold=self._bold)
            self._line_counts[width] = len(lines)
        return min(self._line_counts[width], max_lines)

    def clamp(self, width: float, max_lines: int) -> str:
        """Return the text shortened to `max_lines` lines of `width` ems.

        A shortened text ends in "…", before its tail.
        """
        if self.width <= width or self.line_count(width, max_lines + 1) <= max_lines:
            return self.text
        head = self._body[: math.ceil(width * (max_lines + 1) / _MIN_CHARACTER_WIDTH)]
        pieces = split_pieces(head, bold=self._bold)
        lines = wrap(pieces, width, max_lines, bold=self._bold)
        last = lines[min(max_lines, len(lines)) - 1]
        max_width = width - width_of(self._end, bold=self._bold)
        original_length = len(last)
        while last and width_of(last, bold=self._bold) > max_width:
            last = last[:-1]
        if " " in last[-_MAX_PARTIAL_WORD:] and original_length > len(last):
            last = last[: last.rindex(" ")]
        retained = sum(len(line.replace(" ", "")) for line in lines[: max_lines - 1])
        start = _leading_text(self._body, retained + len(last.replace(" ", "")))
        if start.isascii() and all(piece.width <= width for piece in pieces):
            return start + self._end  # no word is broken, so the last line is as measured
        return self._shorten_to_fit(start, width, max_lines)

    def _shorten_to_fit(self, start: str, width: float, max_lines: int) -> str:
        """Return `start` with the end of a shortened text, cut further until the lines fit."""
        while start:
            pieces = split_pieces(start + self._end, bold=self._bold)
            if len(wrap(pieces, width, max_lines, bold=self._bold)) <= max_lines:
                break
            start = start[: -max(len(start) // 20, 1)]
        return start + self._end


def _leading_text(text: str, count: int) -> str:
    """Return the beginning of `text` that has `count` characters other than spaces."""
    for index, character in enumerate(text):
        if count == 0:
            return text[:index].rstrip(" ,;:.–—-")
        count -= character != " "
    return text


def _break_word(word: str, width: float, max_lines: int, *, bold: bool) -> list[str]:
    """Return the lines of a word that is longer than a line, broken in the way that needs most."""
    candidates = [_fill_lines(list(word), width, max_lines, bold=bold)]
    for break_point in _BREAK_POINTS:
        parts = [part for part in break_point.split(word) if part]
        if len(parts) > 1:
            lines: list[str] = []
            for line in _fill_lines(parts, width, max_lines, bold=bold):
                lines += _fill_lines(list(line), width, max_lines, bold=bold)
            candidates.append(lines)
    # Of two with the same number of lines, the one that has less text in them.
    return max(candidates, key=lambda lines: (len(lines), -sum(map(len, lines))))


def _fill_lines(parts: Sequence[str], width: float, max_lines: int, *, bold: bool) -> list[str]:
    lines: list[str] = []
    line, used = "", 0.0
    for part in parts:
        part_width = width_of(part, bold=bold)
        if line and used + part_width > width:
            lines.append(line)
            line, used = "", 0.0
            if len(lines) > max_lines:
                break
        line += part
        used += part_width
    return [*lines, line] if line else lines or [""]
