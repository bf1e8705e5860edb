"""A session that talks: facilitator, fold and floor, held together as a front end holds them."""

from collections.abc import Callable

import pytest

from workshop.banks.library import banks_directory
from workshop.banks.load import load_bank
from workshop.session import agenda
from workshop.session.events import AnyBody, Event
from workshop.session.facilitator import Facilitator
from workshop.session.model import Session
from workshop.session.state import Fold, SessionState
from workshop.session.turns import Floor, Noted, Reply

BANKS = {
    "it": load_bank(banks_directory() / "it_business_model_canvas.yaml"),
    "alignment": load_bank(banks_directory() / "business_model_alignment_canvas.yaml"),
}


class Talk:
    """One session as its front end holds it; every reply's events are committed at once."""

    def __init__(self, session: Session, speaker: str = "") -> None:
        self.session = session
        self.facilitator = Facilitator(session)
        self.fold = Fold()
        self.floor: Floor = self.facilitator.floor(speaker)
        self.opening: Reply = self.begin()

    @property
    def state(self) -> SessionState:
        return self.fold.state

    @property
    def here(self) -> str | None:
        """The address of the question that is asked."""
        place = agenda.current(self.session, self.state)
        return place.address if place else None

    def begin(self) -> Reply:
        return self.take(self.facilitator.begin(self.fold, self.floor))

    def say(self, *texts: str) -> Reply:
        """Reply with each text in turn; return what the last one brought."""
        for text in texts:
            reply = self.take(self.facilitator.reply(self.fold, self.floor, text))
        return reply

    def say_each(self, *lines: str) -> Reply:
        return self.take(self.facilitator.answer_each(self.fold, self.floor, lines))

    def take(self, reply: Reply) -> Reply:
        self.happens(*reply.events)
        self.floor = reply.floor
        return reply

    def happens(self, *bodies: AnyBody) -> None:
        for body in bodies:
            event_id = f"{len(self.fold):032x}"
            self.fold.extend([Event(event_id, "2026-11-22T09:00:00.000Z", "Anna", body)])

    def restart(self) -> Reply:
        """Close the program and open the session again."""
        self.fold = Fold(self.fold.events)
        self.floor = self.facilitator.floor(self.floor.speaker)
        return self.begin()

    @staticmethod
    def noted(reply: Reply) -> str:
        """Return what a reply says in passing."""
        return " ".join(turn.text for turn in reply.said if isinstance(turn, Noted))

    def texts(self) -> list[str]:
        """Return the answers' words, in the order given."""
        return [a.text for a in self.state.answers.values()]

    def go_to_the_end(self) -> None:
        while self.here is not None:
            self.say("")


Start = Callable[..., Talk]


@pytest.fixture(scope="session")
def start() -> Start:
    """Return what starts a session of the bank "it" or "alignment"."""

    def begin(bank: str = "it", *, speaker: str = "", **options: object) -> Talk:
        about = {"id": "5e" * 16, "title": "A session", "mode": "solo", **options}
        session = Session.model_validate(
            {**about, "bank": BANKS[bank], "created": "2026-11-22T09:00:00Z"}
        )
        return Talk(session, speaker)

    return begin


@pytest.fixture
def talk(start: Start) -> Talk:
    """Return a new session of the IT canvas, at its first question."""
    return start()
