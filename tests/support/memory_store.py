"""An event store in memory: the plainest one, to which the others are compared."""

from collections.abc import Mapping, Sequence
from threading import Lock

from workshop.errors import CannotWriteError, ChangedElsewhereError
from workshop.session import hash_chain
from workshop.session.answer_rows import AnswerChanges
from workshop.session.record import Record
from workshop.session.session import Session
from workshop.storage.draft import Draft
from workshop.storage.event_store import LogPart, Tail, tails_after
from workshop.storage.sqlite.session_row import session_row


class MemoryEventStore:
    """A session's events in memory. Any number of threads may use it."""

    def __init__(self, session: Session) -> None:
        """Keep `session`, whose log is empty."""
        self.row: Mapping[str, object] = session_row(session)
        self._session = session
        self._records: list[Record] = []
        self._tails = [Tail(0, hash_chain.first_hash(self.row.values()))]
        """The tail before the first event and after each one."""
        self._drafts: dict[tuple[str, str, str], Draft] = {}
        self._lock = Lock()

    @property
    def notices(self) -> tuple[str, ...]:
        """Nothing that people should know."""
        return ()

    def session(self) -> Session:
        """Return what never changes in the session."""
        return self._session

    def load(self, since: int = 0) -> LogPart:
        """Return the records after the first `since` ones."""
        with self._lock:
            return LogPart(tuple(self._records[since:]), self._tails[-1])

    def append(
        self,
        records: Sequence[Record],
        after: Tail,
        changes: AnswerChanges | None = None,
        drafts: Sequence[Draft] = (),
    ) -> Tail:
        """Append records, all or none; see `EventStore.append`."""
        tails = tails_after(after, records)
        with self._lock:
            if self._tails[-1] == tails[-1]:
                return tails[-1]
            if self._tails[-1] != after:
                raise ChangedElsewhereError("Not saved: another client has written to the session.")
            ids = [record.id for record in (*self._records, *records)]
            if len(set(ids)) < len(ids):
                raise CannotWriteError("Not saved: one of the events is in the log already.")
            self._records += records
            self._tails += tails[1:]
            for draft in drafts:
                self._put_draft(draft)
            return tails[-1]

    def drafts(self) -> list[Draft]:
        """Return the drafts, the latest last."""
        with self._lock:
            return sorted(self._drafts.values(), key=lambda draft: draft.at)

    def save_draft(self, draft: Draft) -> None:
        """Save a draft, or delete it if its text is empty."""
        with self._lock:
            self._put_draft(draft)

    def _put_draft(self, draft: Draft) -> None:
        key = (draft.seat, draft.participant, draft.question)
        self._drafts.pop(key, None)
        if draft.text:
            self._drafts[key] = draft

    def close(self) -> None:
        """Do nothing: there is nothing to close."""
