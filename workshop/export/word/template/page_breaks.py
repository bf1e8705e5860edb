"""Page breaks that our styles must not inherit from a template.

A page break, or "keep with next", in the style that all others are based on would give each answer
a page of its own, or leave no place for a page to end.
"""

from collections.abc import Mapping

from workshop.export.word.template.computed_style import (
    MAX_DEPTH,
    Path,
    Properties,
    child_value,
    own_properties,
)
from workshop.export.word.template.element_order import ensure_property
from workshop.export.word.template.nodes import Node
from workshop.export.word.xml import w

BREAK: Path = ("pPr", "pageBreakBefore", "val")
"""The property that a paragraph begins a page."""
_KEEP_NEXT: Path = ("pPr", "keepNext", "val")
_OFF = "0"


def is_set(properties: Mapping[Path, str], path: Path) -> bool:
    """Return whether a switch is on."""
    return properties.get(path, _OFF) != _OFF


def override_page_flow(style: Node, actual: Properties, wanted: Properties) -> None:
    """Turn off page breaks and "keep with next" in a paragraph style if ours has them off.

    `actual` is its computed style in a template, `wanted` that in our own base document.
    """
    for path in (BREAK, _KEEP_NEXT):
        if is_set(actual, path) and not is_set(wanted, path):
            ensure_property(style, path[0], path[1]).set(w("val"), _OFF)


def clear_page_break(style: Node) -> None:
    """Turn off page breaks in a table style.

    If every paragraph begins a page by default, LibreOffice begins one with the table, whatever
    the styles of the paragraphs in it set.
    """
    ensure_property(style, "pPr", "pageBreakBefore").set(w("val"), _OFF)


def page_break_source(style: Node, by_id: Mapping[str, Node]) -> str | None:
    """Return the id of the style that sets a style's page break; None for the default."""
    current: Node | None = style
    for _ in range(MAX_DEPTH):
        if current is None:
            return None
        if BREAK in own_properties(current):
            return current.get(w("styleId")) or ""
        current = by_id.get(child_value(current, "basedOn") or "")
    return None
