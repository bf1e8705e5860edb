"""How wide the columns of a canvas are: as its bank draws them, or with some give and take.

Where text would come out small, columns whose blocks are full may take width from others. The
heights are estimates here, which is quick; `canvas_fit` counts the lines afterwards. Lengths are in
points.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby

from workshop.report.canvas_cell import BULLET_INDENT, Cell, Leading, text_width
from workshop.report.outline import CanvasBlock, CanvasPage

_NARROWEST, _WIDEST = 0.8, 1.25
"""How far a column may go from the width that its bank gives it."""
_STEP = 0.04
"""How much width changes hands at a time, as a share of the average column."""
_MOST_STEPS = 60
_HALF_A_WORD = 1.2
"""What a line loses at its end on the average, in ems."""


def columns_of(page: CanvasPage, room: float) -> tuple[float, ...]:
    """Return the widths of the columns as the bank draws them, which together take `room`."""
    unit = room / sum(page.widths)
    return tuple(width * unit for width in page.widths)


@dataclass(frozen=True, slots=True)
class _Load:
    """What a block has to hold."""

    block: CanvasBlock
    joined: bool
    least: float
    widths: tuple[float, ...]
    """Of its answers on one line, in ems."""

    def width(self, columns: Sequence[float]) -> float:
        """Return how wide it is with these columns."""
        return round(sum(columns[self.block.area.left : self.block.area.right]), 2)

    def height(self, width: float, size: float, leading: Leading) -> float:
        """Return about how high it is at that width."""
        ems = (text_width(width) - (0 if self.joined else BULLET_INDENT)) / size - _HALF_A_WORD
        widths = (sum(self.widths),) if self.joined else self.widths
        return self.least + sum(int(w / ems) + 1 for w in widths) * leading.line(size)


def balanced(
    page: CanvasPage,
    columns: tuple[float, ...],
    cells: Sequence[Cell],
    *,
    size: float,
    height: float,
    reach: float,
) -> tuple[float, ...] | None:
    """Return widths with which text of that size is as low as possible, or None.

    None where no width would help: all is well, or there is more than `reach` times too much.
    """
    if any(len(c.answers) < len(c.block.answers) for c in cells):
        return None
    loads = [_Load(c.block, c.joined, c.least, tuple(a.width for a in c.answers)) for c in cells]

    known: dict[tuple[int, float], float] = {}

    def low(widths: Sequence[float]) -> tuple[float, set[int]]:
        heights: list[float] = []
        for number, load in enumerate(loads):
            width = load.width(widths)
            if (number, width) not in known:
                known[number, width] = load.height(width, size, cells[0].leading)
            heights.append(known[number, width])
        return _longest(heights, page)

    total, critical = low(columns)
    if not height < total <= height * reach:
        return None
    found = _descended(page, columns, low, (total, critical))
    return None if found == columns else found


def _descended(
    page: CanvasPage,
    columns: tuple[float, ...],
    low: Callable[[Sequence[float]], tuple[float, set[int]]],
    start: tuple[float, set[int]],
) -> tuple[float, ...]:
    """Move width from one group of columns to another as long as the canvas gets lower."""
    groups = _groups(page)
    step = sum(columns) / len(groups) * _STEP
    (total, critical), current = start, columns
    for _ in range(_MOST_STEPS):
        full = {g for g, group in enumerate(groups) for b in critical if _crosses(page, b, group)}
        tried = [
            (*low(moved), moved)
            for taker in full
            for giver in range(len(groups))
            if giver != taker
            and (moved := _moved(current, columns, groups[taker], groups[giver], step))
        ]
        best = min(tried, key=lambda t: t[0], default=None)
        if best is None or best[0] >= total:
            break
        total, critical, current = best
    return current


def _crosses(page: CanvasPage, block: int, group: Sequence[int]) -> bool:
    area = page.blocks[block].area
    return area.left <= group[0] < area.right


def _moved(
    current: Sequence[float],
    usual: Sequence[float],
    taker: Sequence[int],
    giver: Sequence[int],
    step: float,
) -> tuple[float, ...] | None:
    """Return the columns after `step` has changed hands, or None where that is too far."""
    moved = list(current)
    for group, change in ((taker, step), (giver, -step)):
        whole = sum(current[c] for c in group)
        for column in group:
            moved[column] *= (whole + change) / whole
            if not _NARROWEST <= moved[column] / usual[column] <= _WIDEST:
                return None
    return tuple(moved)


def _groups(page: CanvasPage) -> list[list[int]]:
    """Return the columns that go together because the same block is the narrowest over them."""

    def narrowest(column: int) -> int:
        over = [b for b, k in enumerate(page.blocks) if k.area.left <= column < k.area.right]
        return min(over, key=lambda b: page.blocks[b].area.right - page.blocks[b].area.left)

    return [list(group) for _, group in groupby(range(len(page.widths)), narrowest)]


def _longest(heights: Sequence[float], page: CanvasPage) -> tuple[float, set[int]]:
    """Return how high blocks of these heights are together, and those that make it so."""
    ends = [0.0] * (page.rows + 1)
    last: list[int | None] = [None] * (page.rows + 1)
    for row in range(1, page.rows + 1):
        ends[row] = ends[row - 1]
        for number, block in enumerate(page.blocks):
            if block.area.bottom == row and ends[block.area.top] + heights[number] > ends[row]:
                ends[row], last[row] = ends[block.area.top] + heights[number], number
    critical: set[int] = set()
    row = page.rows
    while row > 0:
        number = last[row]
        if number is None:
            row -= 1
        else:
            critical.add(number)
            row = page.blocks[number].area.top
    return ends[-1], critical
