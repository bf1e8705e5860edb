"""A session that talks: facilitator, fold and floor, held together as a front end holds them."""

import functools

from workshop.banks.model import Bank
from workshop.banks.registry import banks_directory
from workshop.banks.yaml_loader import load_bank
from workshop.facilitation.facilitator import Facilitator
from workshop.facilitation.messages import ClientState, Notice, Response
from workshop.session import walk
from workshop.session.event_log import EventLog
from workshop.session.events import AnyBody, Event
from workshop.session.fold import SessionState
from workshop.session.session import Session

BANKS = {"it": "it_business_model_canvas", "alignment": "business_model_alignment_canvas"}


@functools.cache
def shipped_bank(name: str) -> Bank:
    """Return the shipped bank "it" or "alignment"."""
    return load_bank(banks_directory() / f"{BANKS[name]}.yaml")


class Talk:
    """One session as its front end holds it; every reply's events are committed at once."""

    def __init__(self, session: Session, speaker: str = "") -> None:
        self.session = session
        self.facilitator = Facilitator(session)
        self.event_log = EventLog()
        self.client: ClientState = self.facilitator.new_client(speaker)
        self.opening: Response = self.begin()

    @property
    def state(self) -> SessionState:
        return self.event_log.state

    @property
    def current_address(self) -> str | None:
        """The address of the question that is asked."""
        place = walk.current(self.session, self.state)
        return place.address if place else None

    def begin(self) -> Response:
        return self.take(self.facilitator.begin(self.event_log, self.client))

    def say(self, *texts: str) -> Response:
        """Reply with each text in turn; return what the last one brought."""
        for text in texts:
            reply = self.take(self.facilitator.respond(self.event_log, self.client, text))
        return reply

    def say_each(self, *lines: str) -> Response:
        return self.take(self.facilitator.record_answers(self.event_log, self.client, lines))

    def take(self, reply: Response) -> Response:
        self.happens(*reply.events)
        self.client = reply.client
        return reply

    def happens(self, *bodies: AnyBody) -> None:
        for body in bodies:
            event_id = f"{len(self.event_log):032x}"
            self.event_log.extend([Event(event_id, "2026-11-22T09:00:00.000Z", "Anna", body)])

    def restart(self) -> Response:
        """Close the program and open the session again."""
        self.event_log = EventLog(self.event_log.events)
        self.client = self.facilitator.new_client(self.client.speaker)
        return self.begin()

    @staticmethod
    def noted(reply: Response) -> str:
        """Return what a reply says in passing."""
        return " ".join(turn.text for turn in reply.messages if isinstance(turn, Notice))

    def texts(self) -> list[str]:
        """Return the answers' words, in the order given."""
        return [a.text for a in self.state.answers.values()]

    def go_to_the_end(self) -> None:
        while self.current_address is not None:
            self.say("")
