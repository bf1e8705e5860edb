"""Whose name is shown: one rule for the screen, line mode and every format of the report.

The name of a session's default speaker, such as Facilitator, is nobody's and is never shown. In a
session for one in which one person alone takes part, that person's name stands on the cover and
not after each answer. Every other name is shown.
"""

from dataclasses import dataclass

from workshop.session.fold import SessionState
from workshop.session.session import DEFAULT_SPEAKER, Session


@dataclass(frozen=True, slots=True)
class Attribution:
    """The names that are shown in a session at one moment."""

    participants: tuple[str, ...]
    """The names on the cover: of those who have an answer or were named at the start."""
    _nameless: frozenset[str]
    _alone: frozenset[str] | None
    """In a session for one, all who take part; None in a session for a group."""

    def name(self, participant: str) -> str:
        """Return the name to show for what `participant` says or said; possibly ""."""
        is_alone = self._alone is not None and self._alone <= {participant}
        return "" if is_alone or participant in self._nameless else participant


def attribute(session: Session, state: SessionState) -> Attribution:
    """Return the names to show, with the participants in the order in which they joined."""
    nameless = frozenset(("", DEFAULT_SPEAKER[session.mode]))
    answering = dict.fromkeys(answer.participant for answer in state.answers.values())
    taking_part = answering.keys() | state.participants_at_start
    participants = tuple(
        name
        for name in dict.fromkeys((*state.participants, *answering))
        if name in taking_part and name not in nameless
    )
    everybody = frozenset(participants) | (answering.keys() & nameless)
    return Attribution(participants, nameless, everybody if session.mode == "solo" else None)
