"""Our own rules for a .docx, beyond its schema: what Word repairs, or silently shows wrongly."""

import re
from io import BytesIO
from itertools import pairwise
from unicodedata import bidirectional
from zipfile import ZipFile

from lxml import etree

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def w(name):
    return f"{{{W}}}{name}"


def parts_of(content):
    with ZipFile(BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def broken_rules(parts):
    """Return what is wrong with the document, a sentence each."""
    document = etree.fromstring(parts["word/document.xml"])
    found = []
    for rule in (
        _bookmarks,
        _anchors,
        _cells,
        _tables,
        _fields,
        _sections,
        _direct_formatting,
        _directions,
    ):
        found += rule(document)
    found += _headings(document, etree.fromstring(parts["word/styles.xml"]))
    found += _title_and_language(parts)
    found += _update_prompts(document, parts)
    for name, blob in parts.items():
        if re.fullmatch(r"word/(document|header\d+|footer\d+)\.xml", name):
            found += _styles(etree.fromstring(blob), etree.fromstring(parts["word/styles.xml"]))
    found += _numbering(document, parts)
    found += _relations(document, parts)
    return found


def _bookmarks(document):
    starts = list(document.iter(w("bookmarkStart")))
    names = [s.get(w("name")) for s in starts]
    ids = [s.get(w("id")) for s in starts]
    ends = [e.get(w("id")) for e in document.iter(w("bookmarkEnd"))]
    found = [f"bookmark {n} is there twice" for n in {n for n in names if names.count(n) > 1}]
    found += [f"bookmark id {i} is there twice" for i in {i for i in ids if ids.count(i) > 1}]
    found += [f"bookmark {n} is too long" for n in names if len(n) > 40]
    if sorted(ids) != sorted(ends):
        found.append("bookmarks do not end")
    return found


def _anchors(document):
    names = {s.get(w("name")) for s in document.iter(w("bookmarkStart"))}
    return [
        f"the link to {link.get(w('anchor'))} leads nowhere"
        for link in document.iter(w("hyperlink"))
        if link.get(w("anchor")) not in names
    ]


def _cells(document):
    return [
        "a cell does not end in a paragraph"
        for cell in document.iter(w("tc"))
        if cell[-1].tag != w("p")
    ]


def _tables(document):
    found = []
    for table in document.iter(w("tbl")):
        grid = [int(c.get(w("w"))) for c in table.find(w("tblGrid"))]
        properties = table.find(w("tblPr"))
        if sum(grid) != int(properties.find(w("tblW")).get(w("w"))):
            found.append("a table's grid does not add up to its width")
        found += [
            f"a table has no {name}"
            for name in ("tblCaption", "tblDescription")
            if properties.find(w(name)) is None or not properties.find(w(name)).get(w("val"))
        ]
        found += _merges(table, grid)
        found += _header_rows(table, properties)
    return found


def _header_rows(table, properties):
    """A table of text has one header row, the first, and a canvas has none."""
    marked = [row.find(f"{w('trPr')}/{w('tblHeader')}") is not None for row in table.iter(w("tr"))]
    if properties.find(w("tblLook")).get(w("firstRow")) == "1":
        return [] if marked[0] and not any(marked[1:]) else ["a table's header row is not marked"]
    return ["a canvas has a header row"] if any(marked) else []


def _merges(table, grid):
    found, above = [], {}
    begun = set()
    for row in table.iter(w("tr")):
        column, here = 0, {}
        for cell in row.iter(w("tc")):
            properties = cell.find(w("tcPr"))
            span = properties.find(w("gridSpan"))
            span = 1 if span is None else int(span.get(w("val")))
            if sum(grid[column : column + span]) != int(properties.find(w("tcW")).get(w("w"))):
                found.append("a cell's width is not that of its columns")
            merge = properties.find(w("vMerge"))
            if merge is not None:
                here[column] = span
                if merge.get(w("val")) == "restart":
                    begun.add(column)
                else:
                    begun.discard(column)
                    if above.get(column) != span:
                        found.append("a merged cell continues nothing")
            elif column in begun and column in above:
                found.append("a merged cell is not continued")
            column += span
        if column != len(grid):
            found.append("a row does not fill the grid")
        above = here
    return found + ["a merged cell is not continued"] * len(begun)


def _fields(document):
    depth = 0
    for mark in document.iter(w("fldChar")):
        depth += {"begin": 1, "separate": 0, "end": -1}[mark.get(w("fldCharType"))]
        if depth < 0:
            break
    return [] if depth == 0 else ["a field does not end"]


def _sections(document):
    body = document.find(w("body"))
    return [] if body[-1].tag == w("sectPr") else ["the document does not end in its section"]


def _styles(part, styles):
    known = {s.get(w("styleId")) for s in styles.iter(w("style"))}
    used = {e.get(w("val")) for n in ("pStyle", "rStyle", "tblStyle") for e in part.iter(w(n))}
    return [f"the style {name} is not defined" for name in sorted(used - known)]


def _numbering(document, parts):
    numbering = etree.fromstring(parts["word/numbering.xml"])
    kinds = {a.get(w("abstractNumId")) for a in numbering.iter(w("abstractNum"))}
    lists = {
        n.get(w("numId"))
        for n in numbering.iter(w("num"))
        if n.find(w("abstractNumId")).get(w("val")) in kinds
    }
    used = [
        n.get(w("val"))
        for root in (document, etree.fromstring(parts["word/styles.xml"]))
        for n in root.iter(w("numId"))
    ]
    return [f"the list {n} is not defined" for n in sorted(set(used) - lists - {"0"})]


def _relations(document, parts):
    relations = etree.fromstring(parts["word/_rels/document.xml.rels"])
    known = {r.get("Id") for r in relations}
    used = {e.get(f"{{{R}}}id") for e in document.iter() if e.get(f"{{{R}}}id")}
    found = [f"the relation {r} is not there" for r in sorted(used - known)]
    found += [
        f"the part {r.get('Target')} is not there"
        for r in relations
        if f"word/{r.get('Target')}" not in parts
    ]
    return found


_DIRECT = {
    "pPr": {"pStyle", "bidi", "sectPr"},
    "rPr": {"rStyle", "rFonts", "rtl", "cs"},
}
"""What may stand in a paragraph or run: its style, and how its text runs and is encoded.

`w:bidi`, `w:rtl`, `w:cs` and the hint of `w:rFonts` are properties of the text: they depend on its
characters and not on how it is to look. Everything else is formatting, and a style's business.
"""


def _direct_formatting(document):
    found = []
    for kind, allowed in _DIRECT.items():
        for properties in document.iter(w(kind)):
            names = {etree.QName(e).localname for e in properties} - allowed
            found += [f"{name} is direct formatting" for name in sorted(names)]
    hint = {w("hint")}
    return found + [
        "a font is direct formatting" for f in document.iter(w("rFonts")) if set(f.attrib) != hint
    ]


def _directions(document):
    """A paragraph whose first letter is one from right to left runs that way, as do its letters."""
    found = []
    for paragraph in document.iter(w("p")):
        text = "".join(t.text or "" for t in paragraph.iter(w("t")))
        strong = next((d for d in map(bidirectional, text) if d in ("L", "R", "AL")), "L")
        if strong != "L" and paragraph.find(f"{w('pPr')}/{w('bidi')}") is None:
            found.append("a right-to-left paragraph runs from left to right")
        for run in paragraph.iter(w("r")):
            letters = {bidirectional(c) for t in run.iter(w("t")) for c in t.text or ""}
            turned = run.find(f"{w('rPr')}/{w('rtl')}") is not None
            if letters & {"R", "AL"} and not turned:
                found.append("right-to-left letters run from left to right")
            if "L" in letters and turned:
                found.append("left-to-right letters run from right to left")
    return found


def _headings(document, styles):
    """The levels of headings, by their styles: none is left out on the way down."""
    by_id = {s.get(w("styleId")): s for s in styles.iter(w("style"))}

    def level(name, seen=()):
        style = by_id.get(name)
        if style is None or name in seen:
            return None
        own = style.find(f"{w('pPr')}/{w('outlineLvl')}")
        if own is not None:
            found = int(own.get(w("val")))
            return None if found > 8 else found + 1
        base = style.find(w("basedOn"))
        return None if base is None else level(base.get(w("val")), (*seen, name))

    levels = [
        found
        for style in document.find(w("body")).iterfind(f"{w('p')}/{w('pPr')}/{w('pStyle')}")
        if (found := level(style.get(w("val")))) is not None
    ]
    if not levels or levels[0] != 1:
        return ["the first heading is not of level 1"]
    return [f"a heading of level {b} follows one of {a}" for a, b in pairwise(levels) if b > a + 1]


def _title_and_language(parts):
    core = etree.fromstring(parts["docProps/core.xml"])
    told = {etree.QName(e).localname: (e.text or "").strip() for e in core}
    found = [f"the document has no {name}" for name in ("title", "language") if not told.get(name)]
    styles = etree.fromstring(parts["word/styles.xml"])
    defaults = styles.find(f"{w('docDefaults')}/{w('rPrDefault')}/{w('rPr')}/{w('lang')}")
    if defaults is None or not defaults.get(w("val")):
        found.append("the text has no language")
    settings = etree.fromstring(parts["word/settings.xml"])
    theme = settings.find(w("themeFontLang"))
    return found + (["the theme has no language"] if theme is None else [])


def _update_prompts(document, parts):
    settings = etree.fromstring(parts["word/settings.xml"])
    found = ["Word asks to update fields"] if settings.find(w("updateFields")) is not None else []
    return found + [
        "a field is dirty"
        for mark in document.iter(w("fldChar"), w("fldSimple"))
        if mark.get(w("dirty"))
    ]
