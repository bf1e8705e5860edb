"""Measuring one block of a canvas while it is fitted: how high its text is, and how to shorten it.

The measures of a block (padding, title, lines) are defined here and repeated in the styles of the
base document; a test compares the two. Lengths are in points.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain, islice, zip_longest

from workshop.export.layout.glyph_widths import LINE_HEIGHT
from workshop.export.layout.row_heights import HeightRequirement
from workshop.export.layout.text_width import MAX_LINES, MeasuredText
from workshop.views import labels
from workshop.views.outline import CanvasBlock

TITLE_SIZE = 9.0
PADDING_ABOVE, PADDING_BELOW, PADDING_BESIDE = 3.0, 2.0, 4.5
BULLET_INDENT, SMALL_BULLET_INDENT = 9.0, 6.5
"""The indent of text behind its bullet: from `COMFORTABLE_SIZE` on, and in smaller sizes."""
COMFORTABLE_SIZE = 9.0
"""Smaller text than this is avoided; if it cannot be, its lines are set closer."""
AFTER_ANSWER = AFTER_TITLE = 1.0
RESERVE = 0.05
"""The share of a line's width that is kept in reserve."""
MAX_ANSWER_LENGTH = 10_000
"""The most characters of one answer that are measured: no page would hold more."""
_MAX_LINE_LENGTH = 1_000
"""The most characters that one line could have."""

_ROW_SLACK = 1.0
"""The borders of a row, and what rounding adds."""
_BORDERS = 1.0
_MIN_TEXT_WIDTH = 2 * BULLET_INDENT
MAX_TITLE_LINES = 3
"""The most lines of a block's title that are printed."""
_JOINED_HEIGHT_DIVISOR = 3
"""A block whose answers are joined is at most the page's height divided by this."""
_TOLERANCE = 0.05
_SEPARATOR = " · "


@dataclass(frozen=True, slots=True)
class Leading:
    """The heights of the lines of a canvas."""

    ratio: float
    """The line height of text, in ems."""
    tight_ratio: float
    """The line height of text smaller than `COMFORTABLE_SIZE`, in ems."""
    title: float
    """The line height of a block's title, in points."""

    def line(self, size: float) -> float:
        """Return the height of a line of text of that size, in whole twentieths of a point."""
        ratio = self.ratio if size >= COMFORTABLE_SIZE else self.tight_ratio
        return round(size * ratio * 20) / 20


USUAL_LEADING = Leading(LINE_HEIGHT, 1.125, 11.0)
TALL_LEADING = Leading(1.45, 1.45, 13.0)
"""For scripts whose letters and combining marks reach higher or lower than Latin letters."""


@dataclass(frozen=True, slots=True)
class BlockText:
    """A block's text as it is printed."""

    lines: tuple[str, ...]
    """One string for each answer, or a single one if the block joins its answers."""
    omitted: int = 0
    """The number of answers that are left out."""
    is_whole: bool = False
    """Whether nothing is shortened or left out."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A block with the measures that are needed to fit it."""

    block: CanvasBlock
    width: float
    """The width for text, without padding and reserve."""
    joined: bool
    """Whether the answers are printed as one paragraph, because the block is wide and low."""
    leading: Leading
    title: str
    empty_height: float
    """The height of the empty block: padding, title and borders."""
    answers: tuple[MeasuredText, ...]
    """All answers, or as many as a page could show."""
    display_order: tuple[int, ...]
    """The indices of the answers in the order in which they are shown if not all have room."""
    max_height: float
    """The most height that the block can have; text that is higher counts as infinitely high."""

    def requirement(self, height: float) -> HeightRequirement:
        """Return the requirement that the block's rows together have that height."""
        return HeightRequirement(self.block.area.top, self.block.area.bottom, height)

    def height_in(self, rows: Sequence[float]) -> float:
        """Return the height that the block has in rows of those heights."""
        return sum(rows[self.block.area.top : self.block.area.bottom])

    def collapsed_height(self, size: float) -> float:
        """Return the height that the title takes, with one line that counts the answers, if any."""
        count_line = self.leading.line(size) + AFTER_ANSWER if self.answers else 0.0
        return self.empty_height + count_line

    def full_height(self, size: float, max_lines: int = MAX_LINES) -> float:
        """Return the height of the block with each answer clamped to `max_lines` lines.

        The height is infinite if it is more than the page's.
        """
        if len(self.answers) < len(self.block.answers):
            return math.inf
        return self.empty_height + self._answers_height(size, max_lines, self.answers)

    def min_full_height(self, size: float) -> float:
        """Return a lower bound of `full_height` with whole answers, without breaking lines."""
        if len(self.answers) < len(self.block.answers):
            return math.inf
        ems, line = self._ems(size), self.leading.line(size)
        if self.joined:
            # The spaces at which lines break take no room: an em a line is more than that.
            return self.empty_height + sum(a.width for a in self.answers) / (ems + 1) * line
        return self.empty_height + sum(a.min_line_count(ems) for a in self.answers) * line

    def fit_text(self, size: float, height: float) -> BlockText:
        """Return as much of the block's text as fits in a block of that height."""
        height += _TOLERANCE
        if self.full_height(size) <= height:
            texts = self._printed_texts(size, self.answers, [MAX_LINES] * len(self.answers))
            return BlockText(texts, is_whole=True)
        if self.full_height(size, 1) > height:
            return self._fit_first_lines(size, height)
        max_lines = 1
        while self.full_height(size, max_lines + 1) <= height:
            max_lines += 1
        spare = height - self.full_height(size, max_lines)
        line_limits = self._line_limits(size, max_lines, spare)
        return BlockText(self._printed_texts(size, self.answers, line_limits))

    def _fit_first_lines(self, size: float, height: float) -> BlockText:
        """Return as many answers of one line as fit above the line that counts the others."""
        spare = height - self.empty_height - self.leading.line(size) - AFTER_ANSWER
        if spare < 0:
            return BlockText(())
        count = self._max_answer_count(size, spare)
        while count and self._answers_height(size, 1, self._first_answers(count)) > spare:
            count -= 1
        texts = self._printed_texts(size, self._first_answers(count), [1] * count)
        return BlockText(texts, len(self.block.answers) - count)

    def _first_answers(self, count: int) -> tuple[MeasuredText, ...]:
        """Return the first `count` answers of the display order, in the order of the answers."""
        return tuple(self.answers[index] for index in sorted(self.display_order[:count]))

    def _max_answer_count(self, size: float, height: float) -> int:
        """Return an upper bound of the number of answers of one line that fit."""
        line = self.leading.line(size)
        if not self.joined:
            return min(int(height / (line + AFTER_ANSWER)), len(self.display_order))
        ems = self._ems(size)
        remaining = int(height / line) * ems
        for count, index in enumerate(self.display_order):
            remaining -= min(self.answers[index].width, ems / 2)
            if remaining < 0:
                return count
        return len(self.display_order)

    def _line_limits(self, size: float, max_lines: int, spare: float) -> list[int]:
        """Return the most lines of each answer: `max_lines`, plus one for as many as fit."""
        extra = 0 if self.joined else int(spare / self.leading.line(size))
        ems = self._ems(size)
        limits: list[int] = []
        for answer in self.answers:
            gets_extra = extra > 0 and answer.line_count(ems, max_lines + 1) > max_lines
            limits.append(max_lines + gets_extra)
            extra -= gets_extra
        return limits

    def _answers_height(
        self, size: float, max_lines: int, answers: Sequence[MeasuredText]
    ) -> float:
        """Return the height of these answers, each clamped to `max_lines` lines."""
        if not answers:
            return 0.0
        ems, line = self._ems(size), self.leading.line(size)
        after = AFTER_ANSWER * (1 if self.joined else len(answers))
        if self.joined:
            # Clamping leaves at least half a line of each answer, which mostly decides already.
            min_width = sum(min(a.width, max_lines * ems / 2) for a in answers)
            if min_width / ems * line > self.max_height:
                return math.inf
            joined = self._printed_texts(size, answers, [max_lines] * len(answers))[0]
            return MeasuredText(joined).line_count(ems, MAX_LINES) * line + after
        min_lines = sum(min(a.min_line_count(ems), max_lines) for a in answers)
        if min_lines * line + after > self.max_height:
            return math.inf
        return sum(a.line_count(ems, max_lines) for a in answers) * line + after

    def _printed_texts(
        self, size: float, answers: Sequence[MeasuredText], line_limits: Sequence[int]
    ) -> tuple[str, ...]:
        ems = self._ems(size)
        texts = tuple(a.clamp(ems, limit) for a, limit in zip(answers, line_limits, strict=True))
        return (_SEPARATOR.join(texts),) if self.joined and texts else texts

    def _ems(self, size: float) -> float:
        return (self.width - (0 if self.joined else bullet_indent(size))) / size


def bullet_indent(size: float) -> float:
    """Return the indent of text of that size behind its bullet."""
    return BULLET_INDENT if size >= COMFORTABLE_SIZE else SMALL_BULLET_INDENT


def text_width(width: float) -> float:
    """Return the width for text in a block that is `width` wide."""
    return max((width - 2 * PADDING_BESIDE - _BORDERS) * (1 - RESERVE), _MIN_TEXT_WIDTH)


def joins_answers(block: CanvasBlock, width: float, default_height: float) -> bool:
    """Return whether a block prints its answers as one paragraph, because it is wide and low."""
    has_one_row = block.area.bottom - block.area.top == 1
    return block.family == "context" and has_one_row and width > 2.5 * default_height


def measure_block(
    block: CanvasBlock,
    width: float,
    *,
    joined: bool,
    leading: Leading,
    page_height: float,
    max_title_lines: int = MAX_TITLE_LINES,
) -> Cell:
    """Return the measures of `block` in a cell that is `width` wide.

    `page_height` is the height of the whole canvas; the title takes at most `max_title_lines`.
    """
    inner = text_width(width)
    ems = inner / TITLE_SIZE
    title = MeasuredText(block.title, bold=True).clamp(ems, max_title_lines)
    title_lines = MeasuredText(title, bold=True).line_count(ems, max_title_lines)
    max_height = page_height / _JOINED_HEIGHT_DIVISOR if joined else page_height
    max_count = int(max_height / USUAL_LEADING.title) * (4 if joined else 1)
    display_order = _choose_answers(block, max_count)
    chosen = tuple(sorted(display_order))
    # If there are more answers than the page has lines, each gets one line.
    max_length = MAX_ANSWER_LENGTH if len(block.answers) <= max_count else _MAX_LINE_LENGTH
    index_in_chosen = {answer: index for index, answer in enumerate(chosen)}
    return Cell(
        block=block,
        width=inner,
        joined=joined,
        leading=leading,
        title=title,
        empty_height=(
            PADDING_ABOVE + title_lines * leading.title + AFTER_TITLE + PADDING_BELOW + _ROW_SLACK
        ),
        answers=tuple(_measure_answer(block, answer, max_length) for answer in chosen),
        display_order=tuple(index_in_chosen[answer] for answer in display_order),
        max_height=max_height,
    )


def _choose_answers(block: CanvasBlock, max_count: int) -> list[int]:
    """Return the indices of at most `max_count` answers, in order of priority.

    Answers with votes come first, and then one of each question, repeatedly, so that a block with
    far more answers than it can show does not show those to its first question alone.
    """
    if not block.questions:
        return list(range(len(block.answers)))[:max_count]
    voted = [index for index, votes in enumerate(block.votes) if votes]
    by_question: dict[int, list[int]] = {}
    with_votes = set(voted)
    for index, question in enumerate(block.questions):
        if index not in with_votes:
            by_question.setdefault(question, []).append(index)
    rounds = zip_longest(*(by_question[question] for question in sorted(by_question)))
    in_turn = (index for indices in rounds for index in indices if index is not None)
    return list(islice(chain(voted, in_turn), max_count))


def _measure_answer(block: CanvasBlock, index: int, max_length: int) -> MeasuredText:
    answer = block.answers[index]
    tail = labels.dots_mark(block.votes[index]) if block.votes else ""
    shortened = answer if len(answer) <= max_length else answer[:max_length] + "…"
    return MeasuredText(shortened, tail=tail)


def printed_texts(blocks: Iterable[CanvasBlock]) -> Iterable[str]:
    """Yield all titles and answers that may be printed in blocks."""
    for block in blocks:
        yield block.title
        yield from block.answers
