"""What a session's events add up to: the fold.

The fold is total. An event that it cannot apply, because its answer was removed on another copy,
say, is kept in the log and reported in `unapplied`; it is never fatal. Undo is an event too
(`undone`), so the fold first works out which events count, then applies those in order.
"""

import copy
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from workshop.session.events import (
    ActionAdded,
    AnswerAdded,
    AnswerEdited,
    AnswerRemoved,
    Event,
    PointParked,
    QuestionSkipped,
    VoteCast,
)


# A tuple, which is made in a fifth of the time: a fold makes as many as there are answers.
class Answer(NamedTuple):
    """One short statement given to a question, as the log has it now."""

    id: str
    number: int
    """What people call it by: the how-manieth answer of the session it is. Never given twice."""
    question: str
    """The question's address."""
    text: str
    participant: str
    at: str
    """When it was given, ISO 8601 in UTC."""
    edited: bool = False
    dots: int = 0
    """How many votes it was given."""


class ParkedPoint(NamedTuple):
    """Something put aside for later."""

    id: str
    text: str
    question: str
    """The address of the question at which it came up, or nothing."""
    participant: str
    at: str
    """When it was parked, ISO 8601 in UTC."""


class Action(NamedTuple):
    """Something that somebody is to do."""

    id: str
    text: str
    owner: str
    """Who is to do it, or nothing."""
    due: str
    """By when, in the words that were typed, or nothing."""
    participant: str
    """Who noted it."""
    at: str
    """When it was noted, ISO 8601 in UTC."""


class UnappliedEvent(NamedTuple):
    """An event that the fold could not apply, and why."""

    event: Event
    reason: str


class SessionState:
    """Where a session stands after some events. Read it; only the fold changes it."""

    def __init__(self) -> None:
        """Begin where nothing has happened yet."""
        self._answers: dict[str, Answer] = {}
        self._by_question: dict[str, dict[str, Answer]] = {}
        self._by_number: dict[int, str] = {}
        self._numbers_given = 0
        self._skipped: dict[str, str] = {}
        self._participants: dict[str, str] = {}
        self._parked: dict[str, ParkedPoint] = {}
        self._actions: dict[str, Action] = {}
        self.position: str | None = None
        """The address of the question that is asked; None before the first and after the last."""
        self.begun = False
        """Whether the session has been at any question yet."""
        self.unapplied: list[UnappliedEvent] = []

    @property
    def answers(self) -> Mapping[str, Answer]:
        """All answers by id, in the order in which they were given."""
        return self._answers

    @property
    def skipped(self) -> Mapping[str, str]:
        """The reasons (possibly empty) of the questions that were skipped, by address."""
        return self._skipped

    @property
    def parked(self) -> tuple[ParkedPoint, ...]:
        """The points that were parked, in order."""
        return tuple(self._parked.values())

    @property
    def actions(self) -> tuple[Action, ...]:
        """What is to be done, in the order in which it was noted."""
        return tuple(self._actions.values())

    @property
    def participants(self) -> tuple[str, ...]:
        """Everybody who joined, in order."""
        return tuple(self._participants.values())

    @property
    def next_number(self) -> int:
        """The number that the next answer will get."""
        return self._numbers_given + 1

    def answers_to(self, question: str) -> tuple[Answer, ...]:
        """Return the answers to the question at that address, in the order given."""
        return tuple(self._by_question.get(question, {}).values())

    def on_canvas(self, questions: Iterable[str]) -> tuple[Answer, ...]:
        """Return the answers to the questions of a block as a canvas shows them.

        Those with the most dots come first; otherwise they stay in the order of the questions.
        """
        answers = [a for question in questions for a in self.answers_to(question)]
        return tuple(sorted(answers, key=lambda answer: -answer.dots))

    def count(self, question: str) -> int:
        """Return how many answers the question at that address has."""
        return len(self._by_question.get(question, ()))

    def numbered(self, number: int) -> Answer | None:
        """Return the answer with that number, or None where it was removed or never given."""
        return self._answers.get(self._by_number.get(number, ""))

    def participant(self, name: str) -> str | None:
        """Return the participant's name as first written, whatever the case of `name`, or None."""
        return self._participants.get(name.casefold())

    def is_open(self, question: str) -> bool:
        """Return whether the question at that address was neither answered nor skipped."""
        return question not in self._by_question and question not in self._skipped

    def with_skip(self, skip: QuestionSkipped) -> "SessionState":
        """Return the state as it will be once `skip` is applied; this one stays as it is."""
        preview = copy.copy(self)
        preview._skipped = {**self._skipped, skip.question: skip.reason}
        return preview

    # ── the fold's side ──────────────────────────────────────────────────────────────────────

    def apply(self, event: Event) -> None:
        """Take in one event that counts. Called by the fold alone."""
        body = event.body
        # By the kind's name, because asking pydantic's classes about one another is slow.
        match body.kind:
            case "answer_added":
                self._add(event, body)
            case "answer_edited" | "vote_cast":
                self._change(event, body)
            case "answer_removed":
                self._remove(event, body)
            case "question_skipped":
                if body.question in self._by_question:
                    self.report(event, "the question that it skips has answers")
                else:
                    self._skipped[body.question] = body.reason
            case "position_moved":
                self.position = body.question
                self.begun = True
            case "participant_joined":
                self._participants.setdefault(body.name.casefold(), body.name)
            case "point_parked" | "action_added":
                self._keep_for_later(event, body)
            case "undone":
                pass  # the fold has dealt with it before
            case _:
                self.report(event, "this version of Workshop does not know it")

    def skip_number(self) -> None:
        """Leave out a number, for an answer whose adding was undone."""
        self._numbers_given += 1

    def _add(self, event: Event, body: AnswerAdded) -> None:
        self._numbers_given = number = self._numbers_given + 1
        answer_id, question = event.id, body.question
        if answer_id in self._answers:
            self.report(event, "an answer with its id is there already")
            return
        self._by_number[number] = answer_id
        self._skipped.pop(question, None)
        self._put(Answer(answer_id, number, question, body.text, body.participant, event.at))

    def _change(self, event: Event, body: AnswerEdited | VoteCast) -> None:
        answer = self._answers.get(body.answer)
        if body.kind == "answer_edited":
            if answer is None:
                self.report(event, "the answer that it changes is not there")
            else:
                self._put(answer._replace(text=body.text, edited=True))
        elif answer is None:
            self.report(event, "the answer that it votes for is not there")
        else:
            self._put(answer._replace(dots=answer.dots + body.dots))

    def _keep_for_later(self, event: Event, body: PointParked | ActionAdded) -> None:
        said = event.id, body.text
        if body.kind == "point_parked":
            self._parked[event.id] = ParkedPoint(*said, body.question, body.participant, event.at)
        else:
            self._actions[event.id] = Action(
                *said, body.owner, body.due, body.participant, event.at
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
            self.report(event, "the answer that it removes is not there")
            return
        siblings = self._by_question[answer.question]
        del siblings[answer.id]
        if not siblings:
            del self._by_question[answer.question]

    def report(self, event: Event, reason: str) -> None:
        """Keep account of an event that could not be applied."""
        self.unapplied.append(UnappliedEvent(event, reason))
