"""What the chain proves of a torn log."""

import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workshop.session.hash_chain import first_hash, next_hash
from workshop.session.record import Record
from workshop.storage.integrity.chain_verification import HashedEvent, verify_chain

BEGINNING = first_hash(["a session"])


def chained(number: int, *, merged: bool = False) -> list[HashedEvent]:
    """Return a log with its links; in one that was merged, counters stand twice."""
    link = BEGINNING
    log: list[HashedEvent] = []
    for n in range(1, number + 1):
        counter = (n + 1) // 2 if merged else n
        record = Record(counter, "AB"[n % 2 == 0], f"{n:032x}", "at", "kind", f'{{"n": {n}}}')
        link = next_hash(link, record.columns)
        log.append(HashedEvent(record, link, n))
    return log


def changed(sealed: HashedEvent) -> HashedEvent:
    return replace(sealed, record=sealed.record._replace(body="{}"))


def numbers(events: tuple[HashedEvent, ...]) -> list[int | None]:
    return [sealed.number for sealed in events]


@given(order=st.permutations(range(12)), merged=st.booleans())
def test_a_whole_log_is_proven_in_whatever_order_it_is_found(
    order: list[int], merged: bool
) -> None:
    log = chained(12, merged=merged)
    proof = verify_chain([log[n] for n in order], [BEGINNING])
    assert proof.sound == tuple(log)
    assert proof.unverified == ()
    assert proof.open_hashes == (log[-1].stored_hash,)


def test_damage_to_one_event_condemns_no_other() -> None:
    log = chained(9)
    log[6] = changed(log[6])
    proof = verify_chain(log, [BEGINNING])
    assert numbers(proof.sound) == [1, 2, 3, 4, 5, 6, 8, 9]
    assert numbers(proof.unverified) == [7]


def test_an_event_whose_link_alone_was_damaged_is_proven_by_the_next() -> None:
    log = chained(9)
    log[6] = replace(log[6], stored_hash=bytes(16))
    assert numbers(verify_chain(log, [BEGINNING]).sound) == [1, 2, 3, 4, 5, 6, 7, 8, 9]
    log[8] = replace(log[8], stored_hash=bytes(16))  # the last has none
    assert numbers(verify_chain(log, [BEGINNING]).sound) == [1, 2, 3, 4, 5, 6, 7, 8]


def test_what_comes_after_a_missing_event_cannot_be_proven_but_what_comes_after_that_can() -> None:
    log = chained(9)
    del log[3]
    proof = verify_chain(log, [BEGINNING])
    assert numbers(proof.sound) == [1, 2, 3, 6, 7, 8, 9]
    assert numbers(proof.unverified) == [5]
    assert set(proof.open_hashes) == {chained(3)[-1].stored_hash, chained(9)[-1].stored_hash}


def test_the_first_event_is_proven_by_the_session_alone() -> None:
    log = chained(5)
    assert numbers(verify_chain(log).sound) == [2, 3, 4, 5]
    assert numbers(verify_chain(log, [bytes(16), BEGINNING]).sound) == [1, 2, 3, 4, 5]


def test_an_event_that_was_found_twice_counts_once() -> None:
    log = chained(5)
    proof = verify_chain([*log, *(replace(sealed, number=None) for sealed in log)], [BEGINNING])
    assert len(proof.sound) == 5


def test_an_event_whose_counter_was_changed_does_not_get_in_the_way() -> None:
    log = chained(30)
    log[9] = replace(log[9], record=log[9].record._replace(counter=1_000_000))
    assert numbers(verify_chain(log, [BEGINNING]).sound) == [*range(1, 10), *range(11, 31)]


@pytest.mark.parametrize("seed", range(5))
def test_the_sound_events_are_those_with_a_link_before_them(seed: int) -> None:
    chance = random.Random(seed)
    log = chained(60)
    missing = {chance.randrange(60) for _ in range(5)}
    hit = {chance.randrange(60) for _ in range(5)} - missing
    found = [changed(s) if n in hit else s for n, s in enumerate(log) if n not in missing]
    expected = [n + 1 for n in range(60) if n not in hit | missing and n - 1 not in missing]
    assert numbers(verify_chain(found, [BEGINNING]).sound) == expected


def test_a_log_of_which_nothing_follows_is_given_up_soon() -> None:
    log = [changed(sealed) for sealed in chained(5_000)]
    assert verify_chain(log, [BEGINNING]).sound == ()
