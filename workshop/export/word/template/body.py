# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false
# lxml has no types of its own.
"""The section properties of a template's main part, read as a stream without its text.

A few packed kilobytes can be millions of paragraphs, which would take a gigabyte as a tree.
"""

from collections.abc import Iterable, Iterator
from copy import deepcopy
from itertools import chain
from typing import cast

from lxml import etree  # pyright: ignore[reportAttributeAccessIssue]

from workshop.export.word.template.errors import UnusableError
from workshop.export.word.template.nodes import SAFE_OPTIONS, Node, reject_document_type
from workshop.export.word.xml import w

MAX_SECTIONS = 10_000
MAX_SECTION_BYTES = 1024 * 1024
"""The maximum size of a section's properties; real ones have a thousandth of that."""
_DOCUMENT, _SECTION, _CHANGE = w("document"), w("sectPr"), w("sectPrChange")


def read_sections(chunks: Iterable[bytes], part: str) -> list[Node]:
    """Return the properties of a main part's sections, in order; `chunks` are its XML.

    Raises UnusableError if the XML is not well formed, has a document type or another root than a
    document, has more than `MAX_SECTIONS`, or a section longer than `MAX_SECTION_BYTES`.
    """
    sections: list[Node] = []
    try:
        chunks = _check_root(iter(chunks), part)
        parser = etree.XMLPullParser(
            events=("start", "end"), tag=(_DOCUMENT, _SECTION), **SAFE_OPTIONS
        )
        root: Node | None = None
        section_bytes = 0
        for chunk in chunks:
            parser.feed(chunk)
            for event, node in parser.read_events():
                if root is None:
                    root = cast(Node, node)
                elif event == "end" and node.tag == _SECTION:
                    _collect(sections, cast(Node, node))
            section_bytes = section_bytes + len(chunk) if _drop_read_nodes(root) else 0
            if section_bytes > MAX_SECTION_BYTES:
                raise UnusableError("it says more of a section than any document does")
        parser.close()
    except (etree.XMLSyntaxError, ValueError) as error:
        raise UnusableError(f"its part {part} is damaged") from error
    return sections


def _check_root(chunks: Iterator[bytes], part: str) -> Iterator[bytes]:
    """Return all chunks, after checking that the root element is a document."""
    parser = etree.XMLPullParser(events=("start",), **SAFE_OPTIONS)
    read: list[bytes] = []
    for chunk in chunks:
        reject_document_type(b"".join(read[-1:]) + chunk, part)
        read.append(chunk)
        parser.feed(chunk)
        for _, root in parser.read_events():
            # In an encoding in which the declaration does not look as it does in most.
            if root.getroottree().docinfo.internalDTD is not None:
                raise UnusableError(f"its part {part} declares a document type")
            if root.tag != _DOCUMENT:
                raise UnusableError(f"its part {part} is not what it says it is")
            return chain(read, chunks)
    parser.close()
    return iter(read)


def _collect(sections: list[Node], section: Node) -> None:
    parent = section.getparent()
    if parent is None or parent.tag == _CHANGE:  # as it was before somebody changed it
        return
    if len(sections) == MAX_SECTIONS:
        raise UnusableError(f"it has more than {MAX_SECTIONS:,} sections")
    sections.append(deepcopy(section))


def _drop_read_nodes(root: Node | None) -> bool:
    """Remove all nodes before the one that is being read from the growing tree.

    Returns whether that node is in a section's properties, which stay complete.
    """
    node = root
    while node is not None and node.tag != _SECTION and len(node):
        del node[:-1]
        node = node[0]
    return node is not None and node.tag == _SECTION
