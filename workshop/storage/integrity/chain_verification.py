"""Which events of a damaged log the chain proves to be as they were written.

An event is **sound** where its own link is the one that follows from a link stored before it. So
damage to event 7 does not condemn event 8: its link was made from the link that is stored beside
event 7 and from event 8's own columns, and neither was damaged. What cannot be proven is the event
after one that is missing, link and all. And where it is the link of event 7 that was damaged, event
8 follows from what that link must have been; that proves both.

Nobody has to say in which order the events stood: the links do.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from workshop.session.hash_chain import next_hash
from workshop.session.record import Record

_NEAR = 3
_TRIED = 200_000
"""How many links are worked out at a time, at most, to find out what follows what in a torn log."""
_TRIED_IN_ALL = 600_000
_SEALED_IN_ALL = 1 << 29
"""Of how many characters, at most: a file may be made so that this alone would take for ever."""


@dataclass(frozen=True, slots=True)
class HashedEvent:
    """An event with the link that is stored beside it."""

    record: Record
    stored_hash: bytes
    number: int | None = field(default=None, compare=False)
    """Its `seq`, where that is known."""

    @property
    def display_number(self) -> int:
        """What people call it by: its number, or its place in the log of the copy that wrote it."""
        return self.record.counter if self.number is None else self.number

    def continues(self, link: bytes) -> bool:
        """Return whether this event's link is the one that comes after `link`."""
        return next_hash(link, self.record.columns) == self.stored_hash


@dataclass(frozen=True, slots=True)
class ChainVerification:
    """What the links show."""

    sound: tuple[HashedEvent, ...]
    """The events that are as they were written, in the order of the log."""
    unverified: tuple[HashedEvent, ...]
    """The others: changed, or without the link that they followed."""
    open_hashes: tuple[bytes, ...]
    """The links that nothing sound follows: the last one, and one for every gap."""


def verify_chain(
    events: Iterable[HashedEvent], first_hashes: Sequence[bytes] = ()
) -> ChainVerification:
    """Return what the links show of `events`, in whatever order they are given.

    One of `first_hashes` is the link that the first event follows, where that is known.
    """
    ordered = sorted(set(events), key=lambda sealed: (sealed.record, sealed.stored_hash))
    sound: set[HashedEvent] = set()
    followed: set[bytes] = set()
    near = list(first_hashes)
    for event in ordered:
        for link in reversed(near):
            if event.continues(link):
                sound.add(event)
                followed.add(link)
                break
        near = [*near, event.stored_hash][-_NEAR:]
    links = dict.fromkeys((*first_hashes, *(event.stored_hash for event in ordered)))
    effort = _Effort()
    while True:
        unverified = tuple(event for event in ordered if event not in sound)
        open_hashes = tuple(link for link in links if link not in followed)
        if not _follow(unverified, open_hashes, sound, followed, effort):
            return ChainVerification(
                tuple(event for event in ordered if event in sound), unverified, open_hashes
            )


class _Effort:
    """How much may still be tried."""

    def __init__(self) -> None:
        self._links = _TRIED_IN_ALL
        self._characters = _SEALED_IN_ALL

    def allows(self, events: Sequence[HashedEvent], links: int) -> bool:
        """Return whether each of `events` may be tried after so many links, and take it off."""
        tried = len(events) * links
        if tried > min(_TRIED, self._links):
            return False
        sealed = sum(len(str(value)) for event in events for value in event.record.columns) * links
        if sealed > self._characters:
            return False
        self._links -= tried
        self._characters -= sealed
        return True


def _follow(
    unverified: Sequence[HashedEvent],
    open_hashes: Sequence[bytes],
    sound: set[HashedEvent],
    followed: set[bytes],
    effort: _Effort,
) -> bool:
    """Take what follows a loose link to be sound; return whether there was anything."""
    if not effort.allows(unverified, len(open_hashes)):
        return False
    found = False
    should_be: dict[bytes, tuple[HashedEvent, bytes]] = {}
    for event in unverified:
        for link in open_hashes:
            made = next_hash(link, event.record.columns)
            if made == event.stored_hash:
                sound.add(event)
                followed.add(link)
                found = True
            should_be[made] = (event, link)
    if found or not effort.allows(unverified, len(should_be)):
        return found
    for event in unverified:
        for made, (before, link) in should_be.items():
            if event.continues(made):
                sound.update((before, event))
                followed.add(link)
                found = True
    return found
