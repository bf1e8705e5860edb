"""Fitting a canvas on its one page before it is written.

Row heights that clip hide answers, and rows that grow push the canvas onto a second page. So the
lines are predicted first: one font size for the whole canvas, chosen without the blocks that no
size would save; then answers cut to 3, 2 or 1 lines, and at last "+20 more". Lengths are in points.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from workshop.report.canvas_cell import (
    LONGEST,
    RESERVE,
    TALL,
    TITLE_SIZE,
    USUAL,
    Cell,
    Cut,
    Leading,
    cell_of,
    joins_answers,
    words_of,
)
from workshop.report.character_widths import width_of
from workshop.report.columns import balanced, columns_of
from workshop.report.measure import MeasuredText
from workshop.report.outline import CanvasBlock, CanvasPage
from workshop.report.paper import Paper
from workshop.report.rows import Demand, habits, shared
from workshop.report.scripts import is_tall

SIZES = (10.0, 9.5, 9.0, 8.5, 8.0)
"""The font sizes that a canvas may have, the best first."""
_COMFORTABLE = 9.0
"""Smaller text than this is avoided by giving full blocks wider columns."""
PAGE_TITLE_SIZE, PAGE_TITLE_LINE = 20.0, 25.0
SUBTITLE_SIZE, SUBTITLE_LINE, AFTER_SUBTITLE = 9.0, 12.0, 5.0
BAND_WIDTH = 20.0
"""How wide the name of a stacked model is."""
END_LINE = 1.0
"""The paragraph that a document needs below a table."""

_PAGE_SLACK = 6.0
_REACH, _REACH_LAST = 1.25, 1.6
"""How much too high the text may be for other columns to help: to save it all, or most of it."""
_CLAMPS = (3, 2, 1)
_HALVINGS = 5
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
    width: float
    """For text, such that the lines are those that were counted."""


@dataclass(frozen=True, slots=True)
class FittedCanvas:
    """A canvas page that fits on its page."""

    page: CanvasPage
    title: str
    subtitle: str
    size: float
    """Of the text in all blocks."""
    leading: Leading
    """How high its lines are."""
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
    leading = TALL if any(map(is_tall, words_of(page.blocks))) else USUAL
    room = paper.canvas_width - (BAND_WIDTH if page.bands else 0)
    layout = _laid_out(page, columns_of(page, room), leading, height)
    if layout.empty and (layout.missing or layout.size < _COMFORTABLE):
        layout = _balanced(page, layout, leading, height)
    size, rows, empty = layout.size, layout.rows, layout.empty
    return FittedCanvas(
        page=page,
        title=_one_line(page.title, PAGE_TITLE_SIZE, paper.canvas_width, bold=True),
        subtitle=_one_line(page.subtitle, SUBTITLE_SIZE, paper.canvas_width),
        size=size,
        leading=leading,
        columns=layout.columns,
        rows=rows,
        blocks=tuple(
            FittedBlock(
                c.block,
                c.title,
                c.joined,
                c.cut(size, c.room(rows)) if empty else Cut(()),
                c.width,
            )
            for c in layout.cells
        ),
        bands=tuple(
            _one_line(b.name, TITLE_SIZE, sum(rows[b.top : b.bottom]) * _BAND_SHARE, bold=True)
            for b in page.bands
        ),
        crowded=not empty,
    )


@dataclass(frozen=True, slots=True)
class _Layout:
    """One way to lay a page out."""

    cells: tuple[Cell, ...]
    columns: tuple[float, ...]
    size: float
    rows: tuple[float, ...]
    empty: tuple[float, ...]
    """The rows of the empty canvas; none where not even that fits."""
    missing: float
    """The height of the text that is left out."""


def _laid_out(
    page: CanvasPage,
    columns: tuple[float, ...],
    leading: Leading,
    height: float,
    sizes: Sequence[float] = SIZES,
) -> _Layout:
    """Return the best layout with these columns, in one of `sizes`."""
    weights = habits(page)
    cells: list[Cell] = []
    for block in page.blocks:
        area = block.area
        width = sum(columns[area.left : area.right])
        share = height * sum(weights[area.top : area.bottom]) / sum(weights)
        joined = joins_answers(block, width, share)
        cells.append(cell_of(block, width, joined=joined, leading=leading, page=height))
    empty = shared(weights, [c.demand(c.least) for c in cells], height)
    if empty is None:
        rows = (height / page.rows,) * page.rows
        return _Layout(tuple(cells), columns, SIZES[-1], rows, (), height)
    size, rows = _chosen(cells, weights, empty, height, sizes)
    missing = sum(max(min(c.need(size), height) - c.room(rows), 0) for c in cells)
    return _Layout(tuple(cells), columns, size, rows, empty, round(missing, 1))


def _balanced(page: CanvasPage, usual: _Layout, leading: Leading, height: float) -> _Layout:
    """Return a layout with other columns where that makes text larger or shows more of it."""
    for size in (s for s in SIZES if s >= usual.size):
        last = size == SIZES[-1]
        reach = _REACH_LAST if last else _REACH
        columns = balanced(page, usual.columns, usual.cells, size=size, height=height, reach=reach)
        if columns is None:
            continue
        found = _laid_out(page, columns, leading, height, (size,))
        if not found.missing or (last and found.missing < usual.missing):
            return found
    return usual


def _one_line(text: str, size: float, width: float, *, bold: bool = False) -> str:
    """Return `text` cut to one line; where it fits, as it is."""
    ems = width * (1 - RESERVE) / size
    if len(text) < LONGEST and width_of(text, bold=bold) <= ems:
        return text
    return MeasuredText(text[:LONGEST], bold=bold).clamped(ems, 1)


def _chosen(
    cells: Sequence[Cell],
    weights: Sequence[float],
    empty: Sequence[float],
    height: float,
    sizes: Sequence[float],
) -> tuple[float, tuple[float, ...]]:
    """Return the font size and the rows' heights. `empty` are the rows of the empty canvas."""
    floors = [Demand(r, r + 1, h * _LOWEST) for r, h in enumerate(empty)]
    floors += [c.demand(c.least) for c in cells]
    for size in sizes:
        surely = [*floors, *(c.demand(c.surely(size)) for c in cells)]
        if shared(weights, surely, height) is None:
            continue  # which is quick to see, and spares the counting of lines
        rows = shared(weights, [*floors, *(c.demand(c.need(size)) for c in cells)], height)
        if rows is not None:
            return size, rows
    hopeless = [c for c in cells if c.need(SIZES[-1]) > c.room(empty)]
    calm = [c for c in cells if c.need(SIZES[-1]) <= c.room(empty)]
    kept = [*floors, *(c.demand(c.room(empty)) for c in hopeless)]
    # Where most blocks are overfull, small text shows more of them, and the others have room.
    sizes = sizes if 2 * len(hopeless) <= sum(bool(c.answers) for c in cells) else sizes[-1:]
    size, rows = sizes[-1], tuple(empty)
    for size in sizes:
        found = shared(weights, [*kept, *(c.demand(c.need(size)) for c in calm)], height)
        if found is not None:
            rows = found
            break
    needs = [*floors, *(c.demand(c.need(size)) for c in calm)]
    for clamp in _CLAMPS:
        least = [c.need(size, clamp) for c in hopeless]
        found = shared(weights, [*needs, *map(Cell.demand, hopeless, least)], height)
        if found is not None:
            wanted = [c.need(size) for c in hopeless]
            rows = _shared_out(weights, needs, hopeless, least=least, wanted=wanted, height=height)
            return size, rows or found
    return size, rows


def _shared_out(
    weights: Sequence[float],
    needs: Sequence[Demand],
    cells: Sequence[Cell],
    *,
    least: Sequence[float],
    wanted: Sequence[float],
    height: float,
) -> tuple[float, ...] | None:
    """Return rows in which each cell has its least and the same share of what it wants beyond."""
    best, low, high = None, 0.0, 1.0
    for _ in range(_HALVINGS):
        share = (low + high) / 2
        asked = [
            a + share * (b - a) if b < math.inf else a for a, b in zip(least, wanted, strict=True)
        ]
        found = shared(weights, [*needs, *map(Cell.demand, cells, asked)], height)
        if found is None:
            high = share
        else:
            best, low = found, share
    return best
