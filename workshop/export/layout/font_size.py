"""Choosing the font size of a canvas, and the row heights with which its text fits.

All blocks have the same font size: the largest in which the whole text fits or, if it fits in none,
the largest in which it fits without the overfull blocks. These share the height that remains.
"""

import math
from collections.abc import Sequence

from workshop.export.layout.block import Cell
from workshop.export.layout.row_heights import HeightRequirement, row_heights

SIZES = (10.0, 9.5, 9.0, 8.5, 8.0)
"""The font sizes that a canvas may have, from the best to the smallest."""
_LINE_LIMITS = (3, 2, 1)
"""The most lines of an answer in an overfull block, from the best to the last."""
_HALVINGS = 5
_MIN_ROW_SHARE = 0.55
"""The share of its height in the empty canvas that a row keeps when its neighbours need more."""


def choose_size(
    cells: Sequence[Cell],
    weights: Sequence[float],
    empty_rows: Sequence[float],
    height: float,
    sizes: Sequence[float],
) -> tuple[float, tuple[float, ...]]:
    """Return the font size and the row heights; `empty_rows` are those of the empty canvas."""
    min_rows = _min_row_requirements(empty_rows)
    for size in sizes:
        minimum = [*min_rows, *(c.requirement(c.collapsed_height(size)) for c in cells)]
        bounds = [c.requirement(c.min_full_height(size)) for c in cells]
        if row_heights(weights, [*minimum, *bounds], height) is None:
            continue  # a quick check, without counting lines
        full = [c.requirement(c.full_height(size)) for c in cells]
        rows = row_heights(weights, [*minimum, *full], height)
        if rows is not None:
            return size, rows
    overfull = [c for c in cells if c.full_height(SIZES[-1]) > c.height_in(empty_rows)]
    others = [c for c in cells if c.full_height(SIZES[-1]) <= c.height_in(empty_rows)]
    # If most blocks are overfull, small text shows more of them, and the others have room.
    sizes = sizes if 2 * len(overfull) <= sum(bool(c.answers) for c in cells) else sizes[-1:]
    size, rows, minimum = _size_for_others(
        cells, overfull, others, weights, empty_rows=empty_rows, height=height, sizes=sizes
    )
    fixed = [*minimum, *(c.requirement(c.full_height(size)) for c in others)]
    for max_lines in _LINE_LIMITS:
        low = [c.full_height(size, max_lines) for c in overfull]
        clamped = [*fixed, *map(Cell.requirement, overfull, low)]
        clamped_rows = row_heights(weights, clamped, height)
        if clamped_rows is not None:
            high = [c.full_height(size) for c in overfull]
            raised = _raise_evenly(weights, fixed, overfull, low=low, high=high, height=height)
            return size, raised or clamped_rows
    low = [c.collapsed_height(size) for c in overfull]
    high = [c.full_height(size, 1) for c in overfull]
    raised = _raise_evenly(weights, fixed, overfull, low=low, high=high, height=height)
    return size, raised or rows


def _size_for_others(
    cells: Sequence[Cell],
    overfull: Sequence[Cell],
    others: Sequence[Cell],
    weights: Sequence[float],
    *,
    empty_rows: Sequence[float],
    height: float,
    sizes: Sequence[float],
) -> tuple[float, tuple[float, ...], list[HeightRequirement]]:
    """Return the best font size for the blocks that are not overfull, with its row heights.

    The overfull blocks keep their height in the empty canvas. The requirements of the collapsed
    blocks in that size are returned, too.
    """
    min_rows = _min_row_requirements(empty_rows)
    unchanged = [c.requirement(c.height_in(empty_rows)) for c in overfull]
    size, minimum = sizes[-1], min_rows
    for size in sizes:
        minimum = [*min_rows, *(c.requirement(c.collapsed_height(size)) for c in cells)]
        full = [c.requirement(c.full_height(size)) for c in others]
        rows = row_heights(weights, [*minimum, *unchanged, *full], height)
        if rows is not None:
            return size, rows, minimum
    return size, tuple(empty_rows), minimum


def _raise_evenly(
    weights: Sequence[float],
    fixed: Sequence[HeightRequirement],
    cells: Sequence[Cell],
    *,
    low: Sequence[float],
    high: Sequence[float],
    height: float,
) -> tuple[float, ...] | None:
    """Return row heights that raise all cells from `low` by the same share of the way to `high`.

    The share is the largest that the page holds. A cell stays at `low` if its `high` is infinite.
    None if even the smallest share is too much.
    """
    best, share_that_fits, share_too_large = None, 0.0, 1.0
    for _ in range(_HALVINGS):
        share = (share_that_fits + share_too_large) / 2
        heights = [
            lower + share * (upper - lower) if upper < math.inf else lower
            for lower, upper in zip(low, high, strict=True)
        ]
        requirements = [*fixed, *map(Cell.requirement, cells, heights)]
        rows = row_heights(weights, requirements, height)
        if rows is None:
            share_too_large = share
        else:
            best, share_that_fits = rows, share
    return best


def _min_row_requirements(empty_rows: Sequence[float]) -> list[HeightRequirement]:
    """Return the requirements that each row keeps its minimum share of its height when empty."""
    return [
        HeightRequirement(row, row + 1, height * _MIN_ROW_SHARE)
        for row, height in enumerate(empty_rows)
    ]
