"""The rules of a canvas: in line with each other where they can be, where blocks need them else."""

import pytest
from report_samples import ALIGNMENT, IT, session_on

from workshop.export.layout.grid_lines import (
    MIN_ROW_HEIGHT,
    divided_lines,
    move_grid_lines,
    straight_lines,
)
from workshop.export.layout.row_heights import default_weights
from workshop.session.event_log import EventLog
from workshop.views.outline import build_outline

HEIGHT = 400.0


def page_of(bank, number=0):
    return build_outline(session_on(bank), EventLog([])).pages[number]


def usual(page):
    weights = default_weights(page)
    return tuple(w * HEIGHT / sum(weights) for w in weights)


def needs(page, **given):
    return [given.get(b.area.block, 20.0) for b in page.blocks]


def heights(page, rows):
    """How high each block is, by name; the first of those with the same name."""
    found = {}
    for b in page.blocks:
        found.setdefault(b.area.block, sum(rows[b.area.top : b.area.bottom]))
    return found


def test_a_line_that_no_block_joins_is_several_rules():
    page = page_of(IT)
    # Above and below, and in the middle one for the activities and one for the relationships.
    assert divided_lines(page).lines == (0, 1, 2, 2, 3, 4)
    assert straight_lines(page).lines == (0, 1, 2, 3, 4)


def test_where_models_meet_the_whole_line_is_one_rule():
    page = page_of(ALIGNMENT, -1)
    assert divided_lines(page).lines.count(3) == 1


def test_rules_that_have_room_stay_on_their_lines():
    page = page_of(IT)
    same, rows = move_grid_lines(page, usual(page), needs(page), needs(page))
    assert same.blocks == page.blocks
    assert rows == pytest.approx(usual(page))


def test_rules_leave_their_line_where_one_column_needs_it():
    page = page_of(IT)
    wanted = needs(page, key_activities=190.0, channels=190.0)
    moved, rows = move_grid_lines(page, usual(page), needs(page), wanted)
    found = heights(moved, rows)
    assert all(found[b.area.block] >= n - 0.01 for b, n in zip(page.blocks, wanted, strict=True))
    assert sum(rows) == pytest.approx(HEIGHT)
    assert len(rows) == page.rows + 1
    assert min(rows) >= MIN_ROW_HEIGHT


def test_rules_move_together_where_that_is_enough():
    page = page_of(IT)
    moved, rows = move_grid_lines(page, usual(page), needs(page), needs(page, key_activities=170.0))
    assert len(rows) == page.rows
    assert heights(moved, rows)["customer_relationships"] >= 170.0


def test_what_is_too_much_for_the_page_is_shared_out():
    page = page_of(IT)
    least = needs(page)
    moved, rows = move_grid_lines(page, usual(page), least, [900.0] * len(least))
    assert sum(rows) == pytest.approx(HEIGHT)
    found = heights(moved, rows)
    assert found["key_activities"] == pytest.approx(found["channels"], abs=MIN_ROW_HEIGHT)
    assert min(found.values()) > 80


def test_no_row_is_lower_than_its_cells_padding():
    page = page_of(IT)
    for gap in range(40):
        wanted = needs(page, key_activities=170.0 + gap / 2, channels=170.0)
        _, rows = move_grid_lines(page, usual(page), needs(page), wanted)
        assert min(rows) >= MIN_ROW_HEIGHT
        assert sum(rows) == pytest.approx(HEIGHT)


def test_models_stay_apart_where_rules_move():
    page = page_of(ALIGNMENT, -1)
    wanted = [60.0 if b.area.block in ("key_activities", "channels") else 20.0 for b in page.blocks]
    moved, rows = move_grid_lines(page, usual(page), [20.0] * len(wanted), wanted)
    first, second = moved.bands
    assert (first.top, first.bottom, second.bottom) == (0, second.top, len(rows))
    assert sum(rows[: first.bottom]) == pytest.approx(HEIGHT / 2)
