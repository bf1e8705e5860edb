"""The mark by which Workshop recognises its own files, and sees whether they were changed.

Every report contains a mark: the id of its session, and a checksum of everything else in the
file. In a report that somebody has edited, the checksum no longer matches, so that Workshop does
not replace it unasked. The checksum protects people's work; it is not a signature.
"""

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

_NAME = "workshop:session:"
_EMPTY_CHECKSUM = "0" * 32
_MARK = re.compile(rb"workshop:session:([0-9a-f]{32}):([0-9a-f]{32})(?![0-9a-f])")
_MAX_BYTES = 1 << 29
"""The largest file that is read to look for a mark; every report is far smaller."""

MARK_PREFIX = _NAME.encode()
"""The first bytes of every mark."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Which session a file was written for, and whether it was changed since."""

    session: str
    """The id of the session."""
    untouched: bool = True
    """Whether the file is byte for byte as Workshop wrote it."""


def origin_mark(session_id: str) -> str:
    """Return the mark for a file of that session, with zeros in place of its checksum."""
    return f"{_NAME}{session_id}:{_EMPTY_CHECKSUM}"


def with_checksum(content: bytes, offset: int | None, other_parts: bytes = b"") -> bytes:
    """Return `content` with the checksum of it and of `other_parts` in its mark at `offset`.

    Raises ValueError if `offset` is None: the content has no mark.
    """
    if offset is None:
        raise ValueError("there is no mark for the checksum")
    checksum = _checksum(content, offset, other_parts)
    checksum_start = offset + len(_NAME) + 33  # behind the id and its colon
    return content[:checksum_start] + checksum + content[checksum_start + len(_EMPTY_CHECKSUM) :]


def parse_origin(content: bytes, offset: int | None, other_parts: bytes = b"") -> Origin | None:
    """Return the origin that the mark at `offset` states, or None if there is no mark.

    `other_parts` is what the checksum covers in addition to `content`.
    """
    mark = None if offset is None else _MARK.match(content, offset)
    if offset is None or mark is None:
        return None
    return Origin(mark[1].decode(), untouched=mark[2] == _checksum(content, offset, other_parts))


def read_report_file(path: Path) -> bytes:
    """Return the content of the file at `path`; empty if it is larger than any report.

    Raises OSError if it cannot be read.
    """
    return b"" if path.stat().st_size > _MAX_BYTES else path.read_bytes()


def _checksum(content: bytes, offset: int, other_parts: bytes) -> bytes:
    """Return the first half of SHA-256, in hex, over everything but the mark."""
    mark_end = offset + len(_NAME) + 33 + len(_EMPTY_CHECKSUM)
    digest = hashlib.sha256(other_parts)
    digest.update(memoryview(content)[:offset])
    digest.update(memoryview(content)[mark_end:])
    return digest.hexdigest()[: len(_EMPTY_CHECKSUM)].encode()
