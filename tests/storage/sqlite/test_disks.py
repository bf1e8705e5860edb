"""Writing to a disk that is full, read-only or gone: reported, and nothing is lost."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from store_support import Writer

from workshop.errors import CannotWriteError
from workshop.session.events import (
    AnswerAdded,
    Event,
)
from workshop.session.session import Session
from workshop.storage.draft import Draft
from workshop.storage.sqlite.event_store import SqliteEventStore

MakeSession = Callable[..., Session]
Happened = Callable[..., list[Event]]


def read_again(path: Path) -> list[Event]:
    with SqliteEventStore.open(path) as opened:
        return opened.events()


def pragma(file: Writer, name: str) -> int:
    return int(str(file.select(f"PRAGMA {name}")[0][0]))


def test_a_full_disk_is_reported_and_nothing_is_lost(
    file: Writer, one_more: list[Event], happened: Happened
) -> None:
    before = file.events()
    long = happened(AnswerAdded(question="what.first", text="x" * 50_000, participant="Anna"))
    room = pragma(file, "page_count")
    pragma(file, f"max_page_count = {room}")
    with pytest.raises(CannotWriteError, match=r"Not saved: the disk is full \(.*\.db\)\.$"):
        file.add(long)
    with pytest.raises(CannotWriteError, match="the disk is full"):
        file.save_draft(Draft("Anna", "what.first", "x" * 50_000))
    assert read_again(file.path) == before
    assert file.drafts() == []
    pragma(file, f"max_page_count = {room + 1_000}")
    file.add([*long, *one_more])
    file.save_draft(Draft("Anna", "what.first", "x" * 50_000))
    assert read_again(file.path) == [*before, *long, *one_more]
    assert [len(d.text) for d in file.drafts()] == [50_000]


def test_a_read_only_file_is_reported_before_anybody_types(file: Writer) -> None:
    file.check_writable()
    file.select("PRAGMA query_only = ON")
    with pytest.raises(CannotWriteError, match="cannot be written: the file is read-only"):
        file.check_writable()


def test_a_read_only_file_is_not_opened_for_writing(
    session_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    really_session = Writer.session

    def make_read_only(file: Writer) -> Session:
        file.select("PRAGMA query_only = ON")
        return really_session(file)

    monkeypatch.setattr(Writer, "session", make_read_only)
    with pytest.raises(CannotWriteError, match="cannot be written: the file is read-only"):
        Writer.open_to_write(session_path)
    assert list(session_path.parent.iterdir()) == [session_path]


def test_checking_changes_nothing(file: Writer) -> None:
    before = file.events()
    file.check_writable()
    assert read_again(file.path) == before


@pytest.mark.parametrize("change", ["deleted", "moved", "replaced"])
@pytest.mark.skipif(os.name != "posix", reason="an open file stays where it is on Windows")
def test_a_file_that_has_disappeared_is_reported(
    file: Writer, one_more: list[Event], change: str, tmp_path: Path
) -> None:
    path = file.path
    away = tmp_path / "elsewhere"
    path.rename(away)
    if change == "deleted":
        away.unlink()
    elif change == "replaced":
        path.write_bytes(away.read_bytes())
    untouched = path.read_bytes() if path.exists() else None
    message = "Not saved: the session's file was moved, deleted or replaced"
    with pytest.raises(CannotWriteError, match=message):
        file.add(one_more)
    with pytest.raises(CannotWriteError, match=message):
        file.save_draft(Draft("Anna", "what.first", "Rye"))
    with pytest.raises(CannotWriteError, match="cannot be written: the session's file was moved"):
        file.check_writable()
    assert (path.read_bytes() if path.exists() else None) == untouched


@pytest.mark.skipif(os.name != "posix", reason="an open file stays where it is on Windows")
def test_a_file_that_is_put_back_can_be_written_again(
    file: Writer, one_more: list[Event], tmp_path: Path
) -> None:
    file.path.rename(tmp_path / "elsewhere")
    with pytest.raises(CannotWriteError):
        file.add(one_more)
    (tmp_path / "elsewhere").rename(file.path)
    file.add(one_more)
    assert read_again(file.path)[-1] == one_more[0]
