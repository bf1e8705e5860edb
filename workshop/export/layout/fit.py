"""Fitting a canvas on one page before it is written.

Rows of fixed height would hide answers, and rows that grow would push the canvas onto a second
page. The lines are therefore predicted first. The whole canvas gets one font size, chosen without
the blocks that are overfull in any size; their answers are clamped to 3, 2 or 1 lines, and the last
resort is "+20 more". Lengths are in points.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from workshop.export.i18n.writing_systems import is_tall
from workshop.export.layout.block import (
    COMFORTABLE_SIZE,
    MAX_ANSWER_LENGTH,
    MAX_TITLE_LINES,
    RESERVE,
    TALL_LEADING,
    TITLE_SIZE,
    USUAL_LEADING,
    BlockText,
    Cell,
    Leading,
    joins_answers,
    measure_block,
    printed_texts,
)
from workshop.export.layout.character_widths import width_of
from workshop.export.layout.columns import balance_columns, column_widths
from workshop.export.layout.font_size import SIZES, choose_size
from workshop.export.layout.grid_lines import divided_lines, move_grid_lines, straight_lines
from workshop.export.layout.reflow import MIN_BLOCK_WIDTH, reflow
from workshop.export.layout.row_heights import default_weights, row_heights
from workshop.export.layout.text_width import MeasuredText
from workshop.export.page_size import PageSize
from workshop.views import labels
from workshop.views.outline import CanvasBlock, CanvasPage

PAGE_TITLE_SIZE, PAGE_TITLE_LINE = 20.0, 25.0
SUBTITLE_SIZE, SUBTITLE_LINE, AFTER_SUBTITLE = 9.0, 12.0, 5.0
BAND_WIDTH = 20.0
"""The width of the column for the names of stacked models."""
END_LINE = 1.0
"""The height of the paragraph that a document needs below a table."""

_PAGE_SLACK = 6.0
_ADJUSTMENTS = ((False, 1.25), (True, 1.25), (True, 1.6))
"""How the grid of a full canvas may change, from the smallest change to the largest: whether its
lines may be divided, and how many times wider or narrower its columns may become."""
_BALANCED_SIZE = 8.5
"""The font size for which columns are balanced; the widths serve the other sizes, too."""
_MAX_EXCESS, _MAX_EXCESS_SMALLEST = 1.02, 1.35
"""How many times higher than the page a canvas may be estimated for an adjustment to be tried: in
the smallest size, showing most of the text is enough."""
_BAND_SHARE = 0.9
"""The share of a band's height that its name may take."""


@dataclass(frozen=True, slots=True)
class FittedBlock:
    """A block with the text that fits into it."""

    block: CanvasBlock
    title: str
    joined: bool
    """Whether its answers are one paragraph, and not a list."""
    text: BlockText
    width: float
    """The width for text at which the lines were counted."""

    @property
    def is_whole(self) -> bool:
        """Whether everything in the block is printed, and nothing shortened."""
        return self.text.is_whole or not self.block.answers


@dataclass(frozen=True, slots=True)
class FittedCanvas:
    """A canvas with the sizes and texts with which it fits on one page."""

    page: CanvasPage
    title: str
    subtitle: str
    size: float
    """The font size of the text in all blocks."""
    leading: Leading
    """The heights of the lines."""
    columns: tuple[float, ...]
    """The widths of the columns."""
    rows: tuple[float, ...]
    """The heights of the rows, in total at most the height that the page has for the table."""
    blocks: tuple[FittedBlock, ...]
    bands: tuple[str, ...]
    """The names of the stacked models, shortened to the room that they have."""
    crowded: bool = False
    """Whether there are too many blocks for a page: only titles are shown, and rows are clipped."""
    rearranged: bool = False
    """Whether the blocks are in another grid, because the bank's has no room for their titles."""


def table_height(page_size: PageSize) -> float:
    """Return the height that a page has for the table of a canvas."""
    above = PAGE_TITLE_LINE + SUBTITLE_LINE + AFTER_SUBTITLE
    return page_size.canvas_height - above - END_LINE - _PAGE_SLACK


def fit_canvas(page: CanvasPage, page_size: PageSize) -> FittedCanvas:
    """Return `page` with the sizes and texts with which it never exceeds one landscape page."""
    height = table_height(page_size)
    leading = TALL_LEADING if any(map(is_tall, printed_texts(page.blocks))) else USUAL_LEADING
    width = page_size.canvas_width - (BAND_WIDTH if page.bands else 0)
    default_layout = _default_layout(page, width, leading, height)
    layout = default_layout
    if layout.empty_rows and (layout.missing or layout.size < COMFORTABLE_SIZE):
        layout = _adjust_grid(layout, leading, height)
    page = layout.page
    size, rows = layout.size, layout.rows
    return FittedCanvas(
        page=page,
        title=_clamp_to_line(page.title, PAGE_TITLE_SIZE, page_size.canvas_width, bold=True),
        subtitle=_clamp_to_line(page.subtitle, SUBTITLE_SIZE, page_size.canvas_width),
        size=size,
        leading=leading,
        columns=layout.columns,
        rows=rows,
        blocks=tuple(
            FittedBlock(c.block, c.title, c.joined, c.fit_text(size, c.height_in(rows)), c.width)
            if layout.empty_rows
            else _title_only(c)
            for c in layout.cells
        ),
        bands=tuple(
            _clamp_to_line(
                band.name, TITLE_SIZE, sum(rows[band.top : band.bottom]) * _BAND_SHARE, bold=True
            )
            for band in page.bands
        ),
        crowded=not layout.empty_rows,
        rearranged=default_layout.rearranged,
    )


def _title_only(cell: Cell) -> FittedBlock:
    """Return a block with only its title and the number of its answers, on one line."""
    count = len(cell.block.answers)
    measured = MeasuredText(cell.block.title, bold=True, tail=labels.answer_count_mark(count))
    title = measured.clamp(cell.width / TITLE_SIZE, 1)
    return FittedBlock(cell.block, title, cell.joined, BlockText((), count), cell.width)


@dataclass(frozen=True, slots=True)
class _Layout:
    """A page with columns, rows and a font size."""

    page: CanvasPage
    cells: tuple[Cell, ...]
    columns: tuple[float, ...]
    size: float
    rows: tuple[float, ...]
    empty_rows: tuple[float, ...]
    """The heights of the rows of the empty canvas; no rows if not even that fits."""
    missing: float
    """The height of the text for which there is no room."""
    rearranged: bool = False


def _default_layout(page: CanvasPage, width: float, leading: Leading, height: float) -> _Layout:
    """Return `page` in its bank's grid, or in another one if that has no room for its titles."""
    columns = column_widths(page, width)
    narrowest = min(sum(columns[b.area.left : b.area.right]) for b in page.blocks)
    layout = _lay_out(page, columns, leading, height)
    if layout.empty_rows and narrowest >= MIN_BLOCK_WIDTH:
        return layout
    reflowed_pages = tuple(reflow(page, width, height))
    for title_lines in range(MAX_TITLE_LINES, 0, -1):
        for other in reflowed_pages:
            columns = column_widths(other, width)
            layout = _lay_out(other, columns, leading, height, title_lines)
            if layout.empty_rows:
                return replace(layout, rearranged=True)
    last = min(reflowed_pages, key=lambda other: other.rows)
    return replace(_lay_out(last, column_widths(last, width), leading, height), rearranged=True)


def _lay_out(
    page: CanvasPage,
    columns: tuple[float, ...],
    leading: Leading,
    height: float,
    max_title_lines: int = MAX_TITLE_LINES,
) -> _Layout:
    """Return `page` in its own grid, in the best font size."""
    weights = default_weights(page)
    total_weight = sum(weights)

    def joined(block: CanvasBlock, width: float) -> bool:
        weight = sum(weights[block.area.top : block.area.bottom])
        return joins_answers(block, width, height * weight / total_weight)

    cells = tuple(
        measure_block(
            b,
            width,
            joined=joined(b, width),
            leading=leading,
            page_height=height,
            max_title_lines=max_title_lines,
        )
        for b in page.blocks
        for width in (sum(columns[b.area.left : b.area.right]),)
    )
    return _best_layout(page, cells, columns, weights, height=height, sizes=SIZES)


def _best_layout(
    page: CanvasPage,
    cells: tuple[Cell, ...],
    columns: tuple[float, ...],
    weights: Sequence[float],
    *,
    height: float,
    sizes: Sequence[float],
) -> _Layout:
    """Return the best layout with these columns and row weights, in one of `sizes`."""
    collapsed = [c.requirement(c.collapsed_height(SIZES[-1])) for c in cells]
    empty_rows = row_heights(weights, collapsed, height)
    if empty_rows is None:
        rows = (height / page.rows,) * page.rows
        return _Layout(page, cells, columns, SIZES[-1], rows, (), height)
    size, rows = choose_size(cells, weights, empty_rows, height, sizes)
    missing = sum(max(min(c.full_height(size), height) - c.height_in(rows), 0) for c in cells)
    return _Layout(page, cells, columns, size, rows, empty_rows, round(missing, 1))


def _adjust_grid(default: _Layout, leading: Leading, height: float) -> _Layout:
    """Return a layout with other columns and grid lines, or `default` if that does not help.

    It helps if text becomes larger, or if more of it is shown.
    """
    if any(len(c.answers) < len(c.block.answers) for c in default.cells):
        return default  # no page would hold them
    best = default
    adjustments = [
        _Adjustment(default, leading, height, divides_lines=divides_lines, max_ratio=max_ratio)
        for divides_lines, max_ratio in _ADJUSTMENTS
    ]
    for size in (size for size in SIZES if size >= default.size):
        is_smallest = size == SIZES[-1]
        for adjustment in adjustments:
            layout = adjustment.layout(size)
            if layout and not layout.missing:
                return layout
            if layout and is_smallest and layout.missing < best.missing:
                best = layout
    return best


class _Adjustment:
    """A change to the grid of a full canvas, which is tried in several font sizes."""

    def __init__(
        self,
        default: _Layout,
        leading: Leading,
        height: float,
        *,
        divides_lines: bool,
        max_ratio: float,
    ) -> None:
        self._default = default
        self._leading = leading
        self._height = height
        self._divides_lines = divides_lines
        lines_of = divided_lines if divides_lines else straight_lines
        self._grid_lines = lines_of(default.page)
        self._max_ratio = max_ratio

    @cached_property
    def _columns(self) -> tuple[float, ...]:
        """The widths of the columns, which are the same in all font sizes."""
        default = self._default
        return balance_columns(
            default.page,
            default.columns,
            default.cells,
            self._grid_lines,
            size=_BALANCED_SIZE,
            max_ratio=self._max_ratio,
        )

    @cached_property
    def _cells(self) -> tuple[Cell, ...]:
        columns = self._columns
        return tuple(
            measure_block(
                c.block,
                sum(columns[c.block.area.left : c.block.area.right]),
                joined=c.joined,
                leading=self._leading,
                page_height=self._height,
            )
            for c in self._default.cells
        )

    def layout(self, size: float) -> _Layout | None:
        """Return the layout in that font size, or None if there is far too much text for it."""
        page, cells, height = self._default.page, self._cells, self._height
        limit = height * (_MAX_EXCESS_SMALLEST if size == SIZES[-1] else _MAX_EXCESS)
        min_full_heights = [c.min_full_height(size) for c in cells]
        if self._grid_lines.min_positions(min_full_heights)[-1] > limit:
            return None  # a quick check, without counting lines
        full_heights = [c.full_height(size) for c in cells]
        if self._grid_lines.min_positions(full_heights)[-1] > limit:
            return None
        weights: Sequence[float] = default_weights(page)
        if self._divides_lines:
            min_heights = [c.empty_height for c in cells]
            page, weights = move_grid_lines(
                page, self._default.empty_rows, min_heights, full_heights
            )
            cells = tuple(replace(c, block=b) for c, b in zip(cells, page.blocks, strict=True))
        return _best_layout(page, cells, self._columns, weights, height=height, sizes=(size,))


def _clamp_to_line(text: str, size: float, width: float, *, bold: bool = False) -> str:
    """Return `text`, shortened to one line if it is longer."""
    ems = width * (1 - RESERVE) / size
    if len(text) < MAX_ANSWER_LENGTH and text.isascii() and width_of(text, bold=bold) <= ems:
        return text
    return MeasuredText(text[:MAX_ANSWER_LENGTH], bold=bold).clamp(ems, 1)
