"""What can happen in a session.

An event's body says what happened, in the past tense; the envelope says when, by whom, and under
which id. Bodies are made by the facilitator, which has no clock; the envelope is added by whoever
has one. Reading is forgiving, because a file from next year must not lose what it holds: a field
that is not known is passed over, a kind that is not known becomes `Unknown` and is kept.
"""

from functools import lru_cache
from typing import Annotated, ClassVar, Literal, NamedTuple

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from workshop.session.session import MAX_NAME
from workshop.text import MAX_CHARACTERS, clean, clean_line

_LONGEST_LABEL = 2_000


def _text(text: str) -> str:
    words = clean(text)
    if len(words) > MAX_CHARACTERS:
        raise ValueError(f"it has more than {MAX_CHARACTERS:,} characters")
    return words


def _words(text: str) -> str:
    words = _text(text)
    if not words:
        raise ValueError("there are no words in it")
    return words


@lru_cache(maxsize=4096)
def _label(text: str) -> str:
    line = clean_line(text)
    if len(line) > _LONGEST_LABEL:
        raise ValueError(f"it has more than {_LONGEST_LABEL:,} characters")
    return line


# A function each that checks its own lengths: pydantic would call one more for every length, and
# before ours it would refuse the lone surrogates that `clean` replaces.
Text = Annotated[str, AfterValidator(_text)]
Label = Annotated[str, AfterValidator(_label)]
NonEmptyText = Annotated[str, AfterValidator(_words)]

MAX_DOTS = 999
"""How many dots one vote may give, which is at least one."""
# Strict, so that the `answers` view, which asks for a whole number, counts what the fold counts.
Dots = Annotated[int, Field(strict=True, ge=1, le=MAX_DOTS)]


class Body(BaseModel):
    """What every kind of event has in common."""

    model_config = ConfigDict(frozen=True)
    undoable: ClassVar[bool] = False
    """Whether /undo takes this kind of event back."""


class AnswerAdded(Body):
    """Somebody answered. The event's id becomes the answer's id."""

    kind: Literal["answer_added"] = "answer_added"
    undoable: ClassVar[bool] = True
    question: Label
    text: NonEmptyText
    participant: Label


class AnswerEdited(Body):
    """An answer's words were changed."""

    kind: Literal["answer_edited"] = "answer_edited"
    undoable: ClassVar[bool] = True
    answer: Label
    text: NonEmptyText


class AnswerRemoved(Body):
    """An answer was taken away."""

    kind: Literal["answer_removed"] = "answer_removed"
    undoable: ClassVar[bool] = True
    answer: Label


class QuestionSkipped(Body):
    """A question was left open on purpose, for a reason or for none."""

    kind: Literal["question_skipped"] = "question_skipped"
    undoable: ClassVar[bool] = True
    question: Label
    reason: Text = ""


class VoteCast(Body):
    """An answer was given dots. They add up, so that merging two copies is a union."""

    kind: Literal["vote_cast"] = "vote_cast"
    undoable: ClassVar[bool] = True
    answer: Label
    dots: Dots


class PointParked(Body):
    """A point was put aside for later. The event's id becomes the point's id."""

    kind: Literal["point_parked"] = "point_parked"
    undoable: ClassVar[bool] = True
    text: NonEmptyText
    question: Label = ""
    """The address of the question at which it came up, or nothing."""
    participant: Label


class ActionAdded(Body):
    """Something is to be done. The event's id becomes the action's id."""

    kind: Literal["action_added"] = "action_added"
    undoable: ClassVar[bool] = True
    text: NonEmptyText
    owner: Label = ""
    """Who is to do it, or nothing."""
    due: Label = ""
    """By when, in the words that were typed, or nothing."""
    participant: Label
    """Who noted it."""


class PositionMoved(Body):
    """The session went to a question, or past the last one (None)."""

    kind: Literal["position_moved"] = "position_moved"
    question: Label | None


class ParticipantJoined(Body):
    """Somebody is there whose answers are recorded."""

    kind: Literal["participant_joined"] = "participant_joined"
    name: Annotated[Label, Field(min_length=1, max_length=MAX_NAME)]


class Undone(Body):
    """An event was taken back; redo takes back an `undone`."""

    kind: Literal["undone"] = "undone"
    event: Label


class Unknown(Body):
    """An event of a kind, or with a body, that this version does not know. Kept, not applied."""

    kind: Literal["unknown"] = "unknown"
    original_kind: str
    """The kind that the file names, exactly: clean it before it is shown."""
    raw: str = "{}"
    """The body's text, exactly, so that whoever writes the event again changes nothing."""


KnownBody = (
    AnswerAdded
    | AnswerEdited
    | AnswerRemoved
    | QuestionSkipped
    | VoteCast
    | PointParked
    | ActionAdded
    | PositionMoved
    | ParticipantJoined
    | Undone
)
AnyBody = KnownBody | Unknown

_BY_KIND: dict[str, type[KnownBody]] = {
    "answer_added": AnswerAdded,
    "answer_edited": AnswerEdited,
    "answer_removed": AnswerRemoved,
    "question_skipped": QuestionSkipped,
    "vote_cast": VoteCast,
    "point_parked": PointParked,
    "action_added": ActionAdded,
    "position_moved": PositionMoved,
    "participant_joined": ParticipantJoined,
    "undone": Undone,
}


class Event(NamedTuple):
    """One thing that happened in a session.

    A tuple, because a hundred thousand of them are made whenever a large session is opened.
    """

    id: str
    """A UUID in hex, made by the writer, so that a retry is harmless."""
    at: str
    """When, as ISO 8601 in UTC, to the millisecond. Shown, never used for order."""
    actor: str
    """The participant at the keyboard."""
    body: AnyBody


def kind_of(body: AnyBody) -> str:
    """Return the kind under which a body is written; for `Unknown`, the one that it came with."""
    return body.original_kind if isinstance(body, Unknown) else body.kind


def write_body(body: AnyBody) -> str:
    """Return the JSON of a body, without its kind, which has a column of its own.

    The text of an `Unknown` is the one that it came with, whatever it is.
    """
    return body.raw if isinstance(body, Unknown) else body.model_dump_json(exclude={"kind"})


def read_body(kind: str, body: str) -> AnyBody:
    """Return the body that `write_body` wrote; `Unknown` where it cannot be understood."""
    model = _BY_KIND.get(kind)
    if model is None:
        return Unknown(original_kind=kind, raw=body)
    try:
        return model.model_validate_json(body)
    except ValidationError:
        return Unknown(original_kind=kind, raw=body)
