"""The canvas is fitted before it is written: laws that hold for any text."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from report_languages import TONGUES
from report_samples import ALIGNMENT, IT, answer, event, everything, many, session_on

from workshop.banks.model import Bank
from workshop.report.canvas_cell import (
    AFTER_ANSWER,
    AFTER_TITLE,
    BULLET_INDENT,
    PADDING_ABOVE,
    PADDING_BELOW,
    PADDING_BESIDE,
    TALL,
    TITLE_SIZE,
    USUAL,
)
from workshop.report.canvas_fit import SIZES, fit_canvas, table_height
from workshop.report.measure import pieces_of, wrap
from workshop.report.outline import build_outline
from workshop.report.paper import A4, LETTER
from workshop.session.events import VoteCast
from workshop.session.state import Fold


def fitted(session, events, page=0, paper=A4):
    return fit_canvas(build_outline(session, Fold(events)).pages[page], paper)


def block_called(canvas, name):
    return next(b for b in canvas.blocks if b.block.area.block == name)


def assert_fits(canvas, paper=A4):
    """Work out anew how high each block is, with nothing in reserve, and hold it to its rows."""
    assert sum(canvas.rows) <= table_height(paper) + 0.01
    assert sum(canvas.columns) <= paper.canvas_width + 0.01
    line = canvas.leading.line(canvas.size)
    for block in canvas.blocks:
        area = block.block.area
        width = sum(canvas.columns[area.left : area.right]) - 2 * PADDING_BESIDE
        title = wrap(pieces_of(block.title, bold=True), width / TITLE_SIZE, 99, bold=True)
        height = PADDING_ABOVE + len(title) * canvas.leading.title + AFTER_TITLE + PADDING_BELOW
        text_width = width if block.joined else width - BULLET_INDENT
        for text in block.cut.lines:
            lines = len(wrap(pieces_of(text), text_width / canvas.size, 999))
            height += lines * line + AFTER_ANSWER
        if block.cut.more:
            height += line + AFTER_ANSWER
        assert height <= sum(canvas.rows[area.top : area.bottom])


ANSWERS = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), min_size=1, max_size=400
).filter(lambda t: t.strip())
WORDY = st.lists(st.text("aefilmoW-/,", min_size=1, max_size=40), min_size=1, max_size=60).map(
    " ".join
)

SPOKEN = st.sampled_from([a for tongue in TONGUES.values() for a in tongue.answers]).flatmap(
    lambda text: st.integers(1, 6).map(lambda times: " ".join([text] * times))
)


@settings(max_examples=60)
@given(
    st.sampled_from([IT, ALIGNMENT]),
    st.sampled_from([A4, LETTER]),
    st.lists(st.tuples(st.integers(0, 45), ANSWERS | WORDY | SPOKEN), max_size=80),
    st.integers(1, 8),
    st.sets(st.integers(0, 99), max_size=10),
)
@example(IT, A4, [(0, "W" * 300)] * 30, 1, {3})
@example(ALIGNMENT, LETTER, [(0, "日本語" * 100)] * 30, 1, {3})
def test_any_answers_fit_on_one_page(bank, paper, answers, times, voted):
    session = session_on(bank)
    stops = session.stops
    events = [
        answer(n, stops[which % len(stops)], text)
        for n, (which, text) in enumerate(answers * times)
    ]
    events += [
        event(9000 + n, VoteCast(answer=events[n].id, dots=n + 1)) for n in voted if n < len(events)
    ]
    for page in build_outline(session, Fold(events)).pages:
        canvas = fit_canvas(page, paper)
        assert canvas.size in SIZES
        assert_fits(canvas, paper)
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
    channels = block_called(canvas, "channels")
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


def test_a_vote_is_printed_behind_its_answer_also_where_that_is_cut():
    session = session_on(IT)
    stop = next(a for a in session.stops if a.startswith("channels"))
    said = [
        answer(n, stop, f"{n} is a long answer about the same thing again " * 4) for n in range(40)
    ]
    canvas = fitted(session, [*said, event(99, VoteCast(answer=said[30].id, dots=12))])
    first = block_called(canvas, "channels").cut.lines[0]
    assert first.startswith("30 is a long answer")
    assert first.endswith("…\u00a0●12")


def test_a_block_that_cannot_show_all_shows_some_of_each_question():
    session = session_on(IT)
    stops = [a for a in session.stops if a.startswith("key_partners")]
    said = [
        answer(100 * q + n, stop, f"To {q}, the {n}th")
        for q, stop in enumerate(stops)
        for n in range(60)
    ]
    block = block_called(fitted(session, said), "key_partners")
    shown = [int(line[3]) for line in block.cut.lines]
    assert block.cut.more > 300
    assert shown == sorted(shown)
    counts = [shown.count(q) for q in range(len(stops))]
    assert max(counts) - min(counts) <= 1


def test_full_columns_take_width_from_others_only_where_text_would_be_small():
    session = session_on(IT)
    bank = session.bank.widths
    natural = [w / sum(bank) for w in bank]

    def columns(length):
        said = [
            answer(n, a, session.question(a).example[:length]) for n, a in enumerate(session.stops)
        ]
        canvas = fitted(session, said)
        assert_fits(canvas)
        return canvas.size, [c / sum(canvas.columns) for c in canvas.columns]

    assert columns(40) == (10.0, pytest.approx(natural))
    size, moved = columns(70)
    assert size == 9.0
    assert moved != pytest.approx(natural)
    assert all(0.79 < m / n < 1.26 for m, n in zip(moved, natural, strict=True))


@pytest.mark.parametrize(("text", "leading"), [("Häfen", USUAL), ("港湾", USUAL), ("मूल्य", TALL)])
def test_scripts_with_high_marks_get_higher_lines(text, leading):
    session = session_on(IT)
    assert fitted(session, [answer(1, session.stops[0], text)]).leading == leading
