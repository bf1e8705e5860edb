"""Events that are sound and yet change nothing, in words, so that nothing that was said is hidden.

Where the adding of an answer is lost, what was done to it afterwards has nothing to act on. And
where two copies were merged, one of them may have taken away what the other went on with; the words
of that are kept beside, and so it is no damage.
"""

from collections.abc import Iterable
from datetime import UTC, datetime

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
from workshop.text import clean_line, counted, shorten

_RAW_SHOWN = 500
"""How much is shown of an event that is not understood, in terminal cells."""


def describe_unapplied(log: Iterable[HashedEvent], event_log: EventLog) -> tuple[str, ...]:
    """Return what there is to say of every event of `log` that `event_log` could not apply.

    A line each: which event, why, and what was said in it, by whom and when, in full.
    """
    places = {sealed.record.id: sealed.display_number for sealed in log}
    return tuple(
        f"Event {places[unapplied.event.id]} has no effect: "
        f"{_taken_apart(unapplied.event, event_log) or unapplied.reason}. "
        f"{_said(unapplied.event)} {_when(unapplied.event.at)}."
        for unapplied in event_log.state.unapplied
    )


def _taken_apart(event: Event, event_log: EventLog) -> str:
    """Return how two copies came apart in that event; nothing where they did not."""
    match event.body:
        case AnswerEdited(answer=answer, text=text) if event_log.event(answer):
            taken = "its answer was taken away in another copy"
            kept = derived_id(answer, text)
            if event_log.event(kept) is None:
                return taken
            now = event_log.state.answers.get(kept)
            own = f"answer {now.number}" if now else "an answer of their own"
            return f"{taken}, and so its words became {own} when the two were merged"
        case VoteCast(answer=answer) if event_log.event(answer):
            return "its answer was taken away in another copy"
        case AnswerRemoved(answer=answer) if event_log.event(answer):
            return "its answer was taken away in another copy, too"
        case QuestionSkipped(question=question, reason=reason) if event_log.state.count(question):
            answered = "the question was answered in another copy"
            kept = event_log.event(derived_id(event.id, reason))
            parked = ", and so its reason became a parked point when the two were merged"
            return answered + parked if kept else ""
        case _:
            return ""


def _said(event: Event) -> str:
    who = shorten(clean_line(event.actor), 60) or "Somebody"
    match event.body:
        case AnswerEdited(text=text):
            return f"{who} changed it to “{clean_line(text)}”"
        case AnswerRemoved():
            return f"{who} took it away"
        case VoteCast(dots=dots):
            return f"{who} gave it {counted(dots, 'dot')}"
        case QuestionSkipped(reason=reason):
            saying = f", saying “{clean_line(reason)}”," if reason else ""
            return f"{who} skipped it{saying}"
        case Undone():
            return f"{who} took something back"
        case Unknown(original_kind=kind, raw=raw):
            shown = shorten(clean_line(raw), _RAW_SHOWN)
            return f"{who} wrote “{shorten(clean_line(kind), 60)}” ({shown})"
        case body:
            words = getattr(body, "text", "")
            return f"{who} wrote “{clean_line(words)}”" if words else f"{who} was there"


def _when(moment: str) -> str:
    try:
        at = datetime.fromisoformat(moment).astimezone(UTC)
    except (ValueError, OverflowError):
        return "at a time that nobody knows"
    return f"on {at:%Y-%m-%d at %H:%M} UTC"
