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

    `anchors` are the bookmarks of the sections that blocks link to, by the sections' keys. In a
    document that runs from right to left, the grid does too.
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
    """The table of a canvas while it is filled."""

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
        self._set = typesetter
        self._blocks = sorted(canvas.blocks, key=lambda b: b.block.area.left)
        tall = "Tall" if canvas.leading == TALL_LEADING else ""
        self._sized = f"{tall}{round(canvas.size * 10):03d}"
        self._title = f"CanvasBlock{tall}"

    def fill(self) -> None:
        """Add all rows."""
        for index, height in enumerate(self._canvas.rows):
            line = row(self._table, height=height, exact=self._canvas.crowded)
            if self._canvas.bands:
                self._add_band(line, index)
            for block in self._blocks:
                if block.block.area.top <= index < block.block.area.bottom:
                    self._add_block(line, block, index)

    def _add_band(self, line: Element, index: int) -> None:
        canvas = self._canvas
        for place, (band, name) in enumerate(zip(canvas.page.bands, canvas.bands, strict=True)):
            if not band.top <= index < band.bottom:
                continue
            merge = _merge(band.top, band.bottom, index)
            fill = BANDS[place % len(BANDS)]
            space = cell(line, self._widths[0], fill=fill, merge=merge, upward=True)
            if index == band.top:
                self._set.add_paragraph(space, "CanvasBand", name)
            else:
                paragraph(space, "CanvasEnd")

    def _add_block(self, line: Element, fitted: FittedBlock, index: int) -> None:
        area = fitted.block.area
        widths = self._widths[len(self._widths) - len(self._canvas.columns) :]
        space = cell(
            line,
            sum(widths[area.left : area.right]),
            fill=block_colour(self._canvas.page, fitted.block),
            span=area.right - area.left,
            merge=_merge(area.top, area.bottom, index),
        )
        if index != area.top:
            paragraph(space, "CanvasEnd")
            return
        anchor = self._anchors.get(fitted.block.section or "")
        if anchor:
            self._set.add_link(space, self._title, anchor, (fitted.title, "BlockLink"))
        else:
            self._set.add_paragraph(space, self._title, fitted.title)
        style = f"{'CanvasText' if fitted.joined else 'CanvasAnswer'}{self._sized}"
        for text in fitted.text.lines:
            self._set.add_paragraph(space, style, text)
        if fitted.text.omitted and not self._canvas.crowded:
            self._add_more(space, labels.more_answers(fitted.text.omitted), anchor)

    def _add_more(self, space: Element, text: str, anchor: str | None) -> None:
        style = f"CanvasMore{self._sized}"
        if anchor:
            self._set.add_link(space, style, anchor, (text, "Hyperlink"))
        else:
            self._set.add_paragraph(space, style, text)


def _merge(top: int, bottom: int, index: int) -> str | None:
    """Return how the cell of a row is merged downwards with those below."""
    if bottom - top == 1:
        return None
    return "restart" if index == top else ""
