# pyright: reportUnknownMemberType=false
# python-docx leaves the types of its lxml elements open.
"""Our own base document: readable XML parts in the folder beside this module, zipped in memory.

python-docx's default template is on Letter paper, in an old compatibility mode, and without the
styles that a report needs. The folder is a whole document: zipped as it is, Word opens it.
"""

from io import BytesIO
from pathlib import Path
from typing import cast
from zipfile import ZIP_STORED, ZipFile

import docx
from docx.document import Document

from workshop.report.word.xml import Element, w

_FOLDER = Path(__file__).resolve().parent / "base"
_REGIONS = {
    "da": "da-DK",
    "de": "de-DE",
    "en": "en-GB",
    "es": "es-ES",
    "fr": "fr-FR",
    "it": "it-IT",
    "nl": "nl-NL",
    "pl": "pl-PL",
    "pt": "pt-PT",
    "sv": "sv-SE",
}
"""Word checks spelling by language and region; a bank may name the language alone."""


def proofing_language(language: str) -> str:
    """Return the tag under which Word knows a language: "en" is "en-GB"."""
    return _REGIONS.get(language.lower(), language)


def open_base(language: str) -> Document:
    """Return a new document without content, in that language (a BCP 47 tag)."""
    packed = BytesIO()
    with ZipFile(packed, "w", ZIP_STORED) as archive:
        for path in sorted(p for p in _FOLDER.rglob("*") if p.is_file()):
            archive.write(path, path.relative_to(_FOLDER).as_posix())
    packed.seek(0)
    document = docx.Document(packed)
    tag = proofing_language(language)
    styles = cast(Element, document.styles.element)
    for lang in styles.iter(w("lang")):
        lang.set(w("val"), tag)
    settings = cast(Element, document.settings.element)
    for lang in settings.iter(w("themeFontLang")):
        lang.set(w("val"), tag)
    return document
