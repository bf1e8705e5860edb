"""A client of a live session: a keyboard or a phone, with a state and drafts of its own."""

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from functools import partial
from pathlib import Path
from typing import NamedTuple

from workshop.facilitation.draft_notices import WaitingDraft, other_drafts_notice
from workshop.facilitation.facilitator import Facilitator
from workshop.facilitation.messages import ClientState, Response
from workshop.live_session import Commit, LiveSession, Proposal, make_events
from workshop.session import walk
from workshop.session.event_log import EventLog
from workshop.session.events import KEYBOARD, AnswerAdded, AnswerEdited
from workshop.storage.draft import Draft
from workshop.text import clean


class _Request(NamedTuple):
    """What a client asks for, however often the response to it is worked out."""

    respond: Callable[[EventLog, ClientState], Response]
    text: str | None = None
    """The cleaned text of a reply; None for a request that is no reply."""
    uses_draft: bool = False
    """Whether carrying out the request always uses up the draft at its question."""


class Client:
    """One client of a live session, with a state of its own."""

    def __init__(
        self,
        live_session: LiveSession,
        speaker: str = "",
        seat: str = KEYBOARD,
        *,
        prompt_keeps_text: bool = True,
    ) -> None:
        """Join `live_session` at `seat`, with `speaker` speaking.

        Without a named speaker, the first participant of a solo session speaks. See `ClientState`
        for `prompt_keeps_text`.
        """
        self.live_session = live_session
        state = live_session.facilitator.new_client(
            speaker, seat, prompt_keeps_text=prompt_keeps_text
        )
        participants = live_session.state.participants
        if not speaker and live_session.session.mode == "solo" and participants:
            state = state._replace(speaker=participants[0])
        name = live_session.state.participant(state.speaker)  # as first written
        self.state = state._replace(speaker=name or state.speaker)

    # ── proposing and committing ─────────────────────────────────────────────────────────────

    def begin(self) -> Proposal:
        """Propose the response that opens or resumes the session."""
        return self._propose(_Request(self._facilitator.begin))

    def propose(self, text: str) -> Proposal:
        """Propose the response to a reply; nothing changes yet."""

        def respond(event_log: EventLog, state: ClientState) -> Response:
            return self._facilitator.respond(event_log, state, text)

        return self._propose(_Request(respond, clean(text)))

    def propose_go_to(self, address: str) -> Proposal:
        """Propose to go to the question at `address`; an edit that is under way ends."""

        def move(event_log: EventLog, state: ClientState) -> Response:
            state = state._replace(suggestion=None, editing=None)
            return self._facilitator.move_to(event_log, state, address)

        return self._propose(_Request(move))

    def propose_answers(self, lines: Sequence[str]) -> Proposal:
        """Propose to record each line of a pasted list as an answer of its own."""

        def record(event_log: EventLog, state: ClientState) -> Response:
            return self._facilitator.record_answers(event_log, state, lines)

        return self._propose(_Request(record, uses_draft=True))

    @property
    def _facilitator(self) -> Facilitator:
        return self.live_session.facilitator

    def _propose(self, request: _Request) -> Proposal:
        return self._respond(request, self.live_session.event_log, self.state)

    def _respond(self, request: _Request, event_log: EventLog, state: ClientState) -> Proposal:
        live_session = self.live_session
        response = request.respond(event_log, state)
        events = make_events(response.events, state.speaker, live_session.clock(), state.seat)
        address = _address(walk.current(live_session.session, event_log.state))
        draft = live_session.draft(state.seat, state.speaker, address)
        cleared_draft = None
        if response.accepted and events and _uses_up(request, state, response, draft):
            cleared_draft = self._draft_at(address, state, "")
        return Proposal(
            client=self,
            respond=partial(self._respond, request),
            response=response,
            events=events,
            cleared_draft=cleared_draft,
            event_log=event_log,
            state=state,
        )

    def commit(self, proposal: Proposal) -> "Future[Proposal]":
        """Settle a proposal and make its events durable, once; see `LiveSession.submit`.

        The result is the proposal as it was settled. A proposal without events that rests on the
        present state is settled at once, whatever the writer is doing.
        """
        future: Future[Proposal] = Future()
        future.set_running_or_notify_cancel()  # whoever stops waiting cancels nothing
        if not proposal.events and proposal.state is self.state:
            self.state = proposal.response.client
            future.set_result(proposal)
            return future

        def settle(settled: "Future[tuple[Proposal, ...]]") -> None:
            error = settled.exception()
            if error is not None:
                future.set_exception(error)
            else:
                future.set_result(settled.result()[0])

        commit = Commit(proposal)
        commit.settled.add_done_callback(settle)
        self.live_session.submit(commit)
        return future

    # ── drafts ───────────────────────────────────────────────────────────────────────────────

    def make_draft(self, text: str) -> Draft:
        """Return `text` as the speaker's draft at the current question, or after the last one."""
        return self._draft_at(_address(self.live_session.current), self.state, text)

    def _draft_at(self, address: str, state: ClientState, text: str) -> Draft:
        at = self.live_session.clock().isoformat(timespec="milliseconds")
        # Cleaned like all input: half-typed text may hold characters that no file can store.
        return Draft(state.speaker, address, clean(text), state.editing or "", at, state.seat)

    def save_draft(self, text: str) -> "Future[None]":
        """Ask the writer to save `text` as the draft here; empty text deletes the draft."""
        return self.live_session.save_draft(self.make_draft(text))

    def current_draft(self) -> Draft | None:
        """Return the speaker's draft at the current question, or None."""
        address = _address(self.live_session.current)
        return self.live_session.draft(self.state.seat, self.state.speaker, address)

    def other_drafts_notice(self) -> str:
        """Return a notice about drafts of this seat at other questions or by others, or ""."""
        live_session = self.live_session
        drafts = [
            WaitingDraft(d.participant, d.question, d.text)
            for d in live_session.drafts
            if d.seat == self.state.seat
        ]
        return other_drafts_notice(
            live_session.session, live_session.state, self.state.speaker, drafts
        )

    def resume_editing(self, draft: Draft) -> None:
        """Edit the answer that `draft` was to change, if there is one and it still exists."""
        if draft.answer in self.live_session.state.answers:
            self.state = self.state._replace(editing=draft.answer)

    def save_as(self, target: str, unsent: str) -> "Future[Path]":
        """Ask for a copy of the session at `target`, with `unsent` as the draft here."""
        draft = self.make_draft(unsent) if unsent.strip() else None
        return self.live_session.save_as(target, draft)


def copy_saved_notice(path: Path, unsent: str) -> str:
    """Return the notice about a copy that was saved at `path` with the draft `unsent`."""
    contents = ", with what is not saved here as half-typed text" if unsent.strip() else ""
    return f"A copy is saved{contents}: {clean(str(path))}"


def _uses_up(
    request: _Request, state: ClientState, response: Response, draft: Draft | None
) -> bool:
    """Return whether a request uses up the draft at its question.

    It does if the draft was sent, became an answer, or was deleted from the prompt before going on.
    Any other reply leaves it.
    """
    if request.text is None:
        return request.uses_draft
    is_answer = any(isinstance(body, AnswerAdded | AnswerEdited) for body in response.events)
    is_emptied = state.prompt_keeps_text and not request.text
    return is_answer or is_emptied or (draft is not None and draft.text == request.text)


def _address(position: walk.Position | None) -> str:
    """Return the address at which drafts are stored: "" after the last question."""
    return "" if position is None else position.address
