"""Describing events that are sound but change nothing, so that none of their words are hidden.

If the event that added an answer is lost, later events about that answer have nothing to act on. If
two copies were merged, one of them may have deleted an answer that the other went on to edit; the
merge keeps those words in a new event, so this is no damage.
"""

from collections.abc import Iterable
from datetime import UTC

from workshop.session.event_log import EventLog
from workshop.session.events import (
    AnswerEdited,
    AnswerRemoved,
    Event,
    QuestionSkipped,
    Undone,
    Unknown,
    VoteCast,
)
from workshop.session.merge import derived_id
from workshop.storage.integrity.chain_verification import HashedEvent
from workshop.text import clean_line, counted, parse_time, shorten

_RAW_WIDTH = 500
"""How much is shown of an event of an unknown kind, in terminal cells."""


def describe_unapplied(log: Iterable[HashedEvent], event_log: EventLog) -> tuple[str, ...]:
    """Return one line for every event of `log` that `event_log` could not apply.

    It says which event it is, why it has no effect, and in full what was said, by whom and when.
    """
    numbers = {event.record.id: event.display_number for event in log}
    return tuple(
        f"Event {numbers[unapplied.event.id]} has no effect: "
        f"{_merge_reason(unapplied.event, event_log) or unapplied.reason}. "
        f"{_describe_event(unapplied.event)} {_format_time(unapplied.event.at)}."
        for unapplied in event_log.state.unapplied
    )


def _merge_reason(event: Event, event_log: EventLog) -> str:
    """Return why an event has no effect since two copies were merged, or "" if that is not why."""
    state = event_log.state
    match event.body:
        case AnswerEdited(answer=answer, text=text) if event_log.event(answer):
            reason = "its answer was taken away in another copy"
            new_id = derived_id(answer, text)
            if event_log.event(new_id) is None:
                return reason
            new_answer = state.answers.get(new_id)
            name = f"answer {new_answer.number}" if new_answer else "an answer of their own"
            return f"{reason}, and so its words became {name} when the two were merged"
        case VoteCast(answer=answer) if event_log.event(answer):
            return "its answer was taken away in another copy"
        case AnswerRemoved(answer=answer) if event_log.event(answer):
            return "its answer was taken away in another copy, too"
        case QuestionSkipped(question=address, reason=reason) if state.answer_count(address):
            answered = "the question was answered in another copy"
            point = event_log.event(derived_id(event.id, reason))
            parked = ", and so its reason became a parked point when the two were merged"
            return answered + parked if point else ""
        case _:
            return ""


def _describe_event(event: Event) -> str:
    who = shorten(clean_line(event.actor), 60) or "Somebody"
    match event.body:
        case AnswerEdited(text=text):
            return f"{who} changed it to “{clean_line(text)}”"
        case AnswerRemoved():
            return f"{who} took it away"
        case VoteCast(dots=dots):
            return f"{who} gave it {counted(dots, 'dot')}"
        case QuestionSkipped(reason=reason):
            quoted = f", saying “{clean_line(reason)}”," if reason else ""
            return f"{who} skipped it{quoted}"
        case Undone():
            return f"{who} took something back"
        case Unknown(original_kind=kind, raw=raw):
            content = shorten(clean_line(raw), _RAW_WIDTH)
            return f"{who} wrote “{shorten(clean_line(kind), 60)}” ({content})"
        case body:
            words = getattr(body, "text", "")
            return f"{who} wrote “{clean_line(words)}”" if words else f"{who} was there"


def _format_time(moment: str) -> str:
    at = parse_time(moment, UTC)
    return f"on {at:%Y-%m-%d at %H:%M} UTC" if at else "at an unknown time"
