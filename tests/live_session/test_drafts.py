"""The drafts of a live session: kept at their question, and restored there."""

from collections.abc import Callable
from pathlib import Path

import pytest
from live_session_support import OpenSession, carry_out, say, texts

from workshop.live_session import LiveSession
from workshop.storage.backup import back_up
from workshop.storage.integrity.rescue import rescue
from workshop.storage.integrity.verify import verify
from workshop.storage.merge_files import merge


def test_a_draft_waits_at_its_question_for_its_participant(
    path: Path, open_session: OpenSession
) -> None:
    first = open_session(path)
    say(first, "one", "")
    draft = first.make_draft("half a tho")
    assert draft is not None
    first.writer.save_draft(draft).result(30)
    first.close()

    second = open_session(path)
    waiting = second.current_draft()
    assert waiting is not None
    assert (waiting.text, waiting.answer) == ("half a tho", "")
    assert texts(second) == ["one"]
    say(second, "/back")
    assert second.current_draft() is None
    say(second, "/next", "/as Ben")
    assert second.current is not None
    assert second.current.address == waiting.question
    assert second.current_draft() is None
    say(second, "/as facilitator")
    assert second.current_draft() == waiting


def test_a_draft_is_gone_once_it_became_an_answer(path: Path, open_session: OpenSession) -> None:
    first = open_session(path)
    carry_out(first, first.begin())
    draft = first.make_draft("half a thought")
    assert draft is not None
    first.writer.save_draft(draft).result(30)
    say(first, "a whole thought")
    first.close()
    assert open_session(path).current_draft() is None


@pytest.mark.parametrize("spaces", ["", "  ", " \n\t"])
def test_an_emptied_prompt_forgets_its_draft_when_people_go_on(
    path: Path, open_session: OpenSession, spaces: str
) -> None:
    first = open_session(path)
    say(first, "one")
    first.save_draft("half a thought").result(30)
    assert say(first, spaces).cleared_draft is not None
    say(first, "/back")
    assert first.current_draft() is None
    first.close()
    assert open_session(path).current_draft() is None


def test_an_empty_reply_leaves_the_draft_where_there_is_no_prompt(
    path: Path, open_session: OpenSession
) -> None:
    # Line mode has no prompt that could be emptied.
    first = open_session(path, prompt_keeps_text=False)
    say(first, "one")
    first.save_draft("half a thought").result(30)
    assert say(first, "").cleared_draft is None
    say(first, "/back")
    waiting = first.current_draft()
    assert waiting is not None
    assert waiting.text == "half a thought"
    first.close()
    assert open_session(path).writer.drafts == [waiting]


def test_going_on_forgets_only_the_draft_of_the_speaker_at_that_question(
    path: Path, open_session: OpenSession
) -> None:
    first = open_session(path)
    say(first, "/as Ben")
    first.save_draft("Ben's here").result(30)
    say(first, "/as Anna", "one", "")
    first.save_draft("Anna's elsewhere").result(30)
    say(first, "/back")
    first.save_draft("Anna's here").result(30)
    say(first, "")
    first.close()
    assert {draft.text for draft in open_session(path).writer.drafts} == {
        "Ben's here",
        "Anna's elsewhere",
    }


@pytest.mark.parametrize("text", ["/nonsense", "/help", "skip", "/delete 9"])
def test_a_draft_that_was_sent_in_vain_stays(
    path: Path, open_session: OpenSession, text: str
) -> None:
    first = open_session(path)
    carry_out(first, first.begin())
    draft = first.make_draft(text)
    assert draft is not None
    first.writer.save_draft(draft).result(30)
    say(first, text)
    first.close()
    assert open_session(path).current_draft() == draft


def test_an_edit_resumes_from_its_draft(path: Path, open_session: OpenSession) -> None:
    first = open_session(path)
    proposal = say(first, "one", "two", "/edit 1")
    assert proposal.response.prompt == "one"
    draft = first.make_draft("one and a ha")
    assert draft is not None
    first.writer.save_draft(draft).result(30)
    first.close()

    second = open_session(path)
    waiting = second.current_draft()
    assert waiting is not None
    second.resume_editing(waiting)
    say(second, "one and a half")
    assert texts(second) == ["one and a half", "two"]


def test_the_draft_of_an_edit_becomes_a_new_answer_where_the_old_one_is_gone(
    path: Path, open_session: OpenSession
) -> None:
    first = open_session(path)
    say(first, "one", "/edit 1")
    draft = first.make_draft("one and a ha")
    assert draft is not None
    first.writer.save_draft(draft).result(30)
    first.client = first.client._replace(editing=None)
    say(first, "/delete 1")
    first.writer.save_draft(draft).result(30)
    first.close()

    second = open_session(path)
    waiting = second.current_draft()
    assert waiting is not None
    second.resume_editing(waiting)
    assert second.client.editing is None
    say(second, "one and a half")
    assert texts(second) == ["one and a half"]


@pytest.mark.parametrize("command", ["/next", "/goto channels", "/as Ben", "/undo", "/skip"])
def test_a_draft_outlives_a_command_from_a_key_or_a_menu(
    path: Path, open_session: OpenSession, command: str
) -> None:
    first = open_session(path)
    say(first, "one", "/as Ben", "/as Facilitator", "/goto 2")
    first.save_draft("half a tho").result(30)
    waiting = first.current_draft()
    assert waiting is not None
    say(first, command)
    first.close()
    second = open_session(path)
    say(second, "/as facilitator", f"/goto {waiting.question}")
    assert second.current_draft() == waiting


def test_a_draft_saved_in_this_run_waits_at_its_question(
    path: Path, open_session: OpenSession
) -> None:
    live_session = open_session(path)
    carry_out(live_session, live_session.begin())
    live_session.save_draft("half a tho").result(30)
    say(live_session, "/next")
    assert live_session.current_draft() is None
    say(live_session, "/back")
    waiting = live_session.current_draft()
    assert waiting is not None
    assert waiting.text == "half a tho"
    live_session.save_draft("").result(30)
    assert live_session.current_draft() is None


LATE = "/park something long that nobody should lose"


def at_the_end(live_session: LiveSession) -> LiveSession:
    """Go past the last question, save a draft there, and return the live session."""
    say(live_session, "one", f"/goto {live_session.session.addresses[-1]}", "/next")
    assert live_session.current is None
    live_session.save_draft(LATE).result(30)
    return live_session


def test_a_draft_after_the_last_question_waits_there(path: Path, open_session: OpenSession) -> None:
    at_the_end(open_session(path)).close()
    second = open_session(path)
    waiting = second.current_draft()
    assert waiting is not None
    assert (waiting.text, waiting.question, waiting.participant) == (LATE, "", "Facilitator")
    say(second, "/back")
    assert second.current_draft() is None
    say(second, "/next")
    assert second.current_draft() == waiting


def test_an_edit_after_the_last_question_resumes_from_its_draft(
    path: Path, open_session: OpenSession
) -> None:
    first = at_the_end(open_session(path))
    say(first, "/edit 1")
    first.save_draft("one and a ha").result(30)
    first.close()
    second = open_session(path)
    waiting = second.current_draft()
    assert waiting is not None
    second.resume_editing(waiting)
    say(second, "one and a half")
    assert texts(second) == ["one and a half"]
    assert second.current_draft() is None


def test_a_half_typed_command_that_was_sent_is_not_offered_again(
    path: Path, open_session: OpenSession
) -> None:
    first = at_the_end(open_session(path))
    say(first, LATE)
    assert [point.text for point in first.state.parked] == [LATE.removeprefix("/park ")]
    assert first.current_draft() is None
    first.close()
    assert open_session(path).current_draft() is None


def save_copy(live_session: LiveSession, target: Path) -> None:
    live_session.save_as(str(target), "").result(30)


def save_copy_with_unsent(live_session: LiveSession, target: Path) -> None:
    live_session.save_draft("").result(30)
    live_session.save_as(str(target), LATE).result(30)


COPIERS: dict[str, Callable[[LiveSession, Path], object]] = {
    "save_elsewhere": save_copy,
    "save_elsewhere_what_is_not_saved_here": save_copy_with_unsent,
    "back_up": lambda live_session, target: back_up(live_session.path, target),
    "rescue": lambda live_session, target: rescue(live_session.path, target),
    "merge": lambda live_session, target: merge(live_session.path, live_session.path, target),
}


@pytest.mark.parametrize("copier", COPIERS)
def test_every_copy_of_a_session_has_the_draft_after_the_last_question(
    path: Path, open_session: OpenSession, tmp_path: Path, copier: str
) -> None:
    copy = tmp_path / "copy.db"
    first = at_the_end(open_session(path))
    COPIERS[copier](first, copy)
    assert verify(copy).is_sound
    waiting = open_session(copy).current_draft()
    assert waiting is not None
    assert (waiting.text, waiting.question) == (LATE, "")


def test_a_draft_of_a_new_answer_resumes_no_edit(path: Path, open_session: OpenSession) -> None:
    live_session = open_session(path)
    say(live_session, "one")
    draft = live_session.make_draft("two")
    assert draft is not None
    live_session.resume_editing(draft)
    assert live_session.client.editing is None
