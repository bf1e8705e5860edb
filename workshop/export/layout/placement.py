"""Where the blocks of a fitted canvas lie, for formats that place them themselves.

Lengths are in points, from the top left corner of the page.
"""

from dataclasses import dataclass, replace
from itertools import accumulate

from workshop.export.layout.block import TITLE_SIZE, Leading
from workshop.export.layout.fit import BAND_WIDTH, FittedBlock, FittedCanvas
from workshop.export.layout.text_width import MeasuredText
from workshop.views import labels

_LOWEST_SHARE = 0.8
"""How much of a line the letters of a title may take where the row is low."""


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle."""

    left: float
    top: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """Where it ends on the right."""
        return self.left + self.width


@dataclass(frozen=True, slots=True)
class Boxes:
    """Where everything of a canvas lies."""

    whole: Box
    bands: tuple[Box, ...]
    """In the order of the page's bands."""
    blocks: tuple[Box, ...]
    """In the order of the page's blocks."""


def canvas_boxes(canvas: FittedCanvas, left: float, top: float, *, mirrored: bool = False) -> Boxes:
    """Return where everything lies when the canvas's top left corner lies there.

    A mirrored canvas has its first column on the right.
    """
    boxes = _canvas_boxes(canvas, left, top)
    if not mirrored:
        return boxes
    ends = boxes.whole.left + boxes.whole.right
    bands, blocks = (
        tuple(replace(box, left=ends - box.right) for box in some)
        for some in (boxes.bands, boxes.blocks)
    )
    return Boxes(boxes.whole, bands, blocks)


def _canvas_boxes(canvas: FittedCanvas, left: float, top: float) -> Boxes:
    beside = BAND_WIDTH if canvas.bands else 0.0
    columns = tuple(accumulate(canvas.columns, initial=left + beside))
    rows = tuple(accumulate(canvas.rows, initial=top))
    areas = (b.block.area for b in canvas.blocks)
    return Boxes(
        Box(left, top, columns[-1] - left, rows[-1] - top),
        tuple(
            Box(left, rows[b.top], beside, rows[b.bottom] - rows[b.top]) for b in canvas.page.bands
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
    """A block's title on one line, and how it is set."""

    text: str
    size: float
    line: float
    """The height of the line."""


def one_line_title(
    fitted: FittedBlock, width: float, height: float, leading: Leading
) -> OneLineTitle:
    """Return the title of a block that is too low or narrow for anything else, perhaps for it."""
    line = min(height, leading.title)
    size = min(TITLE_SIZE, line * _LOWEST_SHARE)
    held = labels.answer_count_mark(fitted.text.omitted)
    text = MeasuredText(fitted.block.title, bold=True, tail=held).clamp(width / size, 1)
    return OneLineTitle(text, size, line)
