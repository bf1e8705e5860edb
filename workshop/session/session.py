"""What never changes about a session: its bank, title, mode and walk."""

import hashlib
from datetime import UTC, datetime
from functools import cached_property
from typing import Annotated, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, InstanceOf, model_validator

from workshop.banks.model import Bank, Line, Question, Step
from workshop.text import clean_line

Mode = Literal["solo", "group"]

DEFAULT_SPEAKER: dict[Mode, str] = {"solo": "Me", "group": "Facilitator"}
"""The name of the speaker in a session until somebody chooses another, by mode."""
MAX_TITLE = 200
"""The longest title that people can give a session, in characters."""
MAX_NAME = 60
"""The longest name of a participant or a model, in characters."""


def _with_time_zone(value: object) -> object:
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    except ValueError as error:
        message = "a date and a time were expected, such as 2026-11-22T09:00:00+00:00"
        raise ValueError(message) from error
    if not isinstance(moment, datetime):
        return moment
    if moment.tzinfo is None:
        return moment.replace(tzinfo=UTC)
    moment.astimezone(UTC)  # raises OverflowError if UTC has no such year
    return moment


def _clean_name(value: object) -> object:
    return clean_line(value) if isinstance(value, str) else value


class Session(BaseModel):
    """One run of one bank: everything about it but its events.

    The session as its file records it never changes. People see it with its present title and
    names, which events may have set: `workshop.session.shown`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]
    """A random UUID, in hex."""
    title: Line
    mode: Mode
    bank: InstanceOf[Bank]
    """The bank as it was when the session began; later edits of the bank's file do not matter."""
    level: str | None = None
    """The only level that is walked, or None for the whole walk."""
    quick: bool = False
    """Whether only core questions are asked."""
    names: dict[str, Annotated[str, BeforeValidator(_clean_name), Field(max_length=MAX_NAME)]] = {}
    """People's own names for the models: level id to name, such as `higher: Acme`."""
    created: Annotated[datetime, BeforeValidator(_with_time_zone)]
    """When the session began, with the offset from UTC of the place where it began.

    The offset keeps the session's day the same on whatever machine its report is written.
    """

    @model_validator(mode="after")
    def _check_against_bank(self) -> Self:
        level_ids = [level.id for level in self.bank.levels]
        used_ids = (*self.names, *([self.level] if self.level else []))
        unknown_ids = [level_id for level_id in used_ids if level_id not in level_ids]
        if unknown_ids:
            known = f"its levels are {', '.join(level_ids)}" if level_ids else "it has no levels"
            raise ValueError(f"{self.bank.title} has no level '{unknown_ids[0]}': {known}")
        if not self.steps:
            raise ValueError(f"{self.bank.title} has no question for this kind of session")
        return self

    @property
    def short_id(self) -> str:
        """The first eight characters of the id, as in the file's name."""
        return self.id[:8]

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """The steps of this session's walk, in order."""
        return self.bank.steps(level=self.level, quick=self.quick)

    @cached_property
    def addresses(self) -> tuple[str, ...]:
        """The addresses of this session's questions, in the order of the walk."""
        return tuple(address for step in self.steps for address in step.addresses())

    @cached_property
    def step_by_address(self) -> dict[str, Step]:
        """By address of each question in the walk, the step in which it is asked."""
        return {address: step for step in self.steps for address in step.addresses()}

    def step_at(self, block: str, level: str | None) -> Step | None:
        """Return the step of the block at a level, or None if it is not in the walk."""
        place = (block, level)
        return next((s for s in self.steps if (s.block.id, s.level and s.level.id) == place), None)

    def question(self, address: str) -> Question:
        """Return the question at `address`; raise KeyError if the bank has none there."""
        return self.bank.questions[address]

    def level_name(self, level_id: str) -> str:
        """Return the name of the model at that level: people's own if given, else its title."""
        return self.names.get(level_id) or self.bank.level_title(level_id)

    def step_title(self, step: Step) -> str:
        """Return a step's title: the block's title and, if several levels are walked, the model's.

        In a session for one level the block's title is enough, because no other can be meant.
        """
        if step.level is None or self.level is not None:
            return step.block.title
        return f"{step.block.title} · {self.level_name(step.level.id)}"

    @cached_property
    def levels(self) -> tuple[str | None, ...]:
        """The ids of the levels that are walked, in the bank's order; (None,) if it has none."""
        if not self.bank.levels:
            return (None,)
        return tuple(level.id for level in self.bank.levels if self.level in (None, level.id))


def canonical_bank_json(bank: Bank) -> str:
    """Return the bank as canonical JSON: the same bank always gives the same text."""
    # model_dump_json keeps the order of the models' fields. Unset fields are left out, so that a
    # field added in a later version does not change the text of an older bank.
    return bank.model_dump_json(exclude_defaults=True, exclude_none=True)


def fingerprint(text: str) -> str:
    """Return the SHA-256 of `text`, in hex."""
    return hashlib.sha256(text.encode()).hexdigest()
