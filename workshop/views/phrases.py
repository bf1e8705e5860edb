"""The report's own sentences, in plain British English: dates, numbers, provenance."""

from collections.abc import Sequence
from datetime import UTC, datetime

from workshop.session.events import Event, kind_of
from workshop.session.fold import SessionState
from workshop.session.session import Session
from workshop.session.walk import progress
from workshop.text import clean_line, counted, parse_time

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

VOTES_LEGEND = "● votes"
"""The legend of the mark for votes on a canvas."""


def date_range(first: datetime, last: datetime) -> str:
    """Return the days from `first` to `last` as people write them: "12 to 14 March 2025"."""
    if first.date() >= last.date():
        return _day(first)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day} to {_day(last)}"
    if first.year == last.year:
        return f"{first.day} {_MONTHS[first.month - 1]} to {_day(last)}"
    return f"{_day(first)} to {_day(last)}"


def _day(moment: datetime) -> str:
    return f"{moment.day} {_MONTHS[moment.month - 1]} {moment.year}"


def format_moment(at: str) -> str:
    """Return an event's time for people: "12 March 2025, 14:05 UTC"."""
    parsed = parse_time(at, UTC)
    return f"{_day(parsed)}, {parsed:%H:%M} UTC" if parsed else "unknown"


def last_moment(created: datetime, times: Sequence[str]) -> datetime:
    """Return the time of the last event that has a valid one, and at least `created`.

    The result is in the time zone of `created`.
    """
    for at in reversed(times):
        parsed = parse_time(at, created.tzinfo)
        if parsed is not None:
            return max(parsed, created)
    return created


def join_names(names: Sequence[str]) -> str:
    """Return names as a list within a sentence: "a, b and c"."""
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"


def event_name(event: Event) -> str:
    """Return the name of an event's kind for people: "answer edited"."""
    return clean_line(kind_of(event.body)).replace("_", " ")


def summary(session: Session, state: SessionState) -> str:
    """Return the report's summary: one paragraph of numbers."""
    sentences = [
        _scope_sentence(session),
        *_answer_sentences(session, state),
        *_later_sentences(state),
    ]
    return " ".join(sentences)


def _scope_sentence(session: Session) -> str:
    blocks = len({s.block.id for s in session.steps})
    over = f"{counted(len(session.levels), 'model')} of " if len(session.levels) > 1 else ""
    questions = counted(len(session.addresses), "guiding question")
    return f"The session covers {over}{counted(blocks, 'block')} with {questions}."


def _answer_sentences(session: Session, state: SessionState) -> list[str]:
    totals = progress(session, state)
    if not totals.answers:
        skips = totals.skipped
        skipped = f", and {skips:,} {_was_or_were_skipped(skips)}" if skips else ""
        return [f"No question has been answered yet{skipped}."]
    parts = [f"of these, {totals.answered:,} {'was' if totals.answered == 1 else 'were'} answered"]
    if totals.skipped:
        parts.append(f"{totals.skipped:,} skipped")
    if totals.open:
        parts.append(f"{totals.open:,} left open")
    if totals.answered == totals.questions:
        parts = ["every question was answered"]
    answers = counted(totals.answers, "answer")
    fullest = _fullest_block(session, state)
    return [_sentence(join_names(parts)), f"It holds {answers}{f'; {fullest}' if fullest else ''}."]


def _later_sentences(state: SessionState) -> list[str]:
    """Return a sentence about dots, parked points and actions; nothing where there are none."""
    voted = [a.votes for a in state.answers.values() if a.votes]
    parked, actions = len(state.parked), len(state.actions)
    parts: list[str] = []
    if voted:
        # The number of dots does not come first: after a sentence that ends in a number, the two
        # would read as one, "with 8. 16 dots".
        has = "has" if len(voted) == 1 else "have"
        parts.append(f"{counted(len(voted), 'answer')} {has} {counted(sum(voted), 'dot')}")
    if parked:
        parts.append(f"{counted(parked, 'point')} {'is' if parked == 1 else 'are'} parked")
    if actions:
        parts.append(f"{counted(actions, 'action')} {'is' if actions == 1 else 'are'} noted")
    return [f"In all, {join_names(parts)}."] if parts else []


def _was_or_were_skipped(skipped: int) -> str:
    return "was skipped" if skipped == 1 else "were skipped"


def _sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}."


def _fullest_block(session: Session, state: SessionState) -> str:
    """Return a clause on the block with the most answers; "" where there is a tie or only one."""
    counts = [(sum(map(state.answer_count, step.addresses())), step) for step in session.steps]
    most = max(count for count, _ in counts)
    fullest = [step for count, step in counts if count == most]
    if len(fullest) > 1 or most < 2:
        return ""
    return f"the fullest block is {session.step_title(fullest[0])}, with {most:,}"


def canvas_title(session: Session, names: Sequence[str]) -> str:
    """Return the title of a canvas page, with the models' `names` or else the canvas's title."""
    subject = join_names(names) or session.bank.title
    title = session.title
    return title if title.casefold() == subject.casefold() else f"{subject}: {title}"


def canvas_description(session: Session, names: Sequence[str], blocks: int) -> str:
    """Return a description of a canvas page for people who cannot see it."""
    models = f", {join_names(names)}" if names else ""
    return (
        f"{session.bank.title}{models}: {counted(blocks, 'block')} with the answers given to each. "
        "The sections that follow say the same block by block, in full."
    )


def provenance(session: Session, version: str) -> tuple[str, ...]:
    """Return how the report was made, one sentence each."""
    bank = session.bank
    sentences = [
        f"This report was written by Workshop {version} from the session {session.id}.",
        f"The guiding questions are those of the question bank {bank.id}, version {bank.version}.",
    ]
    if session.level is not None:
        sentences.append(f"Only one model was walked: {session.level_name(session.level)}.")
    if session.quick:
        sentences.append("It was a quick run: only the core questions were asked.")
    return tuple(sentences)
