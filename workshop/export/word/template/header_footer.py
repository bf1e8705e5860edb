"""Sanitising of a template's headers and footers: nothing in them reaches beyond the report.

Text, tables, embedded pictures, shapes and harmless fields stay.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from workshop.export.word.template.fields import sanitise_fields
from workshop.export.word.template.nodes import RELATIONS, Node, local_name, remove, unwrap
from workshop.export.word.xml import add, w

_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/main"
_VML = "urn:schemas-microsoft-com:vml"
_OFFICE = "urn:schemas-microsoft-com:office:office"
_VML_NAMES = (f"{{{_VML}}}", f"{{{_OFFICE}}}", "{urn:schemas-microsoft-com:office:word}")
_CORE_STORE = "{6C3C8BC8-F283-45AE-878A-BAB7291924A1}"
"""The data store of the document's own properties, to which content controls are bound."""

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
"""The element that is removed with a picture: the extension that names it, or the drawing."""
_OUTWARD = ("href", "src", "althref", "gfxdata")
"""Attributes of VML drawings that name a file or an address, or contain a package."""


@dataclass
class RemovedContent:
    """What was removed from a template's headers and footers, for the warnings."""

    fields: list[str] = field(default_factory=list[str])
    """The kinds of fields that became text."""
    links: int = 0
    objects: int = 0
    """Linked pictures, and embedded documents, programs and charts."""


@dataclass(frozen=True, slots=True)
class SanitiseContext:
    """What the markup of a header or footer may refer to."""

    facts: Mapping[str, str]
    """The properties of the report: "title", "subject", "creator"."""
    is_style: Callable[[str], bool]
    """Whether a name or id is that of a style that the report uses."""
    picture: Callable[[str], str | None]
    """The new id of a relationship, given its old one; None if it is not an embedded picture."""


def sanitise(root: Node, context: SanitiseContext, removed: RemovedContent) -> None:
    """Remove from a header, footer or list definition what reaches beyond the report."""
    _accept_changes(root)
    _unwrap_controls(root, context.facts)
    removed.links += sum(1 for _ in root.iter(w("hyperlink")))
    for name, properties in _WRAPPERS.items():
        for node in list(root.iter(w(name))):
            for extra in node.findall(w(properties)) if properties else ():
                node.remove(extra)
            unwrap(node)
    for name in _EMBEDDED:
        for node in list(root.iter(w(name))):
            removed.objects += 1
            remove(node)
    for name in _MARKS:
        for node in list(root.iter(w(name))):
            remove(node)
    for name in _CLICKS:
        for node in list(root.iter(f"{{{_DRAWING}}}{name}")):
            removed.links += 1
            remove(node)
    removed.fields += sanitise_fields(root, context.facts, context.is_style)
    _sanitise_references(root, context.picture, removed)
    _sanitise_vml(root, removed)
    _add_missing_paragraphs(root)


def has_content(root: Node) -> bool:
    """Return whether a header or footer has visible content."""
    visible_tags = (w("drawing"), w("pict"), w("instrText"), w("fldSimple"), w("sym"), w("ptab"))
    if any(True for _ in root.iter(*visible_tags)):
        return True
    return any((t.text or "").strip() for t in root.iter(w("t"))) or _has_border(root)


def _has_border(root: Node) -> bool:
    return any(True for _ in root.iter(w("pBdr"), w("tblBorders"), w("tcBorders")))


def _accept_changes(root: Node) -> None:
    """Accept tracked changes."""
    for name in _REJECTED:
        for node in list(root.iter(w(name))):
            remove(node)
    for name in _ACCEPTED:
        for node in list(root.iter(w(name))):
            unwrap(node)


def _unwrap_controls(root: Node, facts: Mapping[str, str]) -> None:
    """Replace content controls by their content; those bound to properties get the report's."""
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


def _sanitise_references(
    root: Node, picture: Callable[[str], str | None], removed: RemovedContent
) -> None:
    """Keep references to embedded pictures; remove nodes that refer to anything else."""
    for node in list(root.iter()):
        for name in [n for n in node.attrib if n.startswith(f"{{{RELATIONS}}}")]:
            if local_name(name) in ("link", "href") and _has_copy(node):
                del node.attrib[name]  # the picture is both linked and embedded
                removed.links += 1
                continue
            new_id = (
                picture(node.attrib[name]) if local_name(name) in ("embed", "id", "pict") else None
            )
            if new_id is not None:
                node.attrib[name] = new_id
                continue
            _remove_picture(root, node)
            removed.objects += 1
            break


def _has_copy(node: Node) -> bool:
    return any(node.get(f"{{{RELATIONS}}}{name}") for name in ("embed", "id", "pict"))


def _remove_picture(root: Node, node: Node) -> None:
    """Remove the picture that a node belongs to, or the node if it belongs to none."""
    for around in node.iterancestors(*_PICTURES):
        remove(around)
        return
    if node is root:
        node.attrib.clear()
    else:
        remove(node)


def _sanitise_vml(root: Node, removed: RemovedContent) -> None:
    """Remove addresses, files and packages from the attributes of VML drawings."""
    for node in root.iter():
        if not node.tag.startswith(_VML_NAMES):
            continue
        for name in [n for n in node.attrib if local_name(n) in _OUTWARD]:
            removed.links += local_name(name) == "href"
            removed.objects += local_name(name) == "src"
            del node.attrib[name]


def _add_missing_paragraphs(root: Node) -> None:
    """Add the paragraph that the schema requires in cells, text boxes, headers and footers."""
    for node in (*root.iter(w("tc"), w("txbxContent")), root):
        if local_name(node.tag) not in ("tc", "txbxContent", "hdr", "ftr"):
            continue
        children = list(node)
        if not children or children[-1].tag != w("p"):
            add(node, "p")
