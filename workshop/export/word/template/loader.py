# pyright: reportUnknownMemberType=false
# python-docx leaves the types of its lxml elements open.
"""A template from a file, opened as the base of a report."""

import re
from collections.abc import Callable, Mapping
from io import BytesIO
from pathlib import Path

import docx
from docx.opc.exceptions import OpcError

from workshop.errors import BadFileError, CannotReadError, NotFoundError
from workshop.export.i18n.languages import proofing_language, slot_of
from workshop.export.page_size import PageSize
from workshop.export.word.base_document import BaseDocument, base_parts, set_language
from workshop.export.word.template.archive import Archive, content_of
from workshop.export.word.template.body import sections_in
from workshop.export.word.template.errors import UnusableError
from workshop.export.word.template.header_footer import (
    Refused,
    Surroundings,
    made_safe,
    says_something,
)
from workshop.export.word.template.nodes import (
    RELATIONS,
    Node,
    XmlError,
    built,
    parsed,
    remove,
    serialised,
)
from workshop.export.word.template.numbering import add_lists
from workshop.export.word.template.page_setup import PageSetup, Running, is_on, page_setup_of
from workshop.export.word.template.parts import Parts
from workshop.export.word.template.settings import take_settings
from workshop.export.word.template.style_repairs import drop_impossible_sizes
from workshop.export.word.template.styles import Matched, match_styles
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
_USED = ("Title", "Subtitle", "Heading1", "Heading2", "Heading3", "Question")
"""Styles of ours whose text a header may repeat."""
_LOADING = (OpcError, KeyError, ValueError, TypeError, AttributeError, IndexError, XmlError)
"""What python-docx and lxml raise over documents that they cannot make sense of."""
_REST = {
    "_rels/.rels": "",
    "docProps/app.xml": "application/vnd.openxmlformats-officedocument.extended-properties+xml",
    "docProps/core.xml": "application/vnd.openxmlformats-package.core-properties+xml",
    "word/document.xml": f"{_MAIN}.main+xml",
}
"""The parts that are ours in every report, with their content types."""
_EVEN = w("evenAndOddHeaders")
"""The setting that left pages have headers and footers of their own."""
_CHOOSE = "Choose a .docx or .dotx file."
_SAVE = (
    "Save it in Word or LibreOffice as an ordinary .docx or .dotx without a password, "
    "or choose another."
)


def open_template(
    path: Path, language: str, usual: PageSize, facts: Mapping[str, str]
) -> BaseDocument:
    """Return the base of a report in `language` (a BCP 47 tag) from the template at `path`.

    `usual` is the paper where the template names none. `facts` are what the report says of itself:
    "title", "subject", "creator". Nothing but the template is read and nothing is written.

    Raises NotFoundError, CannotReadError, BadFileError.
    """
    content = _read(path)
    name = clean_line(path.name)
    try:
        return _Opening(Archive(content), language, usual, facts).base(name)
    except UnusableError as reason:
        raise _refusal(name, str(reason)) from reason
    except _LOADING as error:
        raise _refusal(name, "its parts do not make up a document") from error


def _read(path: Path) -> bytes:
    name = clean_line(str(path))
    try:
        if path.is_dir():
            raise BadFileError(f"{name} is a folder, not a Word template.", _CHOOSE)
        if not path.exists():
            raise NotFoundError(f"There is no template {name}.", _CHOOSE)
        if not path.is_file():
            raise BadFileError(f"{name} is not an ordinary file.", _CHOOSE)
        return content_of(path)
    except UnusableError as reason:
        raise _refusal(name, str(reason)) from reason
    except (OSError, ValueError) as error:  # ValueError: a name that no file can have
        reason = getattr(error, "strerror", None) or "the system gave no reason"
        raise CannotReadError(f"The template {name} cannot be read ({reason}).") from error


def _refusal(name: str, reason: str) -> BadFileError:
    return BadFileError(
        f"{name} is not a Word document that Workshop can use as a template ({reason}).", _SAVE
    )


class _Opening:
    """A template while it becomes the base of a report."""

    def __init__(
        self, archive: Archive, language: str, usual: PageSize, facts: Mapping[str, str]
    ) -> None:
        self._archive = archive
        self._language = language
        self._usual = usual
        self._facts = facts
        self._parts = Parts(archive)
        self._refused = Refused()
        self._sizes = 0
        self._relatives = self._related(archive.document)
        self._ours = base_parts()

    def base(self, name: str) -> BaseDocument:
        """Return the new document, with what there is to say about it."""
        part = self._archive.document
        sections = sections_in(self._archive.pieces(part), clean_line(part))
        sheet = page_setup_of(self._archive, sections, self._usual)
        matched = self._add_styles()
        self._add_fonts_and_theme()
        settings = self._settings()
        even = is_on(settings.find(_EVEN))
        running = self._add_running(sheet, matched, even=even)
        if not running and even:
            remove(settings.findall(_EVEN)[0])  # ours are the same on all pages
        self._parts.add("settings", serialised(settings))
        packed = self._parts.packed(*self._rest())
        return BaseDocument(
            document=docx.Document(BytesIO(packed)),
            paper=sheet.paper,
            page_setup=sheet,
            header_footer_ids=running,
            has_even_pages=even and bool(running),
            style_ids=matched.names,
            warnings=warnings_on(
                name,
                matched,
                self._refused,
                paper_counts=sheet.names_paper,
                usual=self._usual,
                paper=sheet.paper,
                running=bool(running),
                macros=self._archive.has_macros,
                sizes=self._sizes,
            ),
        )

    def _add_styles(self) -> Matched:
        """Add styles and lists; return where our styles are."""
        styles = self._one("styles")
        if styles is None:
            raise UnusableError("it has no styles")
        matched = match_styles(styles, self._own("styles"))
        numbering = self._one("numbering")
        if numbering is None:
            numbering = built("numbering", _WORD, prefix="w")
        name = self._parts.name("numbering")
        self._make_safe(numbering, self._relatives.get("numbering"), name, Refused(), _unused)
        _drop_bare_bullets(numbering)
        add_lists(numbering, self._own("numbering"), styles, matched)
        set_language(styles, self._language)
        self._parts.add("styles", serialised(styles))
        self._parts.add("numbering", serialised(numbering), name)
        return matched

    def _add_fonts_and_theme(self) -> None:
        fonts, ours = self._one("fontTable"), self._own("fontTable")
        if fonts is None:
            fonts = ours
        name = self._parts.name("fontTable")
        refer = self._referring(self._relatives.get("fontTable"), name)
        for node in list(fonts.iter()):
            reference = node.get(f"{{{RELATIONS}}}id")
            if reference is None:
                continue
            kept = refer(reference)
            if kept is None:
                remove(node)
            else:
                node.set(f"{{{RELATIONS}}}id", kept)
        known = {(f.get(w("name")) or "").casefold() for f in fonts}
        for font in list(ours):
            if (font.get(w("name")) or "").casefold() not in known:
                fonts.append(font)
        self._parts.add("fontTable", serialised(fonts), name)
        part, name = self._relatives.get("theme"), self._parts.name("theme")
        theme = self._archive.root(part) if part else self._own("theme/theme1")
        self._make_safe(theme, part, name, Refused(), _unused)
        self._parts.add("theme", serialised(theme), name)

    def _settings(self) -> Node:
        """Return our settings, with what pages depend on of the template's."""
        ours, theirs = self._own("settings"), self._one("settings")
        if theirs is not None:
            take_settings(ours, theirs)
        for fonts in ours.iter(w("themeFontLang")):
            fonts.set(w(slot_of(self._language)), proofing_language(self._language))
        return ours

    def _add_running(self, sheet: PageSetup, matched: Matched, *, even: bool) -> dict[Running, str]:
        """Add headers and footers; return their relationships, or none where all are empty."""
        used = {matched.names[style].casefold() for style in _USED}
        used |= {matched.known_as[style].casefold() for style in _USED}

        def is_used(style: str) -> bool:
            # "Überschrift 1" is the style "berschrift1": Word makes ids of names that way.
            return style in "123" or not used.isdisjoint(
                {style.casefold(), re.sub("[^A-Za-z0-9]", "", style).casefold()}
            )

        found: dict[Running, tuple[Node, str]] = {}
        for (kind, place), part in sheet.running.items():
            if (place == "first" and not sheet.first_differs) or (place == "even" and not even):
                continue
            root, name = self._root(kind, part), self._parts.name(kind)
            self._make_safe(root, part, name, self._refused, is_used)
            found[kind, place] = root, name
        if not any(says_something(root) for root, _ in found.values()):
            return {}
        return {
            running: self._parts.add(running[0], serialised(root), name)
            for running, (root, name) in found.items()
        }

    def _make_safe(
        self,
        root: Node,
        part: str | None,
        name: str,
        refused: Refused,
        is_used: Callable[[str], bool],
    ) -> None:
        made_safe(root, Surroundings(self._facts, is_used, self._referring(part, name)), refused)

    def _referring(self, part: str | None, name: str) -> Callable[[str], str | None]:
        return self._parts.file_of(part, name) if part else _nothing

    def _rest(self) -> tuple[dict[str, bytes], dict[str, str]]:
        """Return what a document consists of besides, which is ours, and its content types."""
        parts = {n: self._ours[n] for n in _REST}
        return parts, {n: kind for n, kind in _REST.items() if kind}

    def _related(self, part: str) -> dict[str, str]:
        """Return the parts of which there is one each, by their kind."""
        found: dict[str, str] = {}
        for relation in self._archive.relations(part):
            if relation.target is not None:
                found.setdefault(relation.kind, relation.target)
        return found

    def _root(self, kind: str, part: str) -> Node:
        """Return the XML of a part, which must be of that kind."""
        root = self._archive.root(part)
        if root.tag != _ROOTS[kind]:
            raise UnusableError(f"its part {clean_line(part)} is not what it says it is")
        self._sizes += drop_impossible_sizes(root)
        return root

    def _one(self, kind: str) -> Node | None:
        return self._root(kind, self._relatives[kind]) if kind in self._relatives else None

    def _own(self, name: str) -> Node:
        return parsed(self._ours[f"word/{name}.xml"], name)


def _nothing(_relation: str) -> str | None:
    return None


def _unused(_style: str) -> bool:
    return False


def _drop_bare_bullets(numbering: Node) -> None:
    """Take out bullets that are pictures where the pictures could not be kept."""
    bare: set[str | None] = set()
    for bullet in numbering.findall(w("numPicBullet")):
        if not len(bullet):
            bare.add(bullet.get(w("numPicBulletId")))
            numbering.remove(bullet)
    for reference in list(numbering.iter(w("lvlPicBulletId"))):
        if reference.get(w("val")) in bare:
            remove(reference)
