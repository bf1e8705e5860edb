# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false
# lxml has no types of its own.
"""The document as a file: packed so that the same content is the same bytes, and recognised again.

python-docx packs with the time of day in every entry. This module packs the same parts in sorted
order, with one fixed date, and compresses them once.
"""

import zlib
from io import BytesIO
from pathlib import Path
from typing import cast
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile, ZipInfo

from docx.document import Document
from docx.opc.package import OpcPackage
from docx.opc.rel import Relationships
from lxml import etree  # pyright: ignore[reportAttributeAccessIssue]

_DATE = (1980, 1, 1, 0, 0, 0)
_LEVEL = 6
_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_RELATIONS = "application/vnd.openxmlformats-package.relationships+xml"
_CORE = "docProps/core.xml"
_CORE_LIMIT = 100_000
_IDENTIFIER = "{http://purl.org/dc/elements/1.1/}identifier"


def packed(document: Document) -> bytes:
    """Return `document` as the bytes of a .docx file: the same document gives the same bytes."""
    package = cast(OpcPackage, document.part.package)
    parts = sorted(package.parts, key=lambda p: str(p.partname))
    stream = BytesIO()
    with ZipFile(stream, "w", ZIP_DEFLATED, compresslevel=_LEVEL) as archive:
        types = {str(p.partname): p.content_type for p in parts}
        _put(archive, "[Content_Types].xml", _content_types(types))
        _put(archive, "_rels/.rels", _relations(package.rels))
        for part in parts:
            _put(archive, part.partname.membername, part.blob)
            if len(part.rels):
                _put(archive, part.partname.rels_uri.membername, _relations(part.rels))
    return stream.getvalue()


def _put(archive: ZipFile, name: str, blob: bytes) -> None:
    entry = ZipInfo(name, _DATE)
    entry.compress_type = ZIP_DEFLATED
    entry.external_attr = 0o644 << 16
    entry.create_system = 3  # the same on every system
    archive.writestr(entry, blob, compresslevel=_LEVEL)


def _relations(relations: Relationships) -> bytes:
    return cast(bytes, relations.xml)  # python-docx calls it a str and returns bytes


def _content_types(types: dict[str, str]) -> bytes:
    root = etree.Element(f"{{{_TYPES}}}Types", nsmap={None: _TYPES})
    for extension, content_type in (("rels", _RELATIONS), ("xml", "application/xml")):
        etree.SubElement(
            root, f"{{{_TYPES}}}Default", Extension=extension, ContentType=content_type
        )
    for name, content_type in types.items():
        etree.SubElement(root, f"{{{_TYPES}}}Override", PartName=name, ContentType=content_type)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))


def identifier_of(path: Path) -> str | None:
    """Return the `dc:identifier` of a .docx file, or None where it has none or is something else.

    Raises OSError where the file cannot be read.
    """
    try:
        with ZipFile(path) as archive:
            if archive.getinfo(_CORE).file_size > _CORE_LIMIT:
                return None
            core = archive.read(_CORE)
        parser = etree.XMLParser(resolve_entities=False, no_network=True)
        found = etree.fromstring(core, parser).find(_IDENTIFIER)
    except (
        BadZipFile,
        KeyError,
        etree.XMLSyntaxError,
        NotImplementedError,
        RuntimeError,
        EOFError,
        zlib.error,
    ):
        return None
    return None if found is None or found.text is None else str(found.text)
