"""A sitting: one open session, its facilitator and its writer, held together for a front end.

Every front end does the same three things with a reply: ask the facilitator what comes of it,
commit the events, and only then take them as said. A sitting is those three steps, without a
screen.
"""

import uuid
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple, Self

from workshop.facilitation.draft_notices import WaitingDraft, other_drafts_notice
from workshop.facilitation.facilitator import Facilitator
from workshop.facilitation.messages import ClientState, Response
from workshop.session import walk
from workshop.session.event_log import EventLog
from workshop.session.events import AnswerAdded, AnswerEdited, AnyBody, Event
from workshop.session.fold import SessionState
from workshop.storage.sqlite.session_file import Draft
from workshop.storage.sqlite.writer_thread import SessionWriter
from workshop.text import clean

Clock = Callable[[], datetime]


def now() -> datetime:
    """Return the time, in UTC."""
    return datetime.now(UTC)


def make_events(bodies: Sequence[AnyBody], actor: str, at: datetime) -> tuple[Event, ...]:
    """Return bodies as events: each with an id of its own, the time and the actor."""
    moment = at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return tuple(Event(uuid.uuid4().hex, moment, actor, body) for body in bodies)


class Proposal(NamedTuple):
    """What would come of a reply, with its events as they will stand in the log."""

    response: Response
    events: tuple[Event, ...]
    sent: Draft | None = None
    """The draft that the reply's words were, and that is to be forgotten with them."""


class LiveSession:
    """One open session. Its state is what is committed, never more."""

    def __init__(
        self,
        writer: SessionWriter,
        speaker: str = "",
        clock: Clock = now,
        *,
        prompt_keeps_text: bool = True,
    ) -> None:
        """Sit down at the session that `writer` has open, with `speaker` speaking."""
        self.writer = writer
        self.session = writer.session
        self.facilitator = Facilitator(writer.session)
        self.event_log = EventLog(writer.events)
        self.client: ClientState = self.facilitator.new_client(
            speaker, prompt_keeps_text=prompt_keeps_text
        )
        self._settle_speaker(bool(speaker))
        self._clock = clock
        self._drafts = {_key(draft.participant, draft.question): draft for draft in writer.drafts}

    @classmethod
    def open(
        cls, path: Path, speaker: str = "", clock: Clock = now, *, prompt_keeps_text: bool = True
    ) -> Self:
        """Open the session file at `path`; raises what SessionWriter.open does.

        See `ClientState` for `prompt_keeps_text`.
        """
        return cls(SessionWriter.open(path), speaker, clock, prompt_keeps_text=prompt_keeps_text)

    def _settle_speaker(self, asked: bool) -> None:
        """Let the one participant of a session for one speak, unless somebody else was named."""
        joined = self.state.participants
        if not asked and self.session.mode == "solo" and joined:
            self.client = self.client._replace(speaker=joined[0])
        known = self.state.participant(self.client.speaker)
        if known:
            self.client = self.client._replace(speaker=known)

    @property
    def path(self) -> Path:
        """The session's file."""
        return self.writer.path

    @property
    def notice(self) -> str:
        """What happened to the file when it was opened, in a sentence, or nothing."""
        copy = self.writer.backup
        if copy is None:
            return ""
        return (
            "An older Workshop wrote this session. It is up to date now; beside it lies a copy of "
            f"it as it was: {copy.name}"
        )

    @property
    def state(self) -> SessionState:
        """Where the session stands: what was committed."""
        return self.event_log.state

    @property
    def current(self) -> walk.Position | None:
        """The question that is being asked, or None after the last."""
        return walk.current(self.session, self.state)

    # ── the three steps ──────────────────────────────────────────────────────────────────────

    def begin(self) -> Proposal:
        """Propose what opens or resumes the session."""
        return self._proposal(self.facilitator.begin(self.event_log, self.client))

    def propose(self, text: str) -> Proposal:
        """Propose what comes of a reply; nothing has happened yet."""
        reply = self.facilitator.respond(self.event_log, self.client, text)
        # What was half-typed was sent, became an answer, or was emptied before going on. Any other
        # command leaves it.
        words, waiting = clean(text), self.current_draft()
        spoke = any(isinstance(body, AnswerAdded | AnswerEdited) for body in reply.events)
        sent = waiting is not None and waiting.text == words
        emptied = self.client.prompt_keeps_text and not words
        return self._proposal(reply, self.draft("") if spoke or sent or emptied else None)

    def propose_go_to(self, address: str) -> Proposal:
        """Propose to go to the question at that address, whatever is being typed or changed."""
        client = self.client._replace(suggestion=None, editing=None)
        return self._proposal(self.facilitator.move_to(self.event_log, client, address))

    def propose_answers(self, lines: Sequence[str]) -> Proposal:
        """Propose to record every line as an answer of its own."""
        reply = self.facilitator.record_answers(self.event_log, self.client, lines)
        return self._proposal(reply, self.draft(""))

    def _proposal(self, reply: Response, sent: Draft | None = None) -> Proposal:
        events = make_events(reply.events, self.client.speaker, self._clock())
        return Proposal(reply, events, sent if reply.accepted and events else None)

    def commit(self, proposal: Proposal) -> "Future[None]":
        """Ask for the proposal's events to be made durable."""
        if not proposal.events:
            return _done()
        return self.writer.append(proposal.events, proposal.sent)

    def accept(self, proposal: Proposal) -> None:
        """Take a committed proposal as said: the state and the floor become what it makes them."""
        if proposal.sent is not None:
            self._remember(proposal.sent)
        self.event_log.extend(proposal.events)
        self.client = proposal.response.client

    # ── drafts ───────────────────────────────────────────────────────────────────────────────

    @property
    def _address(self) -> str:
        """The address at which drafts are kept: the question's, or nothing after the last one."""
        here = self.current
        return "" if here is None else here.address

    def draft(self, text: str) -> Draft:
        """Return `text` as the speaker's draft at this question, or after the last one."""
        at = self._clock().isoformat(timespec="milliseconds")
        # Cleaned like all that comes in: half-typed text may hold what no file can.
        return Draft(self.client.speaker, self._address, clean(text), self.client.editing or "", at)

    def save_draft(self, text: str) -> "Future[None]":
        """Ask for half-typed text to be kept; empty text means that there is none."""
        draft = self.draft(text)
        self._remember(draft)
        return self.writer.save_draft(draft)

    def _remember(self, draft: Draft) -> None:
        if draft.text:
            self._drafts[_key(draft.participant, draft.question)] = draft
        else:
            self._drafts.pop(_key(draft.participant, draft.question), None)

    def current_draft(self) -> Draft | None:
        """Return what the speaker half-typed here and never sent."""
        return self._drafts.get(_key(self.client.speaker, self._address))

    def other_drafts_notice(self) -> str:
        """Return what is said of half-typed text that waits for others or at other questions."""
        waiting = [WaitingDraft(d.participant, d.question, d.text) for d in self._drafts.values()]
        return other_drafts_notice(self.session, self.state, self.client.speaker, waiting)

    def resume_editing(self, draft: Draft) -> None:
        """Go on with the answer that `draft` was changing, if it was and the answer is there."""
        if draft.answer in self.state.answers:
            self.client = self.client._replace(editing=draft.answer)

    @property
    def suggested_copy_path(self) -> Path:
        """Where a copy could go: into the person's own folder, under a name of its own."""
        try:
            home = Path.home()
        except RuntimeError:
            home = Path()
        return home / f"{self.path.stem}-copy{self.path.suffix}"

    def save_as(self, target: str, unsent: str) -> "Future[Path]":
        """Ask for a copy of the session at `target`, in which `unsent` is half-typed here.

        The Future has the path of the copy, or the CannotWriteError that says why there is none.
        """
        drafts = dict(self._drafts)
        if unsent.strip():
            draft = self.draft(unsent)
            drafts[_key(draft.participant, draft.question)] = draft
        return self.writer.save_as(tuple(drafts.values()), Path(target))

    def close(self) -> None:
        """Finish writing and close the file."""
        self.writer.close()


REPORT_ELSEWHERE = (
    "Move or close that file and say /report again. 'workshop report' in a shell writes elsewhere."
)


def copy_saved_notice(where: Path, unsent: str) -> str:
    """Return what is said of a copy that was saved at `where`, with `unsent` half-typed in it."""
    typed = ", with what is not saved here as half-typed words" if unsent.strip() else ""
    return f"A copy is saved{typed}: {clean(str(where))}"


def _key(participant: str, question: str) -> tuple[str, str]:
    return participant.casefold(), question


def _done() -> "Future[None]":
    done: Future[None] = Future()
    done.set_result(None)
    return done
