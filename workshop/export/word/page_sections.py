# pyright: reportUnknownMemberType=false, reportPrivateUsage=false
# python-docx leaves the types of its lxml elements open, and names a header's own `_element`.
"""The sections of a Word report: page sizes, margins, headers and footers.

There are three sections: the first page, the canvases on landscape pages, and the rest. A canvas
page has page numbers in its footer and an empty header: a template's header is made for text
pages, and a tall one would push the canvas off its page.
"""

from typing import cast

from docx.section import Section, _Footer, _Header

from workshop.export.word.base_document import BaseDocument
from workshop.export.word.paragraphs import Typesetter
from workshop.export.word.twips import in_twips
from workshop.export.word.xml import Element, add, field, paragraph, run, w
from workshop.text import shorten
from workshop.views.outline import Outline

_HEADER_DISTANCE = 36.0
_CANVAS_FOOTER_DISTANCE = 20.0
_MAX_HEADER_WIDTH = 90


_Part = _Header | _Footer


def end_first_section(last: Element, base: BaseDocument) -> None:
    """End the section of the first page with the paragraph `last`."""
    for properties in last:
        _set_page(add(properties, "sectPr"), base, first=True)


def end_canvas_section(last: Element, base: BaseDocument) -> None:
    """End the section of the canvases with the paragraph `last`."""
    for properties in last:
        section, page_size = add(properties, "sectPr"), base.page_size
        add(section, "type", {"val": "nextPage"})
        size = {
            "w": in_twips(page_size.height),
            "h": in_twips(page_size.width),
            "orient": "landscape",
        }
        add(section, "pgSz", size)
        _set_margins(section, page_size.canvas_margin, _CANVAS_FOOTER_DISTANCE)


def end_document(body: Element, base: BaseDocument) -> None:
    """End the last section and the document."""
    _set_page(add(body, "sectPr"), base, first=False)


def add_headers_and_footers(base: BaseDocument, outline: Outline, typesetter: Typesetter) -> None:
    """Add the template's headers and footers, or our own with the title and page numbers."""
    first, canvases, rest = base.document.sections
    pages = str(2 + len(outline.pages))
    if base.header_footer_ids:
        _hide_unused(rest, base)
    else:
        _add_default_headers(base, outline, pages, typesetter)
    _empty(canvases.header, base)
    _number_pages(canvases.footer, "CanvasFooter", pages, base)
    if base.has_even_pages:
        _empty(canvases.even_page_header, base)
        _number_pages(canvases.even_page_footer, "CanvasFooter", pages, base)
    for section in (first, canvases, rest):
        if typesetter.right_to_left:
            _make_right_to_left(cast(Element, section._sectPr))


def _set_page(section: Element, base: BaseDocument, *, first: bool) -> None:
    if base.page_setup is not None:
        base.page_setup.describe(section, base.header_footer_ids, first=first)
        return
    add(section, "type", {"val": "nextPage"})
    add(
        section, "pgSz", {"w": in_twips(base.page_size.width), "h": in_twips(base.page_size.height)}
    )
    _set_margins(section, base.page_size.margin, _HEADER_DISTANCE)


def _set_margins(section: Element, margin: float, outer: float) -> None:
    margins = dict.fromkeys(("top", "right", "bottom", "left"), in_twips(margin))
    add(
        section,
        "pgMar",
        {**margins, "header": in_twips(outer), "footer": in_twips(outer), "gutter": 0},
    )


def _add_default_headers(
    base: BaseDocument, outline: Outline, pages: str, typesetter: Typesetter
) -> None:
    first, _, rest = base.document.sections
    first.different_first_page_header_footer = True
    title = shorten(outline.title, _MAX_HEADER_WIDTH)
    for header in (first.header, rest.header):
        root = _clear_part(header)
        typesetter.add_paragraph(root, "Header", title)
        base.rename_style_references(root)
    _empty(first.first_page_header, base)
    for footer in (first.first_page_footer, first.footer, rest.footer):
        _number_pages(footer, "Footer", pages, base)


def _hide_unused(rest: Section, base: BaseDocument) -> None:
    """Empty the headers and footers that the template lacks, which would repeat the canvases'."""
    headers_and_footers = {"default": (rest.header, rest.footer)}
    if base.has_even_pages:
        headers_and_footers["even"] = (rest.even_page_header, rest.even_page_footer)
    for page_kind, parts in headers_and_footers.items():
        for name, part in zip(("header", "footer"), parts, strict=True):
            if (name, page_kind) not in base.header_footer_ids:
                _empty(part, base)


def _make_right_to_left(section: Element) -> None:
    """Make a section right-to-left; the schema wants that before its gutter and its grid."""
    if section.find(w("bidi")) is not None:
        return  # the template has set it
    following = [i for i, e in enumerate(section) if e.tag in (w("rtlGutter"), w("docGrid"))]
    section.insert(min(following, default=len(section)), add(section, "bidi"))


def _number_pages(footer: _Part, style: str, pages: str, base: BaseDocument) -> None:
    root = _clear_part(footer)
    footer_line = paragraph(root, style)
    run(footer_line, "Page ")
    field(footer_line, "PAGE", "1")
    run(footer_line, " of ")
    field(footer_line, "NUMPAGES", pages)
    base.rename_style_references(root)


def _empty(part: _Part, base: BaseDocument) -> None:
    root = _clear_part(part)
    paragraph(root, "EmptyHeader")
    base.rename_style_references(root)


def _clear_part(part: _Part) -> Element:
    """Unlink a header or footer from the previous section and empty it; return its root."""
    part.is_linked_to_previous = False
    element = cast(Element, part._element)
    for child in list(element):
        element.remove(child)
    return element
