"""Tables: fixed columns that say their widths everywhere, in the order that the schema wants."""

from collections.abc import Sequence

from workshop.export.word.paragraphs import Typesetter
from workshop.export.word.twips import PER_POINT, in_twips
from workshop.export.word.xml import Element, add, keep_with_next


def fixed_table(
    parent: Element,
    style: str,
    columns: Sequence[float],
    caption: str,
    description: str,
    *,
    centred: bool = False,
    header: bool = False,
    mirrored: bool = False,
) -> Element:
    """Add a table without rows; return it. `columns` are widths in points.

    `caption` and `description` are what a screen reader says of it. A mirrored table has its first
    column on the right.
    """
    widths = twips(columns)
    table = add(parent, "tbl")
    properties = add(table, "tblPr")
    add(properties, "tblStyle", {"val": style})
    if mirrored:
        add(properties, "bidiVisual")
    add(properties, "tblW", {"w": sum(widths), "type": "dxa"})
    if centred:
        add(properties, "jc", {"val": "center"})
    add(properties, "tblLayout", {"type": "fixed"})
    look = {"firstRow": int(header), "lastRow": 0, "firstColumn": 0, "lastColumn": 0}
    bits = {"val": "0620" if header else "0600", **look, "noHBand": 1, "noVBand": 1}
    add(properties, "tblLook", bits)
    add(properties, "tblCaption", {"val": caption})
    add(properties, "tblDescription", {"val": description})
    grid = add(table, "tblGrid")
    for width in widths:
        add(grid, "gridCol", {"w": width})
    return table


def twips(lengths: Sequence[float]) -> list[int]:
    """Return lengths in points as whole twips (twentieths) that add up to the rounded sum."""
    whole: list[int] = []
    end = 0.0
    for length in lengths:
        end += length
        whole.append(in_twips(end) - sum(whole))
    return whole


def row(
    table: Element, *, height: float | None = None, exact: bool = False, header: bool = False
) -> Element:
    """Add a row that no page break splits; return it. `height` is in points, at least."""
    line = add(table, "tr")
    properties = add(line, "trPr")
    add(properties, "cantSplit")
    if height is not None:
        rule = "exact" if exact else "atLeast"
        add(properties, "trHeight", {"val": int(height * PER_POINT), "hRule": rule})
    if header:
        add(properties, "tblHeader")
    return line


def cell(
    line: Element,
    width: int,
    *,
    fill: str | None = None,
    span: int = 1,
    merge: str | None = None,
    upward: bool = False,
) -> Element:
    """Add a cell, which must get a paragraph; return it. `width` is in twips.

    `merge` is "restart" for the first of cells merged downwards and "" for the others.
    """
    space = add(line, "tc")
    properties = add(space, "tcPr")
    add(properties, "tcW", {"w": width, "type": "dxa"})
    if span > 1:
        add(properties, "gridSpan", {"val": span})
    if merge is not None:
        add(properties, "vMerge", {"val": merge or "continue"})
    if fill:
        add(properties, "shd", {"val": "clear", "color": "auto", "fill": fill})
    if upward:
        add(properties, "textDirection", {"val": "btLr"})
        add(properties, "vAlign", {"val": "center"})
    return space


def text_table(
    parent: Element,
    typesetter: Typesetter,
    columns: Sequence[float],
    heads: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    caption: str,
    description: str,
) -> None:
    """Add a table of plain text under a header row that is repeated on every page.

    No row is alone on the last page: the last two stay together, and the first with the header.
    """
    table = fixed_table(
        parent,
        "ReportTable",
        columns,
        caption,
        description,
        header=True,
        mirrored=typesetter.right_to_left,
    )
    widths = twips(columns)
    line = row(table, header=True)
    for width, head in zip(widths, heads, strict=True):
        typesetter.add_paragraph(cell(line, width), "TableHead", head)
    for place, texts in enumerate(rows):
        line = row(table)
        for width, text in zip(widths, texts, strict=True):
            element = typesetter.add_paragraph(cell(line, width), "TableText", text)
            if place == len(rows) - 2:
                keep_with_next(element)
