# pyright: reportPrivateUsage=false, reportUnknownMemberType=false
# python-pptx has no public way to describe a table, or to turn it.
"""The slides around the canvases: the title, the summary, and tables of what was noted."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pptx.enum.text import PP_ALIGN
from pptx.presentation import Presentation
from pptx.slide import Slide
from pptx.util import Pt

from workshop.export.i18n.languages import runs_right_to_left
from workshop.export.layout.block import MAX_ANSWER_LENGTH, RESERVE
from workshop.export.layout.text_width import MeasuredText
from workshop.export.palette import HEADING, INK, QUIET
from workshop.export.slides.base_presentation import BODY, DATE, SUBTITLE, WIDTH, Layout
from workshop.export.slides.text import TextFormat, add_paragraph, fill_placeholder, start_alignment
from workshop.text import shorten
from workshop.views import labels
from workshop.views.outline import Outline

_TITLE_WIDTH, _TEXT_WIDTH = 816.0, 864.0
"""Of the lines on the title slide and on the others, as their layouts have them."""
_TITLE_SIZES, _SUBTITLE_SIZES = (40.0, 32.0, 26.0, 20.0), (20.0, 16.0)
_SUMMARY_SIZES, _FACT_SIZE = (24.0, 20.0, 16.0), 14.0
_SUMMARY_LINES, _FACT_LINES = 4, 2
"""So many, and the whole summary has room on its slide."""
_MOST_VOTED = 5
"""As many of the answers with dots are in the summary."""
_VOTED_INDENT = 18.0
_LONGEST_BLOCK = 50
"""In cells of a terminal."""
_LINE = 1.2
"""The height of a line, as a share of its letters' size."""
_AFTER = 0.4
"""The space below a paragraph, as a share of its letters' size."""
_TABLE_TOP, _TABLE_HEIGHT = 104.0, 400.0
_CELL_SIZE = 14.0
_CELL_BESIDE, _CELL_ABOVE = 7.2, 3.6
"""The margins of a cell, which PowerPoint has by itself."""
_CELL_LINES = 4
_MOST_SLIDES = 4
"""As many slides as one table may take; what is left is in the report."""


@dataclass(frozen=True, slots=True)
class _FittedText:
    """A text that fits, and the size in which it does."""

    text: str
    size: float
    lines: int


def add_title(deck: Presentation, outline: Outline, language: str) -> None:
    """Add the slide that says what the slides are about."""
    slide = _new(deck, Layout.TITLE)
    title = _fit_text(outline.title, _TITLE_WIDTH, _TITLE_SIZES, 3, bold=True)
    side = start_alignment(language)
    _fill(slide, None, [title], language, HEADING, bold=True, align=side)
    names = [outline.canvas] if outline.canvas.casefold() != outline.title.casefold() else []
    names += [outline.subtitle] if outline.subtitle else []
    sized = [_fit_text(name, _TITLE_WIDTH, _SUBTITLE_SIZES, 2) for name in names]
    _fill(slide, SUBTITLE, sized, language, QUIET, align=side)
    dates = [_fit_text(fact.text, _TITLE_WIDTH, (_FACT_SIZE,), 1) for fact in outline.facts[:1]]
    _fill(slide, DATE, dates, language, QUIET, align=side)


def add_summary(deck: Presentation, outline: Outline, language: str) -> None:
    """Add the slide with the paragraph of numbers, the facts, and what got the most dots."""
    slide = _new(deck, Layout.TEXT)
    fill_placeholder(slide, None, [labels.SUMMARY], language)
    _fill(
        slide,
        BODY,
        [_fit_text(outline.summary, _TEXT_WIDTH, _SUMMARY_SIZES, _SUMMARY_LINES)],
        language,
        INK,
    )
    facts = [f"{fact.label}: {fact.text}" for fact in outline.facts]
    side = start_alignment(language)
    _fill(slide, BODY, [_fact(text) for text in facts], language, QUIET, align=side)
    voted = _most_voted(outline)
    if voted:
        most = [_fact(labels.MOST_DOTS)]
        _fill(slide, BODY, most, language, HEADING, bold=True, align=side)
        _fill(slide, BODY, voted, language, INK, bullet=_VOTED_INDENT)


def _fact(text: str) -> _FittedText:
    return _fit_text(text, _TEXT_WIDTH, (_FACT_SIZE,), _FACT_LINES)


def _most_voted(outline: Outline) -> list[_FittedText]:
    """Return the answers with the most dots, each with its block on one line."""
    voted = [
        (answer, section)
        for section in outline.sections
        for question in section.questions
        for answer in question.answers
        if answer.dots
    ]
    voted.sort(key=lambda pair: -pair[0].dots)
    ems = (_TEXT_WIDTH - _VOTED_INDENT) * (1 - RESERVE) / _FACT_SIZE
    lines: list[_FittedText] = []
    for answer, section in voted[:_MOST_VOTED]:
        rest = f"{labels.dots_mark(answer.dots)} — {shorten(section.title, _LONGEST_BLOCK)}"
        text = MeasuredText(answer.text[:MAX_ANSWER_LENGTH], tail=rest).clamp(ems, 1)
        lines.append(_FittedText(text, _FACT_SIZE, 1))
    return lines


@dataclass(frozen=True, slots=True)
class TableContent:
    """What a table of noted things says."""

    title: str
    heads: tuple[str, ...]
    shares: tuple[float, ...]
    """How wide the columns are, in proportion to each other."""
    rows: Sequence[tuple[str, ...]]


def add_table(deck: Presentation, content: TableContent, language: str) -> None:
    """Add the slides with a table, where there is anything in it."""
    heads, told = labels.without_empty_columns(content.heads, content.rows)
    shares = [
        share for head, share in zip(content.heads, content.shares, strict=True) if head in heads
    ]
    widths = [_TEXT_WIDTH * share / sum(shares) for share in shares]
    pages = list(_pages(told, widths))
    for number, rows in enumerate(pages, start=1):
        slide = _new(deck, Layout.TABLE)
        part = f" ({number} of {len(pages)})" if len(pages) > 1 else ""
        fill_placeholder(slide, None, [f"{content.title}{part}"], language)
        _add_rows(
            slide,
            content.title,
            [_FittedRow(tuple(heads), _row_height(1)), *rows],
            widths,
            language,
        )


@dataclass(frozen=True, slots=True)
class _FittedRow:
    """A row of a table that fits its columns."""

    texts: tuple[str, ...]
    height: float
    """In points."""


def _pages(rows: Sequence[Sequence[str]], widths: Sequence[float]) -> Iterator[list[_FittedRow]]:
    """Yield the rows of each slide; the last one may say how many have no room."""
    done = 0
    for number in range(1, _MOST_SLIDES + 1):
        page: list[_FittedRow] = []
        # One row is kept for the heads, and on the last slide one for what is left.
        room = _TABLE_HEIGHT - _row_height(1) * (2 if number == _MOST_SLIDES else 1)
        while done < len(rows):
            row = _fitted(rows[done], widths)
            room -= row.height
            if room < 0:
                break
            page.append(row)
            done += 1
        if page and number == _MOST_SLIDES and done < len(rows):
            rest = labels.more_in_word_report(len(rows) - done)
            page.append(_FittedRow((rest, *[""] * (len(widths) - 1)), _row_height(1)))
        if page:
            yield page


def _fitted(texts: Sequence[str], widths: Sequence[float]) -> _FittedRow:
    cut = [
        _fit_text(text, width - 2 * _CELL_BESIDE, (_CELL_SIZE,), _CELL_LINES)
        for text, width in zip(texts, widths, strict=True)
    ]
    return _FittedRow(tuple(c.text for c in cut), _row_height(max(c.lines for c in cut)))


def _row_height(lines: int) -> float:
    return lines * _CELL_SIZE * _LINE + 2 * _CELL_ABOVE


def _add_rows(
    slide: Slide, title: str, rows: Sequence[_FittedRow], widths: Sequence[float], language: str
) -> None:
    left, height = (WIDTH - _TEXT_WIDTH) / 2, sum(row.height for row in rows)
    frame = slide.shapes.add_table(
        len(rows), len(widths), *map(Pt, (left, _TABLE_TOP, _TEXT_WIDTH, height))
    )
    frame.name = title
    described = f"{title}, a row each: {', '.join(rows[0].texts).lower()}."
    frame._element._nvXxPr.cNvPr.set("descr", described)
    table = frame.table
    for column, width in enumerate(widths):
        table.columns[column].width = Pt(width)
    if runs_right_to_left(language):
        table._tbl.get_or_add_tblPr().set("rtl", "1")
    for place, row in enumerate(rows):
        table.rows[place].height = Pt(row.height)
        # Heads are our own words; what is below them stands on the side where its text begins.
        look = TextFormat(
            _CELL_SIZE, _CELL_SIZE * _LINE, align=start_alignment(language) if place == 0 else None
        )
        for column, text in enumerate(row.texts):
            add_paragraph(table.cell(place, column).text_frame, text, language, look)


def _fit_text(
    text: str, width: float, sizes: Sequence[float], lines: int, *, bold: bool = False
) -> _FittedText:
    """Return `text` in the first of `sizes` in which it takes no more lines, or cut in the last."""
    measured = MeasuredText(text[:MAX_ANSWER_LENGTH], bold=bold)
    for size in sizes:
        taken = measured.line_count(width * (1 - RESERVE) / size, lines + 1)
        if taken <= lines and len(text) <= MAX_ANSWER_LENGTH:
            return _FittedText(measured.text, size, taken)
    return _FittedText(measured.clamp(width * (1 - RESERVE) / sizes[-1], lines), sizes[-1], lines)


def _fill(
    slide: Slide,
    number: int | None,
    texts: Sequence[_FittedText],
    language: str,
    colour: str,
    *,
    bold: bool = False,
    bullet: float | None = None,
    align: PP_ALIGN | None = None,
) -> None:
    for text in texts:
        line, after = text.size * _LINE, text.size * _AFTER
        look = TextFormat(text.size, line, colour, bold, after, bullet, align)
        fill_placeholder(slide, number, [text.text], language, look)
    if not texts:
        fill_placeholder(slide, number, [], language)


def _new(deck: Presentation, layout: Layout) -> Slide:
    return deck.slides.add_slide(deck.slide_layouts[layout])
