"""A draft: half-typed text that a session keeps until it is sent."""

from typing import NamedTuple

from workshop.session.events import KEYBOARD


class Draft(NamedTuple):
    """The half-typed text of a participant at a seat, at one question."""

    participant: str
    question: str
    text: str
    answer: str = ""
    """The id of the answer that was being edited, or an empty string."""
    at: str = ""
    """Time of typing, ISO 8601, UTC."""
    seat: str = KEYBOARD
    """The seat of the client at which it was typed."""
