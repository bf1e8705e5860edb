# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false
# pyright: reportUnknownVariableType=false
# lxml has no types of its own; this module is the one place where they are supplied.
"""Building WordprocessingML, element by element.

Everything that is repeated (answers, rows, canvas cells) is built here with lxml, because
python-docx takes forty times as long. Text gets in through `.text` alone, so that nothing in it is
ever markup.
"""

from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
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

    def __iter__(self) -> Iterator["Element"]:
        """Yield the children."""
        ...


_sub = cast(Callable[[Element, str], Element], etree.SubElement)


def w(name: str) -> str:
    """Return the qualified name of `w:name`."""
    return f"{{{_WORD}}}{name}"


_P, _PPR, _PSTYLE, _R, _RPR, _RSTYLE = (w(n) for n in ("p", "pPr", "pStyle", "r", "rPr", "rStyle"))
_T, _BR, _TAB, _VAL = (w(n) for n in ("t", "br", "tab", "val"))


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


def run(parent: Element, text: str, style: str | None = None) -> None:
    """Add a run of text, in a character style where one is named; line ends become breaks."""
    element = _sub(parent, _R)
    if style:
        _sub(_sub(element, _RPR), _RSTYLE).set(_VAL, style)
    first = True
    for line in text.split("\n"):
        if not first:
            _sub(element, _BR)
        first = False
        if line:
            piece = _sub(element, _T)
            piece.text = line
            piece.set(_SPACE, "preserve")


class Stencil:
    """A paragraph of runs that is made once and stamped many times: a third of the time."""

    def __init__(self, style: str, *run_styles: str | None) -> None:
        """Make a paragraph of the style with that id, with a run for each of `run_styles`."""
        scratch = cast(Element, etree.Element(w("body"), nsmap={"w": _WORD}))
        self._whole = paragraph(scratch, style)
        for run_style in run_styles:
            run(self._whole, "text", run_style)

    def stamp(self, parent: Element, *texts: str) -> None:
        """Add the paragraph with these texts, of one line each, in its runs."""
        element = deepcopy(self._whole)
        _, *runs = element
        for place, text in zip(runs, texts, strict=True):
            *_, piece = place
            piece.text = text
        parent.append(element)


def tab(parent: Element) -> None:
    """Add a tabulator."""
    _sub(_sub(parent, _R), _TAB)


def link(parent: Element, anchor: str, text: str, style: str) -> None:
    """Add a link to a bookmark of this document."""
    run(add(parent, "hyperlink", {"anchor": anchor, "history": 1}), text, style)


def bookmarked(parent: Element, number: int, name: str, text: str) -> None:
    """Add a run of text that is the bookmark `name`; `number` is unique in the document."""
    add(parent, "bookmarkStart", {"id": number, "name": name})
    run(parent, text)
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
