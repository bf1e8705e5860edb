"""The chain over a session's events: each link seals its event and all before it.

SQLite notices about a fifth of all single-bit flips in a file and lets the rest change what people
said. The chain notices them all. A link is the first 16 bytes of SHA-256 over the link before and
the event's columns; the first one is over the session's row.
"""

import hashlib
from collections.abc import Iterable

LENGTH = 16
"""The bytes that are kept of each link."""


def first_link(session_row: Iterable[object]) -> bytes:
    """Return the link that the first event follows, sealing the values of the session's row."""
    return _link(b"", session_row)


def next_link(before: bytes, event_row: Iterable[object]) -> bytes:
    """Return the link of the event with those column values, after the link `before`."""
    return _link(before, event_row)


def _link(before: bytes, values: Iterable[object]) -> bytes:
    # A length before each value, so that no two rows read the same.
    parts = [before]
    for value in values:
        raw = b"" if value is None else str(value).encode("utf-8", "surrogatepass")
        parts.append(b"%d:%b" % (len(raw), raw))
    return hashlib.sha256(b"".join(parts)).digest()[:LENGTH]
