"""Where a session is on its walk, and how far that is."""

import re
from typing import NamedTuple

from workshop.banks.model import Question, Step
from workshop.session.fold import SessionState
from workshop.session.session import Session


class Position(NamedTuple):
    """One question of the walk, with its place in it. Indexes count from 0."""

    address: str
    question: Question
    step: Step
    step_index: int
    question_index: int
    """The question's place in its step."""


class Progress(NamedTuple):
    """How far a session is, in questions and in steps."""

    questions: int
    answered: int
    skipped: int
    answers: int
    steps: int
    minutes_left: int
    """The planned minutes of the questions that are still open, in their steps' proportion."""

    @property
    def open(self) -> int:
        """How many questions were neither answered nor skipped."""
        return self.questions - self.answered - self.skipped


def position_of(session: Session, address: str) -> Position:
    """Return where the question at `address` stands in the walk; KeyError if it is not in it."""
    step = session.step_by_address[address]
    return Position(
        address,
        session.question(address),
        step,
        session.steps.index(step),
        step.addresses().index(address),
    )


def current(session: Session, state: SessionState) -> Position | None:
    """Return the question that is being asked, or None when the walk is over.

    A session that has not begun, or whose position is no longer in its walk, is at its first open
    question.
    """
    if state.begun and state.position is None:
        return None
    if state.position in session.step_by_address:
        return position_of(session, state.position)
    opens = open_questions(session, state)
    return position_of(session, opens[0] if opens else session.stops[0])


def neighbour(session: Session, address: str | None, by: int) -> str | None:
    """Return the address `by` questions further on the walk, or None past its end.

    `address` None stands for the place after the last question. Before the first question there
    is nothing: the first one is returned.
    """
    stops = session.stops
    index = (stops.index(address) if address is not None else len(stops)) + by
    return stops[max(index, 0)] if index < len(stops) else None


def open_questions(session: Session, state: SessionState) -> tuple[str, ...]:
    """Return the questions of the walk that were neither answered nor skipped."""
    return tuple(a for a in session.stops if state.is_open(a))


def progress(session: Session, state: SessionState) -> Progress:
    """Return how far the session is."""
    answered = sum(1 for a in session.stops if state.count(a))
    minutes = 0.0
    for step in session.steps:
        addresses = step.addresses()
        left = sum(1 for a in addresses if state.is_open(a))
        minutes += step.minutes * left / len(addresses)
    return Progress(
        questions=len(session.stops),
        answered=answered,
        skipped=sum(1 for a in session.stops if a in state.skipped and not state.count(a)),
        answers=len(state.answers),
        steps=len(session.steps),
        minutes_left=round(minutes),
    )


class QuestionMatch(NamedTuple):
    """What `find_question` made of people's words: a question, or the nearest names."""

    address: str | None
    nearest: tuple[str, ...] = ()


_NUMBER = re.compile(r"^(\d{1,3})(?:[.\s](\d{1,3}))?$")


def find_question(session: Session, words: str, near: str | None) -> QuestionMatch:
    """Return the question that `words` means: "4", "4.2", a block's name or part of it.

    In a session with several models, a block's name alone means the block at the level of the
    question `near`; the model's name or the level's id before or after it says which.
    """
    wanted = words.casefold().strip()
    number = _NUMBER.match(wanted)
    if number:
        step_at, question_at = int(number[1]), int(number[2] or 1)
        if 1 <= step_at <= len(session.steps):
            addresses = session.steps[step_at - 1].addresses()
            if 1 <= question_at <= len(addresses):
                return QuestionMatch(addresses[question_at - 1])
        return QuestionMatch(None)
    if wanted in session.step_by_address:
        return QuestionMatch(wanted)
    level = session.step_by_address[near].level if near else None
    steps = sorted(session.steps, key=lambda s: s.level != level)
    for fits in (str.__eq__, str.startswith, str.__contains__):
        for step in steps:
            if wanted and any(fits(name, wanted) for name in _names(session, step)):
                return QuestionMatch(step.addresses()[0])
    titles = {session.step_title(s).casefold(): session.step_title(s) for s in session.steps}
    from difflib import get_close_matches  # only a mistake needs it

    close = get_close_matches(wanted, titles, n=3, cutoff=0.3)
    return QuestionMatch(None, tuple(titles[c] for c in close))


def _names(session: Session, step: Step) -> tuple[str, ...]:
    title = step.block.title.casefold()
    names = [title, step.block.id, step.block.id.replace("_", " ")]
    if step.level is not None:
        for model in (session.level_name(step.level.id).casefold(), step.level.id):
            names += [f"{model} {title}", f"{title} {model}", f"{title} · {model}"]
    return tuple(names)
