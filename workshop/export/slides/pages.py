# pyright: reportPrivateUsage=false, reportUnknownMemberType=false
# python-pptx has no public way to describe a table, or to make it run from right to left.
"""The slides other than the canvases: the title, the summary, and the tables."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pptx.enum.text import PP_ALIGN
from pptx.presentation import Presentation
from pptx.slide import Slide
from pptx.util import Pt

from workshop.export.i18n.languages import language_runs_right_to_left
from workshop.export.layout.block import MAX_ANSWER_LENGTH, RESERVE
from workshop.export.layout.text_width import MeasuredText
from workshop.export.palette import HEADING, INK, QUIET
from workshop.export.slides.base_presentation import BODY, DATE, SUBTITLE, WIDTH, Layout
from workshop.export.slides.text import TextFormat, add_paragraph, fill_placeholder, start_alignment
from workshop.text import shorten
from workshop.views import labels
from workshop.views.outline import Outline

_TITLE_WIDTH, _TEXT_WIDTH = 816.0, 864.0
"""The line widths on the title slide and on the others, as in their layouts."""
_TITLE_SIZES, _SUBTITLE_SIZES = (40.0, 32.0, 26.0, 20.0), (20.0, 16.0)
_SUMMARY_SIZES, _FACT_SIZE = (24.0, 20.0, 16.0), 14.0
_SUMMARY_LINES, _FACT_LINES = 4, 2
"""The most lines of the summary and of each fact, with which everything fits on the slide."""
_MAX_VOTED_ANSWERS = 5
"""The most answers with dots that the summary lists."""
_VOTED_INDENT = 18.0
_MAX_BLOCK_WIDTH = 50
"""The longest title of a block after an answer in the summary, in terminal cells."""
_LINE_HEIGHT = 1.2
"""The height of a line, as a share of the font size."""
_SPACE_AFTER = 0.4
"""The space below a paragraph, as a share of the font size."""
_TABLE_TOP, _TABLE_HEIGHT = 104.0, 400.0
_CELL_SIZE = 14.0
_CELL_MARGIN_X, _CELL_MARGIN_Y = 7.2, 3.6
"""PowerPoint's default margins of a cell."""
_MAX_CELL_LINES = 4
_MAX_TABLE_SLIDES = 4
"""The most slides of one table; the remaining rows are only in the Word report."""


@dataclass(frozen=True, slots=True)
class _FittedText:
    """A text that fits, with its font size and its number of lines."""

    text: str
    size: float
    lines: int


def add_title(deck: Presentation, outline: Outline, language: str) -> None:
    """Add the title slide: the session's title, the canvas and the date."""
    slide = _add_slide(deck, Layout.TITLE)
    title = _fit_text(outline.title, _TITLE_WIDTH, _TITLE_SIZES, 3, bold=True)
    side = start_alignment(language)
    _fill_placeholder(slide, None, [title], language, HEADING, bold=True, align=side)
    names = [outline.canvas] if outline.canvas.casefold() != outline.title.casefold() else []
    names += [outline.subtitle] if outline.subtitle else []
    sized = [_fit_text(name, _TITLE_WIDTH, _SUBTITLE_SIZES, 2) for name in names]
    _fill_placeholder(slide, SUBTITLE, sized, language, QUIET, align=side)
    dates = [_fit_text(fact.text, _TITLE_WIDTH, (_FACT_SIZE,), 1) for fact in outline.facts[:1]]
    _fill_placeholder(slide, DATE, dates, language, QUIET, align=side)


def add_summary(deck: Presentation, outline: Outline, language: str) -> None:
    """Add the slide with the summary, the facts, and the answers with the most dots."""
    slide = _add_slide(deck, Layout.TEXT)
    fill_placeholder(slide, None, [labels.SUMMARY], language)
    _fill_placeholder(
        slide,
        BODY,
        [_fit_text(outline.summary, _TEXT_WIDTH, _SUMMARY_SIZES, _SUMMARY_LINES)],
        language,
        INK,
    )
    facts = [f"{fact.label}: {fact.text}" for fact in outline.facts]
    side = start_alignment(language)
    _fill_placeholder(slide, BODY, [_fact(text) for text in facts], language, QUIET, align=side)
    voted = _most_voted(outline)
    if voted:
        heading = [_fact(labels.MOST_DOTS)]
        _fill_placeholder(slide, BODY, heading, language, HEADING, bold=True, align=side)
        _fill_placeholder(slide, BODY, voted, language, INK, bullet=_VOTED_INDENT)


def _fact(text: str) -> _FittedText:
    return _fit_text(text, _TEXT_WIDTH, (_FACT_SIZE,), _FACT_LINES)


def _most_voted(outline: Outline) -> list[_FittedText]:
    """Return the answers with the most dots, each with its block on one line."""
    voted = [
        (answer, section)
        for section in outline.sections
        for question in section.questions
        for answer in question.answers
        if answer.votes
    ]
    voted.sort(key=lambda pair: -pair[0].votes)
    ems = (_TEXT_WIDTH - _VOTED_INDENT) * (1 - RESERVE) / _FACT_SIZE
    lines: list[_FittedText] = []
    for answer, section in voted[:_MAX_VOTED_ANSWERS]:
        suffix = f"{labels.dots_mark(answer.votes)} — {shorten(section.title, _MAX_BLOCK_WIDTH)}"
        text = MeasuredText(answer.text[:MAX_ANSWER_LENGTH], tail=suffix).clamp(ems, 1)
        lines.append(_FittedText(text, _FACT_SIZE, 1))
    return lines


@dataclass(frozen=True, slots=True)
class TableContent:
    """The title, the columns and the rows of a table."""

    title: str
    headers: tuple[str, ...]
    shares: tuple[float, ...]
    """The relative widths of the columns."""
    rows: Sequence[tuple[str, ...]]


def add_table(deck: Presentation, content: TableContent, language: str) -> None:
    """Add the slides of a table; none if it has no rows."""
    headers, rows = labels.without_empty_columns(content.headers, content.rows)
    columns = zip(content.headers, content.shares, strict=True)
    shares = [share for header, share in columns if header in headers]
    widths = [_TEXT_WIDTH * share / sum(shares) for share in shares]
    pages = list(_pages(rows, widths))
    for number, rows in enumerate(pages, start=1):
        slide = _add_slide(deck, Layout.TABLE)
        page_label = f" ({number} of {len(pages)})" if len(pages) > 1 else ""
        fill_placeholder(slide, None, [f"{content.title}{page_label}"], language)
        _add_rows(
            slide,
            content.title,
            [_FittedRow(tuple(headers), _row_height(1)), *rows],
            widths,
            language,
        )


@dataclass(frozen=True, slots=True)
class _FittedRow:
    """A row of a table whose texts fit its columns."""

    texts: tuple[str, ...]
    height: float
    """In points."""


def _pages(rows: Sequence[Sequence[str]], widths: Sequence[float]) -> Iterator[list[_FittedRow]]:
    """Yield the rows of each slide; the last one may end with the number left out."""
    next_row = 0
    for number in range(1, _MAX_TABLE_SLIDES + 1):
        page: list[_FittedRow] = []
        # One row is reserved for the header, and on the last slide one for the number left out.
        room = _TABLE_HEIGHT - _row_height(1) * (2 if number == _MAX_TABLE_SLIDES else 1)
        while next_row < len(rows):
            row = _fit_row(rows[next_row], widths)
            room -= row.height
            if room < 0:
                break
            page.append(row)
            next_row += 1
        if page and number == _MAX_TABLE_SLIDES and next_row < len(rows):
            suffix = labels.more_in_word_report(len(rows) - next_row)
            page.append(_FittedRow((suffix, *[""] * (len(widths) - 1)), _row_height(1)))
        if page:
            yield page


def _fit_row(texts: Sequence[str], widths: Sequence[float]) -> _FittedRow:
    cells = [
        _fit_text(text, width - 2 * _CELL_MARGIN_X, (_CELL_SIZE,), _MAX_CELL_LINES)
        for text, width in zip(texts, widths, strict=True)
    ]
    return _FittedRow(tuple(c.text for c in cells), _row_height(max(c.lines for c in cells)))


def _row_height(lines: int) -> float:
    return lines * _CELL_SIZE * _LINE_HEIGHT + 2 * _CELL_MARGIN_Y


def _add_rows(
    slide: Slide, title: str, rows: Sequence[_FittedRow], widths: Sequence[float], language: str
) -> None:
    left, height = (WIDTH - _TEXT_WIDTH) / 2, sum(row.height for row in rows)
    frame = slide.shapes.add_table(
        len(rows), len(widths), *map(Pt, (left, _TABLE_TOP, _TEXT_WIDTH, height))
    )
    frame.name = title
    description = f"{title}, a row each: {', '.join(rows[0].texts).lower()}."
    frame._element._nvXxPr.cNvPr.set("descr", description)
    table = frame.table
    for column, width in enumerate(widths):
        table.columns[column].width = Pt(width)
    if language_runs_right_to_left(language):
        table._tbl.get_or_add_tblPr().set("rtl", "1")
    for index, row in enumerate(rows):
        table.rows[index].height = Pt(row.height)
        # The header is in the report's own words; other cells are aligned by their own script.
        align = start_alignment(language) if index == 0 else None
        text_format = TextFormat(_CELL_SIZE, _CELL_SIZE * _LINE_HEIGHT, align=align)
        for column, text in enumerate(row.texts):
            add_paragraph(table.cell(index, column).text_frame, text, language, text_format)


def _fit_text(
    text: str, width: float, sizes: Sequence[float], lines: int, *, bold: bool = False
) -> _FittedText:
    """Return `text` in the first of `sizes` in which it fits `lines`, or shortened in the last."""
    measured = MeasuredText(text[:MAX_ANSWER_LENGTH], bold=bold)
    for size in sizes:
        line_count = measured.line_count(width * (1 - RESERVE) / size, lines + 1)
        if line_count <= lines and len(text) <= MAX_ANSWER_LENGTH:
            return _FittedText(measured.text, size, line_count)
    return _FittedText(measured.clamp(width * (1 - RESERVE) / sizes[-1], lines), sizes[-1], lines)


def _fill_placeholder(
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
        line, after = text.size * _LINE_HEIGHT, text.size * _SPACE_AFTER
        text_format = TextFormat(text.size, line, colour, bold, after, bullet, align)
        fill_placeholder(slide, number, [text.text], language, text_format)
    if not texts:
        fill_placeholder(slide, number, [], language)


def _add_slide(deck: Presentation, layout: Layout) -> Slide:
    return deck.slides.add_slide(deck.slide_layouts[layout])
