"""Office files as zip archives: packed reproducibly, and recognised by the mark in them.

python-docx and python-pptx write the time of day into every entry of an archive. Here every entry
has one fixed date, so that the same parts give the same bytes, and is compressed once.
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
    """Return a zip archive of `parts`, pairs of a name and its content, in the same order."""
    buffer = BytesIO()
    with ZipFile(buffer, "w", ZIP_DEFLATED, compresslevel=_LEVEL) as archive:
        for name, blob in parts:
            entry = ZipInfo(name, _DATE)
            entry.compress_type = ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            entry.create_system = 3  # the same on every system
            archive.writestr(entry, blob, compresslevel=_LEVEL)
    return buffer.getvalue()


def build_archive_with_checksum(parts: Iterable[tuple[str, bytes]]) -> bytes:
    """Return a zip archive of `parts`, with the checksum in the mark of its core properties."""
    blobs = dict(parts)
    core_xml = blobs[_CORE]
    crc_and_size = {name: (zlib.crc32(blob), len(blob)) for name, blob in blobs.items()}
    checksums = _part_checksums(crc_and_size)
    blobs[_CORE] = with_checksum(core_xml, _mark_offset(core_xml), checksums)
    return build_archive(blobs.items())


def read_office_origin(path: Path) -> Origin | None:
    """Return the session that an Office file was written for, and whether it was changed.

    None if Workshop did not write it, or if it is not an Office file. Raises OSError if it cannot
    be read.
    """
    try:
        with ZipFile(path) as archive:
            if archive.getinfo(_CORE).file_size > _CORE_LIMIT:
                return None
            core_xml = archive.read(_CORE)
            crc_and_size = {e.filename: (e.CRC, e.file_size) for e in archive.infolist()}
    except (BadZipFile, KeyError, NotImplementedError, RuntimeError, EOFError, zlib.error):
        return None
    return parse_origin(core_xml, _mark_offset(core_xml), _part_checksums(crc_and_size))


def _mark_offset(core_xml: bytes) -> int | None:
    """Return the offset of the mark in the core properties, or None if they have none."""
    match = _IDENTIFIER.search(core_xml)
    return match.end() if match else None


def _part_checksums(crc_and_size: Mapping[str, tuple[int, int]]) -> bytes:
    """Return the bytes for the parts other than the core properties, over which the checksum runs.

    The CRC and the size that a zip archive records for each part show that a part was edited, and
    reading them unpacks nothing.
    """
    rows = sorted((name, *pair) for name, pair in crc_and_size.items() if name != _CORE)
    return repr(rows).encode("utf-8", "surrogateescape")
