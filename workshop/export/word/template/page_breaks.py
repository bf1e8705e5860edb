"""Where pages begin: what a template says of every paragraph is not meant for every paragraph.

A page break or the wish to stay with what follows, in the style that all others are based on, would
give each answer a page of its own, or leave no place to end a page at.
"""

from collections.abc import Mapping

from workshop.export.word.template.computed_style import (
    DEEPEST,
    Path,
    Properties,
    own_properties,
    value,
)
from workshop.export.word.template.element_order import property_in
from workshop.export.word.template.nodes import Node
from workshop.export.word.xml import w

BREAK: Path = ("pPr", "pageBreakBefore", "val")
"""Whether a paragraph begins a page."""
_KEPT: Path = ("pPr", "keepNext", "val")
_OFF = "0"


def is_set(properties: Mapping[Path, str], path: Path) -> bool:
    """Return whether something that is on or off is on."""
    return properties.get(path, _OFF) != _OFF


def end_pages_as_ours(style: Node, actual: Properties, wanted: Properties) -> None:
    """Have a paragraph's style neither begin pages nor keep them from ending where ours does not.

    `actual` are the properties that it amounts to in a template, `wanted` those that it has in our
    own base document.
    """
    for path in (BREAK, _KEPT):
        if is_set(actual, path) and not is_set(wanted, path):
            property_in(style, path[0], path[1]).set(w("val"), _OFF)


def begin_no_page(style: Node) -> None:
    """Have a table's style begin no page.

    Where every paragraph does so by default, LibreOffice would begin one with the table, whatever
    the styles of the paragraphs in it say.
    """
    property_in(style, "pPr", "pageBreakBefore").set(w("val"), _OFF)


def where_it_breaks(style: Node, by_id: Mapping[str, Node]) -> str | None:
    """Return the id of the style that a style takes its page break from; None for the default."""
    current: Node | None = style
    for _ in range(DEEPEST):
        if current is None:
            return None
        if BREAK in own_properties(current):
            return current.get(w("styleId")) or ""
        current = by_id.get(value(current, "basedOn") or "")
    return None
