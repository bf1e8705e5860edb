"""Law 1 for every writer: data that is reported as saved survives a power cut.

The fault tests cut the power. These tests check the calls of each writer to SQLite and the system,
in a second: they fail if a durability setting is changed, or missing in a new writer.
"""

import ast
import os
import shutil
import sqlite3
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import pytest
from live_session_support import commit_all, open_client, say
from store_support import Writer

import workshop
from workshop.live_session import LiveSession
from workshop.session.events import Event
from workshop.session.session import Session
from workshop.storage.backup import back_up
from workshop.storage.draft import Draft
from workshop.storage.integrity.rescue import rescue
from workshop.storage.integrity.verify import verify
from workshop.storage.merge_files import merge
from workshop.storage.sqlite.create import create_session
from workshop.storage.sqlite.event_store import SqliteEventStore
from workshop.storage.trash import move_to_trash

if sys.platform == "darwin":
    import fcntl

DURABLE = {"journal_mode": "delete", "synchronous": 3, "fullfsync": 1}
"""What a connection has set that writes: a rollback journal, and EXTRA, which syncs the directory
once the journal is gone."""
WRITING = {"ALTER", "BEGIN IMMEDIATE", "COMMIT", "CREATE", "DELETE", "DROP", "INSERT", "REPLACE",
           "UPDATE", "VACUUM"}  # fmt: skip
OLD = Path(__file__).parents[2] / "data" / "session-v1.db"
DRAFT = Draft("Anna", "who.first", "half a thought", at="2027-03-01T10:00:00Z")


@dataclass
class Seen:
    """The recorded calls of the writers, in order."""

    modules: set[str] = field(default_factory=set)
    """Which modules opened a database."""
    writes: list[tuple[str, dict[str, object]]] = field(default_factory=list)
    """Each statement that writes, with the settings of its connection at that moment."""
    copied: list[int] = field(default_factory=list)
    """The inode of each file that SQLite copied a database into and that was not synced since."""
    named_in: list[int] = field(default_factory=list)
    """The inode of each directory in which a file was renamed and that was not synced since."""
    named_unsynced: list[str] = field(default_factory=list)
    """The names of copies that were renamed before they were synced."""

    def syncing(self, sync: Callable[..., object]) -> Callable[..., object]:
        """Return `sync`, a function that makes an open file durable, with its calls recorded."""

        def watched(handle: int, *command: int) -> object:
            done = sync(handle, *command)
            synced = os.fstat(handle).st_ino
            self.copied = [inode for inode in self.copied if inode != synced]
            self.named_in = [inode for inode in self.named_in if inode != synced]
            return done

        return watched

    def naming(self, give: Callable[..., None]) -> Callable[..., None]:
        """Return `give`, a function that names a file, with its calls recorded."""

        def watched(source: str, target: str, **options: object) -> None:
            if Path(source).stat().st_ino in self.copied:
                self.named_unsynced.append(str(target))
            give(source, target, **options)
            if os.name == "posix":  # elsewhere the system syncs no directory
                self.named_in.append(Path(target).parent.stat().st_ino)

        return watched


class Watched(sqlite3.Connection):
    """A connection that records its writing statements, with its settings."""

    seen: Seen

    def _note(self, sql: str) -> None:
        words = sql.upper().split()
        if words[0] in WRITING or " ".join(words[:2]) in WRITING:
            settings = {
                name: super(Watched, self).execute(f"PRAGMA {name}").fetchone()[0]
                for name in DURABLE
            }
            self.seen.writes.append((" ".join(words[:3]), settings))

    def execute(self, sql: str, *values: object) -> sqlite3.Cursor:
        self._note(sql)
        return super().execute(sql, *values)

    def executemany(self, sql: str, values: object) -> sqlite3.Cursor:
        self._note(sql)
        return super().executemany(sql, values)

    def backup(self, target: sqlite3.Connection, **options: object) -> None:
        super().backup(target, **options)
        ((_, _, path),) = target.execute("PRAGMA database_list").fetchall()
        self.seen.copied.append(Path(path).stat().st_ino)


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> Seen:
    """Record every opened database, every sync and every rename."""
    seen = Seen()
    monkeypatch.setattr(Watched, "seen", seen, raising=False)
    connect = partial(sqlite3.connect, factory=Watched)

    def watched_connect(*where: object, **options: object) -> sqlite3.Connection:
        frame = sys._getframe(1)
        while frame.f_code.co_name == "connect" and frame.f_back:  # the door in `schema`
            frame = frame.f_back
        seen.modules.add(frame.f_globals["__name__"])
        return connect(*where, **options)

    monkeypatch.setattr(sqlite3, "connect", watched_connect)
    monkeypatch.setattr(os, "fsync", seen.syncing(os.fsync))
    if sys.platform == "darwin":
        monkeypatch.setattr(fcntl, "fcntl", seen.syncing(fcntl.fcntl))
    for name in ("link", "rename", "replace"):
        monkeypatch.setattr(os, name, seen.naming(getattr(os, name)))
    return seen


@dataclass
class Position:
    """The arguments of a writer: a session of six events, and one event more."""

    path: Path
    target: Path
    session: Session
    events: Sequence[Event]
    more: Sequence[Event]


@pytest.fixture
def place(
    session_path: Path,
    tmp_path: Path,
    make_session: Callable[..., Session],
    first_events: list[Event],
    one_more: list[Event],
) -> Position:
    return Position(session_path, tmp_path / "new.db", make_session(), first_events, one_more)


def answer(at: Position) -> None:
    client = open_client(at.path)
    client.save_draft("half a thought").result(30)
    say(client, "a whole thought", "another one")
    commit_all(client, "one", "", "two")
    client.save_draft("half a thought").result(30)
    client.save_draft("").result(30)
    client.live_session.close()


def upgrade(at: Position) -> None:
    shutil.copyfile(OLD, at.path)
    SqliteEventStore.open_to_write(at.path).close()


def save_elsewhere(at: Position) -> None:
    live_session = LiveSession.open(at.path)
    live_session.save_as(str(at.target), DRAFT).result(30)
    live_session.close()


def save_what_is_gone_elsewhere(at: Position) -> None:
    live_session = LiveSession.open(at.path)
    at.path.write_bytes(b"gone" * 5_000)
    live_session.save_as(str(at.target), DRAFT).result(30)
    live_session.close()
    at.path.unlink()


def put_into_wal_mode(path: Path) -> None:
    connection = sqlite3.Connection(path)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.close()


def answer_in_wal_mode(at: Position) -> None:
    put_into_wal_mode(at.path)
    answer(at)


def back_up_one_in_wal_mode(at: Position) -> None:
    put_into_wal_mode(at.path)
    back_up(at.path, at.target)
    at.path.unlink()


def append_to_an_open_file(at: Position) -> None:
    with Writer.open(at.path) as opened:
        opened.add(at.more)
        opened.save_draft(DRAFT)


WRITERS: dict[str, Callable[[Position], object]] = {
    "create": lambda at: create_session(at.target.parent, at.session, at.events),
    "answer": answer,
    "answer after a backup": lambda at: (answer(at), answer(at)),
    "delete": lambda at: (answer(at), move_to_trash(at.path)),
    "append": append_to_an_open_file,
    "answer in WAL mode": answer_in_wal_mode,
    "upgrade": upgrade,
    "backup": lambda at: back_up(at.path, at.target),
    "backup over a file": lambda at: back_up(
        at.path, shutil.copy(at.path, at.target), replace=True
    ),
    "backup of one in WAL mode": back_up_one_in_wal_mode,
    "merge": lambda at: merge(at.path, at.path, at.target),
    "rescue": lambda at: rescue(at.path, at.target),
    "save elsewhere": save_elsewhere,
    "save what is gone elsewhere": save_what_is_gone_elsewhere,
}
"""All that writes a session file. An import is `create`."""


@pytest.mark.parametrize("writer", WRITERS)
def test_whatever_writes_a_session_file_does_it_durably(
    seen: Seen, place: Position, writer: str
) -> None:
    WRITERS[writer](place)
    assert [what for what in seen.writes if what[1] != DURABLE] == []
    assert any(statement == "COMMIT" for statement, _ in seen.writes) or "backup" in writer
    assert (seen.named_unsynced, seen.copied, seen.named_in) == ([], [], [])
    for path in place.path.parent.glob("*.db*"):
        assert path.read_bytes()[18:20] == b"\x01\x01", "a file of a rollback journal, not of WAL"


def test_every_module_that_opens_a_database_is_among_these_writers(
    seen: Seen, place: Position
) -> None:
    for number, write in enumerate(WRITERS.values()):
        folder = place.path.with_name(str(number))
        folder.mkdir()
        path = Path(shutil.copy(place.path, folder))
        write(Position(path, folder / "new.db", place.session, place.events, place.more))
    verify(place.path)  # it opens a copy
    assert seen.modules == set(modules_that_connect())


def modules_that_connect() -> Iterator[str]:
    """Yield each module of the program that calls `connect`, except the one that defines it."""
    root = Path(workshop.__file__).parent
    for path in root.rglob("*.py"):
        nodes = ast.walk(ast.parse(path.read_text("utf-8")))
        called = {ast.unparse(node.func) for node in nodes if isinstance(node, ast.Call)}
        if any(name.split(".")[-1] == "connect" for name in called - {"sqlite3.connect"}):
            yield ".".join(path.relative_to(root.parent).with_suffix("").parts)


def test_only_one_module_opens_databases_by_itself() -> None:
    root = Path(workshop.__file__).parent
    assert [p.stem for p in root.rglob("*.py") if "sqlite3.connect(" in p.read_text("utf-8")] == [
        "schema"
    ]
