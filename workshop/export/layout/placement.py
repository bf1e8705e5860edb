"""Placing the blocks of a fitted canvas on the page, for formats without tables: SVG and slides.

Lengths are in points, from the top left corner of the page.
"""

from dataclasses import dataclass, replace
from itertools import accumulate

from workshop.export.layout.block import TITLE_SIZE, Leading
from workshop.export.layout.fit import BAND_WIDTH, FittedBlock, FittedCanvas
from workshop.export.layout.text_width import MeasuredText
from workshop.views import labels

_SIZE_PER_LINE = 0.8
"""The largest font size of a title in a low row, as a share of the line height."""


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle."""

    left: float
    top: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """The right edge."""
        return self.left + self.width


@dataclass(frozen=True, slots=True)
class Boxes:
    """The areas of a canvas and of all its parts."""

    whole: Box
    bands: tuple[Box, ...]
    """In the order of the page's bands."""
    blocks: tuple[Box, ...]
    """In the order of the page's blocks."""


def canvas_boxes(canvas: FittedCanvas, left: float, top: float, *, mirrored: bool = False) -> Boxes:
    """Return the areas of a canvas whose top left corner is at `left` and `top`.

    A mirrored canvas has its first column on the right.
    """
    boxes = _canvas_boxes(canvas, left, top)
    if not mirrored:
        return boxes
    mirror = boxes.whole.left + boxes.whole.right
    bands, blocks = (
        tuple(replace(box, left=mirror - box.right) for box in group)
        for group in (boxes.bands, boxes.blocks)
    )
    return Boxes(boxes.whole, bands, blocks)


def _canvas_boxes(canvas: FittedCanvas, left: float, top: float) -> Boxes:
    band_width = BAND_WIDTH if canvas.bands else 0.0
    columns = tuple(accumulate(canvas.columns, initial=left + band_width))
    rows = tuple(accumulate(canvas.rows, initial=top))
    areas = (b.block.area for b in canvas.blocks)
    return Boxes(
        Box(left, top, columns[-1] - left, rows[-1] - top),
        tuple(
            Box(left, rows[b.top], band_width, rows[b.bottom] - rows[b.top])
            for b in canvas.page.bands
        ),
        tuple(
            Box(
                columns[a.left],
                rows[a.top],
                columns[a.right] - columns[a.left],
                rows[a.bottom] - rows[a.top],
            )
            for a in areas
        ),
    )


@dataclass(frozen=True, slots=True)
class OneLineTitle:
    """A block's title shortened to one line, with its font size."""

    text: str
    size: float
    line: float
    """The height of the line."""


def one_line_title(
    fitted: FittedBlock, width: float, height: float, leading: Leading
) -> OneLineTitle:
    """Return the title of a block in which there is no room for more, perhaps not even for that."""
    line = min(height, leading.title)
    size = min(TITLE_SIZE, line * _SIZE_PER_LINE)
    count = labels.answer_count_mark(fitted.text.omitted)
    text = MeasuredText(fitted.block.title, bold=True, tail=count).clamp(width / size, 1)
    return OneLineTitle(text, size, line)
