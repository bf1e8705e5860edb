"""What the facilitator says: one message class per occasion, and each message in plain lines.

`BlockOpened` is what the facilitator says when a block opens, `QuestionAsked` when it asks a
question, `BlockRecap` when a block closes and `WalkClosed` after the last question. A message is a
value. `message_lines` puts it into plain words, for line mode and screen readers; the TUI
lays the same values out in `frontends/tui/transcript_renderer.py`. `navigation` decides when each
message is due.
"""

from enum import StrEnum
from typing import Literal, NamedTuple

from workshop.banks.model import Step
from workshop.session.events import KEYBOARD, AnyBody
from workshop.session.fold import Answer
from workshop.session.walk import Position, Progress, settled_of
from workshop.text import clean_line, counted, dots_suffix


class BlockOpened(NamedTuple):
    """What the facilitator says when a block opens: its title, its number and its purpose."""

    step: Step
    title: str
    """The block's title, with the model's name where the session has several models."""
    number: int
    """1-based number of the step in the walk."""
    steps: int
    """How many steps the walk has."""


class QuestionAsked(NamedTuple):
    """What the facilitator says when it asks a question: the question and its earlier answers."""

    position: Position
    title: str
    """The step's title."""
    answers: tuple[Answer, ...] = ()
    skipped: str | None = None
    """The reason why it was skipped before, possibly ""; None where it was not skipped."""


class BlockRecap(NamedTuple):
    """What the facilitator says when a block closes: what was answered, skipped and left open."""

    title: str
    questions: int
    """How many questions the block has."""
    answers: tuple[Answer, ...]
    skipped: tuple[tuple[str, str], ...]
    """The questions that were skipped, each with its reason (possibly "")."""
    left_open: tuple[str, ...]
    """The questions that were neither answered nor skipped."""
    progress: Progress
    voted: tuple[Answer, ...] = ()
    """The answers with dots, the most voted first."""
    parked: tuple[str, ...] = ()
    """The texts of the points that were parked at one of its questions."""


class Notice(NamedTuple):
    """One short remark, such as "Answer 3 changed."."""

    text: str
    tone: Literal["plain", "warning"] = "plain"


class Explanation(NamedTuple):
    """Help from the bank, such as an example answer, under a heading of Workshop's."""

    heading: str
    lines: tuple[str, ...]


class WalkClosed(NamedTuple):
    """What the facilitator says after the last question: which questions are still open."""

    progress: Progress
    left_open: tuple[tuple[str, str], ...] = ()
    """The open questions, each as its step's title and its text."""


Message = BlockOpened | QuestionAsked | BlockRecap | Notice | Explanation | WalkClosed


class View(StrEnum):
    """Something that a front end shows or does because a participant asked for it."""

    CANVAS = "canvas"
    REVIEW = "review"
    FIND = "find"
    REPORT = "report"
    COPY = "copy"
    COMMANDS = "commands"
    QUIT = "quit"


class Suggestion(NamedTuple):
    """A command that the facilitator suggests instead of an answer, open until the next reply.

    The same words again, or an empty reply, accept it; any other reply is handled as usual.
    """

    words: str
    """What the participant typed."""
    command: str
    """The command that accepting carries out, such as `/skip`; "" with `words_as_answer`."""
    words_as_answer: bool = False
    """Whether accepting records `words` as an answer, whose participant joins with it."""


class ClientState(NamedTuple):
    """The state of one client of a session between two replies. It is never saved."""

    speaker: str
    """The name of the participant who speaks."""
    seat: str = KEYBOARD
    """The seat at which the client writes; undo takes back only what was done there."""
    suggestion: Suggestion | None = None
    """The suggestion that the next reply may accept."""
    editing: str | None = None
    """The id of the answer that is being edited, or None."""
    prompt_keeps_text: bool = True
    """Whether the front end has a prompt, in which text that was not accepted stays.

    In such a prompt, an empty reply means that the participant deleted the text.
    """


class Response(NamedTuple):
    """The facilitator's response to one reply: messages, events, and the client's new state.

    The events must be committed before a front end shows anything of it as saved.
    """

    client: ClientState
    """The client's state once the events are committed."""
    messages: tuple[Message, ...] = ()
    events: tuple[AnyBody, ...] = ()
    prompt: str = ""
    """The text that the prompt holds afterwards; mostly ""."""
    view: View | None = None
    """What the front end is to show or do, if anything."""
    find: str = ""
    """The text to search for, with View.FIND."""
    file: str = ""
    """The path of the copy as it was typed, with View.COPY."""
    accepted: bool = True
    """Whether the reply was carried out; if not, its words stay in the prompt."""


def refuse(client: ClientState, why: str, words: str) -> Response:
    """Return a response that says why `words` are refused and leaves them in the prompt."""
    return Response(client, (Notice(why, "warning"),), prompt=words, accepted=False)


_MAX_VOTED = 5
"""How many answers with dots a recap lists at most."""


def message_lines(message: Message) -> list[str]:
    """Return a message as plain lines, for line mode and screen readers."""
    match message:
        case BlockOpened():  # what the facilitator says when a block opens
            minutes = counted(message.step.minutes, "minute")
            return [
                f"Block {message.number} of {message.steps}: {message.title} ({minutes})",
                message.step.block.purpose,
            ]
        case QuestionAsked():
            number, total = (
                message.position.question_index + 1,
                len(message.position.step.questions),
            )
            lines = [f"Question {number} of {total}: {message.position.question.ask}"]
            if message.skipped is not None:
                reason = clean_line(message.skipped)
                lines.append(f"Skipped before{': ' + reason if reason else ''}.")
            return lines + [format_answer(a) for a in message.answers]
        case BlockRecap():
            return _recap_lines(message)
        case Notice():
            return [message.text]
        case Explanation():
            return [f"{message.heading}: {line}" for line in message.lines]
        case WalkClosed():
            return _closing_lines(message)


def format_answer(answer: Answer) -> str:
    """Return an answer's number, text and dots on one line: "3  Lower rents · 2 dots"."""
    return f"{answer.number}  {answer.text.replace(chr(10), ' / ')}{dots_suffix(answer.votes)}"


def recap_sentence(message: BlockRecap) -> str:
    """Return the counts of a block in one sentence: "Channels: 3 answers, 1 skipped."."""
    parts = [f"{len(message.answers)} answer{'s' if len(message.answers) != 1 else ''}"]
    if message.skipped:
        parts.append(f"{len(message.skipped)} skipped")
    if message.left_open:
        parts.append(f"{len(message.left_open)} left open")
    return f"{message.title}: {', '.join(parts)}."


def progress_sentence(progress: Progress) -> str:
    """Return the progress of the session in one sentence."""
    remaining = f", about {progress.minutes_left} minutes left" if progress.minutes_left else ""
    return f"{settled_of(progress.settled, progress.questions)} done{remaining}."


def _recap_lines(message: BlockRecap) -> list[str]:
    return [recap_sentence(message), *recap_details(message), progress_sentence(message.progress)]


def recap_details(message: BlockRecap) -> list[str]:
    """Return the most voted answers, the unanswered questions and the parked points, a line each.

    Unanswered questions are listed only where the block has several questions.
    """
    lines = [format_answer(answer) for answer in message.voted[:_MAX_VOTED]]
    more = len(message.voted) - len(lines)
    if more:
        lines.append(f"{counted(more, 'more answer')} with dots: /review shows all.")
    if message.questions > 1:
        lines += [
            f"Skipped: {ask}{f' ({clean_line(reason)})' if reason else ''}"
            for ask, reason in message.skipped
        ]
        lines += [f"Left open: {ask}" for ask in message.left_open]
    return lines + [f"Parked: {clean_line(text)}" for text in message.parked]


def closing_sentence(message: WalkClosed) -> str:
    """Return the sentence that closes the walk."""
    count = message.progress.open
    if not count:
        return "That was the last question. Every question is answered or skipped."
    noun = "question is" if count == 1 else "questions are"
    return f"That was the last question. {count} {noun} still open."


CLOSING_HINT = "/report writes the Word report, /goto BLOCK goes back to a block, /quit leaves."
"""The commands that help on after the last question."""


def _closing_lines(message: WalkClosed) -> list[str]:
    lines = [closing_sentence(message)]
    lines += [f"Open: {title}: {ask}" for title, ask in message.left_open]
    return [*lines, CLOSING_HINT]
