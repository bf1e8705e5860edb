"""Reads a session file back after something went wrong, and checks that it is sound."""

from dataclasses import dataclass
from pathlib import Path

from workshop.session import walk
from workshop.session.event_log import EventLog
from workshop.session.events import Event
from workshop.session.session import Session
from workshop.storage.integrity.verify import verify
from workshop.storage.sqlite.event_store import Draft, SqliteEventStore


@dataclass(frozen=True, slots=True)
class SavedSession:
    """A session as its file holds it."""

    session: Session
    events: tuple[Event, ...]
    event_log: EventLog
    drafts: tuple[Draft, ...]

    @property
    def texts(self) -> dict[int, str]:
        """The texts of the answers by their number."""
        return {a.number: a.text for a in self.event_log.state.answers.values()}

    @property
    def current_address(self) -> str | None:
        """The address of the question at which the session would be resumed; None at the end."""
        position = walk.current(self.session, self.event_log.state)
        return position.address if position else None

    @property
    def current_draft(self) -> str:
        """The text of the draft at that question, or ""."""
        address = self.current_address or ""
        return next((d.text for d in self.drafts if d.question == address), "")


def read_back(path: Path, *, merged: bool = False) -> SavedSession:
    """Return the content of the file at `path` after every check that there is.

    The file must open (SQLite's own check, the exact schema), its hash chain must hold, `workshop
    verify` must call it sound, and every event must apply. In a file that was `merged`, events of
    the two copies may not fit together. Raises what `SqliteEventStore` raises, and AssertionError.
    """
    with SqliteEventStore.open(path) as file:
        session, events, drafts = file.session(), file.events(), file.drafts()
    event_log = EventLog(events)
    unapplied = [(u.event.id, u.reason) for u in event_log.state.unapplied]
    assert merged or not unapplied, unapplied
    verdict = verify(path)
    assert verdict.is_sound, verdict.damage
    assert (verdict.events, verdict.answers) == (len(events), len(event_log.state.answers))
    assert len(verdict.warnings) == len(unapplied), verdict.warnings
    return SavedSession(session, tuple(events), event_log, tuple(drafts))
