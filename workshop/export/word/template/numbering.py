"""The lists of a report, added to those of a template with new numbers."""

from collections.abc import Iterator
from copy import deepcopy

from workshop.export.word.template.accent_colour import with_accent
from workshop.export.word.template.computed_style import child_value, own_properties
from workshop.export.word.template.nodes import Node
from workshop.export.word.template.styles import StyleMatch
from workshop.export.word.xml import add, w

_NUMBER = ("pPr", "numPr", "numId", "val")
_DIGITS = 9
"""Longer list numbers are ignored when the next one is chosen: no program reads them."""


def add_lists(theirs: Node, ours: Node, styles: Node, matched: StyleMatch) -> None:
    """Add the lists of our added styles, and make the styles refer to them.

    `theirs` and `ours` are the roots of the numbering parts, `styles` that of the template's style
    sheet with our styles added.
    """
    lists = {n.get(w("numId")): child_value(n, "abstractNumId") for n in ours.findall(w("num"))}
    kinds = {k.get(w("abstractNumId")): k for k in ours.findall(w("abstractNum"))}
    next_list = _next_number(theirs, "num", "numId")
    next_kind = _next_number(theirs, "abstractNum", "abstractNumId")
    new_numbers: dict[str, int] = {}
    for style in _added(styles, matched):
        number = own_properties(style).get(_NUMBER, "0")
        if number == "0":
            continue
        if number not in new_numbers:
            new_numbers[number] = next_list + len(new_numbers)
            kind = next_kind + len(new_numbers) - 1
            _add(theirs, kinds[lists[number]], kind, new_numbers[number], matched)
        for reference in style.iter(w("numId")):
            reference.set(w("val"), str(new_numbers[number]))


def _added(styles: Node, matched: StyleMatch) -> Iterator[Node]:
    yield from (s for s in styles.findall(w("style")) if s.get(w("styleId")) in matched.new_ids)


def _add(theirs: Node, ours: Node, kind: int, number: int, matched: StyleMatch) -> None:
    definition = deepcopy(ours) if matched.accent is None else with_accent(ours, matched.accent)
    definition.set(w("abstractNumId"), str(kind))
    for style in list(definition.iter(w("pStyle"))):
        style.set(w("val"), matched.names[style.get(w("val")) or ""])
    # The schema wants definitions before lists, and one last mark behind both.
    names = [child.tag for child in theirs]
    behind = [n for n, tag in enumerate(names) if tag in (w("num"), w("numIdMacAtCleanup"))]
    theirs.insert(behind[0] if behind else len(names), definition)
    entry = add(theirs, "num", {"numId": number})
    add(entry, "abstractNumId", {"val": kind})
    last = theirs.find(w("numIdMacAtCleanup"))
    if last is not None:
        last.addprevious(entry)


def _next_number(theirs: Node, name: str, attribute: str) -> int:
    numbers = [n.get(w(attribute)) or "" for n in theirs.findall(w(name))]
    return max((int(t) for t in numbers if t.isdecimal() and len(t) < _DIGITS), default=0) + 1
