"""A Word document from outside as an archive of parts, with its sizes checked.

The file is read into memory, its directory is checked before anything is unpacked, and each part
is unpacked on request. Macros and embedded documents are never requested.
"""

import posixpath
import re
import struct
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from io import BytesIO
from pathlib import Path
from typing import NoReturn
from urllib.parse import unquote
from zipfile import BadZipFile, ZipFile, ZipInfo

from workshop.export.word.template.errors import UnusableError
from workshop.export.word.template.nodes import RELATIONS, Node, parse_xml
from workshop.text import clean_line, shorten

MAX_BYTES = 64 * 1024 * 1024
"""The maximum size of a template, packed or unpacked."""
MAX_PARTS = 4_000
MAX_XML_BYTES = 8 * 1024 * 1024
"""The largest part that is parsed as a whole; real ones have a tenth of that."""
_CHUNK_BYTES = 64 * 1024

_ENCRYPTED = 0x1
_OLE_HEADER = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PROTECTED = "EncryptedPackage".encode("utf-16-le")
_CONTENT_TYPES = "[content_types].xml"
_STRICT = "http://purl.oclc.org/ooxml/officeDocument/relationships"
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml."
_WORD_MACROS = "application/vnd.ms-word."
_DOCUMENTS = {
    f"{_WORD}document.main+xml": False,
    f"{_WORD}template.main+xml": False,
    f"{_WORD_MACROS}document.macroEnabled.main+xml": True,
    f"{_WORD_MACROS}template.macroEnabledTemplate.main+xml": True,
}
"""The content types of a Word document, and whether it may hold macros."""
_FOREIGN = {
    "spreadsheetml": "it is an Excel workbook",
    "ms-excel": "it is an Excel workbook",
    "presentationml": "it is a PowerPoint presentation",
    "ms-powerpoint": "it is a PowerPoint presentation",
}
_UNSAFE_NAME = re.compile(r"[\\:\x00-\x1f\x7f]|^/|(^|/)\.\.?(/|$)|//")
_ZIP_ERRORS = (
    BadZipFile,
    EOFError,
    NotImplementedError,
    OSError,
    OverflowError,
    RuntimeError,
    ValueError,
    struct.error,
    zlib.error,
)
"""What zipfile raises for archives that are damaged or malicious."""


@dataclass(frozen=True, slots=True)
class Relationship:
    """A relationship from one part to another."""

    id: str
    kind: str
    """The last segment of its type: "styles", "header", "image"."""
    target: str | None
    """The name of the part; None if the target is outside the document."""


class Archive:
    """The parts of a Word document."""

    def __init__(self, content: bytes) -> None:
        """Open the bytes of a file and check its directory. Raises UnusableError."""
        _check_kind(content)
        try:
            self._zip = ZipFile(BytesIO(content))
            entries = self._zip.infolist()
        except _ZIP_ERRORS as error:
            raise UnusableError("the file is damaged") from error
        self._entries = _index_entries(entries)
        self._unpacked = 0
        self._blobs: dict[str, bytes] = {}

    @cached_property
    def document(self) -> str:
        """The name of the main part. Raises UnusableError if this is not a Word document."""
        if _CONTENT_TYPES not in self._entries:
            raise UnusableError(self._describe_archive())
        for relation in self.relations(""):
            if relation.kind == "officeDocument" and relation.target:
                kind = self.type_of(relation.target)
                if kind not in _DOCUMENTS:
                    raise UnusableError(_describe_content_type(kind))
                return relation.target
        raise UnusableError("it does not say which of its parts is the document")

    @property
    def has_macros(self) -> bool:
        """Whether the document has a content type that allows macros, or contains some."""
        return _DOCUMENTS[self.type_of(self.document) or ""] or any(
            name.endswith("vbaproject.bin") for name in self._entries
        )

    def blob(self, part: str) -> bytes:
        """Return a part's content. Raises UnusableError if it is missing, damaged or too large."""
        name = part.casefold()
        if name not in self._entries:
            raise UnusableError(f"its part {_display_name(part)} is missing")
        if name not in self._blobs:
            self._blobs[name] = self._unpack(part, self._entries[name])
        return self._blobs[name]

    def chunks(self, part: str) -> Iterator[bytes]:
        """Yield the content of a part in chunks, so that it is never in memory as a whole.

        Raises UnusableError if it is missing, damaged or too large.
        """
        name = part.casefold()
        if name not in self._entries:
            raise UnusableError(f"its part {_display_name(part)} is missing")
        try:
            with self._zip.open(self._entries[name]) as stream:
                while chunk := stream.read(_CHUNK_BYTES):
                    self._count(len(chunk))
                    yield chunk
        except _ZIP_ERRORS as error:
            raise UnusableError(f"its part {_display_name(part)} is damaged") from error

    def root(self, part: str) -> Node:
        """Return the parsed XML of a part. Raises UnusableError, also above `MAX_XML_BYTES`."""
        blob = self.blob(part)
        if len(blob) > MAX_XML_BYTES:
            most = MAX_XML_BYTES // 1024 // 1024
            raise UnusableError(f"its part {_display_name(part)} is larger than {most} MB")
        return parse_xml(blob, _display_name(part))

    def type_of(self, part: str) -> str | None:
        """Return the content type of a part, or None if the document names none."""
        named, by_ending = self._types
        ending = part.rpartition(".")[2].casefold()
        return named.get(part.casefold(), by_ending.get(ending))

    def relations(self, part: str) -> list[Relationship]:
        """Return the relationships of a part; "" stands for the document as a whole.

        Raises UnusableError if they are damaged, ambiguous or lead out of the archive.
        """
        folder, name = posixpath.split(part)
        rels_part = posixpath.join(folder, "_rels", f"{name}.rels")
        if rels_part.casefold() not in self._entries:
            return []
        relationships: list[Relationship] = []
        for entry in self.root(rels_part):
            kind, target = entry.get("Type") or "", entry.get("Target") or ""
            if kind.startswith(_STRICT):
                raise UnusableError("it is saved as “Strict Open XML”")
            outside = entry.get("TargetMode") == "External" or "://" in target
            relationships.append(
                Relationship(
                    entry.get("Id") or "",
                    kind.removeprefix(f"{RELATIONS}/"),
                    None if outside else _resolved(folder, target),
                )
            )
        if len({r.id for r in relationships}) < len(relationships):
            raise UnusableError(f"its part {_display_name(rels_part)} is ambiguous")
        return relationships

    @cached_property
    def _types(self) -> tuple[Mapping[str, str], Mapping[str, str]]:
        """Return the content types by part name and by suffix, both in lower case."""
        named: dict[str, str] = {}
        by_ending: dict[str, str] = {}
        for entry in self.root("[Content_Types].xml"):
            kind = entry.get("ContentType") or ""
            part, ending = entry.get("PartName"), entry.get("Extension")
            if part:
                named[part.removeprefix("/").casefold()] = kind
            elif ending:
                by_ending[ending.casefold()] = kind
        return named, by_ending

    def _unpack(self, part: str, entry: ZipInfo) -> bytes:
        # The unpacked bytes are counted, as the directory may lie.
        remaining = MAX_BYTES - self._unpacked
        try:
            with self._zip.open(entry) as stream:
                blob = stream.read(remaining + 1)
        except _ZIP_ERRORS as error:
            raise UnusableError(f"its part {_display_name(part)} is damaged") from error
        self._count(len(blob))
        return blob

    def _count(self, unpacked: int) -> None:
        self._unpacked += unpacked
        if self._unpacked > MAX_BYTES:
            _reject_size()

    def _describe_archive(self) -> str:
        """Return what kind of archive this is, as it has no content types."""
        if "mimetype" in self._entries:
            if self.blob("mimetype")[:100].startswith(b"application/vnd.oasis.opendocument."):
                return "it is an OpenDocument file"
            return "it is a document of another kind"
        return "it is a zip archive, but not of a Word document"


def read_content(path: Path) -> bytes:
    """Return the bytes of a file. Raises OSError, and UnusableError above `MAX_BYTES`."""
    with path.open("rb") as file:
        content = file.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        _reject_size()
    return content


def _check_kind(content: bytes) -> None:
    if not content:
        raise UnusableError("it is empty")
    if content.startswith(_OLE_HEADER):
        if _PROTECTED in content:
            raise UnusableError("it is protected with a password")
        raise UnusableError("it is in the format that Word had before 2007")
    if content.startswith(b"{\\rtf"):
        raise UnusableError("it is in Rich Text Format")
    if not content.startswith(b"PK\x03\x04"):
        raise UnusableError("its content is not that of a .docx file")


def _index_entries(entries: list[ZipInfo]) -> dict[str, ZipInfo]:
    """Return the entries by name in lower case, as part names are case-insensitive."""
    if len(entries) > MAX_PARTS:
        raise UnusableError(f"it has more than {MAX_PARTS:,} parts")
    if sum(e.file_size for e in entries) > MAX_BYTES:
        _reject_size()
    by_name: dict[str, ZipInfo] = {}
    for entry in entries:
        if _UNSAFE_NAME.search(entry.orig_filename):
            raise UnusableError(f"it has a part with the name {_display_name(entry.orig_filename)}")
        name = entry.filename.casefold()
        if name in by_name:
            raise UnusableError(f"its part {_display_name(entry.filename)} is there twice")
        if entry.flag_bits & _ENCRYPTED:
            raise UnusableError("it is protected with a password")
        by_name[name] = entry
    return by_name


def _resolved(folder: str, target: str) -> str:
    """Return the name of the part that `target` refers to from a part in `folder`."""
    path = unquote(target.partition("#")[0])
    name = posixpath.normpath(posixpath.join("/", folder, path)).lstrip("/")
    climbs = [piece == ".." for piece in path.split("/")]
    if sum(climbs) > len(folder.split("/") if folder else []) or not path:
        return ""
    return name


def _describe_content_type(content_type: str | None) -> str:
    for word, description in _FOREIGN.items():
        if word in (content_type or ""):
            return description
    return "it is an Office file of another kind"


def _reject_size() -> NoReturn:
    raise UnusableError(f"it is larger than {MAX_BYTES // 1024 // 1024} MB unpacked")


def _display_name(part: str) -> str:
    return shorten(clean_line(part), 60) or "without a name"
