"""Setting the column widths of a canvas: those of its bank, or others where blocks are full.

`column_widths` gives each column its share of the page, as the bank's grid defines it. If text
would come out small, `balance_columns` moves width from columns that can spare it to columns whose
blocks are full. It works with estimated heights, which are quick; `fit` counts the lines
afterwards. Lengths are in points.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from workshop.export.layout.block import Cell, Leading, bullet_indent, text_width
from workshop.export.layout.grid_lines import GridLines
from workshop.export.layout.text_width import MAX_LINES, MeasuredText
from workshop.views.outline import CanvasBlock, CanvasPage

MIN_COLUMN_WIDTH = 80.0
"""A column never gives away so much width that less than this remains."""
_STEPS = (0.12, 0.04)
"""How much width is moved at a time, first and last, as a share of the average column width."""
_MAX_MOVES = 60
"""The most times that width is moved in steps of one size."""
_LINE_END_LOSS = 1.0
"""What an average line loses at its end, in ems, because the next word does not fit."""
_LAST_LINE_LOSS = 0.5
"""The part of a line that is empty after an average answer."""
_ROUNDS = 2
"""How often columns are balanced: before each round, lines are counted to correct the estimates."""
_CANDIDATES = 2
"""How many of the fullest columns, and of the emptiest ones, are tried for each move."""
_HeightEstimate = Callable[[Sequence[float]], float]
"""Returns the estimated height of the canvas for some column widths."""


def column_widths(page: CanvasPage, width: float) -> tuple[float, ...]:
    """Return the column widths as the bank's grid defines them, `width` in total."""
    unit = width / sum(page.widths)
    return tuple(share * unit for share in page.widths)


@dataclass(frozen=True, slots=True)
class _BlockEstimate:
    """The content of a block, for estimating its height at other widths."""

    block: CanvasBlock
    joined: bool
    empty_height: float
    answers: tuple[MeasuredText, ...]
    correction: float = 1.0
    """The number of lines that were counted for each estimated one."""

    def width(self, columns: Sequence[float]) -> float:
        """Return the width of the block with these columns."""
        return round(sum(columns[self.block.area.left : self.block.area.right]), 2)

    def height(self, width: float, size: float, leading: Leading) -> float:
        """Return the estimated height of the block at that width."""
        lines = self.correction * self._estimated_lines(self._ems(width, size))
        return self.empty_height + lines * leading.line(size)

    def corrected(self, width: float, size: float) -> "_BlockEstimate":
        """Return the same block with the correction that holds at that width."""
        if self.joined or not self.answers:
            return self
        ems = self._ems(width, size)
        counted = sum(answer.line_count(ems, MAX_LINES) for answer in self.answers)
        return replace(self, correction=counted / self._estimated_lines(ems))

    def _ems(self, width: float, size: float) -> float:
        return (text_width(width) - (0 if self.joined else bullet_indent(size))) / size

    def _estimated_lines(self, ems: float) -> float:
        widths = [answer.width for answer in self.answers]
        widths = [sum(widths)] if self.joined else widths
        return sum(
            1 if width <= ems else width / (ems - _LINE_END_LOSS) + _LAST_LINE_LOSS
            for width in widths
        )


def balance_columns(
    page: CanvasPage,
    columns: tuple[float, ...],
    cells: Sequence[Cell],
    grid_lines: GridLines,
    *,
    size: float,
    max_ratio: float,
) -> tuple[float, ...]:
    """Return the column widths at which text of that size makes the canvas as low as possible.

    `columns` are the default widths; no column becomes more than `max_ratio` times wider or
    narrower. `grid_lines` are those between the blocks of `page`.
    """
    blocks = [_BlockEstimate(c.block, c.joined, c.empty_height, c.answers) for c in cells]
    leading, current = cells[0].leading, columns
    for _ in range(_ROUNDS):
        blocks = [block.corrected(block.width(current), size) for block in blocks]
        estimate = _height_estimate(blocks, grid_lines, size, leading)
        current = _move_widths(page, columns, current, estimate, max_ratio)
    return current


def _height_estimate(
    blocks: Sequence[_BlockEstimate], grid_lines: GridLines, size: float, leading: Leading
) -> _HeightEstimate:
    """Return the function that estimates the height of the canvas for some column widths."""
    known_heights: dict[tuple[int, float], float] = {}

    def estimate(columns: Sequence[float]) -> float:
        heights: list[float] = []
        for number, block in enumerate(blocks):
            width = block.width(columns)
            if (number, width) not in known_heights:
                known_heights[number, width] = block.height(width, size, leading)
            heights.append(known_heights[number, width])
        return grid_lines.smooth_height(heights)

    return estimate


def _move_widths(
    page: CanvasPage,
    defaults: tuple[float, ...],
    start: tuple[float, ...],
    estimate: _HeightEstimate,
    max_ratio: float,
) -> tuple[float, ...]:
    """Move width from one group of columns to another as long as the canvas gets lower."""
    groups = _column_groups(page)
    average = sum(defaults) / len(groups)
    lowest, current = estimate(start), start
    for step in (average * share for share in _STEPS):
        for _ in range(_MAX_MOVES):
            moved = _best_move(current, defaults, groups, estimate, step=step, max_ratio=max_ratio)
            height = math.inf if moved is None else estimate(moved)
            if moved is None or height >= lowest:
                break
            lowest, current = height, moved
    return current


def _best_move(
    current: tuple[float, ...],
    defaults: Sequence[float],
    groups: Sequence[Sequence[int]],
    estimate: _HeightEstimate,
    *,
    step: float,
    max_ratio: float,
) -> tuple[float, ...] | None:
    """Return the best columns after moving `step` of width from one group to another.

    None if no group can become that much wider or narrower.
    """

    def ranked(change: float) -> list[tuple[float, Sequence[int], tuple[float, ...]]]:
        changes = ((g, _change_group(current, defaults, g, change, max_ratio)) for g in groups)
        possible = [(estimate(columns), group, columns) for group, columns in changes if columns]
        return sorted(possible, key=lambda candidate: candidate[0])

    narrowed = [group for _, group, _ in ranked(-step)]
    candidates = [
        moved
        for _, widened_group, widened in ranked(step)[:_CANDIDATES]
        for narrowed_group in [group for group in narrowed if group != widened_group][:_CANDIDATES]
        if (moved := _change_group(widened, defaults, narrowed_group, -step, max_ratio))
    ]
    return min(candidates, key=estimate, default=None)


def _change_group(
    current: Sequence[float],
    defaults: Sequence[float],
    group: Sequence[int],
    change: float,
    max_ratio: float,
) -> tuple[float, ...] | None:
    """Return the columns with `group` wider by `change`, or None if that exceeds a limit."""
    changed = list(current)
    width = sum(current[column] for column in group)
    for column in group:
        changed[column] *= (width + change) / width
        if not 1 / max_ratio <= changed[column] / defaults[column] <= max_ratio:
            return None
    return None if change < 0 and width + change < MIN_COLUMN_WIDTH else tuple(changed)


def _column_groups(page: CanvasPage) -> list[list[int]]:
    """Return the columns in groups that change together: those with the same narrowest block."""

    def narrowest(column: int) -> int:
        over = [n for n, b in enumerate(page.blocks) if b.area.left <= column < b.area.right]
        return min(over, key=lambda n: page.blocks[n].area.right - page.blocks[n].area.left)

    return [list(group) for _, group in groupby(range(len(page.widths)), narrowest)]
