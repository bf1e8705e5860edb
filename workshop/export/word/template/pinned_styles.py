"""Holding the styles of the canvas to the measures that its fit counts on.

A canvas is fitted to its page before it is written. So its styles must not take over from a
template what makes text wider or higher: where that would happen, they say explicitly what they
have in our own base document. Colours they do take over.
"""

from collections.abc import Iterator, Mapping

from workshop.export.word.template.computed_style import Path, replaced_with
from workshop.export.word.template.element_order import property_in, put_in_order
from workshop.export.word.template.nodes import Node
from workshop.export.word.xml import add, w

_PINNED = ("Canvas", "BlockLink", "EmptyHeader")
"""How the ids of styles begin that are used on the page of a canvas."""

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
"""What each property amounts to where nobody sets it, in Word's terms."""
_NESTED = ("numPr", "pBdr")
LIST: Path = ("pPr", "numPr", "numId", "val")
"""The list that a paragraph is in."""


def is_pinned(style_id: str) -> bool:
    """Return whether a style of ours is used on the page of a canvas."""
    return style_id.startswith(_PINNED)


def pin(style: Node, actual: Mapping[Path, str], wanted: Mapping[Path, str]) -> None:
    """Have a paragraph's style say explicitly in what it would amount to something else.

    `actual` are the properties that it amounts to in a template, `wanted` those that it has in our
    own base document.
    """
    for path, usual in _pinned(actual):
        said = wanted.get(path, usual)
        if _as_counted(path, actual.get(path, usual)) == _as_counted(path, said):
            continue
        kind, name = path[:2]
        element = property_in(style, kind, name)
        if name in _NESTED:
            side = element.find(w(path[2]))
            (add(element, path[2]) if side is None else side).set(w("val"), said)
            put_in_order(element, ("ilvl", "numId", *_SIDES))
        else:
            element.set(w(path[2]), said)
        if name == "position":  # without this LibreOffice keeps the size of raised text
            property_in(style, kind, "vertAlign").set(w("val"), "baseline")
        if replaced_with(path) == path[:2]:  # what is left out of it is gone as well
            for other, value in _table(kind)[name].items():
                element.set(w(other), wanted.get((kind, name, other), value))


def holds(theirs: Mapping[Path, str], wanted: Mapping[Path, str]) -> bool:
    """Return whether a style of the template takes as much room as ours in our own document."""
    pinned = _pinned({**theirs, **wanted})
    if any(
        _as_counted(path, theirs.get(path, usual)) != _as_counted(path, wanted.get(path, usual))
        for path, usual in pinned
    ):
        return False
    return all(theirs.get(p) == wanted.get(p) for p in {*theirs, *wanted} if _is_of_table(p))


def _pinned(found: Mapping[Path, str]) -> Iterator[tuple[Path, str]]:
    """Yield the properties that count, with what they amount to where nobody sets them."""
    for kind in ("pPr", "rPr"):
        for name, attributes in _table(kind).items():
            for attribute, usual in attributes.items():
                nested = (attribute, "val") if name in _NESTED else (attribute,)
                yield (kind, name, *nested), usual
        if (kind, "shd", "themeFill") in found:
            yield (kind, "shd", "themeFill"), ""


def _table(kind: str) -> Mapping[str, Mapping[str, str]]:
    return _PARAGRAPH if kind == "pPr" else _CHARACTER


def _as_counted(path: Path, said: str) -> str:
    """Return the value of a property; of a list, only whether it is in one."""
    return said if path != LIST or said == _OFF else _ON


def _is_of_table(path: Path) -> bool:
    return path[0] == "tblPr" and (
        path[1] in ("tblCellMar", "tblInd") or (path[1] == "tblBorders" and path[-1] == "sz")
    )
