"""What a style amounts to: its own properties on top of those that it takes over.

A property is known by its path, such as ("rPr", "sz", "val"). The rules are Word's: most elements
replace the inherited one as a whole; spacing, indents, fonts and languages do so attribute by
attribute, and each side of a border by itself.
"""

from collections.abc import Iterator, Mapping

from workshop.export.word.template.nodes import Node, local
from workshop.export.word.xml import w

Path = tuple[str, ...]
Properties = dict[Path, str]

KINDS = ("pPr", "rPr", "tblPr")
DEEPEST = 40
"""How far styles are followed that are based on each other; real ones stop at five or so."""
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
"""Attributes of which one that is set undoes the other that is inherited."""


def own_properties(style: Node, kinds: tuple[str, ...] = KINDS) -> Properties:
    """Return what a style says itself, or an element that holds properties as a style does."""
    found: Properties = {}
    for kind in kinds:
        for holder in style.findall(w(kind)):
            for node in holder:
                found.update(_flat(node, (kind,)))
    return found


def defaults_of(styles: Node) -> Properties:
    """Return what holds for all text of a document whose styles these are."""
    found: Properties = {}
    for name, kind in (("rPrDefault", "rPr"), ("pPrDefault", "pPr")):
        holder = styles.find(f"{w('docDefaults')}/{w(name)}")
        if holder is not None:
            found.update(own_properties(holder, (kind,)))
    return found


def computed_style(inherited: Mapping[Path, str], own: Mapping[Path, str]) -> Properties:
    """Return `own` on top of `inherited`."""
    replaced = {replaced_with(path) for path in own}
    for element, one, other in _RIVALS:
        for path in own:
            if path[1:2] == (element,) and path[2] in (one, other):
                replaced.add((path[0], element, other if path[2] == one else one))
    kept = {path: value for path, value in inherited.items() if replaced_with(path) not in replaced}
    return {**kept, **own}


def amount(style: Node, by_id: Mapping[str, Node], defaults: Mapping[Path, str]) -> Properties:
    """Return what a style amounts to among others, with what holds for all text of the document."""
    chain: list[Node] = []
    current: Node | None = style
    while current is not None and current not in chain and len(chain) < DEEPEST:
        chain.append(current)
        current = by_id.get(value(current, "basedOn") or "")
    found = dict(defaults) if is_of_paragraphs(style) else {}
    for link in reversed(chain):
        found = computed_style(found, own_properties(link))
    return found


def is_of_paragraphs(style: Node) -> bool:
    """Return whether a style is one of paragraphs."""
    return style.get(w("type")) in ("paragraph", None)


def value(style: Node, name: str) -> str | None:
    """Return the value of a style's child: its name, what it is based on and the like."""
    found = style.find(w(name))
    return None if found is None else found.get(w("val"))


def replaced_with(path: Path) -> Path:
    """Return the part of a path that is replaced as one where a style says something of it."""
    if path[:2] in _BY_ATTRIBUTE:
        return path[:3]
    return path[:3] if path[1] in _BY_SIDE else path[:2]


def _flat(node: Node, above: Path) -> Iterator[tuple[Path, str]]:
    here = (*above, _SIDES.get(local(node.tag), local(node.tag)))
    if not node.attrib and not len(node):
        yield (*here, "val"), "1"
    for name, said in node.attrib.items():
        attribute = _SIDES.get(local(name), local(name))
        yield (*here, attribute), _SAME.get(said, said)
    if here[1] in _BY_SIDE and len(here) == 2:
        for child in node:
            yield from _flat(child, here)
