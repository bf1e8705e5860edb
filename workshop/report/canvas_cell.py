"""One block of a canvas while it is being fitted: how high its text is, and how to cut it.

The measures of a block (padding, title, lines) are named here and repeated in the base document's
styles; a test holds the two against each other. Lengths are in points.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from workshop.report.glyph_widths import LINE_HEIGHT
from workshop.report.measure import MOST_LINES, MeasuredText
from workshop.report.outline import CanvasBlock
from workshop.report.rows import Demand

TITLE_SIZE, TITLE_LINE = 9.0, 11.0
PADDING_ABOVE, PADDING_BELOW, PADDING_BESIDE = 3.0, 2.0, 4.5
BULLET_INDENT = 8.0
AFTER_ANSWER = AFTER_TITLE = 1.0
RESERVE = 0.05
"""How much of a line's width is not counted on."""
LONGEST = 10_000
"""More characters of one answer than this are not looked at: no page would hold them."""
_LONGEST_LINE = 1_000
"""As many characters as one line could have."""

_ROW_SLACK = 1.0
"""A row's borders, and what rounding adds."""
_BORDERS = 1.0
_NARROWEST = 2 * BULLET_INDENT
_TITLE_LINES = 3
_CLOSE_ENOUGH = 0.05
_SEPARATOR = " · "


def line_height(size: float) -> float:
    """Return the height of a line of text of that size, in whole twentieths of a point."""
    return round(size * LINE_HEIGHT * 20) / 20


@dataclass(frozen=True, slots=True)
class Cut:
    """A block's text as it is printed."""

    lines: tuple[str, ...]
    """Its answers; a block that joins its answers has one line."""
    more: int = 0
    """How many answers are left out."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A block as it is being fitted."""

    block: CanvasBlock
    width: float
    """For text, after padding and reserve."""
    joined: bool
    """Whether its answers are printed as one paragraph, because it is wide and low."""
    title: str
    least: float
    """The height of the empty block: padding, title and borders."""
    answers: tuple[MeasuredText, ...]
    """As many as a page could show."""
    page: float
    """The height of the whole table, beyond which nobody asks how much more it is."""

    def demand(self, height: float) -> Demand:
        """Return the demand for that height over the block's rows."""
        return Demand(self.block.area.top, self.block.area.bottom, height)

    def room(self, rows: Sequence[float]) -> float:
        """Return the height that the block has in those rows."""
        return sum(rows[self.block.area.top : self.block.area.bottom])

    def need(self, size: float, clamp: int = MOST_LINES) -> float:
        """Return the height of the block with each answer cut to `clamp` lines.

        Infinite where that is more than the page.
        """
        if len(self.answers) < len(self.block.answers):
            return math.inf
        return self.least + self._height(size, clamp, len(self.answers))

    def cut(self, size: float, room: float) -> Cut:
        """Return as much of the block's text as there is room for."""
        room += _CLOSE_ENOUGH
        if self.need(size) <= room:
            return Cut(self._texts(size, [MOST_LINES] * len(self.answers)))
        if self.need(size, 1) > room:
            return self._with_more(size, room)
        clamp = 1
        while self.need(size, clamp + 1) <= room:
            clamp += 1
        return Cut(self._texts(size, self._lifted(size, clamp, room - self.need(size, clamp))))

    def _with_more(self, size: float, room: float) -> Cut:
        """Return as many answers of one line as have room above the line that counts the rest."""
        spare = room - self.least - line_height(size) - AFTER_ANSWER
        if spare < 0:
            return Cut(())
        count = self._at_most(size, spare)
        while count and self._height(size, 1, count) > spare:
            count -= 1
        return Cut(self._texts(size, [1] * count), len(self.block.answers) - count)

    def _at_most(self, size: float, height: float) -> int:
        """Return a number of answers of one line that certainly do not fit any better."""
        if not self.joined:
            return min(int(height / (line_height(size) + AFTER_ANSWER)), len(self.answers))
        ems = self._ems(size)
        room = int(height / line_height(size)) * ems
        for count, answer in enumerate(self.answers):
            room -= min(answer.width, ems / 2)
            if room < 0:
                return count
        return len(self.answers)

    def _lifted(self, size: float, clamp: int, spare: float) -> list[int]:
        """Return the lines for each answer: `clamp`, and one more for the first as it fits."""
        extra = 0 if self.joined else int(spare / line_height(size))
        ems = self._ems(size)
        clamps: list[int] = []
        for answer in self.answers:
            lift = extra > 0 and answer.lines(ems, clamp + 1) > clamp
            clamps.append(clamp + lift)
            extra -= lift
        return clamps

    def _height(self, size: float, clamp: int, count: int) -> float:
        """Return how high the first `count` answers are, each cut to `clamp` lines."""
        if not count:
            return 0.0
        ems, line = self._ems(size), line_height(size)
        after = AFTER_ANSWER * (1 if self.joined else count)
        shown = self.answers[:count]
        if self.joined:
            # Half a line each is the least that cutting leaves; most of the time that says it all.
            least = sum(min(a.width, clamp * ems / 2) for a in shown)
            if least / ems * line > self.page:
                return math.inf
            text = MeasuredText(self._texts(size, [clamp] * count)[0])
            return text.lines(ems, MOST_LINES) * line + after
        least = sum(min(a.at_least(ems), clamp) for a in shown)
        if least * line + after > self.page:
            return math.inf
        return sum(a.lines(ems, clamp) for a in shown) * line + after

    def _texts(self, size: float, clamps: Sequence[int]) -> tuple[str, ...]:
        ems = self._ems(size)
        texts = tuple(a.clamped(ems, n) for a, n in zip(self.answers, clamps, strict=False))
        return (_SEPARATOR.join(texts),) if self.joined and texts else texts

    def _ems(self, size: float) -> float:
        return (self.width - (0 if self.joined else BULLET_INDENT)) / size


def cell_of(block: CanvasBlock, width: float, share: float, page: float) -> Cell:
    """Return `block` ready to be fitted into a cell `width` wide.

    `share` is the height that it would have by habit, `page` that of the whole table.
    """
    inner = max((width - 2 * PADDING_BESIDE - _BORDERS) * (1 - RESERVE), _NARROWEST)
    ems = inner / TITLE_SIZE
    title = MeasuredText(block.title, bold=True).clamped(ems, _TITLE_LINES)
    lines = MeasuredText(title, bold=True).lines(ems, _TITLE_LINES)
    low = (
        block.family == "context"
        and block.area.bottom - block.area.top == 1
        and width > 2.5 * share
    )
    most = int(page / TITLE_LINE) * (4 if low else 1)
    # Of more answers than the page has lines, each gets one line.
    longest = LONGEST if len(block.answers) <= most else _LONGEST_LINE
    return Cell(
        block=block,
        width=inner,
        joined=low,
        title=title,
        least=PADDING_ABOVE + lines * TITLE_LINE + AFTER_TITLE + PADDING_BELOW + _ROW_SLACK,
        answers=tuple(_measured(a, longest) for a in block.answers[:most]),
        page=page,
    )


def _measured(answer: str, longest: int) -> MeasuredText:
    return MeasuredText(answer if len(answer) <= longest else answer[:longest] + "…")
