"""Very long text in portions, one paragraph each.

The time that LibreOffice takes for a paragraph grows with the square of its length: minutes for one
of a million characters, seconds for the same text in portions.
"""

import re
from collections.abc import Iterator
from unicodedata import combining

LONGEST = 4_000
"""The most characters of a portion: about a page."""
MOST_LINES = 200
"""The most lines of a portion that end where somebody ended them."""

_LINES = re.compile(rf"(?:[^\n]*\n){{{MOST_LINES}}}")
_STOP = re.compile(r".*[.!?…。！？](?=[ \n])", re.DOTALL)
_JOINING = "\u200c\u200d\ufe0e\ufe0f\u20e3"


def split_paragraphs(text: str) -> list[str]:
    """Return `text` in portions: parted at line ends, or else behind sentences, or words."""
    if len(text) <= LONGEST and text.count("\n") < MOST_LINES:
        return [text]
    return list(_cut(text))


def _cut(text: str) -> Iterator[str]:
    start = 0
    while len(text) - start > LONGEST or text.count("\n", start) >= MOST_LINES:
        end = start + _end(text[start : start + LONGEST + 1])
        yield text[start:end].rstrip(" \n")
        start = end
        while text[start : start + 1] in (" ", "\n"):
            start += 1
    if start < len(text):
        yield text[start:]


def _end(head: str) -> int:
    """Return where to cut the beginning of a text; there is more of it behind `head`."""
    if lines := _LINES.match(head):
        return lines.end()
    # Not in the first half: a portion of a few words looks like a mistake.
    least = len(head) // 2
    for end in (head.rfind("\n"), stop.end() if (stop := _STOP.match(head)) else -1):
        if end > least:
            return end
    if (end := head.rfind(" ")) > least:
        return end
    end = len(head) - 1
    while end > least and (
        combining(head[end]) or head[end] in _JOINING or head[end - 1] in _JOINING
    ):
        end -= 1
    return end
