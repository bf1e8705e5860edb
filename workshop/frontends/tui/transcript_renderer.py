"""Renders the facilitator's messages and the committed answers as rows of the transcript."""

from collections.abc import Iterable, Sequence
from functools import partial

from textual.content import Content

from workshop.client import Client
from workshop.errors import ChangedElsewhereError, WorkshopError
from workshop.facilitation.messages import (
    CLOSING_HINT,
    BlockOpened,
    BlockRecap,
    Explanation,
    Message,
    Notice,
    QuestionAsked,
    WalkClosed,
    closing_sentence,
    progress_sentence,
    recap_details,
    recap_sentence,
)
from workshop.facilitation.navigation import question_asked
from workshop.frontends.tui.widgets.literal import literal
from workshop.frontends.tui.widgets.transcript import WINDOW, RowFactory, Transcript
from workshop.frontends.tui.widgets.transcript_rows import (
    AnswerRow,
    DisplayedAnswer,
    MessageRow,
    SaveStatus,
)
from workshop.live_session import Change, Proposal
from workshop.session.events import AnswerAdded, PositionMoved
from workshop.session.fold import Answer
from workshop.views.attribution import Attribution, attribute

MUTED = "$quiet"


class TranscriptRenderer:
    """Fills one transcript from one live session."""

    def __init__(self, client: Client, transcript: Transcript) -> None:
        """Render into `transcript`."""
        self._client = client
        self._live_session = client.live_session
        self._transcript = transcript
        self._question_row: MessageRow | None = None
        """The row of the question that is being asked; hidden, because the panel shows it."""
        self._answer_rows: list[tuple[str, AnswerRow]] = []
        """Rows with the id of the answer that each shows; an id may occur twice."""
        self._attribution: tuple[int, Attribution] | None = None
        """The names that are shown, with the length of the log from which they were worked out."""

    # ── answers ──────────────────────────────────────────────────────────────────────────────

    def displayed_answer(self, answer: Answer) -> DisplayedAnswer:
        """Return an answer of the log as a row shows it."""
        name = self._name(answer.participant)
        return DisplayedAnswer(
            answer.text, name, answer.number, SaveStatus.SAVED, votes=answer.votes
        )

    def _name(self, participant: str) -> str:
        """Return the name to show with an answer."""
        length = len(self._live_session.event_log)
        if self._attribution is None or self._attribution[0] != length:
            shown = attribute(self._live_session.session, self._live_session.state)
            self._attribution = length, shown
        return self._attribution[1].name(participant)

    def speaker_label(self) -> Content | None:
        """Return the speaker's name for the prompt's border, or None where no name is shown."""
        name = self._name(self._client.state.speaker)
        return literal(name) if name else None

    def show_pending(self, proposal: Proposal) -> list[AnswerRow]:
        """Show the answers of a proposal, each marked as not saved yet, and return their rows.

        More answers than a window holds are shown only once they are saved.
        """
        bodies = [(e.id, e.body) for e in proposal.events if isinstance(e.body, AnswerAdded)]
        if len(bodies) > WINDOW:
            return []
        return [
            self._add_answer(answer_id, DisplayedAnswer(body.text, self._name(body.participant)))
            for answer_id, body in bodies
        ]

    def _add_answer(self, answer_id: str, answer: DisplayedAnswer) -> AnswerRow:
        return self._transcript.add(partial(self._make_answer_row, answer_id, answer))

    def _make_answer_row(self, answer_id: str, first_display: DisplayedAnswer) -> AnswerRow:
        """Make a row that shows the answer as it is at the moment when the row is mounted."""
        row = AnswerRow(self._current_answer(answer_id, first_display))
        self._answer_rows.append((answer_id, row))
        return row

    def _current_answer(self, answer_id: str, last_display: DisplayedAnswer) -> DisplayedAnswer:
        answer = self._live_session.state.answers.get(answer_id)
        if answer is not None:
            return self.displayed_answer(answer)
        was_saved = last_display.save_status is SaveStatus.SAVED
        return last_display._replace(removed=True) if was_saved else last_display

    def show_saved(self, rows: Sequence[AnswerRow], proposal: Proposal) -> None:
        """Mark the answers of a committed proposal as saved.

        Rows of other answers go: those were proposed, but the proposal was settled otherwise.
        """
        added = [e.id for e in proposal.events if isinstance(e.body, AnswerAdded)]
        if added:
            self.remove_failed()
        pending = [answer_id for answer_id, row in self._answer_rows if row in rows]
        if pending != added:
            for row in rows:
                self._transcript.remove_row(row)
            self.show_answers(added)

    def show_answers(self, answer_ids: Iterable[str]) -> None:
        """Show answers that are saved, but for those that are gone again."""
        answers = self._live_session.state.answers
        self._transcript.add_many(self._rows_of(answers[i] for i in answer_ids if i in answers))

    def show_change(self, change: Change) -> None:
        """Show the answers of another client to this question, or the question to which it went."""
        current = self._live_session.current
        if current is None:
            return
        if any(isinstance(event.body, PositionMoved) for event in change.events):
            session, state = self._live_session.session, self._live_session.state
            self.show_messages((question_asked(session, state, current.address),))
            return
        self.show_answers(
            event.id
            for event in change.events
            if isinstance(event.body, AnswerAdded) and event.body.question == current.address
        )

    def _rows_of(self, answers: Iterable[Answer]) -> list[RowFactory]:
        return [partial(self._make_answer_row, a.id, self.displayed_answer(a)) for a in answers]

    def remove_failed(self) -> None:
        """Remove the rows of answers that could not be saved, now that one was."""
        for row in [
            row for _, row in self._answer_rows if row.answer.save_status is SaveStatus.FAILED
        ]:
            self._transcript.remove_row(row)

    def show_failed(self, rows: Sequence[AnswerRow], error: WorkshopError) -> None:
        """Mark answers as not saved, with the reason."""
        for row in rows:
            row.show(
                row.answer._replace(save_status=SaveStatus.FAILED, note=failure_message(error))
            )

    def refresh_answers(self) -> None:
        """Show every mounted answer as it is now: changed, removed or restored."""
        self._answer_rows = [
            (i, row) for i, row in self._answer_rows if row.is_attached or not row.is_mounted
        ]
        for answer_id, row in self._answer_rows:
            row.show(self._current_answer(answer_id, row.answer))

    # ── messages ─────────────────────────────────────────────────────────────────────────────

    def rows_of_current_block(self) -> list[RowFactory]:
        """Return the answered questions of the current block, for a session that is resumed."""
        current = self._live_session.current
        if current is None:
            return []
        rows: list[RowFactory] = []
        for address in current.step.addresses():
            answers = self._live_session.state.answers_to(address)
            if address == current.address or not answers:
                continue
            ask = self._live_session.session.question(address).ask
            rows.append(partial(MessageRow, ask, classes="asked"))
            rows += self._rows_of(answers)
        return rows

    def show_notice(self, text: str, warning: bool = False) -> None:
        """Show one notice."""
        self.show_messages((Notice(text, "warning" if warning else "plain"),))

    def show_messages(self, messages: Sequence[Message]) -> None:
        """Show the facilitator's messages."""
        for message in messages:
            match message:
                case QuestionAsked():
                    self._show_question(message)
                case BlockOpened():
                    self._add_message(_opening(message), "opening")
                case BlockRecap():
                    self._add_message(_recap(message), "recap")
                case Notice():
                    self._add_message(
                        literal(message.text), "warning" if message.tone == "warning" else "noted"
                    )
                case Explanation():
                    self._add_message(_explanation(message), "explained")
                case WalkClosed():
                    self._reveal_last_question()
                    self._add_message(_closing(message), "closing")

    def _add_message(self, content: Content, css_class: str) -> MessageRow:
        return self._transcript.add(partial(MessageRow, content, classes=css_class))

    def _show_question(self, message: QuestionAsked) -> None:
        """Add a question, hidden while the panel above the transcript shows it."""
        self._reveal_last_question()
        self._question_row = self._add_message(literal(message.position.question.ask), "asked")
        self._question_row.add_class("-current")
        if message.skipped is not None:
            reason = f": {message.skipped}" if message.skipped else "."
            self._add_message(literal(f"This question was skipped{reason}"), "noted")
        self._transcript.add_many(self._rows_of(message.answers))

    def _reveal_last_question(self) -> None:
        if self._question_row is not None:
            self._question_row.remove_class("-current")


def failure_message(error: WorkshopError, *, is_answer: bool = True) -> str:
    """Return the message for something that could not be saved: why, and what to do about it."""
    if isinstance(error, ChangedElsewhereError):
        return f"{error} Ctrl+S saves a copy elsewhere."
    if not is_answer:
        return f"{error} Try it again, or save a copy elsewhere with Ctrl+S."
    return f"{error} It stands in the prompt: Enter tries again, Ctrl+S saves a copy elsewhere."


def _opening(message: BlockOpened) -> Content:
    family = f"bold $family-{message.step.block.family}"
    return Content.assemble(
        literal(message.title, family),
        (f"  block {message.number} of {message.steps} · {message.step.minutes} min\n", MUTED),
        literal(message.step.block.purpose),
    )


def _recap(message: BlockRecap) -> Content:
    lines = [literal(recap_sentence(message), "bold"), *map(literal, recap_details(message))]
    return Content("\n").join([*lines, literal(progress_sentence(message.progress))])


def _explanation(message: Explanation) -> Content:
    body = Content("\n").join(map(literal, message.lines))
    return Content.assemble(literal(f"{message.heading}:", "bold"), " ", body)


def _closing(message: WalkClosed) -> Content:
    lines = [literal(closing_sentence(message), "bold")]
    lines += [
        Content.assemble("  ", literal(title, "bold"), "  ", literal(ask, MUTED))
        for title, ask in message.left_open
    ]
    return Content("\n").join([*lines, literal(CLOSING_HINT)])
