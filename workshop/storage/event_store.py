"""The protocol of an event store: what a live session asks of the place that keeps its events.

A store keeps one session: its row, which never changes, its log, which only grows, and its drafts.
`tests/storage/test_event_store.py` holds every store to the same behaviour.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple, Protocol

from workshop.session import hash_chain
from workshop.session.answer_rows import AnswerChanges
from workshop.session.record import Record
from workshop.session.session import Session
from workshop.storage.draft import Draft


class Tail(NamedTuple):
    """The end of a log. Two logs with the same tail are the same log."""

    seq: int
    """The number of the log's events."""
    hash: bytes
    """The hash of the last event, which covers the session's row and all events before it, too."""


def tails_after(tail: Tail, records: Iterable[Record]) -> list[Tail]:
    """Return `tail`, with which a log ends, and its tail after each of `records` behind that."""
    tails = [tail]
    for record in records:
        seq, last_hash = tails[-1]
        tails.append(Tail(seq + 1, hash_chain.next_event_hash(last_hash, record.columns)))
    return tails


class LogPart(NamedTuple):
    """The records of a log from some event on, and its tail."""

    records: tuple[Record, ...]
    tail: Tail


class EventStore(Protocol):
    """One session's events, for use by the thread that opened the store."""

    @property
    def row(self) -> Mapping[str, object]:
        """The session's row exactly as it was first written, by column.

        The columns come in the order in which the first hash covers them.
        """
        ...

    @property
    def notices(self) -> tuple[str, ...]:
        """What people should know about the store that was opened, a sentence each."""
        ...

    def session(self) -> Session:
        """Return what never changes in the session. Raises BadFileError."""
        ...

    def load(self, since: int = 0) -> LogPart:
        """Return the records after the first `since` ones. Raises CannotReadError, BadFileError."""
        ...

    def append(
        self,
        records: Sequence[Record],
        after: Tail,
        changes: AnswerChanges | None = None,
        drafts: Sequence[Draft] = (),
    ) -> Tail:
        """Make `records` durable at the end of the log, all or none; return the new tail.

        `after` is the tail on which they rest. Repeating a call whose result was lost is harmless.
        `changes` is what the records change in the answers, for a store that lists these for
        people; with None, the store works it out. `drafts` are saved with the records, as
        `save_draft` saves one. Raises ChangedElsewhereError if the log no longer ends at `after`,
        and CannotWriteError if one of the ids is in the log already, or if nothing can be written.
        """
        ...

    def drafts(self) -> list[Draft]:
        """Return the drafts, the latest last."""
        ...

    def save_draft(self, draft: Draft) -> None:
        """Save a draft, or delete it if its text is empty. Raises CannotWriteError."""
        ...

    def close(self) -> None:
        """Close the store. Closing again does nothing."""
        ...
