"""Fitting a canvas on its one page before it is written.

Row heights that clip hide answers, and rows that grow push the canvas onto a second page. So the
lines are predicted first: one font size for the whole canvas, chosen without the blocks that no
size would save; then answers cut to 3, 2 or 1 lines, and at last "+20 more". Lengths are in points.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from workshop.export.i18n.writing_systems import is_tall
from workshop.export.layout.block import (
    COMFORTABLE_SIZE,
    MAX_ANSWER_LENGTH,
    RESERVE,
    TALL_LEADING,
    TITLE_LINES,
    TITLE_SIZE,
    USUAL_LEADING,
    BlockText,
    Cell,
    Leading,
    cell_of,
    joins_answers,
    words_of,
)
from workshop.export.layout.character_widths import width_of
from workshop.export.layout.columns import balanced, columns_of
from workshop.export.layout.grid_lines import loose_lines, loosened, straight_lines
from workshop.export.layout.reflow import NARROWEST_BLOCK, reflowed
from workshop.export.layout.row_heights import Demand, default_weights, shared
from workshop.export.layout.text_width import MeasuredText
from workshop.export.page_size import PageSize
from workshop.views import labels
from workshop.views.outline import CanvasBlock, CanvasPage

SIZES = (10.0, 9.5, 9.0, 8.5, 8.0)
"""The font sizes that a canvas may have, the best first."""
PAGE_TITLE_SIZE, PAGE_TITLE_LINE = 20.0, 25.0
SUBTITLE_SIZE, SUBTITLE_LINE, AFTER_SUBTITLE = 9.0, 12.0, 5.0
BAND_WIDTH = 20.0
"""How wide the name of a stacked model is."""
END_LINE = 1.0
"""The paragraph that a document needs below a table."""

_PAGE_SLACK = 6.0
_WAYS = ((False, 1.25), (True, 1.25), (True, 1.6))
"""How a full canvas gives and takes, the calmest way first: whether rules may leave their lines,
and how far columns may go from their widths."""
_BALANCED = 8.5
"""The size of text for which columns are balanced: they have to do for others too."""
_REACH, _REACH_LAST = 1.02, 1.35
"""How much too high the text may seem for a way to be tried: to save it all, or most of it."""
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
    text: BlockText
    width: float
    """For text, such that the lines are those that were counted."""

    @property
    def is_whole(self) -> bool:
        """Whether all that the block holds is printed as it is."""
        return self.text.is_whole or not self.block.answers


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
    """Whether there are more blocks than a page has room for: titles alone, and rows that clip."""
    rearranged: bool = False
    """Whether the grid is ours, because the bank's is finer than a page can be."""


def table_height(paper: PageSize) -> float:
    """Return the height that a canvas has for its table."""
    above = PAGE_TITLE_LINE + SUBTITLE_LINE + AFTER_SUBTITLE
    return paper.canvas_height - above - END_LINE - _PAGE_SLACK


def fit_canvas(page: CanvasPage, paper: PageSize) -> FittedCanvas:
    """Return `page` with sizes and texts such that it takes one landscape page, never more."""
    height = table_height(paper)
    leading = TALL_LEADING if any(map(is_tall, words_of(page.blocks))) else USUAL_LEADING
    room = paper.canvas_width - (BAND_WIDTH if page.bands else 0)
    drawn = _drawn(page, room, leading, height)
    layout = drawn
    if layout.empty and (layout.missing or layout.size < COMFORTABLE_SIZE):
        layout = _eased(layout, leading, height)
    page = layout.page
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
            FittedBlock(c.block, c.title, c.joined, c.fit_text(size, c.room(rows)), c.width)
            if empty
            else _title_alone(c)
            for c in layout.cells
        ),
        bands=tuple(
            _one_line(b.name, TITLE_SIZE, sum(rows[b.top : b.bottom]) * _BAND_SHARE, bold=True)
            for b in page.bands
        ),
        crowded=not empty,
        rearranged=drawn.rearranged,
    )


def _title_alone(cell: Cell) -> FittedBlock:
    """Return a block with its title on one line, and how many answers it holds."""
    count = len(cell.block.answers)
    measured = MeasuredText(cell.block.title, bold=True, tail=labels.answer_count_mark(count))
    title = measured.clamp(cell.width / TITLE_SIZE, 1)
    return FittedBlock(cell.block, title, cell.joined, BlockText((), count), cell.width)


@dataclass(frozen=True, slots=True)
class _Layout:
    """One way to lay a page out."""

    page: CanvasPage
    cells: tuple[Cell, ...]
    columns: tuple[float, ...]
    size: float
    rows: tuple[float, ...]
    empty: tuple[float, ...]
    """The rows of the empty canvas; none where not even that fits."""
    missing: float
    """The height of the text that is left out."""
    rearranged: bool = False


def _drawn(page: CanvasPage, room: float, leading: Leading, height: float) -> _Layout:
    """Return `page` in its bank's grid, or in one of ours where that has no room for its titles."""
    columns = columns_of(page, room)
    narrowest = min(sum(columns[b.area.left : b.area.right]) for b in page.blocks)
    usual = _laid_out(page, columns, leading, height)
    if usual.empty and narrowest >= NARROWEST_BLOCK:
        return usual
    flowing = tuple(reflowed(page, room, height))
    for lines in range(TITLE_LINES, 0, -1):
        for other in flowing:
            found = _laid_out(other, columns_of(other, room), leading, height, lines)
            if found.empty:
                return replace(found, rearranged=True)
    last = min(flowing, key=lambda other: other.rows)
    return replace(_laid_out(last, columns_of(last, room), leading, height), rearranged=True)


def _laid_out(
    page: CanvasPage,
    columns: tuple[float, ...],
    leading: Leading,
    height: float,
    title_lines: int = TITLE_LINES,
) -> _Layout:
    """Return `page` as its grid is drawn, in the best size."""
    weights = default_weights(page)
    whole = sum(weights)

    def joined(block: CanvasBlock, width: float) -> bool:
        share = height * sum(weights[block.area.top : block.area.bottom]) / whole
        return joins_answers(block, width, share)

    cells = tuple(
        cell_of(
            b,
            width,
            joined=joined(b, width),
            leading=leading,
            page=height,
            title_lines=title_lines,
        )
        for b in page.blocks
        for width in (sum(columns[b.area.left : b.area.right]),)
    )
    return _fitted(page, cells, columns, weights, height=height, sizes=SIZES)


def _fitted(
    page: CanvasPage,
    cells: tuple[Cell, ...],
    columns: tuple[float, ...],
    weights: Sequence[float],
    *,
    height: float,
    sizes: Sequence[float],
) -> _Layout:
    """Return the best layout with these columns, and rows so proportioned, in one of `sizes`."""
    empty = shared(weights, [c.demand(c.floor(SIZES[-1])) for c in cells], height)
    if empty is None:
        rows = (height / page.rows,) * page.rows
        return _Layout(page, cells, columns, SIZES[-1], rows, (), height)
    size, rows = _chosen(cells, weights, empty, height, sizes)
    missing = sum(max(min(c.need(size), height) - c.room(rows), 0) for c in cells)
    return _Layout(page, cells, columns, size, rows, empty, round(missing, 1))


def _eased(usual: _Layout, leading: Leading, height: float) -> _Layout:
    """Return a layout with other columns and rules where that helps.

    That is where text gets larger, or more of it is shown.
    """
    if any(len(c.answers) < len(c.block.answers) for c in usual.cells):
        return usual  # no page would hold them
    best = usual
    ways = [_Way(usual, leading, height, loose=loose, span=span) for loose, span in _WAYS]
    for size in (s for s in SIZES if s >= usual.size):
        last = size == SIZES[-1]
        for way in ways:
            found = way.fitted(size)
            if found and not found.missing:
                return found
            if found and last and found.missing < best.missing:
                best = found
    return best


class _Way:
    """A way to ease a full canvas, tried in several sizes."""

    def __init__(
        self, usual: _Layout, leading: Leading, height: float, *, loose: bool, span: float
    ) -> None:
        self._usual = usual
        self._leading = leading
        self._height = height
        self._loose = loose
        self._rules = loose_lines(usual.page) if loose else straight_lines(usual.page)
        self._span = span

    @cached_property
    def _columns(self) -> tuple[float, ...]:
        """The widths of the columns, which are the same in all sizes."""
        usual = self._usual
        return balanced(
            usual.page, usual.columns, usual.cells, self._rules, size=_BALANCED, span=self._span
        )

    @cached_property
    def _cells(self) -> tuple[Cell, ...]:
        columns = self._columns
        return tuple(
            cell_of(
                c.block,
                sum(columns[c.block.area.left : c.block.area.right]),
                joined=c.joined,
                leading=self._leading,
                page=self._height,
            )
            for c in self._usual.cells
        )

    def fitted(self, size: float) -> _Layout | None:
        """Return the layout in that size, or None where there is far too much text for it."""
        page, cells, height = self._usual.page, self._cells, self._height
        reach = height * (_REACH_LAST if size == SIZES[-1] else _REACH)
        if self._rules.reaches([c.surely(size) for c in cells])[-1] > reach:
            return None  # which is quick to see, and spares the counting of lines
        needs = [c.need(size) for c in cells]
        if self._rules.reaches(needs)[-1] > reach:
            return None
        weights: Sequence[float] = default_weights(page)
        if self._loose:
            page, weights = loosened(page, self._usual.empty, [c.least for c in cells], needs)
            cells = tuple(replace(c, block=b) for c, b in zip(cells, page.blocks, strict=True))
        return _fitted(page, cells, self._columns, weights, height=height, sizes=(size,))


def _one_line(text: str, size: float, width: float, *, bold: bool = False) -> str:
    """Return `text` cut to one line; where it fits, as it is."""
    ems = width * (1 - RESERVE) / size
    if len(text) < MAX_ANSWER_LENGTH and text.isascii() and width_of(text, bold=bold) <= ems:
        return text
    return MeasuredText(text[:MAX_ANSWER_LENGTH], bold=bold).clamp(ems, 1)


def _chosen(
    cells: Sequence[Cell],
    weights: Sequence[float],
    empty: Sequence[float],
    height: float,
    sizes: Sequence[float],
) -> tuple[float, tuple[float, ...]]:
    """Return the font size and the rows' heights. `empty` are the rows of the empty canvas."""
    lowest = [Demand(r, r + 1, h * _LOWEST) for r, h in enumerate(empty)]
    for size in sizes:
        floors = [*lowest, *(c.demand(c.floor(size)) for c in cells)]
        surely = [*floors, *(c.demand(c.surely(size)) for c in cells)]
        if shared(weights, surely, height) is None:
            continue  # which is quick to see, and spares the counting of lines
        rows = shared(weights, [*floors, *(c.demand(c.need(size)) for c in cells)], height)
        if rows is not None:
            return size, rows
    hopeless = [c for c in cells if c.need(SIZES[-1]) > c.room(empty)]
    calm = [c for c in cells if c.need(SIZES[-1]) <= c.room(empty)]
    kept = [c.demand(c.room(empty)) for c in hopeless]
    # Where most blocks are overfull, small text shows more of them, and the others have room.
    sizes = sizes if 2 * len(hopeless) <= sum(bool(c.answers) for c in cells) else sizes[-1:]
    size, rows = sizes[-1], tuple(empty)
    floors = lowest
    for size in sizes:
        floors = [*lowest, *(c.demand(c.floor(size)) for c in cells)]
        wanted = [*floors, *kept, *(c.demand(c.need(size)) for c in calm)]
        found = shared(weights, wanted, height)
        if found is not None:
            rows = found
            break
    needs = [*floors, *(c.demand(c.need(size)) for c in calm)]
    for max_lines in _CLAMPS:
        least = [c.need(size, max_lines) for c in hopeless]
        found = shared(weights, [*needs, *map(Cell.demand, hopeless, least)], height)
        if found is not None:
            wanted = [c.need(size) for c in hopeless]
            rows = _shared_out(weights, needs, hopeless, least=least, wanted=wanted, height=height)
            return size, rows or found
    least = [c.floor(size) for c in hopeless]
    wanted = [c.need(size, 1) for c in hopeless]
    found = _shared_out(weights, needs, hopeless, least=least, wanted=wanted, height=height)
    return size, found or rows


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
