"""Appending events: all of them, durably, or none of them with an error."""

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from store_support import Writer

from workshop.errors import BadFileError, CannotWriteError, ChangedElsewhereError
from workshop.session.events import (
    ActionAdded,
    AnswerAdded,
    AnswerEdited,
    AnswerRemoved,
    Event,
    ParticipantJoined,
    PointParked,
    PositionMoved,
    QuestionSkipped,
    Undone,
    Unknown,
    VoteCast,
    kind_of,
    write_body,
)
from workshop.session.record import records_from
from workshop.session.session import Session
from workshop.storage.draft import Draft
from workshop.storage.event_store import Tail
from workshop.storage.sqlite import event_store
from workshop.storage.sqlite.create import create_session
from workshop.storage.sqlite.event_store import SqliteEventStore

MakeSession = Callable[..., Session]
Happened = Callable[..., list[Event]]


def read_again(path: Path) -> list[Event]:
    with SqliteEventStore.open(path) as opened:
        return opened.events()


def column(path: Path, sql: str) -> list[object]:
    connection = sqlite3.connect(path)
    try:
        return [row[0] for row in connection.execute(sql)]
    finally:
        connection.close()


# ── reading back ─────────────────────────────────────────────────────────────────────────────


def test_every_kind_of_event_reads_back_equal(file: Writer, happened: Happened) -> None:
    before = file.events()
    added = happened(
        ParticipantJoined(name="Zoë Ωmega"),
        AnswerAdded(
            question="what.first", text="two\nlines, 'quotes' and \"more\"", participant="Z"
        ),
        AnswerEdited(answer=before[2].id, text="Villages' bakers 🥖"),
        AnswerRemoved(answer=before[3].id),
        QuestionSkipped(question="what.second", reason=""),
        PositionMoved(question=None),
        Undone(event=before[4].id),
        VoteCast(answer=before[2].id, dots=3),
        PointParked(text="Prices", question="what.first", participant="Z"),
        ActionAdded(text="Ask", owner="Ben", due="3 May", participant="Z"),
        Unknown(original_kind="mood_felt\x1b[0m", raw='{ "mood":\t"good" }'),
        Unknown(original_kind="answer_added", raw="[]"),
    )
    file.add(added)
    assert read_again(file.path) == [*before, *added]


def test_an_unknown_event_is_written_unchanged(file: Writer, happened: Happened) -> None:
    strange = ("mood_felt\x1b[0m", '{ "mood":\t"good\0" }')
    file.add(happened(Unknown(original_kind=strange[0], raw=strange[1])))
    seen = file.select("SELECT kind, body FROM event ORDER BY seq DESC LIMIT 1")
    assert seen == [strange]
    again = read_again(file.path)[-1]
    assert (kind_of(again.body), write_body(again.body)) == strange


@pytest.mark.parametrize(
    "text",
    [
        "[/] and [@click=app.quit]me[/]",
        "=HYPERLINK(1)",
        "'); DROP TABLE event; --",
        "שלום עולם",
        "a\nb",
        "{{ braces }} %s %d \\n",
        "é" * 100_000,
    ],
    ids=["markup", "formula", "sql", "hebrew", "lines", "templates", "long"],
)
def test_any_text_reads_back_as_it_was_given(file: Writer, happened: Happened, text: str) -> None:
    said = happened(AnswerAdded(question="what.first", text=text, participant="Anna"))
    file.add(said)
    assert read_again(file.path)[-1] == said[0]
    assert column(file.path, "SELECT answer FROM answers ORDER BY number DESC LIMIT 1") == [text]


def test_events_are_numbered_without_gaps(file: Writer, happened: Happened) -> None:
    for n in range(5):
        file.add(happened(*[PositionMoved(question="who.first")] * n))
    assert column(file.path, "SELECT seq FROM event ORDER BY seq") == list(range(1, 17))
    assert column(file.path, "SELECT counter FROM event ORDER BY seq") == list(range(1, 17))


def test_appending_nothing_changes_nothing(file: Writer) -> None:
    before = file.path.read_bytes()
    file.add([])
    assert file.path.read_bytes() == before


def test_a_large_batch_is_kept_whole_and_in_order(file: Writer, happened: Happened) -> None:
    before = file.events()
    many = happened(
        *(AnswerAdded(question="what.first", text=f"no {n}", participant="A") for n in range(1_000))
    )
    file.add(many)
    assert read_again(file.path) == [*before, *many]


def test_if_one_of_several_events_cannot_be_written_none_is(
    file: Writer, one_more: list[Event]
) -> None:
    before = file.events()
    twice = [*one_more, one_more[0]._replace(at="2027-03-01T12:00:00.000Z")]
    with pytest.raises(CannotWriteError, match="Not saved"):
        file.add(twice)
    assert read_again(file.path) == before
    file.add(one_more)
    assert read_again(file.path) == [*before, *one_more]


def test_a_file_that_was_overwritten_by_another_copy_is_not_appended_to(
    file: Writer, one_more: list[Event], happened: Happened, tmp_path: Path
) -> None:
    # As many events as here, but others; and more writes, so that SQLite looks at the file again.
    copy = tmp_path / "copy.db"
    copy.write_bytes(file.path.read_bytes())
    with Writer.open(copy) as other:
        other.events()
        other.add(happened(AnswerAdded(question="what.first", text="theirs", participant="B")))
        for text in ("half", ""):
            other.save_draft(Draft("B", "what.first", text))
    file.add(one_more)
    with file.path.open("r+b") as overwritten:  # the same file to the system, as cp leaves it
        overwritten.write(copy.read_bytes())
        overwritten.truncate()
    with pytest.raises(ChangedElsewhereError):
        file.add(happened(AnswerAdded(question="what.first", text="more", participant="A")))
    assert read_again(file.path) == read_again(copy)


def test_the_file_can_be_copied_by_hand_while_it_is_open(
    file: Writer, one_more: list[Event], tmp_path: Path
) -> None:
    file.add(one_more)
    copy = tmp_path / "copy.db"
    copy.write_bytes(file.path.read_bytes())
    assert read_again(copy) == read_again(file.path)


# ── other programs ───────────────────────────────────────────────────────────────────────────


def test_events_that_another_workshop_wrote_meanwhile_are_not_overwritten(
    file: Writer, one_more: list[Event], happened: Happened
) -> None:
    theirs = happened(AnswerAdded(question="what.first", text="Theirs", participant="Ben"))
    with Writer.open(file.path) as other:
        other.events()
        other.add(theirs)
    before = read_again(file.path)
    draft = Draft("Anna", "what.first", "Rye")
    file.save_draft(draft)
    with pytest.raises(ChangedElsewhereError, match="another Workshop has written") as caught:
        file.add(one_more, cleared_draft=draft)
    assert "resume" in caught.value.hint
    assert read_again(file.path) == before
    assert [d.text for d in file.drafts()] == ["Rye"]


def test_an_event_that_was_removed_meanwhile_is_noticed(
    file: Writer, one_more: list[Event], meddle: Callable[..., None]
) -> None:
    meddle(file.path, "DELETE FROM event WHERE seq = 6")
    with pytest.raises(ChangedElsewhereError):
        file.add(one_more)
    assert column(file.path, "SELECT count(*) FROM event") == [5]


def test_appending_works_again_after_rereading(
    file: Writer, one_more: list[Event], happened: Happened
) -> None:
    with Writer.open(file.path) as other:
        other.events()
        other.add(happened(PositionMoved(question="who.first")))
    seen = file.events()
    file.add(one_more)
    assert read_again(file.path) == [*seen, *one_more]


def test_a_database_that_another_program_has_locked_is_reported(
    impatient: None, session_path: Path, one_more: list[Event]
) -> None:
    with Writer.open(session_path) as file:
        before = file.events()
        other = sqlite3.connect(session_path, isolation_level=None)
        try:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(CannotWriteError, match="Not saved: another program is writing"):
                file.add(one_more)
            with pytest.raises(CannotWriteError, match="cannot be written: another program"):
                file.check_writable()
        finally:
            other.close()
        assert file.events() == before
        file.add(one_more)
        assert read_again(session_path) == [*before, *one_more]


def test_a_reader_that_keeps_its_lock_is_not_reported_as_a_writer(
    impatient: None, session_path: Path, one_more: list[Event]
) -> None:
    with Writer.open(session_path) as file:
        before = file.events()
        other = sqlite3.connect(session_path, isolation_level=None)
        try:
            reading = other.execute("SELECT * FROM event")
            reading.fetchone()
            with pytest.raises(CannotWriteError, match="Not saved: another program is reading it"):
                file.add(one_more)
            reading.close()
        finally:
            other.close()
        assert file.events() == before
        file.add(one_more)
        assert read_again(session_path) == [*before, *one_more]


def test_no_program_can_write_between_the_check_of_the_log_and_the_append(
    file: Writer, one_more: list[Event], monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    really_insert = event_store.insert_records

    def write_in_between(*arguments: Any) -> None:
        other = sqlite3.connect(file.path, isolation_level=None, timeout=0)
        try:
            other.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            said.append(str(error))
        finally:
            other.close()
        really_insert(*arguments)

    with monkeypatch.context() as patched:
        patched.setattr(event_store, "insert_records", write_in_between)
        file.add(one_more)
    assert said == ["database is locked"]
    assert read_again(file.path)[-1] == one_more[0]


def test_reading_leaves_the_file_free_for_others(
    impatient: None, session_path: Path, one_more: list[Event]
) -> None:
    with (
        SqliteEventStore.open(session_path) as reader,
        Writer.open(session_path) as writer,
    ):
        reader.session()
        reader.events()
        reader.drafts()
        writer.events()
        writer.add(one_more)
        assert reader.events()[-1] == one_more[0]


# ── kill -9 ──────────────────────────────────────────────────────────────────────────────────

SCRIPT = """
import sys
from pathlib import Path
from workshop.session.events import AnswerAdded, Event
from workshop.session.record import last_counter, records_from
from workshop.storage.draft import Draft
from workshop.storage.sqlite.event_store import SqliteEventStore
with SqliteEventStore.open(Path(sys.argv[1])) as store:
    records, tail = store.load()
    for line in sys.stdin:
        body = AnswerAdded(question="what.first", text=line.strip(), participant="Anna")
        event = Event(line.strip(), "2027-03-01T10:00:00.000Z", "Anna", body)
        store.save_draft(Draft("Anna", "what.first", "half " + line.strip()))
        records = records_from([event], last_counter(records))
        tail = store.append(records, tail)
        print("saved", flush=True)
"""


@pytest.mark.skipif(os.name != "posix", reason="there is no kill -9 on Windows")
def test_an_answer_survives_kill_9_right_after_it_was_acknowledged(
    tmp_path: Path, make_session: MakeSession, first_events: Sequence[Event]
) -> None:
    path = create_session(tmp_path, make_session(), first_events)
    acknowledged = [e.id for e in first_events]
    for run in range(8):
        with subprocess.Popen(
            [sys.executable, "-c", SCRIPT, str(path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            bufsize=1,
        ) as process:
            assert process.stdin is not None
            assert process.stdout is not None
            for n in range(1 + run % 3):
                process.stdin.write(f"run{run}answer{n}\n")
                assert process.stdout.readline() == "saved\n"
                acknowledged.append(f"run{run}answer{n}")
            process.stdin.write(f"run{run}unacknowledged\n")
            process.kill()
            assert process.wait() == -signal.SIGKILL
        with SqliteEventStore.open(path) as opened:
            ids = [e.id for e in opened.events()]
            assert opened.drafts()[0].text.startswith(f"half run{run}")
        # The one that was not acknowledged may have been committed, or not.
        assert ids[: len(acknowledged)] == acknowledged
        assert ids[len(acknowledged) :] in ([], [f"run{run}unacknowledged"])
        acknowledged = ids


def test_a_commit_that_was_cut_short_is_rolled_back_when_the_file_is_opened(
    file: Writer, one_more: list[Event], tmp_path: Path
) -> None:
    before = file.events()
    other = sqlite3.connect(file.path, isolation_level=None)
    other.execute("PRAGMA cache_size = 1")
    other.execute("PRAGMA cache_spill = 1")
    other.execute("BEGIN IMMEDIATE")
    other.execute("UPDATE event SET body = hex(zeroblob(20000))")
    journal = file.path.with_name(file.path.name + "-journal")
    copy = tmp_path / "left" / file.path.name
    copy.parent.mkdir()
    copy.write_bytes(file.path.read_bytes())
    copy.with_name(journal.name).write_bytes(journal.read_bytes())
    other.execute("ROLLBACK")
    other.close()
    assert copy.read_bytes() != file.path.read_bytes()
    assert read_again(copy) == before


def test_a_log_that_turns_out_to_be_damaged_is_not_appended_to(
    session_path: Path, one_more: list[Event], meddle: Callable[..., None]
) -> None:
    meddle(session_path, "UPDATE event SET actor = 'Ben' WHERE seq = 2")
    before = session_path.read_bytes()
    (last_hash,) = column(session_path, "SELECT chain FROM event WHERE seq = 6")
    with SqliteEventStore.open(session_path) as opened:
        with pytest.raises(BadFileError, match="event 2 of 6"):
            opened.load()
        with pytest.raises(BadFileError, match="event 2 of 7"):
            opened.append(records_from(one_more, 6), Tail(6, last_hash))
        with pytest.raises(ChangedElsewhereError):
            opened.append(records_from(one_more), Tail(0, last_hash))
    assert session_path.read_bytes() == before
