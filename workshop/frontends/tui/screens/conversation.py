"""The conversation: the question, what was said, and the prompt."""

import asyncio
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.screen import Screen
from textual.widgets import Footer

from workshop.errors import WorkshopError, without_options
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
from workshop.frontends.tui.screens.paste import Paste, PasteScreen
from workshop.frontends.tui.services import app_of, services_of
from workshop.frontends.tui.transcript_renderer import TranscriptRenderer, said_of
from workshop.frontends.tui.widgets.completions import Completions
from workshop.frontends.tui.widgets.literal import literal
from workshop.frontends.tui.widgets.outline import Outline
from workshop.frontends.tui.widgets.prompt import Prompt
from workshop.frontends.tui.widgets.question_panel import QuestionPanel
from workshop.frontends.tui.widgets.status_line import StatusLine
from workshop.frontends.tui.widgets.transcript import Transcript
from workshop.live_session import LiveSession, Proposal, copy_saved_notice
from workshop.text import counted

_WIDE = 100
"""From this width on, in cells, the outline is always in sight."""


class Conversation(Screen[None]):
    """Leads through the session. What it shows as saved is saved."""

    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (_WIDE, "-wide")]  # noqa: RUF012 - as Textual has it
    VERTICAL_BREAKPOINTS = [(0, "-low"), (30, "-high")]  # noqa: RUF012
    AUTO_FOCUS = "#prompt"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f1", "app.commands", "Help", id="help"),
        Binding("f2", "app.canvas", "Canvas", id="canvas"),
        Binding("f3", "outline", "Outline", id="outline"),
        Binding("f4", "app.review", "Review", id="review"),
        Binding("ctrl+s", "app.copy", show=False, id="copy"),
        Binding("ctrl+q", "leave", "Quit", id="quit", priority=True),
    ]

    def __init__(self, live_session: LiveSession) -> None:
        """Hold the conversation of `live_session`."""
        super().__init__()
        self._live_session = live_session
        self._input_queue = InputQueue()
        self._busy = True
        self._outline = Outline(live_session.session, id="outline")
        """Mounted when there is room for it, or when it is asked for."""

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
        """Show where the session is at once; say what opens it once that is saved."""
        # Looked up once: a commit may come to an end while the screen's widgets are being removed.
        self._status = self.query_one(StatusLine)
        self._question = self.query_one(QuestionPanel)
        self._prompt = self.query_one(Prompt)
        self._transcript = self.query_one(Transcript)
        self._completions = Completions(id="completions")
        """Mounted when the first command is typed."""
        self._renderer = TranscriptRenderer(self._live_session, self._transcript)
        self._drafts = DraftKeeper(self._live_session, self._prompt, self._input_queue, self.note)
        restored = self._drafts.restore()
        self._follow()
        # First the question; what was said before it comes a moment later.
        self.call_after_refresh(self._listen, restored)

    # ── hearing ──────────────────────────────────────────────────────────────────────────────

    @property
    def is_idle(self) -> bool:
        """Whether everything that was heard has been dealt with."""
        return not self._busy and self._input_queue.is_empty

    def hear(self, reply: str | tuple[str, ...]) -> None:
        """Take a reply (or lines, each an answer of its own) in its turn."""
        self._input_queue.put(Submitted(reply) if isinstance(reply, str) else PastedLines(reply))

    @work(name="listen")
    async def _listen(self, restored: bool) -> None:
        """Carry out one reply after the other, each on top of what the last one left."""
        app_of(self).call_next(services_of(self).replay_early_keys)
        self._transcript.seed(self._renderer.rows_so_far())
        await self._carry_out(self._live_session.begin())
        back = "Below is what you were typing when you left." if restored else ""
        for news in (self._live_session.notice, back, self._live_session.other_drafts_notice()):
            if news:
                self._renderer.note(news)
        while True:
            self._busy = False
            input_queue = await self._input_queue.next()
            self._busy = True
            match input_queue:
                case Submitted() | PastedLines():
                    await self._answer(input_queue)
                case GoTo():
                    await self._go(input_queue.address)
                case Leave():
                    if await self._drafts.may_leave() or input_queue.at_once:
                        services_of(self).leave(input_queue.code, self._drafts.unsaved)
                        return
                case SaveCopy():
                    await self._save_copy(input_queue.file)
                case Suspend():
                    services_of(self).suspend_to_shell(
                        everything_is_safe=await self._drafts.is_safe()
                    )

    async def _answer(self, reply: Submitted | PastedLines) -> None:
        """Carry out a reply; on failure its words go back, and the replies after it wait."""
        if isinstance(reply, PastedLines):
            proposal = self._live_session.propose_answers(reply.lines)
        else:
            proposal = self._live_session.propose(reply.words)
        is_command = self._drafts.is_command(reply.words)
        if await self._carry_out(proposal):
            if not is_command:
                self._input_queue.failed = ""
            elif not self._prompt.text:
                self._prompt.put_back(self._input_queue.failed)
            self._input_queue.go_on()
            return
        self._prompt.put_back(reply.words)
        if not is_command:
            self._input_queue.failed = reply.words
        self._input_queue.hold_back()
        if held := len(self._input_queue.held):
            more = counted(held, "more reply", "more replies")
            self.note(f"{more} that you sent after it will follow once it is saved.")

    async def _carry_out(self, proposal: Proposal) -> bool:
        """Commit what came of a reply, then show it; return whether that was possible."""
        reply = proposal.response
        pending = self._renderer.show_pending(proposal)
        was_at = self._live_session.current, self._live_session.client.speaker
        try:
            await asyncio.wrap_future(self._live_session.commit(proposal))
        except WorkshopError as error:
            self._renderer.show_failed(pending, error)
            if not pending:
                self.note(said_of(error, is_answer=False), warning=True)
            return False
        self._live_session.accept(proposal)
        self._renderer.show_saved(pending, proposal)
        self._renderer.say(reply.messages)
        if reply.prompt:
            self._prompt.put_back(reply.prompt)
        elif was_at != (self._live_session.current, self._live_session.client.speaker):
            self._arrive()
        self._follow()
        if reply.view is not None:
            self._show(reply.view, reply)
        return True

    async def _go(self, address: str) -> None:
        """Go to a question; half-typed text stays, saved, at the one that is left."""
        here = self._live_session.current
        if here is not None and here.address == address:
            return
        if await self._drafts.stash():
            await self._carry_out(self._live_session.propose_go_to(address))

    async def _save_copy(self, file: str) -> None:
        """Save a copy elsewhere, with what is being typed; say where, or why there is none."""
        unsent = self._drafts.typed
        try:
            where = await asyncio.wrap_future(self._live_session.save_as(file, unsent))
        except WorkshopError as error:
            self.note(without_options(error, "Choose another place."), warning=True)
            if not self._prompt.text:
                self._prompt.put_back(f"/copy {file}")
        else:
            self._drafts.copied = unsent
            self.note(copy_saved_notice(where, unsent))

    def _show(self, view: View, reply: Response) -> None:
        match view:
            case View.CANVAS:
                services_of(self).action_canvas()
            case View.REVIEW:
                services_of(self).action_review()
            case View.FIND:
                services_of(self).action_review(reply.find)
            case View.COMMANDS:
                services_of(self).action_commands()
            case View.REPORT:
                services_of(self).action_report()
            case View.COPY:
                self._input_queue.put(SaveCopy(reply.file))
            case View.QUIT:
                self._input_queue.put(Leave())

    # ── showing ──────────────────────────────────────────────────────────────────────────────

    def note(self, text: str, warning: bool = False) -> None:
        """Say something in the transcript that the facilitator did not."""
        self._renderer.note(text, warning)

    def _follow(self) -> None:
        """Make everything around the transcript show where the session is."""
        live_session = self._live_session
        self._outline.follow(live_session.state)
        show_progress_header(live_session, self._question, self._status)
        editing = live_session.client.editing
        answer = live_session.state.answers.get(editing) if editing else None
        self._prompt.set_class(answer is not None, "-editing")
        title = f"Changing answer {answer.number}" if answer else self._renderer.speaker_shown()
        # A border title that is a string is read as markup; content is not.
        self._prompt.border_title = literal(title) if isinstance(title, str) else title
        self._renderer.refresh_answers()

    def _arrive(self) -> None:
        """Take up what waits at this question; what is being typed already belongs here."""
        typed = self._prompt.text.strip()
        if not typed:
            if self._drafts.restore():
                self._renderer.note("Below is what was typed here before and not sent.")
            return
        draft = self._live_session.current_draft()
        if draft is not None and draft.text.strip() != typed:
            self._prompt.put_back(draft.text)
            self._renderer.note("Before it stands what you were typing here when you left.")
        self.on_prompt_typed(Prompt.Typed(self._prompt.text))

    # ── the prompt ───────────────────────────────────────────────────────────────────────────

    def on_prompt_sent(self, event: Prompt.Sent) -> None:
        """Take what was sent, or complete the command of which it is half."""
        menu = self._completions
        menu.follow(event.text)
        chosen = menu.chosen
        if chosen is not None and event.text[1:].casefold() != chosen.name:
            self._prompt.put_back(chosen.completed)
            return
        self._drafts.stop()
        self.hear(event.text)

    def on_prompt_typed(self, event: Prompt.Typed) -> None:
        """Offer commands, and save half-typed text soon."""
        if event.text.startswith("/") and not self._completions.is_attached:
            self.mount(self._completions, before=self._prompt)
        self._prompt.choosing = self._completions.follow(event.text)
        self._drafts.save_soon(self)

    def on_prompt_choosing(self, event: Prompt.Choosing) -> None:
        """Move the choice among the commands on offer."""
        self._completions.choose(event.by)

    def on_prompt_completing(self, _event: Prompt.Completing) -> None:
        """Complete the command, or show what commands there are."""
        if self._completions.chosen is not None:
            self._complete()
        elif not self._prompt.text:
            self._prompt.set_text("/")

    def _complete(self) -> None:
        chosen = self._completions.chosen
        if chosen is not None:
            self._prompt.set_text(chosen.completed)

    def on_completions_option_selected(self) -> None:
        """Complete the command that was clicked."""
        self._complete()
        self._prompt.focus()

    def on_prompt_edit_last(self, _event: Prompt.EditLast) -> None:
        """Open the last answer for editing, where there is one."""
        here = self._live_session.current
        if here is not None and self._live_session.state.count(here.address):
            self.hear("/edit")

    def on_prompt_left_off(self, _event: Prompt.LeftOff) -> None:
        """Close the menu, or leave off editing, or empty an offer."""
        if self._completions.chosen is not None:
            self._prompt.choosing = self._completions.follow("")
        elif self._live_session.client.editing is not None:
            self._prompt.set_text("")
            self.hear("")
        elif self._prompt.text.startswith("/"):
            self._prompt.set_text("")

    def on_prompt_scrolling(self, event: Prompt.Scrolling) -> None:
        """Scroll the transcript from the prompt."""
        if event.by < 0:
            self._transcript.scroll_page_up(animate=False)
        else:
            self._transcript.scroll_page_down(animate=False)

    def on_prompt_pasted_lines(self, event: Prompt.PastedLines) -> None:
        """Ask whether a paste of several lines is one answer or several."""

        def decided(choice: Paste | None) -> None:
            if choice is Paste.EACH:
                self._prompt.set_text("")
                self.hear(event.lines)
            elif choice is Paste.ONE:
                self._prompt.action_send()

        app_of(self).push_screen(PasteScreen(event.lines), decided)

    # ── keys ─────────────────────────────────────────────────────────────────────────────────

    def action_outline(self) -> None:
        """Show the outline and go there; a second press goes back to the prompt."""
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

    def copy_to(self, file: str | None) -> None:
        """Save a copy in `file`, behind what was typed before; None means none."""
        if file is not None:
            self._input_queue.put(SaveCopy(file))

    def action_leave(self) -> None:
        """Leave, once everything that was typed before is dealt with.

        The wish goes through the prompt, because the last keys may still be waiting there.
        """
        self._prompt.post_message(Prompt.LeaveAsked())

    def on_prompt_leaving(self, event: Prompt.Leaving) -> None:
        """Leave behind what was heard before."""
        self._input_queue.put(Suspend() if event.for_a_while else Leave())

    def suspend_to_shell(self) -> None:
        """Go back to the shell for a while, behind what was typed before."""
        self._prompt.post_message(Prompt.LeaveAsked(for_a_while=True))

    def end(self, code: int) -> None:
        """Leave because the system says so, with that exit code, once the prompt is saved."""
        self._input_queue.put(Leave(at_once=True, code=code))
