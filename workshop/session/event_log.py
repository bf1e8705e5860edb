"""The log of a session in memory: which of its events count, and the state that they add up to.

Undo is an event too (`undone`), so the log first works out which events count and then has the fold
apply those in order.
"""

from collections.abc import Iterable

from workshop.session.events import AnswerAdded, Event, Undone
from workshop.session.fold import SessionState


class EventLog:
    """All events of a session in order, and their projection, `state`."""

    def __init__(self, events: Iterable[Event] = ()) -> None:
        """Fold `events`, which are in the order of the log."""
        self._events: dict[str, Event] = {}
        self._undoers: dict[str, set[str]] = {}
        """By the id of an undoable event, the ids of the `undone` events that undo it now."""
        self._void_undos: set[str] = set()
        """The ids of the `undone` events that refer to nothing that can be undone or redone."""
        self._undoable: dict[str, None] = {}
        """The ids of the events that can be undone, oldest first."""
        self._redoable: list[str] = []
        """The ids of the `undone` events that can be taken back, oldest first."""
        self.state = SessionState()
        self.extend(events)

    def extend(self, events: Iterable[Event]) -> None:
        """Append events; one whose id is in the log already changes nothing."""
        new_events: list[Event] = []
        must_refold = False
        for event in events:
            if event.id in self._events:
                continue
            self._events[event.id] = event
            new_events.append(event)
            must_refold = self._register(event) or must_refold
        if must_refold:
            self.state = SessionState()
            new_events = list(self._events.values())
        apply, void_undos, undoers = self.state.apply, self._void_undos, self._undoers
        for event in new_events:
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

    @property
    def undo_target(self) -> Event | None:
        """The event that /undo would take back, or None."""
        last_id = next(reversed(self._undoable), None)
        return self._events[last_id] if last_id else None

    @property
    def redo_target(self) -> Event | None:
        """The `undone` event that /redo would take back, or None."""
        return self._events[self._redoable[-1]] if self._redoable else None

    def _register(self, event: Event) -> bool:
        """Update what counts and what can be undone; return whether to fold the log again."""
        body = event.body
        if body.kind != "undone":
            if body.undoable:
                self._undoable[event.id] = None
                self._redoable.clear()
            return False
        target = self._events.get(body.event)
        if target is None:
            self._void_undos.add(event.id)
        elif target.body.undoable:
            self._undoers.setdefault(target.id, set()).add(event.id)
            self._undoable.pop(target.id, None)
            self._redoable.append(event.id)
        elif isinstance(target.body, Undone) and self._is_undo(target, target.body):
            self._undoers[target.body.event].discard(target.id)
            if not self._undoers[target.body.event]:
                self._undoable[target.body.event] = None
            if target.id in self._redoable:
                self._redoable.remove(target.id)
        else:
            self._void_undos.add(event.id)
        return True

    def _is_undo(self, event: Event, body: Undone) -> bool:
        """Return whether an `undone` event undoes another event, rather than redoing it."""
        target = self._events.get(body.event)
        return event.id not in self._void_undos and target is not None and target.body.undoable
