"""The grid lines of a canvas: in line with each other if possible, divided if blocks need it."""

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


def default_rows(page):
    weights = default_weights(page)
    return tuple(w * HEIGHT / sum(weights) for w in weights)


def heights_of(page, **heights):
    return [heights.get(b.area.block, 20.0) for b in page.blocks]


def heights_by_id(page, rows):
    """Return the height of each block by its id; the first one if several have the same id."""
    heights = {}
    for b in page.blocks:
        heights.setdefault(b.area.block, sum(rows[b.area.top : b.area.bottom]))
    return heights


def test_a_grid_line_is_divided_where_no_block_spans_the_gap():
    page = page_of(IT)
    # Above and below, and in the middle one for the activities and one for the relationships.
    assert divided_lines(page).lines == (0, 1, 2, 2, 3, 4)
    assert straight_lines(page).lines == (0, 1, 2, 3, 4)


def test_the_grid_line_between_models_is_not_divided():
    page = page_of(ALIGNMENT, -1)
    assert divided_lines(page).lines.count(3) == 1


def test_grid_lines_stay_where_blocks_have_room():
    page = page_of(IT)
    unchanged, rows = move_grid_lines(page, default_rows(page), heights_of(page), heights_of(page))
    assert unchanged.blocks == page.blocks
    assert rows == pytest.approx(default_rows(page))


def test_segments_leave_their_grid_line_if_one_column_needs_it():
    page = page_of(IT)
    full_heights = heights_of(page, key_activities=190.0, channels=190.0)
    moved, rows = move_grid_lines(page, default_rows(page), heights_of(page), full_heights)
    heights = heights_by_id(moved, rows)
    assert all(
        heights[b.area.block] >= n - 0.01 for b, n in zip(page.blocks, full_heights, strict=True)
    )
    assert sum(rows) == pytest.approx(HEIGHT)
    assert len(rows) == page.rows + 1
    assert min(rows) >= MIN_ROW_HEIGHT


def test_segments_move_together_if_that_is_enough():
    page = page_of(IT)
    moved, rows = move_grid_lines(
        page, default_rows(page), heights_of(page), heights_of(page, key_activities=170.0)
    )
    assert len(rows) == page.rows
    assert heights_by_id(moved, rows)["customer_relationships"] >= 170.0


def test_blocks_share_the_page_if_their_full_heights_exceed_it():
    page = page_of(IT)
    min_heights = heights_of(page)
    moved, rows = move_grid_lines(page, default_rows(page), min_heights, [900.0] * len(min_heights))
    assert sum(rows) == pytest.approx(HEIGHT)
    heights = heights_by_id(moved, rows)
    assert heights["key_activities"] == pytest.approx(heights["channels"], abs=MIN_ROW_HEIGHT)
    assert min(heights.values()) > 80


def test_no_row_is_lower_than_its_cells_padding():
    page = page_of(IT)
    for gap in range(40):
        full_heights = heights_of(page, key_activities=170.0 + gap / 2, channels=170.0)
        _, rows = move_grid_lines(page, default_rows(page), heights_of(page), full_heights)
        assert min(rows) >= MIN_ROW_HEIGHT
        assert sum(rows) == pytest.approx(HEIGHT)


def test_models_stay_apart_when_grid_lines_move():
    page = page_of(ALIGNMENT, -1)
    full_heights = [
        60.0 if b.area.block in ("key_activities", "channels") else 20.0 for b in page.blocks
    ]
    moved, rows = move_grid_lines(
        page, default_rows(page), [20.0] * len(full_heights), full_heights
    )
    first, second = moved.bands
    assert (first.top, first.bottom, second.bottom) == (0, second.top, len(rows))
    assert sum(rows[: first.bottom]) == pytest.approx(HEIGHT / 2)
