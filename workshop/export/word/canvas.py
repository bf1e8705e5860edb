"""The canvas as one fixed-layout table on its landscape page."""

from collections.abc import Mapping, Sequence

from workshop.export.layout.block import TALL_LEADING
from workshop.export.layout.fit import BAND_WIDTH, FittedBlock, FittedCanvas
from workshop.export.palette import BANDS, block_colour
from workshop.export.word.paragraphs import Typesetter
from workshop.export.word.tables import cell, fixed_table, row, twips
from workshop.export.word.xml import Element, paragraph
from workshop.views import labels


def add_canvas(
    body: Element,
    canvas: FittedCanvas,
    typesetter: Typesetter,
    *,
    number: int,
    name: str,
    anchors: Mapping[str, str],
) -> None:
    """Add a canvas page: its title, which is the bookmark `name`, and its table.

    `anchors` are the bookmarks of the sections that blocks link to, by the sections' keys. The
    grid is mirrored in a right-to-left document.
    """
    typesetter.add_bookmark(body, "CanvasTitle", number, name, canvas.title)
    typesetter.add_paragraph(body, "CanvasSubtitle", canvas.subtitle)
    columns = (*([BAND_WIDTH] if canvas.bands else []), *canvas.columns)
    table = fixed_table(
        body,
        "CanvasTable",
        columns,
        canvas.page.title,
        canvas.page.description,
        centred=True,
        mirrored=typesetter.right_to_left,
    )
    _Grid(table, canvas, twips(columns), anchors, typesetter).fill()


class _Grid:
    """Fills the table of a canvas."""

    def __init__(
        self,
        table: Element,
        canvas: FittedCanvas,
        widths: Sequence[int],
        anchors: Mapping[str, str],
        typesetter: Typesetter,
    ) -> None:
        self._table = table
        self._canvas = canvas
        self._widths = widths
        self._anchors = anchors
        self._typesetter = typesetter
        self._blocks = sorted(canvas.blocks, key=lambda b: b.block.area.left)
        tall = "Tall" if canvas.leading == TALL_LEADING else ""
        self._size_suffix = f"{tall}{round(canvas.size * 10):03d}"
        self._title_style = f"CanvasBlock{tall}"

    def fill(self) -> None:
        """Add all rows."""
        for index, height in enumerate(self._canvas.rows):
            table_row = row(self._table, height=height, exact=self._canvas.crowded)
            if self._canvas.bands:
                self._add_band(table_row, index)
            for block in self._blocks:
                if block.block.area.top <= index < block.block.area.bottom:
                    self._add_block(table_row, block, index)

    def _add_band(self, table_row: Element, index: int) -> None:
        canvas = self._canvas
        for band_index, (band, name) in enumerate(
            zip(canvas.page.bands, canvas.bands, strict=True)
        ):
            if not band.top <= index < band.bottom:
                continue
            merge = _merge(band.top, band.bottom, index)
            fill = BANDS[band_index % len(BANDS)]
            table_cell = cell(table_row, self._widths[0], fill=fill, merge=merge, upward=True)
            if index == band.top:
                self._typesetter.add_paragraph(table_cell, "CanvasBand", name)
            else:
                paragraph(table_cell, "CanvasEnd")

    def _add_block(self, table_row: Element, fitted: FittedBlock, index: int) -> None:
        area = fitted.block.area
        widths = self._widths[len(self._widths) - len(self._canvas.columns) :]
        table_cell = cell(
            table_row,
            sum(widths[area.left : area.right]),
            fill=block_colour(self._canvas.page, fitted.block),
            span=area.right - area.left,
            merge=_merge(area.top, area.bottom, index),
        )
        if index != area.top:
            paragraph(table_cell, "CanvasEnd")
            return
        anchor = self._anchors.get(fitted.block.section or "")
        if anchor:
            self._typesetter.add_link(
                table_cell, self._title_style, anchor, (fitted.title, "BlockLink")
            )
        else:
            self._typesetter.add_paragraph(table_cell, self._title_style, fitted.title)
        style = f"{'CanvasText' if fitted.joined else 'CanvasAnswer'}{self._size_suffix}"
        for text in fitted.text.lines:
            self._typesetter.add_paragraph(table_cell, style, text)
        if fitted.text.omitted and not self._canvas.crowded:
            self._add_more(table_cell, labels.more_answers(fitted.text.omitted), anchor)

    def _add_more(self, table_cell: Element, text: str, anchor: str | None) -> None:
        style = f"CanvasMore{self._size_suffix}"
        if anchor:
            self._typesetter.add_link(table_cell, style, anchor, (text, "Hyperlink"))
        else:
            self._typesetter.add_paragraph(table_cell, style, text)


def _merge(top: int, bottom: int, index: int) -> str | None:
    """Return the `merge` argument of `cell` for row `index` of a block from `top` to `bottom`."""
    if bottom - top == 1:
        return None
    return "restart" if index == top else ""
