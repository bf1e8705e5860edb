"""One block of a canvas while it is being fitted: how high its text is, and how to cut it.

The measures of a block (padding, title, lines) are named here and repeated in the base document's
styles; a test holds the two against each other. Lengths are in points.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain, islice, zip_longest

from workshop.export.layout.glyph_widths import LINE_HEIGHT
from workshop.export.layout.row_heights import Demand
from workshop.export.layout.text_width import MAX_LINES, MeasuredText
from workshop.views import labels
from workshop.views.outline import CanvasBlock

TITLE_SIZE = 9.0
PADDING_ABOVE, PADDING_BELOW, PADDING_BESIDE = 3.0, 2.0, 4.5
BULLET_INDENT, SMALL_BULLET_INDENT = 9.0, 6.5
"""How far text stands behind its bullet: in sizes from `COMFORTABLE_SIZE` on, and below."""
COMFORTABLE_SIZE = 9.0
"""Smaller text than this is avoided; where it must be, it is set closer."""
AFTER_ANSWER = AFTER_TITLE = 1.0
RESERVE = 0.05
"""How much of a line's width is not counted on."""
MAX_ANSWER_LENGTH = 10_000
"""More characters of one answer than this are not looked at: no page would hold them."""
_LONGEST_LINE = 1_000
"""As many characters as one line could have."""

_ROW_SLACK = 1.0
"""A row's borders, and what rounding adds."""
_BORDERS = 1.0
_NARROWEST = 2 * BULLET_INDENT
TITLE_LINES = 3
"""As many lines of a block's title are printed."""
_LOW = 3
"""A block whose answers are joined takes no more than one part in so many of the page."""
_CLOSE_ENOUGH = 0.05
_SEPARATOR = " · "


@dataclass(frozen=True, slots=True)
class Leading:
    """How high the lines of a canvas are."""

    share: float
    """Of text, in ems."""
    close: float
    """Of text smaller than `COMFORTABLE_SIZE`, in ems."""
    title: float
    """Of a block's title."""

    def line(self, size: float) -> float:
        """Return the height of a line of text of that size, in whole twentieths of a point."""
        share = self.share if size >= COMFORTABLE_SIZE else self.close
        return round(size * share * 20) / 20


USUAL_LEADING = Leading(LINE_HEIGHT, 1.125, 11.0)
TALL_LEADING = Leading(1.45, 1.45, 13.0)
"""For scripts whose marks reach higher and lower than Latin letters do."""


@dataclass(frozen=True, slots=True)
class BlockText:
    """A block's text as it is printed."""

    lines: tuple[str, ...]
    """Its answers; a block that joins its answers has one line."""
    omitted: int = 0
    """How many answers are left out."""
    is_whole: bool = False
    """Whether nothing is cut or left out."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A block as it is being fitted."""

    block: CanvasBlock
    width: float
    """For text, after padding and reserve."""
    joined: bool
    """Whether its answers are printed as one paragraph, because it is wide and low."""
    leading: Leading
    title: str
    least: float
    """The height of the empty block: padding, title and borders."""
    answers: tuple[MeasuredText, ...]
    """All of them, or as many as a page could show."""
    picks: tuple[int, ...]
    """The places of the answers in the order in which they are shown where room is short."""
    most: float
    """The height that the block can have, beyond which nobody asks how much more it is."""

    def demand(self, height: float) -> Demand:
        """Return the demand for that height over the block's rows."""
        return Demand(self.block.area.top, self.block.area.bottom, height)

    def room(self, rows: Sequence[float]) -> float:
        """Return the height that the block has in those rows."""
        return sum(rows[self.block.area.top : self.block.area.bottom])

    def floor(self, size: float) -> float:
        """Return the height without which the block cannot even say how much it holds."""
        more = self.leading.line(size) + AFTER_ANSWER if self.answers else 0.0
        return self.least + more

    def need(self, size: float, max_lines: int = MAX_LINES) -> float:
        """Return the height of the block with each answer cut to `max_lines` lines.

        Infinite where that is more than the page.
        """
        if len(self.answers) < len(self.block.answers):
            return math.inf
        return self.least + self._height(size, max_lines, self.answers)

    def surely(self, size: float) -> float:
        """Return a height that the block with all its text does not go below. Quick."""
        if len(self.answers) < len(self.block.answers):
            return math.inf
        ems, line = self._ems(size), self.leading.line(size)
        if self.joined:
            # The spaces at which lines break take no room: an em a line is more than that.
            return self.least + sum(a.width for a in self.answers) / (ems + 1) * line
        return self.least + sum(a.at_least(ems) for a in self.answers) * line

    def fit_text(self, size: float, room: float) -> BlockText:
        """Return as much of the block's text as there is room for."""
        room += _CLOSE_ENOUGH
        if self.need(size) <= room:
            texts = self._texts(size, self.answers, [MAX_LINES] * len(self.answers))
            return BlockText(texts, is_whole=True)
        if self.need(size, 1) > room:
            return self._with_more(size, room)
        max_lines = 1
        while self.need(size, max_lines + 1) <= room:
            max_lines += 1
        spare = room - self.need(size, max_lines)
        return BlockText(self._texts(size, self.answers, self._lifted(size, max_lines, spare)))

    def _with_more(self, size: float, room: float) -> BlockText:
        """Return as many answers of one line as have room above the line that counts the rest."""
        spare = room - self.least - self.leading.line(size) - AFTER_ANSWER
        if spare < 0:
            return BlockText(())
        count = self._at_most(size, spare)
        while count and self._height(size, 1, self._picked(count)) > spare:
            count -= 1
        texts = self._texts(size, self._picked(count), [1] * count)
        return BlockText(texts, len(self.block.answers) - count)

    def _picked(self, count: int) -> tuple[MeasuredText, ...]:
        """Return so many of the answers, in their order."""
        return tuple(self.answers[place] for place in sorted(self.picks[:count]))

    def _at_most(self, size: float, height: float) -> int:
        """Return a number of answers of one line that certainly do not fit any better."""
        line = self.leading.line(size)
        if not self.joined:
            return min(int(height / (line + AFTER_ANSWER)), len(self.picks))
        ems = self._ems(size)
        room = int(height / line) * ems
        for count, place in enumerate(self.picks):
            room -= min(self.answers[place].width, ems / 2)
            if room < 0:
                return count
        return len(self.picks)

    def _lifted(self, size: float, max_lines: int, spare: float) -> list[int]:
        """Return the lines for each answer: `max_lines`, and one more for the first as it fits."""
        extra = 0 if self.joined else int(spare / self.leading.line(size))
        ems = self._ems(size)
        clamps: list[int] = []
        for answer in self.answers:
            lift = extra > 0 and answer.lines(ems, max_lines + 1) > max_lines
            clamps.append(max_lines + lift)
            extra -= lift
        return clamps

    def _height(self, size: float, max_lines: int, shown: Sequence[MeasuredText]) -> float:
        """Return how high these answers are, each cut to `max_lines` lines."""
        if not shown:
            return 0.0
        ems, line = self._ems(size), self.leading.line(size)
        after = AFTER_ANSWER * (1 if self.joined else len(shown))
        if self.joined:
            # Half a line each is the least that cutting leaves; most of the time that says it all.
            least = sum(min(a.width, max_lines * ems / 2) for a in shown)
            if least / ems * line > self.most:
                return math.inf
            text = MeasuredText(self._texts(size, shown, [max_lines] * len(shown))[0])
            return text.lines(ems, MAX_LINES) * line + after
        least = sum(min(a.at_least(ems), max_lines) for a in shown)
        if least * line + after > self.most:
            return math.inf
        return sum(a.lines(ems, max_lines) for a in shown) * line + after

    def _texts(
        self, size: float, answers: Sequence[MeasuredText], clamps: Sequence[int]
    ) -> tuple[str, ...]:
        ems = self._ems(size)
        texts = tuple(a.clamp(ems, n) for a, n in zip(answers, clamps, strict=True))
        return (_SEPARATOR.join(texts),) if self.joined and texts else texts

    def _ems(self, size: float) -> float:
        return (self.width - (0 if self.joined else bullet_indent(size))) / size


def bullet_indent(size: float) -> float:
    """Return how far text of that size stands behind its bullet."""
    return BULLET_INDENT if size >= COMFORTABLE_SIZE else SMALL_BULLET_INDENT


def text_width(width: float) -> float:
    """Return how much of a block's width its text may count on."""
    return max((width - 2 * PADDING_BESIDE - _BORDERS) * (1 - RESERVE), _NARROWEST)


def joins_answers(block: CanvasBlock, width: float, share: float) -> bool:
    """Return whether a block `width` wide is low: `share` is the height that it has by habit."""
    one_row = block.area.bottom - block.area.top == 1
    return block.family == "context" and one_row and width > 2.5 * share


def cell_of(
    block: CanvasBlock,
    width: float,
    *,
    joined: bool,
    leading: Leading,
    page: float,
    title_lines: int = TITLE_LINES,
) -> Cell:
    """Return `block` ready to be fitted into a cell `width` wide.

    `page` is the height of the whole table; the title takes no more than `title_lines`.
    """
    inner = text_width(width)
    ems = inner / TITLE_SIZE
    title = MeasuredText(block.title, bold=True).clamp(ems, title_lines)
    lines = MeasuredText(title, bold=True).lines(ems, title_lines)
    height = page / _LOW if joined else page
    most = int(height / USUAL_LEADING.title) * (4 if joined else 1)
    picks = _in_turn(block, most)
    places = tuple(sorted(picks))
    # Of more answers than the page has lines, each gets one line.
    longest = MAX_ANSWER_LENGTH if len(block.answers) <= most else _LONGEST_LINE
    order = {place: number for number, place in enumerate(places)}
    return Cell(
        block=block,
        width=inner,
        joined=joined,
        leading=leading,
        title=title,
        least=PADDING_ABOVE + lines * leading.title + AFTER_TITLE + PADDING_BELOW + _ROW_SLACK,
        answers=tuple(_measured(block, place, longest) for place in places),
        picks=tuple(order[place] for place in picks),
        most=height,
    )


def _in_turn(block: CanvasBlock, most: int) -> list[int]:
    """Return the places of `most` of a block's answers, what is to be shown first coming first.

    Those that were voted for, then one of each question in turn: so a block that holds far more
    than it can show does not speak of its first question alone.
    """
    if not block.questions:
        return list(range(len(block.answers)))[:most]
    voted = [place for place, dots in enumerate(block.dots) if dots]
    others: dict[int, list[int]] = {}
    skipped = set(voted)
    for place, question in enumerate(block.questions):
        if place not in skipped:
            others.setdefault(question, []).append(place)
    turns = zip_longest(*(others[question] for question in sorted(others)))
    in_turn = (place for turn in turns for place in turn if place is not None)
    return list(islice(chain(voted, in_turn), most))


def _measured(block: CanvasBlock, place: int, longest: int) -> MeasuredText:
    answer = block.answers[place]
    tail = labels.dots_mark(block.dots[place]) if block.dots else ""
    return MeasuredText(answer if len(answer) <= longest else answer[:longest] + "…", tail=tail)


def words_of(blocks: Iterable[CanvasBlock]) -> Iterable[str]:
    """Yield everything that may be printed in blocks."""
    for block in blocks:
        yield block.title
        yield from block.answers
