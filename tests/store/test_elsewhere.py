"""Saving a session elsewhere that is open and cannot be saved where it is."""

from collections.abc import Callable
from pathlib import Path

import pytest

from workshop.errors import CannotReadError, CannotWriteError
from workshop.session.events import AnswerAdded, Event
from workshop.store.session_file import Draft, SessionFile
from workshop.store.verify import verify
from workshop.store.writer import SessionWriter

UNSAVED = Draft("Anna", "who.first", "not saved there", at="2027-03-01T10:00:00Z")


@pytest.fixture
def target(tmp_path: Path) -> Path:
    (tmp_path / "stick").mkdir()
    return tmp_path / "stick" / "copy.db"


def in_file(path: Path) -> tuple[list[Event], list[Draft]]:
    with SessionFile.open(path) as file:
        return file.events(), file.drafts()


def test_the_copy_holds_the_session_and_the_words_that_were_not_saved(
    session_path: Path, target: Path
) -> None:
    writer = SessionWriter.open(session_path)
    writer.save_draft(Draft("Ben", "what.first", "forgotten since"))
    assert writer.save_elsewhere(writer.events, [UNSAVED], target).result(30) == target
    writer.close()
    assert in_file(target) == (writer.events, [UNSAVED])
    assert verify(target).is_sound
    assert list(target.parent.iterdir()) == [target]


def test_a_folder_gets_a_file_of_the_sessions_name(session_path: Path, target: Path) -> None:
    writer = SessionWriter.open(session_path)
    where = writer.save_elsewhere(writer.events, [], target.parent).result(30)
    writer.close()
    assert where == target.parent / session_path.name
    assert verify(where).is_sound


def test_it_works_when_the_file_was_deleted_and_even_in_its_place(session_path: Path) -> None:
    writer = SessionWriter.open(session_path)
    session_path.unlink()
    writer.save_elsewhere(writer.events, [UNSAVED], session_path).result(30)
    writer.close()
    assert in_file(session_path) == (writer.events, [UNSAVED])


def test_it_works_when_the_file_cannot_even_be_read_any_more(
    session_path: Path,
    target: Path,
    happened: Callable[..., list[Event]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def gone(_: SessionFile, unfinished: Path) -> None:
        unfinished.write_bytes(b"half a page")
        raise CannotReadError("The stick is gone.")

    writer = SessionWriter.open(session_path)
    (said,) = happened(AnswerAdded(question="what.first", text="Rye", participant="Anna"))
    writer.append([said]).result(30)
    monkeypatch.setattr(SessionFile, "copy_to", gone)
    writer.save_elsewhere([*writer.events, said], [UNSAVED], target).result(30)
    writer.close()
    assert in_file(target) == ([*writer.events, said], [UNSAVED])
    with SessionFile.open(target) as copy:
        assert copy.session() == writer.session


@pytest.mark.parametrize(
    "place", ["there already", "no folder/copy.db", "a\0b", "x" * 5000, "~nobody-here/copy.db"]
)
def test_where_no_copy_can_be_it_is_said_and_nothing_is_left(
    session_path: Path, target: Path, place: str
) -> None:
    (target.parent / "there already").write_text("mine")
    words = place if place.startswith("~") else f"{target.parent}/{place}"
    writer = SessionWriter.open(session_path)
    error = writer.save_elsewhere(writer.events, [], Path(words)).exception(30)
    writer.close()
    assert isinstance(error, CannotWriteError)
    assert "\n" not in error.message
    assert [path.name for path in target.parent.iterdir()] == ["there already"]
    assert (target.parent / "there already").read_text() == "mine"
