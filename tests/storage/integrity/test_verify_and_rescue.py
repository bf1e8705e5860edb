"""Whatever happened to a file, `rescue` saves every event that `verify` calls sound."""

import functools
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from damage_support import OWN_BANK, event_rows, long_session, records_in
from hypothesis import given
from hypothesis import strategies as st

from workshop.banks.yaml_loader import parse_bank
from workshop.errors import WorkshopError
from workshop.session.hash_chain import HASH_LENGTH
from workshop.session.record import Record
from workshop.storage.integrity.page_scanner import Row
from workshop.storage.integrity.rescue import rescue
from workshop.storage.integrity.verify import Verdict, verify

_EVENTS = 20
_PAGE = 4_096


@functools.cache
def whole() -> bytes:
    """Return a session of twenty events, one of them longer than a page."""
    return long_session("own", _EVENTS)


@functools.cache
def rows() -> list[Row]:
    return event_rows(whole())


@functools.cache
def log() -> list[Record]:
    with in_file(whole()) as path:
        return records_in(path)


@contextmanager
def in_file(content: bytes) -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "damaged.db"
        path.write_bytes(content)
        yield path


def overwritten(content: bytes, offset: int, replacement: bytes) -> bytes:
    replacement = replacement[: max(len(content) - offset, 0)]
    return content[:offset] + replacement + content[offset + len(replacement) :]


def swapped(content: bytes, one: int, other: int) -> bytes:
    pages = [content[start : start + _PAGE] for start in range(0, len(content), _PAGE)]
    one, other = one % len(pages), other % len(pages)
    pages[one], pages[other] = pages[other], pages[one]
    return b"".join(pages)


def flipped(content: bytes, offset: int, bit: int) -> bytes:
    return overwritten(content, offset, bytes([content[offset] ^ 1 << bit]))


Damage = Callable[[bytes], bytes]
REPLACEMENTS = st.one_of(
    st.sampled_from([b"\xff", b"\xff\xfe", b"\xc3", b"\xf0\x9f\xa5", b"\xed\xa0\x80"]),
    st.integers(1, 6_000).map(bytes),
    st.binary(min_size=1, max_size=40),
)


@st.composite
def damages(draw: st.DrawFn) -> Damage:
    """Draw one kind of damage, at any offset."""

    offset = draw(st.integers(0, len(whole()) - 1))
    kind = draw(st.sampled_from(["flip", "overwrite", "cut", "swap"]))
    if kind == "flip":
        bit = draw(st.integers(0, 7))
        return lambda content: flipped(content, min(offset, len(content) - 1), bit)
    if kind == "cut":
        return lambda content: content[: max(offset, 1)]
    if kind == "swap":
        one, other = draw(st.integers(0, 99)), draw(st.integers(0, 99))
        return lambda content: swapped(content, one, other)
    replacement = draw(REPLACEMENTS)
    return lambda content: overwritten(content, offset, replacement)


def check(damaged: bytes) -> tuple[Verdict | None, list[Record]]:
    """Return what `verify` says and `rescue` saves, if it does not refuse with a sentence."""
    with in_file(damaged) as path:
        target = path.with_name("rescued.db")
        try:
            verdict = verify(path)
        except WorkshopError:
            verdict = None
        try:
            rescue(path, target, parse_bank(OWN_BANK, "the tests' bank"))
        except WorkshopError:
            assert verdict is None or not verdict.sound
            return verdict, []
        assert verify(target).is_sound
        return verdict, records_in(target)


def assert_agreement(verdict: Verdict | None, saved: list[Record]) -> None:
    assert [record for record in log() if record in saved] == saved
    if verdict is not None:
        sound = [log()[number - 1] for number in verdict.sound]
        assert [record for record in sound if record not in saved] == []
        if verdict.is_sound:
            assert saved == log()


@given(st.lists(damages(), min_size=1, max_size=4))
def test_rescue_saves_every_event_that_verify_calls_sound(several: list[Damage]) -> None:
    damaged = whole()
    for damage in several:
        damaged = damage(damaged)
    assert_agreement(*check(damaged))


@given(st.data())
def test_damage_to_one_event_costs_that_event_alone(data: st.DataObject) -> None:
    number = data.draw(st.integers(0, _EVENTS - 1), label="event")
    hash_is_intact = data.draw(st.booleans(), label="hash_is_intact")
    (start, end), *others = rows()[number].spans
    if others:  # its hash lies at the end of its last page
        end = end if hash_is_intact else others[-1][1]
    if hash_is_intact:
        first, last = start, end if others else end - HASH_LENGTH
    else:
        first, last = end - HASH_LENGTH, end
    if first == start:
        first -= 2  # the size and the number of the row
    offset = data.draw(st.integers(first, last - 1), label="offset")
    replacement = data.draw(REPLACEMENTS, label="replacement")[: last - offset]
    damaged = overwritten(whole(), offset, replacement)
    verdict, saved = check(damaged)
    assert_agreement(verdict, saved)
    assert verdict is not None
    intact = [record for record in log() if record != log()[number]]
    assert [record for record in intact if record not in saved] == []
    assert set(range(1, _EVENTS + 1)) - set(verdict.sound) <= {number + 1}


@pytest.mark.parametrize("replacement", [b"\xff", b"\xff\xfe"], ids=["one byte", "two bytes"])
@pytest.mark.parametrize("words", [b"answer_added", b'"participant"', b"Anna"])
def test_bytes_that_are_no_text_cost_one_event(words: bytes, replacement: bytes) -> None:
    row = rows()[6]
    start, end = row.spans[0]
    offset = whole().index(words, start, end)
    verdict, saved = check(overwritten(whole(), offset + 2, replacement))
    assert saved == log()[:6] + log()[7:]
    assert verdict is not None
    assert (verdict.sound, verdict.unsound) == ((*range(1, 7), *range(8, _EVENTS + 1)), (7,))
