"""What the facilitator says: values that every front end shows in its own way."""

from enum import StrEnum
from typing import Literal, NamedTuple

from workshop.banks.model import Step
from workshop.session.events import AnyBody
from workshop.session.fold import Answer
from workshop.session.walk import Position, Progress
from workshop.text import clean_line, counted


class BlockOpened(NamedTuple):
    """A block begins."""

    step: Step
    title: str
    number: int
    """The step's number in the walk, from 1."""
    steps: int


class QuestionAsked(NamedTuple):
    """A question is asked; its earlier answers, if any, come with it."""

    position: Position
    title: str
    """The step's title."""
    answers: tuple[Answer, ...] = ()
    skipped: str | None = None
    """Why it was skipped before (perhaps ""), or None."""


class BlockRecap(NamedTuple):
    """A block closes: what was said in it and what was not."""

    title: str
    questions: int
    """How many questions the block has."""
    answers: tuple[Answer, ...]
    skipped: tuple[tuple[str, str], ...]
    """The questions that were skipped, each with its reason (perhaps "")."""
    left_open: tuple[str, ...]
    """The questions that were neither answered nor skipped."""
    progress: Progress
    voted: tuple[Answer, ...] = ()
    """The answers with dots, the most voted first."""
    parked: tuple[str, ...] = ()
    """The points that were parked at one of its questions."""


class Notice(NamedTuple):
    """One thing said in passing."""

    text: str
    tone: Literal["plain", "warning"] = "plain"


class Explanation(NamedTuple):
    """Help on something, under a heading of ours."""

    heading: str
    lines: tuple[str, ...]


class WalkClosed(NamedTuple):
    """The walk is over: what was left open, and what can be done now."""

    progress: Progress
    left_open: tuple[tuple[str, str], ...] = ()
    """The open questions, each with its step's title."""


Message = BlockOpened | QuestionAsked | BlockRecap | Notice | Explanation | WalkClosed


class View(StrEnum):
    """Something that a front end shows or does because people asked for it."""

    CANVAS = "canvas"
    REVIEW = "review"
    FIND = "find"
    REPORT = "report"
    COPY = "copy"
    COMMANDS = "commands"
    QUIT = "quit"


class Suggestion(NamedTuple):
    """A question of the facilitator's own, open until the next reply.

    The same words again, or an empty reply, accept it; any other reply is taken as it is.
    """

    words: str
    """What people typed."""
    accept: str
    """The reply that accepting stands for, such as `/skip`."""
    words_as_answer: bool = False
    """Whether `words` may be recorded when the offer is accepted (as somebody new, say)."""


class ClientState(NamedTuple):
    """What a front end holds between two replies; nothing of it is worth saving."""

    speaker: str
    """The participant who speaks."""
    suggestion: Suggestion | None = None
    editing: str | None = None
    """The id of the answer whose words are being changed, or None."""
    prompt_keeps_text: bool = True
    """Whether the front end leaves words that could not be taken in its prompt."""


class Response(NamedTuple):
    """What comes of one reply of a participant's.

    The events are what must be committed before anything here is shown as saved.
    """

    client: ClientState
    messages: tuple[Message, ...] = ()
    events: tuple[AnyBody, ...] = ()
    prompt: str = ""
    """What stands in the prompt afterwards: mostly nothing."""
    view: View | None = None
    find: str = ""
    """What to search for, with View.FIND."""
    file: str = ""
    """Where to put a copy, with View.COPY: a path as it was typed."""
    accepted: bool = True
    """False where the reply could not be taken, so that its words stay in the prompt."""


def refuse(client: ClientState, why: str, words: str) -> Response:
    """Return a reply that says why `words` cannot be taken and leaves them in the prompt."""
    return Response(client, (Notice(why, "warning"),), prompt=words, accepted=False)


_MOST_VOTED = 5
"""How many answers with dots a recap names."""


def message_lines(turn: Message) -> list[str]:
    """Return a turn as plain lines, one per thing said: for a pipe and a screen reader."""
    match turn:
        case BlockOpened():
            minutes = counted(turn.step.minutes, "minute")
            return [
                f"Block {turn.number} of {turn.steps}: {turn.title} ({minutes})",
                turn.step.block.purpose,
            ]
        case QuestionAsked():
            number, total = turn.position.question_index + 1, len(turn.position.step.questions)
            lines = [f"Question {number} of {total}: {turn.position.question.ask}"]
            if turn.skipped is not None:
                reason = clean_line(turn.skipped)
                lines.append(f"Skipped before{': ' + reason if reason else ''}.")
            return lines + [format_answer(a) for a in turn.answers]
        case BlockRecap():
            return _recap_lines(turn)
        case Notice():
            return [turn.text]
        case Explanation():
            return [f"{turn.heading}: {line}" for line in turn.lines]
        case WalkClosed():
            return _closing_lines(turn)


def format_answer(answer: Answer) -> str:
    """Return an answer with its number and its dots, on one line."""
    return f"{answer.number}  {answer.text.replace(chr(10), ' / ')}{dots_suffix(answer.dots)}"


def dots_suffix(dots: int) -> str:
    """Return what is said of an answer's votes after its words: " · 5 dots", or nothing."""
    return f" · {counted(dots, 'dot')}" if dots else ""


def owner_and_due(owner: str, due: str) -> str:
    """Return what an action says beside its words: "Ben, by Friday", or nothing."""
    return ", ".join([*([owner] if owner else []), *([f"by {due}"] if due else [])])


def recap_sentence(turn: BlockRecap) -> str:
    """Return what happened in a block: "Channels: 3 answers, 1 question skipped, 1 left open."."""
    parts = [f"{len(turn.answers)} answer{'s' if len(turn.answers) != 1 else ''}"]
    if turn.skipped:
        parts.append(f"{len(turn.skipped)} skipped")
    if turn.left_open:
        parts.append(f"{len(turn.left_open)} left open")
    return f"{turn.title}: {', '.join(parts)}."


def progress_sentence(progress: Progress) -> str:
    """Return how far the session is, in one sentence."""
    done = progress.answered + progress.skipped
    left = f", about {progress.minutes_left} minutes left" if progress.minutes_left else ""
    return f"{done} of {progress.questions} questions done{left}."


def _recap_lines(turn: BlockRecap) -> list[str]:
    return [recap_sentence(turn), *recap_details(turn), progress_sentence(turn.progress)]


def recap_details(turn: BlockRecap) -> list[str]:
    """Return what got the most dots, what was not answered, and what was parked, a line each.

    A question that was not answered is named where the block had several.
    """
    lines = [format_answer(answer) for answer in turn.voted[:_MOST_VOTED]]
    more = len(turn.voted) - len(lines)
    if more:
        lines.append(f"{counted(more, 'more answer')} with dots: /review shows all.")
    if turn.questions > 1:
        lines += [
            f"Skipped: {ask}{f' ({clean_line(reason)})' if reason else ''}"
            for ask, reason in turn.skipped
        ]
        lines += [f"Left open: {ask}" for ask in turn.left_open]
    return lines + [f"Parked: {clean_line(text)}" for text in turn.parked]


def closing_sentence(turn: WalkClosed) -> str:
    """Return the sentence that closes the walk."""
    count = turn.progress.open
    if not count:
        return "That was the last question. Every question is answered or skipped."
    noun = "question is" if count == 1 else "questions are"
    return f"That was the last question. {count} {noun} still open."


CLOSING_HINT = "/report writes the Word report, /goto BLOCK goes back to a block, /quit leaves."


def _closing_lines(turn: WalkClosed) -> list[str]:
    lines = [closing_sentence(turn)]
    lines += [f"Open: {title}: {ask}" for title, ask in turn.left_open]
    return [*lines, CLOSING_HINT]
