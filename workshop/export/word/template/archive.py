"""A Word document from outside, as an archive of parts. Nothing that it says is taken on trust.

It is read whole into memory, its directory is checked before anything is unpacked, and parts are
unpacked one by one as they are asked for. What is asked for is what a report needs of a template;
macros, embedded documents and what the body holds are never looked at.
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
from workshop.export.word.template.nodes import RELATIONS, Node, parsed
from workshop.text import clean_line, shorten

MOST_BYTES = 64 * 1024 * 1024
"""How much a template may hold, unpacked or packed."""
MOST_PARTS = 4_000
MOST_XML = 8 * 1024 * 1024
"""The largest part that is read as a whole, in bytes. Real ones have a tenth."""
_PIECE = 64 * 1024

_ENCRYPTED = 0x1
_OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
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
_TRICKS = re.compile(r"[\\:\x00-\x1f\x7f]|^/|(^|/)\.\.?(/|$)|//")
_BROKEN = (
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
"""What zipfile raises over archives that are damaged or made to do harm."""


@dataclass(frozen=True, slots=True)
class Relation:
    """What one part says of another."""

    id: str
    kind: str
    """The last word of its type: "styles", "header", "image"."""
    target: str | None
    """The part's name; None for what lies outside the document."""


class Archive:
    """The parts of a Word document."""

    def __init__(self, content: bytes) -> None:
        """Take in the bytes of a file and check its directory. Raises UnusableError."""
        _check_kind(content)
        try:
            self._zip = ZipFile(BytesIO(content))
            entries = self._zip.infolist()
        except _BROKEN as error:
            raise UnusableError("the file is damaged") from error
        self._entries = _checked(entries)
        self._unpacked = 0
        self._blobs: dict[str, bytes] = {}

    @cached_property
    def document(self) -> str:
        """The name of its main part. Raises UnusableError where that is not a Word document's."""
        if _CONTENT_TYPES not in self._entries:
            raise UnusableError(self._what_else())
        for relation in self.relations(""):
            if relation.kind == "officeDocument" and relation.target:
                kind = self.type_of(relation.target)
                if kind not in _DOCUMENTS:
                    raise UnusableError(_what(kind))
                return relation.target
        raise UnusableError("it does not say which of its parts is the document")

    @property
    def has_macros(self) -> bool:
        """Whether it is of a kind that may hold macros, or holds some."""
        return _DOCUMENTS[self.type_of(self.document) or ""] or any(
            name.endswith("vbaproject.bin") for name in self._entries
        )

    def blob(self, part: str) -> bytes:
        """Return the content of a part. Raises UnusableError: missing, damaged, too large."""
        name = part.casefold()
        if name not in self._entries:
            raise UnusableError(f"its part {_shown(part)} is missing")
        if name not in self._blobs:
            self._blobs[name] = self._read(part, self._entries[name])
        return self._blobs[name]

    def pieces(self, part: str) -> Iterator[bytes]:
        """Yield the content of a part piece by piece, so that nothing keeps the whole of it.

        Raises UnusableError: missing, damaged, too large.
        """
        name = part.casefold()
        if name not in self._entries:
            raise UnusableError(f"its part {_shown(part)} is missing")
        try:
            with self._zip.open(self._entries[name]) as stream:
                while piece := stream.read(_PIECE):
                    self._count(len(piece))
                    yield piece
        except _BROKEN as error:
            raise UnusableError(f"its part {_shown(part)} is damaged") from error

    def root(self, part: str) -> Node:
        """Return the XML of a part of at most `MOST_XML` bytes. Raises UnusableError."""
        blob = self.blob(part)
        if len(blob) > MOST_XML:
            most = MOST_XML // 1024 // 1024
            raise UnusableError(f"its part {_shown(part)} is larger than {most} MB")
        return parsed(blob, _shown(part))

    def type_of(self, part: str) -> str | None:
        """Return the content type of a part, where the document names one."""
        named, by_ending = self._types
        ending = part.rpartition(".")[2].casefold()
        return named.get(part.casefold(), by_ending.get(ending))

    def relations(self, part: str) -> list[Relation]:
        """Return what a part says of others; "" stands for the document as a whole.

        Raises UnusableError where that is damaged, ambiguous or leads out of the archive.
        """
        folder, name = posixpath.split(part)
        where = posixpath.join(folder, "_rels", f"{name}.rels")
        if where.casefold() not in self._entries:
            return []
        found: list[Relation] = []
        for entry in self.root(where):
            kind, target = entry.get("Type") or "", entry.get("Target") or ""
            if kind.startswith(_STRICT):
                raise UnusableError("it is saved as “Strict Open XML”")
            outside = entry.get("TargetMode") == "External" or "://" in target
            found.append(
                Relation(
                    entry.get("Id") or "",
                    kind.removeprefix(f"{RELATIONS}/"),
                    None if outside else _resolved(folder, target),
                )
            )
        if len({r.id for r in found}) < len(found):
            raise UnusableError(f"its part {_shown(where)} is ambiguous")
        return found

    @cached_property
    def _types(self) -> tuple[Mapping[str, str], Mapping[str, str]]:
        """Return the content types by part and by ending, in lower case."""
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

    def _read(self, part: str, entry: ZipInfo) -> bytes:
        # What is really unpacked is counted, whatever the directory says.
        left = MOST_BYTES - self._unpacked
        try:
            with self._zip.open(entry) as stream:
                blob = stream.read(left + 1)
        except _BROKEN as error:
            raise UnusableError(f"its part {_shown(part)} is damaged") from error
        self._count(len(blob))
        return blob

    def _count(self, unpacked: int) -> None:
        self._unpacked += unpacked
        if self._unpacked > MOST_BYTES:
            _refuse_size()

    def _what_else(self) -> str:
        """Say what an archive without content types is."""
        if "mimetype" in self._entries:
            if self.blob("mimetype")[:100].startswith(b"application/vnd.oasis.opendocument."):
                return "it is an OpenDocument file"
            return "it is a document of another kind"
        return "it is a zip archive, but not of a Word document"


def content_of(path: Path) -> bytes:
    """Return the bytes of a file; raises UnusableError where they are too many, and OSError."""
    with path.open("rb") as file:
        content = file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        _refuse_size()
    return content


def _check_kind(content: bytes) -> None:
    if not content:
        raise UnusableError("it is empty")
    if content.startswith(_OLD):
        if _PROTECTED in content:
            raise UnusableError("it is protected with a password")
        raise UnusableError("it is in the format that Word had before 2007")
    if content.startswith(b"{\\rtf"):
        raise UnusableError("it is in Rich Text Format")
    if not content.startswith(b"PK\x03\x04"):
        raise UnusableError("its content is not that of a .docx file")


def _checked(entries: list[ZipInfo]) -> dict[str, ZipInfo]:
    """Return the entries by name in lower case, as part names do not differ by case alone."""
    if len(entries) > MOST_PARTS:
        raise UnusableError(f"it has more than {MOST_PARTS:,} parts")
    if sum(e.file_size for e in entries) > MOST_BYTES:
        _refuse_size()
    found: dict[str, ZipInfo] = {}
    for entry in entries:
        if _TRICKS.search(entry.orig_filename):
            raise UnusableError(f"it has a part with the name {_shown(entry.orig_filename)}")
        name = entry.filename.casefold()
        if name in found:
            raise UnusableError(f"its part {_shown(entry.filename)} is there twice")
        if entry.flag_bits & _ENCRYPTED:
            raise UnusableError("it is protected with a password")
        found[name] = entry
    return found


def _resolved(folder: str, target: str) -> str:
    """Return the name of the part that `target` means in a part of `folder`."""
    path = unquote(target.partition("#")[0])
    name = posixpath.normpath(posixpath.join("/", folder, path)).lstrip("/")
    climbs = [piece == ".." for piece in path.split("/")]
    if sum(climbs) > len(folder.split("/") if folder else []) or not path:
        return ""
    return name


def _what(content_type: str | None) -> str:
    for word, said in _FOREIGN.items():
        if word in (content_type or ""):
            return said
    return "it is an Office file of another kind"


def _refuse_size() -> NoReturn:
    raise UnusableError(f"it is larger than {MOST_BYTES // 1024 // 1024} MB unpacked")


def _shown(part: str) -> str:
    return shorten(clean_line(part), 60) or "without a name"
