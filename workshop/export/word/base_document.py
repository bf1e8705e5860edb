# pyright: reportUnknownMemberType=false
# python-docx leaves the types of its lxml elements open.
"""The empty document that a report is written into: our own, or one made from a Word template.

Our own is the folder `base` of XML parts, zipped in memory; the zipped folder opens in
Word. python-docx's default template has Letter pages, an old compatibility mode, and lacks the
styles that a report needs.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import cast
from zipfile import ZIP_STORED, ZipFile

import docx
from docx.document import Document

from workshop.export.i18n.languages import proofing_language, slot_of
from workshop.export.page_size import PageSize
from workshop.export.word.template.page_setup import HeaderFooter, PageSetup
from workshop.export.word.xml import Element, add, w

_FOLDER = Path(__file__).resolve().parent / "base"
_STYLE_REFERENCES = ("pStyle", "rStyle", "tblStyle")


@dataclass(frozen=True, slots=True)
class BaseDocument:
    """An empty document, ready for a report."""

    document: Document
    page_size: PageSize
    """The page size that the canvas is fitted to, with the width of the text."""
    page_setup: PageSetup | None = None
    """The page setup of text pages if a template supplies it."""
    header_footer_ids: Mapping[HeaderFooter, str] = field(default_factory=dict[HeaderFooter, str])
    """The relationship ids of the template's headers and footers; empty if it has none."""
    has_even_pages: bool = False
    """Whether even pages have headers and footers of their own."""
    style_ids: Mapping[str, str] = field(default_factory=dict[str, str])
    """The document's style ids by ours; empty if they are the same."""
    warnings: tuple[str, ...] = ()
    """Sentences about the template for the person who exports."""

    def rename_style_references(self, part: Element) -> None:
        """Replace our style ids in `part` with this document's."""
        renamed = {ours: other for ours, other in self.style_ids.items() if ours != other}
        if not renamed:
            return
        for tag in _STYLE_REFERENCES:
            for reference in part.iter(w(tag)):
                style_id = reference.get(w("val")) or ""
                if style_id in renamed:
                    reference.set(w("val"), renamed[style_id])


def base_parts() -> dict[str, bytes]:
    """Return the parts of our own base document by their names."""
    paths = sorted(p for p in _FOLDER.rglob("*") if p.is_file())
    return {p.relative_to(_FOLDER).as_posix(): p.read_bytes() for p in paths}


def open_base_document(language: str, page_size: PageSize) -> BaseDocument:
    """Return our own base document for `language` (a BCP 47 tag) and the page size `page_size`."""
    buffer = BytesIO()
    with ZipFile(buffer, "w", ZIP_STORED) as archive:
        for name, blob in base_parts().items():
            archive.writestr(name, blob)
    buffer.seek(0)
    document = docx.Document(buffer)
    set_language(cast(Element, document.styles.element), language)
    settings = cast(Element, document.settings.element)
    for lang in settings.iter(w("themeFontLang")):
        lang.set(w(slot_of(language)), proofing_language(language))
    return BaseDocument(document, page_size)


def set_language(styles: Element, language: str) -> None:
    """Set the default language of a style sheet to `language` (a BCP 47 tag).

    Only the language for its kind of script changes (Latin, East Asian or complex).
    """
    tag, slot = proofing_language(language), w(slot_of(language))
    for lang in styles.iter(w("lang")):
        if lang.get(slot):
            lang.set(slot, tag)
    element = styles
    for depth, name in enumerate(("docDefaults", "rPrDefault", "rPr", "lang")):
        child = element.find(w(name))
        if child is None:
            child = add(element, name)
            if depth < 2:
                element.insert(0, child)
        element = child
    element.set(slot, tag)
