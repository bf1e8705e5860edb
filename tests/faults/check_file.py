"""What a session file holds after something went wrong, and whether all of it is sound."""

from dataclasses import dataclass
from pathlib import Path

from workshop.session import walk
from workshop.session.event_log import EventLog
from workshop.session.events import Event
from workshop.session.session import Session
from workshop.storage.integrity.verify import verify
from workshop.storage.sqlite.session_file import Draft, SessionFile


@dataclass(frozen=True, slots=True)
class Kept:
    """A session as its file holds it."""

    session: Session
    events: tuple[Event, ...]
    event_log: EventLog
    drafts: tuple[Draft, ...]

    @property
    def texts(self) -> dict[int, str]:
        """The answers' words by their number."""
        return {a.number: a.text for a in self.event_log.state.answers.values()}

    @property
    def here(self) -> str | None:
        """The address of the question at which the session would be resumed."""
        place = walk.current(self.session, self.event_log.state)
        return place.address if place else None

    @property
    def waiting(self) -> str:
        """The half-typed text that waits at that question, or nothing."""
        return next((d.text for d in self.drafts if d.question == (self.here or "")), "")


def read_back(path: Path, *, merged: bool = False) -> Kept:
    """Return what the file at `path` holds, once it has passed every check there is.

    That it opens (SQLite's own check, the exact schema), that its chain of events holds, that
    `workshop verify` finds it sound, and that the fold has nothing to complain of; what two
    copies did apart may not fit together, though, in one that was `merged`. Raises what the store
    raises, and AssertionError.
    """
    with SessionFile.open(path) as file:
        session, events, drafts = file.session(), file.events(), file.drafts()
    event_log = EventLog(events)
    complaints = [(u.event.id, u.reason) for u in event_log.state.unapplied]
    assert merged or not complaints, complaints
    verdict = verify(path)
    assert verdict.is_sound, verdict.damage
    assert (verdict.events, verdict.answers) == (len(events), len(event_log.state.answers))
    assert len(verdict.warnings) == len(complaints), verdict.warnings
    return Kept(session, tuple(events), event_log, tuple(drafts))
