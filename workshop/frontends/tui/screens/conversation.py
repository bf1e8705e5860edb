"""The conversation screen: the question, the transcript and the prompt."""

import asyncio
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.screen import Screen
from textual.widgets import Footer

from workshop.client import Client, copy_saved_notice
from workshop.errors import WorkshopError
from workshop.facilitation.messages import Response, View
from workshop.frontends.tui.draft_keeper import DraftKeeper
from workshop.frontends.tui.input_queue import (
    GoTo,
    InputQueue,
    Leave,
    PastedLines,
    SaveCopy,
    Submitted,
    Suspend,
)
from workshop.frontends.tui.progress_header import show_progress_header
from workshop.frontends.tui.screens.paste import PasteKind, PasteScreen
from workshop.frontends.tui.services import app_of, services_of
from workshop.frontends.tui.transcript_renderer import TranscriptRenderer, failure_message
from workshop.frontends.tui.widgets.completions import Completions
from workshop.frontends.tui.widgets.literal import literal
from workshop.frontends.tui.widgets.outline import Outline
from workshop.frontends.tui.widgets.prompt import Prompt
from workshop.frontends.tui.widgets.question_panel import QuestionPanel
from workshop.frontends.tui.widgets.status_line import StatusLine
from workshop.frontends.tui.widgets.transcript import Transcript
from workshop.live_session import Change, Proposal
from workshop.text import counted

_WIDE = 100
"""The width from which on the outline is always visible, in cells."""


class Conversation(Screen[None]):
    """Leads through the session. An answer that it shows as saved is saved.

    Whatever people submit or ask for becomes a request in one queue, and `_serve_requests` carries
    out one after the other: propose, commit, show.
    """

    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (_WIDE, "-wide")]  # noqa: RUF012 - as Textual has it
    VERTICAL_BREAKPOINTS = [(0, "-low"), (30, "-high")]  # noqa: RUF012
    AUTO_FOCUS = "#prompt"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f1", "app.commands", "Help", id="help"),
        Binding("f2", "app.canvas", "Canvas", id="canvas"),
        Binding("f3", "outline", "Outline", id="outline"),
        Binding("f4", "app.review", "Review", id="review"),
        Binding("ctrl+s", "app.copy", show=False, id="copy"),
        Binding("ctrl+q", "app.leave", "Quit", id="quit", priority=True),
    ]

    def __init__(self, client: Client) -> None:
        """Show the conversation of `client`."""
        super().__init__()
        self._client = client
        self._live_session = live_session = client.live_session
        self._input_queue = InputQueue()
        self._is_busy = True
        self._outline = Outline(live_session.session, id="outline")
        """Mounted when there is room for it, or when F3 asks for it."""

    def compose(self) -> ComposeResult:
        """Lay out the screen."""
        yield StatusLine(services_of(self).heading, id="status")
        with Horizontal(id="body"):
            if app_of(self).size.width >= _WIDE:
                yield self._outline
            with Vertical(id="talk"):
                yield QuestionPanel(id="question")
                yield Transcript(id="transcript")
                yield Prompt(id="prompt")
        yield Footer(show_command_palette=False)

    def on_mount(self) -> None:
        """Show the question at once; show the opening messages once the opening is saved."""
        # Looked up once: a commit may come to an end while the screen's widgets are being removed.
        self._status = self.query_one(StatusLine)
        self._question = self.query_one(QuestionPanel)
        self._prompt = self.query_one(Prompt)
        self._transcript = self.query_one(Transcript)
        self._completions = Completions(id="completions")
        """Mounted when the first command is typed."""
        self._renderer = TranscriptRenderer(self._client, self._transcript)
        self._drafts = DraftKeeper(self._client, self._prompt, self._input_queue, self.show_notice)
        restored = self._drafts.restore()
        self._unsubscribe = self._live_session.subscribe(
            self._show_change, asyncio.get_running_loop().call_soon_threadsafe
        )
        self._show_state()
        # First the question; the answers before it follow a moment later.
        self.call_after_refresh(self._serve_requests, restored)

    # ── requests ─────────────────────────────────────────────────────────────────────────────

    @property
    def is_idle(self) -> bool:
        """Whether every request has been carried out."""
        return not self._is_busy and self._input_queue.is_empty

    def submit(self, reply: str | tuple[str, ...]) -> None:
        """Queue a reply, or lines of which each is an answer of its own."""
        self._input_queue.put(Submitted(reply) if isinstance(reply, str) else PastedLines(reply))

    @work(name="requests")
    async def _serve_requests(self, restored: bool) -> None:
        """Open the session, then carry out one request after the other until it is left."""
        app_of(self).call_next(services_of(self).replay_early_keys)
        self._transcript.start_with(self._renderer.rows_of_current_block())
        await self._commit_and_show(self._client.begin())
        draft_notice = "Below is what you were typing when you left." if restored else ""
        others = self._client.other_drafts_notice()
        for notice in (*self._live_session.opening_notices, draft_notice, others):
            if notice:
                self._renderer.show_notice(notice)
        while True:
            self._is_busy = False
            request = await self._input_queue.next()
            self._is_busy = True
            match request:
                case Submitted() | PastedLines():
                    await self._reply(request)
                case GoTo():
                    await self._go_to_question(request.address)
                case Leave():
                    if await self._drafts.may_leave() or request.at_once:
                        services_of(self).exit_with(request.code, self._drafts.unsaved_on_leaving)
                        return
                case SaveCopy():
                    await self._save_copy(request.file)
                case Suspend():
                    services_of(self).suspend_to_shell(
                        everything_is_saved=await self._drafts.save_now()
                    )

    async def _reply(self, reply: Submitted | PastedLines) -> None:
        """Carry out a reply; if that fails, return it to the prompt and postpone later replies."""
        if isinstance(reply, PastedLines):
            proposal = self._client.propose_answers(reply.lines)
        else:
            proposal = self._client.propose(reply.text)
        is_command = self._drafts.is_command(reply.text)
        if await self._commit_and_show(proposal):
            if not is_command:
                self._input_queue.failed_text = ""
            elif not self._prompt.text:
                self._prompt.prepend(self._input_queue.failed_text)
            self._input_queue.resume_postponed()
            return
        self._prompt.prepend(reply.text)
        if not is_command:
            self._input_queue.failed_text = reply.text
        self._input_queue.postpone_replies()
        if postponed := len(self._input_queue.postponed_texts):
            more = counted(postponed, "more reply", "more replies")
            self.show_notice(f"{more} that you sent after it will follow once it is saved.")

    async def _commit_and_show(self, proposal: Proposal) -> bool:
        """Commit a proposal, and show it as it was settled; return whether it could be saved."""
        pending_rows = self._renderer.show_pending(proposal)
        client, live_session = self._client, self._live_session
        before = live_session.current, client.state.speaker
        async with self._drafts.commit_lock:
            try:
                proposal = await asyncio.wrap_future(client.commit(proposal))
            except WorkshopError as error:
                self._renderer.show_failed(pending_rows, error)
                if not pending_rows:
                    self.show_notice(failure_message(error, is_answer=False), warning=True)
                return False
        response = proposal.response
        self._renderer.show_saved(pending_rows, proposal)
        self._renderer.show_messages(response.messages)
        if response.prompt:
            self._prompt.prepend(response.prompt)
        elif before != (live_session.current, client.state.speaker):
            had_text = bool(self._prompt.text.strip())
            self._drafts.restore_at_new_question()
            if had_text:
                self.on_prompt_typed(Prompt.Typed(self._prompt.text))
        self._show_state()
        if response.view is not None:
            self._open_view(response.view, response)
        return True

    async def _go_to_question(self, address: str) -> None:
        """Go to a question; half-typed text stays, saved, at the one that is left."""
        current = self._live_session.current
        if current is not None and current.address == address:
            return
        if await self._drafts.stash():
            await self._commit_and_show(self._client.propose_go_to(address))

    async def _save_copy(self, file: str) -> None:
        """Save a copy elsewhere, with what is being typed; show where, or why there is none."""
        unsaved_text = self._drafts.unsaved_text
        try:
            path = await asyncio.wrap_future(self._client.save_as(file, unsaved_text))
        except WorkshopError as error:
            self.show_notice(str(error), warning=True)
            if not self._prompt.text:
                self._prompt.prepend(f"/copy {file}")
        else:
            self._drafts.text_in_copy = unsaved_text
            self.show_notice(copy_saved_notice(path, unsaved_text))

    def _open_view(self, view: View, response: Response) -> None:
        match view:
            case View.CANVAS:
                services_of(self).action_canvas()
            case View.REVIEW:
                services_of(self).action_review()
            case View.FIND:
                services_of(self).action_review(response.find)
            case View.COMMANDS:
                services_of(self).action_commands()
            case View.REPORT:
                services_of(self).action_report()
            case View.COPY:
                self._input_queue.put(SaveCopy(response.file))
            case View.QUIT:
                self._input_queue.put(Leave())

    # ── showing ──────────────────────────────────────────────────────────────────────────────

    def on_unmount(self) -> None:
        """Stop listening for what other clients change."""
        self._unsubscribe()

    def _show_change(self, change: Change) -> None:
        """Show what another client has changed."""
        if change.client is not self._client and self.is_mounted:
            self._renderer.show_change(change)
            self._show_state()

    def show_notice(self, text: str, warning: bool = False) -> None:
        """Show a notice in the transcript."""
        self._renderer.show_notice(text, warning)

    def _show_state(self) -> None:
        """Show the session's state in the outline, the header, the prompt and the answers."""
        live_session = self._live_session
        self._status.show_title(services_of(self).heading)
        self._outline.show_state(live_session.session, live_session.state)
        show_progress_header(live_session, self._question, self._status)
        editing = self._client.state.editing
        answer = live_session.state.answers.get(editing) if editing else None
        self._prompt.set_class(answer is not None, "-editing")
        title = f"Changing answer {answer.number}" if answer else self._renderer.speaker_label()
        # A border title that is a string is read as markup; content is not.
        self._prompt.border_title = literal(title) if isinstance(title, str) else title
        self._renderer.refresh_answers()

    # ── the prompt ───────────────────────────────────────────────────────────────────────────

    def on_prompt_sent(self, event: Prompt.Sent) -> None:
        """Submit what was sent, or complete it if it is the beginning of a command."""
        menu = self._completions
        menu.show_matches(event.text)
        chosen = menu.chosen
        if chosen is not None and event.text[1:].casefold() != chosen.name:
            self._prompt.prepend(chosen.completed)
            return
        self._drafts.stop()
        self.submit(event.text)

    def on_prompt_typed(self, event: Prompt.Typed) -> None:
        """Show the commands that match, and save half-typed text soon."""
        if event.text.startswith("/") and not self._completions.is_attached:
            self.mount(self._completions, before=self._prompt)
        self._prompt.menu_is_open = self._completions.show_matches(event.text)
        self._drafts.save_soon(self)

    def on_prompt_choice_moved(self, event: Prompt.ChoiceMoved) -> None:
        """Move the highlight in the menu of commands."""
        self._completions.move_highlight(event.by)

    def on_prompt_completion_requested(self, _event: Prompt.CompletionRequested) -> None:
        """Complete the command, or show all commands."""
        if self._completions.chosen is not None:
            self._complete()
        elif not self._prompt.text:
            self._prompt.set_text("/")

    def _complete(self) -> None:
        if self._completions.chosen is not None:
            self._prompt.set_text(self._completions.chosen.completed)

    def on_completions_option_selected(self) -> None:
        """Complete the command that was clicked."""
        self._complete()
        self._prompt.focus()

    def on_prompt_edit_last_requested(self, _event: Prompt.EditLastRequested) -> None:
        """Open the last answer for editing, if there is one."""
        current = self._live_session.current
        if current is not None and self._live_session.state.answer_count(current.address):
            self.submit("/edit")

    def on_prompt_cancelled(self, _event: Prompt.Cancelled) -> None:
        """Close the menu, stop editing an answer, or remove a command from the prompt."""
        if self._completions.chosen is not None:
            self._prompt.menu_is_open = self._completions.show_matches("")
        elif self._client.state.editing is not None:
            self._prompt.set_text("")
            self.submit("")
        elif self._prompt.text.startswith("/"):
            self._prompt.set_text("")

    def on_prompt_scroll_requested(self, event: Prompt.ScrollRequested) -> None:
        """Scroll the transcript from the prompt."""
        scroll = (
            self._transcript.scroll_page_up if event.by < 0 else self._transcript.scroll_page_down
        )
        scroll(animate=False)

    def on_prompt_pasted_lines(self, event: Prompt.PastedLines) -> None:
        """Ask whether a paste of several lines is one answer or several."""

        def on_choice(choice: PasteKind | None) -> None:
            if choice is PasteKind.ANSWER_PER_LINE:
                self._prompt.set_text("")
                self.submit(event.lines)
            elif choice is PasteKind.ONE_ANSWER:
                self._prompt.action_send()

        app_of(self).push_screen(PasteScreen(event.lines), on_choice)

    # ── keys ─────────────────────────────────────────────────────────────────────────────────

    def action_outline(self) -> None:
        """Show and focus the outline; a second press goes back to the prompt."""
        if self._outline.has_focus:
            self._close_outline()
        else:
            self.add_class("-outline")
            self._mount_outline()
            self._outline.focus()

    def on_resize(self) -> None:
        """Show the outline as soon as there is room for it."""
        if app_of(self).size.width >= _WIDE:
            self._mount_outline()

    def _mount_outline(self) -> None:
        if not self._outline.is_attached:
            self.query_one("#body").mount(self._outline, before=0)

    def key_escape(self) -> None:
        """Go back to the prompt."""
        self._close_outline()

    def _close_outline(self) -> None:
        self.remove_class("-outline")
        self._prompt.focus()

    def on_outline_chosen(self, event: Outline.Chosen) -> None:
        """Go to the block that was chosen in the outline."""
        self._close_outline()
        self.go_to(event.address)

    def go_to(self, address: str) -> None:
        """Go to the question at that address; half-typed text stays at the one that is left."""
        self._prompt.focus()
        self._input_queue.put(GoTo(address))

    def save_copy_to(self, file: str | None) -> None:
        """Save a copy in `file`, behind what was typed before; with None, save none."""
        if file is not None:
            self._input_queue.put(SaveCopy(file))

    def leave(self) -> None:
        """Leave, once everything that was typed before is handled.

        The request goes through the prompt, because the last keys may still be waiting there.
        """
        self._prompt.request_leave(for_a_while=False)

    def on_prompt_leaving(self, event: Prompt.Leaving) -> None:
        """Queue the request behind the replies that were sent before it."""
        self._input_queue.put(Suspend() if event.for_a_while else Leave())

    def suspend_to_shell(self) -> None:
        """Go back to the shell for a while, behind what was typed before."""
        self._prompt.request_leave(for_a_while=True)

    def leave_at_once(self, code: int) -> None:
        """Leave with that exit code, because the system says so, once the draft is saved."""
        self._input_queue.put(Leave(at_once=True, code=code))
