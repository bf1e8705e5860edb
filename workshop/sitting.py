"""A sitting: one open session, its facilitator and its writer, held together for a front end.

Every front end does the same three things with a reply: ask the facilitator what comes of it,
commit the events, and only then take them as said. A sitting is those three steps, without a
screen.
"""

import uuid
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

from workshop.session import agenda
from workshop.session.events import AnyBody, Event
from workshop.session.facilitator import Facilitator
from workshop.session.state import Fold, SessionState
from workshop.session.turns import Floor, Reply
from workshop.store.session_file import Draft
from workshop.store.writer import SessionWriter

Clock = Callable[[], datetime]


def now() -> datetime:
    """Return the time, in UTC."""
    return datetime.now(UTC)


def stamp(bodies: Sequence[AnyBody], actor: str, at: datetime) -> tuple[Event, ...]:
    """Return bodies as events: each with an id of its own, the time and the actor."""
    moment = at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return tuple(Event(uuid.uuid4().hex, moment, actor, body) for body in bodies)


@dataclass(frozen=True, slots=True)
class Proposal:
    """What would come of a reply, with its events as they will stand in the log."""

    reply: Reply
    events: tuple[Event, ...]
    sent: Draft | None = None
    """The draft that the reply made into an answer."""


class Sitting:
    """One open session. Its state is what is committed, never more."""

    def __init__(self, writer: SessionWriter, speaker: str = "", clock: Clock = now) -> None:
        """Sit down at the session that `writer` has open, with `speaker` speaking."""
        self.writer = writer
        self.session = writer.session
        self.facilitator = Facilitator(writer.session)
        self.fold = Fold(writer.events)
        self.floor: Floor = self.facilitator.floor(speaker)
        self._settle_speaker(bool(speaker))
        self._clock = clock

    @classmethod
    def open(cls, path: Path, speaker: str = "", clock: Clock = now) -> Self:
        """Open the session file at `path`; raises what SessionWriter.open does."""
        return cls(SessionWriter.open(path), speaker, clock)

    def _settle_speaker(self, asked: bool) -> None:
        """Let the one participant of a session for one speak, unless somebody else was named."""
        joined = self.state.participants
        if not asked and self.session.mode == "solo" and joined:
            self.floor = replace(self.floor, speaker=joined[0])
        known = self.state.participant(self.floor.speaker)
        if known:
            self.floor = replace(self.floor, speaker=known)

    @property
    def path(self) -> Path:
        """The session's file."""
        return self.writer.path

    @property
    def state(self) -> SessionState:
        """Where the session stands: what was committed."""
        return self.fold.state

    @property
    def here(self) -> agenda.Place | None:
        """The question that is being asked, or None after the last."""
        return agenda.current(self.session, self.state)

    # ── the three steps ──────────────────────────────────────────────────────────────────────

    def begin(self) -> Proposal:
        """Propose what opens or resumes the session."""
        return self._propose(self.facilitator.begin(self.fold, self.floor))

    def propose(self, text: str) -> Proposal:
        """Propose what comes of a reply; nothing has happened yet."""
        return self._propose(self.facilitator.reply(self.fold, self.floor, text))

    def propose_each(self, lines: Sequence[str]) -> Proposal:
        """Propose to record every line as an answer of its own."""
        return self._propose(self.facilitator.answer_each(self.fold, self.floor, lines))

    def _propose(self, reply: Reply) -> Proposal:
        events = stamp(reply.events, self.floor.speaker, self._clock())
        return Proposal(reply, events, self.draft("") if reply.accepted and events else None)

    def commit(self, proposal: Proposal) -> "Future[None]":
        """Ask for the proposal's events to be made durable."""
        if not proposal.events:
            done: Future[None] = Future()
            done.set_result(None)
            return done
        return self.writer.append(proposal.events, proposal.sent)

    def accept(self, proposal: Proposal) -> None:
        """Take a committed proposal as said: the state and the floor become what it makes them."""
        self.fold.extend(proposal.events)
        self.floor = proposal.reply.floor

    # ── drafts ───────────────────────────────────────────────────────────────────────────────

    def draft(self, text: str) -> Draft | None:
        """Return `text` as the speaker's draft at this question; None after the last question."""
        here = self.here
        if here is None:
            return None
        at = self._clock().isoformat(timespec="milliseconds")
        return Draft(self.floor.speaker, here.address, text, self.floor.editing or "", at)

    def waiting_draft(self) -> Draft | None:
        """Return what the speaker had half-typed at this question when the session was opened."""
        here = self.here
        for draft in reversed(self.writer.drafts):
            mine = draft.participant.casefold() == self.floor.speaker.casefold()
            if mine and here is not None and draft.question == here.address:
                return draft
        return None

    def restore(self, draft: Draft) -> None:
        """Go on with the answer that `draft` was changing, if it was and the answer is there."""
        if draft.answer in self.state.answers:
            self.floor = replace(self.floor, editing=draft.answer)

    def close(self) -> None:
        """Finish writing and close the file."""
        self.writer.close()
