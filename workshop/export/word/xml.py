# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false
# pyright: reportUnknownVariableType=false
# lxml has no types of its own; this module is the one place where they are supplied.
"""Building WordprocessingML, element by element.

Everything that is repeated (answers, rows, canvas cells) is built here with lxml, because
python-docx takes forty times as long. Text gets in through `.text` alone, so that nothing in it is
ever markup.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from operator import methodcaller
from typing import Protocol, cast

from lxml import etree  # pyright: ignore[reportAttributeAccessIssue]

_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"


class Element(Protocol):
    """What is used of an lxml element."""

    text: str | None
    tag: str

    def append(self, element: "Element", /) -> None:
        """Add a child behind the others."""
        ...

    def insert(self, place: int, element: "Element", /) -> None:
        """Put a child, which may have been elsewhere in the tree, at that place."""
        ...

    def remove(self, element: "Element", /) -> None:
        """Take a child away."""
        ...

    def set(self, key: str, value: str, /) -> None:
        """Set an attribute."""
        ...

    def get(self, key: str, /) -> str | None:
        """Return an attribute."""
        ...

    def find(self, path: str, /) -> "Element | None":
        """Return the first element at that path."""
        ...

    def iter(self, tag: str, /) -> Iterator["Element"]:
        """Yield all elements of that tag."""
        ...

    def __len__(self) -> int:
        """Return how many children there are."""
        ...

    def __getitem__(self, place: int, /) -> "Element":
        """Return the child at that place."""
        ...

    def __iter__(self) -> Iterator["Element"]:
        """Yield the children."""
        ...


_sub = cast(Callable[[Element, str], Element], etree.SubElement)
# What copy.deepcopy() calls in the end, in half the time.
_copied = cast("Callable[[Element], Element]", methodcaller("__copy__"))


def w(name: str) -> str:
    """Return the qualified name of `w:name`."""
    return f"{{{_WORD}}}{name}"


_P, _PPR, _PSTYLE, _R, _RPR, _RSTYLE = (w(n) for n in ("p", "pPr", "pStyle", "r", "rPr", "rStyle"))
_RFONTS, _HINT, _RTL, _CS = (w(n) for n in ("rFonts", "hint", "rtl", "cs"))
_T, _VAL = w("t"), w("val")
_MARKS = {"\n": w("br"), "\t": w("tab")}
_PIECES = re.compile("([\n\t])")


def add(parent: Element, name: str, attributes: Mapping[str, str | int] | None = None) -> Element:
    """Add `w:name` to `parent`, with attributes named without their prefix; return it."""
    element = _sub(parent, w(name))
    for key, value in (attributes or {}).items():
        element.set(w(key), str(value))
    return element


def paragraph(parent: Element, style: str, text: str = "") -> Element:
    """Add a paragraph of the style with that id, and `text` in it; return it."""
    element = _sub(parent, _P)
    _sub(_sub(element, _PPR), _PSTYLE).set(_VAL, style)
    if text:
        run(element, text)
    return element


def keep_with_next(element: Element) -> None:
    """Keep a paragraph on the page of what follows it; in a table, its whole row."""
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
    """Add a run of text, in a character style where one is named.

    Line ends become breaks, tabulators become `w:tab`.
    """
    element = _sub(parent, _R)
    if style or right_to_left or complex_script or east_asian:
        properties = _sub(element, _RPR)
        if style:
            _sub(properties, _RSTYLE).set(_VAL, style)
        if east_asian:
            _sub(properties, _RFONTS).set(_HINT, "eastAsia")
        if right_to_left:
            _sub(properties, _RTL)
        if complex_script:
            _sub(properties, _CS)
    for piece in _PIECES.split(text):
        if piece in _MARKS:
            _sub(element, _MARKS[piece])
        elif piece:
            words = _sub(element, _T)
            words.text = piece
            words.set(_SPACE, "preserve")


class ParagraphTemplate:
    """A paragraph of runs that is made once and stamped many times: a third of the time."""

    def __init__(self, style: str, *run_styles: str | None) -> None:
        """Make a paragraph of the style with that id, with a run for each of `run_styles`."""
        scratch = cast(Element, etree.Element(w("body"), nsmap={"w": _WORD}))
        self.style = style
        self._whole = paragraph(scratch, style)
        for run_style in run_styles:
            run(self._whole, "text", run_style)

    def append_copy(self, parent: Element, *texts: str) -> None:
        """Add the paragraph with these texts, of one line each, in its runs."""
        element = _copied(self._whole)
        for place, text in enumerate(texts, start=1):
            element[place][-1].text = text
        parent.append(element)


def hyperlink(parent: Element, anchor: str) -> Element:
    """Add a link to a bookmark of this document; return it, to get runs."""
    return add(parent, "hyperlink", {"anchor": anchor, "history": 1})


def bookmark_start(parent: Element, number: int, name: str) -> None:
    """Begin the bookmark `name`; `number` is unique in the document."""
    add(parent, "bookmarkStart", {"id": number, "name": name})


def bookmark_end(parent: Element, number: int) -> None:
    """End the bookmark of that number."""
    add(parent, "bookmarkEnd", {"id": number})


def field_start(parent: Element, instruction: str) -> None:
    """Begin a field; what is added until `field_end` is its result."""
    add(add(parent, "r"), "fldChar", {"fldCharType": "begin"})
    code = add(add(parent, "r"), "instrText")
    code.text = f" {instruction} "
    code.set(_SPACE, "preserve")
    add(add(parent, "r"), "fldChar", {"fldCharType": "separate"})


def field_end(parent: Element) -> None:
    """End the field."""
    add(add(parent, "r"), "fldChar", {"fldCharType": "end"})


def field(parent: Element, instruction: str, result: str) -> None:
    """Add a whole field with the result that is shown until a program works it out again."""
    field_start(parent, instruction)
    run(parent, result)
    field_end(parent)
