"""The order of elements in styles and properties that the schema of Word requires."""

from collections.abc import Iterable

from workshop.export.word.template.nodes import Node
from workshop.export.word.xml import Element, add, w

_STYLE = """
    name aliases basedOn next link autoRedefine hidden uiPriority semiHidden unhideWhenUsed qFormat
    locked personal personalCompose personalReply rsid pPr rPr tblPr trPr tcPr tblStylePr
"""
_PARAGRAPH = """
    keepNext keepLines pageBreakBefore framePr widowControl numPr suppressLineNumbers pBdr shd tabs
    suppressAutoHyphens kinsoku wordWrap overflowPunct topLinePunct autoSpaceDE autoSpaceDN bidi
    adjustRightInd snapToGrid spacing ind contextualSpacing mirrorIndents suppressOverlap jc
    textDirection textAlignment textboxTightWrap outlineLvl
"""
_CHARACTER = """
    rFonts b bCs i iCs caps smallCaps strike dstrike outline shadow emboss imprint noProof
    snapToGrid vanish webHidden color spacing w kern position sz szCs highlight u effect bdr shd
    fitText vertAlign rtl cs em lang eastAsianLayout specVanish oMath
"""
_CELL = """
    cnfStyle tcW gridSpan hMerge vMerge tcBorders shd noWrap tcMar textDirection tcFitText vAlign
    hideMark
"""
_ORDERS = {"pPr": _PARAGRAPH.split(), "rPr": _CHARACTER.split(), "tcPr": _CELL.split()}


def sort_children(parent: Element, names: Iterable[str]) -> None:
    """Sort children in the order of `names`; others come last."""
    ranks = {w(name): rank for rank, name in enumerate(names)}
    children = list(parent)
    ranked = sorted(children, key=lambda child: ranks.get(child.tag, len(ranks)))
    if ranked != children:
        for child in ranked:
            parent.append(child)


def sort_style(style: Element) -> None:
    """Sort a style's elements in the order of the schema, as some templates do not."""
    sort_children(style, _STYLE.split())
    for kind, names in _ORDERS.items():
        for holder in style.iter(w(kind)):
            sort_children(holder, names)


def ensure_properties(style: Node, kind: str) -> Element:
    """Return the element of a style's properties of a kind, such as "pPr"; add it if missing."""
    element: Element | None = style.find(w(kind))
    if element is None:
        element = add(style, kind)
        sort_style(style)
    return element


def ensure_property(style: Node, kind: str, name: str) -> Element:
    """Return the element of a property of a style; add it without attributes if missing."""
    holder = ensure_properties(style, kind)
    element = holder.find(w(name))
    if element is None:
        element = add(holder, name)
        sort_children(holder, _ORDERS[kind])
    return element
