"""What styles are based on: chains that end, which a damaged style sheet's may not.

LibreOffice follows a circle of styles for ever, and a chain of thousands until it breaks down.
"""

from collections.abc import Container, Mapping

from workshop.export.word.template.computed_style import DEEPEST, value
from workshop.export.word.template.nodes import Node
from workshop.export.word.xml import w

_Key = tuple[str, str]
"""A style as programs tell styles apart: its kind and its name."""


def end_chains(styles: Node) -> list[str]:
    """Take out what keeps the chains of a style sheet from ending soon.

    A circle is opened at the style that all text has unless it is told otherwise, or else at the
    one that comes first. Returns the names of the styles that are based on nothing any more.
    """
    by_key: dict[_Key, Node] = {}
    keys: dict[str, _Key] = {}
    for style in styles.findall(w("style")):
        style_id, key = style.get(w("styleId")) or "", _key(style)
        if key in by_key or style_id in keys:
            _cut(style)  # one of two that are the same: nobody knows which of them counts
            continue
        by_key[key], keys[style_id] = style, key
    bases = {key: keys.get(value(style, "basedOn") or "") for key, style in by_key.items()}
    ranks = {key: (not _is_default(style), n) for n, (key, style) in enumerate(by_key.items())}
    depths: dict[_Key | None, int] = {None: 0}
    cut: list[str] = []
    for start in by_key:
        path, opened = _followed(start, bases, depths, ranks)
        for key in reversed(path):
            if key == opened or depths[bases[key]] >= DEEPEST:
                bases[key] = None
                _cut(by_key[key])
                cut.append(value(by_key[key], "name") or "")
            depths[key] = depths[bases[key]] + 1
    return cut


def _followed(
    start: _Key,
    bases: Mapping[_Key, _Key | None],
    known: Container[_Key | None],
    ranks: Mapping[_Key, tuple[bool, int]],
) -> tuple[list[_Key], _Key | None]:
    """Return the styles from `start` down to one that is `known`, and where a circle is opened.

    A style that is based on another comes before it, once the circle is open.
    """
    path: dict[_Key, int] = {}
    current: _Key | None = start
    while current is not None and current not in known and current not in path:
        path[current] = len(path)
        current = bases[current]
    way = list(path)
    if current is None or current not in path:
        return way, None
    before, circle = way[: path[current]], way[path[current] :]
    opened = min(circle, key=lambda key: ranks[key])
    place = circle.index(opened) + 1
    return [*before, *circle[place:], *circle[:place]], opened


def _key(style: Node) -> _Key:
    name = value(style, "name") or style.get(w("styleId")) or ""
    return style.get(w("type")) or "paragraph", name.strip().casefold()


def _is_default(style: Node) -> bool:
    return style.get(w("default")) in ("1", "true", "on")


def _cut(style: Node) -> None:
    for base in style.findall(w("basedOn")):
        style.remove(base)
