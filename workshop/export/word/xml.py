# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false
# pyright: reportUnknownVariableType=false
# lxml has no types of its own; this module is the one place where they are supplied.
"""Builders for WordprocessingML elements.

Everything that is repeated (answers, rows, canvas cells) is built with lxml, because python-docx
takes forty times as long. Text is set through `.text` only, so that it is never markup.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from operator import methodcaller
from typing import Protocol, cast

from lxml import etree  # pyright: ignore[reportAttributeAccessIssue]

_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"


class Element(Protocol):
    """The part of an lxml element that this package uses."""

    text: str | None
    tag: str

    def append(self, element: "Element", /) -> None:
        """Append a child."""
        ...

    def insert(self, index: int, element: "Element", /) -> None:
        """Insert a child at `index`, or move it there from elsewhere in the tree."""
        ...

    def remove(self, element: "Element", /) -> None:
        """Remove a child."""
        ...

    def set(self, key: str, value: str, /) -> None:
        """Set an attribute."""
        ...

    def get(self, key: str, /) -> str | None:
        """Return the value of an attribute, or None."""
        ...

    def find(self, path: str, /) -> "Element | None":
        """Return the first element at `path`, or None."""
        ...

    def iter(self, tag: str, /) -> Iterator["Element"]:
        """Yield the element and its descendants that have that tag."""
        ...

    def __len__(self) -> int:
        """Return the number of children."""
        ...

    def __getitem__(self, index: int, /) -> "Element":
        """Return the child at `index`."""
        ...

    def __iter__(self) -> Iterator["Element"]:
        """Yield the children."""
        ...


_add_child = cast(Callable[[Element, str], Element], etree.SubElement)
# The method behind copy.deepcopy(), called directly in half the time.
_copy_element = cast("Callable[[Element], Element]", methodcaller("__copy__"))


def w(name: str) -> str:
    """Return the qualified name of `w:name`."""
    return f"{{{_WORD}}}{name}"


_P, _PPR, _PSTYLE, _R, _RPR, _RSTYLE = (w(n) for n in ("p", "pPr", "pStyle", "r", "rPr", "rStyle"))
_RFONTS, _HINT, _RTL, _CS = (w(n) for n in ("rFonts", "hint", "rtl", "cs"))
_T, _VAL = w("t"), w("val")
_BREAK_ELEMENTS = {"\n": w("br"), "\t": w("tab")}
_BREAKS = re.compile("([\n\t])")


def add(parent: Element, name: str, attributes: Mapping[str, str | int] | None = None) -> Element:
    """Add `w:name` to `parent`, with attributes named without their prefix; return it."""
    element = _add_child(parent, w(name))
    for key, value in (attributes or {}).items():
        element.set(w(key), str(value))
    return element


def paragraph(parent: Element, style: str, text: str = "") -> Element:
    """Add a paragraph with `text` in the style with that id; return it."""
    element = _add_child(parent, _P)
    _add_child(_add_child(element, _PPR), _PSTYLE).set(_VAL, style)
    if text:
        run(element, text)
    return element


def keep_with_next(element: Element) -> None:
    """Keep a paragraph on the same page as the next one; in a table, keep its whole row."""
    properties = element[0]
    properties.insert(1, add(properties, "keepNext"))  # behind the name of its style


def run(
    parent: Element,
    text: str,
    style: str | None = None,
    *,
    right_to_left: bool = False,
    complex_script: bool = False,
    east_asian: bool = False,
) -> None:
    """Add a run of text, in the character style `style` if given.

    Line ends become `w:br`, tabs become `w:tab`.
    """
    element = _add_child(parent, _R)
    if style or right_to_left or complex_script or east_asian:
        properties = _add_child(element, _RPR)
        if style:
            _add_child(properties, _RSTYLE).set(_VAL, style)
        if east_asian:
            _add_child(properties, _RFONTS).set(_HINT, "eastAsia")
        if right_to_left:
            _add_child(properties, _RTL)
        if complex_script:
            _add_child(properties, _CS)
    for piece in _BREAKS.split(text):
        if piece in _BREAK_ELEMENTS:
            _add_child(element, _BREAK_ELEMENTS[piece])
        elif piece:
            text_element = _add_child(element, _T)
            text_element.text = piece
            text_element.set(_SPACE, "preserve")


class ParagraphTemplate:
    """A paragraph that is built once and copied many times, in a third of the time."""

    def __init__(self, style: str, *run_styles: str | None) -> None:
        """Build a paragraph in the style with that id, with a run for each of `run_styles`."""
        scratch = cast(Element, etree.Element(w("body"), nsmap={"w": _WORD}))
        self.style = style
        self._prototype = paragraph(scratch, style)
        for run_style in run_styles:
            run(self._prototype, "text", run_style)

    def append_copy(self, parent: Element, *texts: str) -> None:
        """Append a copy of the paragraph with `texts`, of one line each, in its runs."""
        element = _copy_element(self._prototype)
        for index, text in enumerate(texts, start=1):
            element[index][-1].text = text
        parent.append(element)


def hyperlink(parent: Element, anchor: str) -> Element:
    """Add a link to a bookmark of this document; return it, so that runs can be added."""
    return add(parent, "hyperlink", {"anchor": anchor, "history": 1})


def bookmark_start(parent: Element, number: int, name: str) -> None:
    """Begin the bookmark `name`; `number` is unique in the document."""
    add(parent, "bookmarkStart", {"id": number, "name": name})


def bookmark_end(parent: Element, number: int) -> None:
    """End the bookmark of that number."""
    add(parent, "bookmarkEnd", {"id": number})


def field_start(parent: Element, instruction: str) -> None:
    """Begin a field; everything added until `field_end` is its result."""
    add(add(parent, "r"), "fldChar", {"fldCharType": "begin"})
    instruction_element = add(add(parent, "r"), "instrText")
    instruction_element.text = f" {instruction} "
    instruction_element.set(_SPACE, "preserve")
    add(add(parent, "r"), "fldChar", {"fldCharType": "separate"})


def field_end(parent: Element) -> None:
    """End the field."""
    add(add(parent, "r"), "fldChar", {"fldCharType": "end"})


def field(parent: Element, instruction: str, result: str) -> None:
    """Add a complete field with `result`, which is shown until a program updates it."""
    field_start(parent, instruction)
    run(parent, result)
    field_end(parent)
