"""A live session: each response is proposed, committed, and only then accepted."""

import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from workshop.banks.registry import find_bank
from workshop.errors import CannotWriteError
from workshop.facilitation.messages import Notice, QuestionAsked, message_lines
from workshop.live_session import LiveSession, Proposal, make_events
from workshop.session.events import AnswerAdded
from workshop.session.session import Session
from workshop.storage.backup import back_up
from workshop.storage.integrity.rescue import rescue
from workshop.storage.integrity.verify import verify
from workshop.storage.merge_files import merge
from workshop.storage.sqlite.create import create_session
from workshop.storage.sqlite.session_file import SessionFile

BEGUN = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)

OpenSession = Callable[..., LiveSession]
MakeSession = Callable[..., Path]


@pytest.fixture
def make(tmp_path: Path) -> MakeSession:
    def make_session(mode: str = "group", bank: str = "it_business_model_canvas") -> Path:
        session = Session.model_validate(
            {
                "id": uuid.uuid4().hex,
                "title": "Acme",
                "mode": mode,
                "bank": find_bank(bank),
                "created": BEGUN,
            }
        )
        return create_session(tmp_path, session)

    return make_session


@pytest.fixture
def path(make: MakeSession) -> Path:
    return make()


@pytest.fixture
def open_session() -> Iterator[OpenSession]:
    """Yield a function that opens a live session; all are closed at the end of the test."""
    opened: list[LiveSession] = []

    def open_one(path: Path, speaker: str = "", **options: Any) -> LiveSession:
        opened.append(LiveSession.open(path, speaker, **options))
        return opened[-1]

    yield open_one
    for live_session in opened:
        live_session.close()


def carry_out(live_session: LiveSession, proposal: Proposal) -> Proposal:
    live_session.commit(proposal).result(30)
    live_session.accept(proposal)
    return proposal


def say(live_session: LiveSession, *texts: str) -> Proposal:
    """Send all texts, as a front end does; return the proposal of the last one."""
    if not live_session.state.begun:
        carry_out(live_session, live_session.begin())
    return [carry_out(live_session, live_session.propose(text)) for text in texts][-1]


def texts(live_session: LiveSession) -> list[str]:
    return [a.text for a in live_session.state.answers.values()]


# ── the three steps ──────────────────────────────────────────────────────────────────────────


def test_a_proposal_changes_nothing(path: Path, open_session: OpenSession) -> None:
    live_session = open_session(path)
    carry_out(live_session, live_session.begin())
    before = (live_session.event_log.events, live_session.client, live_session.current)
    for text in ("an answer", "", "/skip", "/as Ben", "/goto channels", "skip"):
        live_session.propose(text)
        assert (live_session.event_log.events, live_session.client, live_session.current) == before
    live_session.propose_answers(["one", "two"])
    assert (live_session.event_log.events, live_session.client, live_session.current) == before


def test_a_commit_does_not_change_the_state_before_it_is_accepted(
    path: Path, open_session: OpenSession
) -> None:
    live_session = open_session(path)
    carry_out(live_session, live_session.begin())
    proposal = live_session.propose("an answer")
    live_session.commit(proposal).result(30)
    assert texts(live_session) == []
    live_session.accept(proposal)
    assert texts(live_session) == ["an answer"]


def test_what_could_not_be_committed_is_not_in_the_state_and_can_be_tried_again(
    path: Path, open_session: OpenSession, tmp_path: Path
) -> None:
    live_session = open_session(path)
    carry_out(live_session, live_session.begin())
    proposal = live_session.propose("an answer")
    path.rename(tmp_path / "elsewhere")
    assert isinstance(live_session.commit(proposal).exception(30), CannotWriteError)
    assert texts(live_session) == []
    (tmp_path / "elsewhere").rename(path)
    carry_out(live_session, proposal)
    assert texts(live_session) == ["an answer"]
    live_session.close()
    assert texts(open_session(path)) == ["an answer"]


def test_a_reply_without_events_needs_no_commit(path: Path, open_session: OpenSession) -> None:
    live_session = open_session(path)
    carry_out(live_session, live_session.begin())
    before = path.read_bytes()
    proposal = live_session.propose("/help")
    assert proposal.events == ()
    assert live_session.commit(proposal).done()
    assert path.read_bytes() == before


def test_the_file_holds_the_events_of_the_live_session(
    path: Path, open_session: OpenSession
) -> None:
    live_session = open_session(path)
    say(live_session, "one", "two", "", "/skip", "three", "/delete 2", "/undo", "/edit 1 uno")
    events, answers = live_session.event_log.events, texts(live_session)
    live_session.close()
    with SessionFile.open(path) as opened:
        assert tuple(opened.events()) == events
    assert answers == ["uno", "two", "three"]


def test_each_line_of_a_list_becomes_an_answer_in_one_commit(
    path: Path, open_session: OpenSession
) -> None:
    live_session = open_session(path)
    carry_out(live_session, live_session.begin())
    carry_out(live_session, live_session.propose_answers(["one", "", "  two  "]))
    assert texts(live_session) == ["one", "two"]


# ── the clock and the ids ────────────────────────────────────────────────────────────────────


def test_times_come_from_the_injected_clock(path: Path, open_session: OpenSession) -> None:
    hours = timezone(timedelta(hours=2))
    live_session = open_session(
        path, clock=lambda: datetime(2027, 3, 1, 12, 0, 1, 500, tzinfo=hours)
    )
    say(live_session, "an answer")
    assert {e.at for e in live_session.event_log.events} == {"2027-03-01T10:00:01.000Z"}


def test_each_event_has_an_id_of_its_own() -> None:
    body = AnswerAdded(question="a.b", text="x", participant="Anna")
    events = make_events([body, body], "Anna", BEGUN)
    assert events[0].id != events[1].id
    assert [e.body for e in events] == [body, body]
    assert all(uuid.UUID(hex=e.id).hex == e.id for e in events)


# ── resuming ─────────────────────────────────────────────────────────────────────────────────


def test_a_session_resumes_at_the_same_question(path: Path, open_session: OpenSession) -> None:
    first = open_session(path)
    say(first, "one", "", "two", "", "")
    position = first.current
    first.close()
    second = open_session(path)
    assert second.current == position
    messages = carry_out(second, second.begin()).response.messages
    assert isinstance(messages[0], Notice)
    assert "Welcome back: 2 of 46" in messages[0].text
    assert [m.position for m in messages if isinstance(m, QuestionAsked)] == [position]


def test_a_session_resumed_after_its_last_question_stays_there(
    make: MakeSession, open_session: OpenSession
) -> None:
    path = make(bank="business_model_alignment_canvas")
    first = open_session(path)
    say(first, *[""] * 18)
    assert first.current is None
    first.close()
    second = open_session(path)
    assert second.current is None
    assert "18 questions are still open" in message_lines(second.begin().response.messages[0])[0]


def test_resuming_again_and_again_writes_nothing_new(path: Path, open_session: OpenSession) -> None:
    first = open_session(path)
    say(first, "one")
    first.close()
    before = path.read_bytes()
    for _ in range(2):
        again = open_session(path)
        assert carry_out(again, again.begin()).events == ()
        again.close()
    assert path.read_bytes() == before


def test_undo_reaches_back_before_the_resumption(path: Path, open_session: OpenSession) -> None:
    first = open_session(path)
    say(first, "one", "two", "/undo")
    first.close()
    second = open_session(path)
    say(second, "/redo", "/undo", "/undo")
    assert texts(second) == []
    say(second, "/redo", "/redo")
    assert texts(second) == ["one", "two"]


# ── who speaks ───────────────────────────────────────────────────────────────────────────────


def test_the_facilitator_speaks_in_a_group(path: Path, open_session: OpenSession) -> None:
    assert open_session(path).client.speaker == "Facilitator"


def test_a_named_speaker_keeps_the_name_as_first_written(
    path: Path, open_session: OpenSession
) -> None:
    first = open_session(path, "Zoë")
    say(first, "one")
    first.close()
    second = open_session(path, "ZOË")
    assert second.client.speaker == "Zoë"
    assert second.begin().events == ()


def test_the_participant_of_a_solo_session_speaks_again(
    make: MakeSession, open_session: OpenSession
) -> None:
    path = make(mode="solo")
    first = open_session(path, "Anna")
    say(first, "one")
    first.close()
    assert open_session(path).client.speaker == "Anna"


# ── drafts ───────────────────────────────────────────────────────────────────────────────────


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
    say(live_session, "one", f"/goto {live_session.session.stops[-1]}", "/next")
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
