"""How a file that Workshop wrote is known again, and known to be as it was written.

Every report bears a mark: the id of its session, and a seal over everything else in the file.
A report that somebody worked on keeps the mark and breaks the seal, so that it is not replaced as
if nobody had touched it. The seal keeps people from losing their work; it is no signature.
"""

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

_NAME = "workshop:session:"
_UNSEALED = "0" * 32
_MARK = re.compile(rb"workshop:session:([0-9a-f]{32}):([0-9a-f]{32})(?![0-9a-f])")
_LARGEST = 1 << 29
"""In bytes. No report comes near it, and whatever is larger is not read."""

MARK_PREFIX = _NAME.encode()
"""How a mark begins, to find it in a file."""


@dataclass(frozen=True, slots=True)
class Origin:
    """What a file says of where it comes from."""

    session: str
    """The id of the session that Workshop wrote it for."""
    untouched: bool = True
    """Whether it is byte for byte as Workshop wrote it."""


def origin_mark(session_id: str) -> str:
    """Return the mark of a file for that session, still without its seal."""
    return f"{_NAME}{session_id}:{_UNSEALED}"


def with_checksum(content: bytes, place: int | None, beside: bytes = b"") -> bytes:
    """Return `content`, whose mark begins at `place`, with the seal over it and over `beside`.

    Raises ValueError where `place` is None: what has no mark cannot be sealed.
    """
    if place is None:
        raise ValueError("there is no mark to seal")
    seal = _seal(content, place, beside)
    begin = place + len(_NAME) + 33  # behind the id and its colon
    return content[:begin] + seal + content[begin + len(_UNSEALED) :]


def parse_origin(content: bytes, place: int | None, beside: bytes = b"") -> Origin | None:
    """Return what the mark says that begins at `place`; None where there is none."""
    mark = None if place is None else _MARK.match(content, place)
    if place is None or mark is None:
        return None
    return Origin(mark[1].decode(), untouched=mark[2] == _seal(content, place, beside))


def read_report_file(path: Path) -> bytes:
    """Return what is in the file at `path`; nothing where it is larger than a report can be.

    Raises OSError where it cannot be read.
    """
    return b"" if path.stat().st_size > _LARGEST else path.read_bytes()


def _seal(content: bytes, place: int, beside: bytes) -> bytes:
    """Return the first half of SHA-256 over what is there beside the mark, in hex."""
    end = place + len(_NAME) + 33 + len(_UNSEALED)
    digest = hashlib.sha256(beside)
    digest.update(memoryview(content)[:place])
    digest.update(memoryview(content)[end:])
    return digest.hexdigest()[: len(_UNSEALED)].encode()
