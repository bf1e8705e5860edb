"""Finding the rows of a session in the raw bytes of a damaged file.

If SQLite says "database disk image is malformed", most of the file is usually intact: one flipped
bit in the header of a page is enough. The scanner therefore recognises rows by their form, wherever
they lie, and relies as little as it can on pages, indexes and headers. It does not decide whether a
row is as it was written: only the hash chain shows that (see `chain_verification`).

No library does this. SQLite's own `.recover`, which the program `sqlite3` has and Python's module
has not, follows pages and ignores the hash chain, so it neither finds what a damaged pointer hides
nor tells changed rows from sound ones. The forensic readers (dissect.database, sqlite-dissect) stop
at the first damaged page, or come with a restrictive licence or many dependencies. The format has
not changed since 2004: https://www.sqlite.org/fileformat.html, from "B-tree Pages" on.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

from workshop.session import hash_chain
from workshop.storage.sqlite import schema

Value = str | int | bytes | None
Spans = tuple[tuple[int, int], ...]
"""Ranges of bytes in a file, each as (start, end)."""

_MAX_ROWS = 2_000_000
_HEAD_LENGTH = 64
"""The number of bytes that a row is taken to have if the types of its columns make no sense."""
_LEAF = 0x0D
"""The first byte of a page that holds rows of a table."""
_INTEGER_BYTES = {1: 1, 2: 2, 3: 3, 4: 4, 5: 6, 6: 8, 8: 0, 9: 0}
"""The size of an integer in bytes, by its serial type."""
_HASH_TYPE = 12 + 2 * hash_chain.HASH_LENGTH
"""The serial type of a hash."""

# A serial type of text is odd and at least 13; only the last of its bytes is below 128.
_ODD = bytes(range(1, 128, 2))
_TEXT = rb"[\x80-\xff]{0,3}[" + re.escape(_ODD) + rb"]"
_PATTERNS = {
    "i": rb"[\x01-\x06\x08\x09]",
    "n": rb"[\x00-\x06\x08\x09]",
    "t": _TEXT,
    "?": rb"(?:\x00|" + _TEXT + rb")",
    "b": re.escape(bytes([_HASH_TYPE])),
}


class RowFormat:
    """The types of the columns of a table, one letter for each.

    `k` is the row's number, which SQLite stores elsewhere; `i` an integer, `n` an integer or NULL,
    `t` text, `?` text or NULL, `b` a hash of the chain.
    """

    def __init__(self, columns: str) -> None:
        """Take the letters of the columns in their order."""
        self.columns = columns
        stored_columns = columns.lstrip("k")
        # The bytes before may be damaged, or overwritten because the row was freed.
        self.skipped = 1 + len(columns) - len(stored_columns)
        types = b"".join(_PATTERNS[column] for column in stored_columns)
        self.pattern = re.compile(b"(?=" + types + b")", re.DOTALL)


EVENT = RowFormat("kitttttttb")
EVENT_2 = RowFormat("kitttttb")
"""The format of an event in a file of version 1 or 2, and in what remains of one."""
EVENTS = (EVENT, EVENT_2)
SESSION = RowFormat("ttttitt?itit")
DRAFT = RowFormat("tttttt")
DRAFT_2 = RowFormat("ttttt")
ANSWER = RowFormat("ki??t?ttintit")
DEFINITION = RowFormat("tttit")
"""The format of SQLite's own table, which holds the definitions of the others."""
NO_EVENTS = (SESSION, DRAFT, DRAFT_2, ANSWER, DEFINITION)
"""The formats of rows that are no events."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row that was found in a file."""

    offset: int
    """Where the row begins in the file: at the list of its columns' types."""
    values: tuple[Value, ...]
    """The columns; for `k`, the row's number if a page gives it; bytes if text is not UTF-8."""
    spans: Spans
    """Where the whole row lies in the file, including the pointers between its pages."""


class Pages:
    """The bytes of a database file, page by page."""

    def __init__(self, content: bytes) -> None:
        """Take the content of a file, complete or truncated, sound or damaged."""
        self.content = bytearray(content)
        size = int.from_bytes(content[16:18], "big")
        size = 65_536 if size == 1 else size
        # The header itself may be damaged: every session has pages of SQLite's default size.
        self._page_size = size if 512 <= size <= 65_536 and size & (size - 1) == 0 else 4_096

    @property
    def missing_count(self) -> int:
        """How many whole pages are missing, compared with the number in the file's header."""
        recorded = int.from_bytes(self.content[28:32], "big")
        is_valid = self.content[24:28] == self.content[92:96]  # as the format defines it
        return max(recorded - len(self.content) // self._page_size, 0) if is_valid else 0

    def rows(self, row_format: RowFormat) -> Iterator[Row]:
        """Yield everything that looks like a row of that format, in the order of the file."""
        # No byte belongs to two rows, except in a file that was forged to keep us busy.
        remaining = 4 * len(self.content) + schema.MAX_VALUE_BYTES
        for count, offset in enumerate(self.candidate_offsets(row_format)):
            row = self.row(row_format, offset)
            if row is not None:
                remaining -= sum(end - start for start, end in row.spans)
                if remaining > 0:
                    yield row
            if remaining <= 0 or count >= _MAX_ROWS:
                return

    def candidate_offsets(self, row_format: RowFormat) -> list[int]:
        """Return where a row may begin: where pages point, and where the bytes look like one."""
        matches = islice(row_format.pattern.finditer(self.content), _MAX_ROWS)
        offsets = {match.start() - row_format.skipped for match in matches}
        offsets.update(self.row_numbers)
        return sorted(offset for offset in offsets if offset >= 0)

    @cached_property
    def row_numbers(self) -> dict[int, int]:
        """The numbers of the rows to which pages point, of all tables, by the rows' offsets."""
        content = self.content
        numbers: dict[int, int] = {}
        for page in range(0, len(content), self._page_size):
            head = page + 100 if page == 0 else page  # the file's header comes first
            if head + 8 > len(content) or content[head] != _LEAF:
                continue
            cells = int.from_bytes(content[head + 3 : head + 5], "big")
            for pointer in range(head + 8, min(head + 8 + 2 * cells, page + self._page_size), 2):
                cell = page + int.from_bytes(content[pointer : pointer + 2], "big")
                _, after_size = self._varint(cell)
                number, offset = self._varint(after_size)
                numbers[offset] = number
        return numbers

    def row(self, row_format: RowFormat, offset: int) -> Row | None:
        """Return the row of that format that begins at `offset`, or None if there is none."""
        serial_types, head = self._serial_types(row_format, offset)
        if serial_types is None:
            return None
        total = head + sum(map(_value_size, serial_types))
        spans = self._spans(offset, total)
        payload = self._payload(spans, total)
        if len(payload) < total:
            return None
        values: list[Value] = []
        for column, serial_type in zip(row_format.columns, serial_types, strict=True):
            raw = payload[head : head + _value_size(serial_type)]
            is_number = column == "k"
            values.append(
                self.row_numbers.get(offset) if is_number else _value(column, serial_type, raw)
            )
            head += _value_size(serial_type)
        return Row(offset, tuple(values), spans)

    def spans(self, row_format: RowFormat, offset: int) -> Spans:
        """Return the known spans of a row even if `row` cannot read it."""
        serial_types, head = self._serial_types(row_format, offset)
        unknown = ((offset, offset + _HEAD_LENGTH),)
        if serial_types is None:
            return unknown
        return self._spans(offset, head + sum(map(_value_size, serial_types))) or unknown

    def size_outside(self, spans: Iterable[tuple[int, int]]) -> int:
        """Return at least how many bytes lie outside of all `spans`."""
        return len(self.content) - sum(end - start for start, end in spans)

    def sequences_outside(self, spans: Iterable[tuple[int, int]], length: int) -> set[bytes]:
        """Return every sequence of `length` bytes that lies outside of all `spans`."""
        content, sequences, end = bytes(self.content), set[bytes](), 0
        for start, next_end in (*sorted(spans), (len(content), len(content))):
            sequences.update(content[n : n + length] for n in range(end, start - length + 1))
            end = max(end, next_end)
        return sequences

    def _serial_types(self, row_format: RowFormat, offset: int) -> tuple[list[int] | None, int]:
        """Return the serial types of the row at `offset`, and how many bytes they take.

        The types are None if they do not match the format.
        """
        serial_types: list[int] = []
        position = offset + 1
        for column in row_format.columns:
            serial_type, position = (0, position + 1) if column == "k" else self._varint(position)
            if not _allows(column, serial_type):
                return None, 0
            serial_types.append(serial_type)
        return serial_types, position - offset

    def _payload(self, spans: Spans, total: int) -> bytes:
        """Return the bytes of a row of `total` bytes, without the pointers between its pages."""
        local = _bytes_on_first_page(total, self._page_size)
        parts = [self.content[start : start + local] for start, _ in spans[:1]]
        return b"".join([*parts, *(self.content[start + 4 : end] for start, end in spans[1:])])

    def _varint(self, offset: int) -> tuple[int, int]:
        """Return the variable-length integer at `offset`, and the offset behind it."""
        number = 0
        for after, byte in enumerate(self.content[offset : offset + 9], offset + 1):
            number = number << 7 | byte & 0x7F
            if byte < 0x80:
                return number, after
        return 0, offset + 9

    def _spans(self, offset: int, total: int) -> Spans:
        """Return where a row of `total` bytes lies that begins at `offset`, as far as it exists.

        If the row continues on another page, the spans include the pointer to it: at the end of
        the first span, and at the beginning of each that follows.
        """
        size, content = self._page_size, self.content
        length = _bytes_on_first_page(total, size)
        end = offset + length
        if (
            not 0 <= offset < end <= min(offset - offset % size + size, len(content))
            or total > schema.MAX_VALUE_BYTES
        ):
            return ()
        if length == total:
            return ((offset, end),)
        spans = [(offset, end + 4)]
        pointer = end
        remaining = total - length
        while remaining > 0:
            start = (int.from_bytes(content[pointer : pointer + 4], "big") - 1) * size
            length = min(remaining, size - 4)
            if start <= 0 or start + 4 + length > len(content):
                break
            spans.append((start, start + 4 + length))
            pointer = start
            remaining -= length
        return tuple(spans)


def _bytes_on_first_page(total: int, size: int) -> int:
    """Return how many bytes of a row lie on its first page, by the rule of the file format."""
    most = size - 35
    if total <= most:
        return total
    least = (size - 12) * 32 // 255 - 23
    fitting = least + (total - least) % (size - 4)
    return fitting if fitting <= most else least


def _allows(column: str, serial_type: int) -> bool:
    """Return whether a column of that letter may hold a value of that serial type."""
    is_text = serial_type >= 13 and serial_type % 2 == 1
    match column:
        case "k":
            return serial_type == 0
        case "i":
            return serial_type in _INTEGER_BYTES
        case "n":
            return serial_type in _INTEGER_BYTES or serial_type == 0
        case "t":
            return is_text
        case "?":
            return is_text or serial_type == 0
        case _:
            return serial_type == _HASH_TYPE


def _value_size(serial_type: int) -> int:
    """Return the size in bytes of a value of that serial type."""
    if serial_type >= 12:
        return max(serial_type - 12, 0) // 2
    return _INTEGER_BYTES.get(serial_type, 0)


def _value(column: str, serial_type: int, raw: bytes) -> Value:
    if serial_type == 0:
        return None
    if column in ("i", "n"):
        is_constant = serial_type in (8, 9)
        return serial_type - 8 if is_constant else int.from_bytes(raw, "big", signed=True)
    if column == "b":
        return bytes(raw)
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return bytes(raw)
