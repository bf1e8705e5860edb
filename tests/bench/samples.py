"""Creates session files for the benches."""

from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from workshop.banks.registry import find_bank
from workshop.live_session import make_events
from workshop.session.events import AnswerAdded, AnyBody, PositionMoved
from workshop.session.session import Session
from workshop.storage.sqlite.create import create_session


def session_with(answers: int, directory: Path) -> Path:
    """Create a session file with that many answers, at the first question; return its path."""
    now = datetime.now(UTC)
    bank = find_bank("it_business_model_canvas")
    session = Session(id=uuid4().hex, title="Bench", mode="group", bank=bank, created=now)
    bodies: list[AnyBody] = [
        AnswerAdded(
            question=session.addresses[n % 2],
            text=f"Answer {n}: crane hours are planned a day ahead, and ships wait less",
            participant="Facilitator",
        )
        for n in range(answers)
    ]
    bodies.append(PositionMoved(question=session.addresses[0]))
    return create_session(directory, session, make_events(bodies, "Facilitator", now))
