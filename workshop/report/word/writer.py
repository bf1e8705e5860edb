# pyright: reportUnknownMemberType=false, reportPrivateUsage=false
# python-docx leaves the types of its lxml elements open, and names a header's own `_element`.
"""The report as a Word document: page one, the canvases, then everything block by block."""

from pathlib import Path
from typing import cast

from docx.document import Document

from workshop.report.canvas_fit import fit_canvas
from workshop.report.outline import Outline
from workshop.report.paper import A4, Paper
from workshop.report.request import ReportRequest, Written, mark_of, marked_session
from workshop.report.word.base import open_base, proofing_language
from workshop.report.word.canvas import add_canvas
from workshop.report.word.contents import add_contents
from workshop.report.word.package import identifier_of, packed
from workshop.report.word.sections import (
    Headings,
    add_appendix,
    add_blocks,
    add_first_page,
    add_skipped,
)
from workshop.report.word.xml import Element, add, field, paragraph, run
from workshop.text import shorten

_TWIPS = 20
_HEADER = 36.0
_CANVAS_FOOTER = 20.0
_LONGEST_HEADER = 90
_LONGEST_PROPERTY = 255


def write(request: ReportRequest) -> Written:
    """Return the report as a .docx file."""
    return Written(word_report(request.outline, request.paper))


def session_in(path: Path) -> str | None:
    """Return the id of the session that the document at `path` was written for, or None."""
    return marked_session(identifier_of(path) or "")


def word_report(outline: Outline, paper: Paper = A4) -> bytes:
    """Return the report as the bytes of a .docx file; the same outline gives the same bytes."""
    document = open_base(outline.language)
    _add_properties(document, outline)
    body = cast(Element, document.element.body)
    for properties in list(body):
        body.remove(properties)
    headings = Headings()
    anchors = {s.key: f"block_{n:03d}" for n, s in enumerate(outline.sections, start=1)}

    add_first_page(body, outline)
    _end_section(paragraph(body, "CanvasEnd"), paper)
    for page in outline.pages:
        fitted = fit_canvas(page, paper)
        number = headings.note(1, page.key, fitted.title)
        add_canvas(body, fitted, number, page.key, anchors)
    _end_section(paragraph(body, "CanvasEnd"), paper, landscape=True)
    contents = len(body)
    add_blocks(body, outline, headings, anchors)
    add_skipped(body, outline, headings, paper)
    add_appendix(body, outline, headings, paper)
    add_contents(body, contents, headings.entries)
    _set_page(add(body, "sectPr"), paper, landscape=False)
    _add_headers(document, outline)
    return packed(document)


def _add_properties(document: Document, outline: Outline) -> None:
    properties = document.core_properties
    properties.title = outline.title[:_LONGEST_PROPERTY]
    properties.subject = outline.canvas[:_LONGEST_PROPERTY]
    properties.author = properties.last_modified_by = "Workshop"
    properties.identifier = mark_of(outline.session)
    properties.language = proofing_language(outline.language)
    properties.created, properties.modified = outline.created, outline.modified
    properties.revision = 1


def _end_section(last: Element, paper: Paper, *, landscape: bool = False) -> None:
    """End a section with the paragraph `last`."""
    for properties in last:
        _set_page(add(properties, "sectPr"), paper, landscape=landscape)


def _set_page(section: Element, paper: Paper, *, landscape: bool) -> None:
    width, height = (_twips(paper.width), _twips(paper.height))
    margin = _twips(paper.canvas_margin if landscape else paper.margin)
    outer = _twips(_CANVAS_FOOTER if landscape else _HEADER)
    add(section, "type", {"val": "nextPage"})
    if landscape:
        add(section, "pgSz", {"w": height, "h": width, "orient": "landscape"})
    else:
        add(section, "pgSz", {"w": width, "h": height})
    sides = dict.fromkeys(("top", "right", "bottom", "left"), margin)
    add(section, "pgMar", {**sides, "header": outer, "footer": outer, "gutter": 0})


def _twips(points: float) -> int:
    return round(points * _TWIPS)


def _add_headers(document: Document, outline: Outline) -> None:
    """Add the title above portrait pages after the first, and page numbers below all pages."""
    first, canvases, rest = document.sections
    first.different_first_page_header_footer = True
    pages = str(2 + len(outline.pages))
    title = shorten(outline.title, _LONGEST_HEADER)
    for header in (first.header, rest.header):
        header.is_linked_to_previous = False
        line = _cleared(cast(Element, header._element), "Header")
        run(line, title)
    for empty in (first.first_page_header, canvases.header):
        empty.is_linked_to_previous = False
        _cleared(cast(Element, empty._element), "EmptyHeader")
    for footer in (first.first_page_footer, first.footer):
        footer.is_linked_to_previous = False
        line = _cleared(cast(Element, footer._element), "Footer")
        run(line, "Page ")
        field(line, "PAGE", "1")
        run(line, " of ")
        field(line, "NUMPAGES", pages)


def _cleared(part: Element, style: str) -> Element:
    """Take everything out of a header or footer; return the paragraph that it holds instead."""
    for old in list(part):
        part.remove(old)
    return paragraph(part, style)
