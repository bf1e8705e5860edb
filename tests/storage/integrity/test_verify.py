"""Whether a session file is sound, and which of its events are if it is not."""

import random
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from damage_support import flipped, long_session, records_in
from store_support import Writer

from workshop.errors import BadFileError, NotFoundError, WorkshopError
from workshop.session.event_log import EventLog
from workshop.session.events import AnswerEdited, Event
from workshop.session.record import Record
from workshop.storage.draft import Draft
from workshop.storage.integrity import verify as module
from workshop.storage.integrity.verify import Verdict, verify
from workshop.storage.sqlite import schema
from workshop.storage.sqlite.create import create_from_log
from workshop.storage.sqlite.journal import journal_path

Meddle = Callable[..., None]
DATA = Path(__file__).parents[2] / "data"


def checked(path: Path) -> Verdict:
    """Verify, and assert that nothing was touched."""
    before = {p: (p.read_bytes(), p.stat().st_mtime_ns) for p in path.parent.iterdir()}
    try:
        return verify(path)
    finally:
        now = {p: (p.read_bytes(), p.stat().st_mtime_ns) for p in path.parent.iterdir()}
        assert now == before


@pytest.fixture
def long_path(tmp_path: Path) -> Path:
    path = tmp_path / "long.db"
    path.write_bytes(long_session())
    return path


# ── sound ────────────────────────────────────────────────────────────────────────────────────


def test_a_sound_file_is_counted(session_path: Path) -> None:
    verdict = checked(session_path)
    assert verdict.is_sound
    assert (verdict.events, verdict.answers, verdict.damage) == (6, 2, ())
    assert (verdict.sound, verdict.unsound) == ((1, 2, 3, 4, 5, 6), ())


def test_a_long_session_is_sound(long_path: Path) -> None:
    verdict = checked(long_path)
    event_log = EventLog(record.event for record in records_in(long_path))
    assert (verdict.damage, verdict.events) == ((), 100)
    assert verdict.answers == len(event_log.state.answers)


@pytest.mark.parametrize("name", sorted(p.name for p in DATA.glob("session-v*.db")))
def test_a_file_of_every_version_is_sound(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes((DATA / name).read_bytes())
    assert checked(tmp_path / name).is_sound


def test_a_session_without_events_is_sound(
    tmp_path: Path, make_session: Callable[..., object]
) -> None:
    verdict = checked(create_from_log(tmp_path, make_session(), []))
    assert (verdict.is_sound, verdict.events) == (True, 0)


def test_a_file_that_is_open_and_written_to_is_sound(file: Writer, one_more: list[Event]) -> None:
    file.add(one_more)
    file.save_draft(Draft("Anna", "who.first", "half"))
    assert verify(file.path).is_sound


def test_an_event_without_effect_is_a_warning_and_no_damage(
    file: Writer, happened: Callable[..., list[Event]]
) -> None:
    file.add(happened(AnswerEdited(answer="nobody's", text="x")))
    verdict = checked(file.path)
    assert verdict.is_sound
    assert verdict.warnings == (
        "Event 7 has no effect: the answer that it changes is not there. "
        "Anna changed it to “x” on 2027-03-01 at 09:01 UTC.",
    )


def test_an_event_of_a_later_version_is_a_warning_and_no_damage(
    tmp_path: Path, make_session: Callable[..., object]
) -> None:
    sung = Record(1, "Anna", "a" * 32, "2027-03-01T09:00:00.000Z", "answer_sung", '{"key": "C"}')
    verdict = checked(create_from_log(tmp_path, make_session(), [sung]))
    assert verdict.is_sound
    (warning,) = verdict.warnings
    assert warning == (
        "Event 1 has no effect: this version of Workshop does not know it. "
        'Anna wrote “answer_sung” ({"key": "C"}) on 2027-03-01 at 09:00 UTC.'
    )


def test_a_write_that_was_cut_short_is_no_damage_and_its_journal_stays(session_path: Path) -> None:
    other = sqlite3.connect(session_path, isolation_level=None)
    other.execute("PRAGMA cache_size = 1")
    other.execute("PRAGMA cache_spill = 1")
    other.execute("BEGIN IMMEDIATE")
    other.execute("UPDATE event SET body = hex(zeroblob(20000))")
    left = session_path.read_bytes(), journal_path(session_path).read_bytes()
    other.execute("ROLLBACK")
    other.close()
    session_path.write_bytes(left[0])
    journal_path(session_path).write_bytes(left[1])
    assert checked(session_path).is_sound


# ── damaged ──────────────────────────────────────────────────────────────────────────────────

DAMAGE = {
    "an answer's words": (
        "UPDATE event SET body = replace(body, 'Village', 'Town') WHERE seq = 3",
        "the record of event 3 of 6 was changed",
        (3,),
    ),
    "an answer's hash": (
        "UPDATE event SET chain = zeroblob(16) WHERE seq = 3",
        "the record of event 3 of 6 was changed",
        (),
    ),
    "an event that is gone": (
        "DELETE FROM event WHERE seq = 3",
        "event 3 of 5 is not where it should be",
        (4,),
    ),
    "an event of theirs": (
        "INSERT INTO event SELECT 7, 7, 'x', at, actor, seat, batch, kind, body, chain "
        "FROM event WHERE seq = 3",
        "the record of event 7 of 7 was changed",
        (7,),
    ),
    "a counter that is no number": (
        "UPDATE event SET counter = 'first' WHERE seq = 3",
        "the record of event 3 of 6 was changed",
        (3,),
    ),
    "words that are no UTF-8": (
        "UPDATE event SET actor = CAST(x'ff' AS TEXT) WHERE seq = 5",
        "the record of event 5 of 6 was changed",
        (5,),
    ),
    "the title": (
        "UPDATE session SET title = 'Theirs'",
        "the record of event 1 of 6 was changed",
        (1,),
    ),
    "the bank": (
        "UPDATE session SET bank = replace(bank, 'Who', 'Why')",
        "the question bank inside it was changed",
        (1,),
    ),
    "the session's id": ("UPDATE session SET id = 'x'", "makes no sense", (1,)),
    "no session": ("DELETE FROM session", "holds 0 sessions", (1,)),
    "a draft that is no text": (
        "INSERT INTO draft VALUES ('', 'Anna', 'who.first', '', x'00', '')",
        "half-typed text in it is no text",
        (),
    ),
    "the table's words of an answer": (
        "UPDATE answer SET answer = 'Town bakers' WHERE number = 1",
        "its table of answers is not what its log adds up to",
        (),
    ),
    "an answer that is not in the table": (
        "DELETE FROM answer WHERE number = 2",
        "its table of answers is not what its log adds up to",
        (),
    ),
    "an answer of theirs in the table": (
        "INSERT INTO answer SELECT 9, 0, block, level, question, ask, x'ff', participant, 0, 5, "
        "'', 3, at FROM answer WHERE number = 1",
        "its table of answers is not what its log adds up to",
        (),
    ),
    "a trigger of theirs": (
        "CREATE TRIGGER theirs AFTER INSERT ON event BEGIN DELETE FROM event; END",
        "defines other tables than a session does",
        (),
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", DAMAGE)
def test_damage_is_reported_together_with_the_events_that_are_sound(
    session_path: Path, meddle: Meddle, what: str
) -> None:
    statement, message, unsound = DAMAGE[what]
    meddle(session_path, statement)
    verdict = checked(session_path)
    assert not verdict.is_sound
    assert message in "; ".join(verdict.damage)
    assert verdict.unsound == unsound
    assert len(verdict.sound) == verdict.events - len(unsound)


def test_foreign_views_and_tables_are_never_queried(session_path: Path, meddle: Meddle) -> None:
    endless = """WITH RECURSIVE forever(n) AS
        (SELECT 1 UNION ALL SELECT n + 1 FROM forever) SELECT max(n) AS seq FROM forever"""
    meddle(
        session_path,
        "ALTER TABLE event RENAME TO hidden",
        f"CREATE VIEW event AS {endless}",
        "DROP TABLE draft",
        f"CREATE VIEW draft AS {endless}",
    )
    began = time.monotonic()
    verdict = checked(session_path)
    assert time.monotonic() - began < 5
    assert verdict.sound == (1, 2, 3, 4, 5, 6)


def test_a_file_that_keeps_sqlite_busy_for_ever_is_given_up(
    session_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_SQLITE_TIMEOUT", -1)
    monkeypatch.setattr(module, "_STEPS_PER_CLOCK_CHECK", 1)
    assert "interrupted" in "; ".join(checked(session_path).damage)


def test_the_sound_events_of_a_file_without_its_header_are_reported(session_path: Path) -> None:
    content = session_path.read_bytes()
    session_path.write_bytes(bytes(100) + content[100:])
    verdict = checked(session_path)
    assert verdict.damage == ("it is not a session file",)
    assert verdict.sound == (1, 2, 3, 4, 5, 6)


def test_a_definition_that_is_not_text_is_damage_to_opening_and_verifying_alike(
    session_path: Path,
) -> None:
    # SQLite quotes it in its error, with which Python's module then has its own trouble.
    content = session_path.read_bytes()
    session_path.write_bytes(content.replace(b"tablesessionsession", b"tables\xf3ssionsession"))
    assert "SQLite cannot make sense of it" in "; ".join(checked(session_path).damage)
    with pytest.raises(BadFileError, match="SQLite cannot make sense of it"):
        Writer.open(session_path)


def test_the_sound_events_of_a_truncated_file_are_reported(long_path: Path) -> None:
    long_path.write_bytes(long_path.read_bytes()[: 20 * 4_096 + 99])
    verdict = checked(long_path)
    assert not verdict.is_sound
    assert 20 < len(verdict.sound) < 100
    assert 1 in verdict.sound


@pytest.mark.parametrize("seed", range(3))
def test_a_flipped_bit_is_noticed_wherever_it_changes_a_record(long_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    content = long_path.read_bytes()
    records = records_in(long_path)
    for _ in range(12):
        long_path.write_bytes(flipped(content, chance.randrange(8 * len(content))))
        try:
            verdict = verify(long_path)
        except WorkshopError:
            continue
        if verdict.is_sound:
            assert records_in(long_path) == records
        else:
            assert len(verdict.sound) >= 98


# ── no sessions ──────────────────────────────────────────────────────────────────────────────


def test_a_newer_file_is_not_called_damaged(session_path: Path, meddle: Meddle) -> None:
    meddle(session_path, f"PRAGMA user_version = {schema.VERSION + 1}")
    with pytest.raises(BadFileError, match="written by a newer Workshop") as raised:
        checked(session_path)
    assert raised.value.message.startswith(str(session_path))


def test_a_file_that_is_no_session_is_not_called_damaged(tmp_path: Path, meddle: Meddle) -> None:
    text = tmp_path / "text.db"
    text.write_text("Dear Anna, " * 1_000)
    with pytest.raises(BadFileError, match=r"text\.db is not a session file"):
        checked(text)
    meddle(tmp_path / "other.db", "CREATE TABLE event (id)")
    with pytest.raises(BadFileError, match=r"other\.db is a database of another program"):
        checked(tmp_path / "other.db")
    (tmp_path / "empty.db").touch()
    with pytest.raises(BadFileError, match=r"empty\.db is empty"):
        checked(tmp_path / "empty.db")
    with pytest.raises(NotFoundError, match="There is no file"):
        verify(tmp_path / "none.db")
