"""The fold: whatever the log holds, its state is the one that a plain model arrives at."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from hypothesis import given, settings
from hypothesis import strategies as st

from workshop.session.events import (
    AnswerAdded,
    AnswerEdited,
    AnswerRemoved,
    AnyBody,
    Event,
    ParticipantJoined,
    PositionMoved,
    QuestionSkipped,
    Undone,
    Unknown,
)
from workshop.session.state import Fold

QUESTIONS = ["a.one", "a.two", "b.one"]


def happened(number: int, body: AnyBody) -> Event:
    return Event(f"e{number}", f"2026-11-22T09:00:00.{number % 1000:03}Z", "Anna", body)


def log_of(*bodies: AnyBody) -> list[Event]:
    """Return bodies as a log whose events are e0, e1, …"""
    return [happened(i, body) for i, body in enumerate(bodies)]


def added(question: str = "a.one", text: str = "words") -> AnswerAdded:
    return AnswerAdded(question=question, text=text, participant="Anna")


def summary(fold: Fold) -> dict[str, object]:
    """Return everything about a fold that people can see."""
    state = fold.state
    numbers = range(1, state.next_number)
    return {
        "answers": list(state.answers.values()),
        "by question": {q: state.answers_to(q) for q in QUESTIONS if state.count(q)},
        "numbered": {n: state.numbered(n) for n in numbers},
        "skipped": dict(state.skipped),
        "participants": state.participants,
        "at": (state.begun, state.position),
        "next number": state.next_number,
        "unapplied": state.unapplied,
        "undo": fold.to_undo,
        "redo": fold.to_redo,
        "log": fold.events,
    }


# ── against a plain model ────────────────────────────────────────────────────────────────────


@dataclass
class Model:
    """What a session should be, in the plainest way: dictionaries, and copies of them to undo."""

    answers: dict[str, tuple[int, str, str]] = field(default_factory=dict)
    skipped: dict[str, str] = field(default_factory=dict)
    given: int = 0
    undoable: list[tuple[str, dict, dict]] = field(default_factory=list)
    redoable: list[tuple[str, str, dict, dict]] = field(default_factory=list)

    def change(self, event_id: str) -> None:
        self.undoable.append((event_id, dict(self.answers), dict(self.skipped)))
        self.redoable.clear()

    def answered(self, question: str) -> bool:
        return any(q == question for _, q, _ in self.answers.values())

    def happens(self, event: Event) -> None:
        match event.body:
            case AnswerAdded(question=question, text=text):
                self.change(event.id)
                self.given += 1
                self.answers[event.id] = (self.given, question, text)
                self.skipped.pop(question, None)
            case AnswerEdited(answer=answer, text=text):
                self.change(event.id)
                if answer in self.answers:
                    number, question, _ = self.answers[answer]
                    self.answers[answer] = (number, question, text)
            case AnswerRemoved(answer=answer):
                self.change(event.id)
                self.answers.pop(answer, None)
            case QuestionSkipped(question=question, reason=reason):
                self.change(event.id)
                if not self.answered(question):
                    self.skipped[question] = reason
            case Undone(event=target) if self.undoable and self.undoable[-1][0] == target:
                _, answers, skipped = self.undoable.pop()
                self.redoable.append((event.id, target, self.answers, self.skipped))
                self.answers, self.skipped = answers, skipped
            case Undone(event=target) if self.redoable and self.redoable[-1][0] == target:
                _, first, answers, skipped = self.redoable.pop()
                self.undoable.append((first, self.answers, self.skipped))
                self.answers, self.skipped = answers, skipped

    def agrees_with(self, fold: Fold) -> None:
        state = fold.state
        assert {
            a.id: (a.number, a.question, a.text) for a in state.answers.values()
        } == self.answers
        assert [a.number for a in state.answers.values()] == sorted(
            number for number, _, _ in self.answers.values()
        )
        assert dict(state.skipped) == self.skipped
        assert state.next_number == self.given + 1
        for question in QUESTIONS:
            here = [i for i, (_, q, _) in self.answers.items() if q == question]
            assert sorted(a.id for a in state.answers_to(question)) == sorted(here)
            assert state.count(question) == len(here)
            assert state.is_settled(question) == bool(here or question in self.skipped)
        assert (fold.to_undo.id if fold.to_undo else None) == (
            self.undoable[-1][0] if self.undoable else None
        )
        assert (fold.to_redo.id if fold.to_redo else None) == (
            self.redoable[-1][0] if self.redoable else None
        )


ACTS = st.lists(
    st.tuples(
        st.sampled_from(["add", "add", "edit", "remove", "skip", "undo", "undo", "redo", "move"]),
        st.integers(0, 30),
    ),
    max_size=40,
)


def body_of(act: str, which: int, fold: Fold) -> AnyBody | None:
    """Return what `act` makes of the fold's log, or None where there is nothing to act on."""
    question = QUESTIONS[which % len(QUESTIONS)]
    adds = [e.id for e in fold.events if isinstance(e.body, AnswerAdded)]
    answer = adds[which % len(adds)] if adds else "nobody"
    match act:
        case "add":
            return added(question, f"text {len(fold)}")
        case "edit":
            return AnswerEdited(answer=answer, text=f"edit {len(fold)}")
        case "remove":
            return AnswerRemoved(answer=answer)
        case "skip":
            return QuestionSkipped(question=question, reason=f"why {len(fold)}")
        case "undo":
            return Undone(event=fold.to_undo.id) if fold.to_undo else None
        case "redo":
            return Undone(event=fold.to_redo.id) if fold.to_redo else None
        case _:
            return PositionMoved(question=question)


def play(acts: Sequence[tuple[str, int]]) -> Fold:
    fold = Fold()
    for act, which in acts:
        body = body_of(act, which, fold)
        if body is not None:
            fold.extend([happened(len(fold), body)])
    return fold


@given(ACTS)
@settings(max_examples=250)
def test_the_state_is_the_plain_models_after_every_event(acts: list[tuple[str, int]]) -> None:
    fold, model = Fold(), Model()
    for act, which in acts:
        body = body_of(act, which, fold)
        if body is not None:
            event = happened(len(fold), body)
            fold.extend([event])
            model.happens(event)
            model.agrees_with(fold)
    model.agrees_with(Fold(fold.events))


@given(ACTS)
def test_undoing_everything_leaves_no_answer_and_redoing_brings_all_back(
    acts: list[tuple[str, int]],
) -> None:
    fold = play([act for act in acts if act[0] not in ("undo", "redo")])
    before = summary(fold)
    times = 0
    while fold.to_undo:
        fold.extend([happened(len(fold), Undone(event=fold.to_undo.id))])
        times += 1
    assert not fold.state.answers
    assert not fold.state.skipped
    fold = Fold(fold.events)
    for _ in range(times):
        assert fold.to_redo
        fold.extend([happened(len(fold), Undone(event=fold.to_redo.id))])
    after = summary(fold)
    for what in ("answers", "by question", "skipped", "at", "next number", "unapplied", "undo"):
        assert after[what] == before[what]


@given(ACTS)
def test_a_number_belongs_to_one_answer_for_ever(acts: list[tuple[str, int]]) -> None:
    fold = Fold()
    owner: dict[int, str] = {}
    for act, which in acts:
        body = body_of(act, which, fold)
        if body is not None:
            fold.extend([happened(len(fold), body)])
        for answer in fold.state.answers.values():
            assert owner.setdefault(answer.number, answer.id) == answer.id
            assert fold.state.numbered(answer.number) == answer


# ── anything at all ──────────────────────────────────────────────────────────────────────────

IDS = st.sampled_from([f"e{i}" for i in range(8)] + ["", "nobody"])
ADDRESSES = st.sampled_from([*QUESTIONS, "", "gone.away"])
GARBAGE = st.lists(
    st.builds(
        Event,
        id=IDS,
        at=st.just("whenever"),
        actor=st.just("?"),
        body=st.one_of(
            st.builds(added, ADDRESSES, st.sampled_from(["x", "y"])),
            st.builds(AnswerEdited, answer=IDS, text=st.just("edited")),
            st.builds(AnswerRemoved, answer=IDS),
            st.builds(QuestionSkipped, question=ADDRESSES, reason=st.sampled_from(["", "why"])),
            st.builds(PositionMoved, question=ADDRESSES | st.none()),
            st.builds(ParticipantJoined, name=st.sampled_from(["Anna", "ANNA", "Ben"])),
            st.builds(Undone, event=IDS),
            st.builds(Undone, event=IDS),
            st.builds(Unknown, was=st.just("vote_cast")),
        ),
    ),
    max_size=14,
)


@given(GARBAGE)
@settings(max_examples=200)
def test_no_log_is_fatal_and_what_does_not_apply_is_reported(events: list[Event]) -> None:
    fold = Fold(events)
    first: dict[str, Event] = {}
    for event in events:
        first.setdefault(event.id, event)
    assert fold.events == tuple(first.values())
    reported = [u.event for u in fold.state.unapplied]
    assert len(reported) == len({e.id for e in reported})
    assert all(fold.event(e.id) == e for e in reported)
    undone = {e.body.event for e in first.values() if isinstance(e.body, Undone)}
    given_ids = {e.id for e in first.values() if isinstance(e.body, AnswerAdded)}
    for event in first.values():
        body = event.body
        hopeless = (
            isinstance(body, Unknown)
            or (isinstance(body, AnswerEdited | AnswerRemoved) and body.answer not in given_ids)
            or (isinstance(body, Undone) and body.event not in first)
        )
        if hopeless and event.id not in undone:
            assert event in reported


@given(GARBAGE)
@settings(max_examples=200)
def test_events_that_do_not_apply_change_no_answer(events: list[Event]) -> None:
    fold = Fold(events)
    reported = {u.event.id for u in fold.state.unapplied}
    without = Fold(e for e in fold.events if e.id not in reported)
    assert dict(without.state.answers) == dict(fold.state.answers)
    assert dict(without.state.skipped) == dict(fold.state.skipped)


@given(st.one_of(GARBAGE, ACTS.map(lambda acts: list(play(acts).events))), st.data())
@settings(max_examples=200)
def test_a_log_read_in_pieces_is_the_log_read_at_once(
    events: list[Event], data: st.DataObject
) -> None:
    pieces = Fold()
    rest = events
    while rest:
        size = data.draw(st.integers(1, len(rest)))
        pieces.extend(rest[:size])
        rest = rest[size:]
    assert summary(pieces) == summary(Fold(events))


@given(GARBAGE, st.randoms(use_true_random=False))
def test_an_event_that_comes_twice_counts_once(events: list[Event], random: object) -> None:
    fold = Fold(events)
    before = summary(fold)
    fold.extend(events)
    fold.extend(reversed(events))
    assert summary(fold) == before
    impostor = [Event(e.id, "later", "?", added(text="forged")) for e in events]
    fold.extend(impostor)
    assert summary(fold) == before


# ── in words ─────────────────────────────────────────────────────────────────────────────────


def test_an_empty_log_is_a_session_that_has_not_begun() -> None:
    fold = Fold()
    assert (len(fold), fold.events, fold.to_undo, fold.to_redo) == (0, (), None, None)
    assert not fold.state.begun
    assert fold.state.position is None
    assert fold.state.next_number == 1


def test_an_edited_answer_keeps_its_number_place_and_speaker() -> None:
    edit = AnswerEdited(answer="e0", text="new words")
    state = Fold(log_of(added(text="old"), added(text="next"), edit)).state
    first, second = state.answers.values()
    assert (first.text, first.edited, first.number, first.participant) == (
        "new words", True, 1, "Anna",
    )  # fmt: skip
    assert (second.text, second.edited, second.number) == ("next", False, 2)


def test_an_answer_that_comes_back_has_its_old_number_and_place() -> None:
    fold = Fold(log_of(added(text="1"), added(text="2"), AnswerRemoved(answer="e0")))
    assert [a.number for a in fold.state.answers.values()] == [2]
    fold.extend([happened(3, Undone(event="e2"))])
    assert [(a.number, a.text) for a in fold.state.answers.values()] == [(1, "1"), (2, "2")]


def test_a_number_of_an_undone_answer_is_not_given_again() -> None:
    fold = Fold(log_of(added(), Undone(event="e0"), added()))
    assert [a.number for a in fold.state.answers.values()] == [2]
    assert fold.state.numbered(1) is None


def test_an_answer_settles_what_was_skipped_and_undoing_it_skips_it_again() -> None:
    fold = Fold(log_of(QuestionSkipped(question="a.one", reason="later"), added()))
    assert not fold.state.skipped
    fold.extend([happened(2, Undone(event="e1"))])
    assert dict(fold.state.skipped) == {"a.one": "later"}


def test_a_new_answer_ends_what_could_be_redone() -> None:
    fold = Fold(log_of(added(), Undone(event="e0"), added()))
    assert fold.to_redo is None
    assert fold.to_undo
    assert fold.to_undo.id == "e2"


def test_moving_about_keeps_what_can_be_redone() -> None:
    fold = Fold(log_of(added(), Undone(event="e0"), PositionMoved(question="b.one")))
    assert fold.to_redo
    assert fold.to_redo.id == "e1"


def test_moving_and_joining_are_not_undone() -> None:
    log = log_of(PositionMoved(question="a.one"), ParticipantJoined(name="Anna"))
    fold = Fold(log)
    assert fold.to_undo is None
    fold.extend([happened(2, Undone(event="e0")), happened(3, Undone(event="e1"))])
    assert fold.state.position == "a.one"
    assert fold.state.participants == ("Anna",)
    assert [u.event.id for u in fold.state.unapplied] == ["e2", "e3"]


def test_an_undoing_that_came_before_its_event_takes_nothing_back() -> None:
    fold = Fold(log_of(Undone(event="e1"), added(), Undone(event="e0")))
    assert len(fold.state.answers) == 1
    assert [u.event.id for u in fold.state.unapplied] == ["e0", "e2"]


def test_a_skip_of_an_answered_question_is_reported() -> None:
    state = Fold(log_of(added(), QuestionSkipped(question="a.one"))).state
    assert not state.skipped
    assert "has answers" in state.unapplied[0].reason


def test_an_event_from_next_year_is_kept_and_reported() -> None:
    log = log_of(added(), Unknown(was="vote_cast"), added())
    fold = Fold(log)
    assert fold.events == tuple(log)
    assert [u.event.id for u in fold.state.unapplied] == ["e1"]
    assert len(fold.state.answers) == 2


def test_a_participant_keeps_the_name_as_first_written() -> None:
    joined = [ParticipantJoined(name=n) for n in ("Straße", "Anna", "STRASSE", "anna")]
    state = Fold(log_of(*joined)).state
    assert state.participants == ("Straße", "Anna")
    assert state.participant("strasse") == "Straße"
    assert state.participant("Ben") is None


def test_looking_ahead_at_a_skip_leaves_the_state_as_it_is() -> None:
    state = Fold(log_of(added("a.one"))).state
    ahead = state.with_skipped(QuestionSkipped(question="a.two", reason="later"))
    assert dict(ahead.skipped) == {"a.two": "later"}
    assert ahead.count("a.one") == 1
    assert not state.skipped
