"""Putting right a single bit that was flipped, where something proves which one it was.

A bit that turns by itself is the commonest damage of all. What it hit can be tried out: turn each
bit in question back, and see whether the chain then holds. Chance does not make a link of 128 bits
fit.
"""

import hashlib
from collections.abc import Callable, Container, Iterator, Sequence
from typing import Protocol, Self

from workshop.session.hash_chain import HASH_LENGTH
from workshop.storage.integrity.page_scanner import Pages, Row, RowFormat, Value


class _Hash(Protocol):
    """A digest in the making."""

    def copy(self) -> Self: ...
    def update(self, data: bytes, /) -> None: ...
    def digest(self) -> bytes: ...


_HEAD = 64
"""How many bytes at the beginning of a row are tried: the types of its columns lie there."""
_EACH = 2_000
"""What it takes to try one bit besides the bytes that are hashed, as that many of them."""


class HashBudget:
    """How much may still be tried, in bytes to be hashed: a second for each billion of them.

    To try out every bit of n bytes takes 4 n² of them, as all that follows a bit is hashed anew.
    """

    def __init__(self, allowed: int) -> None:
        """Allow so many bytes."""
        self._left = allowed

    def allows(self, size: int) -> bool:
        """Return whether so many bytes may be hashed, and take them off."""
        if size > self._left:
            return False
        self._left -= size
        return True


def repair_values(
    before: bytes,
    values: Sequence[Value],
    holds: Callable[[bytes], bool],
    effort: HashBudget,
    *,
    known: Container[int] = (),
    each: int = 0,
) -> tuple[Value, ...] | None:
    """Return the values of a row with one bit of one of them turned so that their link holds.

    Their link is the one that comes after the link `before`. Long values are tried last, those
    that take more than the `effort` allows, and those at the places that are `known` to be right,
    not at all. `each` is how many bytes `holds` hashes. None where no bit will do.
    """
    raws = [_raw(value) for value in values]
    for n in sorted(range(len(values)), key=lambda n: len(raws[n])):
        if n in known:
            continue
        left = hashlib.sha256(before + b"".join(map(_sealed, raws[:n])))
        right = b"".join(map(_sealed, raws[n + 1 :]))
        if not effort.allows(8 * len(raws[n]) * (len(raws[n]) // 2 + len(right) + _EACH + each)):
            continue
        match values[n]:
            case int(number):
                tried = ((number ^ 1 << bit) for bit in range(63))
                found = next(
                    (i for i in tried if holds(_link(left, _sealed(_raw(i)), right))), None
                )
            case str() | bytes():
                found = _turned_text(left, raws[n], right, holds)
            case None:
                found = None
        if found is not None:
            return (*values[:n], found, *values[n + 1 :])
    return None


def _turned_text(
    left: _Hash, raw: bytes, right: bytes, holds: Callable[[bytes], bool]
) -> str | None:
    left = left.copy()
    left.update(b"%d:" % len(raw))
    for place, byte in enumerate(raw):
        rest = raw[place + 1 :] + right
        for bit in range(8):
            other = bytes([byte ^ 1 << bit])
            if holds(_link(left, other, rest)):
                try:
                    return (raw[:place] + other + raw[place + 1 :]).decode()
                except UnicodeDecodeError:
                    return None
        left.update(raw[place : place + 1])
    return None


def _raw(value: Value) -> bytes:
    return value if isinstance(value, bytes) else b"" if value is None else str(value).encode()


def _sealed(raw: bytes) -> bytes:
    """Return what stands for a value under a link, as `workshop.session.hash_chain` has it."""
    return b"%d:%b" % (len(raw), raw)


def _link(left: _Hash, *more: bytes) -> bytes:
    link = left.copy()
    for part in more:
        link.update(part)
    return link.digest()[:HASH_LENGTH]


def repair_framing(
    pages: Pages, row_format: RowFormat, at: int, proves: Callable[[Row], bool], effort: HashBudget
) -> Row | None:
    """Return the row at `at` as it reads with one bit turned of what says where its values lie.

    That is the types of its columns, the pointers to where it goes on, and its end, where the link
    lies, if it has one. The pages are left as they were. None where nothing proves it
    within the `effort`.
    """
    content = pages.content
    spans = pages.spans(row_format, at)
    for place in _framing(spans):
        if place >= len(content):
            continue
        if not effort.allows(8 * sum(end - begin for begin, end in spans)):
            return None
        was = content[place]
        for bit in range(8):
            content[place] = was ^ 1 << bit
            row = pages.row(row_format, at)
            content[place] = was
            if row is not None and proves(row):
                return row
    return None


def _framing(spans: Sequence[tuple[int, int]]) -> Iterator[int]:
    (begin, end), *others = spans
    yield from range(begin, min(begin + _HEAD, end))
    if others or end - begin > _HEAD:
        yield from range(end - 4, end)
    for begin, _ in others:
        yield from range(begin, begin + 4)
    begin, end = spans[-1]
    yield from range(max(begin, end - HASH_LENGTH), end)
