"""Deciding which events of a damaged log are as they were written, by means of the hash chain.

An event is **sound** if its stored hash can be computed from a hash that is stored before it and
from its own columns. Damage to event 7 therefore does not condemn event 8: the hash of event 8 was
computed from the hash that is stored with event 7, and that one is intact. An event cannot be
verified if the event before it is missing together with its hash. If only the hash of event 7 is
damaged, event 8 reveals what it must have been, and both events are sound.

The order of the log need not be known: the hashes give it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from workshop.session.hash_chain import next_event_hash
from workshop.session.record import Record

_NEARBY_HASHES = 3
"""The number of hashes before an event that are tried first: in a sound log, the nearest fits."""
_MAX_HASHES_PER_ROUND = 200_000
"""The most hashes that one round of the search through a damaged log computes."""
_MAX_HASHES = 600_000
"""The most hashes that all rounds together compute."""
_MAX_HASHED_CHARACTERS = 1 << 29
"""The most characters that all rounds together hash: a forged file must not occupy us for ever."""


@dataclass(frozen=True, slots=True)
class HashedEvent:
    """The record of an event with the hash that is stored beside it."""

    record: Record
    stored_hash: bytes
    number: int | None = field(default=None, compare=False)
    """The event's `seq`, if it is known."""

    @property
    def display_number(self) -> int:
        """The number that people see: `seq`, or else the counter of the copy that wrote it."""
        return self.record.counter if self.number is None else self.number

    def continues(self, previous_hash: bytes) -> bool:
        """Return whether the stored hash is the one that comes after `previous_hash`."""
        return next_event_hash(previous_hash, self.record.columns) == self.stored_hash


@dataclass(frozen=True, slots=True)
class ChainVerification:
    """What the hash chain shows about a set of events."""

    sound: tuple[HashedEvent, ...]
    """The events that are as they were written, in the order of the log."""
    unverified: tuple[HashedEvent, ...]
    """The other events: changed, or without the hash that they continue."""
    open_hashes: tuple[bytes, ...]
    """The hashes that no sound event continues: the last one, and one for every gap."""


def verify_chain(
    events: Iterable[HashedEvent], first_hashes: Sequence[bytes] = ()
) -> ChainVerification:
    """Return which of `events`, given in any order, the hash chain shows to be sound.

    `first_hashes` are the hashes that the first event may continue, if any are known.
    """
    ordered = sorted(set(events), key=lambda event: (event.record, event.stored_hash))
    sound: set[HashedEvent] = set()
    continued: set[bytes] = set()
    nearby = list(first_hashes)
    for event in ordered:
        for previous_hash in reversed(nearby):
            if event.continues(previous_hash):
                sound.add(event)
                continued.add(previous_hash)
                break
        nearby = [*nearby, event.stored_hash][-_NEARBY_HASHES:]
    hashes = dict.fromkeys((*first_hashes, *(event.stored_hash for event in ordered)))
    budget = _SearchBudget()
    while True:
        unverified = tuple(event for event in ordered if event not in sound)
        open_hashes = tuple(stored for stored in hashes if stored not in continued)
        if not _match_open_hashes(unverified, open_hashes, sound, continued, budget):
            return ChainVerification(
                tuple(event for event in ordered if event in sound), unverified, open_hashes
            )


class _SearchBudget:
    """The number of hashes and of hashed characters that the search may still use."""

    def __init__(self) -> None:
        self._hashes = _MAX_HASHES
        self._characters = _MAX_HASHED_CHARACTERS

    def spend(self, events: Sequence[HashedEvent], hash_count: int) -> bool:
        """Take off what it costs to try each of `events` after `hash_count` hashes.

        Returns False, and takes nothing off, if less than that remains.
        """
        hashes = len(events) * hash_count
        if hashes > min(_MAX_HASHES_PER_ROUND, self._hashes):
            return False
        lengths = (len(str(value)) for event in events for value in event.record.columns)
        characters = sum(lengths) * hash_count
        if characters > self._characters:
            return False
        self._hashes -= hashes
        self._characters -= characters
        return True


def _match_open_hashes(
    unverified: Sequence[HashedEvent],
    open_hashes: Sequence[bytes],
    sound: set[HashedEvent],
    continued: set[bytes],
    budget: _SearchBudget,
) -> bool:
    """Add the events that continue an open hash to `sound`; return whether there were any.

    If there are none, look for pairs of events of which the first has a damaged hash.
    """
    if not budget.spend(unverified, len(open_hashes)):
        return False
    any_matched = False
    expected_hashes: dict[bytes, tuple[HashedEvent, bytes]] = {}
    for event in unverified:
        for open_hash in open_hashes:
            expected = next_event_hash(open_hash, event.record.columns)
            if expected == event.stored_hash:
                sound.add(event)
                continued.add(open_hash)
                any_matched = True
            expected_hashes[expected] = (event, open_hash)
    if any_matched or not budget.spend(unverified, len(expected_hashes)):
        return any_matched
    for event in unverified:
        for expected, (previous, open_hash) in expected_hashes.items():
            if event.continues(expected):
                sound.update((previous, event))
                continued.add(open_hash)
                any_matched = True
    return any_matched
