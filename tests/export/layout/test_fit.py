"""Fitting a canvas on its page: laws that hold for any text."""

import re

import pytest
from bank_samples import grid_bank
from hypothesis import example, given, settings
from hypothesis import strategies as st
from report_languages import TONGUES
from report_samples import ALIGNMENT, IT, answer, event, everything, many, session_on

from workshop.export.layout.block import (
    AFTER_ANSWER,
    AFTER_TITLE,
    PADDING_ABOVE,
    PADDING_BELOW,
    PADDING_BESIDE,
    TALL_LEADING,
    TITLE_SIZE,
    USUAL_LEADING,
    bullet_indent,
)
from workshop.export.layout.fit import SIZES, fit_canvas, table_height
from workshop.export.layout.text_width import split_pieces, wrap
from workshop.export.page_size import A4, LETTER
from workshop.session.event_log import EventLog
from workshop.session.events import VoteCast
from workshop.views.outline import build_outline


def fitted(session, events, page=0, page_size=A4):
    return fit_canvas(build_outline(session, EventLog(events)).pages[page], page_size)


def block_called(canvas, name):
    return next(b for b in canvas.blocks if b.block.area.block == name)


def assert_fits(canvas, page_size=A4):
    """Compute the height of each block again, without reserve, and compare it with its rows."""
    assert sum(canvas.rows) <= table_height(page_size) + 0.01
    assert sum(canvas.columns) <= page_size.canvas_width + 0.01
    line = canvas.leading.line(canvas.size)
    for block in canvas.blocks:
        area = block.block.area
        width = sum(canvas.columns[area.left : area.right]) - 2 * PADDING_BESIDE
        title = wrap(split_pieces(block.title, bold=True), width / TITLE_SIZE, 99, bold=True)
        height = PADDING_ABOVE + len(title) * canvas.leading.title + AFTER_TITLE + PADDING_BELOW
        text_width = width if block.joined else width - bullet_indent(canvas.size)
        for text in block.text.lines:
            lines = len(wrap(split_pieces(text), text_width / canvas.size, 999))
            height += lines * line + AFTER_ANSWER
        if block.text.omitted:
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
def test_any_answers_fit_on_one_page(bank, page_size, answers, times, voted):
    session = session_on(bank)
    addresses = session.addresses
    events = [
        answer(n, addresses[which % len(addresses)], text)
        for n, (which, text) in enumerate(answers * times)
    ]
    events += [
        event(9000 + n, VoteCast(answer=events[n].id, dots=n + 1)) for n in voted if n < len(events)
    ]
    for page in build_outline(session, EventLog(events)).pages:
        canvas = fit_canvas(page, page_size)
        assert canvas.size in SIZES
        assert_fits(canvas, page_size)
        for block in canvas.blocks:
            shown = len(block.text.lines) if not block.joined else None
            if shown is not None and block.block.answers:
                assert shown + block.text.omitted == len(block.block.answers)


def test_few_answers_are_printed_whole_and_large():
    session = session_on(IT)
    canvas = fitted(session, [answer(1, session.addresses[0], "One answer")])
    assert canvas.size == SIZES[0]
    assert [b.text.lines for b in canvas.blocks if b.text.lines] == [("One answer",)]


def test_one_overfull_block_does_not_make_the_others_small():
    session = session_on(IT)
    stop = next(a for a in session.addresses if a.startswith("channels"))
    long = "A long answer that goes on and on about one and the same thing, for several lines " * 3
    others = [answer(100 + n, session.addresses[n], "Short") for n in range(3)]
    canvas = fitted(session, others + [answer(n, stop, f"{n} {long}") for n in range(30)])
    assert canvas.size == SIZES[0]
    channels = block_called(canvas, "channels")
    assert channels.text.omitted > 0
    assert all(line.endswith("…") for line in channels.text.lines)


def test_text_is_cut_between_words_where_that_costs_little():
    session = session_on(IT)
    canvas = fitted(session, many(session, 2000))
    cut = {line for b in canvas.blocks for line in b.text.lines if line.endswith("…")}
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
    assert all(b.text.lines and not b.text.omitted for b in canvas.blocks)


GRIDS = [(10, 1, 0), (20, 1, 0), (40, 1, 0), (60, 1, 0), (1, 40, 0), (7, 8, 0), (10, 3, 2)]


@pytest.mark.parametrize(("rows", "columns", "levels"), GRIDS)
@pytest.mark.parametrize("page_size", [A4, LETTER])
def test_every_block_of_any_grid_has_its_title_and_all_answers_or_their_number(
    rows, columns, levels, page_size
):
    session = session_on(grid_bank(rows, columns, levels))
    canvas = fitted(session, many(session, 5 * len(session.addresses)), -1, page_size)
    assert_fits(canvas, page_size)
    assert len(canvas.blocks) == rows * columns * max(levels, 1)
    for block in canvas.blocks:
        assert block.title == block.block.title
        assert block.width > 50
        assert len(block.text.lines) + block.text.omitted == 5
    assert not canvas.crowded


def test_a_grid_that_no_page_holds_is_replaced_by_one_in_reading_order():
    session = session_on(grid_bank(40, 1))
    canvas = fitted(session, [])
    assert canvas.rearranged
    corners = [(b.block.area.top, b.block.area.left) for b in canvas.blocks]
    assert [b.block.area.block for b in canvas.blocks] == [f"b{n}" for n in range(40)]
    assert corners == sorted(corners)
    assert len(canvas.columns) > 3


def test_a_grid_that_a_page_holds_stays_as_its_bank_defines_it():
    session = session_on(grid_bank(7, 8))
    canvas = fitted(session, many(session, 200))
    assert not canvas.rearranged
    assert (len(canvas.rows), len(canvas.columns)) == (7, 8)


def test_models_keep_rows_of_their_own_in_another_grid():
    canvas = fitted(session_on(grid_bank(30, 1, 2)), [], -1)
    assert canvas.rearranged
    first, second = canvas.page.bands
    assert (first.top, first.bottom, second.bottom) == (0, second.top, len(canvas.rows))
    tops = [[b.block.area.top for b in canvas.blocks[k : k + 30]] for k in (0, 30)]
    assert max(tops[0]) < second.top <= min(tops[1])


def test_more_blocks_than_a_page_can_hold_are_titles_and_numbers():
    session = session_on(grid_bank(60, 1, 4, title="A block with a rather long name, {n}"))
    canvas = fitted(session, many(session, 480), -1)
    assert canvas.crowded
    assert sum(canvas.rows) <= table_height(A4) + 0.01
    assert all(b.title.endswith("\u00a0+2") for b in canvas.blocks)
    assert {b.text.omitted for b in canvas.blocks} == {2}


def test_a_long_title_is_cut_to_one_line():
    canvas = fitted(session_on(IT, title="A very long title " * 40), [])
    assert canvas.title.endswith("…")
    assert len(canvas.title) < 100


def test_votes_are_printed_behind_their_answer_even_if_it_is_shortened():
    session = session_on(IT)
    stop = next(a for a in session.addresses if a.startswith("channels"))
    answers = [
        answer(n, stop, f"{n} is a long answer about the same thing again " * 4) for n in range(40)
    ]
    canvas = fitted(session, [*answers, event(99, VoteCast(answer=answers[30].id, dots=12))])
    first = block_called(canvas, "channels").text.lines[0]
    assert first.startswith("30 is a long answer")
    assert first.endswith("…\u00a0●12")


def test_a_block_that_cannot_show_all_answers_shows_some_of_each_question():
    session = session_on(IT)
    addresses = [a for a in session.addresses if a.startswith("key_partners")]
    answers = [
        answer(100 * q + n, stop, f"To {q}, the {n}th")
        for q, stop in enumerate(addresses)
        for n in range(60)
    ]
    block = block_called(fitted(session, answers), "key_partners")
    shown = [int(line[3]) for line in block.text.lines]
    assert block.text.omitted > 300
    assert shown == sorted(shown)
    counts = [shown.count(q) for q in range(len(addresses))]
    assert max(counts) - min(counts) <= 1


def test_full_columns_take_width_from_others_only_if_text_would_be_small():
    session = session_on(IT)
    bank = session.bank.widths
    default = [w / sum(bank) for w in bank]

    def columns(length):
        answers = [
            answer(n, a, session.question(a).example[:length])
            for n, a in enumerate(session.addresses)
        ]
        canvas = fitted(session, answers)
        assert_fits(canvas)
        return canvas.size, [c / sum(canvas.columns) for c in canvas.columns]

    assert columns(40) == (10.0, pytest.approx(default))
    size, moved = columns(70)
    assert size == 9.0
    assert moved != pytest.approx(default)
    assert all(1 / 1.61 < m / n < 1.61 for m, n in zip(moved, default, strict=True))


# ── the typical case: an answer to every question ─────────────────────────────────────────────

WORDS = re.findall(
    r"\w+",
    "the harbour team shares berth data with carriers and the authority each morning so that "
    "arrival times are known two days ahead and cranes are booked before ships wait outside",
)


def statement(number, length):
    """Return a statement of about that many characters; each begins with another word."""
    rotated = WORDS[number % len(WORDS) :] + WORDS[: number % len(WORDS)]
    return " ".join(rotated * 9)[: length + 1].rsplit(" ", 1)[0]


def canvas_with_answers(bank, length, each=1):
    session = session_on(bank)
    count = each * len(session.addresses)
    addresses = session.addresses
    answers = [answer(n, addresses[n % len(addresses)], statement(n, length)) for n in range(count)]
    canvas = fitted(session, answers, -1)
    assert_fits(canvas)
    return canvas


@pytest.mark.parametrize(("length", "size"), [(40, 10.0), (60, 9.0), (100, 8.0), (120, 8.0)])
def test_the_it_canvas_holds_an_answer_to_every_question_as_it_was_given(length, size):
    canvas = canvas_with_answers(IT, length)
    assert canvas.size >= size
    assert all(b.is_whole for b in canvas.blocks)


def test_most_answers_are_whole_even_if_the_it_canvas_cannot_hold_all_of_them():
    canvas = canvas_with_answers(IT, 140)
    cut = sum(line.count("…") for b in canvas.blocks for line in b.text.lines)
    assert cut <= 20
    assert sum(b.text.omitted for b in canvas.blocks) == 0
    assert all(not b.is_whole or b.text.lines for b in canvas.blocks)


@pytest.mark.parametrize(("length", "each", "size"), [(60, 2, 10.0), (100, 2, 9.0), (100, 3, 8.0)])
def test_two_stacked_models_hold_several_answers_to_every_question(length, each, size):
    canvas = canvas_with_answers(ALIGNMENT, length, each)
    assert canvas.size >= size
    assert all(b.is_whole for b in canvas.blocks)


def test_blocks_above_each_other_share_their_height_as_they_need_it():
    session = session_on(IT)
    full = ("key_activities", "channels")
    addresses = [next(a for a in session.addresses if a.startswith(name)) for name in full]
    answers = [
        answer(100 * k + n, s, statement(n, 70)) for k, s in enumerate(addresses) for n in range(9)
    ]
    canvas = fitted(session, answers)
    assert_fits(canvas)
    assert all(b.is_whole for b in canvas.blocks)
    # One is above, the other below: the grid line between them is divided.
    upper, lower = (block_called(canvas, name).block.area for name in full)
    assert sum(canvas.rows[: upper.bottom]) > sum(canvas.rows[: lower.top]) + 50


@pytest.mark.parametrize(
    ("text", "leading"), [("Häfen", USUAL_LEADING), ("港湾", USUAL_LEADING), ("मूल्य", TALL_LEADING)]
)
def test_tall_scripts_get_higher_lines(text, leading):
    session = session_on(IT)
    assert fitted(session, [answer(1, session.addresses[0], text)]).leading == leading
