"""The notice about drafts that wait for other participants or at other questions."""

from collections.abc import Iterable
from typing import NamedTuple

from workshop.session import walk
from workshop.session.fold import SessionState
from workshop.session.session import MAX_NAME, Session
from workshop.text import clean_line, shorten

_MAX_NAMED = 2
"""How many drafts are named; the others are only counted, so that the notice stays short."""
_EXCERPT = 50
"""How much of a draft is quoted where no command brings it back, in terminal cells."""


class WaitingDraft(NamedTuple):
    """Text that a participant typed and never sent."""

    participant: str
    question: str
    """The question's address; "" after the last one."""
    text: str

    def is_by(self, speaker: str) -> bool:
        """Return whether `speaker` typed it."""
        return self.participant.casefold() == speaker.casefold()


def other_drafts_notice(
    session: Session, state: SessionState, speaker: str, drafts: Iterable[WaitingDraft]
) -> str:
    """Return a notice about drafts of others than `speaker` or at other questions, or "".

    The notice says whose draft waits where and which commands bring it back. Drafts at the current
    question come first.
    """
    current = walk.current(session, state)
    address = "" if current is None else current.address
    order = {stop: index for index, stop in enumerate(session.addresses)}
    others = [d for d in drafts if d.text and not (d.is_by(speaker) and d.question == address)]
    others.sort(
        key=lambda d: (d.question != address, d.is_by(speaker), order.get(d.question, len(order)))
    )
    sentences = [_sentence(session, draft, speaker, address) for draft in others[:_MAX_NAMED]]
    more = len(others) - _MAX_NAMED
    if more > 0:
        sentences.append(f"{more:,} more {'waits' if more == 1 else 'wait'}.")
    return " ".join(sentences)


def _sentence(session: Session, draft: WaitingDraft, speaker: str, current_address: str) -> str:
    own = draft.is_by(speaker)
    owner = "yours" if own else shorten(clean_line(draft.participant), MAX_NAME)
    goto_command, place = "", "here"
    if draft.question != current_address:
        goto_command, place = _goto_command_and_place(session, draft.question)
    as_command = "" if own else f"/as {draft.participant}"
    if not place or (as_command and not _can_be_named(draft.participant)):
        excerpt = shorten(draft.text, _EXCERPT)
        return f"Half-typed text of {owner} waits where no command leads: “{excerpt}”."
    sentence = f"Half-typed text of {owner} waits {place}"
    commands = [command for command in (goto_command, as_command) if command]
    if not commands:
        return f"{sentence}."
    verb = "brings" if len(commands) == 1 else "bring"
    return f"{sentence}: {' and then '.join(commands)} {verb} it back."


def _goto_command_and_place(session: Session, address: str) -> tuple[str, str]:
    """Return the command that goes to the question at `address`, and the words for that place.

    The command is "" after the last question; both are "" where the walk lacks the question.
    """
    if not address:
        return "", "after the last question"
    step = session.step_by_address.get(address)
    if step is None:
        return "", ""
    number = f"{session.steps.index(step) + 1}.{step.addresses().index(address) + 1}"
    return f"/goto {number}", f"at {session.step_title(step)}"


def _can_be_named(participant: str) -> bool:
    """Return whether /as can take the name as it is: a file may hold names that it cannot."""
    name = clean_line(participant).removeprefix("@").strip()
    return name == participant and 0 < len(name) <= MAX_NAME
