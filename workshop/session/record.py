"""An event as its file has it: the columns that its link seals, to the letter.

Whoever writes an event to another file works with these: read as an `Event`, an event of a later
version would lose the fields that this version does not know.
"""

from collections.abc import Iterable
from typing import NamedTuple

from workshop.session.events import Event, kind_of, read_body, write_body
from workshop.text import clean


class Record(NamedTuple):
    """One row of the log. Records sort in the order of the log: never by clocks."""

    counter: int
    """The event's place in the log of the copy that wrote it."""
    actor: str
    id: str
    at: str
    kind: str
    body: str
    """JSON, as it was written."""

    @property
    def columns(self) -> tuple[int | str, ...]:
        """The values that a link seals, in the order in which it seals them."""
        return (self.counter, self.id, self.at, self.actor, self.kind, self.body)

    @property
    def event(self) -> Event:
        """What happened."""
        return Event(self.id, clean(self.at), clean(self.actor), read_body(self.kind, self.body))


def records_from(events: Iterable[Event], after: int = 0) -> tuple[Record, ...]:
    """Return new events as a file has them that holds `after` events before them."""
    return tuple(
        Record(counter, e.actor, e.id, e.at, kind_of(e.body), write_body(e.body))
        for counter, e in enumerate(events, start=after + 1)
    )
