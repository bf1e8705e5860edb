"""Text with no more combining marks on a letter than a line has room for.

Fifty marks on one letter reach far into the lines above and below it, and into other blocks. Where
lines are counted, marks are too; where a text has the page to itself, it stays as it was typed.
"""

from unicodedata import category

_GENERAL = (
    range(0x0300, 0x0370), range(0x1AB0, 0x1B00), range(0x1DC0, 0x1E00), range(0x20D0, 0x2100),
    range(0xFE20, 0xFE30),
)  # fmt: skip
_MOST_GENERAL = 3
"""Accents, which stand on each other: Vietnamese and phonetic script have two, seldom three."""
_MOST = 6
"""Marks in all, as of Hebrew, Arabic, Thai or Tibetan, which mostly stand beside each other."""
_MOST_ALIKE = 2
"""Of one and the same mark."""


def limit_combining_marks(text: str) -> str:
    """Return `text` without the marks that are too many on their letter."""
    if text.isascii():
        return text
    kept: list[str] = []
    accents = 0
    marks: list[str] = []
    for character in text:
        kind = category(character)
        if kind in ("Mn", "Me"):
            accents += any(ord(character) in among for among in _GENERAL)
            marks.append(character)
            if (
                len(marks) > _MOST
                or accents > _MOST_GENERAL
                or marks.count(character) > _MOST_ALIKE
            ):
                continue
        elif kind != "Cf":  # a joiner does not begin a letter
            accents = 0
            marks.clear()
        kept.append(character)
    return "".join(kept)
