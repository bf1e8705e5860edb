"""The chain over a session's events."""

import hashlib

from hypothesis import assume, given
from hypothesis import strategies as st

from workshop.session.hash_chain import HASH_LENGTH, first_hash, next_event_hash, next_hash

ROW = st.lists(st.one_of(st.text(), st.integers(), st.none()), min_size=1, max_size=6)


@given(row=ROW)
def test_a_hash_is_deterministic_and_short(row: list[object]) -> None:
    assert next_hash(b"x", row) == next_hash(b"x", row)
    assert len(first_hash(row)) == HASH_LENGTH


@given(row=ROW, place=st.integers(0, 5), value=st.text(min_size=1))
def test_another_value_gives_another_hash(row: list[object], place: int, value: str) -> None:
    place %= len(row)
    other = [*row[:place], f"{row[place]}{value}", *row[place + 1 :]]
    assert next_hash(b"x", row) != next_hash(b"x", other)


@given(row=ROW)
def test_another_hash_before_gives_another_hash(row: list[object]) -> None:
    assert next_hash(b"x", row) != next_hash(b"y", row)


TEXT = st.text() | st.text("09:az")


@given(counter=st.integers(), texts=st.tuples(*[TEXT] * 5))
def test_an_event_without_seat_and_batch_has_the_hash_of_its_other_columns(
    counter: int, texts: tuple[str, str, str, str, str]
) -> None:
    columns = (counter, *texts)
    assert next_event_hash(b"\xffx", (*columns, "", "")) == next_hash(b"\xffx", columns)


@given(counter=st.integers(), texts=st.tuples(*[TEXT] * 7))
def test_a_seat_and_a_batch_are_hashed_after_the_other_columns(
    counter: int, texts: tuple[str, str, str, str, str, str, str]
) -> None:
    columns = (counter, *texts)
    assume(any(columns[6:]))
    assert next_event_hash(b"\xffx", columns) == next_hash(b"\xffx", columns)
    assert next_event_hash(b"\xffx", columns) != next_event_hash(b"\xffx", (*columns[:6], "", ""))


def test_text_that_moves_from_one_column_to_the_next_changes_the_hash() -> None:
    assert next_hash(b"x", ["ab", "c"]) != next_hash(b"x", ["a", "bc"])
    assert next_hash(b"x", ["a", ""]) != next_hash(b"x", ["a"])
    assert next_hash(b"x", ["1:a"]) != next_hash(b"x", ["1", "a"])


def test_a_hash_can_be_computed_without_workshop() -> None:
    # As docs/session-file.md describes it; a change here makes every file unreadable.
    first = hashlib.sha256(b"2:id5:title0:1:1").digest()[:16]
    assert first_hash(["id", "title", None, 1]) == first
    second = hashlib.sha256(first + "1:16:naïve".encode()).digest()[:16]  # ï is two bytes
    assert next_hash(first, [1, "naïve"]) == second
