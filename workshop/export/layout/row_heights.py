"""How high the rows of a canvas are: the page shared out by habit, and by need where that is more.

Lengths are in points.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from workshop.views.outline import CanvasPage

_WIDE_CONTEXT, _FINANCE = 0.5, 0.65
_CLOSE_ENOUGH = 0.01


@dataclass(frozen=True, slots=True)
class Demand:
    """What one block needs: `height` over the rows from `top` to before `bottom`."""

    top: int
    bottom: int
    height: float


def default_weights(page: CanvasPage) -> tuple[float, ...]:
    """Return how high the rows are in proportion to each other while nothing is in them.

    Rows of context or finance blocks are lower than the others, as on the printed canvases.
    """
    weights: list[float] = []
    for row in range(page.rows):
        families = {b.family for b in page.blocks if (b.area.top, b.area.bottom) == (row, row + 1)}
        if families == {"context"}:
            weights.append(_WIDE_CONTEXT)
        else:
            weights.append(_FINANCE if families and families <= {"context", "finance"} else 1.0)
    return tuple(weights)


def shared(
    weights: Sequence[float], demands: Sequence[Demand], height: float
) -> tuple[float, ...] | None:
    """Return heights of rows that add up to `height` and meet all demands, or None.

    Rows keep the proportions of `weights` as far as the demands let them.
    """
    least = [0.0] * len(weights)
    for demand in demands:
        if demand.bottom - demand.top == 1:
            least[demand.top] = max(least[demand.top], demand.height)
    spanning = [d for d in demands if d.bottom - d.top > 1]
    for _ in range(4 * len(weights) + len(spanning)):
        if sum(least) > height + _CLOSE_ENOUGH:
            return None
        rows = _filled(weights, least, height)
        short = [(d.height - sum(rows[d.top : d.bottom]), d) for d in spanning]
        missing, worst = max(short, key=lambda s: s[0], default=(0.0, None))
        if worst is None or missing <= _CLOSE_ENOUGH:
            return tuple(rows)
        growth = worst.height / sum(rows[worst.top : worst.bottom])
        for row in range(worst.top, worst.bottom):
            least[row] = max(least[row], rows[row] * growth)
    return None


def _filled(weights: Sequence[float], least: Sequence[float], height: float) -> list[float]:
    """Return rows in the proportions of `weights`, but none lower than its `least`."""
    held: set[int] = set()
    while len(held) < len(weights):
        free = [row for row in range(len(weights)) if row not in held]
        room = height - sum(least[row] for row in held)
        unit = room / sum(weights[row] for row in free)
        low = {row for row in free if weights[row] * unit < least[row]}
        if not low:
            return [
                least[row] if row in held else weights[row] * unit for row in range(len(weights))
            ]
        held |= low
    return list(least)
