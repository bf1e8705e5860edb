"""The drafts of a live session: kept at their question, and restored there."""

from collections.abc import Callable
from pathlib import Path

import pytest
from live_session_support import OpenSession, carry_out, say, texts

from workshop.client import Client
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
    first.live_session.save_draft(draft).result(30)
    first.live_session.close()

    second = open_session(path)
    waiting = second.current_draft()
    assert waiting is not None
    assert (waiting.text, waiting.answer) == ("half a tho", "")
    assert texts(second) == ["one"]
    say(second, "/back")
    assert second.current_draft() is None
    say(second, "/next", "/as Ben")
    assert second.live_session.current is not None
    assert second.live_session.current.address == waiting.question
    assert second.current_draft() is None
    say(second, "/as facilitator")
    assert second.current_draft() == waiting


def test_a_draft_is_gone_once_it_became_an_answer(path: Path, open_session: OpenSession) -> None:
    first = open_session(path)
    carry_out(first.begin())
    draft = first.make_draft("half a thought")
    assert draft is not None
    first.live_session.save_draft(draft).result(30)
    say(first, "a whole thought")
    first.live_session.close()
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
    first.live_session.close()
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
    first.live_session.close()
    assert list(open_session(path).live_session.drafts) == [waiting]


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
    first.live_session.close()
    assert {draft.text for draft in list(open_session(path).live_session.drafts)} == {
        "Ben's here",
        "Anna's elsewhere",
    }


@pytest.mark.parametrize("text", ["/nonsense", "/help", "skip", "/delete 9"])
def test_a_draft_that_was_sent_in_vain_stays(
    path: Path, open_session: OpenSession, text: str
) -> None:
    first = open_session(path)
    carry_out(first.begin())
    draft = first.make_draft(text)
    assert draft is not None
    first.live_session.save_draft(draft).result(30)
    say(first, text)
    first.live_session.close()
    assert open_session(path).current_draft() == draft


def test_an_edit_resumes_from_its_draft(path: Path, open_session: OpenSession) -> None:
    first = open_session(path)
    proposal = say(first, "one", "two", "/edit 1")
    assert proposal.response.prompt == "one"
    draft = first.make_draft("one and a ha")
    assert draft is not None
    first.live_session.save_draft(draft).result(30)
    first.live_session.close()

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
    first.live_session.save_draft(draft).result(30)
    first.state = first.state._replace(editing=None)
    say(first, "/delete 1")
    first.live_session.save_draft(draft).result(30)
    first.live_session.close()

    second = open_session(path)
    waiting = second.current_draft()
    assert waiting is not None
    second.resume_editing(waiting)
    assert second.state.editing is None
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
    first.live_session.close()
    second = open_session(path)
    say(second, "/as facilitator", f"/goto {waiting.question}")
    assert second.current_draft() == waiting


def test_a_draft_saved_in_this_run_waits_at_its_question(
    path: Path, open_session: OpenSession
) -> None:
    client = open_session(path)
    carry_out(client.begin())
    client.save_draft("half a tho").result(30)
    say(client, "/next")
    assert client.current_draft() is None
    say(client, "/back")
    waiting = client.current_draft()
    assert waiting is not None
    assert waiting.text == "half a tho"
    client.save_draft("").result(30)
    assert client.current_draft() is None


LATE = "/park something long that nobody should lose"


def at_the_end(client: Client) -> Client:
    """Go past the last question, save a draft there, and return the live session."""
    say(client, "one", f"/goto {client.live_session.session.addresses[-1]}", "/next")
    assert client.live_session.current is None
    client.save_draft(LATE).result(30)
    return client


def test_a_draft_after_the_last_question_waits_there(path: Path, open_session: OpenSession) -> None:
    at_the_end(open_session(path)).live_session.close()
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
    first.live_session.close()
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
    assert [point.text for point in first.live_session.state.parked] == [
        LATE.removeprefix("/park ")
    ]
    assert first.current_draft() is None
    first.live_session.close()
    assert open_session(path).current_draft() is None


def save_copy(client: Client, target: Path) -> None:
    client.save_as(str(target), "").result(30)


def save_copy_with_unsent(client: Client, target: Path) -> None:
    client.save_draft("").result(30)
    client.save_as(str(target), LATE).result(30)


COPIERS: dict[str, Callable[[Client, Path], object]] = {
    "save_elsewhere": save_copy,
    "save_elsewhere_what_is_not_saved_here": save_copy_with_unsent,
    "back_up": lambda client, target: back_up(client.live_session.path, target),
    "rescue": lambda client, target: rescue(client.live_session.path, target),
    "merge": lambda client, target: merge(
        client.live_session.path, client.live_session.path, target
    ),
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
    client = open_session(path)
    say(client, "one")
    draft = client.make_draft("two")
    assert draft is not None
    client.resume_editing(draft)
    assert client.state.editing is None
