"""What can happen in a session.

An event's body says what happened, in the past tense; the envelope says when, by whom, and under
which id. Bodies are made by the facilitator, which has no clock; the envelope is added by whoever
has one. Reading is forgiving, because a file from next year must not lose what it holds: a field
that is not known is passed over, a kind that is not known becomes `Unknown` and is kept.
"""

from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from workshop.text import MAX_CHARACTERS, clean, clean_line

Text = Annotated[str, AfterValidator(clean), Field(max_length=MAX_CHARACTERS)]
Label = Annotated[str, AfterValidator(clean_line), Field(max_length=2_000)]
NonEmptyText = Annotated[Text, Field(min_length=1)]


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


class PositionMoved(Body):
    """The session went to a question, or past the last one (None)."""

    kind: Literal["position_moved"] = "position_moved"
    question: Label | None


class ParticipantJoined(Body):
    """Somebody is there whose answers are recorded."""

    kind: Literal["participant_joined"] = "participant_joined"
    name: Annotated[Label, Field(min_length=1, max_length=60)]


class Undone(Body):
    """An event was taken back; redo takes back an `undone`."""

    kind: Literal["undone"] = "undone"
    event: Label


class Unknown(Body):
    """An event of a kind, or with a body, that this version does not know. Kept, not applied."""

    kind: Literal["unknown"] = "unknown"
    was: str
    """The kind that the file names."""


Known = (
    AnswerAdded
    | AnswerEdited
    | AnswerRemoved
    | QuestionSkipped
    | PositionMoved
    | ParticipantJoined
    | Undone
)
AnyBody = Known | Unknown

_BY_KIND: dict[str, type[Known]] = {
    "answer_added": AnswerAdded,
    "answer_edited": AnswerEdited,
    "answer_removed": AnswerRemoved,
    "question_skipped": QuestionSkipped,
    "position_moved": PositionMoved,
    "participant_joined": ParticipantJoined,
    "undone": Undone,
}


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened in a session."""

    id: str
    """A UUID in hex, made by the writer, so that a retry is harmless."""
    at: str
    """When, as ISO 8601 in UTC, to the millisecond. Shown, never used for order."""
    actor: str
    """The participant at the keyboard."""
    body: AnyBody


def write_body(body: AnyBody) -> str:
    """Return the JSON of a body, without its kind, which has a column of its own."""
    return body.model_dump_json(exclude={"kind"})


def read_body(kind: str, body: str) -> AnyBody:
    """Return the body that `write_body` wrote; `Unknown` where it cannot be understood."""
    model = _BY_KIND.get(kind)
    if model is None:
        return Unknown(was=clean_line(kind))
    try:
        return model.model_validate_json(body)
    except ValidationError:
        return Unknown(was=clean_line(kind))
