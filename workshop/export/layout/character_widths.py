"""The widths of characters in ems: exact for those of Carlito, a safe average for all others.

Safe means that a line of ordinary text is no wider than predicted, in Word's fonts and in the free
fonts that replace them. The averages were measured with Noto Sans, bold.
"""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Mapping

from workshop.export.layout.glyph_widths import BOLD, REGULAR, UNITS_PER_EM

IDEOGRAPHS = "\u2e80-\u31ff\u3400-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff"
"""Characters between which lines may break, as the content of a regular expression's brackets."""
_HANGUL = "\uac00-\ud7ff"
_WIDE = 1.0
_EMOJI = 1.4
"""Segoe UI Emoji is wider than one em."""
_UNKNOWN = 0.7
"""A safe average for most scripts that Carlito lacks: Thai, Armenian, Georgian."""
_AVERAGES = {
    0x0000: _UNKNOWN,
    0x0590: 0.6,  # Hebrew, Arabic
    0x0700: _UNKNOWN,
    0x0900: 0.65,  # Devanagari, Bengali, Gurmukhi, Gujarati
    0x0B00: _UNKNOWN,
    0x0B80: 0.95,  # Tamil
    0x0C00: 0.85,  # Telugu, Kannada
    0x0D00: 0.95,  # Malayalam
    0x0D80: 0.9,  # Sinhala
    0x0E00: _UNKNOWN,
    0x0E80: 0.75,  # Lao
    0x0F00: _UNKNOWN,
    0x1000: 0.85,  # Myanmar
    0x10A0: _UNKNOWN,
    0x1200: 0.85,  # Ethiopic
    0x1400: _UNKNOWN,
}
"""Averages of other scripts, each from that code point on."""
_STARTS = tuple(_AVERAGES)
_SCRIPT_GAP = 0.25
"""The space in ems that programs put between East Asian and other characters."""
_EAST_ASIAN = re.compile(f"[{IDEOGRAPHS}{_HANGUL}]")
_SCRIPT_BOUNDARY = re.compile(
    rf"(?<=[{IDEOGRAPHS}{_HANGUL}])(?=[^\W{IDEOGRAPHS}{_HANGUL}])"
    rf"|(?<=[^\W{IDEOGRAPHS}{_HANGUL}])(?=[{IDEOGRAPHS}{_HANGUL}])"
)


class _Widths(dict[str, float]):
    """The widths of characters in ems; those that Carlito lacks are estimated when first needed."""

    def __init__(self, runs: Mapping[int, str], *, among_wide: bool = False) -> None:
        super().__init__(
            (chr(first + index), int(units) / UNITS_PER_EM)
            for first, run in runs.items()
            for index, units in enumerate(run.split())
            if units != "0" and not (among_wide and _is_ambiguous(chr(first + index)))
        )
        self._ambiguous = _WIDE if among_wide else _UNKNOWN

    def __missing__(self, character: str) -> float:
        width = self[character] = self._estimate(character)
        return width

    def _estimate(self, character: str) -> float:
        code = ord(character)
        width = unicodedata.east_asian_width(character)
        if unicodedata.combining(character) or unicodedata.category(character) in ("Mn", "Cf"):
            return 0.0
        if 0x1F000 <= code < 0x20000 or (0x2300 <= code < 0x2C00 and width == "W"):
            return _EMOJI
        if 0x2600 <= code < 0x27C0:
            return _EMOJI  # drawn as emoji, or in a font of symbols
        if width in "WF":
            return _WIDE
        if width == "A":
            return self._ambiguous
        return _AVERAGES[_STARTS[bisect_right(_STARTS, code) - 1]]


def _is_ambiguous(character: str) -> bool:
    """Return whether a character is as wide as an ideograph if it stands among ideographs."""
    return unicodedata.east_asian_width(character) == "A" and not character.isalnum()


_REGULAR, _BOLD = _Widths(REGULAR), _Widths(BOLD)
_WIDE_REGULAR, _WIDE_BOLD = _Widths(REGULAR, among_wide=True), _Widths(BOLD, among_wide=True)


def width_of(text: str, *, bold: bool = False) -> float:
    """Return the width of `text` on one line, in ems."""
    if text.isascii() or _EAST_ASIAN.search(text) is None:
        return sum(map((_BOLD if bold else _REGULAR).__getitem__, text))
    widths = _WIDE_BOLD if bold else _WIDE_REGULAR
    boundaries = len(_SCRIPT_BOUNDARY.findall(text))
    return sum(map(widths.__getitem__, text)) + boundaries * _SCRIPT_GAP


def width_among_ideographs(text: str, *, bold: bool = False) -> float:
    """Return the width, in ems, of a piece of a text that has East Asian characters elsewhere.

    Such a character may stand on either side, so the space between scripts is included.
    """
    if _EAST_ASIAN.search(text):
        return width_of(text, bold=bold)
    widths = _WIDE_BOLD if bold else _WIDE_REGULAR
    ends = text[0].isalnum() + text[-1].isalnum()
    return sum(map(widths.__getitem__, text)) + ends * _SCRIPT_GAP


def has_ideographs(text: str) -> bool:
    """Return whether `text` contains East Asian characters."""
    return not text.isascii() and _EAST_ASIAN.search(text) is not None
