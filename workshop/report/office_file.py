# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false
# lxml has no types of its own.
"""Office files as archives: packed so that the same parts are the same bytes, and known again.

The libraries that make the parts pack them with the time of day in every entry. Here they are
packed with one fixed date, and compressed once.
"""

import zlib
from collections.abc import Iterable
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile, ZipInfo

from lxml import etree  # pyright: ignore[reportAttributeAccessIssue]

_DATE = (1980, 1, 1, 0, 0, 0)
_LEVEL = 6
_CORE = "docProps/core.xml"
_CORE_LIMIT = 100_000
_IDENTIFIER = "{http://purl.org/dc/elements/1.1/}identifier"


def archive_of(parts: Iterable[tuple[str, bytes]]) -> bytes:
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


def identifier_of(path: Path) -> str | None:
    """Return the `dc:identifier` of an Office file, or None where it has none or is something else.

    Raises OSError where the file cannot be read.
    """
    try:
        with ZipFile(path) as archive:
            if archive.getinfo(_CORE).file_size > _CORE_LIMIT:
                return None
            core = archive.read(_CORE)
        parser = etree.XMLParser(resolve_entities=False, no_network=True)
        found = etree.fromstring(core, parser).find(_IDENTIFIER)
    except (
        BadZipFile,
        KeyError,
        etree.XMLSyntaxError,
        NotImplementedError,
        RuntimeError,
        EOFError,
        zlib.error,
    ):
        return None
    return None if found is None or found.text is None else str(found.text)
