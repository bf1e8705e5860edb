"""Our own rules for a .docx, beyond its schema: what Word repairs, or silently shows wrongly."""

import re
from io import BytesIO
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
    ):
        found += rule(document)
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
    return found


def _merges(table, grid):
    found, above = [], {}
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
                if merge.get(w("val")) != "restart" and above.get(column) != span:
                    found.append("a merged cell continues nothing")
            column += span
        if column != len(grid):
            found.append("a row does not fill the grid")
        above = here
    return found


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
    return [f"the list {n} is not defined" for n in sorted(set(used) - lists)]


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
