"""Line mode: the conversation as plain lines, for a screen reader, a pipe or a simple terminal.

A line is a reply, an empty line goes on, and a line that ends in a backslash goes on in the next.
What is said comes in lines as well, without colour or cursor movement. `saved N` is said only once
answer N is committed; what could not be saved is kept, said, and tried again.
"""

import contextlib
import errno
import io
from collections.abc import Iterable
from pathlib import Path
from typing import TextIO

from workshop.errors import (
    HUNG_UP,
    INTERRUPTED,
    CannotWriteError,
    WorkshopError,
    without_options,
)
from workshop.facilitation import slash_commands
from workshop.facilitation.messages import QuestionAsked, Response, View, WalkClosed, message_lines
from workshop.frontends.plain.line_input import Replies
from workshop.frontends.plain.line_views import canvas_lines, found_lines, review_lines
from workshop.live_session import REPORT_ELSEWHERE, LiveSession, Proposal, copy_saved_notice
from workshop.session.events import AnswerAdded
from workshop.storage.sqlite.session_file import Draft
from workshop.text import clean, counted
from workshop.views.outline import build_outline

_HOW = (
    "A line is an answer, an empty line goes on. A line that ends in a backslash goes on in the "
    "next line."
)


def run(path: Path, speaker: str = "", *, stdin: TextIO, stdout: TextIO, stderr: TextIO) -> int:
    """Lead through the session at `path`, line by line; return the exit code.

    0 where everything said was saved, also at the end of input; 6 where something was not; 130
    after Ctrl-C; 129 where the terminal is gone. Raises what `LiveSession.open` raises, before
    anybody types anything.
    """
    for stream, errors in ((stdin, "replace"), (stdout, "backslashreplace")):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=errors)
    with contextlib.closing(
        LiveSession.open(path, speaker, prompt_keeps_text=False)
    ) as live_session:
        replies = Replies(stdin, stdout)
        conversation = _Conversation(live_session, stdout, stderr, typed=replies.typed)
        conversation.begin()
        try:
            conversation.heard_all = replies.shows_lines
            while not conversation.over and (reply := replies.next()) is not None:
                conversation.take(reply)
            conversation.heard_all = True
            if not conversation.over:
                conversation.try_again()
        except KeyboardInterrupt:
            conversation.interrupted = True
        except OSError as error:
            if error.errno != errno.EIO or not replies.typed:
                raise
            conversation.hung_up = True
        finally:
            try:
                code = conversation.leave(replies.half)
            except (KeyboardInterrupt, SystemExit):
                # A terminal that is gone says so twice: to whoever reads it, and with a signal.
                conversation.leave(replies.half)
                raise
    return code


class _Conversation:
    """The facilitator's side, said in lines."""

    def __init__(
        self, live_session: LiveSession, stdout: TextIO, stderr: TextIO, *, typed: bool
    ) -> None:
        """Talk at `live_session`, on `stdout`, with somebody who types or with a program."""
        self._live_session = live_session
        self._typed = typed
        self._stdout, self._stderr = stdout, stderr
        self._unsaved: list[str] = []
        """Replies that are not saved yet, or could not be, in order."""
        self._committing: tuple[Proposal, list[str]] | None = None
        """What is being saved, and what is still to be saved then, until that is settled."""
        self._draft: Draft | None = None
        """What was half-typed at this question, while an empty line would send it."""
        self._speaker = live_session.client.speaker
        self._warned = False
        self._in_doubt = ""
        """Words that were asked about or refused, until the next reply."""
        self._dropped: list[str] = []
        """Words from a pipe that were not recorded."""
        self.heard_all = True
        """Whether nothing can be half typed that only the terminal knows."""
        self.over = False
        """Whether somebody has left with /quit."""
        self.interrupted = False
        self.hung_up = False
        """Whether the terminal is gone."""

    def begin(self) -> None:
        """Open the session or resume it. Raises CannotWriteError."""
        session = self._live_session.session
        self._say([f"{session.title} ({session.bank.title})"])
        if self._live_session.notice:
            self._tell(self._live_session.notice)
        if self._typed:
            usages = ", ".join(c.usage for c in slash_commands.COMMANDS)
            self._say([_HOW, f"Commands: {usages}."])
        self._tell_what_came(self._saved(self._live_session.begin()))
        if waiting := self._live_session.other_drafts_notice():
            self._say([waiting])

    def take(self, reply: str) -> None:
        """Take one reply, after those that still wait to be saved.

        While something waits, an empty line of somebody who types means that alone: try again. In
        a pipe the lines were written before, so that one also goes on, as it was meant to.
        """
        empty = not clean(reply)
        if self._unsaved and self._leaves(reply):
            self.try_again()
            if not self._unsaved or self._warned:
                self.over = True
            else:
                self._warned = True
                self._say(["Something is not saved yet: /quit again leaves without it."])
            return
        if self._unsaved and empty and self._typed:
            self.try_again()
            return
        if self._unsaved and (file := self._file_of_copy(reply)):
            self._copy(file)  # not behind what cannot be saved: because of it
            return
        if empty and self._draft is not None:
            self._live_session.resume_editing(self._draft)
            reply, self._draft = self._draft.text, None
        self._unsaved.append(reply)
        self.try_again()

    def try_again(self) -> None:
        """Carry out the replies that wait, in order, as far as they can be saved."""
        while self._unsaved:
            words = clean(self._unsaved[0])
            try:
                self._drop_words(words)
                proposal = self._saved(self._live_session.propose(self._unsaved[0]))
            except WorkshopError as error:
                why = str(error).removeprefix("Not saved: ")
                copy = "/copy FILE saves a copy elsewhere."
                self._say([f"not saved: {why} {copy} An empty line tries again."])
                return
            if not proposal.response.accepted and slash_commands.parse(words) is None:
                self._in_doubt = words
            self._tell_what_came(proposal)

    def _drop_words(self, next_reply: str = "/") -> None:
        """Say that words which were not recorded are dropped, unless `next_reply` accepts them.

        Somebody who types has seen the question about them; a pipe has not.
        """
        words, self._in_doubt = self._in_doubt, ""
        if words and not self._typed and clean(next_reply) not in ("", words):
            self._dropped.append(words)

    def leave(self, half: str) -> int:
        """Keep what was not sent as a draft, say how it ended; return the exit code.

        Doing that again, after it was broken off, keeps nothing twice.
        """
        self._drop_words()
        self._save_what_was_broken_off()
        lost = [text for text in self._unsaved if clean(text)]
        unsent = [text for text in (*lost, half) if clean(text)]
        words = "\n".join(text for text in unsent if slash_commands.parse(clean(text)) is None)
        kept = self._keep(clean(words))
        try:
            if self.interrupted:
                self._say([""])
            if lost:
                self._tell(f"Not saved: {counted(len(lost), 'reply', 'replies')}.")
            elif not self._dropped:
                what = "Everything" if self.heard_all else "What was sent"
                self._tell(f"{what} is saved in {self._live_session.path}.")
            for text in self._dropped:
                self._tell(f"Not recorded: {text}")
            if kept:
                self._tell("What was not sent is kept, and offered when the session is resumed.")
            for text in unsent if not kept else ():
                self._tell(f"Not kept: {text}")
        except OSError:
            pass  # nobody listens any more: a closed terminal, a broken pipe
        if self.interrupted or self.hung_up:
            return INTERRUPTED if self.interrupted else HUNG_UP
        return CannotWriteError.exit_code if lost or self._dropped else 0

    def _save_what_was_broken_off(self) -> None:
        """Save the reply in the midst of which it all ended, if it is not saved already."""
        if self._committing is not None:
            with contextlib.suppress(WorkshopError):  # it is among what is told not to be saved
                self._settle(*self._committing)

    def _keep(self, words: str) -> bool:
        if not words:
            return False
        try:
            self._live_session.save_draft(words).result()
        except WorkshopError:
            return False  # said already: this is the same disk
        return True

    @staticmethod
    def _leaves(reply: str) -> bool:
        call = slash_commands.parse(clean(reply))
        return isinstance(call, slash_commands.Call) and call.command.name == "quit"

    @staticmethod
    def _file_of_copy(reply: str) -> str:
        """Return where `reply` wants a copy, or nothing where it is another reply."""
        call = slash_commands.parse(clean(reply))
        if isinstance(call, slash_commands.Call) and call.command.name == "copy":
            return call.words
        return ""

    def _copy(self, file: str) -> None:
        """Save a copy elsewhere, in which what is not saved here is half-typed."""
        waiting = (text for text in self._unsaved if slash_commands.parse(clean(text)) is None)
        words = "\n".join(text for text in waiting if clean(text))
        try:
            where = self._live_session.save_as(file, words).result()
        except WorkshopError as error:
            self._say([without_options(error, "Choose another place.")])
        else:
            self._say([copy_saved_notice(where, words)])

    # ── one reply ────────────────────────────────────────────────────────────────────────────

    def _saved(self, proposal: Proposal) -> Proposal:
        """Commit what comes of the reply that waits first, and take it as said; return it.

        Raises what the writer raises.
        """
        self._committing = proposal, self._unsaved[1:]
        try:
            self._settle(*self._committing)
        except WorkshopError:
            self._committing = None
            raise
        return proposal

    def _settle(self, proposal: Proposal, rest: list[str]) -> None:
        """Commit a proposal and take it as said, so that `rest` is what is still to be saved.

        A signal may come between any two of these steps, and then all of them are taken again.
        """
        self._live_session.commit(proposal).result()
        self._live_session.accept(proposal)
        self._unsaved = rest
        self._committing = None

    def _tell_what_came(self, proposal: Proposal) -> None:
        answers = self._live_session.state.answers
        added = [e.id for e in proposal.events if isinstance(e.body, AnswerAdded)]
        self._say(f"saved {answers[a].number}" for a in added if a in answers)
        reply = proposal.response
        for turn in reply.messages:
            self._say(message_lines(turn))
        if reply.client.editing is not None and reply.prompt and reply.accepted:
            self._say(
                [f"It says: {reply.prompt}", "The next line replaces it, an empty line keeps it."]
            )
        self._show(reply)
        spoke, self._speaker = self._speaker, reply.client.speaker
        if spoke != self._speaker or any(
            isinstance(t, QuestionAsked | WalkClosed) for t in reply.messages
        ):
            self._offer_draft()
        elif proposal.events:
            self._draft = None

    def _offer_draft(self) -> None:
        """Say what was half-typed at this question, or after the last one, and how to send it."""
        draft = self._live_session.current_draft()
        if draft is None:
            self._draft = None
            return
        answer = self._live_session.state.answers.get(draft.answer)
        changing = f" for answer {answer.number}" if answer else ""
        self._say([f"Half-typed here before{changing}: {draft.text}"])
        # In a pipe the lines were written before: an empty one means to go on, as ever.
        self._draft = draft if self._typed else None
        if self._typed:
            instead = ", another answer takes its place" if self._live_session.current else ""
            self._say([f"An empty line sends it{instead}."])

    def _show(self, reply: Response) -> None:
        session, state = self._live_session.session, self._live_session.state
        match reply.view:
            case View.QUIT:
                self.over = True
            case View.CANVAS:
                self._say(canvas_lines(session, state))
            case View.REVIEW:
                self._say(review_lines(build_outline(session, self._live_session.event_log)))
            case View.FIND:
                outline = build_outline(session, self._live_session.event_log)
                self._say(found_lines(outline, reply.find))
            case View.REPORT:
                self._report()
            case View.COPY:
                self._copy(reply.file)
            case View.COMMANDS:
                self._say(f"{c.usage}: {c.does}" for c in slash_commands.COMMANDS)
            case None:
                pass

    def _report(self) -> None:
        from workshop.export.request import ReportRequest
        from workshop.export.write_file import default_target, write_report

        session = self._live_session.session
        try:
            target = default_target(session)
            warnings = write_report(ReportRequest(session, self._live_session.event_log), target)
        except WorkshopError as error:
            self._say([without_options(error, REPORT_ELSEWHERE)])
        else:
            self._say([f"The report is written: {clean(str(target))}", *warnings])

    def _say(self, lines: Iterable[str]) -> None:
        """Say each thing on one line, and at once: whoever reads along waits for it."""
        for line in lines:
            self._stdout.write(line.replace("\n", " / ") + "\n")
        self._stdout.flush()

    def _tell(self, line: str) -> None:
        """Say something about the session that is no part of the conversation."""
        self._stderr.write(clean(line) + "\n")
        self._stderr.flush()
