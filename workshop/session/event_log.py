"""The log of a session in memory: which of its events count, and the state that they add up to.

Undo is an event too (`undone`), so the log first works out which events count, and then has the
fold apply those in order.
"""

from collections.abc import Iterable

from workshop.session.events import AnswerAdded, Event, Undone
from workshop.session.fold import SessionState


class EventLog:
    """The log in memory, and the state that it adds up to."""

    def __init__(self, events: Iterable[Event] = ()) -> None:
        """Fold `events`, in the order of the log."""
        self._log: dict[str, Event] = {}
        self._undoers: dict[str, set[str]] = {}
        self._orphaned: set[str] = set()
        self._done: dict[str, None] = {}
        self._redoable: list[str] = []
        self.state = SessionState()
        self.extend(events)

    def extend(self, events: Iterable[Event]) -> None:
        """Take in more events. An event whose id is in the log already changes nothing."""
        fresh: list[Event] = []
        rebuild = False
        for event in events:
            if event.id in self._log:
                continue
            self._log[event.id] = event
            fresh.append(event)
            rebuild = self._note(event) or rebuild
        if rebuild:
            self.state = SessionState()
            fresh = list(self._log.values())
        apply, orphaned, undoers = self.state.apply, self._orphaned, self._undoers
        for event in fresh:
            if event.id in orphaned:
                self.state.report(event, "there is nothing for it to take back")
            elif not undoers.get(event.id):
                apply(event)
            elif isinstance(event.body, AnswerAdded):
                self.state.skip_number()

    @property
    def events(self) -> tuple[Event, ...]:
        """The log."""
        return tuple(self._log.values())

    def __len__(self) -> int:
        """Return how many events the log has."""
        return len(self._log)

    def event(self, event_id: str) -> Event | None:
        """Return the event with that id, or None."""
        return self._log.get(event_id)

    @property
    def undo_target(self) -> Event | None:
        """The event that /undo would take back."""
        last = next(reversed(self._done), None)
        return self._log[last] if last else None

    @property
    def redo_target(self) -> Event | None:
        """The `undone` event that /redo would take back."""
        return self._log[self._redoable[-1]] if self._redoable else None

    def _note(self, event: Event) -> bool:
        """Keep account of what counts; return whether the state must be folded anew."""
        body = event.body
        if body.kind != "undone":
            if body.undoable:
                self._done[event.id] = None
                self._redoable.clear()
            return False
        target = self._log.get(body.event)
        if target is None:
            self._orphaned.add(event.id)
        elif target.body.undoable:
            self._undoers.setdefault(target.id, set()).add(event.id)
            self._done.pop(target.id, None)
            self._redoable.append(event.id)
        elif isinstance(target.body, Undone) and self._takes_back(target, target.body):
            self._undoers[target.body.event].discard(target.id)
            if not self._undoers[target.body.event]:
                self._done[target.body.event] = None
            if target.id in self._redoable:
                self._redoable.remove(target.id)
        else:
            self._orphaned.add(event.id)
        return True

    def _takes_back(self, event: Event, body: Undone) -> bool:
        """Return whether an `undone` undoes something, rather than redoing it."""
        target = self._log.get(body.event)
        return event.id not in self._orphaned and target is not None and target.body.undoable
