# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false
# lxml has no types of its own.
"""The sections of a template's main part. The rest of it, its text, is dropped while it is read.

A few packed kilobytes can be millions of paragraphs; as a tree they would take a gigabyte.
"""

from collections.abc import Iterable, Iterator
from copy import deepcopy
from itertools import chain
from typing import cast

from lxml import etree  # pyright: ignore[reportAttributeAccessIssue]

from workshop.export.word.template.errors import UnusableError
from workshop.export.word.template.nodes import SAFELY, Node, refuse_document_type
from workshop.export.word.xml import w

MOST_SECTIONS = 10_000
MOST_OF_A_SECTION = 1024 * 1024
"""How long a section's properties may be, in bytes; real ones have a thousandth."""
_DOCUMENT, _SECTION, _CHANGE = w("document"), w("sectPr"), w("sectPrChange")


def sections_in(pieces: Iterable[bytes], part: str) -> list[Node]:
    """Return the properties of a main part's sections, in order; `pieces` are its XML.

    Raises UnusableError where that is not well formed, has a document type, is not a document's, or
    has more than `MOST_SECTIONS` or one that is longer than `MOST_OF_A_SECTION`.
    """
    found: list[Node] = []
    try:
        pieces = _begun(iter(pieces), part)
        parser = etree.XMLPullParser(events=("start", "end"), tag=(_DOCUMENT, _SECTION), **SAFELY)
        root: Node | None = None
        within = 0
        for piece in pieces:
            parser.feed(piece)
            for event, node in parser.read_events():
                if root is None:
                    root = cast(Node, node)
                elif event == "end" and node.tag == _SECTION:
                    _take(found, cast(Node, node))
            within = within + len(piece) if _drop_what_is_read(root) else 0
            if within > MOST_OF_A_SECTION:
                raise UnusableError("it says more of a section than any document does")
        parser.close()
    except (etree.XMLSyntaxError, ValueError) as error:
        raise UnusableError(f"its part {part} is damaged") from error
    return found


def _begun(pieces: Iterator[bytes], part: str) -> Iterator[bytes]:
    """Return all of the pieces, of which the first ones have shown that it is a document."""
    parser = etree.XMLPullParser(events=("start",), **SAFELY)
    read: list[bytes] = []
    for piece in pieces:
        refuse_document_type(b"".join(read[-1:]) + piece, part)
        read.append(piece)
        parser.feed(piece)
        for _, root in parser.read_events():
            # In an encoding in which the declaration does not look as it does in most.
            if root.getroottree().docinfo.internalDTD is not None:
                raise UnusableError(f"its part {part} declares a document type")
            if root.tag != _DOCUMENT:
                raise UnusableError(f"its part {part} is not what it says it is")
            return chain(read, pieces)
    parser.close()
    return iter(read)


def _take(found: list[Node], section: Node) -> None:
    parent = section.getparent()
    if parent is None or parent.tag == _CHANGE:  # as it was before somebody changed it
        return
    if len(found) == MOST_SECTIONS:
        raise UnusableError(f"it has more than {MOST_SECTIONS:,} sections")
    found.append(deepcopy(section))


def _drop_what_is_read(root: Node | None) -> bool:
    """Take out of a tree that grows all that lies before the place where it grows.

    Returns whether that place is in a section's properties, of which nothing is taken out.
    """
    node = root
    while node is not None and node.tag != _SECTION and len(node):
        del node[:-1]
        node = node[0]
    return node is not None and node.tag == _SECTION
