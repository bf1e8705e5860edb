"""A conversation without a screen: facilitator, event log and client state in one object."""

import functools

from workshop.banks.model import Bank
from workshop.banks.shipped import banks_directory
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
    """One session with its facilitator; the events of every response are committed at once."""

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
        """The address of the current question; None after the last one."""
        position = walk.current(self.session, self.state)
        return position.address if position else None

    def begin(self) -> Response:
        return self.commit(self.facilitator.begin(self.event_log, self.client))

    def say(self, *texts: str) -> Response:
        """Send the texts one after the other; return the response to the last one."""
        for text in texts:
            response = self.commit(self.facilitator.respond(self.event_log, self.client, text))
        return response

    def say_each(self, *lines: str) -> Response:
        """Send the lines as a pasted list, each an answer of its own."""
        return self.commit(self.facilitator.record_answers(self.event_log, self.client, lines))

    def commit(self, response: Response) -> Response:
        self.append(*response.events)
        self.client = response.client
        return response

    def append(self, *bodies: AnyBody) -> None:
        """Append events to the log as if another program had written them."""
        for body in bodies:
            event_id = f"{len(self.event_log):032x}"
            self.event_log.extend([Event(event_id, "2026-11-22T09:00:00.000Z", "Anna", body)])

    def restart(self) -> Response:
        """Close the program and open the session again."""
        self.event_log = EventLog(self.event_log.events)
        self.client = self.facilitator.new_client(self.client.speaker)
        return self.begin()

    @staticmethod
    def notices(response: Response) -> str:
        """Return the text of all notices in a response."""
        return " ".join(m.text for m in response.messages if isinstance(m, Notice))

    def texts(self) -> list[str]:
        """Return the texts of the answers, in the order in which they were given."""
        return [a.text for a in self.state.answers.values()]

    def go_to_the_end(self) -> None:
        while self.current_address is not None:
            self.say("")
