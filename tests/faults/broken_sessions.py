"""Malformed session files: real ones, each changed at random.

The changes are to bytes, to pages, to the fields of SQLite's file header and page headers, and, in
SQL, to rows and definitions. Some files have changed rows with a valid hash chain, which somebody
can make who knows how the hashes are computed.
"""

import functools
import json
import random
import sqlite3
import struct
import zlib
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

from damage_support import long_session
from faults.counts import chance
from faults.definitions import DEFINITIONS
from faults.odd_values import odd_json, odd_text, odd_value

from workshop.session import hash_chain
from workshop.session.answer_rows import AnswerRow
from workshop.session.session import fingerprint
from workshop.storage.draft import Draft
from workshop.storage.sqlite import schema
from workshop.storage.sqlite.event_table import EVENT_COLUMNS
from workshop.storage.sqlite.session_row import SESSION_COLUMNS

_DATA = Path(__file__).parent.parent / "data"
_PAGE = 4_096
_HEADER_FIELDS = [
    (16, 2), (18, 1), (19, 1), (20, 1), (21, 1), (22, 1), (23, 1), (24, 4), (28, 4), (32, 4),
    (36, 4),
    (40, 4), (44, 4), (48, 4), (52, 4), (56, 4), (60, 4), (64, 4), (68, 4), (72, 20), (92, 4),
    (96, 4),
]  # fmt: skip
"""The fields of SQLite's file header, each as its offset and its length in bytes."""
_PAGE_TYPES = [1, 2, 5, 10, 13, 0, 255]
_EVENT_KINDS = [
    "answer_added", "answer_edited", "answer_removed", "question_skipped", "vote_cast",
    "point_parked", "action_added", "position_moved", "participant_joined", "title_set",
    "level_named", "undone", "unknown", "",
    "__class__", "answer_sung",
]  # fmt: skip


@functools.cache
def sound_files() -> tuple[bytes, ...]:
    """Return the sound files from which all others are made."""
    return (
        long_session("own", 12),
        long_session("own", 40),
        long_session(events=15),
        (_DATA / "session-v1.db").read_bytes(),
        (_DATA / "session-v2.db").read_bytes(),
    )


def _source(choice: random.Random) -> bytes:
    return choice.choices(sound_files(), [10, 2, 1, 1, 1])[0]


# ── in bytes ─────────────────────────────────────────────────────────────────────────────────


def _flip_bytes(choice: random.Random, path: Path) -> None:
    content = bytearray(_source(choice))
    for _ in range(choice.choice([1, 1, 2, 8, 60])):
        offset = choice.randrange(len(content))
        content[offset] = choice.choice(
            [content[offset] ^ 1 << choice.randrange(8), choice.randrange(256)]
        )
    path.write_bytes(content)


def _number(choice: random.Random, size: int) -> bytes:
    largest = 256**size - 1
    number = choice.choice(
        [0, 1, 2, largest, largest // 2, largest // 2 + 1, choice.randrange(largest + 1),
         choice.randrange(min(largest, 100_000) + 1)]
    )  # fmt: skip
    return number.to_bytes(size, "big")


def _header(choice: random.Random, path: Path) -> None:
    content = bytearray(_source(choice))
    for offset, size in choice.sample(_HEADER_FIELDS, choice.choice([1, 1, 1, 2, 4])):
        content[offset : offset + size] = _number(choice, size)
    path.write_bytes(content)


def _pages(choice: random.Random, path: Path) -> None:
    content = _source(choice)
    pages = [content[start : start + _PAGE] for start in range(0, len(content), _PAGE)]
    first, second = (choice.randrange(1, len(pages)) for _ in range(2))
    match choice.randrange(7):
        case 0:
            pages[first], pages[second] = pages[second], pages[first]
        case 1:
            pages[first] = bytes(_PAGE)
        case 2:
            pages[first] = pages[second]
        case 3:
            pages.append(choice.choice([bytes(_PAGE), choice.randbytes(_PAGE), pages[first]]))
        case 4:
            del pages[first:]
        case 5:
            pages[first] = sound_files()[0][_PAGE : 2 * _PAGE]
        case _:
            pages[0] = pages[0][:100] + pages[first][100:]
    path.write_bytes(b"".join(pages))


def _page_headers(choice: random.Random, path: Path) -> None:
    """Change the header of a page: its type, its cell pointers, its right-most child."""
    content = bytearray(_source(choice))
    for _ in range(choice.choice([1, 1, 3])):
        page = choice.randrange(len(content) // _PAGE)
        header = page * _PAGE + (100 if page == 0 else 0)
        match choice.randrange(5):
            case 0:
                content[header] = choice.choice(_PAGE_TYPES)
            case 1:
                content[header + 3 : header + 5] = _number(choice, 2)
            case 2:
                content[header + 8 : header + 12] = struct.pack(
                    ">I", choice.choice([0, page + 1, 1, 2, choice.randrange(1, 40)])
                )
            case 3:
                cell = header + 8 + 2 * choice.randrange(12)
                content[cell : cell + 2] = _number(choice, 2)
            case _:
                content[header + 1 : header + 3] = _number(choice, 2)
    path.write_bytes(content)


def _other_files(choice: random.Random, path: Path) -> None:
    content = _source(choice)
    path.write_bytes(
        choice.choice(
            [b"", b"\0" * 100, b"SQLite format 3\0", content[:99], content[:100], content[:512],
             content[: choice.randrange(len(content))], choice.randbytes(5_000), b"PK\3\4" +
             content,
             content + choice.randbytes(3_000), zlib.compress(content), content[::-1],
             content[:68] + b"WSHP" + b"\0" * 4_024, content[:72] + choice.randbytes(9_000),
             b"\xef\xbb\xbf" + content, content.replace(b"CREATE", b"create")]
        )
    )  # fmt: skip


def _add_journal(choice: random.Random, path: Path) -> None:
    """Add a forged journal to the file."""
    content = _source(choice)
    path.write_bytes(content)
    pages = len(content) // _PAGE
    page = choice.randrange(1, pages + 1)
    before = bytearray(content[(page - 1) * _PAGE : page * _PAGE])
    before[choice.randrange(_PAGE)] ^= 255
    nonce = choice.randrange(1 << 32)
    checksum = (nonce + sum(before[i] for i in range(_PAGE - 200, 0, -200))) % (1 << 32)
    size = choice.choice([_PAGE, _PAGE, 0])  # 0 means the page size of the database
    head = bytes.fromhex("d9d505f920a163d7") + struct.pack(
        ">IIIII", 1, nonce, choice.choice([pages, 1, 0, 1 << 30]), 512, size
    )
    record = struct.pack(">I", page) + bytes(before) + struct.pack(">I", checksum)
    journal = head.ljust(512, b"\0") + record
    name = b"victim"
    path.with_name(f"{path.name}-journal").write_bytes(
        choice.choice(
            [journal, journal, journal[:700], head, b"", choice.randbytes(3_000),
             journal.replace(bytes(before), choice.randbytes(_PAGE)),
             journal + struct.pack(">I", 1) + name + struct.pack(">II", len(name), sum(name))
             + bytes.fromhex("d9d505f920a163d7")]
        )
    )  # fmt: skip
    if choice.random() < 0.2:
        path.with_name(f"{path.name}-wal").write_bytes(
            choice.randbytes(choice.choice([0, 32, 9_000]))
        )


# ── in SQL ───────────────────────────────────────────────────────────────────────────────────


def _change(path: Path, content: bytes, change: Callable[[sqlite3.Connection], None]) -> None:
    path.write_bytes(content)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = OFF")
        connection.execute("PRAGMA synchronous = OFF")
        with suppress(sqlite3.Error, OverflowError, UnicodeEncodeError, sqlite3.Warning):
            change(connection)


def _cell(choice: random.Random, connection: sqlite3.Connection) -> None:
    """Put an odd value into a random column, of one row or of all rows."""
    table, columns = choice.choice(
        [("session", SESSION_COLUMNS), ("event", ("seq", *EVENT_COLUMNS, "chain")),
         ("event", ("seq", *EVENT_COLUMNS, "chain")), ("draft", Draft._fields),
         ("answer", AnswerRow._fields)]
    )  # fmt: skip
    column, value = choice.choice(columns), odd_value(choice)
    if isinstance(value, bytes) and choice.random() < 0.5:  # text that is not UTF-8
        sql = f"UPDATE {table} SET {column} = CAST(? AS TEXT)"
    else:
        sql = f"UPDATE {table} SET {column} = ?"
    if table == "event" and choice.random() < 0.8:
        sql += f" WHERE seq = {choice.randrange(1, 13)}"
    connection.execute(sql, (value,))


def _cells(choice: random.Random, path: Path) -> None:
    def change(connection: sqlite3.Connection) -> None:
        for _ in range(choice.choice([1, 1, 2, 5])):
            _cell(choice, connection)

    _change(path, _source(choice), change)


def _rows(choice: random.Random, path: Path) -> None:
    def change(connection: sqlite3.Connection) -> None:
        sql = choice.choice(
            ["DELETE FROM session", "DELETE FROM event", "DELETE FROM event WHERE seq % 3 = 1",
             "DELETE FROM event WHERE seq > 5", "UPDATE event SET seq = -seq", "DELETE FROM draft",
             "UPDATE event SET seq = seq + 9223372036854775000", "UPDATE event SET chain = x''",
             "INSERT INTO session SELECT 'y', title, mode, bank_id, bank_version, bank, "
             "bank_sha256, "
             "level, quick, names, questions, created FROM session",
             "INSERT INTO event SELECT seq + 900, counter, id || seq, at, actor, seat, batch, "
             "kind, body, chain FROM event",
             "UPDATE event SET body = json_set(body, '$.text', 'forged') WHERE seq = 2",
             "UPDATE session SET bank = replace(bank, 'a', 'b')", "UPDATE session SET names = "
             "'[1]'",
             "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 3000) "
             "INSERT "
             "INTO draft SELECT '', 'p' || x, 'q', '', 'half', x FROM n",
             "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 20000) "
             "INSERT "
             "INTO event SELECT 1000 + x, x, x, '', '', '', '', 'undone', '{}', x'00' FROM n",
             "INSERT INTO draft VALUES ('', zeroblob(9000000), '', '', '', '')"]
        )  # fmt: skip
        connection.execute(sql)

    _change(path, _source(choice), change)


def _with_valid_hashes(choice: random.Random, path: Path) -> None:
    """Change rows, and compute every hash and the bank's fingerprint again."""

    def change(connection: sqlite3.Connection) -> None:
        if choice.random() < 0.6:
            _add_events(choice, connection)
        else:
            _change_session(choice, connection)
        if choice.random() < 0.3:
            _cell(choice, connection)
        _hash_again(connection, choice.choice(["replace", "surrogateescape"]))

    _change(path, choice.choice(sound_files()[:3]), change)


def _add_events(choice: random.Random, connection: sqlite3.Connection) -> None:
    ids = [str(row[0]) for row in connection.execute("SELECT id FROM event ORDER BY seq")]
    for n in range(choice.choice([1, 3, 40])):
        answer = choice.choice([*ids, f"new{n}", "", "none"])
        body: dict[str, object] = {
            "question": choice.choice(
                ["who.first", "what.first", "gone.away", "", odd_text(choice)]
            ),
            "text": choice.choice(["text", "", odd_text(choice), 5, None, ["x"]]),
            "participant": choice.choice(["Anna", "", odd_text(choice)]),
            "answer": answer,
            "event": choice.choice([*ids, f"new{n}", f"new{n + 1}", f"new{n - 1}", 0]),
            "dots": choice.choice([1, 999, 0, -5, 1.0, "3", 2**80, True]),
            "name": odd_text(choice),
            "owner": odd_text(choice),
            "due": odd_text(choice),
            "reason": odd_text(choice),
        }
        some_keys = {key: value for key, value in body.items() if choice.random() < 0.9}
        text = choice.choices([json.dumps(some_keys), odd_json(choice)], [6, 1])[0]
        moment = choice.choices(["2027-03-01T09:00:00.000Z", odd_value(choice)], [4, 1])[0]
        connection.execute(
            "INSERT INTO event SELECT max(seq) + 1, ?, ?, ?, ?, '', '', ?, ?, x'' FROM event",
            (choice.choice([900 + n, -n, 2**62, 1.5]), f"new{n}", moment or "", odd_text(choice),
             choice.choice(_EVENT_KINDS), text),
        )  # fmt: skip


def _change_session(choice: random.Random, connection: sqlite3.Connection) -> None:
    ((text,),) = connection.execute("SELECT bank FROM session")
    bank = json.loads(text)
    block = choice.choice(bank["blocks"])
    question = choice.choice(block["questions"])
    match choice.randrange(7):
        case 0:
            question[choice.choice(["ask", "help", "example"])] = odd_text(choice)
        case 1:
            block["title"] = odd_text(choice)
        case 2:
            key = choice.choice(["title", "language", "canvas", "id", "subtitle"])
            bank[key] = odd_text(choice)
        case 3:
            block["questions"] = block["questions"] * choice.choice([0, 2, 200])
        case 4:
            text = odd_json(choice)
            bank = None
        case 5:
            bank["levels"] = json.loads('[{"id":"x","title":"X","voice":"we"}]')
        case _:
            bank["blocks"] = bank["blocks"] * choice.choice([0, 2, 61])
    text = text if bank is None else json.dumps(bank)
    connection.execute("UPDATE session SET bank = ?, bank_sha256 = ?", (text, fingerprint(text)))
    if choice.random() < 0.5:
        column = choice.choice(
            ["title", "mode", "names", "level", "quick", "created", "id", "questions"]
        )
        connection.execute(f"UPDATE session SET {column} = ?", (odd_value(choice),))


def _hash_again(connection: sqlite3.Connection, errors: str) -> None:
    connection.text_factory = lambda raw: raw.decode(errors=errors)
    row = connection.execute(f"SELECT {', '.join(SESSION_COLUMNS)} FROM session").fetchone()
    event_hash = hash_chain.first_hash(row)
    sql = f"SELECT seq, {', '.join(EVENT_COLUMNS)} FROM event ORDER BY seq"
    for seq, *values in connection.execute(sql).fetchall():
        event_hash = hash_chain.next_event_hash(event_hash, tuple(values))
        connection.execute("UPDATE event SET chain = ? WHERE seq = ?", (event_hash, seq))


def _definitions(choice: random.Random, path: Path) -> None:
    def change(connection: sqlite3.Connection) -> None:
        for definition in choice.sample(DEFINITIONS, choice.choice([1, 1, 1, 2])):
            is_trigger = definition.startswith("CREATE TRIGGER")  # it contains semicolons
            for sql in [definition] if is_trigger else definition.split("; "):
                connection.execute(sql)

    _change(path, _source(choice), change)


def _encoding(choice: random.Random, path: Path) -> None:
    """Write the same rows as UTF-16, or only change the encoding in the header."""
    content = _source(choice)
    if choice.random() < 0.3:
        content = content[:56] + struct.pack(">I", choice.choice([2, 3, 0, 4])) + content[60:]
        path.write_bytes(content)
        return
    plain = path.with_name("plain.db")
    plain.write_bytes(content)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute(f"PRAGMA encoding = '{choice.choice(['UTF-16le', 'UTF-16be'])}'")
        with closing(sqlite3.connect(plain)) as source:
            version, definitions = schema.read_schema(source)
            for kind, name, sql in sorted(definitions):  # tables before the view
                connection.execute(sql)
                rows = source.execute(f"SELECT * FROM {name}").fetchall() if kind == "table" else []
                for row in rows:
                    placeholders = ", ".join("?" * len(row))
                    connection.execute(f"INSERT INTO {name} VALUES ({placeholders})", row)
        connection.execute(f"PRAGMA application_id = {schema.APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {version}")
    plain.unlink()


KINDS: dict[str, Callable[[random.Random, Path], None]] = {
    "flipped bytes": _flip_bytes,
    "SQLite's header": _header,
    "pages": _pages,
    "page headers": _page_headers,
    "other files": _other_files,
    "forged journals": _add_journal,
    "cells": _cells,
    "rows": _rows,
    "rows, hashed again": _with_valid_hashes,
    "definitions": _definitions,
    "encodings": _encoding,
}
_WEIGHTS = [5, 5, 3, 4, 2, 2, 5, 2, 8, 5, 1]


def break_session(number: int, path: Path) -> str:
    """Write the malformed session file of that number to `path`; return the kind of the change."""
    choice = chance("sessions", number)
    kind = choice.choices(list(KINDS), _WEIGHTS)[0]
    KINDS[kind](choice, path)
    return kind
