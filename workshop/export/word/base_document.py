# pyright: reportUnknownMemberType=false
# python-docx leaves the types of its lxml elements open.
"""What a report is written into: our own base document, or one made from a company's template.

Our own is a folder of readable XML parts beside this module, zipped in memory; zipped as it is,
Word opens it. python-docx's default template is on Letter paper, in an old compatibility mode, and
without the styles that a report needs.
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
from workshop.export.word.template.page_setup import PageSetup, Running
from workshop.export.word.xml import Element, add, w

_FOLDER = Path(__file__).resolve().parent / "base"
_REFERENCES = ("pStyle", "rStyle", "tblStyle")


@dataclass(frozen=True, slots=True)
class BaseDocument:
    """A document without content, ready for a report."""

    document: Document
    paper: PageSize
    """What the canvas is fitted to, and how wide text is."""
    page_setup: PageSetup | None = None
    """How text pages are set up, where a template says so."""
    header_footer_ids: Mapping[Running, str] = field(default_factory=dict[Running, str])
    """The relationships of the template's headers and footers; none where it has none."""
    has_even_pages: bool = False
    """Whether left pages have headers and footers of their own."""
    style_ids: Mapping[str, str] = field(default_factory=dict[str, str])
    """The ids of our styles in the document, where they may differ from ours."""
    warnings: tuple[str, ...] = ()
    """What there is to say about the template."""

    def rename_style_references(self, part: Element) -> None:
        """Have everything in a part name its styles as this document does."""
        others = {ours: there for ours, there in self.style_ids.items() if ours != there}
        if not others:
            return
        for tag in _REFERENCES:
            for reference in part.iter(w(tag)):
                ours = reference.get(w("val")) or ""
                if ours in others:
                    reference.set(w("val"), others[ours])


def base_parts() -> dict[str, bytes]:
    """Return the parts of our own base document by their names."""
    paths = sorted(p for p in _FOLDER.rglob("*") if p.is_file())
    return {p.relative_to(_FOLDER).as_posix(): p.read_bytes() for p in paths}


def open_base_document(language: str, paper: PageSize) -> BaseDocument:
    """Return our own base for a report in that language (a BCP 47 tag) on that paper."""
    archive_bytes = BytesIO()
    with ZipFile(archive_bytes, "w", ZIP_STORED) as archive:
        for name, blob in base_parts().items():
            archive.writestr(name, blob)
    archive_bytes.seek(0)
    document = docx.Document(archive_bytes)
    set_language(cast(Element, document.styles.element), language)
    settings = cast(Element, document.settings.element)
    for lang in settings.iter(w("themeFontLang")):
        lang.set(w(slot_of(language)), proofing_language(language))
    return BaseDocument(document, paper)


def set_language(styles: Element, language: str) -> None:
    """Have a style sheet say that text is in that language (a BCP 47 tag), unless a run does.

    Text in other kinds of scripts stays in the language that the sheet has for them.
    """
    tag, slot = proofing_language(language), w(slot_of(language))
    for lang in styles.iter(w("lang")):
        if lang.get(slot):
            lang.set(slot, tag)
    holder = styles
    for place, name in enumerate(("docDefaults", "rPrDefault", "rPr", "lang")):
        found = holder.find(w(name))
        if found is None:
            found = add(holder, name)
            if place < 2:
                holder.insert(0, found)
        holder = found
    holder.set(slot, tag)
