"""Drafts: saved, replaced, and deleted with the answer that they became."""

from collections.abc import Callable

import pytest
from store_support import Writer

from workshop.errors import CannotWriteError
from workshop.session.events import Event
from workshop.storage.draft import Draft


def test_a_draft_is_kept_and_replaced(file: Writer) -> None:
    file.save_draft(Draft("Anna", "what.first", "Ry", at="1"))
    file.save_draft(Draft("Anna", "what.first", "Rye bre", "an answer", at="2"))
    assert file.drafts() == [Draft("Anna", "what.first", "Rye bre", "an answer", at="2")]


def test_drafts_are_kept_for_each_participant_and_question(file: Writer) -> None:
    drafts = [
        Draft("Anna", "what.first", "a", at="1"),
        Draft("Ben", "what.first", "b", at="2"),
        Draft("Anna", "what.second", "c", at="3"),
    ]
    for draft in reversed(drafts):
        file.save_draft(draft)
    assert file.drafts() == drafts


def test_each_seat_keeps_its_own_draft(file: Writer, one_more: list[Event]) -> None:
    keyboard = Draft("Anna", "what.first", "typed", at="1")
    phone = Draft("Anna", "what.first", "tapped", at="2", seat="phone-1")
    for draft in (keyboard, phone):
        file.save_draft(draft)
    assert file.drafts() == [keyboard, phone]
    file.add(one_more, cleared_draft=phone)
    assert file.drafts() == [keyboard]


def test_a_draft_that_was_emptied_is_deleted(file: Writer) -> None:
    file.save_draft(Draft("Anna", "what.first", "Rye"))
    file.save_draft(Draft("Ben", "what.first", "Oats"))
    file.save_draft(Draft("Anna", "what.first", ""))
    assert [d.participant for d in file.drafts()] == ["Ben"]


def test_an_answer_deletes_its_draft_and_no_other(file: Writer, one_more: list[Event]) -> None:
    mine = Draft("Anna", "what.first", "Rye bread")
    for draft in (mine, Draft("Ben", "what.first", "b"), Draft("Anna", "who.first", "c")):
        file.save_draft(draft)
    file.add(one_more, cleared_draft=mine)
    assert {d.text for d in file.drafts()} == {"b", "c"}


def test_a_draft_whose_answer_was_not_saved_remains(file: Writer, one_more: list[Event]) -> None:
    mine = Draft("Anna", "what.first", "Rye bread")
    file.save_draft(mine)
    known = [*one_more, file.events()[2]]
    with pytest.raises(CannotWriteError):
        file.add(known, cleared_draft=mine)
    assert file.drafts() == [mine]


def test_escape_codes_in_a_draft_are_removed_when_it_is_read(
    file: Writer, meddle: Callable[..., None]
) -> None:
    meddle(file.path, "INSERT INTO draft VALUES ('', 'A', 'q', '', 'x' || char(27) || '[2Jy', '')")
    assert [d.text for d in file.drafts()] == ["xy"]
