"""Saving an open session to another file, when it cannot be saved in its own."""

from collections.abc import Callable
from pathlib import Path

import pytest
from store_support import Writer

from workshop.errors import CannotReadError, CannotWriteError
from workshop.session.events import AnswerAdded, Event
from workshop.session.record import Record
from workshop.storage.draft import Draft
from workshop.storage.integrity.rescue import rescue
from workshop.storage.integrity.verify import verify
from workshop.storage.merge_files import merge
from workshop.storage.sqlite.session_row import SELECT_SESSION

UNSAVED = Draft("Anna", "who.first", "not saved there", at="2027-03-01T10:00:00Z")


@pytest.fixture
def target(tmp_path: Path) -> Path:
    (tmp_path / "stick").mkdir()
    return tmp_path / "stick" / "copy.db"


def in_file(path: Path) -> tuple[list[Event], list[Draft]]:
    with Writer.open(path) as file:
        return file.events(), file.drafts()


def test_the_copy_holds_the_session_and_the_drafts_that_were_not_saved(
    session_path: Path, target: Path
) -> None:
    writer = Writer.open_to_write(session_path)
    writer.save_draft(Draft("Ben", "what.first", "forgotten since"))
    assert writer.save_as([UNSAVED], target).result(30) == target
    writer.close()
    assert in_file(target) == (writer.events, [UNSAVED])
    assert verify(target).is_sound
    assert list(target.parent.iterdir()) == [target]


def test_a_folder_gets_a_file_of_the_sessions_name(session_path: Path, target: Path) -> None:
    writer = Writer.open_to_write(session_path)
    where = writer.save_as([], target.parent).result(30)
    writer.close()
    assert where == target.parent / session_path.name
    assert verify(where).is_sound


def test_a_deleted_session_can_be_saved_even_in_its_own_place(session_path: Path) -> None:
    writer = Writer.open_to_write(session_path)
    session_path.unlink()
    writer.save_as([UNSAVED], session_path).result(30)
    writer.close()
    assert in_file(session_path) == (writer.events, [UNSAVED])


def test_a_session_that_cannot_be_read_any_more_can_be_saved(
    session_path: Path,
    target: Path,
    happened: Callable[..., list[Event]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def gone(_: Writer, target: Path) -> None:
        target.write_bytes(b"half a page")
        raise CannotReadError("The stick is gone.")

    writer = Writer.open_to_write(session_path)
    (answer,) = happened(AnswerAdded(question="what.first", text="Rye", participant="Anna"))
    writer.add([answer])
    monkeypatch.setattr(Writer, "copy_to", gone)
    writer.save_as([UNSAVED], target).result(30)
    writer.close()
    assert in_file(target) == ([*writer.events, answer], [UNSAVED])
    with Writer.open(target) as copy:
        assert copy.session() == writer.session


def saved_from_memory(path: Path, target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Save the session at `path` to `target` after its memory stick was removed."""

    def gone(_: Writer, __: Path) -> None:
        raise CannotReadError("The stick is gone.")

    with monkeypatch.context() as patched:
        patched.setattr(Writer, "copy_to", gone)
        writer = Writer.open_to_write(path)
        writer.save_as([], target).result(30)
        writer.close()


def letters(path: Path) -> tuple[list[tuple[object, ...]], list[Record]]:
    with Writer.open(path) as file:
        return file.select(SELECT_SESSION), file.records()


def test_a_copy_of_a_merged_session_is_exact_and_merges_with_it_again(
    session_path: Path,
    target: Path,
    happened: Callable[..., list[Event]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    other = session_path.with_name("other.db")
    other.write_bytes(session_path.read_bytes())
    for path in (session_path, other):
        with Writer.open(path) as file:
            file.events()
            answer = AnswerAdded(question="what.first", text=path.stem, participant="Anna")
            file.add(happened(answer))
    both = session_path.with_name("both.db")
    merge(session_path, other, both)
    saved_from_memory(both, target, monkeypatch)
    assert letters(target) == letters(both)
    assert [record.counter for record in letters(target)[1]] == [1, 2, 3, 4, 5, 6, 7, 7]
    merged = merge(both, target, session_path.with_name("again.db"))
    assert (merged.events, merged.reworded) == (8, ())


def test_a_copy_of_a_rescued_session_merges_with_the_sound_copy(
    session_path: Path,
    target: Path,
    meddle: Callable[..., None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    torn = session_path.with_name("torn.db")
    torn.write_bytes(session_path.read_bytes())
    meddle(torn, "UPDATE event SET actor = 'Nobody' WHERE seq = 3")
    rescued = session_path.with_name("rescued.db")
    assert rescue(torn, rescued).missing == (3,)
    saved_from_memory(rescued, target, monkeypatch)
    assert merge(session_path, target, session_path.with_name("whole.db")).events == 6


def test_the_copy_retains_what_a_newer_version_wrote(
    session_path: Path, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    later = '{"question":"who.first","text":"Rye","participant":"Anna","mood":"good"}'
    with Writer.open(session_path) as file:
        file.events()
        file.append_records([Record(7, "Anna", "f" * 32, "2028-01-01", "answer_added", later)])
    saved_from_memory(session_path, target, monkeypatch)
    assert letters(target)[1][-1].body == later


@pytest.mark.parametrize(
    "place", ["there already", "no folder/copy.db", "a\0b", "x" * 5000, "~nobody-here/copy.db"]
)
def test_an_impossible_target_is_reported_and_no_file_remains(
    session_path: Path, target: Path, place: str
) -> None:
    (target.parent / "there already").write_text("mine")
    words = place if place.startswith("~") else f"{target.parent}/{place}"
    writer = Writer.open_to_write(session_path)
    error = writer.save_as([], Path(words)).exception(30)
    writer.close()
    assert isinstance(error, CannotWriteError)
    assert "\n" not in error.message
    assert [path.name for path in target.parent.iterdir()] == ["there already"]
    assert (target.parent / "there already").read_text() == "mine"
