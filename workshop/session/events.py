"""The events of a session: everything that can happen in one.

An event's body says what happened, in the past tense; its envelope says when, by whom and under
which id. The facilitator, which has no clock, makes bodies; a live session adds the envelopes.
Reading is forgiving, so that the file of a later version loses nothing: an unknown field is ignored
and an event of an unknown kind becomes `Unknown` and is kept.
"""

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Annotated, ClassVar, Literal, NamedTuple, get_args

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from workshop.session.session import MAX_NAME, MAX_TITLE
from workshop.text import MAX_CHARACTERS, clean, clean_line

_MAX_LABEL = 2_000
"""The longest label, in characters."""


def _clean_text(text: str) -> str:
    cleaned = clean(text)
    if len(cleaned) > MAX_CHARACTERS:
        raise ValueError(f"it has more than {MAX_CHARACTERS:,} characters")
    return cleaned


def _clean_non_empty_text(text: str) -> str:
    cleaned = _clean_text(text)
    if not cleaned:
        raise ValueError("there are no words in it")
    return cleaned


@lru_cache(maxsize=4096)
def _clean_label(text: str) -> str:
    line = clean_line(text)
    if len(line) > _MAX_LABEL:
        raise ValueError(f"it has more than {_MAX_LABEL:,} characters")
    return line


# These functions check lengths themselves. A length check of pydantic's would be one more call for
# each value and would, before `clean` replaces them, refuse lone surrogates.
Text = Annotated[str, AfterValidator(_clean_text)]
Label = Annotated[str, AfterValidator(_clean_label)]
NonEmptyText = Annotated[str, AfterValidator(_clean_non_empty_text)]

MAX_DOTS = 999
"""The most dots that one vote may give; the fewest is one."""
# Strict: a number of dots in another form, such as "2" or 2.0, was not written by Workshop.
Dots = Annotated[int, Field(strict=True, ge=1, le=MAX_DOTS)]


class Body(BaseModel):
    """What the bodies of all kinds of event have in common."""

    model_config = ConfigDict(frozen=True)
    undoable: ClassVar[bool] = False
    """Whether /undo can take back this kind of event."""


class AnswerAdded(Body):
    """A question was answered. The event's id becomes the answer's id."""

    kind: Literal["answer_added"] = "answer_added"
    undoable: ClassVar[bool] = True
    question: Label
    text: NonEmptyText
    participant: Label


class AnswerEdited(Body):
    """An answer's text was changed."""

    kind: Literal["answer_edited"] = "answer_edited"
    undoable: ClassVar[bool] = True
    answer: Label
    text: NonEmptyText


class AnswerRemoved(Body):
    """An answer was removed."""

    kind: Literal["answer_removed"] = "answer_removed"
    undoable: ClassVar[bool] = True
    answer: Label


class QuestionSkipped(Body):
    """A question was left unanswered on purpose, with or without a reason."""

    kind: Literal["question_skipped"] = "question_skipped"
    undoable: ClassVar[bool] = True
    question: Label
    reason: Text = ""


class VoteCast(Body):
    """An answer was given dots, which add up, so that merging two copies is a union of events."""

    kind: Literal["vote_cast"] = "vote_cast"
    undoable: ClassVar[bool] = True
    answer: Label
    dots: Dots


class PointParked(Body):
    """A point was parked for later. The event's id becomes the point's id."""

    kind: Literal["point_parked"] = "point_parked"
    undoable: ClassVar[bool] = True
    text: NonEmptyText
    question: Label = ""
    """The address of the question at which the point came up, or empty."""
    participant: Label


class ActionAdded(Body):
    """An action was noted. The event's id becomes the action's id."""

    kind: Literal["action_added"] = "action_added"
    undoable: ClassVar[bool] = True
    text: NonEmptyText
    owner: Label = ""
    """The name of the person who is to do it, or empty."""
    due: Label = ""
    """The due date in the words that were typed, or empty."""
    participant: Label
    """The name of the person who noted it."""


class PositionMoved(Body):
    """The session moved to a question, or (None) past the last one."""

    kind: Literal["position_moved"] = "position_moved"
    question: Label | None


class ParticipantJoined(Body):
    """A participant joined, whose answers are recorded from then on."""

    kind: Literal["participant_joined"] = "participant_joined"
    name: Annotated[Label, Field(min_length=1, max_length=MAX_NAME)]


class TitleSet(Body):
    """The session was given a title; the last one counts."""

    kind: Literal["title_set"] = "title_set"
    undoable: ClassVar[bool] = True
    title: Annotated[Label, Field(min_length=1, max_length=MAX_TITLE)]


class LevelNamed(Body):
    """A model was given a name; the last one counts."""

    kind: Literal["level_named"] = "level_named"
    undoable: ClassVar[bool] = True
    level: Label
    """The level's id."""
    name: Annotated[Label, Field(max_length=MAX_NAME)]
    """People's own name for the model, or "" for the bank's title."""


class Undone(Body):
    """An event was undone. To redo it is to undo the `undone` event."""

    kind: Literal["undone"] = "undone"
    event: Label


class Unknown(Body):
    """An event whose kind or body this version does not know. It is kept but not applied."""

    kind: Literal["unknown"] = "unknown"
    original_kind: str
    """The kind exactly as the file names it; clean it before showing it."""
    raw: str = "{}"
    """The body exactly as the file stores it, so that writing the event again changes nothing."""


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
    | TitleSet
    | LevelNamed
    | Undone
)
AnyBody = KnownBody | Unknown

BODY_MODELS: Mapping[str, type[KnownBody]] = {
    str(model.model_fields["kind"].default): model for model in get_args(KnownBody)
}
"""The model of each kind of body that this version knows."""
# What `model_validate_json` calls: its own share is a fifth of the time that a body takes.
_VALIDATE_JSON: Mapping[str, Callable[[str], KnownBody]] = {
    kind: model.__pydantic_validator__.validate_json for kind, model in BODY_MODELS.items()
}


KEYBOARD = ""
"""The seat of every keyboard; each phone has a seat of its own."""
ANONYMOUS = "-"
"""The seat of events that belong to nobody, so that nobody's undo takes them back."""


class Event(NamedTuple):
    """One thing that happened in a session: an envelope and a body.

    A named tuple, because opening a large session makes a hundred thousand of them.
    """

    id: str
    """A UUID in hex, made by the writer, so that writing the event twice is harmless."""
    at: str
    """When it happened: ISO 8601 in UTC, to the millisecond. Shown, never used for ordering."""
    actor: str
    """The name of the participant who spoke."""
    body: AnyBody
    seat: str = KEYBOARD
    """The seat of the client that wrote it; undo takes back only what its own seat did."""
    batch: str = ""
    """The id that the events share that people made in one go; "" for a single event."""


def kind_of(body: AnyBody) -> str:
    """Return the kind under which a body is written; for `Unknown`, the kind that was read."""
    return body.original_kind if isinstance(body, Unknown) else body.kind


def write_body(body: AnyBody) -> str:
    """Return the JSON of a body without its kind, which has a column of its own.

    For `Unknown`, return the text that was read, whatever it is.
    """
    return body.raw if isinstance(body, Unknown) else body.model_dump_json(exclude={"kind"})


def read_body(kind: str, body: str) -> AnyBody:
    """Return the body that `write_body` wrote, or `Unknown` if this version cannot read it."""
    validate = _VALIDATE_JSON.get(kind)
    if validate is None:
        return Unknown(original_kind=kind, raw=body)
    try:
        return validate(body)
    except ValidationError:
        return Unknown(original_kind=kind, raw=body)
