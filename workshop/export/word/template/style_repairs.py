"""What a template's styles say that no program can follow, and that some lose all styles over.

LibreOffice drops every style of a document in which letters are a kilometre high, and never ends
where they are smaller than nothing.
"""

import re

from workshop.export.word.template.computed_style import value
from workshop.export.word.template.nodes import Node, remove
from workshop.export.word.xml import w

_SIZES = ("sz", "szCs")
_LEAST, _MOST = 0.5, 1638.0
"""The sizes of letters that Word knows, in points."""
_HALF_POINTS = re.compile(r"\s*\+?0*(\d{1,4})\s*", re.ASCII)
_MEASURE = re.compile(r"\s*(\d{1,6}(?:\.\d{1,9})?)(mm|cm|in|pt|pc|pi)\s*", re.ASCII)
_UNITS = {"mm": 72 / 25.4, "cm": 720 / 25.4, "in": 72.0, "pt": 1.0, "pc": 12.0, "pi": 12.0}


def drop_impossible_sizes(root: Node) -> int:
    """Take out of a part what says that letters have a size that none have; return how many.

    They then have the size that they have where nothing is said.
    """
    impossible = [
        node
        for node in root.iter(*map(w, _SIZES))
        if not _LEAST <= _points(node.get(w("val")) or "") <= _MOST
    ]
    for node in impossible:
        remove(node)
    return len(impossible)


def drop_repeated(styles: Node) -> list[str]:
    """Take out of a style sheet what has an id that a style before it has; return their names."""
    seen: set[str] = set()
    repeated: dict[str, None] = {}
    for style in styles.findall(w("style")):
        style_id = style.get(w("styleId"))
        if not style_id:
            continue
        if style_id in seen:
            repeated[value(style, "name") or style_id] = None
            styles.remove(style)
        seen.add(style_id)
    return list(repeated)


def _points(said: str) -> float:
    """Return a size in points; 0 where it is not one."""
    if found := _HALF_POINTS.fullmatch(said):
        return int(found[1]) / 2
    if found := _MEASURE.fullmatch(said):
        return float(found[1]) * _UNITS[found[2]]
    return 0.0
