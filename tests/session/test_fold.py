"""The fold: whatever the log holds, its state is the one that a plain model arrives at."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from fold_samples import QUESTIONS, added, happened, summary
from hypothesis import given, settings
from hypothesis import strategies as st

from workshop.session.event_log import EventLog
from workshop.session.events import (
    KEYBOARD,
    ActionAdded,
    AnswerAdded,
    AnswerEdited,
    AnswerRemoved,
    AnyBody,
    Event,
    LevelNamed,
    ParticipantJoined,
    PointParked,
    PositionMoved,
    QuestionSkipped,
    TitleSet,
    Undone,
    Unknown,
    VoteCast,
)

# ── against a plain model ────────────────────────────────────────────────────────────────────


@dataclass
class Model:
    """What a session should be, in the plainest way: dictionaries, and copies of them to undo."""

    answers: dict[str, tuple[int, str, str]] = field(default_factory=dict)
    votes: dict[str, int] = field(default_factory=dict)
    skipped: dict[str, str] = field(default_factory=dict)
    parked: dict[str, tuple[str, str]] = field(default_factory=dict)
    actions: dict[str, tuple[str, str, str]] = field(default_factory=dict)
    given: int = 0
    undoable: list[tuple[str, tuple[dict, ...]]] = field(default_factory=list)
    redoable: list[tuple[str, str, tuple[dict, ...]]] = field(default_factory=list)

    def copies(self) -> tuple[dict, ...]:
        holds = (self.answers, self.votes, self.skipped, self.parked, self.actions)
        return tuple(map(dict, holds))

    def become(self, copies: tuple[dict, ...]) -> None:
        self.answers, self.votes, self.skipped, self.parked, self.actions = copies

    def answered(self, question: str) -> bool:
        return any(q == question for _, q, _ in self.answers.values())

    def happens(self, event: Event) -> None:
        if event.body.undoable:
            self.undoable.append((event.id, self.copies()))
            self.redoable.clear()
        match event.body:
            case Undone(event=target):
                self.take_back(event.id, target)
            case PointParked(text=text, question=question):
                self.parked[event.id] = (text, question)
            case ActionAdded(text=text, owner=owner, due=due):
                self.actions[event.id] = (text, owner, due)
            case body:
                self.change(event.id, body)

    def change(self, event_id: str, body: AnyBody) -> None:
        match body:
            case AnswerAdded(question=question, text=text):
                self.given += 1
                self.answers[event_id] = (self.given, question, text)
                self.skipped.pop(question, None)
            case AnswerEdited(answer=answer, text=text):
                if answer in self.answers:
                    number, question, _ = self.answers[answer]
                    self.answers[answer] = (number, question, text)
            case AnswerRemoved(answer=answer):
                self.answers.pop(answer, None)
                self.votes.pop(answer, None)
            case VoteCast(answer=answer, dots=dots):
                if answer in self.answers:
                    self.votes[answer] = self.votes.get(answer, 0) + dots
            case QuestionSkipped(question=question, reason=reason):
                if not self.answered(question):
                    self.skipped[question] = reason

    def take_back(self, event_id: str, target: str) -> None:
        if self.undoable and self.undoable[-1][0] == target:
            self.redoable.append((event_id, target, self.copies()))
            self.become(self.undoable.pop()[1])
        elif self.redoable and self.redoable[-1][0] == target:
            _, first, copies = self.redoable.pop()
            self.undoable.append((first, self.copies()))
            self.become(copies)

    def agrees_with(self, event_log: EventLog) -> None:
        state = event_log.state
        assert {
            a.id: (a.number, a.question, a.text) for a in state.answers.values()
        } == self.answers
        assert [a.number for a in state.answers.values()] == sorted(
            number for number, _, _ in self.answers.values()
        )
        assert {a.id: a.votes for a in state.answers.values() if a.votes} == self.votes
        assert dict(state.skipped) == self.skipped
        assert {p.id: (p.text, p.question) for p in state.parked} == self.parked
        assert {a.id: (a.text, a.owner, a.due) for a in state.actions} == self.actions
        assert state.next_number == self.given + 1
        for question in QUESTIONS:
            here = [i for i, (_, q, _) in self.answers.items() if q == question]
            assert sorted(a.id for a in state.answers_to(question)) == sorted(here)
            assert state.answer_count(question) == len(here)
            assert state.is_open(question) == (not here and question not in self.skipped)
            assert all(state.answers[a.id] == a for a in state.answers_to(question))
        in_order = [a for q in QUESTIONS for a in state.answers_to(q)]
        most_first = sorted(in_order, key=lambda a: self.votes.get(a.id, 0), reverse=True)
        assert list(state.on_canvas(QUESTIONS)) == most_first
        assert [event.id for event in event_log.undo_target(KEYBOARD)] == [
            undoable[0] for undoable in self.undoable[-1:]
        ]
        assert [event.id for event in event_log.redo_target(KEYBOARD)] == [
            redoable[0] for redoable in self.redoable[-1:]
        ]


ACTS = st.lists(
    st.tuples(
        st.sampled_from(
            [
                "add",
                "add",
                "edit",
                "remove",
                "vote",
                "vote",
                "skip",
                "park",
                "act",
                "undo",
                "undo",
                "redo",
                "move",
            ]
        ),
        st.integers(0, 30),
    ),
    max_size=40,
)


def body_of(act: str, which: int, event_log: EventLog) -> AnyBody | None:
    """Return what `act` makes of the fold's log, or None where there is nothing to act on."""
    question = QUESTIONS[which % len(QUESTIONS)]
    adds = [e.id for e in event_log.events if isinstance(e.body, AnswerAdded)]
    answer = adds[which % len(adds)] if adds else "nobody"
    match act:
        case "add":
            return added(question, f"text {len(event_log)}")
        case "edit":
            return AnswerEdited(answer=answer, text=f"edit {len(event_log)}")
        case "remove":
            return AnswerRemoved(answer=answer)
        case "vote":
            return VoteCast(answer=answer, dots=which % 3 + 1)
        case "park":
            return PointParked(text=f"point {len(event_log)}", question=question, participant="Ben")
        case "act":
            return ActionAdded(
                text=f"act {len(event_log)}", owner="Ben", due="", participant="Anna"
            )
        case "skip":
            return QuestionSkipped(question=question, reason=f"why {len(event_log)}")
        case "undo":
            return next((Undone(event=e.id) for e in event_log.undo_target(KEYBOARD)), None)
        case "redo":
            return next((Undone(event=e.id) for e in event_log.redo_target(KEYBOARD)), None)
        case _:
            return PositionMoved(question=question)


def play(acts: Sequence[tuple[str, int]]) -> EventLog:
    event_log = EventLog()
    for act, which in acts:
        body = body_of(act, which, event_log)
        if body is not None:
            event_log.extend([happened(len(event_log), body)])
    return event_log


@given(ACTS)
@settings(max_examples=250)
def test_the_state_equals_that_of_the_plain_model_after_every_event(
    acts: list[tuple[str, int]],
) -> None:
    event_log, model = EventLog(), Model()
    for act, which in acts:
        body = body_of(act, which, event_log)
        if body is not None:
            event = happened(len(event_log), body)
            event_log.extend([event])
            model.happens(event)
            model.agrees_with(event_log)
    model.agrees_with(EventLog(event_log.events))


@given(ACTS)
def test_undoing_everything_leaves_no_answer_and_redoing_brings_all_back(
    acts: list[tuple[str, int]],
) -> None:
    event_log = play([act for act in acts if act[0] not in ("undo", "redo")])
    before = summary(event_log)
    times = 0
    while undone := event_log.undo_target(KEYBOARD):
        event_log.extend([happened(len(event_log), Undone(event=undone[0].id))])
        times += 1
    state = event_log.state
    assert not any((state.answers, state.skipped, state.parked, state.actions))
    event_log = EventLog(event_log.events)
    for _ in range(times):
        (redone,) = event_log.redo_target(KEYBOARD)
        event_log.extend([happened(len(event_log), Undone(event=redone.id))])
    after = summary(event_log)
    for what in (
        "answers",
        "by question",
        "skipped",
        "parked",
        "actions",
        "at",
        "next number",
        "unapplied",
        "undo",
    ):
        assert after[what] == before[what]


@given(ACTS)
def test_a_number_belongs_to_one_answer_forever(acts: list[tuple[str, int]]) -> None:
    event_log = EventLog()
    owner: dict[int, str] = {}
    for act, which in acts:
        body = body_of(act, which, event_log)
        if body is not None:
            event_log.extend([happened(len(event_log), body)])
        for answer in event_log.state.answers.values():
            assert owner.setdefault(answer.number, answer.id) == answer.id
            assert event_log.state.answer_numbered(answer.number) == answer


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
            st.builds(TitleSet, title=st.sampled_from(["Acme", "Zenith"])),
            st.builds(LevelNamed, level=IDS, name=st.sampled_from(["", "We"])),
            st.builds(Undone, event=IDS),
            st.builds(Undone, event=IDS),
            st.builds(VoteCast, answer=IDS, dots=st.sampled_from([1, 999])),
            st.builds(PointParked, text=st.just("p"), question=ADDRESSES, participant=st.just("?")),
            st.builds(ActionAdded, text=st.just("a"), participant=st.just("?")),
            st.builds(Unknown, was=st.just("mood_felt")),
        ),
    ),
    max_size=14,
)


@given(GARBAGE)
@settings(max_examples=200)
def test_no_log_is_fatal_and_unapplied_events_are_reported(events: list[Event]) -> None:
    event_log = EventLog(events)
    first: dict[str, Event] = {}
    for event in events:
        first.setdefault(event.id, event)
    assert event_log.events == tuple(first.values())
    reported = [u.event for u in event_log.state.unapplied]
    assert len(reported) == len({e.id for e in reported})
    assert all(event_log.event(e.id) == e for e in reported)
    undone = {e.body.event for e in first.values() if isinstance(e.body, Undone)}
    given_ids = {e.id for e in first.values() if isinstance(e.body, AnswerAdded)}
    for event in first.values():
        body = event.body
        hopeless = (
            isinstance(body, Unknown)
            or (
                isinstance(body, AnswerEdited | AnswerRemoved | VoteCast)
                and body.answer not in given_ids
            )
            or (isinstance(body, Undone) and body.event not in first)
        )
        if hopeless and event.id not in undone:
            assert event in reported


@given(GARBAGE)
@settings(max_examples=200)
def test_unapplied_events_change_no_answer(events: list[Event]) -> None:
    event_log = EventLog(events)
    reported = {u.event.id for u in event_log.state.unapplied}
    without = EventLog(e for e in event_log.events if e.id not in reported)
    assert dict(without.state.answers) == dict(event_log.state.answers)
    assert dict(without.state.skipped) == dict(event_log.state.skipped)
    assert without.state.parked == event_log.state.parked
    assert without.state.actions == event_log.state.actions


@given(st.one_of(GARBAGE, ACTS.map(lambda acts: list(play(acts).events))), st.data())
@settings(max_examples=200)
def test_a_log_read_in_pieces_is_the_log_read_at_once(
    events: list[Event], data: st.DataObject
) -> None:
    pieces = EventLog()
    rest = events
    while rest:
        size = data.draw(st.integers(1, len(rest)))
        pieces.extend(rest[:size])
        rest = rest[size:]
    assert summary(pieces) == summary(EventLog(events))


@given(GARBAGE, st.randoms(use_true_random=False))
def test_an_event_that_comes_twice_counts_once(events: list[Event], random: object) -> None:
    event_log = EventLog(events)
    before = summary(event_log)
    event_log.extend(events)
    event_log.extend(reversed(events))
    assert summary(event_log) == before
    impostor = [Event(e.id, "later", "?", added(text="forged")) for e in events]
    event_log.extend(impostor)
    assert summary(event_log) == before
