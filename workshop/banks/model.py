"""The model of a question bank: a canvas, its blocks and their guiding questions.

The models describe and check the content of a bank's YAML file. `docs/banks.md` explains it to the
authors of banks; the JSON Schema beside the shipped banks is generated from these models.
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


def _clean_one_line(value: object) -> object:
    return clean_line(value) if isinstance(value, str) else value


MAX_LINE = 2_000
"""The longest text on one line, in characters."""
Line = Annotated[str, BeforeValidator(_clean_one_line), Field(min_length=1, max_length=MAX_LINE)]
"""Clean text on one line, for people to read."""
Identifier = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,59}$")]
"""An id: lower-case letters, digits and underscores."""


class MisplacedPartError(ValueError):
    """A part of a bank does not fit the rest of it."""

    def __init__(self, message: str, *location: str | int) -> None:
        """Store `message` and the part's location: keys and indexes, as in pydantic's `loc`."""
        super().__init__(message)
        self.location = location


class BankModel(BaseModel):
    """What all parts of a bank have in common: they are frozen and allow no unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Question(BankModel):
    """One guiding question of a block (and level)."""

    id: Identifier
    """Unique in its block. The question's address is `block.question`, of both ids."""
    level: Identifier | None = None
    """The level that the question belongs to, in a bank with levels."""
    ask: Line
    """The question's text, verbatim from its source document."""
    core: bool = False
    """Whether the question is asked in a quick run."""
    help: Line
    """An explanation of the question, in the plain words of the bank's author."""
    example: Line
    """A concrete answer such as a participant would give."""
    aspects: tuple[Line, ...] = ()
    """The numbered parts of the question, verbatim from `ask`."""
    horizon: Line | None = None
    """How far into the future the question looks, such as "6 to 12 months"."""
    remark: Line | None = None
    """A note for the bank's maintainers; never shown or printed."""

    def with_words_of(self, newer: "Question | None") -> "Question":
        """Return this question with the help and the example of `newer` if their `ask` agrees."""
        if newer is None or newer.ask != self.ask:
            return self
        return self.model_copy(update={"help": newer.help, "example": newer.example})

    @field_validator("aspects")
    @classmethod
    def _check_aspects(cls, aspects: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        ask = str(info.data.get("ask", ""))
        for aspect in aspects:
            if ask and aspect not in ask:
                raise ValueError(f"the aspect '{aspect}' is not part of the question's words")
        return aspects


class Block(BankModel):
    """A building block of the canvas, such as Key Partners."""

    id: Identifier
    title: Line
    """The block's title as printed on the canvas."""
    family: Family
    """The kind of block, which decides its colour."""
    minutes: Annotated[int, Field(ge=1, le=240)]
    """The planned duration of one visit to the block (at one level), in minutes."""
    purpose: Line
    """One sentence that says what the block is for."""
    was: tuple[Identifier, ...] = ()
    """The block's ids in earlier versions of the bank."""
    questions: Annotated[tuple[Question, ...], Field(min_length=1, max_length=100)]

    @field_validator("questions")
    @classmethod
    def _check_question_ids(cls, questions: tuple[Question, ...]) -> tuple[Question, ...]:
        _refuse_duplicates("question id", [q.id for q in questions], (), "id")
        return questions

    def with_words_of(self, newer: "Bank") -> "Block":
        """Return this block with the help and the examples of `newer`; see `Bank.with_words_of`."""
        questions = tuple(
            question.with_words_of(newer.questions.get(f"{self.id}.{question.id}"))
            for question in self.questions
        )
        return self.model_copy(update={"questions": questions})

    def questions_at(self, level: str | None) -> tuple[Question, ...]:
        """Return the block's questions at `level`, or all of them in a bank without levels."""
        return tuple(q for q in self.questions if q.level == level)


class Level(BankModel):
    """One of the stacked models in a bank with several."""

    id: Identifier
    title: Line
    voice: Literal["we", "you"]
    """The pronoun with which the level's questions address people."""
    about: Line | None = None
    """One sentence that says which model this is."""


class Area(NamedTuple):
    """A block's rectangle in the canvas grid: rows and columns from 0, with exclusive ends."""

    block: str
    top: int
    left: int
    bottom: int
    right: int


class Step(NamedTuple):
    """One step of the walk: a block at one level, with the questions asked there."""

    block: Block
    level: Level | None
    questions: tuple[Question, ...]

    @property
    def id(self) -> str:
        """Unique in the bank: `level.block`, or `block` in a bank without levels."""
        return f"{self.level.id}.{self.block.id}" if self.level else self.block.id

    @property
    def minutes(self) -> int:
        """The planned duration: the block's minutes in proportion to the questions asked."""
        all_questions = self.block.questions_at(self.level and self.level.id)
        share = len(self.questions) / max(len(all_questions), 1)
        return max(round(self.block.minutes * share), 1)

    def addresses(self) -> tuple[str, ...]:
        """Return the addresses of the step's questions, in order."""
        return tuple(f"{self.block.id}.{q.id}" for q in self.questions)


class Bank(BankModel):
    """A question bank: a canvas with its guiding questions."""

    id: Identifier
    version: Annotated[int, Field(ge=1, le=999_999_999)]
    """Increased with every published change."""
    title: Line
    subtitle: Line | None = None
    language: Annotated[str, Field(pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$")]
    """A BCP 47 language tag."""
    canvas: Annotated[str, BeforeValidator(_clean_text), Field(min_length=1, max_length=20_000)]
    """The grid, a line for each row as in CSS `grid-template-areas`; equal ids form a rectangle."""
    columns: tuple[Annotated[float, Field(gt=0, le=1000)], ...] = ()
    """The relative widths of the grid's columns; equal if left out."""
    levels: Annotated[tuple[Level, ...], Field(max_length=4)] = ()
    walk: tuple[str, ...] = ()
    """In a bank with levels, every `level.block` once, in the order of the walk."""
    blocks: Annotated[tuple[Block, ...], Field(min_length=1, max_length=60)]

    @model_validator(mode="after")
    def _check_consistency(self) -> Self:
        _refuse_duplicates("block id", [b.id for b in self.blocks], ("blocks",), "id")
        _refuse_duplicates("level id", [level.id for level in self.levels], ("levels",), "id")
        self._check_levels()
        self._check_canvas()
        self._check_walk()
        return self

    def _check_levels(self) -> None:
        known = {level.id for level in self.levels} or {None}
        level_ids = ", ".join(level.id for level in self.levels) or "none"
        for b, block in enumerate(self.blocks):
            for q, question in enumerate(block.questions):
                if question.level not in known:
                    raise MisplacedPartError(
                        f"the question {block.id}.{question.id} is at level "
                        f"{question.level or 'none'}, but the bank's levels are: {level_ids}",
                        *("blocks", b, "questions", q, "level"),
                    )

    def _check_canvas(self) -> None:
        grid = self.grid
        if len({len(row) for row in grid}) != 1:
            raise MisplacedPartError("the canvas has rows of different lengths", "canvas")
        names = {name for row in grid for name in row}
        for missing in [b.id for b in self.blocks if b.id not in names]:
            raise MisplacedPartError(f"the canvas has no place for the block {missing}", "canvas")
        for extra in sorted(names - {b.id for b in self.blocks}):
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
                message = "a bank without levels walks its blocks in order: leave out walk"
                raise MisplacedPartError(message, "walk")
            return
        _refuse_duplicates("step of the walk", list(self.walk), ("walk",))
        step_ids = {f"{q.level}.{b.id}" for b in self.blocks for q in b.questions}
        for missing in sorted(step_ids - set(self.walk)):
            raise MisplacedPartError(f"the walk leaves out {missing}", "walk")
        for w, name in enumerate(self.walk):
            if name not in step_ids:
                message = f"the walk goes to {name}, which has no questions"
                raise MisplacedPartError(message, "walk", w)

    @cached_property
    def grid(self) -> tuple[tuple[str, ...], ...]:
        """The canvas as rows of block ids."""
        return tuple(tuple(re.split(r"\s+", line.strip())) for line in self.canvas.splitlines())

    @cached_property
    def areas(self) -> tuple[Area, ...]:
        """The area of each block, ordered by row and column of its top-left corner."""
        cells: dict[str, list[tuple[int, int]]] = {}
        for r, row in enumerate(self.grid):
            for c, name in enumerate(row):
                cells.setdefault(name, []).append((r, c))
        return tuple(
            Area(
                name,
                min(r for r, _ in block_cells),
                min(c for _, c in block_cells),
                max(r for r, _ in block_cells) + 1,
                max(c for _, c in block_cells) + 1,
            )
            for name, block_cells in cells.items()
        )

    @cached_property
    def widths(self) -> tuple[float, ...]:
        """The relative widths of the grid's columns."""
        return self.columns or (1.0,) * len(self.grid[0])

    @cached_property
    def questions(self) -> dict[str, Question]:
        """All questions by address (`block.question`), in the order of the file."""
        return {f"{b.id}.{q.id}": q for b in self.blocks for q in b.questions}

    def with_words_of(self, newer: "Bank") -> "Bank":
        """Return this bank with the help and the examples of `newer`.

        A question takes them where `newer` has the same `ask` at the same address. Everything else
        stays as it is: the questions, their order, the walk and the layout.
        """
        blocks = tuple(block.with_words_of(newer) for block in self.blocks)
        # Validated again rather than copied: a copy would keep the cached questions of this bank.
        fields = {name: getattr(self, name) for name in Bank.model_fields}
        return Bank.model_validate({**fields, "blocks": blocks})

    def block(self, block_id: str) -> Block:
        """Return the block with that id; raise KeyError if there is none."""
        return self._blocks_by_id[block_id]

    def level(self, level_id: str | None) -> Level | None:
        """Return the level with that id, or None."""
        return next((level for level in self.levels if level.id == level_id), None)

    def level_title(self, level_id: str) -> str:
        """Return the title of the level with that id; the id itself if there is none."""
        level = self.level(level_id)
        return level.title if level else level_id

    @cached_property
    def _blocks_by_id(self) -> dict[str, Block]:
        return {b.id: b for b in self.blocks}

    def steps(self, *, level: str | None = None, quick: bool = False) -> tuple[Step, ...]:
        """Return the steps of the walk: of one level if given, and of core questions if `quick`."""
        return tuple(
            step
            for step in self._all_steps(quick=quick)
            if step.questions and (level is None or (step.level and step.level.id == level))
        )

    def _all_steps(self, *, quick: bool) -> Iterator[Step]:
        for name in self.walk or tuple(b.id for b in self.blocks):
            level_id, _, block_id = name.rpartition(".")
            block, level = self.block(block_id), self.level(level_id or None)
            questions = block.questions_at(level_id or None)
            yield Step(block, level, tuple(q for q in questions if q.core or not quick))


def _refuse_duplicates(
    noun: str, names: list[str], list_location: tuple[str, ...], *name_key: str
) -> None:
    """Raise MisplacedPartError at the second use of a name.

    `list_location` leads to the list of the named parts, and `name_key` from a part to its name.
    """
    for name, times in Counter(names).items():
        if times > 1:
            second = names.index(name, names.index(name) + 1)
            raise MisplacedPartError(
                f"the {noun} {name} is used {times} times", *list_location, second, *name_key
            )
