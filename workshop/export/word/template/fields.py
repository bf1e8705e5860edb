"""Fields in a template's header and footer: only fields known to be harmless stay fields.

A field can load a file, query a database or a program, or run a macro. All others become the text
that they last showed.
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
_FIELD_NODES = (w("fldChar"), w("instrText"), w("delInstrText"), w("t"))
_SHOWN = 30


@dataclass(eq=False)
class _Field:
    """A field whose marks are being collected."""

    instruction: str = ""
    marks: list[Node] = field(default_factory=list[Node])
    in_result: bool = False
    ended: bool = False
    result: list[Node] = field(default_factory=list[Node])
    """The text nodes that it shows."""


def sanitise_fields(
    root: Node, facts: Mapping[str, str], is_style: Callable[[str], bool]
) -> list[str]:
    """Convert all but the harmless fields of a header or footer into text; return their names.

    `facts` are the properties of the report ("title", "subject", "creator"); fields that show
    them get them as their text. `is_style` returns whether a name or id is that of a style that
    the report uses: only then does STYLEREF stay.
    """
    removed: list[str] = []
    for simple in list(root.iter(w("fldSimple"))):
        word, argument = _parse_instruction(simple.get(w("instr")) or "")
        if _is_harmless(word, argument, is_style):
            _set_text(_texts(simple), _fact(word, argument, facts))
            for extra in simple.findall(w("fldData")):
                remove(extra)
        else:
            removed.append(word)
            unwrap(simple)
    dropped: list[_Field] = []
    for current in _fields(root):
        word, argument = _parse_instruction(current.instruction)
        if current.ended and _is_harmless(word, argument, is_style):
            _set_text(current.result, _fact(word, argument, facts))
        else:
            removed.append(word)
            dropped.append(current)
    _drop_code(root, dropped)
    for form in [*root.iter(w("ffData")), *root.iter(w("fldData"))]:
        remove(form)  # where form fields keep the names of their macros
    return [shorten(clean_line(word), _SHOWN) or "a field without a name" for word in removed]


def _parse_instruction(instruction: str) -> tuple[str, str]:
    """Return the kind of a field, in capitals, and its first argument."""
    match = _FIRST_WORD.match(instruction)
    return (match[1].upper(), (match[2] or match[3] or "").strip()) if match else ("", "")


def _is_harmless(word: str, argument: str, is_style: Callable[[str], bool]) -> bool:
    if word == "STYLEREF":
        return is_style(argument)
    if word == "DOCPROPERTY":
        return argument.upper() in _PROPERTIES
    return word in _HARMLESS.split()


def _fact(word: str, argument: str, facts: Mapping[str, str]) -> str | None:
    """Return the text of a field that shows a property of the report, else None."""
    name = argument.upper() if word == "DOCPROPERTY" else word
    if word != "DOCPROPERTY" and argument:
        return None  # with an argument it sets the property
    return facts.get(_FACTS.get(name, ""))


def _texts(node: Node) -> list[Node]:
    return list(node.iter(w("t")))


def _set_text(texts: list[Node], content: str | None) -> None:
    if content is None or not texts:
        return
    for text in texts:
        text.text = ""
    texts[0].text = content


def _fields(root: Node) -> list[_Field]:
    """Return the fields made of marks between runs, inner fields before outer ones."""
    complete: list[_Field] = []
    opened: list[_Field] = []
    for node in list(root.iter(*_FIELD_NODES)):
        kind = node.get(w("fldCharType"))
        if kind == _BEGIN:
            opened.append(_Field())
        if opened:
            _assign_node(node, kind, opened)
            if kind == _END:
                complete.append(opened.pop())
        elif node.tag != w("t"):
            remove(node)  # an end without a beginning
    return [*complete, *reversed(opened)]


def _assign_node(node: Node, kind: str | None, opened: list[_Field]) -> None:
    """Assign a node to the innermost field that it is in."""
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
    """Remove the marks of fields and the nodes between their beginnings and their results."""
    owners = {id(mark): owner for owner in dropped for mark in owner.marks}
    depth = 0  # of the fields in whose code a piece lies
    coding: set[int] = set()
    doomed: list[Node] = []
    for node in root.iter(*_FIELD_NODES):
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
