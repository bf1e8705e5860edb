"""A live session: one open session with its facilitator and its writer, for a front end.

Every front end handles a reply in the same three steps: it asks the facilitator for a response,
commits the events, and only then accepts the response as the new state. `LiveSession` offers these
steps as `propose`, `commit` and `accept`, without a screen.
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
from workshop.session.session import Session
from workshop.session.shown import shown_session
from workshop.storage.draft import Draft
from workshop.storage.sqlite.writer_thread import SessionWriter
from workshop.text import clean

Clock = Callable[[], datetime]


def now() -> datetime:
    """Return the current time in UTC."""
    return datetime.now(UTC)


def make_events(bodies: Sequence[AnyBody], actor: str, at: datetime) -> tuple[Event, ...]:
    """Return the bodies as events, each with a new id, the time `at` and the actor."""
    moment = at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return tuple(Event(uuid.uuid4().hex, moment, actor, body) for body in bodies)


class Proposal(NamedTuple):
    """A response that is not committed yet, with its events as the log will hold them."""

    response: Response
    events: tuple[Event, ...]
    cleared_draft: Draft | None = None
    """An empty draft to save with the events, in place of the one that the reply used up."""


class LiveSession:
    """One open session. Its state holds what is committed, and nothing else."""

    def __init__(
        self,
        writer: SessionWriter,
        speaker: str = "",
        clock: Clock = now,
        *,
        prompt_keeps_text: bool = True,
    ) -> None:
        """Serve the session that `writer` has open to one client, with `speaker` speaking."""
        self.writer = writer
        self.facilitator = Facilitator(writer.session)
        self.event_log = EventLog(writer.events)
        self.client: ClientState = self.facilitator.new_client(
            speaker, prompt_keeps_text=prompt_keeps_text
        )
        self._choose_speaker(bool(speaker))
        self._clock = clock
        self._drafts = {
            _draft_key(draft.participant, draft.question): draft for draft in writer.drafts
        }

    @classmethod
    def open(
        cls, path: Path, speaker: str = "", clock: Clock = now, *, prompt_keeps_text: bool = True
    ) -> Self:
        """Open the session file at `path`. Raises what `SessionWriter.open` raises.

        See `ClientState` for `prompt_keeps_text`.
        """
        return cls(SessionWriter.open(path), speaker, clock, prompt_keeps_text=prompt_keeps_text)

    def _choose_speaker(self, named: bool) -> None:
        """Let the first participant of a solo session speak, unless a speaker was named.

        A speaker who has joined before is called by the name as first written.
        """
        participants = self.state.participants
        if not named and self.session.mode == "solo" and participants:
            self.client = self.client._replace(speaker=participants[0])
        name = self.state.participant(self.client.speaker)
        if name:
            self.client = self.client._replace(speaker=name)

    @property
    def path(self) -> Path:
        """The path of the session's file."""
        return self.writer.path

    @property
    def session(self) -> Session:
        """The session as people see it now, with its present title and names."""
        return shown_session(self.writer.session, self.state)

    @property
    def migration_notice(self) -> str:
        """A sentence about a file that was migrated when it was opened, or ""."""
        backup = self.writer.backup
        if backup is None:
            return ""
        return (
            "An older Workshop wrote this session. It is up to date now; beside it lies a copy of "
            f"it as it was: {backup.name}"
        )

    @property
    def state(self) -> SessionState:
        """The state of the session after all committed events."""
        return self.event_log.state

    @property
    def current(self) -> walk.Position | None:
        """The current question, or None after the last one."""
        return walk.current(self.session, self.state)

    # ── the three steps ──────────────────────────────────────────────────────────────────────

    def begin(self) -> Proposal:
        """Propose the response that opens or resumes the session."""
        return self._proposal(self.facilitator.begin(self.event_log, self.client))

    def propose(self, text: str) -> Proposal:
        """Propose the response to a reply; nothing changes yet."""
        response = self.facilitator.respond(self.event_log, self.client, text)
        # The draft here is used up if it was sent, became an answer, or was deleted from the prompt
        # before going on. Any other reply leaves it.
        words, draft = clean(text), self.current_draft()
        is_answer = any(isinstance(body, AnswerAdded | AnswerEdited) for body in response.events)
        is_draft = draft is not None and draft.text == words
        is_emptied = self.client.prompt_keeps_text and not words
        is_used_up = is_answer or is_draft or is_emptied
        return self._proposal(response, self.make_draft("") if is_used_up else None)

    def propose_go_to(self, address: str) -> Proposal:
        """Propose to go to the question at `address`; an edit that is under way ends."""
        client = self.client._replace(suggestion=None, editing=None)
        return self._proposal(self.facilitator.move_to(self.event_log, client, address))

    def propose_answers(self, lines: Sequence[str]) -> Proposal:
        """Propose to record each line of a pasted list as an answer of its own."""
        response = self.facilitator.record_answers(self.event_log, self.client, lines)
        return self._proposal(response, self.make_draft(""))

    def _proposal(self, response: Response, cleared_draft: Draft | None = None) -> Proposal:
        events = make_events(response.events, self.client.speaker, self._clock())
        return Proposal(response, events, cleared_draft if response.accepted and events else None)

    def commit(self, proposal: Proposal) -> "Future[None]":
        """Ask the writer to make the proposal's events durable.

        The Future ends once they are, or raises what `SessionFile.append` raises.
        """
        if not proposal.events:
            return _finished_future()
        return self.writer.append(proposal.events, proposal.cleared_draft)

    def accept(self, proposal: Proposal) -> None:
        """Apply a committed proposal to the session's state and the client's state."""
        if proposal.cleared_draft is not None:
            self._cache_draft(proposal.cleared_draft)
        self.event_log.extend(proposal.events)
        self.client = proposal.response.client

    # ── drafts ───────────────────────────────────────────────────────────────────────────────

    @property
    def _address(self) -> str:
        """The address at which drafts are stored: the current question's; "" after the last one."""
        current = self.current
        return "" if current is None else current.address

    def make_draft(self, text: str) -> Draft:
        """Return `text` as the speaker's draft at the current question, or after the last one."""
        at = self._clock().isoformat(timespec="milliseconds")
        # Cleaned like all input: half-typed text may hold characters that no file can store.
        return Draft(self.client.speaker, self._address, clean(text), self.client.editing or "", at)

    def save_draft(self, text: str) -> "Future[None]":
        """Ask the writer to save `text` as the draft here; empty text deletes the draft."""
        draft = self.make_draft(text)
        self._cache_draft(draft)
        return self.writer.save_draft(draft)

    def _cache_draft(self, draft: Draft) -> None:
        if draft.text:
            self._drafts[_draft_key(draft.participant, draft.question)] = draft
        else:
            self._drafts.pop(_draft_key(draft.participant, draft.question), None)

    def current_draft(self) -> Draft | None:
        """Return the speaker's draft at the current question, or None."""
        return self._drafts.get(_draft_key(self.client.speaker, self._address))

    def other_drafts_notice(self) -> str:
        """Return a notice about drafts of other participants or at other questions, or ""."""
        drafts = [WaitingDraft(d.participant, d.question, d.text) for d in self._drafts.values()]
        return other_drafts_notice(self.session, self.state, self.client.speaker, drafts)

    def resume_editing(self, draft: Draft) -> None:
        """Edit the answer that `draft` was to change, if there is one and it still exists."""
        if draft.answer in self.state.answers:
            self.client = self.client._replace(editing=draft.answer)

    @property
    def suggested_copy_path(self) -> Path:
        """A path to suggest for a copy: in the home folder, under a name of its own."""
        try:
            home = Path.home()
        except RuntimeError:
            home = Path()
        return home / f"{self.path.stem}-copy{self.path.suffix}"

    def save_as(self, target: str, unsent: str) -> "Future[Path]":
        """Ask the writer for a copy of the session at `target`, with `unsent` as the draft here.

        The Future has the path of the copy, or the CannotWriteError that says why there is none.
        """
        drafts = dict(self._drafts)
        if unsent.strip():
            draft = self.make_draft(unsent)
            drafts[_draft_key(draft.participant, draft.question)] = draft
        return self.writer.save_as(tuple(drafts.values()), Path(target))

    def close(self) -> None:
        """Finish writing and close the file."""
        self.writer.close()


REPORT_NOT_REPLACED_HINT = (
    "Move or close that file and say /report again. 'workshop report' in a shell writes elsewhere."
)
"""What to do where the report's file cannot be replaced."""


def copy_saved_notice(path: Path, unsent: str) -> str:
    """Return the notice about a copy that was saved at `path` with the draft `unsent`."""
    contents = ", with what is not saved here as half-typed text" if unsent.strip() else ""
    return f"A copy is saved{contents}: {clean(str(path))}"


def _draft_key(participant: str, question: str) -> tuple[str, str]:
    """Return the key of a draft, in which the case of names does not count."""
    return participant.casefold(), question


def _finished_future() -> "Future[None]":
    future: Future[None] = Future()
    future.set_result(None)
    return future
