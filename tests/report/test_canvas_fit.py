"""The canvas is fitted before it is written: laws that hold for any text."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from report_samples import ALIGNMENT, IT, answer, everything, many, session_on

from workshop.banks.model import Bank
from workshop.report.canvas_cell import (
    AFTER_ANSWER,
    AFTER_TITLE,
    BULLET_INDENT,
    PADDING_ABOVE,
    PADDING_BELOW,
    PADDING_BESIDE,
    TITLE_LINE,
    TITLE_SIZE,
    line_height,
)
from workshop.report.canvas_fit import SIZES, fit_canvas, table_height
from workshop.report.measure import pieces_of, wrap
from workshop.report.outline import build_outline
from workshop.report.paper import A4
from workshop.session.state import Fold


def fitted(session, events, page=0):
    return fit_canvas(build_outline(session, Fold(events)).pages[page], A4)


def assert_fits(canvas):
    """Work out anew how high each block is, with nothing in reserve, and hold it to its rows."""
    assert sum(canvas.rows) <= table_height(A4) + 0.01
    for block in canvas.blocks:
        area = block.block.area
        width = sum(canvas.columns[area.left : area.right]) - 2 * PADDING_BESIDE
        title = wrap(pieces_of(block.title, bold=True), width / TITLE_SIZE, 99, bold=True)
        height = PADDING_ABOVE + len(title) * TITLE_LINE + AFTER_TITLE + PADDING_BELOW
        text_width = width if block.joined else width - BULLET_INDENT
        for text in block.cut.lines:
            lines = len(wrap(pieces_of(text), text_width / canvas.size, 999))
            height += lines * line_height(canvas.size) + AFTER_ANSWER
        if block.cut.more:
            height += line_height(canvas.size) + AFTER_ANSWER
        assert height <= sum(canvas.rows[area.top : area.bottom])


ANSWERS = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), min_size=1, max_size=400
).filter(lambda t: t.strip())
WORDY = st.lists(st.text("aefilmoW-/,", min_size=1, max_size=40), min_size=1, max_size=60).map(
    " ".join
)


@settings(max_examples=60)
@given(
    st.sampled_from([IT, ALIGNMENT]),
    st.lists(st.tuples(st.integers(0, 45), ANSWERS | WORDY), max_size=80),
    st.integers(1, 8),
)
@example(IT, [(0, "W" * 300)] * 30, 1)
@example(ALIGNMENT, [(0, "日本語" * 100)] * 30, 1)
def test_any_answers_fit_on_one_page(bank, answers, times):
    session = session_on(bank)
    stops = session.stops
    events = [
        answer(n, stops[which % len(stops)], text)
        for n, (which, text) in enumerate(answers * times)
    ]
    for page in build_outline(session, Fold(events)).pages:
        canvas = fit_canvas(page, A4)
        assert canvas.size in SIZES
        assert_fits(canvas)
        for block in canvas.blocks:
            shown = len(block.cut.lines) if not block.joined else None
            if shown is not None and block.block.answers:
                assert shown + block.cut.more == len(block.block.answers)


def test_few_answers_are_printed_whole_and_large():
    session = session_on(IT)
    canvas = fitted(session, [answer(1, session.stops[0], "One answer")])
    assert canvas.size == SIZES[0]
    assert [b.cut.lines for b in canvas.blocks if b.cut.lines] == [("One answer",)]


def test_one_overfull_block_does_not_make_the_others_small():
    session = session_on(IT)
    stop = next(a for a in session.stops if a.startswith("channels"))
    long = "A long answer that goes on and on about one and the same thing, for several lines " * 3
    others = [answer(100 + n, session.stops[n], "Short") for n in range(3)]
    canvas = fitted(session, others + [answer(n, stop, f"{n} {long}") for n in range(30)])
    assert canvas.size == SIZES[0]
    channels = next(b for b in canvas.blocks if b.block.area.block == "channels")
    assert channels.cut.more > 0
    assert all(line.endswith("…") for line in channels.cut.lines)


def test_text_is_cut_between_words_where_that_costs_little():
    session = session_on(IT)
    canvas = fitted(session, many(session, 2000))
    cut = {line for b in canvas.blocks for line in b.cut.lines if line.endswith("…")}
    words = {"Answer", "is", "a", "statement", "of", "an", "ordinary", "length,", "as", "people"}
    words |= {"give", "it"}
    assert cut
    assert all(
        line.removesuffix("…").split()[-1] in words
        for line in cut
        if " · " not in line and len(line.split()) > 3
    )


def test_wide_and_low_context_blocks_join_their_answers():
    session = session_on(IT)
    canvas = fitted(session, everything(session))
    joined = {b.block.title for b in canvas.blocks if b.joined}
    assert joined == {"IT domain", "Business domain"}


def test_a_full_typical_canvas_leaves_no_block_without_text():
    session = session_on(IT)
    canvas = fitted(session, everything(session))
    assert all(b.cut.lines and not b.cut.more for b in canvas.blocks)


@pytest.mark.parametrize(("rows", "columns"), [(40, 1), (1, 40), (7, 8), (60, 1)])
def test_a_grid_too_fine_for_a_page_is_still_one_page(rows, columns):
    blocks = [
        {
            "id": f"b{n}",
            "title": f"A building block with a long title, the number {n}",
            "family": "customer",
            "minutes": 1,
            "purpose": "p",
            "questions": [{"id": "q", "ask": "a?", "help": "h", "example": "e"}],
        }
        for n in range(rows * columns)
    ]
    grid = "\n".join(" ".join(f"b{r * columns + c}" for c in range(columns)) for r in range(rows))
    bank = Bank(id="fine", version=1, title="Fine", language="en", canvas=grid, blocks=blocks)
    session = session_on(bank)
    canvas = fitted(session, [answer(n, s, "text " * 50) for n, s in enumerate(session.stops)])
    assert sum(canvas.rows) <= table_height(A4) + 0.01
    assert len(canvas.blocks) == rows * columns


def test_a_long_title_is_cut_to_one_line():
    canvas = fitted(session_on(IT, title="A very long title " * 40), [])
    assert canvas.title.endswith("…")
    assert len(canvas.title) < 100
