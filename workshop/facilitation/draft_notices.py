"""What is said of half-typed text that waits for somebody else, or at another question."""

from collections.abc import Iterable
from typing import NamedTuple

from workshop.session import walk
from workshop.session.fold import SessionState
from workshop.session.session import MAX_NAME, Session
from workshop.text import clean_line, shorten

_NAMED = 2
"""How many are named. The others are counted, so that it stays one short note."""
_EXCERPT = 50
"""How much is repeated of text that no command brings back, in terminal cells."""


class WaitingDraft(NamedTuple):
    """Text that somebody typed and never sent."""

    participant: str
    question: str
    """The question's address; "" after the last one."""
    text: str

    def is_by(self, speaker: str) -> bool:
        """Return whether it is `speaker` who typed it."""
        return self.participant.casefold() == speaker.casefold()


def other_drafts_notice(
    session: Session, state: SessionState, speaker: str, waiting: Iterable[WaitingDraft]
) -> str:
    """Return a note on what waits for others than `speaker`, or elsewhere; "" where nothing does.

    It says whose text waits where, and what brings it back: first what waits at this question.
    """
    place = walk.current(session, state)
    here = "" if place is None else place.address
    order = {stop: number for number, stop in enumerate(session.stops)}
    others = [t for t in waiting if t.text and not (t.is_by(speaker) and t.question == here)]
    others.sort(
        key=lambda t: (t.question != here, t.is_by(speaker), order.get(t.question, len(order)))
    )
    said = [_sentence(session, typed, speaker, here) for typed in others[:_NAMED]]
    more = len(others) - _NAMED
    if more > 0:
        said.append(f"{more:,} more {'waits' if more == 1 else 'wait'}.")
    return " ".join(said)


def _sentence(session: Session, typed: WaitingDraft, speaker: str, here: str) -> str:
    whose = "yours" if typed.is_by(speaker) else shorten(clean_line(typed.participant), MAX_NAME)
    going, place = "", "here"
    if typed.question != here:
        going, place = _way(session, typed.question)
    speaking = "" if typed.is_by(speaker) else f"/as {typed.participant}"
    commands = [command for command in (going, speaking) if command]
    said = f"Half-typed text of {whose} waits {place}"
    if not place or (speaking and not _can_be_named(typed.participant)):
        said = f"Half-typed text of {whose} waits where no command leads"
        return f"{said}: “{shorten(typed.text, _EXCERPT)}”."
    if not commands:
        return f"{said}."
    verb = "brings" if len(commands) == 1 else "bring"
    return f"{said}: {' and then '.join(commands)} {verb} it back."


def _way(session: Session, address: str) -> tuple[str, str]:
    """Return the command that goes to a question, and how it is named: nothing where none does."""
    if not address:
        return "", "after the last question"
    step = session.step_by_address.get(address)
    if step is None:
        return "", ""
    number = f"{session.steps.index(step) + 1}.{step.addresses().index(address) + 1}"
    return f"/goto {number}", f"at {session.step_title(step)}"


def _can_be_named(participant: str) -> bool:
    """Return whether /as with that name means this participant: a file can hold any name."""
    name = clean_line(participant).removeprefix("@").strip()
    return name == participant and 0 < len(name) <= MAX_NAME
