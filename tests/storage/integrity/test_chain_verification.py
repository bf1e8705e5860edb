"""What the hash chain shows about a damaged log."""

import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workshop.session.hash_chain import first_hash, next_event_hash
from workshop.session.record import Record
from workshop.storage.integrity.chain_verification import HashedEvent, verify_chain

FIRST_HASH = first_hash(["a session"])


def chained(number: int, *, merged: bool = False) -> list[HashedEvent]:
    """Return a log with its hashes; in one that was merged, each counter occurs twice."""
    previous_hash = FIRST_HASH
    log: list[HashedEvent] = []
    for n in range(1, number + 1):
        counter = (n + 1) // 2 if merged else n
        record = Record(counter, "AB"[n % 2 == 0], f"{n:032x}", "at", "kind", f'{{"n": {n}}}')
        previous_hash = next_event_hash(previous_hash, record.columns)
        log.append(HashedEvent(record, previous_hash, n))
    return log


def changed(event: HashedEvent) -> HashedEvent:
    return replace(event, record=event.record._replace(body="{}"))


def numbers(events: tuple[HashedEvent, ...]) -> list[int | None]:
    return [event.number for event in events]


@given(order=st.permutations(range(12)), merged=st.booleans())
def test_a_complete_log_is_verified_in_whatever_order_it_is_found(
    order: list[int], merged: bool
) -> None:
    log = chained(12, merged=merged)
    verification = verify_chain([log[n] for n in order], [FIRST_HASH])
    assert verification.sound == tuple(log)
    assert verification.unverified == ()
    assert verification.open_hashes == (log[-1].stored_hash,)


def test_damage_to_one_event_condemns_no_other() -> None:
    log = chained(9)
    log[6] = changed(log[6])
    verification = verify_chain(log, [FIRST_HASH])
    assert numbers(verification.sound) == [1, 2, 3, 4, 5, 6, 8, 9]
    assert numbers(verification.unverified) == [7]


def test_an_event_of_which_only_the_hash_is_damaged_is_verified_by_the_next_one() -> None:
    log = chained(9)
    log[6] = replace(log[6], stored_hash=bytes(16))
    assert numbers(verify_chain(log, [FIRST_HASH]).sound) == [1, 2, 3, 4, 5, 6, 7, 8, 9]
    log[8] = replace(log[8], stored_hash=bytes(16))  # the last one has no next one
    assert numbers(verify_chain(log, [FIRST_HASH]).sound) == [1, 2, 3, 4, 5, 6, 7, 8]


def test_the_event_after_a_missing_one_is_unverified_but_the_events_after_it_are_sound() -> None:
    log = chained(9)
    del log[3]
    verification = verify_chain(log, [FIRST_HASH])
    assert numbers(verification.sound) == [1, 2, 3, 6, 7, 8, 9]
    assert numbers(verification.unverified) == [5]
    assert set(verification.open_hashes) == {chained(3)[-1].stored_hash, chained(9)[-1].stored_hash}


def test_the_first_event_is_verified_by_the_session_alone() -> None:
    log = chained(5)
    assert numbers(verify_chain(log).sound) == [2, 3, 4, 5]
    assert numbers(verify_chain(log, [bytes(16), FIRST_HASH]).sound) == [1, 2, 3, 4, 5]


def test_an_event_that_was_found_twice_counts_once() -> None:
    log = chained(5)
    verification = verify_chain(
        [*log, *(replace(event, number=None) for event in log)], [FIRST_HASH]
    )
    assert len(verification.sound) == 5


def test_an_event_whose_counter_was_changed_does_not_get_in_the_way() -> None:
    log = chained(30)
    log[9] = replace(log[9], record=log[9].record._replace(counter=1_000_000))
    assert numbers(verify_chain(log, [FIRST_HASH]).sound) == [*range(1, 10), *range(11, 31)]


@pytest.mark.parametrize("seed", range(5))
def test_the_sound_events_are_those_with_a_hash_before_them(seed: int) -> None:
    chance = random.Random(seed)
    log = chained(60)
    missing = {chance.randrange(60) for _ in range(5)}
    damaged = {chance.randrange(60) for _ in range(5)} - missing
    events = [
        changed(event) if n in damaged else event for n, event in enumerate(log) if n not in missing
    ]
    expected = [n + 1 for n in range(60) if n not in damaged | missing and n - 1 not in missing]
    assert numbers(verify_chain(events, [FIRST_HASH]).sound) == expected


def test_a_log_in_which_no_event_continues_another_is_given_up_soon() -> None:
    log = [changed(event) for event in chained(5_000)]
    assert verify_chain(log, [FIRST_HASH]).sound == ()
