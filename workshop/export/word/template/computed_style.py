"""The computed style: a style's own properties on top of those that it inherits.

A property is known by its path, such as ("rPr", "sz", "val"). The rules are Word's: most elements
replace the inherited one as a whole; spacing, indents, fonts and languages do so attribute by
attribute, and each side of a border by itself.
"""

from collections.abc import Iterator, Mapping

from workshop.export.word.template.nodes import Node, local_name
from workshop.export.word.xml import w

Path = tuple[str, ...]
Properties = dict[Path, str]

KINDS = ("pPr", "rPr", "tblPr")
MAX_DEPTH = 40
"""The longest chain of inheritance that is followed; real ones have about five styles."""
_BY_ATTRIBUTE = {("pPr", "spacing"), ("pPr", "ind"), ("rPr", "rFonts"), ("rPr", "lang")}
_BY_SIDE = ("pBdr", "numPr", "tblBorders", "tblCellMar")
_SAME = {"true": "1", "on": "1", "false": "0", "off": "0", "nil": "none", "start": "left"}
_SIDES = {"start": "left", "end": "right", "startChars": "leftChars", "endChars": "rightChars"}
_RIVALS = (
    ("ind", "firstLine", "hanging"),
    ("rFonts", "ascii", "asciiTheme"),
    ("rFonts", "hAnsi", "hAnsiTheme"),
    ("rFonts", "eastAsia", "eastAsiaTheme"),
    ("rFonts", "cs", "cstheme"),
)
"""Pairs of attributes: setting one removes the other if it is inherited."""


def own_properties(style: Node, kinds: tuple[str, ...] = KINDS) -> Properties:
    """Return the properties that a style, or an element like one, sets itself."""
    properties: Properties = {}
    for kind in kinds:
        for holder in style.findall(w(kind)):
            for node in holder:
                properties.update(_flatten(node, (kind,)))
    return properties


def document_defaults(styles: Node) -> Properties:
    """Return the document defaults of a style sheet."""
    properties: Properties = {}
    for name, kind in (("rPrDefault", "rPr"), ("pPrDefault", "pPr")):
        holder = styles.find(f"{w('docDefaults')}/{w(name)}")
        if holder is not None:
            properties.update(own_properties(holder, (kind,)))
    return properties


def computed_style(inherited: Mapping[Path, str], own: Mapping[Path, str]) -> Properties:
    """Return `own` on top of `inherited`."""
    replaced = {override_key(path) for path in own}
    for element, one, other in _RIVALS:
        for path in own:
            if path[1:2] == (element,) and path[2] in (one, other):
                replaced.add((path[0], element, other if path[2] == one else one))
    remaining = {
        path: value for path, value in inherited.items() if override_key(path) not in replaced
    }
    return {**remaining, **own}


def resolve_style(
    style: Node, by_id: Mapping[str, Node], defaults: Mapping[Path, str]
) -> Properties:
    """Return the computed style: the document defaults, the inherited properties and its own."""
    chain: list[Node] = []
    current: Node | None = style
    while current is not None and current not in chain and len(chain) < MAX_DEPTH:
        chain.append(current)
        current = by_id.get(child_value(current, "basedOn") or "")
    properties = dict(defaults) if is_paragraph_style(style) else {}
    for link in reversed(chain):
        properties = computed_style(properties, own_properties(link))
    return properties


def is_paragraph_style(style: Node) -> bool:
    """Return whether a style is a paragraph style."""
    return style.get(w("type")) in ("paragraph", None)


def child_value(style: Node, name: str) -> str | None:
    """Return the `w:val` of a child of a style, such as "name" or "basedOn"."""
    child = style.find(w(name))
    return None if child is None else child.get(w("val"))


def override_key(path: Path) -> Path:
    """Return the prefix of a path that a style replaces as a whole if it sets any of it."""
    if path[:2] in _BY_ATTRIBUTE:
        return path[:3]
    return path[:3] if path[1] in _BY_SIDE else path[:2]


def _flatten(node: Node, above: Path) -> Iterator[tuple[Path, str]]:
    path = (*above, _SIDES.get(local_name(node.tag), local_name(node.tag)))
    if not node.attrib and not len(node):
        yield (*path, "val"), "1"
    for name, value in node.attrib.items():
        attribute = _SIDES.get(local_name(name), local_name(name))
        yield (*path, attribute), _SAME.get(value, value)
    if path[1] in _BY_SIDE and len(path) == 2:
        for child in node:
            yield from _flatten(child, path)
