"""Split very long text into several paragraphs.

LibreOffice's time for a paragraph grows with the square of its length: it takes minutes for one
of a million characters, and seconds for the same text in many paragraphs.
"""

import re
from collections.abc import Iterator
from unicodedata import combining

MAX_CHARACTERS = 4_000
"""The most characters of a paragraph: about a page."""
MOST_LINES = 200
"""The most line ends of a paragraph."""

_LINES = re.compile(rf"(?:[^\n]*\n){{{MOST_LINES}}}")
_SENTENCES = re.compile(r".*[.!?…。！？](?=[ \n])", re.DOTALL)
_JOINERS = "\u200c\u200d\ufe0e\ufe0f\u20e3"


def split_paragraphs(text: str) -> list[str]:
    """Return `text` split into paragraphs: at line ends, else behind sentences, else at words."""
    if len(text) <= MAX_CHARACTERS and text.count("\n") < MOST_LINES:
        return [text]
    return list(_split(text))


def _split(text: str) -> Iterator[str]:
    start = 0
    while len(text) - start > MAX_CHARACTERS or text.count("\n", start) >= MOST_LINES:
        end = start + _split_offset(text[start : start + MAX_CHARACTERS + 1])
        yield text[start:end].rstrip(" \n")
        start = end
        while text[start : start + 1] in (" ", "\n"):
            start += 1
    if start < len(text):
        yield text[start:]


def _split_offset(beginning: str) -> int:
    """Return the offset at which to split `beginning`, the first part of a longer text."""
    if lines := _LINES.match(beginning):
        return lines.end()
    # Not in the first half: a paragraph of a few words looks like a mistake.
    minimum = len(beginning) // 2
    for end in (
        beginning.rfind("\n"),
        sentences.end() if (sentences := _SENTENCES.match(beginning)) else -1,
    ):
        if end > minimum:
            return end
    if (end := beginning.rfind(" ")) > minimum:
        return end
    end = len(beginning) - 1
    while end > minimum and (
        combining(beginning[end]) or beginning[end] in _JOINERS or beginning[end - 1] in _JOINERS
    ):
        end -= 1
    return end
