"""Rescuing what is sound in a damaged file."""

import random
import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from damage_support import event_rows, flipped, provable_when_cut, records_in
from rescue_support import Patient
from store_support import Writer

from workshop.banks.registry import find_bank
from workshop.errors import BadFileError, CannotWriteError, NotFoundError, Remedy
from workshop.session.events import AnswerAdded, Event
from workshop.session.session import Session
from workshop.storage.draft import Draft
from workshop.storage.integrity.page_scanner import SESSION, Pages, Row
from workshop.storage.integrity.rescue import rescue
from workshop.storage.merge_files import merge
from workshop.storage.sqlite import schema
from workshop.storage.sqlite.create import create_session
from workshop.storage.sqlite.event_store import SqliteEventStore

Meddle = Callable[..., None]


# ── events ───────────────────────────────────────────────────────────────────────────────────


def test_a_sound_file_is_saved_as_it_is(patient: Patient) -> None:
    rescued = patient.rescue(patient.whole)
    assert patient.rescued == patient.log
    assert patient.rescued_session == patient.session
    assert (rescued.repaired, rescued.left_out, rescued.missing, rescued.warnings) == (
        (),
        (),
        (),
        (),
    )
    with SqliteEventStore.open(patient.target) as file:
        assert [draft.text for draft in file.drafts()] == ["half a thou"]


@pytest.mark.parametrize("seed", range(2))
def test_everything_is_saved_from_a_file_with_one_flipped_bit(patient: Patient, seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(5):
        patient.rescue(flipped(patient.whole, chance.randrange(8 * len(patient.whole))))
        assert patient.rescued == patient.log
        assert patient.rescued_session == patient.session


def test_only_an_event_with_more_damage_is_left_out_and_reported(
    patient: Patient,
) -> None:
    rows = event_rows(patient.whole)
    rescued = patient.rescue(patient.scribbled(rows[6]))
    assert patient.rescued == [*patient.log[:6], *patient.log[7:]]
    assert rescued.missing == (7,)
    (left_out,) = rescued.left_out
    assert left_out.record.counter == 7
    assert "###" in left_out.record.at + left_out.record.actor + left_out.record.body


def test_the_event_after_a_missing_one_is_left_out_and_reported(
    patient: Patient,
) -> None:
    content = bytearray(patient.whole)
    short = next(
        n for n, row in enumerate(event_rows(patient.whole)) if n > 5 and len(row.spans) == 1
    )
    start, end = event_rows(patient.whole)[short].spans[0]
    content[start:end] = bytes(end - start)
    rescued = patient.rescue(bytes(content))
    assert patient.rescued == [*patient.log[:short], *patient.log[short + 2 :]]
    assert rescued.missing == (short + 1, short + 2)
    assert [event.record for event in rescued.left_out] == [patient.log[short + 1]]


@pytest.mark.parametrize("page", [15, 18, 22])
def test_every_verified_event_of_a_truncated_file_is_saved(patient: Patient, page: int) -> None:
    size = page * 4_096 + 777
    assert size < len(patient.whole)
    rescued = patient.rescue(patient.whole[:size])
    assert [record.id for record in patient.rescued] == provable_when_cut(patient.whole, size)
    assert 0 < rescued.events < 100
    assert any("cut off" in warning for warning in rescued.warnings)


def test_missing_events_are_reported_by_number_even_if_counters_occur_twice(
    tmp_path: Path, happened: Callable[..., list[Event]], session_path: Path
) -> None:
    other = tmp_path / "other.db"
    other.write_bytes(session_path.read_bytes())
    for path, actor in ((session_path, "Anna"), (other, "Ben")):
        bodies = [AnswerAdded(question="q", text=f"{actor} {n}", participant="P") for n in range(3)]
        with Writer.open(path) as file:
            file.events()
            file.add(happened(*bodies, actor=actor))
    merge(session_path, other, tmp_path / "union.db")
    assert [r.counter for r in records_in(tmp_path / "union.db")][6:] == [7, 7, 8, 8, 9, 9]
    content = (tmp_path / "union.db").read_bytes().replace(b"Ben 1", b"?????")
    (tmp_path / "damaged.db").write_bytes(content)
    rescued = rescue(tmp_path / "damaged.db", tmp_path / "new.db")
    assert rescued.missing == (10,)
    assert [event.display_number for event in rescued.left_out] == [10]


def test_a_missing_page_costs_only_the_rows_on_it(patient: Patient) -> None:
    content = bytearray(patient.whole)
    pages = {row.offset // 4_096 for row in event_rows(patient.whole)}
    lost_page = sorted(pages)[2]
    content[lost_page * 4_096 : (lost_page + 1) * 4_096] = bytes(4_096)
    touched = {
        row.values[1]
        for row in event_rows(patient.whole)
        if any(start // 4_096 == lost_page for start, _ in row.spans)
    }
    patient.rescue(bytes(content))
    saved = {record.counter for record in patient.rescued}
    hashes = {row.values[1]: row.values[-1] for row in event_rows(patient.whole)}
    provable = {n for n in range(2, 101) if hashes[n - 1] in content} | {1}
    assert saved == provable - touched
    assert 0 < len(touched) < 60


def test_the_header_the_definitions_and_the_indexes_are_not_needed(patient: Patient) -> None:
    rescued = patient.rescue(bytes(4_096) + patient.whole[4_096:])
    assert patient.rescued == patient.log
    assert patient.rescued_session == patient.session
    assert rescued.warnings == ("Half-typed text that was never sent could not be read.",)


def test_tables_that_no_session_has_are_left_out(patient: Patient, meddle: Meddle) -> None:
    meddle(
        patient.path,
        "CREATE TABLE theirs (a)",
        "CREATE TRIGGER theirs_too AFTER INSERT ON event BEGIN DELETE FROM event; END",
    )
    patient.rescue(patient.path.read_bytes())
    assert patient.rescued == patient.log


def test_changes_by_another_program_are_left_out(patient: Patient, meddle: Meddle) -> None:
    # Rows that it wrote elsewhere leave the old ones behind, unless it cleans up.
    meddle(
        patient.path,
        "PRAGMA secure_delete = ON",
        "UPDATE event SET actor = 'Mallory' WHERE seq = 50",
        "VACUUM",
    )
    rescued = patient.rescue(patient.path.read_bytes())
    assert patient.rescued == [*patient.log[:49], *patient.log[50:]]
    assert [event.record.actor for event in rescued.left_out] == ["Mallory"]


def test_a_write_that_was_cut_short_is_undone_first(
    session_path: Path, first_events: Sequence[Event], tmp_path: Path
) -> None:
    other = sqlite3.connect(session_path, isolation_level=None)
    other.execute("PRAGMA cache_size = 1")
    other.execute("PRAGMA cache_spill = 1")
    other.execute("BEGIN IMMEDIATE")
    other.execute("UPDATE event SET body = hex(zeroblob(20000))")
    journal = session_path.with_name(session_path.name + "-journal")
    left = session_path.read_bytes(), journal.read_bytes()
    other.execute("ROLLBACK")
    other.close()
    session_path.write_bytes(left[0])
    journal.write_bytes(left[1])
    rescue(session_path, tmp_path / "rescued.db")
    with SqliteEventStore.open(tmp_path / "rescued.db") as file:
        assert file.events() == list(first_events)
    assert (session_path.read_bytes(), journal.read_bytes()) == left


def test_events_added_to_a_rescued_session_come_after_the_lost_ones(
    patient: Patient, happened: Callable[..., list[Event]]
) -> None:
    # So that uniting it with a backup, which still has that, keeps the order.
    patient.rescue(patient.scribbled(*event_rows(patient.whole)[20:40]))
    with Writer.open(patient.target) as file:
        file.events()
        file.add(happened(AnswerAdded(question="x.y", text="new", participant="Anna")))
    assert patient.rescued[-1].counter == 101


# ── the session's row ────────────────────────────────────────────────────────────────────────


def session_row(content: bytes) -> Row:
    (row,) = Pages(content).rows(SESSION)
    return row


def test_a_damaged_bank_is_replaced_by_the_shipped_one(patient: Patient) -> None:
    content = bytearray(patient.whole)
    start, end = session_row(patient.whole).spans[3]
    content[start + 4 : end] = b"?" * (end - start - 4)
    rescued = patient.rescue(bytes(content))
    assert patient.rescued == patient.log
    assert patient.rescued_session == patient.session
    assert rescued.warnings == ()


@pytest.mark.parametrize("seed", range(3))
def test_a_flipped_bit_in_a_custom_bank_is_repaired(tmp_path: Path, seed: int) -> None:
    patient = Patient(tmp_path, "own")
    spans = session_row(patient.whole).spans
    start, end = spans[0]
    place = random.Random(seed).randrange(start, end)
    patient.rescue(flipped(patient.whole, 8 * place + seed))
    assert patient.rescued == patient.log
    assert patient.rescued_session == patient.session


def test_a_custom_bank_with_more_damage_can_be_given(tmp_path: Path) -> None:
    patient = Patient(tmp_path, "own")
    damaged = patient.whole.replace(b"Find out", b"Fond uut")
    patient.rescue(damaged, patient.session.bank)
    assert patient.rescued == patient.log
    assert patient.rescued_session == patient.session


def test_a_changed_bank_without_replacement_is_kept_and_reported(tmp_path: Path) -> None:
    patient = Patient(tmp_path, "own")
    rescued = patient.rescue(patient.whole.replace(b"Find out", b"Fond uut"))
    assert patient.rescued == patient.log[1:]  # what the first event continued is not known
    assert "Fond uut for whom." in str(patient.rescued_session.bank)
    (warning,) = rescued.warnings
    assert "may read differently from what was asked" in warning


def test_a_bank_that_cannot_be_read_has_to_be_given(tmp_path: Path) -> None:
    patient = Patient(tmp_path, "own")
    patient.path.write_bytes(patient.whole.replace(b'"questions":', b'"qaestians";'))
    with pytest.raises(BadFileError, match=r"Nothing was written to .*rescued\.db") as raised:
        rescue(patient.path, patient.target)
    assert raised.value.remedy is Remedy.BANK
    assert not patient.target.exists()


def test_a_title_that_cannot_be_verified_is_reported(patient: Patient) -> None:
    rescued = patient.rescue(patient.whole.replace(b"Acme", b"Anna"))
    assert patient.rescued == patient.log[1:]
    assert patient.rescued_session.title == "Anna — die Bäckerei"
    assert rescued.missing == (1,)
    (warning,) = rescued.warnings
    assert "check that its title" in warning


@pytest.mark.parametrize("bank", ["it_business_model_canvas", "own"])
def test_a_title_that_is_not_text_any_more_has_placeholders_and_is_reported(
    tmp_path: Path, bank: str
) -> None:
    patient = Patient(tmp_path, bank)
    rescued = patient.rescue(patient.whole.replace(b"Acme", b"A\xff\xfee"))
    assert patient.rescued_session.title == "A\ufffd\ufffde — die Bäckerei"
    (warning,) = rescued.warnings
    assert "check that its title" in warning


def test_a_title_longer_than_any_session_has_is_cut(patient: Patient) -> None:
    with sqlite3.connect(patient.path) as connection:
        connection.execute("UPDATE session SET title = ?", ("Halden " * 10_000,))
    connection.close()
    rescued = patient.rescue(patient.path.read_bytes())
    title = patient.rescued_session.title
    assert 1_990 < len(title) <= 2_000
    assert set(title.split()) <= {"Halden", "Halde", "Hald", "Hal", "Ha", "H"}
    assert any("check that its title" in warning for warning in rescued.warnings)


def test_a_mode_that_is_not_text_any_more_does_not_cost_a_custom_bank(tmp_path: Path) -> None:
    patient = Patient(tmp_path, "own")
    patient.rescue(patient.whole.replace(b"groupown", b"gr\xff\xffpown"))
    assert patient.rescued_session == patient.session


def test_the_valid_columns_of_an_invalid_row_are_used_and_reported(patient: Patient) -> None:
    # More than one bit: no mode there is, and no date at all.
    row = session_row(patient.whole)
    damaged = patient.whole.replace(b"group" + b"it_business", b"quark" + b"it_business")
    damaged = damaged.replace(str(row.values[-1]).encode(), b"!" * len(str(row.values[-1])))
    rescued = patient.rescue(damaged)
    session = patient.rescued_session
    assert (session.id, session.title) == (patient.session.id, patient.session.title)
    assert session.bank == patient.session.bank
    assert session.mode == "group"
    (warning,) = rescued.warnings
    assert "could not be read completely" in warning


def test_a_session_without_events_is_saved(
    tmp_path: Path, make_session: Callable[..., Session]
) -> None:
    session = make_session()
    path = create_session(tmp_path / "made", session)
    assert rescue(path, tmp_path / "new.db").events == 0
    with SqliteEventStore.open(tmp_path / "new.db") as file:
        assert file.session() == session


# ── drafts ───────────────────────────────────────────────────────────────────────────────────


def test_drafts_are_saved_if_they_can_be_read(patient: Patient) -> None:
    rescued = patient.rescue(patient.scribbled(event_rows(patient.whole)[6]))
    with SqliteEventStore.open(patient.target) as file:
        assert file.drafts() == [
            Draft("Anna", patient.session.addresses[0], "half a thou", at="2027-03-01T10:00Z")
        ]
    assert rescued.warnings == ()


# ── refusals ─────────────────────────────────────────────────────────────────────────────────


def test_an_existing_file_is_never_overwritten(patient: Patient) -> None:
    patient.target.write_bytes(b"somebody's")
    with pytest.raises(CannotWriteError, match="is there already"):
        rescue(patient.path, patient.target)
    assert patient.target.read_bytes() == b"somebody's"


@pytest.mark.parametrize("content", [b"", b"Dear Anna, " * 999, bytes(50_000)])
def test_nothing_is_written_if_there_is_nothing_to_save(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.db"
    path.write_bytes(content)
    with pytest.raises(BadFileError, match="holds nothing of a session"):
        rescue(path, tmp_path / "new.db")
    with pytest.raises(NotFoundError):
        rescue(tmp_path / "none.db", tmp_path / "new.db")
    assert list(tmp_path.iterdir()) == [path]


def test_an_older_file_is_saved_in_todays_version(tmp_path: Path) -> None:
    old = Path(__file__).parents[2] / "data" / "session-v1.db"
    rescue(old, tmp_path / "new.db")
    assert records_in(tmp_path / "new.db") == records_in(old)
    header = (tmp_path / "new.db").read_bytes()[60:64]
    assert int.from_bytes(header, "big") == schema.VERSION


def test_the_known_part_of_a_newer_file_is_saved_and_the_rest_reported(
    patient: Patient, meddle: Meddle
) -> None:
    meddle(patient.path, f"PRAGMA user_version = {schema.VERSION + 1}")
    rescued = patient.rescue(patient.path.read_bytes())
    assert patient.rescued == patient.log
    assert any("A newer Workshop wrote the file" in warning for warning in rescued.warnings)


def test_a_bank_that_is_given_but_not_needed_changes_nothing(patient: Patient) -> None:
    patient.rescue(patient.whole, find_bank("business_model_alignment_canvas"))
    assert patient.rescued_session == patient.session
