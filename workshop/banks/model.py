"""What a question bank is: a canvas, its blocks and their guiding questions.

The shape of the YAML file, checked. `docs/banks.md` explains it to the authors of banks; the JSON
Schema beside the shipped banks is generated from these models.
"""

import re
from collections import Counter
from collections.abc import Iterator
from functools import cached_property
from typing import Annotated, Literal, NamedTuple, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationInfo,
    field_validator,
    model_validator,
)

from workshop.text import clean, clean_line

Family = Literal["infrastructure", "offering", "customer", "finance", "context"]


def _clean_text(value: object) -> object:
    return clean(value) if isinstance(value, str) else value


def _clean_words(value: object) -> object:
    return clean_line(value) if isinstance(value, str) else value


MAX_LINE = 2_000
"""The longest text for people on one line, in characters."""
Line = Annotated[str, BeforeValidator(_clean_words), Field(min_length=1, max_length=MAX_LINE)]
"""Text for people on one line, cleaned."""
Identifier = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,59}$")]
"""An id: lower-case letters, digits and underscores."""


class MisplacedPartError(ValueError):
    """A part of a bank does not fit the rest of it."""

    def __init__(self, message: str, *at: str | int) -> None:
        """Keep `message`, and where the part is: keys and indexes, as in pydantic's `loc`."""
        super().__init__(message)
        self.at = at


class BankModel(BaseModel):
    """What all parts of a bank have in common: frozen, and nothing in them that is not known."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Question(BankModel):
    """One guiding question of a block (and level)."""

    id: Identifier
    """Unique in its block; with the block's id it is the question's address, `block.question`."""
    level: Identifier | None = None
    """The level that the question belongs to, in a bank with levels."""
    ask: Line
    """The question, verbatim from its document."""
    core: bool = False
    """Whether it is asked in a quick run."""
    help: Line
    """What is meant, in plain words of the bank's author."""
    example: Line
    """One concrete answer, as somebody would give it."""
    aspects: tuple[Line, ...] = ()
    """The numbered parts of the question, verbatim."""
    horizon: Line | None = None
    """How far ahead the question asks people to look, such as "6 to 12 months"."""
    remark: Line | None = None
    """A note for the bank's maintainers. Never shown, never printed."""

    @field_validator("aspects")
    @classmethod
    def _aspects_are_the_questions_words(
        cls, aspects: tuple[str, ...], info: ValidationInfo
    ) -> tuple[str, ...]:
        ask = str(info.data.get("ask", ""))
        for aspect in aspects:
            if ask and aspect not in ask:
                raise ValueError(f"the aspect '{aspect}' is not part of the question's words")
        return aspects


class Block(BankModel):
    """A building block of the canvas, such as Key Partners."""

    id: Identifier
    title: Line
    """As printed on the canvas."""
    family: Family
    """The kind of block, which gives it its colour."""
    minutes: Annotated[int, Field(ge=1, le=240)]
    """How long one visit to the block (at one level) is meant to take, in minutes."""
    purpose: Line
    """One sentence: what the block is for."""
    was: tuple[Identifier, ...] = ()
    """Ids that the block had in earlier versions of the bank."""
    questions: Annotated[tuple[Question, ...], Field(min_length=1, max_length=100)]

    @field_validator("questions")
    @classmethod
    def _question_ids_are_unique(cls, questions: tuple[Question, ...]) -> tuple[Question, ...]:
        _refuse_twice("question id", [q.id for q in questions], (), "id")
        return questions

    def at(self, level: str | None) -> tuple[Question, ...]:
        """Return the block's questions at `level`, or all of them in a bank without levels."""
        return tuple(q for q in self.questions if q.level == level)


class Level(BankModel):
    """One of the stacked models of a bank that has several."""

    id: Identifier
    title: Line
    voice: Literal["we", "you"]
    """How its questions address people."""
    about: Line | None = None
    """One sentence: which model this is."""


class Area(NamedTuple):
    """Where a block lies in the canvas grid; rows and columns count from 0, ends are exclusive."""

    block: str
    top: int
    left: int
    bottom: int
    right: int


class Step(NamedTuple):
    """One step of the walk: a block at one level, with the questions that are asked there."""

    block: Block
    level: Level | None
    questions: tuple[Question, ...]

    @property
    def id(self) -> str:
        """The step's name within its bank: `level.block`, or `block` where there are no levels."""
        return f"{self.level.id}.{self.block.id}" if self.level else self.block.id

    @property
    def minutes(self) -> int:
        """How long the step is meant to take: the block's minutes, in a quick run its share."""
        asked = len(self.questions) / max(len(self.block.at(self.level and self.level.id)), 1)
        return max(round(self.block.minutes * asked), 1)

    def addresses(self) -> tuple[str, ...]:
        """Return the addresses of the step's questions, in order."""
        return tuple(f"{self.block.id}.{q.id}" for q in self.questions)


class Bank(BankModel):
    """A question bank: a canvas with its guiding questions."""

    id: Identifier
    version: Annotated[int, Field(ge=1, le=999_999_999)]
    """Raised with every published change."""
    title: Line
    subtitle: Line | None = None
    language: Annotated[str, Field(pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$")]
    """A BCP 47 language tag."""
    canvas: Annotated[str, BeforeValidator(_clean_text), Field(min_length=1, max_length=20_000)]
    """The grid, a line a row, as in CSS `grid-template-areas`: equal names form one rectangle."""
    columns: tuple[Annotated[float, Field(gt=0, le=1000)], ...] = ()
    """Relative widths of the grid's columns; left out, they are equal."""
    levels: Annotated[tuple[Level, ...], Field(max_length=4)] = ()
    walk: tuple[str, ...] = ()
    """In a bank with levels, every `level.block` once, in the order in which they are asked."""
    blocks: Annotated[tuple[Block, ...], Field(min_length=1, max_length=60)]

    @model_validator(mode="after")
    def _hangs_together(self) -> Self:
        _refuse_twice("block id", [b.id for b in self.blocks], ("blocks",), "id")
        _refuse_twice("level id", [level.id for level in self.levels], ("levels",), "id")
        self._check_levels()
        self._check_canvas()
        self._check_walk()
        return self

    def _check_levels(self) -> None:
        known = {level.id for level in self.levels} or {None}
        wanted = ", ".join(level.id for level in self.levels) or "none"
        for b, block in enumerate(self.blocks):
            for q, question in enumerate(block.questions):
                if question.level not in known:
                    raise MisplacedPartError(
                        f"the question {block.id}.{question.id} is at level "
                        f"{question.level or 'none'}, but the bank's levels are: {wanted}",
                        *("blocks", b, "questions", q, "level"),
                    )

    def _check_canvas(self) -> None:
        grid = self.grid
        if len({len(row) for row in grid}) != 1:
            raise MisplacedPartError("the canvas has rows of different lengths", "canvas")
        placed = {name for row in grid for name in row}
        for missing in [b.id for b in self.blocks if b.id not in placed]:
            raise MisplacedPartError(f"the canvas has no place for the block {missing}", "canvas")
        for extra in sorted(placed - {b.id for b in self.blocks}):
            raise MisplacedPartError(f"the canvas places {extra}, which is not a block", "canvas")
        if self.columns and len(self.columns) != len(grid[0]):
            raise MisplacedPartError(
                f"there are {len(self.columns)} column widths for {len(grid[0])} columns",
                "columns",
            )
        cells = Counter(name for row in grid for name in row)
        for area in self.areas:
            if (area.bottom - area.top) * (area.right - area.left) != cells[area.block]:
                raise MisplacedPartError(
                    f"on the canvas, {area.block} is not one rectangle", "canvas"
                )

    def _check_walk(self) -> None:
        if not self.levels:
            if self.walk:
                said = "a bank without levels walks its blocks in order: leave out walk"
                raise MisplacedPartError(said, "walk")
            return
        _refuse_twice("step of the walk", list(self.walk), ("walk",))
        wanted = {f"{q.level}.{b.id}" for b in self.blocks for q in b.questions}
        for missing in sorted(wanted - set(self.walk)):
            raise MisplacedPartError(f"the walk leaves out {missing}", "walk")
        for w, name in enumerate(self.walk):
            if name not in wanted:
                said = f"the walk goes to {name}, which has no questions"
                raise MisplacedPartError(said, "walk", w)

    @cached_property
    def grid(self) -> tuple[tuple[str, ...], ...]:
        """The canvas as rows of block ids."""
        return tuple(tuple(re.split(r"\s+", line.strip())) for line in self.canvas.splitlines())

    @cached_property
    def areas(self) -> tuple[Area, ...]:
        """Where each block lies, ordered by row and column of its top-left corner."""
        cells: dict[str, list[tuple[int, int]]] = {}
        for r, row in enumerate(self.grid):
            for c, name in enumerate(row):
                cells.setdefault(name, []).append((r, c))
        return tuple(
            Area(
                name,
                min(r for r, _ in at),
                min(c for _, c in at),
                max(r for r, _ in at) + 1,
                max(c for _, c in at) + 1,
            )
            for name, at in cells.items()
        )

    @cached_property
    def widths(self) -> tuple[float, ...]:
        """The relative widths of the grid's columns."""
        return self.columns or (1.0,) * len(self.grid[0])

    @cached_property
    def questions(self) -> dict[str, Question]:
        """All questions by address, `block.question`, in the order of the file."""
        return {f"{b.id}.{q.id}": q for b in self.blocks for q in b.questions}

    def block(self, block_id: str) -> Block:
        """Return the block with that id; KeyError where there is none."""
        return self._blocks_by_id[block_id]

    def level(self, level_id: str | None) -> Level | None:
        """Return the level with that id, or None."""
        return next((level for level in self.levels if level.id == level_id), None)

    @cached_property
    def _blocks_by_id(self) -> dict[str, Block]:
        return {b.id: b for b in self.blocks}

    def steps(self, *, level: str | None = None, quick: bool = False) -> tuple[Step, ...]:
        """Return the walk, optionally at one level alone, optionally with core questions only."""
        return tuple(
            step
            for step in self._all_steps(quick=quick)
            if step.questions and (level is None or (step.level and step.level.id == level))
        )

    def _all_steps(self, *, quick: bool) -> Iterator[Step]:
        for name in self.walk or tuple(b.id for b in self.blocks):
            level_id, _, block_id = name.rpartition(".")
            block, level = self.block(block_id), self.level(level_id or None)
            questions = block.at(level_id or None)
            yield Step(block, level, tuple(q for q in questions if q.core or not quick))


def _refuse_twice(what: str, names: list[str], at: tuple[str, ...], *key: str) -> None:
    """Refuse a name that stands twice; `at` is the list of the named things, `key` their name."""
    for name, times in Counter(names).items():
        if times > 1:
            again = names.index(name, names.index(name) + 1)
            raise MisplacedPartError(f"the {what} {name} is used {times} times", *at, again, *key)
