"""Small logs, and everything that people can see of a fold."""

from workshop.session.event_log import EventLog
from workshop.session.events import KEYBOARD, AnswerAdded, AnyBody, Event

QUESTIONS = ["a.one", "a.two", "b.one"]


def happened(number: int, body: AnyBody) -> Event:
    return Event(f"e{number}", f"2026-11-22T09:00:00.{number % 1000:03}Z", "Anna", body)


def log_of(*bodies: AnyBody) -> list[Event]:
    """Return bodies as a log whose events are e0, e1, …"""
    return [happened(i, body) for i, body in enumerate(bodies)]


def added(question: str = "a.one", text: str = "words") -> AnswerAdded:
    return AnswerAdded(question=question, text=text, participant="Anna")


def summary(event_log: EventLog) -> dict[str, object]:
    """Return everything about a fold that people can see."""
    state = event_log.state
    numbers = range(1, state.next_number)
    return {
        "answers": list(state.answers.values()),
        "by question": {q: state.answers_to(q) for q in QUESTIONS if state.answer_count(q)},
        "numbered": {n: state.answer_numbered(n) for n in numbers},
        "skipped": dict(state.skipped),
        "parked": state.parked,
        "actions": state.actions,
        "participants": state.participants,
        "names": (state.title, dict(state.level_names)),
        "at": (state.begun, state.position),
        "next number": state.next_number,
        "unapplied": state.unapplied,
        "undo": event_log.undo_target(KEYBOARD),
        "redo": event_log.redo_target(KEYBOARD),
        "log": event_log.events,
    }
