"""Putting right a single bit."""

import pytest
from damage_support import flipped, long_session
from hypothesis import given
from hypothesis import strategies as st

from workshop.session.hash_chain import next_hash
from workshop.storage.integrity.bit_repair import HashBudget, repair_framing, repair_values
from workshop.storage.integrity.page_scanner import EVENT, Pages

MUCH = HashBudget(1 << 40)
VALUES = (7, "an id", "at", None, "kind of ünï", '{"text": "🥖"}')


def raw_bits(value: object) -> int:
    return 0 if value is None else 7 if isinstance(value, int) else 8 * len(str(value).encode())


@given(data=st.data())
def test_any_one_bit_of_any_value_is_found(data: st.DataObject) -> None:
    link = next_hash(b"before", VALUES)
    column = data.draw(st.sampled_from([n for n, v in enumerate(VALUES) if v is not None]))
    bit = data.draw(st.integers(0, raw_bits(VALUES[column]) - 1))
    damaged = list(VALUES)
    value = VALUES[column]
    if isinstance(value, int):
        damaged[column] = value ^ 1 << bit
    else:
        raw = flipped(str(value).encode(), bit)
        try:
            damaged[column] = raw.decode()
        except UnicodeDecodeError:
            damaged[column] = raw
    assert (
        repair_values(b"before", damaged, lambda made: made == link, HashBudget(1 << 30)) == VALUES
    )


@pytest.mark.parametrize("changes", [{1: "an if!"}, {2: "aT", 4: "Kind of ünï"}, {0: 1_000}])
def test_more_than_a_bit_is_not_put_right(changes: dict[int, object]) -> None:
    link = next_hash(b"before", VALUES)
    damaged = [changes.get(n, value) for n, value in enumerate(VALUES)]
    assert repair_values(b"before", damaged, lambda made: made == link, HashBudget(1 << 30)) is None


def test_what_would_take_too_long_is_not_tried_but_what_is_short_is() -> None:
    values = (7, "an id", "x" * 1_000)
    link = next_hash(b"before", values)
    for allowed, long_is_tried in ((1 << 30, True), (1_000_000, False)):
        in_the_long, in_the_short = (7, "an id", "y" + "x" * 999), (7, "an iD", "x" * 1_000)
        found = repair_values(
            b"before", in_the_long, lambda made: made == link, HashBudget(allowed)
        )
        assert found == (values if long_is_tried else None)
        found = repair_values(
            b"before", in_the_short, lambda made: made == link, HashBudget(allowed)
        )
        assert found == values


def test_what_was_tried_is_not_to_be_had_again() -> None:
    effort = HashBudget(10)
    assert [effort.allows(size) for size in (6, 5, 4, 1)] == [True, False, True, False]


@pytest.mark.parametrize("offset", [*range(12), -1, -16])
@pytest.mark.parametrize("bit", [0, 3, 7])
@pytest.mark.parametrize("which", ["short", "long"])
def test_a_bit_in_what_frames_a_row_is_put_right(offset: int, bit: int, which: str) -> None:
    content = long_session()
    rows = sorted(Pages(content).rows(EVENT), key=lambda row: len(row.spans))
    row = rows[0] if which == "short" else rows[-1]
    place = row.at + offset if offset >= 0 else row.spans[-1][1] + offset
    pages = Pages(flipped(content, 8 * place + bit))
    before = bytes(pages.content)
    found = repair_framing(pages, EVENT, row.at, lambda found: found.values == row.values, MUCH)
    assert found is not None
    assert found.values == row.values
    assert pages.content == before


@pytest.mark.parametrize("bit", range(32))
def test_a_bit_in_a_pointer_to_where_a_row_goes_on_is_put_right(bit: int) -> None:
    content = long_session()
    row = max(Pages(content).rows(EVENT), key=lambda row: len(row.spans))
    pages = Pages(flipped(content, 8 * (row.spans[0][1] - 4) + bit))
    found = repair_framing(pages, EVENT, row.at, lambda found: found.values == row.values, MUCH)
    assert found is not None
