"""Office files as archives: packed so that the same parts are the same bytes, and known again.

The libraries that make the parts pack them with the time of day in every entry. Here they are
packed with one fixed date, and compressed once.
"""

import re
import zlib
from collections.abc import Iterable, Mapping
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile, ZipInfo

from workshop.export.provenance import MARK_PREFIX, Origin, parse_origin, with_checksum

_DATE = (1980, 1, 1, 0, 0, 0)
_LEVEL = 6
_CORE = "docProps/core.xml"
_CORE_LIMIT = 100_000
_IDENTIFIER = re.compile(rb"<dc:identifier>(?=" + MARK_PREFIX + rb"[0-9a-f:]+</dc:identifier>)")


def build_archive(parts: Iterable[tuple[str, bytes]]) -> bytes:
    """Return an archive of `parts`, which are names and contents, in the order given."""
    stream = BytesIO()
    with ZipFile(stream, "w", ZIP_DEFLATED, compresslevel=_LEVEL) as archive:
        for name, blob in parts:
            entry = ZipInfo(name, _DATE)
            entry.compress_type = ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            entry.create_system = 3  # the same on every system
            archive.writestr(entry, blob, compresslevel=_LEVEL)
    return stream.getvalue()


def build_archive_with_checksum(parts: Iterable[tuple[str, bytes]]) -> bytes:
    """Return an archive of `parts`, with the mark in their core properties sealed."""
    named = dict(parts)
    core = named[_CORE]
    checks = {name: (zlib.crc32(blob), len(blob)) for name, blob in named.items()}
    return build_archive({**named, _CORE: with_checksum(core, _place(core), _told(checks))}.items())


def read_office_origin(path: Path) -> Origin | None:
    """Return which session an Office file was written for, and whether it is as it was written.

    None where Workshop did not write it, or where it is no Office file. Raises OSError where it
    cannot be read.
    """
    try:
        with ZipFile(path) as archive:
            if archive.getinfo(_CORE).file_size > _CORE_LIMIT:
                return None
            core = archive.read(_CORE)
            checks = {e.filename: (e.CRC, e.file_size) for e in archive.infolist()}
    except (BadZipFile, KeyError, NotImplementedError, RuntimeError, EOFError, zlib.error):
        return None
    return parse_origin(core, _place(core), _told(checks))


def _place(core: bytes) -> int | None:
    """Return where the mark begins in core properties, or None where they bear none."""
    found = _IDENTIFIER.search(core)
    return found.end() if found else None


def _told(checks: Mapping[str, tuple[int, int]]) -> bytes:
    """Return what a seal covers of an archive beside its core properties.

    The check sums that an archive has of each part are enough to notice that one was edited, and
    nothing has to be unpacked for them.
    """
    rest = sorted((name, *check) for name, check in checks.items() if name != _CORE)
    return repr(rest).encode("utf-8", "surrogateescape")
