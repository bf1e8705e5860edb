"""Undo and redo are one's own: what a seat did, a batch at a time."""

import pytest
from fold_samples import QUESTIONS, added, summary
from hypothesis import given
from hypothesis import strategies as st

from workshop.session.event_log import EventLog
from workshop.session.events import (
    ANONYMOUS,
    KEYBOARD,
    AnswerEdited,
    AnswerRemoved,
    AnyBody,
    Event,
    LevelNamed,
    PointParked,
    QuestionSkipped,
    TitleSet,
    Undone,
    VoteCast,
)

AT = "2026-03-01T09:00:00.000Z"
PHONE, OTHER = "phone-1", "phone-2"


class Seats:
    """A log to which several seats write."""

    def __init__(self) -> None:
        self.event_log = EventLog()

    def does(self, seat: str, *bodies: AnyBody, batch: str = "") -> list[str]:
        first = len(self.event_log)
        events = [
            Event(f"e{first + n}", AT, "Anna", body, seat, batch) for n, body in enumerate(bodies)
        ]
        self.event_log.extend(events)
        return [event.id for event in events]

    def undoes(self, seat: str) -> bool:
        """Undo as a client does; return whether there was something that may be undone."""
        return self._takes_back(seat, self.event_log.undo_target(seat))

    def redoes(self, seat: str) -> bool:
        return self._takes_back(seat, self.event_log.redo_target(seat))

    def _takes_back(self, seat: str, events: tuple[Event, ...]) -> bool:
        subjects = [
            self.event_log.event(e.body.event) if isinstance(e.body, Undone) else e for e in events
        ]
        if not events or self.event_log.changed_since(e for e in subjects if e):
            return False
        self.does(seat, *(Undone(event=e.id) for e in events), batch=f"u{len(self.event_log)}")
        return True

    @property
    def texts(self) -> list[str]:
        return [answer.text for answer in self.event_log.state.answers.values()]


def test_undo_takes_back_the_seats_own_last_change_and_never_anothers() -> None:
    seats = Seats()
    seats.does(KEYBOARD, added(text="typed"))
    seats.does(PHONE, added(text="from the phone"))
    seats.does(OTHER, added(text="from another phone"))
    assert seats.undoes(PHONE)
    assert seats.texts == ["typed", "from another phone"]
    assert not seats.undoes(PHONE)
    assert seats.undoes(KEYBOARD)
    assert seats.texts == ["from another phone"]


def test_a_change_of_another_seat_does_not_empty_what_one_can_redo() -> None:
    seats = Seats()
    seats.does(PHONE, added(text="mine"))
    assert seats.undoes(PHONE)
    seats.does(KEYBOARD, added(text="typed"))
    assert seats.redoes(PHONE)
    assert seats.texts == ["mine", "typed"]
    assert not seats.redoes(KEYBOARD)


def test_a_batch_is_undone_and_redone_as_one() -> None:
    seats = Seats()
    seats.does(KEYBOARD, added(text="before"))
    seats.does(KEYBOARD, *(added(text=str(n)) for n in range(3)), batch="pasted")
    seats.does(PHONE, added(text="phone"))
    assert seats.undoes(KEYBOARD)
    assert seats.texts == ["before", "phone"]
    assert seats.redoes(KEYBOARD)
    assert seats.texts == ["before", "0", "1", "2", "phone"]
    assert seats.undoes(KEYBOARD)
    assert seats.undoes(KEYBOARD)
    assert seats.texts == ["phone"]


def test_two_batches_one_after_the_other_are_two_undos() -> None:
    seats = Seats()
    seats.does(KEYBOARD, added(text="a"), added(text="b"), batch="1")
    seats.does(KEYBOARD, added(text="c"), added(text="d"), batch="2")
    assert seats.undoes(KEYBOARD)
    assert seats.texts == ["a", "b"]


def test_what_nobody_is_to_be_known_for_is_taken_back_by_nobody() -> None:
    seats = Seats()
    seats.does(ANONYMOUS, added(text="who said it?"))
    assert not seats.event_log.undo_target(ANONYMOUS)
    assert not seats.undoes(KEYBOARD)


ANSWER = "e0"
BUILT_ON: dict[str, tuple[AnyBody, AnyBody]] = {
    "an answer that was edited": (added(), AnswerEdited(answer=ANSWER, text="b")),
    "an answer that was deleted": (added(), AnswerRemoved(answer=ANSWER)),
    "an answer with dots": (added(), VoteCast(answer=ANSWER, dots=1)),
    "a skip of a question that was answered": (
        QuestionSkipped(question=QUESTIONS[0]),
        added(QUESTIONS[0]),
    ),
    "a skip of a question that was skipped again": (
        QuestionSkipped(question=QUESTIONS[0]),
        QuestionSkipped(question=QUESTIONS[0], reason="for another reason"),
    ),
    "a title that was replaced": (TitleSet(title="One"), TitleSet(title="Two")),
    "a model's name that was replaced": (
        LevelNamed(level="higher", name="One"),
        LevelNamed(level="higher", name="Two"),
    ),
}


@pytest.mark.parametrize("what", BUILT_ON)
def test_what_another_seat_built_on_is_not_taken_back(what: str) -> None:
    first, later = BUILT_ON[what]
    seats = Seats()
    seats.does(PHONE, first)
    seats.does(KEYBOARD, later)
    assert not seats.undoes(PHONE)
    assert seats.undoes(KEYBOARD)
    assert seats.undoes(PHONE)


def test_an_edit_is_not_taken_back_once_another_seat_has_edited_the_answer() -> None:
    seats = Seats()
    seats.does(PHONE, added(text="a"))
    seats.does(KEYBOARD, AnswerEdited(answer=ANSWER, text="b"))
    seats.does(PHONE, AnswerEdited(answer=ANSWER, text="c"))
    assert not seats.undoes(KEYBOARD)
    assert seats.undoes(PHONE)
    assert seats.texts == ["b"]
    assert seats.undoes(KEYBOARD)
    assert seats.texts == ["a"]


def test_an_edit_is_not_redone_over_the_later_one_of_another_seat() -> None:
    seats = Seats()
    seats.does(PHONE, added(text="a"))
    seats.does(PHONE, AnswerEdited(answer=ANSWER, text="b"))
    assert seats.undoes(PHONE)
    seats.does(KEYBOARD, AnswerEdited(answer=ANSWER, text="c"))
    assert not seats.redoes(PHONE)
    assert seats.texts == ["c"]


def test_a_deletion_is_not_redone_once_another_seat_has_edited_the_answer() -> None:
    seats = Seats()
    seats.does(KEYBOARD, added(text="a"))
    seats.does(KEYBOARD, AnswerRemoved(answer=ANSWER))
    assert seats.undoes(KEYBOARD)
    seats.does(PHONE, AnswerEdited(answer=ANSWER, text="c"))
    assert not seats.redoes(KEYBOARD)
    assert seats.texts == ["c"]


def test_an_answer_does_not_come_back_to_a_question_that_another_seat_skipped_since() -> None:
    seats = Seats()
    seats.does(KEYBOARD, added(QUESTIONS[0], "a"))
    seats.does(KEYBOARD, AnswerRemoved(answer=ANSWER))
    seats.does(PHONE, QuestionSkipped(question=QUESTIONS[0], reason="nobody knows"))
    assert not seats.undoes(KEYBOARD)
    seats.does(OTHER, added(QUESTIONS[1], "b"))
    assert seats.undoes(OTHER)
    seats.does(PHONE, QuestionSkipped(question=QUESTIONS[1], reason="nobody knows"))
    assert not seats.redoes(OTHER)
    assert len(seats.event_log.state.skipped) == 2


ADD, SKIP = added(QUESTIONS[0], "a"), QuestionSkipped(question=QUESTIONS[0], reason="r")
EDIT_B, EDIT_C = AnswerEdited(answer=ANSWER, text="b"), AnswerEdited(answer=ANSWER, text="c")
DELETE = AnswerRemoved(answer=ANSWER)
CROSSED: dict[str, tuple[tuple[AnyBody, ...], AnyBody]] = {
    "an edit after another edit came back": ((ADD, EDIT_B), EDIT_C),
    "a deletion after an edit came back": ((ADD, EDIT_B), DELETE),
    "an edit after the answer was taken back": ((ADD,), EDIT_B),
    "a deletion after the answer was taken back": ((ADD,), DELETE),
    "a skip after an answer came back": ((ADD,), SKIP),
}


@pytest.mark.parametrize("what", CROSSED)
def test_nothing_is_redone_over_what_another_seat_took_back_or_redid_since(what: str) -> None:
    before, change = CROSSED[what]
    seats = Seats()
    for body in before:
        seats.does(KEYBOARD, body)
    first_undone = len(before) > 1 or change == SKIP
    if first_undone:
        assert seats.undoes(KEYBOARD)
    seats.does(PHONE, change)
    assert seats.undoes(PHONE)
    assert seats.redoes(KEYBOARD) if first_undone else seats.undoes(KEYBOARD)
    shown = content(seats.event_log)
    assert not seats.redoes(PHONE)
    assert content(seats.event_log) == shown
    assert not seats.event_log.state.unapplied


def test_dots_for_an_edited_answer_stop_neither_the_edit_nor_other_dots_from_being_undone() -> None:
    seats = Seats()
    seats.does(KEYBOARD, added(text="a"))
    seats.does(KEYBOARD, AnswerEdited(answer=ANSWER, text="b"))
    seats.does(OTHER, VoteCast(answer=ANSWER, dots=2))
    seats.does(PHONE, VoteCast(answer=ANSWER, dots=3))
    assert seats.undoes(OTHER)
    assert seats.undoes(KEYBOARD)
    answer = seats.event_log.state.answers[ANSWER]
    assert (answer.text, answer.votes) == ("a", 3)


SEATS = (KEYBOARD, PHONE, OTHER)
ACTS = st.lists(
    st.tuples(
        st.sampled_from(SEATS),
        st.sampled_from(
            ["add", "add", "edit", "remove", "vote", "skip", "park", "undo", "undo", "redo"]
        ),
        st.integers(0, 20),
        st.integers(1, 3),
    ),
    max_size=40,
)


def play(seats: Seats, seat: str, act: str, which: int, count: int) -> bool:
    """Let a seat act as a client could; return whether anything happened."""
    answers = list(seats.event_log.state.answers)
    answer = answers[which % len(answers)] if answers else None
    question = QUESTIONS[which % len(QUESTIONS)]
    match act:
        case "undo":
            return seats.undoes(seat)
        case "redo":
            return seats.redoes(seat)
        case "add":
            texts = [f"{seat} {len(seats.event_log)} {n}" for n in range(count)]
            batch = f"b{len(seats.event_log)}" if count > 1 else ""
            seats.does(seat, *(added(question, text) for text in texts), batch=batch)
        case "park":
            seats.does(seat, PointParked(text="p", question=question, participant="Anna"))
        case "skip" if not seats.event_log.state.answer_count(question):
            seats.does(seat, QuestionSkipped(question=question, reason=f"r{len(seats.event_log)}"))
        case "edit" if answer:
            seats.does(seat, AnswerEdited(answer=answer, text=f"edit {len(seats.event_log)}"))
        case "remove" if answer:
            seats.does(seat, AnswerRemoved(answer=answer))
        case "vote" if answer:
            seats.does(seat, VoteCast(answer=answer, dots=count))
        case _:
            return False
    return True


@given(ACTS)
def test_nothing_that_clients_do_is_without_effect_and_an_undo_is_redone(
    acts: list[tuple[str, str, int, int]],
) -> None:
    seats = Seats()
    for seat, act, which, count in acts:
        before = content(seats.event_log)
        happened = play(seats, seat, act, which, count)
        assert not seats.event_log.state.unapplied
        if happened and act in ("undo", "redo"):
            assert content(seats.event_log) != before
            back = seats.redoes if act == "undo" else seats.undoes
            assert back(seat)
            assert content(seats.event_log) == before


@given(ACTS)
def test_a_copy_of_the_log_grows_alone_and_equals_a_log_folded_anew(
    acts: list[tuple[str, str, int, int]],
) -> None:
    seats = Seats()
    for act in acts:
        earlier, seats.event_log = seats.event_log, seats.event_log.copy()
        before = summary(earlier)
        play(seats, *act)
        assert summary(earlier) == before
    assert summary(seats.event_log) == summary(EventLog(seats.event_log.events))


def content(event_log: EventLog) -> dict[str, object]:
    """Return what people see of a log, without how it came about."""
    return {
        name: value
        for name, value in summary(event_log).items()
        if name in ("answers", "by question", "skipped", "parked", "actions")
    }
