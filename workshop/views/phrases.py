"""The report's own sentences: dates, numbers, and how it was made. British English, plain."""

from collections.abc import Sequence
from datetime import UTC, datetime, tzinfo

from workshop.session.events import Event, kind_of
from workshop.session.fold import SessionState
from workshop.session.session import Session
from workshop.session.walk import progress
from workshop.text import clean_line, counted

_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]

DOTS = "● votes"
"""What the mark behind an answer on a canvas means."""


def dates(first: datetime, last: datetime) -> str:
    """Return the days from `first` to `last`, as people write them: "12 to 14 March 2025"."""
    if first.date() >= last.date():
        return _day(first)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day} to {_day(last)}"
    if first.year == last.year:
        return f"{first.day} {_MONTHS[first.month - 1]} to {_day(last)}"
    return f"{_day(first)} to {_day(last)}"


def _day(moment: datetime) -> str:
    return f"{moment.day} {_MONTHS[moment.month - 1]} {moment.year}"


def _parsed(at: str, zone: tzinfo | None) -> datetime | None:
    """Return an event's time as it was in `zone`, or None where its file says something else."""
    try:
        parsed = datetime.fromisoformat(at)
        return (parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)).astimezone(zone)
    except (ValueError, OverflowError):
        return None


def moment(at: str) -> str:
    """Return an event's time for people: "12 March 2025, 14:05 UTC"."""
    parsed = _parsed(at, UTC)
    return f"{_day(parsed)}, {parsed:%H:%M} UTC" if parsed else "unknown"


def last_moment(created: datetime, times: Sequence[str]) -> datetime:
    """Return when the last of the events happened that has a time: `created` where none has.

    It is in the time zone of `created`.
    """
    for at in reversed(times):
        parsed = _parsed(at, created.tzinfo)
        if parsed is not None:
            return max(parsed, created)
    return created


def listed(names: Sequence[str]) -> str:
    """Return names as a list in a sentence: "a, b and c"."""
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"


def event_name(event: Event) -> str:
    """Return what an event says happened: "answer edited"."""
    return clean_line(kind_of(event.body)).replace("_", " ")


def summary(session: Session, state: SessionState) -> str:
    """Return the report's one paragraph of numbers."""
    said = [_walked(session), *_answered(session, state), *_voted_and_noted(state)]
    return " ".join(said)


def _walked(session: Session) -> str:
    blocks = len({s.block.id for s in session.steps})
    over = f"{counted(len(session.levels), 'model')} of " if len(session.levels) > 1 else ""
    questions = counted(len(session.stops), "guiding question")
    return f"The session covers {over}{counted(blocks, 'block')} with {questions}."


def _answered(session: Session, state: SessionState) -> list[str]:
    at = progress(session, state)
    if not at.answers:
        skipped = f", and {at.skipped:,} {_was(at.skipped)}" if at.skipped else ""
        return [f"No question has been answered yet{skipped}."]
    parts = [f"of these, {at.answered:,} {'was' if at.answered == 1 else 'were'} answered"]
    if at.skipped:
        parts.append(f"{at.skipped:,} skipped")
    if at.open:
        parts.append(f"{at.open:,} left open")
    if at.answered == at.questions:
        parts = ["every question was answered"]
    people = {a.participant for a in state.answers.values()}
    given = counted(at.answers, "answer")
    if len(people) > 1:
        given += f" from {counted(len(people), 'participant')}"
    most = _fullest(session, state)
    return [_sentence(listed(parts)), f"It holds {given}{f'; {most}' if most else ''}."]


def _voted_and_noted(state: SessionState) -> list[str]:
    """Return a sentence about dots, parked points and actions, where there are any."""
    voted = [a.dots for a in state.answers.values() if a.dots]
    parked, actions = len(state.parked), len(state.actions)
    parts: list[str] = []
    if voted:
        # Not with the number of dots first: behind a sentence that ends in a number, the two
        # read as one, "with 8. 16 dots".
        has = "has" if len(voted) == 1 else "have"
        parts.append(f"{counted(len(voted), 'answer')} {has} {counted(sum(voted), 'dot')}")
    if parked:
        parts.append(f"{counted(parked, 'point')} {'is' if parked == 1 else 'are'} parked")
    if actions:
        parts.append(f"{counted(actions, 'action')} {'is' if actions == 1 else 'are'} noted")
    return [f"In all, {listed(parts)}."] if parts else []


def _was(skipped: int) -> str:
    return "was skipped" if skipped == 1 else "were skipped"


def _sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}."


def _fullest(session: Session, state: SessionState) -> str:
    """Return which block has the most answers, where one has."""
    counts = [(sum(map(state.count, step.addresses())), step) for step in session.steps]
    most = max(count for count, _ in counts)
    first = [step for count, step in counts if count == most]
    if len(first) > 1 or most < 2:
        return ""
    return f"the fullest block is {session.step_title(first[0])}, with {most:,}"


def canvas_title(session: Session, names: Sequence[str]) -> str:
    """Return the title of a canvas page: of the whole canvas, or of the models named."""
    what = listed(names) or session.bank.title
    title = session.title
    return title if title.casefold() == what.casefold() else f"{what}: {title}"


def canvas_description(session: Session, names: Sequence[str], blocks: int) -> str:
    """Return what a canvas page shows, and where the same is said in reading order."""
    which = f", {listed(names)}" if names else ""
    return (
        f"{session.bank.title}{which}: {counted(blocks, 'block')} with the answers given to each. "
        "The sections that follow say the same block by block, in full."
    )


def how_it_was_made(session: Session, version: str) -> tuple[str, ...]:
    """Return how the report came to be, a sentence each."""
    bank = session.bank
    made = [
        f"This report was written by Workshop {version} from the session {session.id}.",
        f"The guiding questions are those of the question bank {bank.id}, version {bank.version}.",
    ]
    if session.level is not None:
        made.append(f"Only one model was walked: {session.level_name(session.level)}.")
    if session.quick:
        made.append("It was a quick run: only the core questions were asked.")
    return tuple(made)
