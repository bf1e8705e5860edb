"""The fold in words: what an event does to what people see."""

from fold_samples import added, happened, log_of

from workshop.session.event_log import EventLog
from workshop.session.events import (
    KEYBOARD,
    ActionAdded,
    AnswerEdited,
    AnswerRemoved,
    ParticipantJoined,
    PointParked,
    PositionMoved,
    QuestionSkipped,
    Undone,
    Unknown,
    VoteCast,
)


def test_an_empty_log_is_a_session_that_has_not_begun() -> None:
    event_log = EventLog()
    assert (len(event_log), event_log.events) == (0, ())
    assert (event_log.undo_target(KEYBOARD), event_log.redo_target(KEYBOARD)) == ((), ())
    assert not event_log.state.begun
    assert event_log.state.position is None
    assert event_log.state.next_number == 1


def test_an_edited_answer_keeps_its_number_place_and_speaker() -> None:
    edit = AnswerEdited(answer="e0", text="new words")
    state = EventLog(log_of(added(text="old"), added(text="next"), edit)).state
    first, second = state.answers.values()
    assert (first.text, first.edited, first.number, first.participant) == (
        "new words", True, 1, "Anna",
    )  # fmt: skip
    assert (second.text, second.edited, second.number) == ("next", False, 2)


def test_an_answer_that_redo_brings_back_has_its_old_number_and_place() -> None:
    event_log = EventLog(log_of(added(text="1"), added(text="2"), AnswerRemoved(answer="e0")))
    assert [a.number for a in event_log.state.answers.values()] == [2]
    event_log.extend([happened(3, Undone(event="e2"))])
    assert [(a.number, a.text) for a in event_log.state.answers.values()] == [(1, "1"), (2, "2")]


def test_a_number_of_an_undone_answer_is_not_given_again() -> None:
    event_log = EventLog(log_of(added(), Undone(event="e0"), added()))
    assert [a.number for a in event_log.state.answers.values()] == [2]
    assert event_log.state.answer_numbered(1) is None


def test_an_answer_ends_a_skip_and_undoing_the_answer_restores_it() -> None:
    event_log = EventLog(log_of(QuestionSkipped(question="a.one", reason="later"), added()))
    assert not event_log.state.skipped
    event_log.extend([happened(2, Undone(event="e1"))])
    assert dict(event_log.state.skipped) == {"a.one": "later"}


def test_after_a_new_answer_nothing_can_be_redone() -> None:
    event_log = EventLog(log_of(added(), Undone(event="e0"), added()))
    assert not event_log.redo_target(KEYBOARD)
    assert [event.id for event in event_log.undo_target(KEYBOARD)] == ["e2"]


def test_moving_keeps_what_can_be_redone() -> None:
    event_log = EventLog(log_of(added(), Undone(event="e0"), PositionMoved(question="b.one")))
    assert [event.id for event in event_log.redo_target(KEYBOARD)] == ["e1"]


def test_moving_and_joining_are_not_undone() -> None:
    log = log_of(PositionMoved(question="a.one"), ParticipantJoined(name="Anna"))
    event_log = EventLog(log)
    assert not event_log.undo_target(KEYBOARD)
    event_log.extend([happened(2, Undone(event="e0")), happened(3, Undone(event="e1"))])
    assert event_log.state.position == "a.one"
    assert event_log.state.participants == ("Anna",)
    assert [u.event.id for u in event_log.state.unapplied] == ["e2", "e3"]


def test_an_undone_event_before_its_target_undoes_nothing() -> None:
    event_log = EventLog(log_of(Undone(event="e1"), added(), Undone(event="e0")))
    assert len(event_log.state.answers) == 1
    assert [u.event.id for u in event_log.state.unapplied] == ["e0", "e2"]


def test_dots_add_up_whoever_gives_them_and_in_whatever_order() -> None:
    votes = [VoteCast(answer="e0", dots=n) for n in (1, 3, 999)]
    for order in (votes, votes[::-1]):
        assert EventLog(log_of(added(), *order)).state.answers["e0"].votes == 1003


def test_dots_stay_with_an_answer_that_is_edited_and_go_with_one_that_is_removed() -> None:
    event_log = EventLog(
        log_of(added(), VoteCast(answer="e0", dots=4), AnswerEdited(answer="e0", text="b"))
    )
    assert (event_log.state.answers["e0"].text, event_log.state.answers["e0"].votes) == ("b", 4)
    event_log.extend([happened(3, AnswerRemoved(answer="e0")), happened(4, Undone(event="e3"))])
    assert event_log.state.answers["e0"].votes == 4


def test_a_vote_for_an_answer_that_is_not_there_is_reported() -> None:
    before, after = VoteCast(answer="e1", dots=1), VoteCast(answer="e1", dots=2)
    event_log = EventLog(log_of(before, added(), AnswerRemoved(answer="e1"), after))
    assert [u.event.id for u in event_log.state.unapplied] == ["e0", "e3"]
    assert "votes for" in event_log.state.unapplied[0].reason
    event_log.extend([happened(4, Undone(event="e2"))])
    assert event_log.state.answers["e1"].votes == 2


def test_a_vote_is_taken_back_by_undo_alone() -> None:
    event_log = EventLog(
        log_of(added(), VoteCast(answer="e0", dots=5), VoteCast(answer="e0", dots=2))
    )
    (vote,) = event_log.undo_target(KEYBOARD)
    event_log.extend([happened(3, Undone(event=vote.id))])
    assert event_log.state.answers["e0"].votes == 5
    assert event_log.redo_target(KEYBOARD)


def test_parked_points_and_actions_keep_their_person_time_and_order() -> None:
    point = PointParked(text="Prices", question="a.one", participant="Anna")
    action = ActionAdded(text="Ask", owner="Ben", due="3 May", participant="Anna")
    state = EventLog(log_of(point, action, PointParked(text="Later", participant="Ben"))).state
    assert [(p.id, p.text, p.question, p.participant) for p in state.parked] == [
        ("e0", "Prices", "a.one", "Anna"),
        ("e2", "Later", "", "Ben"),
    ]
    (noted,) = state.actions
    assert (noted.text, noted.owner, noted.due, noted.participant) == (
        "Ask",
        "Ben",
        "3 May",
        "Anna",
    )
    assert noted.at == "2026-11-22T09:00:00.001Z"


def test_a_skip_of_an_answered_question_is_reported() -> None:
    state = EventLog(log_of(added(), QuestionSkipped(question="a.one"))).state
    assert not state.skipped
    assert "has answers" in state.unapplied[0].reason


def test_an_event_of_an_unknown_kind_is_kept_and_reported() -> None:
    log = log_of(added(), Unknown(original_kind="mood_felt"), added())
    event_log = EventLog(log)
    assert event_log.events == tuple(log)
    assert [u.event.id for u in event_log.state.unapplied] == ["e1"]
    assert len(event_log.state.answers) == 2


def test_a_participant_keeps_the_name_as_first_written() -> None:
    joined = [ParticipantJoined(name=n) for n in ("Straße", "Anna", "STRASSE", "anna")]
    state = EventLog(log_of(*joined)).state
    assert state.participants == ("Straße", "Anna")
    assert state.participant("strasse") == "Straße"
    assert state.participant("Ben") is None


def test_a_preview_of_a_skip_leaves_the_state_as_it_is() -> None:
    state = EventLog(log_of(added("a.one"))).state
    ahead = state.with_skip(QuestionSkipped(question="a.two", reason="later"))
    assert dict(ahead.skipped) == {"a.two": "later"}
    assert ahead.answer_count("a.one") == 1
    assert not state.skipped
