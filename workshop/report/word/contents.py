"""The contents: a field that we have filled in, so that Word never asks to update it."""

from collections.abc import Sequence
from dataclasses import dataclass

from workshop.report.word.xml import Element, field_end, field_start, link, paragraph

_INSTRUCTION = r'TOC \o "1-2" \n \h \z \u'


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the contents."""

    level: int
    """1 or 2, as the heading's."""
    anchor: str
    """The heading's bookmark."""
    text: str


def add_contents(body: Element, place: int, entries: Sequence[Entry]) -> None:
    """Put a list of links to all headings, without page numbers, before the child at `place`."""
    lines = [paragraph(body, "TOCHeading", "Contents")]
    for number, entry in enumerate(entries):
        line = paragraph(body, f"TOC{entry.level}")
        if number == 0:
            field_start(line, _INSTRUCTION)
        link(line, entry.anchor, entry.text, "ContentsLink")
        lines.append(line)
    field_end(lines[-1])
    for offset, line in enumerate(lines):
        body.insert(place + offset, line)
