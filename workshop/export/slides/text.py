# pyright: reportPrivateUsage=false, reportUnknownMemberType=false, reportUnknownVariableType=false
# python-pptx has no public way to set a language by its tag, a direction or a bullet.
"""Text in the shapes of a slide. Text gets in through `.text` alone; it is never markup."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from pptx.dml.color import RGBColor
from pptx.enum.text import PP_ALIGN
from pptx.oxml.xmlchemy import OxmlElement
from pptx.shapes.autoshape import Shape
from pptx.slide import Slide
from pptx.text.text import TextFrame, _Paragraph
from pptx.util import Pt

from workshop.export.i18n.languages import runs_right_to_left
from workshop.export.i18n.writing_systems import runs_right_to_left as text_runs_right_to_left
from workshop.export.layout.character_widths import has_ideographs

_PARTED = re.compile("(●[0-9,]+)")
"""Votes, which East Asian fonts would print with far too large a dot."""
_LATIN = "+mn-lt"
"""The theme's font for Latin text."""


@dataclass(frozen=True, slots=True)
class TextFormat:
    """How a paragraph is set, in points."""

    size: float
    line: float
    """The height of its lines."""
    colour: str | None = None
    """None for that of its surroundings."""
    bold: bool = False
    after: float = 0.0
    """The space below it."""
    bullet: float | None = None
    """How far its text stands behind a bullet, where it has one."""
    align: PP_ALIGN | None = None
    """None for the side on which its script begins."""


def start_alignment(language: str) -> PP_ALIGN:
    """Return where our own words stand: where the language (a tag) begins."""
    return PP_ALIGN.RIGHT if runs_right_to_left(language) else PP_ALIGN.LEFT


def add_paragraph(
    frame: TextFrame, text: str, language: str, look: TextFormat | None = None
) -> None:
    """Add `text`, which has one line, to a frame: as the layout has it, or in a look of its own.

    `language` is a tag that PowerPoint knows.
    """
    paragraph = frame.paragraphs[-1]
    if paragraph.runs:
        paragraph = frame.add_paragraph()
    for part in _PARTED.split(text) if has_ideographs(text) else [text]:
        if part or not text:
            _add_run(paragraph, part, language, look)
    if look:
        paragraph.line_spacing = Pt(look.line)
        paragraph.space_before = Pt(0)
        paragraph.space_after = Pt(look.after)
    properties = paragraph._p.get_or_add_pPr()
    backward = text_runs_right_to_left(text)
    if backward:
        properties.set("rtl", "1")
    # A new shape has its first paragraph centred.
    if look is None:  # a title
        paragraph.alignment = PP_ALIGN.RIGHT if backward else start_alignment(language)
    elif look.align is None:
        paragraph.alignment = PP_ALIGN.RIGHT if backward else PP_ALIGN.LEFT
    else:
        paragraph.alignment = look.align
    if look and look.bullet is not None:
        properties.set("marL", str(Pt(look.bullet)))
        properties.set("indent", str(-Pt(look.bullet)))
        for name, key, value in (("a:buFont", "typeface", "Arial"), ("a:buChar", "char", "•")):
            part = OxmlElement(name)
            part.set(key, value)
            properties.append(part)


def _add_run(paragraph: _Paragraph, text: str, language: str, look: TextFormat | None) -> None:
    run = paragraph.add_run()
    run.text = text
    properties = run.font._rPr
    properties.set("lang", language)
    if look:
        run.font.size = Pt(look.size)
        if look.colour:
            run.font.color.rgb = RGBColor.from_string(look.colour)
        if look.bold:
            run.font.bold = True
    if _PARTED.fullmatch(text):
        for name in ("a:latin", "a:ea"):
            font = OxmlElement(name)
            font.set("typeface", _LATIN)
            properties.append(font)


def fill_placeholder(
    slide: Slide,
    number: int | None,
    texts: Sequence[str],
    language: str,
    look: TextFormat | None = None,
) -> None:
    """Put `texts`, a paragraph each, into the placeholder with that number; None is the title.

    Without texts the placeholder goes, because an empty one asks to be filled in.
    """
    place = cast(Shape | None, slide.shapes.title if number is None else slide.placeholders[number])
    if place is None:
        raise LookupError("the layout has no title")
    if not texts:
        place._element.getparent().remove(place._element)
    for text in texts:
        add_paragraph(place.text_frame, text, language, look)
