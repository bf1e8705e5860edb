# pyright: reportUnknownMemberType=false
# python-docx leaves the types of its lxml elements open.
"""Loading of a Word template as the base document of a report."""

import re
from collections.abc import Callable, Mapping
from io import BytesIO
from pathlib import Path

import docx
from docx.opc.exceptions import OpcError

from workshop.errors import BadFileError, NotFoundError, cannot_read
from workshop.export.i18n.languages import proofing_language, slot_of
from workshop.export.page_size import PageSize
from workshop.export.word.base_document import BaseDocument, base_parts, set_language
from workshop.export.word.template.archive import Archive, read_content
from workshop.export.word.template.body import read_sections
from workshop.export.word.template.errors import UnusableError
from workshop.export.word.template.header_footer import (
    RemovedContent,
    SanitiseContext,
    has_content,
    sanitise,
)
from workshop.export.word.template.nodes import (
    RELATIONS,
    Node,
    XmlError,
    new_element,
    parse_xml,
    remove,
    serialise,
)
from workshop.export.word.template.numbering import add_lists
from workshop.export.word.template.page_setup import (
    HeaderFooter,
    PageSetup,
    is_on,
    read_page_setup,
)
from workshop.export.word.template.parts import Parts
from workshop.export.word.template.settings import copy_settings
from workshop.export.word.template.style_repairs import drop_impossible_sizes
from workshop.export.word.template.styles import StyleMatch, match_styles
from workshop.export.word.template.warnings import warnings_on
from workshop.export.word.xml import w
from workshop.text import clean_line

_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_ROOTS = {
    "styles": w("styles"),
    "settings": w("settings"),
    "numbering": w("numbering"),
    "fontTable": w("fonts"),
    "header": w("hdr"),
    "footer": w("ftr"),
}
_REPEATED_STYLES = ("Title", "Subtitle", "Heading1", "Heading2", "Heading3", "Question")
"""Our styles whose text a header may repeat with STYLEREF."""
_LOAD_ERRORS = (OpcError, KeyError, ValueError, TypeError, AttributeError, IndexError, XmlError)
"""What python-docx and lxml raise for documents that they cannot interpret."""
_OWN_PARTS = {
    "_rels/.rels": "",
    "docProps/app.xml": "application/vnd.openxmlformats-officedocument.extended-properties+xml",
    "docProps/core.xml": "application/vnd.openxmlformats-package.core-properties+xml",
    "word/document.xml": f"{_MAIN}.main+xml",
}
"""The parts that every report takes from our own base document, with their content types."""
_EVEN = w("evenAndOddHeaders")
"""The setting that even pages have their own headers and footers."""
_CHOOSE = "Choose a .docx or .dotx file."
_SAVE = (
    "Save it in Word or LibreOffice as an ordinary .docx or .dotx without a password, "
    "or choose another."
)


def open_template(
    path: Path, language: str, default_page_size: PageSize, facts: Mapping[str, str]
) -> BaseDocument:
    """Return the base of a report in `language` (a BCP 47 tag) from the template at `path`.

    `default_page_size` is used if the template sets no page size. `facts` are the properties of the
    report: "title", "subject", "creator". Only the template is read and nothing is written.

    Raises NotFoundError, CannotReadError, BadFileError.
    """
    content = _read_file(path)
    name = clean_line(path.name)
    try:
        return _TemplateLoader(Archive(content), language, default_page_size, facts).base(name)
    except UnusableError as reason:
        raise _refusal(name, str(reason)) from reason
    except _LOAD_ERRORS as error:
        raise _refusal(name, "its parts do not make up a document") from error


def _read_file(path: Path) -> bytes:
    name = clean_line(str(path))
    try:
        if path.is_dir():
            raise BadFileError(f"{name} is a folder, not a Word template.", _CHOOSE)
        if not path.exists():
            raise NotFoundError(f"There is no template {name}.", _CHOOSE)
        if not path.is_file():
            raise BadFileError(f"{name} is not an ordinary file.", _CHOOSE)
        return read_content(path)
    except UnusableError as reason:
        raise _refusal(name, str(reason)) from reason
    except (OSError, ValueError) as error:  # ValueError: an impossible file name
        raise cannot_read(f"The template {name}", error) from error


def _refusal(name: str, reason: str) -> BadFileError:
    return BadFileError(
        f"{name} is not a Word document that Workshop can use as a template ({reason}).", _SAVE
    )


class _TemplateLoader:
    """Builds the base document of a report from one template."""

    def __init__(
        self, archive: Archive, language: str, default_page_size: PageSize, facts: Mapping[str, str]
    ) -> None:
        self._archive = archive
        self._language = language
        self._default_page_size = default_page_size
        self._facts = facts
        self._parts = Parts(archive)
        self._refused = RemovedContent()
        self._sizes = 0
        self._related_parts = self._parts_by_kind(archive.document)
        self._ours = base_parts()

    def base(self, name: str) -> BaseDocument:
        """Return the new base document, with its warnings."""
        part = self._archive.document
        sections = read_sections(self._archive.chunks(part), clean_line(part))
        page_setup = read_page_setup(self._archive, sections, self._default_page_size)
        matched = self._add_styles()
        self._add_fonts_and_theme()
        settings = self._settings()
        even = is_on(settings.find(_EVEN))
        running = self._add_headers_and_footers(page_setup, matched, even=even)
        if not running and even:
            remove(settings.findall(_EVEN)[0])  # ours are the same on all pages
        self._parts.add("settings", serialise(settings))
        packed = self._parts.packed(*self._other_parts())
        return BaseDocument(
            document=docx.Document(BytesIO(packed)),
            page_size=page_setup.page_size,
            page_setup=page_setup,
            header_footer_ids=running,
            has_even_pages=even and bool(running),
            style_ids=matched.names,
            warnings=warnings_on(
                name,
                matched,
                self._refused,
                is_from_template=page_setup.sets_page_size,
                requested=self._default_page_size,
                page_size=page_setup.page_size,
                running=bool(running),
                macros=self._archive.has_macros,
                sizes=self._sizes,
            ),
        )

    def _add_styles(self) -> StyleMatch:
        """Add our styles and lists; return how our styles match the template's."""
        styles = self._template_root("styles")
        if styles is None:
            raise UnusableError("it has no styles")
        matched = match_styles(styles, self._own_root("styles"))
        numbering = self._template_root("numbering")
        if numbering is None:
            numbering = new_element("numbering", _WORD, prefix="w")
        name = self._parts.name("numbering")
        self._sanitise(
            numbering, self._related_parts.get("numbering"), name, RemovedContent(), _unused
        )
        _drop_empty_bullets(numbering)
        add_lists(numbering, self._own_root("numbering"), styles, matched)
        set_language(styles, self._language)
        self._parts.add("styles", serialise(styles))
        self._parts.add("numbering", serialise(numbering), name)
        return matched

    def _add_fonts_and_theme(self) -> None:
        fonts, ours = self._template_root("fontTable"), self._own_root("fontTable")
        if fonts is None:
            fonts = ours
        name = self._parts.name("fontTable")
        refer = self._reference_mapper(self._related_parts.get("fontTable"), name)
        for node in list(fonts.iter()):
            reference = node.get(f"{{{RELATIONS}}}id")
            if reference is None:
                continue
            new_id = refer(reference)
            if new_id is None:
                remove(node)
            else:
                node.set(f"{{{RELATIONS}}}id", new_id)
        known = {(f.get(w("name")) or "").casefold() for f in fonts}
        for font in list(ours):
            if (font.get(w("name")) or "").casefold() not in known:
                fonts.append(font)
        self._parts.add("fontTable", serialise(fonts), name)
        part, name = self._related_parts.get("theme"), self._parts.name("theme")
        theme = self._archive.root(part) if part else self._own_root("theme/theme1")
        self._sanitise(theme, part, name, RemovedContent(), _unused)
        self._parts.add("theme", serialise(theme), name)

    def _settings(self) -> Node:
        """Return our settings, with those of the template that change its pages."""
        ours, theirs = self._own_root("settings"), self._template_root("settings")
        if theirs is not None:
            copy_settings(ours, theirs)
        for fonts in ours.iter(w("themeFontLang")):
            fonts.set(w(slot_of(self._language)), proofing_language(self._language))
        return ours

    def _add_headers_and_footers(
        self, page_setup: PageSetup, matched: StyleMatch, *, even: bool
    ) -> dict[HeaderFooter, str]:
        """Add headers and footers; return their relationship ids, or {} if all are empty."""
        used = {matched.names[style].casefold() for style in _REPEATED_STYLES}
        used |= {matched.known_as[style].casefold() for style in _REPEATED_STYLES}

        def is_used(style: str) -> bool:
            # Word makes the id "berschrift1" of the name "Überschrift 1".
            return style in "123" or not used.isdisjoint(
                {style.casefold(), re.sub("[^A-Za-z0-9]", "", style).casefold()}
            )

        roots: dict[HeaderFooter, tuple[Node, str]] = {}
        for (kind, page_type), part in page_setup.running.items():
            if (page_type == "first" and not page_setup.first_differs) or (
                page_type == "even" and not even
            ):
                continue
            root, name = self._root(kind, part), self._parts.name(kind)
            self._sanitise(root, part, name, self._refused, is_used)
            roots[kind, page_type] = root, name
        if not any(has_content(root) for root, _ in roots.values()):
            return {}
        return {
            running: self._parts.add(running[0], serialise(root), name)
            for running, (root, name) in roots.items()
        }

    def _sanitise(
        self,
        root: Node,
        part: str | None,
        name: str,
        removed: RemovedContent,
        is_used: Callable[[str], bool],
    ) -> None:
        context = SanitiseContext(self._facts, is_used, self._reference_mapper(part, name))
        sanitise(root, context, removed)

    def _reference_mapper(self, part: str | None, name: str) -> Callable[[str], str | None]:
        return self._parts.file_of(part, name) if part else _nothing

    def _other_parts(self) -> tuple[dict[str, bytes], dict[str, str]]:
        """Return the other parts of a document, which are ours, and their content types."""
        parts = {n: self._ours[n] for n in _OWN_PARTS}
        return parts, {n: kind for n, kind in _OWN_PARTS.items() if kind}

    def _parts_by_kind(self, part: str) -> dict[str, str]:
        """Return the first related part of each kind."""
        parts: dict[str, str] = {}
        for relation in self._archive.relations(part):
            if relation.target is not None:
                parts.setdefault(relation.kind, relation.target)
        return parts

    def _root(self, kind: str, part: str) -> Node:
        """Return the XML of a part. Raises UnusableError if its root is not of that kind."""
        root = self._archive.root(part)
        if root.tag != _ROOTS[kind]:
            raise UnusableError(f"its part {clean_line(part)} is not what it says it is")
        self._sizes += drop_impossible_sizes(root)
        return root

    def _template_root(self, kind: str) -> Node | None:
        return self._root(kind, self._related_parts[kind]) if kind in self._related_parts else None

    def _own_root(self, name: str) -> Node:
        return parse_xml(self._ours[f"word/{name}.xml"], name)


def _nothing(_relation: str) -> str | None:
    return None


def _unused(_style: str) -> bool:
    return False


def _drop_empty_bullets(numbering: Node) -> None:
    """Remove picture bullets whose pictures were removed."""
    empty: set[str | None] = set()
    for bullet in numbering.findall(w("numPicBullet")):
        if not len(bullet):
            empty.add(bullet.get(w("numPicBulletId")))
            numbering.remove(bullet)
    for reference in list(numbering.iter(w("lvlPicBulletId"))):
        if reference.get(w("val")) in empty:
            remove(reference)
