# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false
# lxml has no types of its own; this module supplies what reading foreign markup takes.
"""XML that others wrote: parsed without fetching, expanding or trusting anything."""

from collections.abc import Iterator, Mapping, MutableMapping
from typing import Protocol, cast

from lxml import etree  # pyright: ignore[reportAttributeAccessIssue]

from workshop.export.word.template.errors import UnusableError
from workshop.export.word.xml import Element

RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
"""The namespace of attributes that name a relationship, and the stem of the types of these."""

XmlError = cast(type[Exception], etree.LxmlError)
"""What lxml raises."""

SAFELY = {
    "resolve_entities": False,
    "no_network": True,
    "load_dtd": False,
    "huge_tree": False,
    "remove_comments": True,
    "remove_pis": True,
}
"""How lxml reads what others wrote."""
_DOCTYPE = b"<!DOCTYPE"


class Node(Element, Protocol):
    """What is used of an lxml element that is read and changed."""

    tail: str | None
    attrib: MutableMapping[str, str]

    def getparent(self) -> "Node | None":
        """Return what it lies in."""
        ...

    def find(self, path: str, /) -> "Node | None":
        """Return the first element at that path."""
        ...

    def findall(self, path: str, /) -> "list[Node]":
        """Return all elements at that path."""
        ...

    def iter(self, *tags: str) -> "Iterator[Node]":
        """Yield it and what lies in it, in the document's order: all, or what has those tags."""
        ...

    def iterancestors(self, *tags: str) -> "Iterator[Node]":
        """Yield what it lies in, from the inside out."""
        ...

    def getprevious(self) -> "Node | None":
        """Return the element before it in what it lies in."""
        ...

    def addprevious(self, element: Element, /) -> None:
        """Put an element before it."""
        ...

    def __iter__(self) -> "Iterator[Node]":
        """Yield the children."""
        ...

    def __getitem__(self, place: int, /) -> "Node":
        """Return the child at that place."""
        ...

    def __delitem__(self, places: slice, /) -> None:
        """Take out the children at those places."""
        ...


def parsed(blob: bytes, part: str) -> Node:
    """Return the root of a part's XML, without comments and processing instructions.

    Raises UnusableError where it is not well formed, or has a document type: no part of a Word
    document has one, and it is what entities that grow or fetch hide in.
    """
    refuse_document_type(blob, part)
    parser = etree.XMLParser(**SAFELY)
    try:
        root = etree.fromstring(blob, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise UnusableError(f"its part {part} is damaged") from error
    # In an encoding in which the declaration does not look as above.
    if root.getroottree().docinfo.internalDTD is not None:
        raise UnusableError(f"its part {part} declares a document type")
    return cast(Node, root)


def refuse_document_type(blob: bytes, part: str) -> None:
    """Raise UnusableError where XML, or a piece of it, declares a document type."""
    if _DOCTYPE in blob or _DOCTYPE in blob.replace(b"\0", b""):
        raise UnusableError(f"its part {part} declares a document type")


def built(
    name: str,
    namespace: str,
    attributes: Mapping[str, str] | None = None,
    *,
    prefix: str | None = None,
) -> Node:
    """Return a new element without content, whose namespace has that prefix."""
    element = etree.Element(f"{{{namespace}}}{name}", attributes, nsmap={prefix: namespace})
    return cast(Node, element)


def serialised(root: Element) -> bytes:
    """Return the XML of a part as bytes."""
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))


def local(name: str) -> str:
    """Return a tag or an attribute's name without its namespace."""
    return name.rpartition("}")[2]


def remove(node: Node) -> None:
    """Take an element out of the tree, where it is in one; the text behind it stays."""
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
    """Put the children of `content`, or of the element itself, in the element's place."""
    if node.getparent() is None:
        return
    for child in list(node if content is None else content):
        node.addprevious(child)
    remove(node)
