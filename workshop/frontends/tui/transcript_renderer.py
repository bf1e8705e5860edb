"""From what the facilitator says and what was committed, to rows of the transcript."""

from collections.abc import Iterable, Sequence
from functools import partial

from textual.content import Content

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
from workshop.frontends.tui.widgets.literal import literal
from workshop.frontends.tui.widgets.transcript import WINDOW, Row, Transcript
from workshop.frontends.tui.widgets.transcript_rows import (
    AnswerRow,
    SaidRow,
    SaveStatus,
    ShownAnswer,
)
from workshop.live_session import LiveSession, Proposal
from workshop.session.events import AnswerAdded
from workshop.session.fold import Answer
from workshop.session.session import DEFAULT_SPEAKER

MUTED = "$quiet"


class TranscriptRenderer:
    """Fills one transcript from one sitting."""

    def __init__(self, live_session: LiveSession, transcript: Transcript) -> None:
        """Render into `transcript`."""
        self._live_session = live_session
        self._transcript = transcript
        self._asked: SaidRow | None = None
        self._answer_rows: list[tuple[str, AnswerRow]] = []
        """The rows in the transcript, by the answer that they show; one may stand there twice."""

    # ── answers ──────────────────────────────────────────────────────────────────────────────

    def shown(self, answer: Answer) -> ShownAnswer:
        """Return how an answer of the log is shown."""
        who = self._who(answer.participant)
        return ShownAnswer(answer.text, who, answer.number, SaveStatus.SAVED, dots=answer.dots)

    def _who(self, participant: str) -> str:
        """Return who is named beside an answer: nobody, where it goes without saying."""
        alone = len(self._live_session.state.participants) <= 1
        default = participant == DEFAULT_SPEAKER[self._live_session.session.mode]
        return (
            "" if default or (alone and self._live_session.session.mode == "solo") else participant
        )

    def speaker_shown(self) -> Content | None:
        """Return who speaks, for the prompt's border; None where it goes without saying."""
        who = self._who(self._live_session.client.speaker)
        return literal(who) if who else None

    def show_pending(self, proposal: Proposal) -> list[AnswerRow]:
        """Show the answers of a proposal, each marked as not saved yet.

        Of more than anybody sees at a time, none is shown before they are saved.
        """
        bodies = [(e.id, e.body) for e in proposal.events if isinstance(e.body, AnswerAdded)]
        if len(bodies) > WINDOW:
            return []
        return [
            self._add_answer(answer_id, ShownAnswer(body.text, self._who(body.participant)))
            for answer_id, body in bodies
        ]

    def _add_answer(self, answer_id: str, answer: ShownAnswer) -> AnswerRow:
        return self._transcript.add(partial(self._row_now, answer_id, answer))

    def _row_now(self, answer_id: str, at_first: ShownAnswer) -> AnswerRow:
        """Make an answer's row as the answer is when the row comes into sight."""
        row = AnswerRow(self._now(answer_id, at_first))
        self._answer_rows.append((answer_id, row))
        return row

    def _now(self, answer_id: str, last: ShownAnswer) -> ShownAnswer:
        answer = self._live_session.state.answers.get(answer_id)
        if answer is not None:
            return self.shown(answer)
        return last._replace(removed=True) if last.keeping is SaveStatus.SAVED else last

    def show_saved(self, rows: Sequence[AnswerRow], proposal: Proposal) -> None:
        """Mark answers as saved; their events are committed."""
        added = [e for e in proposal.events if isinstance(e.body, AnswerAdded)]
        if added:
            self.forget_failed()
        saved = [self._live_session.state.answers[event.id] for event in added]
        if not rows:
            self._transcript.add_many(self._rows_of(saved))
        for row, answer in zip(rows, saved, strict=False):
            row.show(self.shown(answer))

    def _rows_of(self, answers: Iterable[Answer]) -> list[Row]:
        return [partial(self._row_now, a.id, self.shown(a)) for a in answers]

    def forget_failed(self) -> None:
        """Take away the answers that were not saved, now that one was."""
        for row in [row for _, row in self._answer_rows if row.answer.keeping is SaveStatus.FAILED]:
            self._transcript.drop(row)

    def show_failed(self, rows: Sequence[AnswerRow], error: WorkshopError) -> None:
        """Mark answers as not saved, and say why."""
        for row in rows:
            row.show(row.answer._replace(keeping=SaveStatus.FAILED, note=said_of(error)))

    def refresh_answers(self) -> None:
        """Show every answer in sight as it is now: changed, taken away, brought back."""
        kept = [(i, row) for i, row in self._answer_rows if row.is_attached or not row.is_mounted]
        self._answer_rows = kept
        for answer_id, row in kept:
            row.show(self._now(answer_id, row.answer))

    # ── turns ────────────────────────────────────────────────────────────────────────────────

    def rows_so_far(self) -> list[Row]:
        """Return what was said in this block before, for a session that is resumed."""
        here = self._live_session.current
        if here is None:
            return []
        rows: list[Row] = []
        for address in here.step.addresses():
            answers = self._live_session.state.answers_to(address)
            if address == here.address or not answers:
                continue
            ask = self._live_session.session.question(address).ask
            rows.append(partial(SaidRow, ask, classes="asked"))
            rows += self._rows_of(answers)
        return rows

    def note(self, text: str, warning: bool = False) -> None:
        """Say one thing in passing."""
        self.say((Notice(text, "warning" if warning else "plain"),))

    def say(self, turns: Sequence[Message]) -> None:
        """Show what the facilitator says."""
        for turn in turns:
            match turn:
                case QuestionAsked():
                    self._ask(turn)
                case BlockOpened():
                    self._row(_opening(turn), "opening")
                case BlockRecap():
                    self._row(_recap(turn), "recap")
                case Notice():
                    self._row(literal(turn.text), "warning" if turn.tone == "warning" else "noted")
                case Explanation():
                    self._row(_explanation(turn), "explained")
                case WalkClosed():
                    self._leave_question()
                    self._row(_closing(turn), "closing")

    def _row(self, content: Content, kind: str) -> SaidRow:
        return self._transcript.add(partial(SaidRow, content, classes=kind))

    def _ask(self, turn: QuestionAsked) -> None:
        """Ask: the words stand above the transcript, and in it once they are past."""
        self._leave_question()
        self._asked = self._row(literal(turn.position.question.ask), "asked")
        self._asked.add_class("-current")
        if turn.skipped is not None:
            reason = f": {turn.skipped}" if turn.skipped else "."
            self._row(literal(f"This question was skipped{reason}"), "noted")
        self._transcript.add_many(self._rows_of(turn.answers))

    def _leave_question(self) -> None:
        if self._asked is not None:
            self._asked.remove_class("-current")


def said_of(error: WorkshopError, *, is_answer: bool = True) -> str:
    """Return why something was not saved, and what can be done about it."""
    if isinstance(error, ChangedElsewhereError):
        return f"{error} Ctrl+S saves a copy elsewhere."
    if not is_answer:
        return f"{error} Try it again, or save a copy elsewhere with Ctrl+S."
    return f"{error} It stands in the prompt: Enter tries again, Ctrl+S saves a copy elsewhere."


def _opening(turn: BlockOpened) -> Content:
    family = f"bold $family-{turn.step.block.family}"
    return Content.assemble(
        literal(turn.title, family),
        (f"  block {turn.number} of {turn.steps} · {turn.step.minutes} min\n", MUTED),
        literal(turn.step.block.purpose),
    )


def _recap(turn: BlockRecap) -> Content:
    lines = [literal(recap_sentence(turn), "bold"), *map(literal, recap_details(turn))]
    return Content("\n").join([*lines, literal(progress_sentence(turn.progress))])


def _explanation(turn: Explanation) -> Content:
    body = Content("\n").join(map(literal, turn.lines))
    return Content.assemble(literal(f"{turn.heading}:", "bold"), " ", body)


def _closing(turn: WalkClosed) -> Content:
    lines = [literal(closing_sentence(turn), "bold")]
    lines += [
        Content.assemble("  ", literal(title, "bold"), "  ", literal(ask, MUTED))
        for title, ask in turn.left_open
    ]
    return Content("\n").join([*lines, literal(CLOSING_HINT)])
