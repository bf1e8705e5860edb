"""The walk: where a session is on it, how far it has come, and which question a text means."""

import re
from typing import NamedTuple

from workshop.banks.model import Question, Step
from workshop.session.fold import SessionState
from workshop.session.session import Session
from workshop.text import counted


class Position(NamedTuple):
    """A question and its place in the walk; indexes count from 0."""

    address: str
    question: Question
    step: Step
    step_index: int
    question_index: int
    """The question's index in its step."""


class Progress(NamedTuple):
    """How far a session has come, in questions and in steps."""

    questions: int
    answered: int
    skipped: int
    answers: int
    steps: int
    minutes_left: int
    """The planned minutes that remain: each step's in proportion to its open questions."""

    @property
    def open(self) -> int:
        """The number of questions that were neither answered nor skipped."""
        return self.questions - self.settled

    @property
    def settled(self) -> int:
        """The number of questions that were answered or skipped."""
        return self.answered + self.skipped


def settled_of(settled: int, questions: int) -> str:
    """Return how many questions are settled: "12 of 46 questions"."""
    return f"{settled:,} of {counted(questions, 'question')}"


def position_of(session: Session, address: str) -> Position:
    """Return the position of the question at `address`; raise KeyError if not in the walk."""
    step = session.step_by_address[address]
    return Position(
        address,
        session.question(address),
        step,
        session.steps.index(step),
        step.addresses().index(address),
    )


def current(session: Session, state: SessionState) -> Position | None:
    """Return the position of the current question, or None at the end of the walk.

    If the session has not begun or its position is not in its walk, the current question is the
    first open one.
    """
    if state.begun and state.position is None:
        return None
    if state.position in session.step_by_address:
        return position_of(session, state.position)
    open_addresses = open_questions(session, state)
    return position_of(session, open_addresses[0] if open_addresses else session.addresses[0])


def neighbour(session: Session, address: str | None, offset: int) -> str | None:
    """Return the address `offset` questions further on the walk, or None past its end.

    `address` is None after the last question. An offset that leads to before the first question
    gives the first question.
    """
    addresses = session.addresses
    index = (addresses.index(address) if address is not None else len(addresses)) + offset
    return addresses[max(index, 0)] if index < len(addresses) else None


def open_questions(session: Session, state: SessionState) -> tuple[str, ...]:
    """Return the addresses of the walk's questions that were neither answered nor skipped."""
    return tuple(a for a in session.addresses if state.is_open(a))


def progress(session: Session, state: SessionState) -> Progress:
    """Return how far the session has come."""
    answered = sum(1 for a in session.addresses if state.answer_count(a))
    minutes = 0.0
    for step in session.steps:
        addresses = step.addresses()
        remaining = sum(1 for a in addresses if state.is_open(a))
        minutes += step.minutes * remaining / len(addresses)
    return Progress(
        questions=len(session.addresses),
        answered=answered,
        skipped=sum(
            1 for a in session.addresses if a in state.skipped and not state.answer_count(a)
        ),
        answers=len(state.answers),
        steps=len(session.steps),
        minutes_left=round(minutes),
    )


class QuestionMatch(NamedTuple):
    """The result of `find_question`: a question's address, or the nearest titles of blocks."""

    address: str | None
    nearest: tuple[str, ...] = ()


_NUMBER = re.compile(r"^(\d{1,3})(?:[.\s](\d{1,3}))?$")


def find_question(session: Session, text: str, current_address: str | None) -> QuestionMatch:
    """Return the question that `text` means: "4", "4.2", an address, a block's name or part of it.

    In a session with several models, a block's name alone means the block at the level of the
    current question; the model's name or the level's id before or after it chooses another.
    """
    query = text.casefold().strip()
    number = _NUMBER.match(query)
    if number:
        step_number, question_number = int(number[1]), int(number[2] or 1)
        if 1 <= step_number <= len(session.steps):
            addresses = session.steps[step_number - 1].addresses()
            if 1 <= question_number <= len(addresses):
                return QuestionMatch(addresses[question_number - 1])
        return QuestionMatch(None)
    if query in session.step_by_address:
        return QuestionMatch(query)
    level = session.step_by_address[current_address].level if current_address else None
    steps = sorted(session.steps, key=lambda s: s.level != level)
    for matches in (str.__eq__, str.startswith, str.__contains__):
        for step in steps:
            if query and any(matches(name, query) for name in _names(session, step)):
                return QuestionMatch(step.addresses()[0])
    titles = {session.step_title(s).casefold(): session.step_title(s) for s in session.steps}
    from difflib import get_close_matches  # here, because only a failed search needs it

    nearest = get_close_matches(query, titles, n=3, cutoff=0.3)
    return QuestionMatch(None, tuple(titles[title] for title in nearest))


def _names(session: Session, step: Step) -> tuple[str, ...]:
    """Return the casefolded names by which people may call a step."""
    title = step.block.title.casefold()
    names = [title, step.block.id, step.block.id.replace("_", " ")]
    if step.level is not None:
        for model in (session.level_name(step.level.id).casefold(), step.level.id):
            names += [f"{model} {title}", f"{title} {model}", f"{title} · {model}"]
    return tuple(names)
