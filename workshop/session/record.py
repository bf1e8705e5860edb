"""Records: events exactly as a file stores them, column by column.

Code that copies events to another file works with records, because an event of a later version, if
read as an `Event`, would lose the fields that this version does not know.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from workshop.session.events import KEYBOARD, Event, kind_of, read_body, write_body
from workshop.session.hash_chain import EventColumns
from workshop.text import clean

_LARGEST_COUNTER = 1 << 53


class Record(NamedTuple):
    """One row of the log. Records sort in the order of the log, which no clock decides."""

    counter: int
    """Larger than the counter of every event that the writer had seen; 1 for the first event."""
    actor: str
    id: str
    at: str
    kind: str
    body: str
    """The event's body in JSON, exactly as written."""
    seat: str = KEYBOARD
    batch: str = ""

    @property
    def columns(self) -> EventColumns:
        """The values that the hash chain covers, in the order in which they are hashed."""
        counter, actor, event_id, at, kind, body, seat, batch = self
        return counter, event_id, at, actor, kind, body, seat, batch

    @property
    def event(self) -> Event:
        """The record read as an event."""
        return Event(
            self.id,
            clean(self.at),
            clean(self.actor),
            read_body(self.kind, self.body),
            clean(self.seat),
            clean(self.batch),
        )


def last_counter(log: Sequence[Record]) -> int:
    """Return the counter on which that of the next event of `log` builds, at least its length.

    In a log that was rescued with gaps, counters are ahead of the positions. A counter to which no
    Workshop can have counted is passed over.
    """
    counter = log[-1].counter if log else 0
    return max(len(log), counter if counter < _LARGEST_COUNTER else 0)


def records_from(events: Iterable[Event], after: int = 0) -> tuple[Record, ...]:
    """Return `events` as records; `after` is the largest counter in the log before them."""
    return tuple(
        Record(counter, e.actor, e.id, e.at, kind_of(e.body), write_body(e.body), e.seat, e.batch)
        for counter, e in enumerate(events, start=after + 1)
    )
