"""The order in which the schema wants what a style says."""

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


def put_in_order(parent: Element, names: Iterable[str]) -> None:
    """Put children into the order of `names`; those that it does not have come last."""
    ranks = {w(name): rank for rank, name in enumerate(names)}
    children = list(parent)
    ranked = sorted(children, key=lambda child: ranks.get(child.tag, len(ranks)))
    if ranked != children:
        for child in ranked:
            parent.append(child)


def put_style_in_order(style: Element) -> None:
    """Put what a style says into the schema's order, in which pandoc's own template has it not."""
    put_in_order(style, _STYLE.split())
    for kind, names in _ORDERS.items():
        for holder in style.iter(w(kind)):
            put_in_order(holder, names)


def properties_in(style: Node, kind: str) -> Element:
    """Return what holds a style's properties of a kind, such as "pPr"; add it where it is not."""
    found: Element | None = style.find(w(kind))
    if found is None:
        found = add(style, kind)
        put_style_in_order(style)
    return found


def property_in(style: Node, kind: str, name: str) -> Element:
    """Return a property of a style; add it, without attributes, where it is not there."""
    holder = properties_in(style, kind)
    found = holder.find(w(name))
    if found is None:
        found = add(holder, name)
        put_in_order(holder, _ORDERS[kind])
    return found
