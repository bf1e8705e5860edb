"""Fields in a template's header and footer: those that only look at the report stay fields.

A field can load a file, ask a database or a program for text, or run a macro. What is not known to
be harmless becomes the text that it last showed.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from workshop.export.word.template.nodes import Node, remove, unwrap
from workshop.export.word.xml import w
from workshop.text import clean_line, shorten

_HARMLESS = """
    = ADVANCE AUTHOR COMMENTS COMPARE CREATEDATE DATE EDITTIME EQ FILENAME FILESIZE IF KEYWORDS
    LASTSAVEDBY NUMCHARS NUMPAGES NUMWORDS PAGE PRINTDATE REVNUM SAVEDATE SECTION SECTIONPAGES
    SEQ SUBJECT SYMBOL TIME TITLE
"""
_FACTS = {"TITLE": "title", "SUBJECT": "subject", "AUTHOR": "creator"}
_PROPERTIES = {
    **_FACTS, "KEYWORDS": "", "COMMENTS": "", "PAGES": "", "LASTSAVEDBY": "", "CREATETIME": "",
    "LASTSAVEDTIME": "", "REVISIONNUMBER": "",
}  # fmt: skip
"""The properties that every document has, as DOCPROPERTY names them."""
_BEGIN, _SEPARATE, _END = "begin", "separate", "end"
_FIRST_WORD = re.compile(r"\s*(=|\\?[^\s\\\"=]+)\s*(?:\"([^\"]*)\"|([^\s\\]+))?")
_PIECES = (w("fldChar"), w("instrText"), w("delInstrText"), w("t"))
_SHOWN = 30


@dataclass(eq=False)
class _Field:
    """A field while its marks are collected."""

    instruction: str = ""
    marks: list[Node] = field(default_factory=list[Node])
    in_result: bool = False
    ended: bool = False
    result: list[Node] = field(default_factory=list[Node])
    """The pieces of text that it shows."""


def settle_fields(
    root: Node, facts: Mapping[str, str], is_style: Callable[[str], bool]
) -> list[str]:
    """Leave harmless fields in a header or footer, and make text of the others; return their names.

    `facts` are what the report says of itself ("title", "subject", "creator"); fields that show
    these get them as their text. `is_style` tells whether a name or id is that of a style which
    the report uses: STYLEREF stays only then.
    """
    refused: list[str] = []
    for simple in list(root.iter(w("fldSimple"))):
        word, argument = _read(simple.get(w("instr")) or "")
        if _stays(word, argument, is_style):
            _fill(_texts(simple), _fact(word, argument, facts))
            for extra in simple.findall(w("fldData")):
                remove(extra)
        else:
            refused.append(word)
            unwrap(simple)
    dropped: list[_Field] = []
    for found in _fields(root):
        word, argument = _read(found.instruction)
        if found.ended and _stays(word, argument, is_style):
            _fill(found.result, _fact(word, argument, facts))
        else:
            refused.append(word)
            dropped.append(found)
    _drop_code(root, dropped)
    for form in [*root.iter(w("ffData")), *root.iter(w("fldData"))]:
        remove(form)  # where form fields keep the names of their macros
    return [shorten(clean_line(word), _SHOWN) or "a field without a name" for word in refused]


def _read(instruction: str) -> tuple[str, str]:
    """Return the kind of a field, in capitals, and its first argument."""
    found = _FIRST_WORD.match(instruction)
    return (found[1].upper(), (found[2] or found[3] or "").strip()) if found else ("", "")


def _stays(word: str, argument: str, is_style: Callable[[str], bool]) -> bool:
    if word == "STYLEREF":
        return is_style(argument)
    if word == "DOCPROPERTY":
        return argument.upper() in _PROPERTIES
    return word in _HARMLESS.split()


def _fact(word: str, argument: str, facts: Mapping[str, str]) -> str | None:
    """Return what a field shows, where the report knows it."""
    name = argument.upper() if word == "DOCPROPERTY" else word
    if word != "DOCPROPERTY" and argument:
        return None  # with an argument it sets the property
    return facts.get(_FACTS.get(name, ""))


def _texts(node: Node) -> list[Node]:
    return list(node.iter(w("t")))


def _fill(texts: list[Node], said: str | None) -> None:
    if said is None or not texts:
        return
    for text in texts:
        text.text = ""
    texts[0].text = said


def _fields(root: Node) -> list[_Field]:
    """Return the fields that consist of marks between runs, inner ones before outer ones."""
    found: list[_Field] = []
    opened: list[_Field] = []
    for node in list(root.iter(*_PIECES)):
        kind = node.get(w("fldCharType"))
        if kind == _BEGIN:
            opened.append(_Field())
        if opened:
            _take(node, kind, opened)
            if kind == _END:
                found.append(opened.pop())
        elif node.tag != w("t"):
            remove(node)  # an end without a beginning
    return [*found, *reversed(opened)]


def _take(node: Node, kind: str | None, opened: list[_Field]) -> None:
    """Take a piece into the innermost of the fields that it is in."""
    current = opened[-1]
    if kind is None and not current.in_result:
        current.instruction += node.text or ""  # plain text there counts as well
    if node.tag == w("t"):
        for outer in opened:
            if outer.in_result:
                outer.result.append(node)
        return
    current.marks.append(node)
    current.in_result |= kind == _SEPARATE
    current.ended |= kind == _END


def _drop_code(root: Node, dropped: list[_Field]) -> None:
    """Take the marks of fields out, and what lies between their beginnings and their results."""
    owners = {id(mark): owner for owner in dropped for mark in owner.marks}
    depth = 0  # of the fields in whose code a piece lies
    coding: set[int] = set()
    doomed: list[Node] = []
    for node in root.iter(*_PIECES):
        owner, kind = owners.get(id(node)), node.get(w("fldCharType"))
        if owner is None:
            if depth:
                doomed.append(node)
            continue
        doomed.append(node)
        if kind == _BEGIN and owner.ended:  # the code of others would not end either
            depth += 1
            coding.add(id(owner))
        elif kind in (_SEPARATE, _END) and id(owner) in coding:
            depth -= 1
            coding.remove(id(owner))
    for node in doomed:
        remove(node)
