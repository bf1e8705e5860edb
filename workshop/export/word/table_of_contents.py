"""The table of contents: a field with its result, so that Word never asks to update it."""

from collections.abc import Sequence
from dataclasses import dataclass

from workshop.export.word.paragraphs import Typesetter
from workshop.export.word.xml import Element, field_end
from workshop.views import labels

_INSTRUCTION = r'TOC \o "1-2" \n \h \z \u'


@dataclass(frozen=True, slots=True)
class ContentsEntry:
    """One line of the table of contents."""

    level: int
    """The level of the heading: 1 or 2."""
    anchor: str
    """The heading's bookmark."""
    text: str


def add_contents(
    body: Element, index: int, entries: Sequence[ContentsEntry], typesetter: Typesetter
) -> None:
    """Insert links to all headings, without page numbers, before the child of `body` at `index`."""
    lines = [typesetter.add_paragraph(body, "TOCHeading", labels.CONTENTS)]
    for number, entry in enumerate(entries):
        text = entry.text, "ContentsLink"
        line = typesetter.add_link(
            body, f"TOC{entry.level}", entry.anchor, text, _INSTRUCTION if number == 0 else None
        )
        lines.append(line)
    field_end(lines[-1])
    for offset, line in enumerate(lines):
        body.insert(index + offset, line)
