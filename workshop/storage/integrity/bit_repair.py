"""Repairing a single flipped bit in a row, if the hash chain shows which bit it was.

One bit that flips by itself is the commonest kind of damage. Each candidate bit is flipped back in
turn, and the hash of the row is computed again: a hash of 128 bits does not match by chance.
"""

import hashlib
from collections.abc import Callable, Container, Iterator, Sequence
from typing import Protocol, Self

from workshop.session.hash_chain import HASH_LENGTH
from workshop.storage.integrity.page_scanner import Pages, Row, RowFormat, Value


class _Hasher(Protocol):
    """A hash object of `hashlib`."""

    def copy(self) -> Self: ...
    def update(self, data: bytes, /) -> None: ...
    def digest(self) -> bytes: ...


_HEAD_LENGTH = 64
"""The number of bytes at the beginning of a row that are tried: the types of its columns."""
_COST_OF_A_BIT = 2_000
"""What trying one bit costs besides the bytes that are hashed, as a number of hashed bytes."""


class HashBudget:
    """The number of bytes that may still be hashed: about a billion of them take one second.

    Trying every bit of n bytes hashes 4 n² bytes, because all that comes after a bit is hashed
    again.
    """

    def __init__(self, size: int) -> None:
        """Start with `size` bytes."""
        self._remaining = size

    def spend(self, size: int) -> bool:
        """Take `size` bytes off; return False, and take nothing off, if fewer remain."""
        if size > self._remaining:
            return False
        self._remaining -= size
        return True


def repair_values(
    previous_hash: bytes,
    values: Sequence[Value],
    is_expected: Callable[[bytes], bool],
    budget: HashBudget,
    *,
    intact: Container[int] = (),
    check_cost: int = 0,
) -> tuple[Value, ...] | None:
    """Return `values`, those of a row, with one bit of one of them flipped so that the hash fits.

    `previous_hash` is the hash before the row's own, and `is_expected` tells whether a computed
    hash is the right one; `check_cost` is the number of bytes that it hashes itself. Short values
    are tried first. A value that would exceed `budget`, or whose index is in `intact`, is not
    tried. Returns None if no single bit makes the hash fit.
    """
    raw_values = [_value_bytes(value) for value in values]
    for n in sorted(range(len(values)), key=lambda n: len(raw_values[n])):
        if n in intact:
            continue
        prefix = hashlib.sha256(previous_hash + b"".join(map(_hash_input, raw_values[:n])))
        suffix = b"".join(map(_hash_input, raw_values[n + 1 :]))
        size = len(raw_values[n])
        if not budget.spend(8 * size * (size // 2 + len(suffix) + _COST_OF_A_BIT + check_cost)):
            continue
        match values[n]:
            case int(number):
                candidates = ((number ^ 1 << bit) for bit in range(63))
                repaired = next(
                    (
                        candidate
                        for candidate in candidates
                        if is_expected(
                            _digest(prefix, _hash_input(_value_bytes(candidate)), suffix)
                        )
                    ),
                    None,
                )
            case str() | bytes():
                repaired = _repair_text(prefix, raw_values[n], suffix, is_expected)
            case None:
                repaired = None
        if repaired is not None:
            return (*values[:n], repaired, *values[n + 1 :])
    return None


def _repair_text(
    prefix: _Hasher, raw: bytes, suffix: bytes, is_expected: Callable[[bytes], bool]
) -> str | None:
    prefix = prefix.copy()
    prefix.update(b"%d:" % len(raw))
    for offset, byte in enumerate(raw):
        rest = raw[offset + 1 :] + suffix
        for bit in range(8):
            flipped = bytes([byte ^ 1 << bit])
            if is_expected(_digest(prefix, flipped, rest)):
                try:
                    return (raw[:offset] + flipped + raw[offset + 1 :]).decode()
                except UnicodeDecodeError:
                    return None
        prefix.update(raw[offset : offset + 1])
    return None


def _value_bytes(value: Value) -> bytes:
    return value if isinstance(value, bytes) else b"" if value is None else str(value).encode()


def _hash_input(raw: bytes) -> bytes:
    """Return the bytes that are hashed for a value, as in `workshop.session.hash_chain`."""
    return b"%d:%b" % (len(raw), raw)


def _digest(prefix: _Hasher, *parts: bytes) -> bytes:
    hasher = prefix.copy()
    for part in parts:
        hasher.update(part)
    return hasher.digest()[:HASH_LENGTH]


def repair_framing(
    pages: Pages,
    row_format: RowFormat,
    offset: int,
    is_sound: Callable[[Row], bool],
    budget: HashBudget,
) -> Row | None:
    """Return the row at `offset` as it reads with one bit of its framing flipped.

    The framing is what says where the values lie: the types of the columns, the pointers to the
    pages on which the row continues, and its last bytes, where the hash is, if it has one. `pages`
    is unchanged afterwards. Returns None if `is_sound` accepts no such row within `budget`.
    """
    content = pages.content
    spans = pages.spans(row_format, offset)
    for position in _framing_offsets(spans):
        if position >= len(content):
            continue
        if not budget.spend(8 * sum(end - start for start, end in spans)):
            return None
        original = content[position]
        for bit in range(8):
            content[position] = original ^ 1 << bit
            row = pages.row(row_format, offset)
            content[position] = original
            if row is not None and is_sound(row):
                return row
    return None


def _framing_offsets(spans: Sequence[tuple[int, int]]) -> Iterator[int]:
    (start, end), *continuations = spans
    yield from range(start, min(start + _HEAD_LENGTH, end))
    if continuations or end - start > _HEAD_LENGTH:
        yield from range(end - 4, end)
    for start, _ in continuations:
        yield from range(start, start + 4)
    start, end = spans[-1]
    yield from range(max(start, end - HASH_LENGTH), end)
