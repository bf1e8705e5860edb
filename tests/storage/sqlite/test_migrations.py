"""Session files of every past version: they open, are read, and are migrated.

The files in tests/data are real ones, written by the Workshop of their time. Never change them.
"""

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from store_support import Writer

from workshop.errors import BadFileError, CannotWriteError
from workshop.session.event_log import EventLog
from workshop.session.events import Event, VoteCast
from workshop.storage.catalog import list_sessions, read_summary
from workshop.storage.draft import Draft
from workshop.storage.sqlite import migrations, schema
from workshop.storage.sqlite.event_store import SqliteEventStore

FILES = {
    int(path.stem.removeprefix("session-v")): path
    for path in (Path(__file__).parents[2] / "data").glob("session-v*.db")
}
Meddle = Callable[..., None]
Happened = Callable[..., list[Event]]


def user_version(path: Path) -> int:
    return int.from_bytes(path.read_bytes()[60:64], "big")


def content_of(path: Path) -> tuple[list[Event], list[Draft]]:
    with SqliteEventStore.open(path) as opened:
        return opened.events(), opened.drafts()


def votes_in(path: Path) -> list[tuple[object, ...]]:
    connection = sqlite3.connect(path)
    try:
        return connection.execute("SELECT number, answer, votes FROM answers").fetchall()
    finally:
        connection.close()


@pytest.fixture(params=sorted(FILES))
def kept(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A copy of a file of each version, alone in its directory."""
    return Path(shutil.copy(FILES[request.param], tmp_path / "kept.db"))


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A copy of the file of version 1, alone in its directory."""
    return Path(shutil.copy(FILES[1], tmp_path / "old.db"))


def backup_of(path: Path, version: int = 1) -> Path:
    return path.with_name(f"{path.name}.v{version}-backup")


# ── every version, for ever ──────────────────────────────────────────────────────────────────


def test_there_is_a_file_of_every_version() -> None:
    versions = list(range(1, schema.VERSION + 1))
    assert sorted(FILES) == sorted(migrations.SCHEMAS) == versions
    assert [user_version(FILES[v]) for v in versions] == versions


def test_a_file_of_any_version_is_read_whole_and_keeps_its_bytes(kept: Path) -> None:
    before = kept.read_bytes()
    with SqliteEventStore.open(kept) as opened:
        session, event_log, drafts = opened.session(), EventLog(opened.events()), opened.drafts()
    assert session.title == "Harbour 2027"
    assert session.names == {"higher": "Halden"}
    assert [(a.number, a.text, a.participant, a.edited) for a in event_log.state.answers.values()][
        :7
    ] == [
        (1, "Berths are booked a day ahead", "Anna", False),
        (2, "The tugs wait 40 minutes on average", "Anna", True),
        (3, "Ships arrive\nin the order in which they called", "Ben", False),
        (5, "שלום עולם and 港口 🚢", "Anna", False),
        (7, "Deleted and brought back", "Anna", False),
        (8, "= SUM(1) is no formula", "Anna", False),
        (9, "A half-typed thought", "Anna", False),
    ]
    assert dict(event_log.state.skipped) == {"value_propositions.higher": "no figures yet"}
    assert event_log.state.participants == ("Anna", "Ben")
    assert [(d.question, d.text) for d in drafts] == [
        ("value_propositions.lower", "Invoices are right the fi")
    ]
    assert event_log.state.unapplied == []
    (listed,), unreadable = list_sessions(kept.parent)
    assert (listed.title, listed.answers, unreadable) == ("Harbour 2027", 7, [])
    assert kept.read_bytes() == before
    assert list(kept.parent.iterdir()) == [kept]


def test_a_session_of_any_version_can_be_continued(kept: Path, happened: Happened) -> None:
    events, drafts = content_of(kept)
    writer = Writer.open_to_write(kept)
    answer = next(iter(EventLog(events).state.answers))
    more = happened(VoteCast(answer=answer, dots=3))
    writer.add(more)
    writer.close()
    assert user_version(kept) == schema.VERSION
    assert content_of(kept) == ([*events, *more], drafts)
    dots = EventLog([*events, *more]).state.answers[answer].votes
    assert votes_in(kept)[0] == (1, "Berths are booked a day ahead", dots)


def test_a_file_of_version_2_has_its_dots_points_and_actions() -> None:
    events, _ = content_of(FILES[2])
    state = EventLog(events).state
    assert [(a.number, a.votes) for a in state.answers.values() if a.votes] == [(2, 5), (5, 1)]
    assert [(p.text, p.question, p.participant) for p in state.parked] == [
        ("Who pays for the tugs?", "value_propositions.lower", "Anna")
    ]
    assert [(a.text, a.owner, a.due) for a in state.actions] == [
        ("Ask the pilots", "Ben", "3 May"),
        ("Go to work by bike", "", ""),
    ]
    assert [row for row in votes_in(FILES[2]) if row[2]] == [
        (2, "The tugs wait 40 minutes on average", 5),
        (5, "שלום עולם and 港口 🚢", 1),
    ]


def test_a_file_of_version_3_has_its_seats_and_batches() -> None:
    events, drafts = content_of(FILES[3])
    older, _ = content_of(FILES[2])
    assert events[: len(older)] == older
    assert {(e.seat, e.batch) for e in older} == {("", "")}
    assert [(e.actor, e.seat, e.batch) for e in events[len(older) :]] == [
        ("Cleo", "phone-1", "dots-1"),
        ("Cleo", "phone-1", "dots-1"),
        ("", "-", ""),
        ("Anna", "", "parked-1"),
    ]
    assert [(d.seat, d.participant) for d in drafts] == [("phone-1", "Cleo")]


@pytest.mark.parametrize("version", [1, 2])
def test_a_migrated_file_keeps_its_hashes_and_has_its_table_of_answers(
    tmp_path: Path, version: int
) -> None:
    path = Path(shutil.copy(FILES[version], tmp_path / "old.db"))

    def hashes() -> list[object]:
        with closing(sqlite3.connect(path)) as connection:
            return connection.execute("SELECT seq, chain FROM event ORDER BY seq").fetchall()

    before = hashes()
    SqliteEventStore.open_to_write(path).close()
    assert hashes() == before
    with SqliteEventStore.open(path) as file:
        addresses, state = file.session().addresses, EventLog(file.events()).state
    numbers = [answer.number for address in addresses for answer in state.answers_to(address)]
    assert [row[0] for row in votes_in(path)] == numbers


# ── from version 1 ───────────────────────────────────────────────────────────────────────────


def test_opening_for_writing_migrates_a_file_and_leaves_a_backup(old: Path) -> None:
    events, drafts = content_of(old)
    writer = SqliteEventStore.open_to_write(old)
    writer.close()
    backup = backup_of(old)
    assert writer.backup == backup
    assert sorted(old.parent.iterdir()) == [old, backup]
    assert (user_version(old), user_version(backup)) == (schema.VERSION, 1)
    assert content_of(old) == content_of(backup) == (events, drafts)
    connection = sqlite3.connect(old)
    assert schema.read_schema(connection) == (schema.VERSION, schema.DEFINITIONS)
    connection.close()


def test_a_file_is_migrated_once(old: Path) -> None:
    SqliteEventStore.open_to_write(old).close()
    after = sorted(old.parent.glob(f"{old.name}*"))
    writer = SqliteEventStore.open_to_write(old)
    writer.close()
    assert writer.backup is None
    assert sorted(old.parent.glob(f"{old.name}*")) == after


def test_an_existing_backup_is_never_overwritten(old: Path) -> None:
    first, second = backup_of(old), backup_of(old).with_name(f"{backup_of(old).name}-2")
    first.write_text("somebody's")
    second.symlink_to(old.parent / "nowhere")
    writer = SqliteEventStore.open_to_write(old)
    writer.close()
    assert writer.backup == first.with_name(f"{first.name}-3")
    assert first.read_text() == "somebody's"
    assert second.is_symlink()
    assert user_version(writer.backup) == 1


def test_any_first_write_migrates_the_file(old: Path) -> None:
    with SqliteEventStore.open(old) as opened:
        opened.save_draft(Draft("Anna", "key_partners.lower", "Half"))
    assert user_version(old) == schema.VERSION
    assert backup_of(old).exists()


def test_the_backup_is_not_listed_as_a_session(old: Path) -> None:
    SqliteEventStore.open_to_write(old).close()
    summaries, unreadable = list_sessions(old.parent)
    assert [s.path for s in summaries] == [old]
    assert unreadable == []
    copy = backup_of(old).rename(old.with_name("copy.db"))
    assert read_summary(copy).answers == 7


def test_a_backup_that_cannot_be_made_is_reported_and_nothing_changes(
    old: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = old.read_bytes()

    def no_room(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(migrations, "_copy", no_room)
    with pytest.raises(CannotWriteError, match=r"older Workshop wrote .*no space left") as caught:
        SqliteEventStore.open_to_write(old)
    assert caught.value.message.startswith("This session cannot be written: ")
    assert old.read_bytes() == before
    assert list(old.parent.iterdir()) == [old]


def test_a_failed_migration_leaves_the_file_as_it_was_and_no_backup(
    old: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = content_of(old)
    monkeypatch.setattr(
        migrations, "_STEPS", {1: (), 2: ("DROP VIEW answers", "CREATE VIEW x AS SELECT 1")}
    )
    with pytest.raises(BadFileError, match="defines other tables"):
        SqliteEventStore.open_to_write(old)
    monkeypatch.setattr(migrations, "_STEPS", {1: ("DROP VIEW answers", "CREATE NONSENSE"), 2: ()})
    with pytest.raises(BadFileError, match="cannot make sense"):
        SqliteEventStore.open_to_write(old)
    assert list(old.parent.iterdir()) == [old]
    assert user_version(old) == 1
    assert content_of(old) == content


def test_a_file_that_another_program_is_writing_is_left_alone(old: Path, impatient: None) -> None:
    other = sqlite3.connect(old, isolation_level=None)
    try:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(CannotWriteError, match="another program is writing to it"):
            SqliteEventStore.open_to_write(old)
    finally:
        other.close()
    assert list(old.parent.iterdir()) == [old]
    assert user_version(old) == 1


def test_no_program_can_write_to_the_file_while_its_backup_is_made(
    old: Path, impatient: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    really_copy = migrations._copy

    def copy_while_another_writes(path: Path, target: Path) -> None:
        other = sqlite3.connect(path, timeout=0.001, isolation_level=None)
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("BEGIN IMMEDIATE")
        other.close()
        really_copy(path, target)

    monkeypatch.setattr(migrations, "_copy", copy_while_another_writes)
    SqliteEventStore.open_to_write(old).close()
    assert user_version(old) == schema.VERSION


def test_a_file_that_another_workshop_migrated_meanwhile_is_not_migrated_again(
    old: Path,
) -> None:
    with SqliteEventStore.open(old) as opened:
        opened.events()
        SqliteEventStore.open_to_write(old).close()
        opened.check_writable()
        assert opened.backup is None
    assert sorted(old.parent.iterdir()) == [old, backup_of(old)]


def test_a_damaged_log_is_refused_before_anything_is_changed(old: Path, meddle: Meddle) -> None:
    meddle(old, "UPDATE event SET actor = 'x' WHERE seq = 2")
    before = old.read_bytes()
    with pytest.raises(BadFileError, match="event 2 of 23"):
        SqliteEventStore.open_to_write(old)
    assert old.read_bytes() == before
    assert list(old.parent.iterdir()) == [old]


@pytest.mark.parametrize("version", [1, 2])
def test_a_file_with_the_definitions_of_another_version_is_refused(
    tmp_path: Path, meddle: Meddle, version: int
) -> None:
    path = Path(shutil.copy(FILES[version], tmp_path / "wrong.db"))
    meddle(path, f"PRAGMA user_version = {3 - version}")
    before = path.read_bytes()
    with pytest.raises(BadFileError, match="defines other tables"):
        SqliteEventStore.open(path)
    assert path.read_bytes() == before


# ── kill -9 ──────────────────────────────────────────────────────────────────────────────────

KILLED = """
import os, signal, sqlite3, sys
from pathlib import Path
from workshop.files import atomic
from workshop.storage.sqlite.event_store import SqliteEventStore

def killed(*_):
    os.kill(os.getpid(), signal.SIGKILL)

class Connection(sqlite3.Connection):
    began = False
    def execute(self, sql, *values):
        self.began = self.began or sql.startswith("BEGIN")
        if self.began and sql.startswith(sys.argv[2]):
            killed()
        return super().execute(sql, *values)

really_connect = sqlite3.connect
sqlite3.connect = lambda *a, **k: really_connect(*a, **k, factory=Connection)
if sys.argv[2] == "copying":
    atomic.rename_into_place = killed
with SqliteEventStore.open(Path(sys.argv[1])) as file:
    file.events()
    file.check_writable()
"""


@pytest.mark.skipif(os.name != "posix", reason="there is no kill -9 on Windows")
@pytest.mark.parametrize(
    "moment",
    [
        "copying",
        "DROP VIEW",
        "INSERT INTO event",
        "DROP TABLE draft_2",
        "PRAGMA user_version =",
        "SELECT number",
        "COMMIT",
    ],
)
def test_a_kill_during_the_migration_leaves_a_file_that_opens(old: Path, moment: str) -> None:
    content = content_of(old)
    killed = subprocess.run([sys.executable, "-c", KILLED, str(old), moment], check=False)
    assert killed.returncode == -signal.SIGKILL
    assert backup_of(old).exists() == (moment != "copying")
    assert user_version(old) == 1
    assert content_of(old) == content
    writer = SqliteEventStore.open_to_write(old)
    writer.close()
    assert writer.backup is not None
    assert user_version(old) == schema.VERSION
    assert content_of(old) == content_of(writer.backup) == content
