# pyright: reportUnknownMemberType=false, reportPrivateUsage=false
# python-docx leaves the types of its lxml elements open, and names a header's own `_element`.
"""The pages of a report: its sections, their paper and margins, their headers and footers.

There are three sections: the first page, the canvases on landscape pages, and the rest. A canvas
has its page to itself, with page numbers below and nothing above: a company's header is made for
its text pages, as high as it likes, and would push the canvas off its page.
"""

from typing import cast

from docx.section import Section, _Footer, _Header

from workshop.export.word.base_document import BaseDocument
from workshop.export.word.paragraphs import Typesetter
from workshop.export.word.twips import in_twips
from workshop.export.word.xml import Element, add, field, paragraph, run, w
from workshop.text import shorten
from workshop.views.outline import Outline

_HEADER = 36.0
_CANVAS_FOOTER = 20.0
_LONGEST_HEADER = 90


_Part = _Header | _Footer


def end_first_section(last: Element, base: BaseDocument) -> None:
    """End the section of the first page with the paragraph `last`."""
    for properties in last:
        _set_page(add(properties, "sectPr"), base, first=True)


def end_canvas_section(last: Element, base: BaseDocument) -> None:
    """End the section of the canvases with the paragraph `last`."""
    for properties in last:
        section, paper = add(properties, "sectPr"), base.paper
        add(section, "type", {"val": "nextPage"})
        size = {"w": in_twips(paper.height), "h": in_twips(paper.width), "orient": "landscape"}
        add(section, "pgSz", size)
        _set_margins(section, paper.canvas_margin, _CANVAS_FOOTER)


def end_document(body: Element, base: BaseDocument) -> None:
    """End the last section, and the document."""
    _set_page(add(body, "sectPr"), base, first=False)


def add_headers_and_footers(base: BaseDocument, outline: Outline, typesetter: Typesetter) -> None:
    """Add headers and footers: the template's, or the title above and page numbers below."""
    first, canvases, rest = base.document.sections
    pages = str(2 + len(outline.pages))
    if base.header_footer_ids:
        _keep_apart(rest, base)
    else:
        _add_own(base, outline, pages, typesetter)
    _clear(canvases.header, base)
    _number_pages(canvases.footer, "CanvasFooter", pages, base)
    if base.has_even_pages:
        _clear(canvases.even_page_header, base)
        _number_pages(canvases.even_page_footer, "CanvasFooter", pages, base)
    for section in (first, canvases, rest):
        if typesetter.right_to_left:
            _turn(cast(Element, section._sectPr))


def _set_page(section: Element, base: BaseDocument, *, first: bool) -> None:
    if base.page_setup is not None:
        base.page_setup.describe(section, base.header_footer_ids, first=first)
        return
    add(section, "type", {"val": "nextPage"})
    add(section, "pgSz", {"w": in_twips(base.paper.width), "h": in_twips(base.paper.height)})
    _set_margins(section, base.paper.margin, _HEADER)


def _set_margins(section: Element, margin: float, outer: float) -> None:
    sides = dict.fromkeys(("top", "right", "bottom", "left"), in_twips(margin))
    add(
        section,
        "pgMar",
        {**sides, "header": in_twips(outer), "footer": in_twips(outer), "gutter": 0},
    )


def _add_own(base: BaseDocument, outline: Outline, pages: str, typesetter: Typesetter) -> None:
    first, _, rest = base.document.sections
    first.different_first_page_header_footer = True
    title = shorten(outline.title, _LONGEST_HEADER)
    for header in (first.header, rest.header):
        root = _emptied(header)
        typesetter.add_paragraph(root, "Header", title)
        base.rename_style_references(root)
    _clear(first.first_page_header, base)
    for footer in (first.first_page_footer, first.footer, rest.footer):
        _number_pages(footer, "Footer", pages, base)


def _keep_apart(rest: Section, base: BaseDocument) -> None:
    """Have the last section show nothing where the template does, and not what canvases have."""
    places = {"default": (rest.header, rest.footer)}
    if base.has_even_pages:
        places["even"] = (rest.even_page_header, rest.even_page_footer)
    for place, parts in places.items():
        for name, part in zip(("header", "footer"), parts, strict=True):
            if (name, place) not in base.header_footer_ids:
                _clear(part, base)


def _turn(section: Element) -> None:
    """Have a section run from right to left; that stands before the grid, where it has one."""
    if section.find(w("bidi")) is not None:
        return  # as the template has it
    behind = [place for place, e in enumerate(section) if e.tag in (w("rtlGutter"), w("docGrid"))]
    section.insert(min(behind, default=len(section)), add(section, "bidi"))


def _number_pages(footer: _Part, style: str, pages: str, base: BaseDocument) -> None:
    root = _emptied(footer)
    line = paragraph(root, style)
    run(line, "Page ")
    field(line, "PAGE", "1")
    run(line, " of ")
    field(line, "NUMPAGES", pages)
    base.rename_style_references(root)


def _clear(part: _Part, base: BaseDocument) -> None:
    root = _emptied(part)
    paragraph(root, "EmptyHeader")
    base.rename_style_references(root)


def _emptied(part: _Part) -> Element:
    """Make a header or footer of the section's own, with nothing in it; return its root."""
    part.is_linked_to_previous = False
    element = cast(Element, part._element)
    for old in list(element):
        element.remove(old)
    return element
