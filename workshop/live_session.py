"""A live session: one open session with its facilitator and its event store, for many clients.

A client, such as a keyboard or a phone, handles every reply in two steps: it proposes a response,
and commits the proposal. Proposals are settled in one thread, in the order in which they are
committed. If the session has changed since one was made, its response is worked out again, at the
question that its client saw. Proposals that wait together become durable in one transaction, and
only then part of the state that all clients see.
"""

import uuid
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from queue import SimpleQueue
from threading import Lock
from typing import NamedTuple, Protocol, Self

from workshop.banks.shipped import newer_shipped_bank
from workshop.errors import CannotWriteError, Remedy, WorkshopError, os_error_reason
from workshop.facilitation.facilitator import Facilitator
from workshop.facilitation.messages import ClientState, Response
from workshop.session import walk
from workshop.session.answer_rows import answer_changes
from workshop.session.event_log import EventLog
from workshop.session.events import KEYBOARD, AnyBody, Event
from workshop.session.fold import SessionState
from workshop.session.record import last_counter, records_from
from workshop.session.shown import shown_session, with_words_of
from workshop.storage.draft import Draft
from workshop.storage.event_store import EventStore
from workshop.storage.sqlite.event_store import SqliteEventStore
from workshop.storage.sqlite.save_as import save_as

Clock = Callable[[], datetime]


def now() -> datetime:
    """Return the current time in UTC."""
    return datetime.now(UTC)


def make_events(
    bodies: Sequence[AnyBody], actor: str, at: datetime, seat: str = KEYBOARD
) -> tuple[Event, ...]:
    """Return the bodies as events, each with a new id, the time `at`, the actor and the seat.

    Several events are one batch, which is undone as one.
    """
    moment = at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    batch = uuid.uuid4().hex if len(bodies) > 1 else ""
    return tuple(Event(uuid.uuid4().hex, moment, actor, body, seat, batch) for body in bodies)


class Proposer(Protocol):
    """What a live session asks of the client whose proposals it settles."""

    state: ClientState


class Proposal(NamedTuple):
    """A response that is not committed yet, with its events as the log will hold them."""

    client: Proposer
    respond: "Callable[[EventLog, ClientState], Proposal]"
    """Works out the proposal again, for another log and another state of its client."""
    response: Response
    events: tuple[Event, ...]
    cleared_draft: Draft | None
    """An empty draft to save with the events, in place of the one that the reply used up."""
    event_log: EventLog
    """The log for which the response was worked out."""
    state: ClientState
    """The client's state for which the response was worked out."""
    first_number: int = 0
    """The number of the first answer that the proposal adds, once it is settled."""


class Change(NamedTuple):
    """What a client has changed in the session: for everyone who subscribes."""

    client: Proposer
    events: tuple[Event, ...]


Schedule = Callable[[Callable[[], None]], object]
"""Has a function called in the subscriber's own thread or loop, and returns at once."""


class Commit:
    """Proposals of one client that are committed together, all or none."""

    def __init__(self, *proposals: Proposal) -> None:
        """Commit `proposals`, of which each but the first rests on those before it."""
        self.proposals = proposals
        self.settled: Future[tuple[Proposal, ...]] = Future()
        """The proposals as they were settled.

        They end with the first whose response shows a view: those after it are not carried out. If
        this raises what `EventStore.append` raises, none of the proposals has been carried out.
        """
        self.settled.set_running_or_notify_cancel()  # whoever stops waiting cancels nothing


class LiveSession:
    """One open session. Its log and its state hold what is committed, and nothing else.

    Both are replaced and never changed by a commit, so that any thread may read them.
    """

    def __init__(
        self, open_store: Callable[[], EventStore], path: Path, clock: Clock = now
    ) -> None:
        """Serve the session in the store that `open_store` opens; `path` says where it is.

        Raises what `open_store` and the store's methods raise.
        """
        self.path = path
        self.clock = clock
        self._lock = Lock()
        self._waiting: SimpleQueue[Commit] = SimpleQueue()
        self._subscribers: list[tuple[Callable[[Change], None], Schedule]] = []
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="session-writer")
        try:
            self._thread.submit(self._open, open_store).result()
        except BaseException:
            self._thread.shutdown(wait=False)
            raise

    @classmethod
    def open(cls, path: Path, clock: Clock = now) -> Self:
        """Open the session file at `path` for writing.

        Raises what `SqliteEventStore.open_to_write` raises.
        """
        return cls(lambda: SqliteEventStore.open_to_write(path), path, clock)

    def _open(self, open_store: Callable[[], EventStore]) -> None:
        self._store = store = open_store()
        try:
            self._read(store)
        except BaseException:
            store.close()
            raise

    def _read(self, store: EventStore) -> None:
        self.recorded = store.session()
        """What never changes in the session, as it was when the session began."""
        records, self._tail = store.load()
        self._records = list(records)
        """The log exactly as it is in the store; for the writer thread only."""
        self._drafts = {_draft_key(d.seat, d.participant, d.question): d for d in store.drafts()}
        self.opening_notices = store.notices
        """What people should know about the store that was opened, a sentence each."""
        newer_bank = newer_shipped_bank(self.recorded.bank)
        self._reworded = with_words_of(self.recorded, newer_bank) if newer_bank else self.recorded
        """The recorded session with our newest help and examples."""
        self.facilitator = Facilitator(self._reworded)
        self.event_log = EventLog(record.event for record in records)
        self.session = shown_session(self._reworded, self.state)
        """The session as people see it now, with its present title and names."""

    @property
    def state(self) -> SessionState:
        """The state of the session after all committed events."""
        return self.event_log.state

    @property
    def current(self) -> walk.Position | None:
        """The current question, or None after the last one."""
        return walk.current(self.session, self.state)

    def subscribe(
        self, callback: Callable[[Change], None], schedule: Schedule
    ) -> Callable[[], None]:
        """Have `callback` called through `schedule` after each change; return what ends that.

        The changes come in the order of the log. A `schedule` that raises an exception, such
        as that of a loop that was closed, ends its own subscription and no other.
        """
        subscriber = (callback, schedule)
        with self._lock:
            self._subscribers.append(subscriber)

        def unsubscribe() -> None:
            with self._lock, suppress(ValueError):
                self._subscribers.remove(subscriber)

        return unsubscribe

    # ── committing ───────────────────────────────────────────────────────────────────────────

    def submit(self, commit: Commit) -> None:
        """Have a commit carried out; submitting it again is harmless.

        An event is saved only once `commit.settled` has a result. A signal may end this call at any
        step: then it is unknown whether the commit is carried out, until it is submitted again.
        """
        self._waiting.put(commit)
        self._thread.submit(self._commit_waiting)

    def _commit_waiting(self) -> None:
        """Commit everything that waits, in one transaction."""
        waiting = [self._waiting.get() for _ in range(self._waiting.qsize())]
        commits = [commit for commit in dict.fromkeys(waiting) if not commit.settled.done()]
        if commits:
            self._carry_out(commits)

    def _carry_out(self, commits: Sequence[Commit]) -> None:
        try:
            results = self._settle_and_append(commits)
        except BaseException as error:
            if len(commits) > 1 and isinstance(error, Exception):
                for commit in commits:  # alone, so that none fails because of another
                    self._carry_out([commit])
                return
            for commit in commits:
                commit.settled.set_exception(error)
            if not isinstance(error, Exception):
                raise
            return
        for commit, settled in zip(commits, results, strict=True):
            commit.settled.set_result(settled)
        for settled in results:
            self._publish(settled)

    def _settle_and_append(self, commits: Sequence[Commit]) -> list[tuple[Proposal, ...]]:
        event_log = self.event_log
        states: dict[Proposer, ClientState] = {}
        results: list[tuple[Proposal, ...]] = []
        for commit in commits:
            settled: list[Proposal] = []
            for proposed in commit.proposals:
                client = proposed.client
                state = states.get(client, client.state)
                proposal = proposed
                if event_log is not proposed.event_log or state is not proposed.state:
                    # Later proposals of a commit go where those before them have led.
                    seen = event_log if settled else _as_seen(event_log, proposed.event_log)
                    proposal = proposed.respond(seen, state)
                settled.append(proposal._replace(first_number=event_log.state.next_number))
                states[client] = proposal.response.client
                if proposal.events:
                    event_log = event_log.copy() if event_log is self.event_log else event_log
                    event_log.extend(proposal.events)
                if proposal.response.view is not None:
                    break
            results.append(tuple(settled))
        self._append(event_log, [p for settled in results for p in settled if p.events])
        for client, state in states.items():
            client.state = state
        return results

    def _append(self, event_log: EventLog, proposals: Sequence[Proposal]) -> None:
        """Make the events of `proposals` durable, and `event_log`, which ends in them, the log."""
        if not proposals:
            return
        events = [event for proposal in proposals for event in proposal.events]
        drafts = [p.cleared_draft for p in proposals if p.cleared_draft is not None]
        records = records_from(events, last_counter(self._records))
        changes = answer_changes(self.recorded, self.state, event_log.state)
        self._tail = self._store.append(records, self._tail, changes, drafts)
        self._records += records
        self.event_log = event_log
        self.session = shown_session(self._reworded, self.state)
        for draft in drafts:
            self._cache_draft(draft)

    def _publish(self, proposals: Sequence[Proposal]) -> None:
        with self._lock:
            subscribers = tuple(self._subscribers)
        for proposal in proposals:
            change = Change(proposal.client, proposal.events)
            for subscriber in subscribers if proposal.events else ():
                callback, schedule = subscriber
                try:
                    schedule(partial(callback, change))
                except Exception:  # noqa: BLE001 - the others are to be told, whatever it is
                    with self._lock, suppress(ValueError):
                        self._subscribers.remove(subscriber)

    # ── drafts ───────────────────────────────────────────────────────────────────────────────

    def save_draft(self, draft: Draft) -> "Future[None]":
        """Ask the writer to save a draft; one with empty text is deleted."""

        def write() -> None:
            self._store.save_draft(draft)
            self._cache_draft(draft)  # again: a commit before it may have cleared the cache

        self._cache_draft(draft)
        return self._thread.submit(write)

    def _cache_draft(self, draft: Draft) -> None:
        key = _draft_key(draft.seat, draft.participant, draft.question)
        with self._lock:
            self._drafts.pop(key, None)
            if draft.text:
                self._drafts[key] = draft

    def draft(self, seat: str, participant: str, question: str) -> Draft | None:
        """Return the draft of a participant at a question, typed at `seat`, or None."""
        with self._lock:
            return self._drafts.get(_draft_key(seat, participant, question))

    @property
    def drafts(self) -> tuple[Draft, ...]:
        """All drafts, of every seat."""
        with self._lock:
            return tuple(self._drafts.values())

    # ── the file ─────────────────────────────────────────────────────────────────────────────

    @property
    def suggested_copy_path(self) -> Path:
        """A path to suggest for a copy: in the home folder, under a name of its own."""
        try:
            home = Path.home()
        except RuntimeError:
            home = Path()
        return home / f"{self.path.stem}-copy{self.path.suffix}"

    def save_as(self, target: str, unsent: Draft | None) -> "Future[Path]":
        """Ask the writer for a copy of the session at `target`, also with the draft `unsent`.

        The Future has the path of the copy, or the CannotWriteError that says why there is none.
        """
        drafts = {_draft_key(d.seat, d.participant, d.question): d for d in self.drafts}
        if unsent is not None:
            drafts[_draft_key(unsent.seat, unsent.participant, unsent.question)] = unsent
        return self._thread.submit(self._save_as, Path(target), tuple(drafts.values()))

    def _save_as(self, target: Path, drafts: Sequence[Draft]) -> Path:
        try:
            return save_as(self._store.row, self._records, drafts, target, self.path.name)
        except OSError as error:
            raise CannotWriteError(
                f"No copy can be saved at {target}: {os_error_reason(error)}."
            ) from error

    def close(self) -> None:
        """Finish what was asked for, and close the store. Closing again does nothing."""
        with suppress(RuntimeError):  # the thread has ended already
            self._thread.submit(self._store.close)
        self._thread.shutdown(wait=True)


def report_refused_notice(error: WorkshopError) -> str:
    """Return the notice that a report was not written, with what helps in a conversation."""
    if error.remedy is None:
        return str(error)
    is_replaceable = error.remedy is Remedy.REPLACING
    advice = "Move or close that file and say /report again." if is_replaceable else error.hint
    return f"{error.message} {advice} 'workshop report' in a shell writes elsewhere."


def _as_seen(event_log: EventLog, seen: EventLog) -> EventLog:
    """Return `event_log` at the question at which a client saw the session."""
    state, seen_state = event_log.state, seen.state
    if (state.begun, state.position) == (seen_state.begun, seen_state.position):
        return event_log
    return event_log.at(state.at_position_of(seen_state))


def _draft_key(seat: str, participant: str, question: str) -> tuple[str, str, str]:
    """Return the key of a draft, in which the case of names does not count."""
    return seat, participant.casefold(), question
