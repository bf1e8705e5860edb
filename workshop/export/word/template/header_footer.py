"""A header or footer of a template, with everything taken out that reaches beyond the report.

What is left is text, tables, pictures that lie in the file, drawn shapes and harmless fields.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from workshop.export.word.template.fields import settle_fields
from workshop.export.word.template.nodes import RELATIONS, Node, local, remove, unwrap
from workshop.export.word.xml import add, w

_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/main"
_VML = "urn:schemas-microsoft-com:vml"
_OFFICE = "urn:schemas-microsoft-com:office:office"
_VML_NAMES = (f"{{{_VML}}}", f"{{{_OFFICE}}}", "{urn:schemas-microsoft-com:office:word}")
_CORE_STORE = "{6C3C8BC8-F283-45AE-878A-BAB7291924A1}"
"""Under this name content controls are bound to the document's own properties."""

_ACCEPTED = ("ins", "moveTo")
_REJECTED = ("del", "moveFrom")
_WRAPPERS = {"smartTag": "smartTagPr", "customXml": "customXmlPr", "hyperlink": ""}
_EMBEDDED = ("object", "control", "altChunk", "subDoc", "contentPart", "movie")
_MARKS = (
    "bookmarkStart", "bookmarkEnd", "commentRangeStart", "commentRangeEnd", "commentReference",
    "annotationRef", "footnoteReference", "endnoteReference", "footnoteRef", "endnoteRef",
    "permStart", "permEnd", "proofErr", "moveFromRangeStart", "moveFromRangeEnd",
    "moveToRangeStart", "moveToRangeEnd", "customXmlInsRangeStart", "customXmlInsRangeEnd",
    "customXmlDelRangeStart", "customXmlDelRangeEnd", "customXmlMoveFromRangeStart",
    "customXmlMoveFromRangeEnd", "customXmlMoveToRangeStart", "customXmlMoveToRangeEnd",
    "pPrChange", "rPrChange", "tblPrChange", "tblGridChange", "trPrChange", "tcPrChange",
    "tblPrExChange", "sectPrChange", "numberingChange", "cellIns", "cellDel", "cellMerge",
)  # fmt: skip
_CLICKS = ("hlinkClick", "hlinkHover", "hlinkMouseOver")
_PICTURES = (f"{{{_DRAWING}}}ext", w("drawing"), w("pict"))
"""What goes where a picture cannot be kept: the extension that names it, or all of it."""
_OUTWARD = ("href", "src", "althref", "gfxdata")
"""Attributes of old drawings that name a file or an address, or hold a package of their own."""


@dataclass
class Refused:
    """What was taken out of a template's headers and footers, for the remarks."""

    fields: list[str] = field(default_factory=list[str])
    """The kinds of fields that became text."""
    links: int = 0
    objects: int = 0
    """Pictures that lie elsewhere, and embedded documents, programs and charts."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a header's markup may refer to."""

    facts: Mapping[str, str]
    """What the report says of itself: "title", "subject", "creator"."""
    is_style: Callable[[str], bool]
    """Whether a name or id is that of a style which the report uses."""
    picture: Callable[[str], str | None]
    """The new id for the relationship of that id, where it is a picture in the file."""


def made_safe(root: Node, around: Surroundings, refused: Refused) -> None:
    """Take out of a header, a footer or a list definition what reaches beyond the report."""
    _settle_changes(root)
    _unwrap_controls(root, around.facts)
    refused.links += sum(1 for _ in root.iter(w("hyperlink")))
    for name, properties in _WRAPPERS.items():
        for node in list(root.iter(w(name))):
            for extra in node.findall(w(properties)) if properties else ():
                node.remove(extra)
            unwrap(node)
    for name in _EMBEDDED:
        for node in list(root.iter(w(name))):
            refused.objects += 1
            remove(node)
    for name in _MARKS:
        for node in list(root.iter(w(name))):
            remove(node)
    for name in _CLICKS:
        for node in list(root.iter(f"{{{_DRAWING}}}{name}")):
            refused.links += 1
            remove(node)
    refused.fields += settle_fields(root, around.facts, around.is_style)
    _settle_relations(root, around.picture, refused)
    _settle_old_drawings(root, refused)
    _complete(root)


def says_something(root: Node) -> bool:
    """Return whether a header or footer shows anything."""
    shown = (w("drawing"), w("pict"), w("instrText"), w("fldSimple"), w("sym"), w("ptab"))
    if any(True for _ in root.iter(*shown)):
        return True
    return any((t.text or "").strip() for t in root.iter(w("t"))) or _has_border(root)


def _has_border(root: Node) -> bool:
    return any(True for _ in root.iter(w("pBdr"), w("tblBorders"), w("tcBorders")))


def _settle_changes(root: Node) -> None:
    """Accept tracked changes."""
    for name in _REJECTED:
        for node in list(root.iter(w(name))):
            remove(node)
    for name in _ACCEPTED:
        for node in list(root.iter(w(name))):
            unwrap(node)


def _unwrap_controls(root: Node, facts: Mapping[str, str]) -> None:
    """Leave the content of content controls; those of the title and the like get the report's."""
    for control in list(root.iter(w("sdt"))):
        binding = control.find(f"{w('sdtPr')}/{w('dataBinding')}")
        content = control.find(w("sdtContent"))
        if content is None:
            remove(control)
            continue
        if binding is not None and binding.get(w("storeItemID")) == _CORE_STORE:
            _fill_control(content, binding.get(w("xpath")) or "", facts)
        unwrap(control, content)


def _fill_control(content: Node, path: str, facts: Mapping[str, str]) -> None:
    last = path.rpartition("/")[2].rpartition(":")[2].partition("[")[0]
    texts = list(content.iter(w("t")))
    if last not in facts or not texts:
        return
    for text in texts:
        text.text = ""
    texts[0].text = facts[last]
    for style in list(content.iter(w("rStyle"))):
        if style.get(w("val")) == "PlaceholderText":
            remove(style)


def _settle_relations(root: Node, picture: Callable[[str], str | None], refused: Refused) -> None:
    """Keep references to pictures in the file; take out what refers to anything else."""
    for node in list(root.iter()):
        for name in [n for n in node.attrib if n.startswith(f"{{{RELATIONS}}}")]:
            if local(name) in ("link", "href") and _has_copy(node):
                del node.attrib[name]  # the picture lies elsewhere and in the file
                refused.links += 1
                continue
            kept = picture(node.attrib[name]) if local(name) in ("embed", "id", "pict") else None
            if kept is not None:
                node.attrib[name] = kept
                continue
            _take_out(root, node)
            refused.objects += 1
            break


def _has_copy(node: Node) -> bool:
    return any(node.get(f"{{{RELATIONS}}}{name}") for name in ("embed", "id", "pict"))


def _take_out(root: Node, node: Node) -> None:
    """Remove the picture that a node belongs to, or the node where it belongs to none."""
    for around in node.iterancestors(*_PICTURES):
        remove(around)
        return
    if node is root:
        node.attrib.clear()
    else:
        remove(node)


def _settle_old_drawings(root: Node, refused: Refused) -> None:
    """Take addresses, files and packages out of the attributes of old drawings."""
    for node in root.iter():
        if not node.tag.startswith(_VML_NAMES):
            continue
        for name in [n for n in node.attrib if local(n) in _OUTWARD]:
            refused.links += local(name) == "href"
            refused.objects += local(name) == "src"
            del node.attrib[name]


def _complete(root: Node) -> None:
    """Have cells, text boxes, headers and footers hold a paragraph, as they must."""
    for node in (*root.iter(w("tc"), w("txbxContent")), root):
        if local(node.tag) not in ("tc", "txbxContent", "hdr", "ftr"):
            continue
        children = list(node)
        if not children or children[-1].tag != w("p"):
            add(node, "p")
