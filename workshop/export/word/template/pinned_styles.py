"""Pinned styles: the styles of the canvas keep the measures that its fit relies on.

A canvas is fitted to its page before it is written. So its styles must not inherit from a template
what makes text wider or higher: they set explicitly what they have in our own base document.
Colours they do inherit.
"""

from collections.abc import Iterator, Mapping

from workshop.export.word.template.computed_style import Path, override_key
from workshop.export.word.template.element_order import ensure_property, sort_children
from workshop.export.word.template.nodes import Node
from workshop.export.word.xml import add, w

_PINNED = ("Canvas", "BlockLink", "EmptyHeader")
"""Prefixes of the ids of styles on the page of a canvas."""

_SIDES = ("top", "left", "bottom", "right", "between", "bar")
_ON, _OFF = "1", "0"
_PARAGRAPH: dict[str, dict[str, str]] = {
    **{
        name: {"val": _OFF}
        for name in (
            "keepNext", "keepLines", "pageBreakBefore", "bidi", "contextualSpacing",
            "mirrorIndents",
        )
    },
    "numPr": {"numId": _OFF},
    "pBdr": dict.fromkeys(_SIDES, "none"),
    "shd": {"val": "clear", "color": "auto", "fill": "auto"},
    **{name: {"val": _ON} for name in ("kinsoku", "wordWrap", "autoSpaceDE", "autoSpaceDN")},
    "spacing": {
        "before": _OFF, "beforeLines": _OFF, "beforeAutospacing": _OFF,
        "after": _OFF, "afterLines": _OFF, "afterAutospacing": _OFF,
        "line": "240", "lineRule": "auto",
    },
    "ind": dict.fromkeys(
        (
            "left", "leftChars", "right", "rightChars", "firstLine", "firstLineChars", "hanging",
            "hangingChars",
        ),
        _OFF,
    ),
    "jc": {"val": "left"},
    "textDirection": {"val": "lrTb"},
    "textAlignment": {"val": "auto"},
    "outlineLvl": {"val": "9"},
}  # fmt: skip
_CHARACTER: dict[str, dict[str, str]] = {
    "rFonts": dict.fromkeys(("ascii", "hAnsi", "eastAsia", "cs"), ""),
    **{
        name: {"val": _OFF}
        for name in (
            "b", "bCs", "i", "iCs", "caps", "smallCaps", "strike", "dstrike", "outline", "shadow",
            "emboss", "imprint", "vanish", "webHidden", "spacing", "kern", "position", "cs",
        )
    },
    "w": {"val": "100"},
    "sz": {"val": "20"},
    "szCs": {"val": "20"},
    "highlight": {"val": "none"},
    "u": {"val": "none"},
    "effect": {"val": "none"},
    "bdr": {"val": "none"},
    "shd": {"val": "clear", "color": "auto", "fill": "auto"},
    "vertAlign": {"val": "baseline"},
    "em": {"val": "none"},
}  # fmt: skip
"""The default of each property in Word."""
_NESTED = ("numPr", "pBdr")
LIST: Path = ("pPr", "numPr", "numId", "val")
"""The list that a paragraph is in."""


def is_pinned(style_id: str) -> bool:
    """Return whether one of our styles is used on the page of a canvas."""
    return style_id.startswith(_PINNED)


def pin_style(style: Node, actual: Mapping[Path, str], expected: Mapping[Path, str]) -> None:
    """Set explicitly what would differ in a paragraph style.

    `actual` is its computed style in a template, `expected` that in our own base document.
    """
    for path, default in _pinned_properties(actual):
        value = expected.get(path, default)
        if _normalised(path, actual.get(path, default)) == _normalised(path, value):
            continue
        kind, name = path[:2]
        element = ensure_property(style, kind, name)
        if name in _NESTED:
            side = element.find(w(path[2]))
            (add(element, path[2]) if side is None else side).set(w("val"), value)
            sort_children(element, ("ilvl", "numId", *_SIDES))
        else:
            element.set(w(path[2]), value)
        if name == "position":  # without this LibreOffice keeps the size of raised text
            ensure_property(style, kind, "vertAlign").set(w("val"), "baseline")
        if override_key(path) == path[:2]:  # its other attributes are not inherited any more
            for other, default_value in _table(kind)[name].items():
                element.set(w(other), expected.get((kind, name, other), default_value))


def has_same_measures(theirs: Mapping[Path, str], expected: Mapping[Path, str]) -> bool:
    """Return whether a template's computed style takes as much room as ours, `expected`."""
    pinned = _pinned_properties({**theirs, **expected})
    if any(
        _normalised(path, theirs.get(path, default))
        != _normalised(path, expected.get(path, default))
        for path, default in pinned
    ):
        return False
    return all(
        theirs.get(p) == expected.get(p) for p in {*theirs, *expected} if _affects_table_size(p)
    )


def _pinned_properties(properties: Mapping[Path, str]) -> Iterator[tuple[Path, str]]:
    """Yield the paths of all pinned properties, with their defaults."""
    for kind in ("pPr", "rPr"):
        for name, attributes in _table(kind).items():
            for attribute, default in attributes.items():
                nested = (attribute, "val") if name in _NESTED else (attribute,)
                yield (kind, name, *nested), default
        if (kind, "shd", "themeFill") in properties:
            yield (kind, "shd", "themeFill"), ""


def _table(kind: str) -> Mapping[str, Mapping[str, str]]:
    return _PARAGRAPH if kind == "pPr" else _CHARACTER


def _normalised(path: Path, value: str) -> str:
    """Return the value of a property; for a list, only whether the paragraph is in one."""
    return value if path != LIST or value == _OFF else _ON


def _affects_table_size(path: Path) -> bool:
    return path[0] == "tblPr" and (
        path[1] in ("tblCellMar", "tblInd") or (path[1] == "tblBorders" and path[-1] == "sz")
    )
