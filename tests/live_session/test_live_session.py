"""A live session: each response is proposed, committed, and only then accepted."""

import uuid
from datetime import datetime, timedelta, timezone
from pathlib import Path

from live_session_support import BEGUN, MakeSession, OpenSession, carry_out, say, texts

from workshop.errors import CannotWriteError
from workshop.facilitation.messages import Notice, QuestionAsked, message_lines
from workshop.live_session import make_events
from workshop.session.events import AnswerAdded
from workshop.storage.sqlite.session_file import SessionFile

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
