"""Finding the rows of a session in the raw bytes of a damaged file.

Where SQLite says "database disk image is malformed", most of the file is usually as good as ever:
one bit in a page's header is enough. So the rows are looked for by what they look like, wherever
they lie, and without asking a page, an index or a header where that may be. That what was found is
what was written is not decided here: the chain shows it (see
`chain_verification`), and nothing that it does not prove is ever taken for true.

This is not left to a library. SQLite's own `.recover`, which `sqlite3` has as a program but Python
has not, follows pages and knows nothing of the chain, so it neither finds what a damaged pointer
hides nor tells the changed from the sound; the forensic readers (dissect.database, sqlite-dissect)
stop at the first damaged page, or bring a licence or a tree of dependencies with them. The format
has not changed since 2004: https://www.sqlite.org/fileformat.html, from "B-tree Pages" on.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

from workshop.session import hash_chain
from workshop.storage.sqlite import schema

Value = str | int | bytes | None

_MOST_ROWS = 2_000_000
_HEAD = 64
"""How many bytes of a row are looked at whose columns' types make no sense."""
_LEAF = 0x0D
"""The first byte of a page that holds rows of a table."""
_INTEGER_BYTES = {1: 1, 2: 2, 3: 3, 4: 4, 5: 6, 6: 8, 8: 0, 9: 0}
_LINK = 12 + 2 * hash_chain.HASH_LENGTH
"""The serial type of a link."""

# A serial type of text is odd and at least 13; only the last of its bytes is below 128.
_ODD = bytes(range(1, 128, 2))
_TEXT = rb"[\x80-\xff]{0,3}[" + re.escape(_ODD) + rb"]"
_PATTERNS = {
    "i": rb"[\x01-\x06\x08\x09]",
    "t": _TEXT,
    "?": rb"(?:\x00|" + _TEXT + rb")",
    "b": re.escape(bytes([_LINK])),
}


class RowFormat:
    """What the rows of a table look like: a letter a column.

    `k` is the row's number, which SQLite keeps elsewhere; `i` an integer, `t` text, `?` text or
    nothing, `b` a link of the chain.
    """

    def __init__(self, columns: str) -> None:
        """Take the letters of the columns in their order."""
        self.columns = columns
        seen = columns.lstrip("k")
        # What stands before may be damaged, or written over where the row was freed.
        self.skipped = 1 + len(columns) - len(seen)
        self.pattern = re.compile(b"(?=" + b"".join(_PATTERNS[c] for c in seen) + b")", re.DOTALL)


EVENT = RowFormat("kitttttb")
SESSION = RowFormat("ttttitt?itit")
DRAFT = RowFormat("ttttt")
DEFINITION = RowFormat("tttit")
"""Of SQLite's own table, in which a database keeps what it defines."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row as it was found."""

    at: int
    """Where it begins in the file: at the list of its columns' types."""
    values: tuple[Value, ...]
    """Its columns. For `k`, its number, where a page says it; bytes for text that is none."""
    spans: tuple[tuple[int, int], ...]
    """Where all of it lies in the file, as (begin, end), with the pointers between its pages."""


class Pages:
    """The bytes of a database file, page by page."""

    def __init__(self, content: bytes) -> None:
        """Take the content of a file, whole or cut off, sound or damaged."""
        self.content = bytearray(content)
        size = int.from_bytes(content[16:18], "big")
        size = 65_536 if size == 1 else size
        # What the header says may itself be damaged: every session has pages of SQLite's own size.
        self._size = size if 512 <= size <= 65_536 and size & (size - 1) == 0 else 4_096

    @property
    def lost(self) -> int:
        """How many whole pages the file once had, by its own account, and has no more."""
        said = int.from_bytes(self.content[28:32], "big")
        is_known = self.content[24:28] == self.content[92:96]  # as the format has it
        return max(said - len(self.content) // self._size, 0) if is_known else 0

    def rows(self, row_format: RowFormat) -> Iterator[Row]:
        """Yield whatever looks like a row of that layout, in the order of the file."""
        # No byte belongs to two rows, except in a file made to keep us busy.
        left = 4 * len(self.content) + schema.MAX_VALUE_BYTES
        for count, at in enumerate(self.places(row_format)):
            row = self.row(row_format, at)
            if row is not None:
                left -= sum(end - begin for begin, end in row.spans)
                if left > 0:
                    yield row
            if left <= 0 or count >= _MOST_ROWS:
                return

    def places(self, row_format: RowFormat) -> list[int]:
        """Return where a row may begin: where pages point, and where something looks like one."""
        alike = islice(row_format.pattern.finditer(self.content), _MOST_ROWS)
        found = {match.start() - row_format.skipped for match in alike}
        found.update(self.pointed_to)
        return sorted(at for at in found if at >= 0)

    @cached_property
    def pointed_to(self) -> dict[int, int]:
        """Where the pages say that rows begin, of whichever table, with the rows' numbers."""
        content = self.content
        found: dict[int, int] = {}
        for page in range(0, len(content), self._size):
            head = page + 100 if page == 0 else page  # the file's header comes first
            if head + 8 > len(content) or content[head] != _LEAF:
                continue
            cells = int.from_bytes(content[head + 3 : head + 5], "big")
            for pointer in range(head + 8, min(head + 8 + 2 * cells, page + self._size), 2):
                cell = page + int.from_bytes(content[pointer : pointer + 2], "big")
                _, after_size = self._varint(cell)
                number, at = self._varint(after_size)
                found[at] = number
        return found

    def row(self, row_format: RowFormat, at: int) -> Row | None:
        """Return the row of that layout that begins at `at`, or None where none does."""
        kinds, head = self._kinds(row_format, at)
        if kinds is None:
            return None
        total = head + sum(map(_size, kinds))
        spans = self._spans(at, total)
        payload = self._joined(spans, total)
        if len(payload) < total:
            return None
        values: list[Value] = []
        for column, kind in zip(row_format.columns, kinds, strict=True):
            raw = payload[head : head + _size(kind)]
            values.append(self.pointed_to.get(at) if column == "k" else _value(column, kind, raw))
            head += _size(kind)
        return Row(at, tuple(values), spans)

    def spans(self, row_format: RowFormat, at: int) -> tuple[tuple[int, int], ...]:
        """Return where a row lies, as far as it can be told, of which `row` can make nothing."""
        kinds, head = self._kinds(row_format, at)
        if kinds is None:
            return ((at, at + _HEAD),)
        return self._spans(at, head + sum(map(_size, kinds))) or ((at, at + _HEAD),)

    def _kinds(self, row_format: RowFormat, at: int) -> tuple[list[int] | None, int]:
        """Return the serial types of the row at `at`, and how many bytes they take.

        None where they are not those of such a row.
        """
        kinds: list[int] = []
        place = at + 1
        for column in row_format.columns:
            kind, place = (0, place + 1) if column == "k" else self._varint(place)
            if not _may_be(column, kind):
                return None, 0
            kinds.append(kind)
        return kinds, place - at

    def _joined(self, spans: tuple[tuple[int, int], ...], total: int) -> bytes:
        """Return the bytes of a row of `total` bytes, without the pointers between its pages."""
        here = _bytes_on_first_page(total, self._size)
        parts = [self.content[begin : begin + here] for begin, _ in spans[:1]]
        return b"".join([*parts, *(self.content[begin + 4 : end] for begin, end in spans[1:])])

    def _varint(self, at: int) -> tuple[int, int]:
        """Return the number that begins at `at`, and where what follows it begins."""
        number = 0
        for place, byte in enumerate(self.content[at : at + 9], at + 1):
            number = number << 7 | byte & 0x7F
            if byte < 0x80:
                return number, place
        return 0, at + 9

    def _spans(self, at: int, total: int) -> tuple[tuple[int, int], ...]:
        """Return where the `total` bytes lie of the row that begins at `at`, as far as they do.

        Where a row goes on elsewhere, the pointer to there lies in its spans, too: at the end of
        the first, and at the beginning of each that follows.
        """
        size, content = self._size, self.content
        taken = _bytes_on_first_page(total, size)
        end = at + taken
        if (
            not 0 <= at < end <= min(at - at % size + size, len(content))
            or total > schema.MAX_VALUE_BYTES
        ):
            return ()
        if taken == total:
            return ((at, end),)
        spans = [(at, end + 4)]
        pointer = end
        left = total - taken
        while left > 0:
            begin = (int.from_bytes(content[pointer : pointer + 4], "big") - 1) * size
            taken = min(left, size - 4)
            if begin <= 0 or begin + 4 + taken > len(content):
                break
            spans.append((begin, begin + 4 + taken))
            pointer = begin
            left -= taken
        return tuple(spans)


def _bytes_on_first_page(total: int, size: int) -> int:
    """Return how many of a row's bytes lie on the page that it begins on; the format's own rule."""
    most = size - 35
    if total <= most:
        return total
    least = (size - 12) * 32 // 255 - 23
    fitting = least + (total - least) % (size - 4)
    return fitting if fitting <= most else least


def _may_be(column: str, kind: int) -> bool:
    """Return whether a column of that letter may hold a value of that serial type."""
    text = kind >= 13 and kind % 2 == 1
    match column:
        case "k":
            return kind == 0
        case "i":
            return kind in _INTEGER_BYTES
        case "t":
            return text
        case "?":
            return text or kind == 0
        case _:
            return kind == _LINK


def _size(kind: int) -> int:
    """Return how many bytes a value of a serial type takes."""
    return max(kind - 12, 0) // 2 if kind >= 12 else _INTEGER_BYTES.get(kind, 0)


def _value(column: str, kind: int, raw: bytes) -> Value:
    if kind == 0:
        return None
    if column == "i":
        return kind - 8 if kind in (8, 9) else int.from_bytes(raw, "big", signed=True)
    if column == "b":
        return bytes(raw)
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return bytes(raw)
