"""The horizontal grid lines of a canvas, and moving them to give blocks the height they need.

A line of the bank's grid runs across the whole page. If no block spans the gap between two parts of
it, the parts are segments that can lie at different heights, and the blocks above each other can
share their height as they need it: the canvas then has more rows, and blocks span several of them.
Lengths are in points, and positions are measured from the top of the canvas.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from workshop.views.outline import CanvasPage

MIN_ROW_HEIGHT = 8.0
"""A lower row would be stretched by the padding of the blocks that span it."""
_SMOOTHING = 6.0
"""By how much a column of blocks may be lower than the highest, in points, and still count."""
_HALVINGS = 12


@dataclass(frozen=True, slots=True)
class GridLines:
    """The segments of the horizontal grid lines of a canvas, from the top to the bottom."""

    lines: tuple[int, ...]
    """For each segment, the index of its line in the bank's grid, in ascending order."""
    edges: tuple[tuple[int, int], ...]
    """For each block of the page, the segments above and below it."""
    downwards: tuple[int, ...]
    """The blocks, ordered so that each comes after those above it."""

    def min_positions(self, heights: Sequence[float]) -> list[float]:
        """Return the highest possible position of each segment, if blocks have these heights."""
        positions = [0.0] * len(self.lines)
        for block in self.downwards:
            above, below = self.edges[block]
            positions[below] = max(positions[below], positions[above] + heights[block])
        return positions

    def max_positions(self, heights: Sequence[float], height: float) -> list[float]:
        """Return the lowest possible position of each segment on a canvas of that height."""
        positions = [height] * len(self.lines)
        for block in reversed(self.downwards):
            above, below = self.edges[block]
            positions[above] = min(positions[above], positions[below] - heights[block])
        return positions

    def smooth_height(self, heights: Sequence[float]) -> float:
        """Return the height of the canvas, a little more if several columns of blocks are high.

        A search for lower canvases thereby sees progress before it has lowered all of them.
        """
        candidates: list[list[float]] = [[] for _ in self.lines]
        positions = [0.0] * len(self.lines)
        remaining = iter(self.downwards)
        block = next(remaining, None)
        for segment in range(len(self.lines)):
            positions[segment] = _smooth_max(candidates[segment])
            while block is not None and self.edges[block][0] == segment:
                candidates[self.edges[block][1]].append(positions[segment] + heights[block])
                block = next(remaining, None)
        return positions[-1]


def _smooth_max(values: Sequence[float]) -> float:
    """Return the maximum, and a little more if other values are nearly as large."""
    if not values:
        return 0.0
    largest = max(values)
    return largest + _SMOOTHING * math.log(
        sum(math.exp((v - largest) / _SMOOTHING) for v in values)
    )


def straight_lines(page: CanvasPage) -> GridLines:
    """Return the grid lines of `page`, each a single segment across the page."""
    edges = tuple((block.area.top, block.area.bottom) for block in page.blocks)
    return _grid_lines(range(page.rows + 1), edges)


def divided_lines(page: CanvasPage) -> GridLines:
    """Return the grid lines of `page`, divided into segments wherever no block spans the gap.

    The segments of a line are in order from the left. The line between two models is not divided.
    """
    undivided = {band.bottom for band in page.bands} | {0, page.rows}
    lines: list[int] = []
    above: dict[int, int] = {}
    below: dict[int, int] = {}
    for line in range(page.rows + 1):
        touching = [
            (block.area.left, block.area.right, number, edge)
            for number, block in enumerate(page.blocks)
            for edge_line, edge in ((block.area.top, above), (block.area.bottom, below))
            if edge_line == line
        ]
        segment_end = -1
        for left, right, number, edge in sorted(touching, key=lambda block: block[:3]):
            if segment_end < 0 or (left >= segment_end and line not in undivided):
                lines.append(line)
            segment_end = max(segment_end, right)
            edge[number] = len(lines) - 1
    edges = tuple((above[number], below[number]) for number in range(len(page.blocks)))
    return _grid_lines(lines, edges)


def _grid_lines(lines: Sequence[int], edges: tuple[tuple[int, int], ...]) -> GridLines:
    downwards = sorted(range(len(edges)), key=lambda block: edges[block][0])
    return GridLines(tuple(lines), edges, tuple(downwards))


def move_grid_lines(
    page: CanvasPage,
    default_rows: Sequence[float],
    min_heights: Sequence[float],
    full_heights: Sequence[float],
) -> tuple[CanvasPage, tuple[float, ...]]:
    """Return `page` and its row heights with grid lines moved to give blocks their full height.

    `min_heights` and `full_heights` are those of the blocks. Segments stay where `default_rows`
    put them, or at least in line with each other, as far as the blocks allow. If the full heights
    exceed the page, all blocks get the same share of what they need beyond their minimum.
    """
    height = sum(default_rows)
    grid_lines = divided_lines(page)
    heights = _affordable_heights(grid_lines, min_heights, full_heights, height)
    positions = _segment_positions(grid_lines, default_rows, heights)
    levels = _levels(positions, height)
    level_of = [
        levels.index(min(levels, key=lambda level: abs(level - position))) for position in positions
    ]
    level_of_line = dict(zip(grid_lines.lines, level_of, strict=True))
    blocks = tuple(
        replace(block, area=block.area._replace(top=level_of[above], bottom=level_of[below]))
        for block, (above, below) in zip(page.blocks, grid_lines.edges, strict=True)
    )
    if any(block.area.top == block.area.bottom for block in blocks):
        return page, tuple(default_rows)  # two segments have met: there are too many for the page
    bands = tuple(
        replace(band, top=level_of_line[band.top], bottom=level_of_line[band.bottom])
        for band in page.bands
    )
    rows = tuple(bottom - top for top, bottom in pairwise(levels))
    return replace(page, rows=len(rows), blocks=blocks, bands=bands), rows


def _affordable_heights(
    grid_lines: GridLines,
    min_heights: Sequence[float],
    full_heights: Sequence[float],
    height: float,
) -> list[float]:
    """Return the heights of the blocks, reduced if need be so that the canvas fits in `height`."""

    def reduced(share: float) -> list[float]:
        pairs = zip(min_heights, full_heights, strict=True)
        return [least + share * max(full - least, 0.0) for least, full in pairs]

    if grid_lines.min_positions(full_heights)[-1] <= height:
        return list(full_heights)
    low, high = 0.0, 1.0
    for _ in range(_HALVINGS):
        share = (low + high) / 2
        fits = grid_lines.min_positions(reduced(share))[-1] <= height
        low, high = (share, high) if fits else (low, share)
    return reduced(low)


def _segment_positions(
    grid_lines: GridLines, default_rows: Sequence[float], heights: Sequence[float]
) -> list[float]:
    """Return the position of each segment: the default, or one in line, or where it must be."""
    height = sum(default_rows)
    max_positions = grid_lines.max_positions(heights, height)
    positions = [0.0] * len(grid_lines.lines)
    for line in range(grid_lines.lines[-1] + 1):
        segments = [s for s, line_of_s in enumerate(grid_lines.lines) if line_of_s == line]
        default = sum(default_rows[:line])
        min_positions = {
            segment: max(
                (
                    positions[above] + heights[block]
                    for block, (above, below) in enumerate(grid_lines.edges)
                    if below == segment
                ),
                default=0.0,
            )
            for segment in segments
        }
        highest = max(min_positions.values())
        lowest = min(max_positions[segment] for segment in segments)
        for segment in segments:
            if highest <= lowest:
                positions[segment] = min(max(default, highest), lowest)
            else:
                limited = min(default, max_positions[segment])
                positions[segment] = max(limited, min_positions[segment])
    positions[-1] = height
    return positions


def _levels(positions: Sequence[float], height: float) -> list[float]:
    """Return the distinct positions from the top to the bottom, without those close together."""
    levels = [0.0]
    for position in sorted(positions):
        if position - levels[-1] >= MIN_ROW_HEIGHT:
            levels.append(position)
    while len(levels) > 1 and height - levels[-1] < MIN_ROW_HEIGHT:
        levels.pop()
    return [*levels, height]
