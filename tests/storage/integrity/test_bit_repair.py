"""Repairing a single flipped bit."""

import pytest
from damage_support import flipped, long_session
from hypothesis import given
from hypothesis import strategies as st

from workshop.session.hash_chain import next_hash
from workshop.storage.integrity.bit_repair import HashBudget, repair_framing, repair_values
from workshop.storage.integrity.page_scanner import EVENT, Pages

PLENTY = HashBudget(1 << 40)
VALUES = (7, "an id", "at", None, "kind of ünï", '{"text": "🥖"}')


def raw_bits(value: object) -> int:
    return 0 if value is None else 7 if isinstance(value, int) else 8 * len(str(value).encode())


@given(data=st.data())
def test_any_flipped_bit_of_any_value_is_repaired(data: st.DataObject) -> None:
    expected = next_hash(b"before", VALUES)
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
        repair_values(
            b"before", damaged, lambda computed: computed == expected, HashBudget(1 << 30)
        )
        == VALUES
    )


@pytest.mark.parametrize("changes", [{1: "an if!"}, {2: "aT", 4: "Kind of ünï"}, {0: 1_000}])
def test_damage_of_more_than_one_bit_is_not_repaired(changes: dict[int, object]) -> None:
    expected = next_hash(b"before", VALUES)
    damaged = [changes.get(n, value) for n, value in enumerate(VALUES)]
    assert (
        repair_values(
            b"before", damaged, lambda computed: computed == expected, HashBudget(1 << 30)
        )
        is None
    )


def test_a_value_beyond_the_budget_is_not_tried_but_a_short_one_is() -> None:
    values = (7, "an id", "x" * 1_000)
    expected = next_hash(b"before", values)
    for allowed, long_is_tried in ((1 << 30, True), (1_000_000, False)):
        long_damaged, short_damaged = (7, "an id", "y" + "x" * 999), (7, "an iD", "x" * 1_000)
        repaired = repair_values(
            b"before", long_damaged, lambda computed: computed == expected, HashBudget(allowed)
        )
        assert repaired == (values if long_is_tried else None)
        repaired = repair_values(
            b"before", short_damaged, lambda computed: computed == expected, HashBudget(allowed)
        )
        assert repaired == values


def test_bytes_that_were_spent_are_gone_from_the_budget() -> None:
    budget = HashBudget(10)
    assert [budget.spend(size) for size in (6, 5, 4, 1)] == [True, False, True, False]


@pytest.mark.parametrize("offset", [*range(12), -1, -16])
@pytest.mark.parametrize("bit", [0, 3, 7])
@pytest.mark.parametrize("which", ["short", "long"])
def test_a_flipped_bit_in_the_framing_of_a_row_is_repaired(
    offset: int, bit: int, which: str
) -> None:
    content = long_session()
    rows = sorted(Pages(content).rows(EVENT), key=lambda row: len(row.spans))
    row = rows[0] if which == "short" else rows[-1]
    position = row.offset + offset if offset >= 0 else row.spans[-1][1] + offset
    pages = Pages(flipped(content, 8 * position + bit))
    before = bytes(pages.content)
    repaired = repair_framing(
        pages, EVENT, row.offset, lambda candidate: candidate.values == row.values, PLENTY
    )
    assert repaired is not None
    assert repaired.values == row.values
    assert pages.content == before


@pytest.mark.parametrize("bit", range(32))
def test_a_flipped_bit_in_a_pointer_to_the_next_page_is_repaired(bit: int) -> None:
    content = long_session()
    row = max(Pages(content).rows(EVENT), key=lambda row: len(row.spans))
    pages = Pages(flipped(content, 8 * (row.spans[0][1] - 4) + bit))
    repaired = repair_framing(
        pages, EVENT, row.offset, lambda candidate: candidate.values == row.values, PLENTY
    )
    assert repaired is not None
