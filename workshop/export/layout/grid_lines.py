"""The lines between the blocks of a canvas, and how they move where blocks need other heights.

A line of the grid runs across the page. Where no block joins its parts, they are rules of their
own, and a column of blocks can share its height by need: the canvas then has more rows, and blocks
span some of them. Lengths are in points.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from workshop.views.outline import CanvasPage

LOWEST_ROW = 8.0
"""A row below this would be stretched by the padding of the cells that go through it."""
_SOFTNESS = 6.0
"""How much shorter a way down the page may be, in points, and still count among the longest."""
_HALVINGS = 12


@dataclass(frozen=True, slots=True)
class GridLines:
    """The horizontal rules of a canvas, from the top of the page to its bottom."""

    lines: tuple[int, ...]
    """The line of the grid that each rule lies on, in rising order."""
    ends: tuple[tuple[int, int], ...]
    """For each block of the page, the rules above and below it."""
    downwards: tuple[int, ...]
    """The blocks such that each comes behind those that are above it."""

    def reaches(self, heights: Sequence[float]) -> list[float]:
        """Return how far down each rule is at least, where blocks have these heights."""
        reached = [0.0] * len(self.lines)
        for block in self.downwards:
            above, below = self.ends[block]
            reached[below] = max(reached[below], reached[above] + heights[block])
        return reached

    def limits(self, heights: Sequence[float], height: float) -> list[float]:
        """Return how far down each rule is at most on a page of that height."""
        limits = [height] * len(self.lines)
        for block in reversed(self.downwards):
            above, below = self.ends[block]
            limits[above] = min(limits[above], limits[below] - heights[block])
        return limits

    def weighed(self, heights: Sequence[float]) -> float:
        """Return about how high the page is, such that every long way down counts a little."""
        ways: list[list[float]] = [[] for _ in self.lines]
        ends = [0.0] * len(self.lines)
        waiting = iter(self.downwards)
        block = next(waiting, None)
        for rule in range(len(self.lines)):
            ends[rule] = _soft(ways[rule])
            while block is not None and self.ends[block][0] == rule:
                ways[self.ends[block][1]].append(ends[rule] + heights[block])
                block = next(waiting, None)
        return ends[-1]


def _soft(ways: Sequence[float]) -> float:
    """Return the longest of them, and a little more where others are nearly as long."""
    if not ways:
        return 0.0
    most = max(ways)
    return most + _SOFTNESS * math.log(sum(math.exp((w - most) / _SOFTNESS) for w in ways))


def straight_lines(page: CanvasPage) -> GridLines:
    """Return the rules of `page` where each is a whole line of its grid."""
    ends = tuple((b.area.top, b.area.bottom) for b in page.blocks)
    return _rules(range(page.rows + 1), ends)


def loose_lines(page: CanvasPage) -> GridLines:
    """Return the rules of `page`: the parts of its lines that no block joins, from the left.

    Where one model ends and another begins, the whole line is one rule.
    """
    whole = {band.bottom for band in page.bands} | {0, page.rows}
    lines: list[int] = []
    above: dict[int, int] = {}
    below: dict[int, int] = {}
    for line in range(page.rows + 1):
        touching = [
            (b.area.left, b.area.right, number, found)
            for number, b in enumerate(page.blocks)
            for at, found in ((b.area.top, above), (b.area.bottom, below))
            if at == line
        ]
        right = -1
        for left, end, number, found in sorted(touching, key=lambda t: t[:3]):
            if right < 0 or (left >= right and line not in whole):
                lines.append(line)
            right = max(right, end)
            found[number] = len(lines) - 1
    ends = tuple((above[number], below[number]) for number in range(len(page.blocks)))
    return _rules(lines, ends)


def _rules(lines: Sequence[int], ends: tuple[tuple[int, int], ...]) -> GridLines:
    downwards = sorted(range(len(ends)), key=lambda block: ends[block][0])
    return GridLines(tuple(lines), ends, tuple(downwards))


def loosened(
    page: CanvasPage, usual: Sequence[float], least: Sequence[float], needs: Sequence[float]
) -> tuple[CanvasPage, tuple[float, ...]]:
    """Return `page` with rules that give every block its need, and the heights of its rows.

    `usual` are the rows that it has by habit: a rule stays there, or at least in line with others,
    as far as the needs let it. Where they are too much for the page, all blocks get the same share
    of what they want beyond their `least`.
    """
    height = sum(usual)
    rules = loose_lines(page)
    heights = _afforded(rules, least, needs, height)
    places = _places(rules, usual, heights)
    levels = _levels(places, height)
    at = [levels.index(min(levels, key=lambda level: abs(level - place))) for place in places]
    line_at = dict(zip(rules.lines, at, strict=True))
    blocks = tuple(
        replace(block, area=block.area._replace(top=at[above], bottom=at[below]))
        for block, (above, below) in zip(page.blocks, rules.ends, strict=True)
    )
    if any(block.area.top == block.area.bottom for block in blocks):
        return page, tuple(usual)  # two rules have met: there is no room for so many
    bands = tuple(replace(b, top=line_at[b.top], bottom=line_at[b.bottom]) for b in page.bands)
    rows = tuple(low - high for high, low in pairwise(levels))
    return replace(page, rows=len(rows), blocks=blocks, bands=bands), rows


def _afforded(
    rules: GridLines, least: Sequence[float], needs: Sequence[float], height: float
) -> list[float]:
    """Return heights with which the page is no higher than it is."""

    def shares(part: float) -> list[float]:
        return [low + part * max(n - low, 0.0) for low, n in zip(least, needs, strict=True)]

    if rules.reaches(needs)[-1] <= height:
        return list(needs)
    low, high = 0.0, 1.0
    for _ in range(_HALVINGS):
        part = (low + high) / 2
        fits = rules.reaches(shares(part))[-1] <= height
        low, high = (part, high) if fits else (low, part)
    return shares(low)


def _places(rules: GridLines, usual: Sequence[float], heights: Sequence[float]) -> list[float]:
    """Return how far down each rule is: by habit, in line with its neighbours, or by need."""
    height = sum(usual)
    limits = rules.limits(heights, height)
    places = [0.0] * len(rules.lines)
    for line in range(rules.lines[-1] + 1):
        here = [rule for rule, at in enumerate(rules.lines) if at == line]
        habit = sum(usual[:line])
        reached = {
            rule: max(
                (
                    places[above] + heights[block]
                    for block, (above, below) in enumerate(rules.ends)
                    if below == rule
                ),
                default=0.0,
            )
            for rule in here
        }
        high, low = max(reached.values()), min(limits[rule] for rule in here)
        for rule in here:
            if high <= low:
                places[rule] = min(max(habit, high), low)
            else:
                places[rule] = max(min(habit, limits[rule]), reached[rule])
    places[-1] = height
    return places


def _levels(places: Sequence[float], height: float) -> list[float]:
    """Return the places from the top of the page to its bottom, without those close together."""
    levels = [0.0]
    for place in sorted(places):
        if place - levels[-1] >= LOWEST_ROW:
            levels.append(place)
    while len(levels) > 1 and height - levels[-1] < LOWEST_ROW:
        levels.pop()
    return [*levels, height]
