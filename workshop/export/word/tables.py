"""Tables with fixed column widths, their properties in the order of the schema."""

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

    Screen readers read `caption` and `description`. A mirrored table has its first column on the
    right.
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
    whole_twips: list[int] = []
    end = 0.0
    for length in lengths:
        end += length
        whole_twips.append(in_twips(end) - sum(whole_twips))
    return whole_twips


def row(
    table: Element, *, height: float | None = None, exact: bool = False, header: bool = False
) -> Element:
    """Add a row that no page break splits; return it.

    `height` is in points: the least height, or the exact one with `exact`.
    """
    table_row = add(table, "tr")
    properties = add(table_row, "trPr")
    add(properties, "cantSplit")
    if height is not None:
        height_rule = "exact" if exact else "atLeast"
        add(properties, "trHeight", {"val": int(height * PER_POINT), "hRule": height_rule})
    if header:
        add(properties, "tblHeader")
    return table_row


def cell(
    table_row: Element,
    width: int,
    *,
    fill: str | None = None,
    span: int = 1,
    merge: str | None = None,
    upward: bool = False,
) -> Element:
    """Add a cell and return it; the caller must add a paragraph. `width` is in twips.

    `merge` is "restart" for the first of cells merged downwards and "" for the others.
    """
    element = add(table_row, "tc")
    properties = add(element, "tcPr")
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
    return element


def text_table(
    parent: Element,
    typesetter: Typesetter,
    columns: Sequence[float],
    headers: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    caption: str,
    description: str,
) -> None:
    """Add a table of plain text with a header row that is repeated on every page.

    The last two rows stay on one page, and so do the header and the first row.
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
    table_row = row(table, header=True)
    for width, header_text in zip(widths, headers, strict=True):
        typesetter.add_paragraph(cell(table_row, width), "TableHead", header_text)
    for index, texts in enumerate(rows):
        table_row = row(table)
        for width, text in zip(widths, texts, strict=True):
            element = typesetter.add_paragraph(cell(table_row, width), "TableText", text)
            if index == len(rows) - 2:
                keep_with_next(element)
