"""Line mode: the conversation as plain lines, for a screen reader, a pipe or a simple terminal.

A line is a reply, an empty line goes on to the next question, and a line that ends in a backslash
continues in the next one. The output is lines as well, without colour or cursor movement. `saved N`
is printed only once answer N is committed. A reply that could not be saved is kept, reported, and
tried again.
"""

import contextlib
import errno
import io
from collections.abc import Iterable
from pathlib import Path
from typing import TextIO

from workshop.client import Client, copy_saved_notice
from workshop.errors import (
    HUNG_UP,
    INTERRUPTED,
    CannotWriteError,
    WorkshopError,
)
from workshop.facilitation import slash_commands
from workshop.facilitation.messages import QuestionAsked, Response, View, WalkClosed, message_lines
from workshop.frontends.plain.line_input import ReplyReader
from workshop.frontends.plain.line_views import canvas_lines, review_lines, search_lines
from workshop.live_session import Commit, LiveSession, Proposal, report_refused_notice
from workshop.session.events import AnswerAdded
from workshop.storage.draft import Draft
from workshop.text import clean, counted
from workshop.views.outline import build_outline

_INSTRUCTIONS = (
    "A line is an answer, an empty line goes on. A line that ends in a backslash goes on in the "
    "next line."
)


def run(path: Path, speaker: str = "", *, stdin: TextIO, stdout: TextIO, stderr: TextIO) -> int:
    """Lead through the session at `path` line by line; return the exit code.

    0: everything was saved, also at the end of input. 6: something was not saved. 130: Ctrl+C.
    129: the terminal is gone. Raises what `LiveSession.open` raises, before it prints anything.
    """
    for stream, errors in ((stdin, "replace"), (stdout, "backslashreplace")):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=errors)
    with contextlib.closing(LiveSession.open(path)) as live_session:
        reader = ReplyReader(stdin, stdout)
        client = Client(live_session, speaker, prompt_keeps_text=False)
        conversation = _Conversation(client, stdout, stderr, is_terminal=reader.is_terminal)
        conversation.begin()
        try:
            conversation.sees_all_input = reader.sees_unsent_line
            while not conversation.over and (replies := reader.next_replies()):
                conversation.handle(replies)
            conversation.sees_all_input = True
            if not conversation.over:
                conversation.try_again()
        except KeyboardInterrupt:
            conversation.interrupted = True
        except OSError as error:
            if error.errno != errno.EIO or not reader.is_terminal:
                raise
            conversation.hung_up = True
        finally:
            try:
                code = conversation.leave(reader.unsent)
            except (KeyboardInterrupt, SystemExit):
                # A terminal that goes away reports it twice: as a read error and as a signal.
                conversation.leave(reader.unsent)
                raise
    return code


class _Conversation:
    """One session in line mode: handles the replies and prints the responses."""

    def __init__(
        self, client: Client, stdout: TextIO, stderr: TextIO, *, is_terminal: bool
    ) -> None:
        """Serve `client` on `stdout`; notices about the session's file go to `stderr`."""
        self._client = client
        self._live_session = client.live_session
        self._is_terminal = is_terminal
        self._stdout, self._stderr = stdout, stderr
        self._unsaved: list[str] = []
        """Replies that are not saved yet, in order."""
        self._unhandled: list[str] = []
        """Replies that come after them, which have been read and not handled."""
        self._committing: tuple[Commit, list[str]] | None = None
        """The commit that is under way, and the replies that were unsaved before it."""
        self._draft: Draft | None = None
        """The draft that an empty line would send."""
        self._speaker = client.state.speaker
        self._warned = False
        """Whether /quit has warned that something is not saved."""
        self._not_accepted = ""
        """Words that were refused or answered by a suggestion, until the next reply."""
        self._not_recorded: list[str] = []
        """Words from a pipe that were not recorded."""
        self.sees_all_input = True
        """Whether no unfinished line can be hidden in the terminal."""
        self.over = False
        """Whether /quit has ended the conversation."""
        self.interrupted = False
        self.hung_up = False
        """Whether the terminal is gone."""

    def begin(self) -> None:
        """Open the session or resume it. Raises CannotWriteError."""
        session = self._live_session.session
        self._print([f"{session.title} ({session.bank.title})"])
        for notice in self._live_session.opening_notices:
            self._print_aside(notice)
        if self._is_terminal:
            usages = ", ".join(c.usage for c in slash_commands.COMMANDS)
            self._print([_INSTRUCTIONS, f"Commands: {usages}."])
        for proposal in self._save(Commit(self._client.begin()), []):
            self._show_response(proposal)
        if notice := self._client.other_drafts_notice():
            self._print([notice])

    def handle(self, replies: list[str]) -> None:
        """Handle replies, which are committed together if none still waits to be saved.

        Where drafts wait, one is committed after the other: what is said about a draft depends on
        the replies before it.
        """
        self._unhandled = replies
        if len(replies) > 1 and not self._unsaved and not self._live_session.drafts:
            self._commit_together()
        while self._unhandled and not self.over:
            reply, *rest = self._unhandled
            self._handle_one(reply)
            self._unhandled = rest
        self._unhandled = []

    def _commit_together(self) -> None:
        """Carry out the replies in as few commits as possible, up to one that cannot be saved."""
        self._unsaved, self._unhandled = self._unhandled, []
        while self._unsaved and not self.over:
            try:
                self._carry_out(self._unsaved)
            except WorkshopError:
                break
        self._unsaved, self._unhandled = [], self._unsaved

    def _handle_one(self, reply: str) -> None:
        """Handle one reply, after those that still wait to be saved.

        While a reply waits, an empty line in a terminal only tries again. In a pipe it also goes on
        to the next question, because its lines were written in advance.
        """
        is_empty = not clean(reply)
        if self._unsaved and self._is_quit(reply):
            self.try_again()
            if not self._unsaved or self._warned:
                self.over = True
            else:
                self._warned = True
                self._print(["Something is not saved yet: /quit again leaves without it."])
            return
        if self._unsaved and is_empty and self._is_terminal:
            self.try_again()
            return
        if self._unsaved and (target := self._copy_target(reply)):
            self._save_copy(target)  # at once: it is asked for because the others cannot be saved
            return
        if is_empty and self._draft is not None:
            self._client.resume_editing(self._draft)
            reply, self._draft = self._draft.text, None
        self._unsaved, self._unhandled = [*self._unsaved, reply], self._unhandled[1:]
        self.try_again()

    def try_again(self) -> None:
        """Carry out the waiting replies one by one, until one cannot be saved.

        On a full disk, each further line of a pipe tries only the first of those that wait.
        """
        while self._unsaved and not self.over:
            try:
                self._carry_out(self._unsaved, 1)
            except WorkshopError as error:
                reason = str(error).removeprefix("Not saved: ")
                advice = "/copy FILE saves a copy elsewhere. An empty line tries again."
                self._print([f"not saved: {reason} {advice}"])
                return

    def _carry_out(self, replies: list[str], at_most: int | None = None) -> None:
        """Commit the responses to replies, up to the first that shows a view, and show them.

        Carry out only the first `at_most` replies, or all. Raises what the writer raises: then none
        of them is carried out.
        """
        commit = Commit(*map(self._client.propose, replies[:at_most]))
        for reply, proposal in zip(replies, self._save(commit, replies), strict=False):
            words = clean(reply)
            self._give_up_not_accepted(words)
            if not proposal.response.accepted and slash_commands.parse(words) is None:
                self._not_accepted = words
            self._show_response(proposal)
        if self.over:
            self._unsaved = []  # what comes after /quit is not for this session

    def _give_up_not_accepted(self, next_reply: str = "/") -> None:
        """Note that words from a pipe stay unrecorded, unless `next_reply` accepts them.

        In a terminal, the participant has seen why they were not accepted.
        """
        words, self._not_accepted = self._not_accepted, ""
        if words and not self._is_terminal and clean(next_reply) not in ("", words):
            self._not_recorded.append(words)

    def leave(self, unsent_line: str) -> int:
        """Save what was not sent as a draft, report what was saved; return the exit code.

        It may be called again after an interruption, and then saves nothing twice.
        """
        self._give_up_not_accepted()
        self._finish_interrupted_commit()
        unsaved = [text for text in (*self._unsaved, *self._unhandled) if clean(text)]
        unsent = [text for text in (*unsaved, unsent_line) if clean(text)]
        words = "\n".join(text for text in unsent if slash_commands.parse(clean(text)) is None)
        is_kept = self._keep_as_draft(clean(words))
        try:
            if self.interrupted:
                self._print([""])
            if unsaved:
                self._print_aside(f"Not saved: {counted(len(unsaved), 'reply', 'replies')}.")
            elif not self._not_recorded:
                subject = "Everything" if self.sees_all_input else "What was sent"
                self._print_aside(f"{subject} is saved in {self._live_session.path}.")
            for text in self._not_recorded:
                self._print_aside(f"Not recorded: {text}")
            if is_kept:
                self._print_aside(
                    "What was not sent is kept, and offered when the session is resumed."
                )
            for text in unsent if not is_kept else ():
                self._print_aside(f"Not kept: {text}")
        except OSError:
            pass  # the terminal is closed, or the pipe is broken
        if self.interrupted or self.hung_up:
            return INTERRUPTED if self.interrupted else HUNG_UP
        return CannotWriteError.exit_code if unsaved or self._not_recorded else 0

    def _finish_interrupted_commit(self) -> None:
        """Finish the commit that was interrupted, if there is one."""
        if self._committing is not None:
            with contextlib.suppress(WorkshopError):  # `leave` reports it as not saved
                self._save(*self._committing)

    def _keep_as_draft(self, words: str) -> bool:
        """Save `words` as a draft; return whether that succeeded."""
        if not words:
            return False
        try:
            self._client.save_draft(words).result()
        except WorkshopError:
            return False  # reported already: it is the same disk that fails
        return True

    @staticmethod
    def _is_quit(reply: str) -> bool:
        call = slash_commands.parse(clean(reply))
        return isinstance(call, slash_commands.Call) and call.command.name == "quit"

    @staticmethod
    def _copy_target(reply: str) -> str:
        """Return the path in a /copy command, or "" where `reply` is none."""
        call = slash_commands.parse(clean(reply))
        if isinstance(call, slash_commands.Call) and call.command.name == "copy":
            return call.words
        return ""

    def _save_copy(self, target: str) -> None:
        """Save a copy elsewhere, with the unsaved replies as its draft."""
        replies = (text for text in self._unsaved if slash_commands.parse(clean(text)) is None)
        words = "\n".join(text for text in replies if clean(text))
        try:
            path = self._client.save_as(target, words).result()
        except WorkshopError as error:
            self._print([str(error)])
        else:
            self._print([copy_saved_notice(path, words)])

    # ── one reply ────────────────────────────────────────────────────────────────────────────

    def _save(self, commit: Commit, replies: list[str]) -> tuple[Proposal, ...]:
        """Commit proposals, which answer the first of `replies`; return them as they were settled.

        A signal may come between any two of these steps; then all of them are repeated. Raises what
        the writer raises.
        """
        self._committing = commit, replies
        self._live_session.submit(commit)
        try:
            settled = commit.settled.result()
        except WorkshopError:
            self._committing = None
            raise
        self._unsaved = replies[len(settled) :]
        self._committing = None
        return settled

    def _show_response(self, proposal: Proposal) -> None:
        added = sum(isinstance(event.body, AnswerAdded) for event in proposal.events)
        first = proposal.first_number
        self._print(f"saved {number}" for number in range(first, first + added))
        response = proposal.response
        for message in response.messages:
            self._print(message_lines(message))
        if response.client.editing is not None and response.prompt and response.accepted:
            self._print([f"It says: {response.prompt}"])
            self._print(["The next line replaces it, an empty line keeps it."])
        self._show_view(response)
        previous_speaker, self._speaker = self._speaker, response.client.speaker
        if previous_speaker != self._speaker or any(
            isinstance(m, QuestionAsked | WalkClosed) for m in response.messages
        ):
            self._offer_draft()
        elif proposal.events:
            self._draft = None

    def _offer_draft(self) -> None:
        """Print the draft at the current question, or after the last one, and how to send it."""
        draft = self._client.current_draft()
        if draft is None:
            self._draft = None
            return
        answer = self._live_session.state.answers.get(draft.answer)
        purpose = f" for answer {answer.number}" if answer else ""
        self._print([f"Half-typed here before{purpose}: {draft.text}"])
        # In a pipe the lines were written in advance: an empty one goes on, as usual.
        self._draft = draft if self._is_terminal else None
        if self._is_terminal:
            alternative = ", another answer takes its place" if self._live_session.current else ""
            self._print([f"An empty line sends it{alternative}."])

    def _show_view(self, response: Response) -> None:
        """Print the view, or do what the response asks for."""
        session, state = self._live_session.session, self._live_session.state
        match response.view:
            case View.QUIT:
                self.over = True
            case View.CANVAS:
                self._print(canvas_lines(session, state))
            case View.REVIEW:
                self._print(review_lines(build_outline(session, self._live_session.event_log)))
            case View.FIND:
                outline = build_outline(session, self._live_session.event_log)
                self._print(search_lines(outline, response.find))
            case View.REPORT:
                self._write_report()
            case View.COPY:
                self._save_copy(response.file)
            case View.COMMANDS:
                self._print(f"{c.usage}: {c.description}" for c in slash_commands.COMMANDS)
            case None:
                pass

    def _write_report(self) -> None:
        from workshop.export.request import ReportRequest
        from workshop.export.write_file import write_request

        live_session = self._live_session
        request = ReportRequest(live_session.recorded, live_session.event_log)
        try:
            target, warnings = write_request(request)
        except WorkshopError as error:
            self._print([report_refused_notice(error)])
        else:
            self._print([f"The report is written: {clean(str(target))}", *warnings])

    def _print(self, lines: Iterable[str]) -> None:
        """Print each text on one line, and flush: another program may wait for it."""
        for line in lines:
            self._stdout.write(line.replace("\n", " / ") + "\n")
        self._stdout.flush()

    def _print_aside(self, line: str) -> None:
        """Print to stderr what is not part of the conversation, such as where the file is."""
        self._stderr.write(clean(line) + "\n")
        self._stderr.flush()
