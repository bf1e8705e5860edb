"""The fold: the state of a session, worked out event by event.

The fold is total: an event that it cannot apply, for example because its answer was removed in
another copy, stays in the log and is reported in `unapplied`; it is never fatal. Undoing is not the
fold's concern: the event log applies only the events that count (`event_log.py`).
"""

import copy
from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

from workshop.session.events import (
    ActionAdded,
    AnswerAdded,
    AnswerEdited,
    AnswerRemoved,
    Event,
    LevelNamed,
    PointParked,
    QuestionSkipped,
    TitleSet,
    VoteCast,
)


# A named tuple, because it is made in a fifth of the time and a fold makes one for each answer.
class Answer(NamedTuple):
    """One short statement given to a question, in its current wording."""

    id: str
    number: int
    """1-based number of the answer in this session; never reused."""
    question: str
    """The question's address."""
    text: str
    participant: str
    at: str
    """When the answer was given: ISO 8601 in UTC."""
    edited: bool = False
    """Whether the text was changed since."""
    votes: int = 0
    """The number of votes for the answer."""


class ParkedPoint(NamedTuple):
    """A point that was set aside for later."""

    id: str
    text: str
    question: str
    """The address of the question at which the point came up, or empty."""
    participant: str
    at: str
    """When the point was parked: ISO 8601 in UTC."""


class Action(NamedTuple):
    """A task that somebody is to do."""

    id: str
    text: str
    owner: str
    """The name of the person who is to do it, or empty."""
    due: str
    """The due date in the words that were typed, or empty."""
    participant: str
    """The name of the person who noted it."""
    at: str
    """When the action was noted: ISO 8601 in UTC."""


class UnappliedEvent(NamedTuple):
    """An event that the fold could not apply, with the reason."""

    event: Event
    reason: str


class SessionState:
    """The projection of a session's events: answers, votes, skips, position and so on.

    Everybody may read it; only the event log changes it, through the methods of the fold below.
    """

    def __init__(self) -> None:
        """Start with the state of a session in which nothing has happened."""
        self._answers: dict[str, Answer] = {}
        self._by_question: dict[str, dict[str, Answer]] = {}
        self._by_number: dict[int, str] = {}
        self._last_number = 0
        self._skipped: dict[str, str] = {}
        self._participants: dict[str, str] = {}
        self._joined_at_start: int | None = None
        """How many participants had joined at the first question; None before it."""
        self._parked: dict[str, ParkedPoint] = {}
        self._actions: dict[str, Action] = {}
        self._level_names: dict[str, str] = {}
        self.title = ""
        """The title that people last gave the session; "" until they do."""
        self.position: str | None = None
        """The address of the current question; None before the first and after the last."""
        self.begun = False
        """Whether the session has ever been at a question."""
        self.unapplied: list[UnappliedEvent] = []
        """The events that could not be applied, in the order of the log."""

    @property
    def answers(self) -> Mapping[str, Answer]:
        """All answers by id, in the order given."""
        return self._answers

    @property
    def answered(self) -> Collection[str]:
        """The addresses of the questions that have answers."""
        return self._by_question.keys()

    @property
    def skipped(self) -> Mapping[str, str]:
        """The skipped questions: address to reason, which may be empty."""
        return self._skipped

    @property
    def parked(self) -> tuple[ParkedPoint, ...]:
        """The parked points, in the order in which they were parked."""
        return tuple(self._parked.values())

    @property
    def actions(self) -> tuple[Action, ...]:
        """The actions, in the order in which they were noted."""
        return tuple(self._actions.values())

    @property
    def participants(self) -> tuple[str, ...]:
        """The names of the participants, in the order in which they joined."""
        return tuple(self._participants.values())

    @property
    def participants_at_start(self) -> tuple[str, ...]:
        """The names of the participants who had joined when the first question was asked."""
        return self.participants[: self._joined_at_start]

    @property
    def level_names(self) -> Mapping[str, str]:
        """The names that people last gave the models, by level id; "" for the bank's title."""
        return self._level_names

    @property
    def next_number(self) -> int:
        """The number that the next answer will get."""
        return self._last_number + 1

    def answers_to(self, question: str) -> tuple[Answer, ...]:
        """Return the answers to the question at that address, in the order given."""
        return tuple(self._by_question.get(question, {}).values())

    def on_canvas(self, questions: Iterable[str]) -> tuple[Answer, ...]:
        """Return the answers to a block's questions in the order of the canvas.

        Answers with more dots come first; otherwise the order of `questions` decides.
        """
        answers = [a for question in questions for a in self.answers_to(question)]
        return tuple(sorted(answers, key=lambda answer: -answer.votes))

    def answer_count(self, question: str) -> int:
        """Return the number of answers to the question at that address."""
        return len(self._by_question.get(question, ()))

    def answer_numbered(self, number: int) -> Answer | None:
        """Return the answer with that number, or None if it was removed or never given."""
        return self._answers.get(self._by_number.get(number, ""))

    def participant(self, name: str) -> str | None:
        """Return the name of a participant as first written, or None; case makes no difference."""
        return self._participants.get(name.casefold())

    def is_open(self, question: str) -> bool:
        """Return whether the question at that address was neither answered nor skipped."""
        return question not in self._by_question and question not in self._skipped

    def copy(self) -> "SessionState":
        """Return a copy to which events can be applied while others read this state."""
        state = copy.copy(self)
        state._answers = dict(self._answers)
        state._by_question = {question: dict(a) for question, a in self._by_question.items()}
        state._by_number = dict(self._by_number)
        state._skipped = dict(self._skipped)
        state._participants = dict(self._participants)
        state._parked = dict(self._parked)
        state._actions = dict(self._actions)
        state._level_names = dict(self._level_names)
        state.unapplied = list(self.unapplied)
        return state

    def at_position_of(self, other: "SessionState") -> "SessionState":
        """Return the state as it would be at the question at which `other` is."""
        preview = copy.copy(self)
        preview.position, preview.begun = other.position, other.begun
        return preview

    def with_skip(self, skip: QuestionSkipped) -> "SessionState":
        """Return a copy of the state to which `skip` has been applied."""
        preview = copy.copy(self)
        preview._skipped = {**self._skipped, skip.question: skip.reason}
        return preview

    # ── the fold ─────────────────────────────────────────────────────────────────────────────

    def apply(self, event: Event) -> None:
        """Apply one event that counts. Only the event log calls this."""
        body = event.body
        # Matching the kind is faster than isinstance, which is slow for pydantic's classes.
        match body.kind:
            case "answer_added":
                self._add(event, body)
            case "answer_edited" | "vote_cast":
                self._change(event, body)
            case "answer_removed":
                self._remove(event, body)
            case "question_skipped":
                self._skip(event, body)
            case "position_moved":
                self._move_to(body.question)
            case "participant_joined":
                self._participants.setdefault(body.name.casefold(), body.name)
            case "point_parked" | "action_added":
                self._set_aside(event, body)
            case "title_set" | "level_named":
                self._rename(body)
            case "undone":
                pass  # the event log has left out what this event undoes
            case _:
                self.record_unapplied(event, "this version of Workshop does not know it")

    def skip_number(self) -> None:
        """Use up the number of an answer whose adding was undone."""
        self._last_number += 1

    def _move_to(self, question: str | None) -> None:
        self.position = question
        if not self.begun:
            self._joined_at_start = len(self._participants)
        self.begun = True

    def _add(self, event: Event, body: AnswerAdded) -> None:
        self._last_number = number = self._last_number + 1
        answer_id, question = event.id, body.question
        if answer_id in self._answers:
            self.record_unapplied(event, "an answer with its id is there already")
            return
        self._by_number[number] = answer_id
        self._skipped.pop(question, None)
        self._put(Answer(answer_id, number, question, body.text, body.participant, event.at))

    def _change(self, event: Event, body: AnswerEdited | VoteCast) -> None:
        answer = self._answers.get(body.answer)
        if body.kind == "answer_edited":
            if answer is None:
                self.record_unapplied(event, "the answer that it changes is not there")
            else:
                self._put(answer._replace(text=body.text, edited=True))
        elif answer is None:
            self.record_unapplied(event, "the answer that it votes for is not there")
        else:
            self._put(answer._replace(votes=answer.votes + body.dots))

    def _skip(self, event: Event, body: QuestionSkipped) -> None:
        if body.question in self._by_question:
            self.record_unapplied(event, "the question that it skips has answers")
        else:
            self._skipped[body.question] = body.reason

    def _rename(self, body: TitleSet | LevelNamed) -> None:
        if body.kind == "title_set":
            self.title = body.title
        else:
            self._level_names[body.level] = body.name

    def _set_aside(self, event: Event, body: PointParked | ActionAdded) -> None:
        if body.kind == "point_parked":
            self._parked[event.id] = ParkedPoint(
                event.id, body.text, body.question, body.participant, event.at
            )
        else:
            self._actions[event.id] = Action(
                event.id, body.text, body.owner, body.due, body.participant, event.at
            )

    def _put(self, answer: Answer) -> None:
        answer_id, question = answer.id, answer.question
        self._answers[answer_id] = answer
        if siblings := self._by_question.get(question):
            siblings[answer_id] = answer
        else:
            self._by_question[question] = {answer_id: answer}

    def _remove(self, event: Event, body: AnswerRemoved) -> None:
        answer = self._answers.pop(body.answer, None)
        if answer is None:
            self.record_unapplied(event, "the answer that it removes is not there")
            return
        siblings = self._by_question[answer.question]
        del siblings[answer.id]
        if not siblings:
            del self._by_question[answer.question]

    def record_unapplied(self, event: Event, reason: str) -> None:
        """Record an event that could not be applied, with the reason as a clause."""
        self.unapplied.append(UnappliedEvent(event, reason))
