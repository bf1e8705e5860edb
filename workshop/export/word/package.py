# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false
# lxml has no types of its own.
"""Pack a document into its file: sorted parts, so that equal content gives equal bytes."""

from collections.abc import Iterator, Sequence
from typing import cast

from docx.document import Document
from docx.opc.package import OpcPackage
from docx.opc.part import Part
from docx.opc.rel import Relationships
from lxml import etree  # pyright: ignore[reportAttributeAccessIssue]

from workshop.export.office_file import build_archive_with_checksum

_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_RELATIONS = "application/vnd.openxmlformats-package.relationships+xml"


def pack_document(document: Document) -> bytes:
    """Return `document` as the bytes of a .docx file: the same document gives the same bytes."""
    package = cast(OpcPackage, document.part.package)
    parts = sorted(package.parts, key=lambda p: str(p.partname))
    return build_archive_with_checksum(_entries(package, parts))


def _entries(package: OpcPackage, parts: Sequence[Part]) -> Iterator[tuple[str, bytes]]:
    yield "[Content_Types].xml", _content_types({str(p.partname): p.content_type for p in parts})
    yield "_rels/.rels", _relations(package.rels)
    for part in parts:
        yield part.partname.membername, part.blob
        if len(part.rels):
            yield part.partname.rels_uri.membername, _relations(part.rels)


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
