# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false
# lxml has no types of its own; this module supplies those that reading foreign markup needs.
"""Foreign XML: parsed without fetching or expanding anything, and edited as nodes."""

from collections.abc import Iterator, Mapping, MutableMapping
from typing import Protocol, cast

from lxml import etree  # pyright: ignore[reportAttributeAccessIssue]

from workshop.export.word.template.errors import UnusableError
from workshop.export.word.xml import Element

RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
"""The namespace of attributes that name a relationship, and the prefix of relationship types."""

XmlError = cast(type[Exception], etree.LxmlError)
"""The base class of lxml's errors."""

SAFE_OPTIONS = {
    "resolve_entities": False,
    "no_network": True,
    "load_dtd": False,
    "huge_tree": False,
    "remove_comments": True,
    "remove_pis": True,
}
"""Parser options of lxml for foreign XML."""
_DOCTYPE = b"<!DOCTYPE"


class Node(Element, Protocol):
    """The methods of an lxml element that reading and editing a template needs."""

    tail: str | None
    attrib: MutableMapping[str, str]

    def getparent(self) -> "Node | None":
        """Return the parent."""
        ...

    def find(self, path: str, /) -> "Node | None":
        """Return the first match of a path."""
        ...

    def findall(self, path: str, /) -> "list[Node]":
        """Return all matches of a path."""
        ...

    def iter(self, *tags: str) -> "Iterator[Node]":
        """Yield the node and its descendants in document order, all or those with these tags."""
        ...

    def iterancestors(self, *tags: str) -> "Iterator[Node]":
        """Yield its ancestors, from the inside out."""
        ...

    def getprevious(self) -> "Node | None":
        """Return the preceding sibling."""
        ...

    def addprevious(self, element: Element, /) -> None:
        """Insert a sibling before it."""
        ...

    def __iter__(self) -> "Iterator[Node]":
        """Yield the children."""
        ...

    def __getitem__(self, index: int, /) -> "Node":
        """Return the child at an index."""
        ...

    def __delitem__(self, indices: slice, /) -> None:
        """Remove a slice of the children."""
        ...


def parse_xml(blob: bytes, part: str) -> Node:
    """Return the root of a part's XML, without comments and processing instructions.

    Raises UnusableError if it is not well formed or declares a document type, which no part of a
    Word document does: entities that expand or fetch are declared there.
    """
    reject_document_type(blob, part)
    parser = etree.XMLParser(**SAFE_OPTIONS)
    try:
        root = etree.fromstring(blob, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise UnusableError(f"its part {part} is damaged") from error
    # In another encoding the declaration has other bytes than those checked above.
    if root.getroottree().docinfo.internalDTD is not None:
        raise UnusableError(f"its part {part} declares a document type")
    return cast(Node, root)


def reject_document_type(blob: bytes, part: str) -> None:
    """Raise UnusableError if XML, or a chunk of it, declares a document type."""
    if _DOCTYPE in blob or _DOCTYPE in blob.replace(b"\0", b""):
        raise UnusableError(f"its part {part} declares a document type")


def new_element(
    name: str,
    namespace: str,
    attributes: Mapping[str, str] | None = None,
    *,
    prefix: str | None = None,
) -> Node:
    """Return a new element without content, with `prefix` for its namespace."""
    element = etree.Element(f"{{{namespace}}}{name}", attributes, nsmap={prefix: namespace})
    return cast(Node, element)


def serialise(root: Element) -> bytes:
    """Return the XML of a part as bytes."""
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))


def local_name(name: str) -> str:
    """Return the name of a tag or attribute without its namespace."""
    return name.rpartition("}")[2]


def remove(node: Node) -> None:
    """Remove a node from its tree, if it is in one; the text after it stays."""
    parent = node.getparent()
    if parent is None:
        return
    if (node.tail or "").strip():
        before = node.getprevious()
        if before is None:
            parent.text = (parent.text or "") + (node.tail or "")
        else:
            before.tail = (before.tail or "") + (node.tail or "")
    parent.remove(node)


def unwrap(node: Node, content: Node | None = None) -> None:
    """Replace a node by the children of `content`, or by its own."""
    if node.getparent() is None:
        return
    for child in list(node if content is None else content):
        node.addprevious(child)
    remove(node)
