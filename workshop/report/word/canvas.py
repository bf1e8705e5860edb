"""The canvas as one fixed-layout table on its landscape page."""

from collections.abc import Mapping, Sequence

from workshop.banks.model import Family
from workshop.report.canvas_fit import BAND_WIDTH, FittedBlock, FittedCanvas
from workshop.report.word.tables import cell, fixed_table, row, twips
from workshop.report.word.xml import Element, bookmarked, link, paragraph

FILLS: dict[Family, str] = {
    "infrastructure": "EAF3E8",
    "offering": "FFF3D6",
    "customer": "E6F0FA",
    "finance": "F0ECF7",
    "context": "EEF0F4",
}
"""The pale colour of each family, as RRGGBB."""
_BAND_FILLS = ("1F3A5F", "4A6A94", "33557F", "6180A8")


def add_canvas(
    body: Element, canvas: FittedCanvas, number: int, name: str, anchors: Mapping[str, str]
) -> None:
    """Add a canvas page: its title, which is the bookmark `name`, and its table.

    `anchors` are the bookmarks of the sections that blocks link to, by the sections' keys.
    """
    title = paragraph(body, "CanvasTitle")
    bookmarked(title, number, name, canvas.title)
    paragraph(body, "CanvasSubtitle", canvas.subtitle)
    columns = (*([BAND_WIDTH] if canvas.bands else []), *canvas.columns)
    table = fixed_table(
        body, "CanvasTable", columns, canvas.page.title, canvas.page.description, centred=True
    )
    widths = twips(columns)
    for index, height in enumerate(canvas.rows):
        line = row(table, height=height, exact=canvas.crowded)
        if canvas.bands:
            _add_band(line, canvas, index, widths)
        for block in _cells_of(canvas.blocks, index):
            _add_block(
                line,
                block,
                index=index,
                size=canvas.size,
                widths=widths[len(columns) - len(canvas.columns) :],
                anchors=anchors,
            )


def _cells_of(blocks: Sequence[FittedBlock], index: int) -> list[FittedBlock]:
    """Return the blocks that a row crosses, from left to right."""
    crossed = [b for b in blocks if b.block.area.top <= index < b.block.area.bottom]
    return sorted(crossed, key=lambda b: b.block.area.left)


def _add_band(line: Element, canvas: FittedCanvas, index: int, widths: Sequence[int]) -> None:
    for place, (band, name) in enumerate(zip(canvas.page.bands, canvas.bands, strict=True)):
        if not band.top <= index < band.bottom:
            continue
        merge = None if band.bottom - band.top == 1 else "restart" if index == band.top else ""
        fill = _BAND_FILLS[place % len(_BAND_FILLS)]
        space = cell(line, widths[0], fill=fill, merge=merge, upward=True)
        if index == band.top:
            paragraph(space, "CanvasBand", name)
        else:
            paragraph(space, "CanvasEnd")


def _add_block(
    line: Element,
    fitted: FittedBlock,
    *,
    index: int,
    size: float,
    widths: Sequence[int],
    anchors: Mapping[str, str],
) -> None:
    area = fitted.block.area
    width = sum(widths[area.left : area.right])
    merge = None if area.bottom - area.top == 1 else "restart" if index == area.top else ""
    space = cell(
        line,
        width,
        fill=FILLS[fitted.block.family],
        span=area.right - area.left,
        merge=merge,
    )
    if index != area.top:
        paragraph(space, "CanvasEnd")
        return
    anchor = anchors.get(fitted.block.section or "")
    if anchor:
        link(paragraph(space, "CanvasBlock"), anchor, fitted.title, "BlockLink")
    else:
        paragraph(space, "CanvasBlock", fitted.title)
    points = f"{round(size * 10):03d}"
    style = f"CanvasText{points}" if fitted.joined else f"CanvasAnswer{points}"
    for text in fitted.cut.lines:
        paragraph(space, style, text)
    if fitted.cut.more:
        _add_more(space, f"CanvasMore{points}", fitted.cut.more, anchor)


def _add_more(space: Element, style: str, more: int, anchor: str | None) -> None:
    text = f"+{more:,} more"
    if anchor:
        link(paragraph(space, style), anchor, text, "Hyperlink")
    else:
        paragraph(space, style, text)
