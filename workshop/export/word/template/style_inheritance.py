"""Style inheritance: circles and endless chains in a damaged style sheet are cut.

LibreOffice never ends on a circle of styles, and crashes on a chain of thousands.
"""

from collections.abc import Container, Mapping

from workshop.export.word.template.computed_style import MAX_DEPTH, child_value
from workshop.export.word.template.nodes import Node
from workshop.export.word.xml import w

_Key = tuple[str, str]
"""The identity of a style for a word processor: its type and name."""


def cut_inheritance_chains(styles: Node) -> list[str]:
    """Cut circles and chains longer than `MAX_DEPTH`; return the names of the cut styles.

    A circle is cut at the default style, or else at the first style in the sheet.
    """
    by_key: dict[_Key, Node] = {}
    keys: dict[str, _Key] = {}
    for style in styles.findall(w("style")):
        style_id, key = style.get(w("styleId")) or "", _key(style)
        if key in by_key or style_id in keys:
            _remove_base(style)  # a duplicate: which of the two counts is undefined
            continue
        by_key[key], keys[style_id] = style, key
    bases = {key: keys.get(child_value(style, "basedOn") or "") for key, style in by_key.items()}
    ranks = {key: (not _is_default(style), n) for n, (key, style) in enumerate(by_key.items())}
    depths: dict[_Key | None, int] = {None: 0}
    cut: list[str] = []
    for start in by_key:
        path, opened = _follow_chain(start, bases, depths, ranks)
        for key in reversed(path):
            if key == opened or depths[bases[key]] >= MAX_DEPTH:
                bases[key] = None
                _remove_base(by_key[key])
                cut.append(child_value(by_key[key], "name") or "")
            depths[key] = depths[bases[key]] + 1
    return cut


def _follow_chain(
    start: _Key,
    bases: Mapping[_Key, _Key | None],
    known: Container[_Key | None],
    ranks: Mapping[_Key, tuple[bool, int]],
) -> tuple[list[_Key], _Key | None]:
    """Return the styles from `start` to one that is `known`, and where a circle is cut.

    Once the circle is cut, each style precedes the one that it is based on.
    """
    path: dict[_Key, int] = {}
    current: _Key | None = start
    while current is not None and current not in known and current not in path:
        path[current] = len(path)
        current = bases[current]
    visited = list(path)
    if current is None or current not in path:
        return visited, None
    before, circle = visited[: path[current]], visited[path[current] :]
    opened = min(circle, key=lambda key: ranks[key])
    cut_at = circle.index(opened) + 1
    return [*before, *circle[cut_at:], *circle[:cut_at]], opened


def _key(style: Node) -> _Key:
    name = child_value(style, "name") or style.get(w("styleId")) or ""
    return style.get(w("type")) or "paragraph", name.strip().casefold()


def _is_default(style: Node) -> bool:
    return style.get(w("default")) in ("1", "true", "on")


def _remove_base(style: Node) -> None:
    for base in style.findall(w("basedOn")):
        style.remove(base)
