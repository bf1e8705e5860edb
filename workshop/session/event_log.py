"""The log of a session in memory: which of its events count, and the state that they add up to.

Undo is an event too (`undone`), so the log first works out which events count and then has the fold
apply those in order. Undo and redo are one's own: each seat takes back and restores what it did
itself, a batch at a time.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import takewhile
from typing import Self

from workshop.session.dependencies import changed_things, concerned_things
from workshop.session.events import ANONYMOUS, AnswerAdded, Event, Undone
from workshop.session.fold import SessionState


class EventLog:
    """All events of a session in order, and their projection, `state`."""

    def __init__(self, events: Iterable[Event] = ()) -> None:
        """Fold `events`, which are in the order of the log."""
        self._events: dict[str, Event] = {}
        self._undoers: dict[str, frozenset[str]] = {}
        """By the id of an undoable event, the ids of the `undone` events that undo it now."""
        self._void_undos: set[str] = set()
        """The ids of the `undone` events that refer to nothing that can be undone or redone."""
        self._undoable: defaultdict[str, dict[str, None]] = defaultdict(dict)
        """By seat, the ids of the events that can be undone, oldest first."""
        self._redoable: dict[str, dict[str, None]] = {}
        """By seat, the ids of the `undone` events that can be taken back, oldest first."""
        self.state = SessionState()
        self.extend(events)

    def copy(self) -> Self:
        """Return a copy that can be extended while others read this log."""
        log = self.at(self.state.copy())
        log._events = dict(self._events)
        log._undoers = dict(self._undoers)
        log._void_undos = set(self._void_undos)
        log._undoable = defaultdict(dict, {s: dict(ids) for s, ids in self._undoable.items()})
        log._redoable = {seat: dict(ids) for seat, ids in self._redoable.items()}
        return log

    def at(self, state: SessionState) -> Self:
        """Return this log with another state, for reading only."""
        log = object.__new__(type(self))
        log.__dict__.update(self.__dict__, state=state)
        return log

    def extend(self, events: Iterable[Event]) -> None:
        """Append events; one whose id is in the log already changes nothing."""
        known, undoable = self._events, self._undoable
        new_events: list[Event] = []
        must_refold = False
        for event in events:
            if event.id in known:
                continue
            known[event.id] = event
            new_events.append(event)
            body = event.body
            if body.kind == "undone":
                self._register_undoing(event, body)
                must_refold = True
            elif body.undoable and event.seat != ANONYMOUS:
                undoable[event.seat][event.id] = None
                if self._redoable:
                    self._redoable.pop(event.seat, None)
        if must_refold:
            self.state = SessionState()
            new_events = list(known.values())
        self._apply(new_events)

    def _apply(self, events: Iterable[Event]) -> None:
        """Fold those of `events` that count."""
        apply, void_undos, undoers = self.state.apply, self._void_undos, self._undoers
        if not undoers and not void_undos:  # mostly so, and a large session has many events
            for event in events:
                apply(event)
            return
        for event in events:
            if event.id in void_undos:
                self.state.record_unapplied(event, "there is nothing for it to take back")
            elif not undoers.get(event.id):
                apply(event)
            elif isinstance(event.body, AnswerAdded):
                self.state.skip_number()

    @property
    def events(self) -> tuple[Event, ...]:
        """All events of the log, in order."""
        return tuple(self._events.values())

    def __len__(self) -> int:
        """Return the number of events in the log."""
        return len(self._events)

    def event(self, event_id: str) -> Event | None:
        """Return the event with that id, or None."""
        return self._events.get(event_id)

    # ── undo and redo ────────────────────────────────────────────────────────────────────────

    def undo_target(self, seat: str) -> tuple[Event, ...]:
        """Return what /undo takes back for that seat: its last change, the newest event first.

        That is one event, or the whole of its batch; empty if there is nothing to undo.
        """
        return tuple(self._last_batch(self._undoable.get(seat, {})))

    def redo_target(self, seat: str) -> tuple[Event, ...]:
        """Return the `undone` events that /redo takes back for that seat, the newest first."""
        return tuple(self._last_batch(self._redoable.get(seat, {})))

    def _last_batch(self, ids: dict[str, None]) -> Iterator[Event]:
        newest_first = (self._events[event_id] for event_id in reversed(ids))
        last = next(newest_first, None)
        if last is not None:
            yield last
            if last.batch:
                yield from (event for event in newest_first if event.batch == last.batch)

    def changed_since(self, events: Iterable[Event]) -> bool:
        """Return whether another seat has changed since what one of `events` changed."""
        return any(self._is_changed_since(event) for event in events)

    def _is_changed_since(self, event: Event) -> bool:
        newest_first = reversed(self._events.values())
        since = {e.id: e for e in takewhile(lambda later: later is not event, newest_first)}
        things = concerned_things(event, self._question_of(event))
        changes = (self._undone_or_redone(e) for e in since.values() if e.seat != event.seat)
        return any(
            # What was done and undone since has changed nothing.
            (change.id not in since or not self._undoers.get(change.id))
            and things & changed_things(change, self._question_of(change))
            for change in changes
        )

    def _undone_or_redone(self, event: Event) -> Event:
        """Return the event that `event` undoes or redoes; any other event itself."""
        while isinstance(event.body, Undone) and event.id not in self._void_undos:
            event = self._events[event.body.event]
        return event

    def _question_of(self, event: Event) -> str:
        """Return the address of the question that an event is about, or ""."""
        added = self._events.get(getattr(event.body, "answer", event.id), event)
        return getattr(added.body, "question", None) or ""

    def _register_undoing(self, event: Event, body: Undone) -> None:
        """Update what counts, and what can be undone and redone, for an `undone` event."""
        target = self._events.get(body.event)
        if target is None:
            self._void_undos.add(event.id)
        elif target.body.undoable:
            self._undoers[target.id] = self._undoers.get(target.id, frozenset()) | {event.id}
            self._undoable.get(target.seat, {}).pop(target.id, None)
            self._redoable.setdefault(event.seat, {})[event.id] = None
        elif isinstance(target.body, Undone) and self._is_undo(target, target.body):
            self._redo(target, target.body.event)
        else:
            self._void_undos.add(event.id)

    def _redo(self, undo: Event, event_id: str) -> None:
        """Register that the `undone` event `undo` of the event `event_id` is itself undone."""
        self._undoers[event_id] -= {undo.id}
        seat = self._events[event_id].seat
        if not self._undoers[event_id] and seat != ANONYMOUS:
            self._undoable.setdefault(seat, {})[event_id] = None
        self._redoable.get(undo.seat, {}).pop(undo.id, None)

    def _is_undo(self, event: Event, body: Undone) -> bool:
        """Return whether an `undone` event undoes another event, rather than redoing it."""
        target = self._events.get(body.event)
        return event.id not in self._void_undos and target is not None and target.body.undoable
