"""What a session is from its first moment on: its bank, title, mode and the part it walks."""

import hashlib
from datetime import UTC, datetime
from functools import cached_property
from typing import Annotated, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, InstanceOf, model_validator

from workshop.banks.model import Bank, Line, Question, Step
from workshop.text import clean_line

Mode = Literal["solo", "group"]

DEFAULT_SPEAKER: dict[Mode, str] = {"solo": "Me", "group": "Facilitator"}
"""Who speaks in a session until somebody says otherwise."""
MAX_NAME = 60
"""The longest name of a participant or a model, in characters."""


def _zoned(value: object) -> object:
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    except ValueError as error:
        said = "a date and a time were expected, such as 2026-11-22T09:00:00+00:00"
        raise ValueError(said) from error
    if not isinstance(moment, datetime):
        return moment
    if moment.tzinfo is None:
        return moment.replace(tzinfo=UTC)
    moment.astimezone(UTC)  # OverflowError where the year 1 or 9999 ends before the offset does
    return moment


def _clean_name(value: object) -> object:
    return clean_line(value) if isinstance(value, str) else value


class Session(BaseModel):
    """One run of one bank: everything about it that no event changes."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]
    """A random UUID, in hex."""
    title: Line
    mode: Mode
    bank: InstanceOf[Bank]
    """The bank as it was when the session began. Later edits of the bank's file change nothing."""
    level: str | None = None
    """The only level that is walked, or None for the whole walk."""
    quick: bool = False
    """Whether only core questions are asked."""
    names: dict[str, Annotated[str, BeforeValidator(_clean_name), Field(max_length=MAX_NAME)]] = {}
    """What people call the models: level id to name, such as `higher: Acme`."""
    created: Annotated[datetime, BeforeValidator(_zoned)]
    """When the session began, with the offset from UTC that held where it began.

    So its day is the one that people there had, on whatever machine its report is written.
    """

    @model_validator(mode="after")
    def _fits_its_bank(self) -> Self:
        known = [level.id for level in self.bank.levels]
        wrong = [n for n in (*self.names, *([self.level] if self.level else [])) if n not in known]
        if wrong:
            has = f"its levels are {', '.join(known)}" if known else "it has no levels"
            raise ValueError(f"{self.bank.title} has no level '{wrong[0]}': {has}")
        if not self.steps:
            raise ValueError(f"{self.bank.title} has no question for this kind of session")
        return self

    @property
    def short_id(self) -> str:
        """The first eight characters of the id, as used in the file's name."""
        return self.id[:8]

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """The walk of this session."""
        return self.bank.steps(level=self.level, quick=self.quick)

    @cached_property
    def stops(self) -> tuple[str, ...]:
        """The addresses of this session's questions, in the order of the walk."""
        return tuple(address for step in self.steps for address in step.addresses())

    @cached_property
    def step_by_address(self) -> dict[str, Step]:
        """The step in which each question of the walk is asked, by the question's address."""
        return {address: step for step in self.steps for address in step.addresses()}

    def question(self, address: str) -> Question:
        """Return the question at `address`; KeyError where the bank has none."""
        return self.bank.questions[address]

    def level_name(self, level_id: str) -> str:
        """Return what people call the model of that level: their own name, else its title."""
        level = self.bank.level(level_id)
        return self.names.get(level_id) or (level.title if level else level_id)

    def step_title(self, step: Step) -> str:
        """Return a step's title for people: the block's, and the model's where there are several.

        A block is named alone in a session for one level, because no other could be meant.
        """
        if step.level is None or self.level is not None:
            return step.block.title
        return f"{step.block.title} · {self.level_name(step.level.id)}"

    @cached_property
    def levels(self) -> tuple[str | None, ...]:
        """The ids of the levels that are walked, in the bank's order; (None,) without levels."""
        if not self.bank.levels:
            return (None,)
        return tuple(x.id for x in self.bank.levels if self.level in (None, x.id))


def canonical_bank_json(bank: Bank) -> str:
    """Return the bank as JSON in the order of its fields: the same bank is always the same text."""
    # model_dump_json keeps the models' order of fields; what is not set is left out, so that a
    # field that a later version adds does not change the text of an older bank.
    return bank.model_dump_json(exclude_defaults=True, exclude_none=True)


def fingerprint(text: str) -> str:
    """Return the SHA-256 of `text`, in hex."""
    return hashlib.sha256(text.encode()).hexdigest()
