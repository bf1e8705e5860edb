"""Fitting a canvas on its one page before it is written.

Row heights that clip hide answers, and rows that grow push the canvas onto a second page. So the
lines are predicted first: one font size for the whole canvas, chosen without the blocks that no
size would save; then answers cut to 3, 2 or 1 lines, and at last "+20 more". Lengths are in points.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from workshop.report.canvas_cell import LONGEST, RESERVE, TITLE_SIZE, Cell, Cut, cell_of
from workshop.report.measure import MeasuredText, width_of
from workshop.report.outline import CanvasBlock, CanvasPage
from workshop.report.paper import Paper
from workshop.report.rows import Demand, habits, shared

SIZES = (10.0, 9.5, 9.0, 8.5, 8.0)
"""The font sizes that a canvas may have, the best first."""
PAGE_TITLE_SIZE, PAGE_TITLE_LINE = 20.0, 25.0
SUBTITLE_SIZE, SUBTITLE_LINE, AFTER_SUBTITLE = 9.0, 12.0, 5.0
BAND_WIDTH = 20.0
END_LINE = 1.0
"""The paragraph that a document needs below a table."""

_PAGE_SLACK = 6.0
_CLAMPS = (3, 2, 1)
_LOWEST = 0.55
"""How far a row may be pressed under its habitual height by its neighbours' needs."""
_BAND_SHARE = 0.9
"""How much of a band's height its name may take."""


@dataclass(frozen=True, slots=True)
class FittedBlock:
    """A block with the text that fits into it."""

    block: CanvasBlock
    title: str
    joined: bool
    """Whether its answers are one paragraph, and not a list."""
    cut: Cut


@dataclass(frozen=True, slots=True)
class FittedCanvas:
    """A canvas page that fits on its page."""

    page: CanvasPage
    title: str
    subtitle: str
    size: float
    """Of the text in all blocks."""
    columns: tuple[float, ...]
    rows: tuple[float, ...]
    """Add up to no more than the height that the page has for the table."""
    blocks: tuple[FittedBlock, ...]
    bands: tuple[str, ...]
    """The names of the stacked models, as far as there is room for them."""
    crowded: bool = False
    """Whether the grid has more rows than a page has room for: titles alone, and rows that clip."""


def table_height(paper: Paper) -> float:
    """Return the height that a canvas has for its table."""
    above = PAGE_TITLE_LINE + SUBTITLE_LINE + AFTER_SUBTITLE
    return paper.canvas_height - above - END_LINE - _PAGE_SLACK


def fit_canvas(page: CanvasPage, paper: Paper) -> FittedCanvas:
    """Return `page` with sizes and texts such that it takes one landscape page, never more."""
    height = table_height(paper)
    columns = _columns(page, paper)
    weights = habits(page)
    cells = [
        cell_of(
            block,
            sum(columns[block.area.left : block.area.right]),
            height * sum(weights[block.area.top : block.area.bottom]) / sum(weights),
            height,
        )
        for block in page.blocks
    ]
    empty = shared(weights, [c.demand(c.least) for c in cells], height)
    if empty is None:
        size, rows = SIZES[-1], (height / page.rows,) * page.rows
    else:
        size, rows = _chosen(cells, weights, empty, height)
    return FittedCanvas(
        page=page,
        title=_one_line(page.title, PAGE_TITLE_SIZE, paper.canvas_width, bold=True),
        subtitle=_one_line(page.subtitle, SUBTITLE_SIZE, paper.canvas_width),
        size=size,
        columns=columns,
        rows=rows,
        blocks=tuple(
            FittedBlock(c.block, c.title, c.joined, c.cut(size, c.room(rows)) if empty else Cut(()))
            for c in cells
        ),
        bands=tuple(
            _one_line(b.name, TITLE_SIZE, sum(rows[b.top : b.bottom]) * _BAND_SHARE, bold=True)
            for b in page.bands
        ),
        crowded=empty is None,
    )


def _columns(page: CanvasPage, paper: Paper) -> tuple[float, ...]:
    room = paper.canvas_width - (BAND_WIDTH if page.bands else 0)
    unit = room / sum(page.widths)
    return tuple(width * unit for width in page.widths)


def _one_line(text: str, size: float, width: float, *, bold: bool = False) -> str:
    """Return `text` cut to one line; where it fits, as it is."""
    ems = width * (1 - RESERVE) / size
    if len(text) < LONGEST and width_of(text, bold=bold) <= ems:
        return text
    return MeasuredText(text[:LONGEST], bold=bold).clamped(ems, 1)


def _chosen(
    cells: Sequence[Cell], weights: Sequence[float], empty: Sequence[float], height: float
) -> tuple[float, tuple[float, ...]]:
    """Return the font size and the rows' heights. `empty` are the rows of the empty canvas."""
    floors = [Demand(r, r + 1, h * _LOWEST) for r, h in enumerate(empty)]
    floors += [c.demand(c.least) for c in cells]
    for size in SIZES:
        rows = shared(weights, [*floors, *(c.demand(c.need(size)) for c in cells)], height)
        if rows is not None:
            return size, rows
    hopeless = [c for c in cells if c.need(SIZES[-1]) > c.room(empty)]
    calm = [c for c in cells if c.need(SIZES[-1]) <= c.room(empty)]
    kept = [*floors, *(c.demand(c.room(empty)) for c in hopeless)]
    # Where most blocks are overfull, small text shows more of them, and the others have room.
    sizes = SIZES if 2 * len(hopeless) <= sum(bool(c.answers) for c in cells) else SIZES[-1:]
    size, rows = sizes[-1], tuple(empty)
    for size in sizes:
        found = shared(weights, [*kept, *(c.demand(c.need(size)) for c in calm)], height)
        if found is not None:
            rows = found
            break
    needs = [*floors, *(c.demand(c.need(size)) for c in calm)]
    for clamp in _CLAMPS:
        found = shared(
            weights, [*needs, *(c.demand(c.need(size, clamp)) for c in hopeless)], height
        )
        if found is not None:
            return size, found
    return size, rows
