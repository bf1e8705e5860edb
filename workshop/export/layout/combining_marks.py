"""Limiting the combining marks on a letter to as many as a line has room for.

Fifty combining marks on one letter reach far into the lines above and below it, and into other
blocks. They are limited only where a text has to fit: elsewhere it stays as it was typed.
"""

from unicodedata import category

_ACCENT_RANGES = (
    range(0x0300, 0x0370), range(0x1AB0, 0x1B00), range(0x1DC0, 0x1E00), range(0x20D0, 0x2100),
    range(0xFE20, 0xFE30),
)  # fmt: skip
_MAX_ACCENTS = 3
"""The most accents on a letter: Vietnamese and phonetic script have two, seldom three."""
_MAX_MARKS = 6
"""The most combining marks: in Hebrew, Arabic, Thai or Tibetan most do not stack as accents do."""
_MAX_REPEATS = 2
"""The most times that a letter may have the same combining mark."""


def limit_combining_marks(text: str) -> str:
    """Return `text` without the combining marks that exceed the limits of a letter."""
    if text.isascii():
        return text
    retained: list[str] = []
    accents = 0
    letter_marks: list[str] = []
    for character in text:
        kind = category(character)
        if kind in ("Mn", "Me"):
            accents += any(ord(character) in accent_range for accent_range in _ACCENT_RANGES)
            letter_marks.append(character)
            if (
                len(letter_marks) > _MAX_MARKS
                or accents > _MAX_ACCENTS
                or letter_marks.count(character) > _MAX_REPEATS
            ):
                continue
        elif kind != "Cf":  # a joiner does not begin a letter
            accents = 0
            letter_marks.clear()
        retained.append(character)
    return "".join(retained)
