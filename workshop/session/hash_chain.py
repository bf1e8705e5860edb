"""The hash chain over a session: each hash covers one row of values and the hash before it.

A changed, missing or moved row breaks the chain from there on. SQLite notices only about a fifth of
all single-bit flips in a file and lets the rest change what people said; a text editor changes
whatever it is told to. The chain notices all of it. A hash is the first 16 bytes of SHA-256 over
the hash before it and the row's values, such as an event's columns.
"""

import hashlib
from collections.abc import Iterable

HASH_LENGTH = 16
"""The length of a hash in the chain, in bytes: what is kept of SHA-256."""
EventColumns = tuple[int, str, str, str, str, str, str, str]
"""An event's counter, id, time, actor, kind, body, seat and batch."""


def first_hash(values: Iterable[object]) -> bytes:
    """Return the hash that a chain begins with, over the values of the session's row."""
    return _hash_row(b"", values)


def next_hash(previous_hash: bytes, values: Iterable[object]) -> bytes:
    """Return the hash over `values`, such as an event's columns, and the hash `previous_hash`."""
    return _hash_row(previous_hash, values)


def next_event_hash(previous_hash: bytes, columns: EventColumns) -> bytes:
    """Return the hash over the columns of an event and the hash `previous_hash`.

    Seat and batch are hashed only where one of them is set, so that events of files that were
    written before there were seats keep their hashes.
    """
    counter, event_id, at, actor, kind, body, seat, batch = columns
    count = str(counter)
    joined = (
        f"{len(count)}:{count}{len(event_id)}:{event_id}{len(at)}:{at}"
        f"{len(actor)}:{actor}{len(kind)}:{kind}{len(body)}:{body}"
    )
    if seat or batch:
        joined += f"{len(seat)}:{seat}{len(batch)}:{batch}"
    if not joined.isascii():
        return _hash_row(previous_hash, columns if seat or batch else columns[:6])
    # Not by `_digest`: opening a large session does this a hundred thousand times.
    return hashlib.sha256(previous_hash + joined.encode()).digest()[:HASH_LENGTH]


def continued_hashes(
    candidates: Iterable[bytes], columns: EventColumns, stored_hash: bytes
) -> list[bytes]:
    """Return the `candidates` for which `next_event_hash` returns `stored_hash`."""
    *_, seat, batch = columns
    encoded = _encode(columns if seat or batch else columns[:6])
    return [candidate for candidate in candidates if _digest(candidate + encoded) == stored_hash]


def _hash_row(previous_hash: bytes, values: Iterable[object]) -> bytes:
    return _digest(previous_hash + _encode(values))


def _encode(values: Iterable[object]) -> bytes:
    # Each value follows its length in bytes, so that no two rows give the same input.
    texts = ["" if value is None else str(value) for value in values]
    joined = "".join([f"{len(text)}:{text}" for text in texts])
    if not joined.isascii():
        encoded = [text.encode("utf-8", "surrogatepass") for text in texts]
        return b"".join([b"%d:%b" % (len(raw), raw) for raw in encoded])
    # Most rows are ASCII, where a character is one byte; this path takes two thirds of the time.
    return joined.encode("ascii")


def _digest(content: bytes) -> bytes:
    return hashlib.sha256(content).digest()[:HASH_LENGTH]
