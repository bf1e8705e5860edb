"""Opening a file of any kind: it is checked, and its bytes do not change."""

import os
import sqlite3
from collections.abc import Callable
from pathlib import Path, PurePath, PurePosixPath, PureWindowsPath

import pytest

from workshop.errors import BadFileError, CannotReadError, NotFoundError, WorkshopError
from workshop.storage.sqlite import schema
from workshop.storage.sqlite.event_store import SqliteEventStore

Meddle = Callable[..., None]


def read_all(path: Path) -> None:
    with SqliteEventStore.open(path) as opened:
        opened.session()
        opened.events()
        opened.drafts()


def refused(path: Path, kind: type[WorkshopError], pattern: str) -> None:
    """Assert that reading fails with one matching sentence, and changes no file."""
    before = path.read_bytes() if path.is_file() else None
    listing = sorted(path.parent.iterdir()) if path.parent.is_dir() else None
    with pytest.raises(kind, match=pattern) as caught:
        read_all(path)
    assert "\n" not in caught.value.message
    assert str(path) in caught.value.message
    assert caught.value.message.endswith(".")
    assert (path.read_bytes() if path.is_file() else None) == before
    assert (sorted(path.parent.iterdir()) if path.parent.is_dir() else None) == listing


@pytest.mark.parametrize(
    ("path", "uri"),
    [
        (PurePosixPath("/a b/c.db"), "file:///a%20b/c.db"),
        (PureWindowsPath(r"C:\a\b.db"), "file:///C:/a/b.db"),
        (PureWindowsPath(r"\\server\share\b.db"), "file:////server/share/b.db"),
    ],
)
def test_the_server_of_a_share_becomes_part_of_the_path(path: PurePath, uri: str) -> None:
    assert schema.uri_for_sqlite(path.as_uri()) == uri
    with pytest.raises(sqlite3.OperationalError, match="unable to open"):  # not "authority"
        sqlite3.connect(f"{uri}?mode=ro", uri=True)


# ── files that are no sessions ───────────────────────────────────────────────────────────────


def test_a_missing_file_is_reported(tmp_path: Path) -> None:
    refused(tmp_path / "none.db", NotFoundError, "There is no file")


def test_a_file_in_a_missing_folder_is_reported(tmp_path: Path) -> None:
    refused(tmp_path / "none" / "none.db", NotFoundError, "There is no file")


def test_an_empty_file_is_reported(tmp_path: Path) -> None:
    path = tmp_path / "empty.db"
    path.touch()
    refused(path, BadFileError, "is empty")


def test_a_directory_is_reported(tmp_path: Path) -> None:
    path = tmp_path / "folder.db"
    path.mkdir()
    refused(path, BadFileError, "is a directory")


@pytest.mark.parametrize("size", [1, 15, 99, 100, 5_000])
def test_a_text_file_is_reported(tmp_path: Path, size: int) -> None:
    path = tmp_path / "text.db"
    path.write_text("x" * size)
    refused(path, BadFileError, "is not a session file")


def test_the_beginning_of_a_database_alone_is_no_session(tmp_path: Path) -> None:
    path = tmp_path / "short.db"
    path.write_bytes(b"SQLite format 3\x00")
    refused(path, BadFileError, "is not a session file")


def test_a_database_of_another_program_is_reported(tmp_path: Path, meddle: Meddle) -> None:
    path = tmp_path / "other.db"
    meddle(path, "CREATE TABLE session (id)")
    refused(path, BadFileError, "a database of another program")


def test_a_newer_version_is_reported_with_what_to_do(session_path: Path, meddle: Meddle) -> None:
    meddle(session_path, f"PRAGMA user_version = {schema.VERSION + 1}")
    refused(session_path, BadFileError, "written by a newer Workshop")
    with pytest.raises(BadFileError) as caught:
        SqliteEventStore.open(session_path)
    assert "Install the newer" in caught.value.hint


def test_a_version_before_the_first_is_reported(session_path: Path, meddle: Meddle) -> None:
    meddle(session_path, "PRAGMA user_version = 0")
    refused(session_path, BadFileError, "was never finished")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes here")
def test_a_named_pipe_is_reported_and_not_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "pipe.db"
    os.mkfifo(path)
    refused(path, BadFileError, "is not an ordinary file")


def test_a_file_without_permission_is_reported(
    session_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The tests may run as root, to whom every file is open.
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as patched:
        patched.setattr(Path, "open", refuse)
        with pytest.raises(CannotReadError, match="cannot be read: permission denied"):
            SqliteEventStore.open(session_path)


def test_a_file_that_sqlite_may_not_open_is_reported(
    session_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    really_connect = sqlite3.connect

    def connect_elsewhere(_: str, **options: object) -> sqlite3.Connection:
        return really_connect("file:/nowhere/at/all?mode=rw", **options)

    with monkeypatch.context() as patched:
        patched.setattr(sqlite3, "connect", connect_elsewhere)
        with pytest.raises(CannotReadError, match="cannot be read: unable to open"):
            SqliteEventStore.open(session_path)


def test_a_file_that_lost_its_last_pages_is_reported(session_path: Path) -> None:
    whole = session_path.read_bytes()
    page = int.from_bytes(whole[16:18], "big")
    assert len(whole) > 5 * page
    for size in range(page, len(whole), page):
        session_path.write_bytes(whole[:size])
        refused(session_path, BadFileError, "is damaged")
    session_path.write_bytes(whole)
    read_all(session_path)


def test_a_file_truncated_anywhere_is_refused_or_reads_as_before(session_path: Path) -> None:
    with SqliteEventStore.open(session_path) as opened:
        events = opened.events()
    whole = session_path.read_bytes()
    for size in range(1, len(whole), 997):
        session_path.write_bytes(whole[:size])
        try:
            with SqliteEventStore.open(session_path) as opened:
                assert opened.events() == events
        except BadFileError:
            assert session_path.read_bytes() == whole[:size]


@pytest.mark.parametrize("name", ["50% of it.db", "who?.db", "a#b.db", "a&mode=memory.db", " .db"])
def test_a_file_of_any_name_opens(session_path: Path, name: str) -> None:
    read_all(session_path.rename(session_path.with_name(name)))


# ── files that define more, or other things, than a session ──────────────────────────────────

FOREIGN = {
    "a table": "CREATE TABLE extra (a)",
    "a view": "CREATE VIEW extra AS SELECT 1 AS a",
    "an index": "CREATE INDEX extra ON event (actor)",
    "a trigger on new events": """CREATE TRIGGER extra AFTER INSERT ON event
        BEGIN DELETE FROM event; END""",
    "a trigger on the session": """CREATE TRIGGER extra AFTER UPDATE ON session
        BEGIN UPDATE session SET title = 'theirs'; END""",
    "a virtual table": "CREATE VIRTUAL TABLE extra USING fts5(a)",
    "a view that never ends": """CREATE VIEW extra AS WITH RECURSIVE forever(n) AS
        (SELECT 1 UNION ALL SELECT n + 1 FROM forever) SELECT max(n) FROM forever""",
    "statistics": "ANALYZE",
    "a missing view": "DROP VIEW answers",
    "a missing table": "DROP TABLE draft",
    "a table with one more column": "ALTER TABLE event ADD COLUMN more TEXT",
    "a table with another name": "ALTER TABLE draft RENAME TO drafts",
}


@pytest.mark.parametrize("definition", FOREIGN)
def test_a_file_that_defines_something_else_is_refused(
    session_path: Path, meddle: Meddle, definition: str
) -> None:
    meddle(session_path, FOREIGN[definition])
    refused(session_path, BadFileError, "defines other tables than a session does")


def test_a_view_of_the_same_name_with_other_sql_is_refused(
    session_path: Path, meddle: Meddle
) -> None:
    meddle(session_path, "DROP VIEW answers", "CREATE VIEW answers AS SELECT 'nothing' AS answer")
    refused(session_path, BadFileError, "defines other tables than a session does")


def test_a_changed_definition_is_refused(session_path: Path, meddle: Meddle) -> None:
    meddle(
        session_path,
        "PRAGMA writable_schema = ON",
        "UPDATE sqlite_schema SET sql = replace(sql, 'text TEXT NOT NULL', 'text TEXT')",
    )
    refused(session_path, BadFileError, "defines other tables than a session does")


def test_a_trigger_disguised_as_an_index_of_sqlites_own_is_refused(
    session_path: Path, meddle: Meddle
) -> None:
    meddle(
        session_path,
        "CREATE TRIGGER extra AFTER INSERT ON event BEGIN DELETE FROM event; END",
        "PRAGMA writable_schema = ON",
        "UPDATE sqlite_schema SET name = 'sqlite_autoindex_x' WHERE name = 'extra'",
    )
    refused(session_path, BadFileError, "SQLite cannot make sense of it")


def test_a_refused_file_in_wal_mode_keeps_its_bytes_too(session_path: Path, meddle: Meddle) -> None:
    meddle(session_path, "PRAGMA journal_mode = WAL", "CREATE TABLE extra (a)")
    refused(session_path, BadFileError, "defines other tables than a session does")


def test_a_session_that_another_program_put_into_wal_mode_is_changed_back(
    session_path: Path, meddle: Meddle
) -> None:
    meddle(session_path, "PRAGMA journal_mode = WAL")
    read_all(session_path)
    assert session_path.read_bytes()[18:20] == b"\x01\x01"  # the header's word for a journal


# ── files whose words were changed ───────────────────────────────────────────────────────────

THE_BANK = "bank = replace(bank, 'Who is it for?', 'Who is it against?')"
CHANGED = {
    "a question": (f"UPDATE session SET {THE_BANK}", "question bank"),
    "the bank's fingerprint": ("UPDATE session SET bank_sha256 = 'x'", "question bank"),
    "the title": ("UPDATE session SET title = 'Theirs'", "event 1 of 6"),
    "the id": ("UPDATE session SET id = lower(hex(zeroblob(16)))", "event 1 of 6"),
    "the mode": ("UPDATE session SET mode = 'solo'", "event 1 of 6"),
    "the level": ("UPDATE session SET level = ''", "makes no sense"),
    "the quickness": ("UPDATE session SET quick = 1", "event 1 of 6"),
    "the number of questions": ("UPDATE session SET questions = 3", "event 1 of 6"),
    "the date": ("UPDATE session SET created = '2020-01-01T00:00:00Z'", "event 1 of 6"),
    "no mode there is": ("UPDATE session SET mode = 'crowd'", "makes no sense"),
    "no id at all": ("UPDATE session SET id = 'x'", "makes no sense"),
    "no date at all": ("UPDATE session SET created = 'yesterday'", "makes no sense"),
    "a date before time": (
        "UPDATE session SET created = '0001-01-01T00:00:00+23:59'",
        "makes no sense",
    ),
    "names that nest": ("UPDATE session SET names = replace(hex(zeroblob(50000)), '0', '[')",
                        "makes no sense"),
    "no session": ("DELETE FROM session", "holds 0 sessions"),
    "an answer's words": (
        "UPDATE event SET body = replace(body, 'Village', 'Town') WHERE seq = 3",
        "event 3 of 6",
    ),
    "an answer's time": ("UPDATE event SET at = '' WHERE seq = 3", "event 3 of 6"),
    "an answer's actor": ("UPDATE event SET actor = 'Ben' WHERE seq = 4", "event 4 of 6"),
    "an answer's id": ("UPDATE event SET id = 'x' WHERE seq = 4", "event 4 of 6"),
    "an event's kind": ("UPDATE event SET kind = 'answer_removed' WHERE seq = 5", "event 5 of 6"),
    "an event's counter": ("UPDATE event SET counter = 9 WHERE seq = 5", "event 5 of 6"),
    "a link": ("UPDATE event SET chain = x'00' WHERE seq = 6", "event 6 of 6"),
    "words that are no UTF-8": (
        "UPDATE event SET actor = CAST(x'ff' AS TEXT) WHERE seq = 5",
        "cannot make sense",
    ),
    "the first event gone": ("DELETE FROM event WHERE seq = 1", "event 1 of 5"),
    "an event gone": ("DELETE FROM event WHERE seq = 3", "event 3 of 5"),
    "an event gone, the others moved up": (
        "DELETE FROM event WHERE seq = 3; UPDATE event SET seq = seq - 1, counter = counter - 1 "
        "WHERE seq > 3",
        "event 3 of 5",
    ),
    "two events swapped": (
        "UPDATE event SET seq = 99 WHERE seq = 3; UPDATE event SET seq = 3 WHERE seq = 4; "
        "UPDATE event SET seq = 4 WHERE seq = 99",
        "event 3 of 6",
    ),
    "a gap in the numbers": ("UPDATE event SET seq = seq + 1 WHERE seq = 6", "event 6 of 6"),
    "an event of theirs": (
        "INSERT INTO event SELECT 7, 7, 'x', at, actor, seat, batch, kind, body, chain "
        "FROM event WHERE seq = 3",
        "event 7 of 7",
    ),
}  # fmt: skip


@pytest.mark.parametrize("change", CHANGED)
def test_a_change_behind_our_back_is_noticed(
    session_path: Path, meddle: Meddle, change: str
) -> None:
    statements, problem = CHANGED[change]
    before = session_path.read_bytes()
    meddle(session_path, *statements.split("; "))
    assert session_path.read_bytes() != before
    refused(session_path, BadFileError, f"is damaged: .*{problem}")


def test_two_sessions_in_one_file_are_refused(session_path: Path, meddle: Meddle) -> None:
    meddle(
        session_path,
        "INSERT INTO session SELECT 'x', title, mode, bank_id, bank_version, bank, bank_sha256, "
        "level, quick, names, questions, created FROM session",
    )
    refused(session_path, BadFileError, "holds 2 sessions")


def test_every_flipped_bit_in_an_answer_is_noticed(session_path: Path) -> None:
    whole = bytearray(session_path.read_bytes())
    at = whole.index(b"Village bakers")
    for offset in range(at, at + len(b"Village bakers")):
        flipped = bytearray(whole)
        flipped[offset] ^= 1
        session_path.write_bytes(flipped)
        with pytest.raises(BadFileError, match="is damaged"):
            read_all(session_path)


def test_damage_to_a_page_that_changes_no_word_is_noticed(session_path: Path) -> None:
    connection = sqlite3.connect(session_path)
    (root,) = connection.execute(
        "SELECT rootpage FROM sqlite_schema WHERE name = 'draft'"
    ).fetchone()
    connection.close()
    pages = bytearray(session_path.read_bytes())
    page = int.from_bytes(pages[16:18], "big")
    pages[(root - 1) * page + 7] ^= 1  # the page's count of fragmented bytes
    session_path.write_bytes(pages)
    refused(session_path, BadFileError, "SQLite's check fails")


def test_a_locked_file_is_reported(session_path: Path, impatient: None, meddle: Meddle) -> None:
    other = sqlite3.connect(session_path, isolation_level=None)
    try:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(CannotReadError, match="is being written by another program"):
            read_all(session_path)
    finally:
        other.close()
    read_all(session_path)
