"""How wide the columns of a canvas are: as its bank draws them, or with some give and take.

Where text would come out small, columns whose blocks are full may take width from others. The
heights are estimates here, which is quick; `canvas_fit` counts the lines afterwards. Lengths are in
points.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from workshop.export.layout.block import Cell, Leading, bullet_indent, text_width
from workshop.export.layout.grid_lines import GridLines
from workshop.export.layout.text_width import MAX_LINES, MeasuredText
from workshop.views.outline import CanvasBlock, CanvasPage

_NARROWEST = 80.0
"""No column gets narrower than this by giving width away."""
_STEPS = (0.12, 0.04)
"""How much width changes hands at a time, as shares of the average column: at first, and then."""
_MOST_STEPS = 60
_HALF_A_WORD = 1.0
"""What a line loses at its end on the average, in ems."""
_HALF_A_LINE = 0.5
"""What the last line of an answer lacks on the average."""


_TIMES = 2
"""How often columns are moved: each time the lines are counted, and the estimates corrected."""
_TRIED = 2
"""As many of the neediest columns, and of those that need their width least, are tried."""
_Weigh = Callable[[Sequence[float]], float]


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
    answers: tuple[MeasuredText, ...]
    lines: float = 1.0
    """How many lines it has in truth for each that is estimated."""

    def width(self, columns: Sequence[float]) -> float:
        """Return how wide it is with these columns."""
        return round(sum(columns[self.block.area.left : self.block.area.right]), 2)

    def height(self, width: float, size: float, leading: Leading) -> float:
        """Return about how high it is at that width."""
        lines = self.lines * self._estimated(self._ems(width, size))
        return self.least + lines * leading.line(size)

    def counted(self, width: float, size: float) -> "_Load":
        """Return the same with its lines counted at that width."""
        if self.joined or not self.answers:
            return self
        ems = self._ems(width, size)
        lines = sum(a.lines(ems, MAX_LINES) for a in self.answers)
        return replace(self, lines=lines / self._estimated(ems))

    def _ems(self, width: float, size: float) -> float:
        return (text_width(width) - (0 if self.joined else bullet_indent(size))) / size

    def _estimated(self, ems: float) -> float:
        widths = [a.width for a in self.answers]
        widths = [sum(widths)] if self.joined else widths
        return sum(1 if w <= ems else w / (ems - _HALF_A_WORD) + _HALF_A_LINE for w in widths)


def balanced(
    page: CanvasPage,
    columns: tuple[float, ...],
    cells: Sequence[Cell],
    rules: GridLines,
    *,
    size: float,
    span: float,
) -> tuple[float, ...]:
    """Return widths with which text of that size is as low as possible on a page with those rules.

    `span` is how many times wider than `columns` one may be, or narrower.
    """
    loads = [_Load(c.block, c.joined, c.least, c.answers) for c in cells]
    leading, found = cells[0].leading, columns
    for _ in range(_TIMES):
        loads = [load.counted(load.width(found), size) for load in loads]
        found = _descended(page, columns, found, _weigher(loads, rules, size, leading), span)
    return found


def _weigher(loads: Sequence[_Load], rules: GridLines, size: float, leading: Leading) -> _Weigh:
    """Return what says about how high the canvas is with columns of some widths."""
    known: dict[tuple[int, float], float] = {}

    def weigh(widths: Sequence[float]) -> float:
        heights: list[float] = []
        for number, load in enumerate(loads):
            width = load.width(widths)
            if (number, width) not in known:
                known[number, width] = load.height(width, size, leading)
            heights.append(known[number, width])
        return rules.weighed(heights)

    return weigh


def _descended(
    page: CanvasPage,
    usual: tuple[float, ...],
    start: tuple[float, ...],
    weigh: _Weigh,
    span: float,
) -> tuple[float, ...]:
    """Move width from one group of columns to another as long as the canvas gets lower."""
    groups = _groups(page)
    average = sum(usual) / len(groups)
    least, current = weigh(start), start
    for step in (average * share for share in _STEPS):
        for _ in range(_MOST_STEPS):
            moved = _moved(current, usual, groups, weigh, step=step, span=span)
            total = math.inf if moved is None else weigh(moved)
            if moved is None or total >= least:
                break
            least, current = total, moved
    return current


def _moved(
    current: tuple[float, ...],
    usual: Sequence[float],
    groups: Sequence[Sequence[int]],
    weigh: _Weigh,
    *,
    step: float,
    span: float,
) -> tuple[float, ...] | None:
    """Return the columns after `step` has gone from where it is needed least to where most."""

    def ranked(change: float) -> list[tuple[float, Sequence[int], tuple[float, ...]]]:
        tried = ((group, _changed(current, usual, group, change, span)) for group in groups)
        found = [(weigh(columns), group, columns) for group, columns in tried if columns]
        return sorted(found, key=lambda f: f[0])

    givers = [group for _, group, _ in ranked(-step)]
    tried = [
        moved
        for _, taker, wider in ranked(step)[:_TRIED]
        for giver in [group for group in givers if group != taker][:_TRIED]
        if (moved := _changed(wider, usual, giver, -step, span))
    ]
    return min(tried, key=weigh, default=None)


def _changed(
    current: Sequence[float],
    usual: Sequence[float],
    group: Sequence[int],
    change: float,
    span: float,
) -> tuple[float, ...] | None:
    """Return the columns with `group` wider by `change`, or None where that is too far."""
    changed = list(current)
    whole = sum(current[c] for c in group)
    for column in group:
        changed[column] *= (whole + change) / whole
        if not 1 / span <= changed[column] / usual[column] <= span:
            return None
    return None if change < 0 and whole + change < _NARROWEST else tuple(changed)


def _groups(page: CanvasPage) -> list[list[int]]:
    """Return the columns that go together because the same block is the narrowest over them."""

    def narrowest(column: int) -> int:
        over = [b for b, k in enumerate(page.blocks) if k.area.left <= column < k.area.right]
        return min(over, key=lambda b: page.blocks[b].area.right - page.blocks[b].area.left)

    return [list(group) for _, group in groupby(range(len(page.widths)), narrowest)]
