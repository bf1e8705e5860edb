"""Repairs of a template's styles: impossible font sizes and duplicate ids are removed.

LibreOffice drops every style of a document with a font size of a kilometre, and never ends on a
negative one.
"""

import re

from workshop.export.word.template.computed_style import child_value
from workshop.export.word.template.nodes import Node, remove
from workshop.export.word.xml import w

_SIZES = ("sz", "szCs")
_LEAST, _MOST = 0.5, 1638.0
"""The font sizes that Word allows, in points."""
_HALF_POINTS = re.compile(r"\s*\+?0*(\d{1,4})\s*", re.ASCII)
_MEASURE = re.compile(r"\s*(\d{1,6}(?:\.\d{1,9})?)(mm|cm|in|pt|pc|pi)\s*", re.ASCII)
_UNITS = {"mm": 72 / 25.4, "cm": 720 / 25.4, "in": 72.0, "pt": 1.0, "pc": 12.0, "pi": 12.0}


def drop_impossible_sizes(root: Node) -> int:
    """Remove impossible font sizes from a part, so that inherited ones apply; return how many."""
    impossible = [
        node
        for node in root.iter(*map(w, _SIZES))
        if not _LEAST <= _to_points(node.get(w("val")) or "") <= _MOST
    ]
    for node in impossible:
        remove(node)
    return len(impossible)


def drop_duplicate_ids(styles: Node) -> list[str]:
    """Remove styles whose id an earlier style has from a style sheet; return their names."""
    seen: set[str] = set()
    repeated: dict[str, None] = {}
    for style in styles.findall(w("style")):
        style_id = style.get(w("styleId"))
        if not style_id:
            continue
        if style_id in seen:
            repeated[child_value(style, "name") or style_id] = None
            styles.remove(style)
        seen.add(style_id)
    return list(repeated)


def _to_points(size: str) -> float:
    """Return a size in points; 0 if it is not a valid one."""
    if match := _HALF_POINTS.fullmatch(size):
        return int(match[1]) / 2
    if match := _MEASURE.fullmatch(size):
        return float(match[1]) * _UNITS[match[2]]
    return 0.0
