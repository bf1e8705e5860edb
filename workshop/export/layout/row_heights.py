"""Setting the row heights of a canvas: default proportions, and more for rows that need it.

Lengths are in points.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from workshop.views.outline import CanvasPage

_CONTEXT_WEIGHT, _FINANCE_WEIGHT = 0.5, 0.65
_TOLERANCE = 0.01


@dataclass(frozen=True, slots=True)
class HeightRequirement:
    """The height that a block needs in total over the rows `top` to `bottom` - 1."""

    top: int
    bottom: int
    height: float


def default_weights(page: CanvasPage) -> tuple[float, ...]:
    """Return the proportions of the rows of an empty canvas.

    Rows of context or finance blocks are lower than the others, as on the printed canvases.
    """
    weights: list[float] = []
    for row in range(page.rows):
        families = {b.family for b in page.blocks if (b.area.top, b.area.bottom) == (row, row + 1)}
        if families == {"context"}:
            weights.append(_CONTEXT_WEIGHT)
        else:
            is_finance = families and families <= {"context", "finance"}
            weights.append(_FINANCE_WEIGHT if is_finance else 1.0)
    return tuple(weights)


def row_heights(
    weights: Sequence[float], requirements: Sequence[HeightRequirement], height: float
) -> tuple[float, ...] | None:
    """Return row heights that add up to `height` and meet all requirements, or None.

    The rows keep the proportions of `weights` as far as the requirements allow.
    """
    min_heights = [0.0] * len(weights)
    for requirement in requirements:
        if requirement.bottom - requirement.top == 1:
            row = requirement.top
            min_heights[row] = max(min_heights[row], requirement.height)
    spanning = [r for r in requirements if r.bottom - r.top > 1]
    for _ in range(4 * len(weights) + len(spanning)):
        if sum(min_heights) > height + _TOLERANCE:
            return None
        rows = _distribute(weights, min_heights, height)
        shortfalls = [(r.height - sum(rows[r.top : r.bottom]), r) for r in spanning]
        shortfall, worst = max(shortfalls, key=lambda s: s[0], default=(0.0, None))
        if worst is None or shortfall <= _TOLERANCE:
            return tuple(rows)
        growth = worst.height / sum(rows[worst.top : worst.bottom])
        for row in range(worst.top, worst.bottom):
            min_heights[row] = max(min_heights[row], rows[row] * growth)
    return None


def _distribute(
    weights: Sequence[float], min_heights: Sequence[float], height: float
) -> list[float]:
    """Return row heights in the proportions of `weights`, none below its minimum."""
    fixed: set[int] = set()
    while len(fixed) < len(weights):
        free = [row for row in range(len(weights)) if row not in fixed]
        remaining = height - sum(min_heights[row] for row in fixed)
        unit = remaining / sum(weights[row] for row in free)
        too_low = {row for row in free if weights[row] * unit < min_heights[row]}
        if not too_low:
            return [
                min_heights[row] if row in fixed else weights[row] * unit
                for row in range(len(weights))
            ]
        fixed |= too_low
    return list(min_heights)
