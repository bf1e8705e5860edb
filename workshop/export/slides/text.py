# pyright: reportPrivateUsage=false, reportUnknownMemberType=false, reportUnknownVariableType=false
# python-pptx has no public way to set a language by its tag, a direction or a bullet.
"""Text in the shapes of a slide. It is set through `.text` only, so that it is never markup."""

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

from workshop.export.i18n.languages import language_runs_right_to_left
from workshop.export.i18n.writing_systems import runs_right_to_left
from workshop.export.layout.character_widths import has_ideographs

_VOTE_MARK = re.compile("(●[0-9,]+)")
"""The number of dots, whose ● is far too large in East Asian fonts."""
_LATIN_FONT = "+mn-lt"
"""The theme's font for Latin text."""


@dataclass(frozen=True, slots=True)
class TextFormat:
    """The format of a paragraph; lengths are in points."""

    size: float
    line: float
    """The line height."""
    colour: str | None = None
    """RRGGBB, or None for the layout's colour."""
    bold: bool = False
    after: float = 0.0
    """The space below it."""
    bullet: float | None = None
    """The indent of the text behind its bullet; None without a bullet."""
    align: PP_ALIGN | None = None
    """None for the side on which its script begins."""


def start_alignment(language: str) -> PP_ALIGN:
    """Return the alignment of the report's own words in `language` (a BCP 47 tag)."""
    return PP_ALIGN.RIGHT if language_runs_right_to_left(language) else PP_ALIGN.LEFT


def add_paragraph(
    frame: TextFrame, text: str, language: str, text_format: TextFormat | None = None
) -> None:
    """Add `text`, which has no line ends, to a frame as a paragraph.

    Without `text_format` it has the format of the layout. `language` is a tag that PowerPoint
    knows.
    """
    paragraph = frame.paragraphs[-1]
    if paragraph.runs:
        paragraph = frame.add_paragraph()
    for part in _VOTE_MARK.split(text) if has_ideographs(text) else [text]:
        if part or not text:
            _add_run(paragraph, part, language, text_format)
    if text_format:
        paragraph.line_spacing = Pt(text_format.line)
        paragraph.space_before = Pt(0)
        paragraph.space_after = Pt(text_format.after)
    properties = paragraph._p.get_or_add_pPr()
    right_to_left = runs_right_to_left(text)
    if right_to_left:
        properties.set("rtl", "1")
    # PowerPoint centres the first paragraph of a new shape.
    if text_format is None:  # a title
        paragraph.alignment = PP_ALIGN.RIGHT if right_to_left else start_alignment(language)
    elif text_format.align is None:
        paragraph.alignment = PP_ALIGN.RIGHT if right_to_left else PP_ALIGN.LEFT
    else:
        paragraph.alignment = text_format.align
    if text_format and text_format.bullet is not None:
        properties.set("marL", str(Pt(text_format.bullet)))
        properties.set("indent", str(-Pt(text_format.bullet)))
        for name, key, value in (("a:buFont", "typeface", "Arial"), ("a:buChar", "char", "•")):
            part = OxmlElement(name)
            part.set(key, value)
            properties.append(part)


def _add_run(
    paragraph: _Paragraph, text: str, language: str, text_format: TextFormat | None
) -> None:
    run = paragraph.add_run()
    run.text = text
    properties = run.font._rPr
    properties.set("lang", language)
    if text_format:
        run.font.size = Pt(text_format.size)
        if text_format.colour:
            run.font.color.rgb = RGBColor.from_string(text_format.colour)
        if text_format.bold:
            run.font.bold = True
    if _VOTE_MARK.fullmatch(text):
        for name in ("a:latin", "a:ea"):
            font = OxmlElement(name)
            font.set("typeface", _LATIN_FONT)
            properties.append(font)


def fill_placeholder(
    slide: Slide,
    number: int | None,
    texts: Sequence[str],
    language: str,
    text_format: TextFormat | None = None,
) -> None:
    """Add `texts`, one paragraph each, to the placeholder `number`; None is the title.

    Without texts the placeholder is removed, because PowerPoint shows a prompt in an empty one.
    Raises LookupError if the layout has no title.
    """
    shape = slide.shapes.title if number is None else slide.placeholders[number]
    placeholder = cast(Shape | None, shape)
    if placeholder is None:
        raise LookupError("the layout has no title")
    if not texts:
        placeholder._element.getparent().remove(placeholder._element)
    for text in texts:
        add_paragraph(placeholder.text_frame, text, language, text_format)
