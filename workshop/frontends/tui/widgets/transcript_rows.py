"""The rows of a transcript: an answer with its tick, and what the facilitator says."""

from enum import StrEnum
from typing import NamedTuple

from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget

from workshop.frontends.tui.widgets.literal import Literal, literal
from workshop.text import counted

MAX_LINES = 12
"""How many lines of one answer a transcript shows; the review shows them all."""
_MAX_SHOWN = 4_000
_NUMBER_WIDTH = 5
"""How many cells the number of an answer takes, with those behind it; from 1000 on it is more."""
_MARK_WIDTH = 3


class SaveStatus(StrEnum):
    """Whether an answer is safe: the only source of the mark beside it."""

    PENDING = "…"
    SAVED = "✓"
    FAILED = "✗"


class ShownAnswer(NamedTuple):
    """What a row shows of an answer."""

    text: str
    participant: str = ""
    """Who said it, or nothing where that goes without saying."""
    number: int | None = None
    """None until the answer is saved."""
    keeping: SaveStatus = SaveStatus.PENDING
    removed: bool = False
    dots: int = 0
    note: str = ""
    """Why it was not saved, say."""


class AnswerRow(Widget):
    """One answer: its number, its words, who said it, and whether it is saved."""

    DEFAULT_CSS = """
    AnswerRow { height: auto; width: 1fr; padding: 0 1; }
    AnswerRow.-removed { color: $text-muted; text-style: strike; }
    AnswerRow.-failed { color: $text-error; }
    AnswerRow.-pending { color: $text-muted; }
    """

    def __init__(self, answer: ShownAnswer) -> None:
        """Show `answer`."""
        super().__init__()
        self._lines: dict[int, list[Content]] = {}
        self.answer = answer
        self._set_state()

    def show(self, answer: ShownAnswer) -> None:
        """Show the answer as it is now."""
        if answer != self.answer:
            self.answer = answer
            self._lines.clear()
            self._set_state()
            self.clear_cached_dimensions()
            self.refresh(layout=True)

    def _set_state(self) -> None:
        self.set_class(self.answer.removed, "-removed")
        self.set_class(self.answer.keeping is SaveStatus.FAILED, "-failed")
        self.set_class(self.answer.keeping is SaveStatus.PENDING, "-pending")

    def get_content_height(
        self,
        container: Size,  # noqa: ARG002 - Textual's signature
        viewport: Size,  # noqa: ARG002
        width: int,
    ) -> int:
        """Return how many lines the answer takes at `width` cells."""
        return len(self._wrapped(width))

    def render(self) -> Content:
        """Return the answer, wrapped, with a hanging indent."""
        return Content("\n").join(self._wrapped(self.content_size.width))

    def _wrapped(self, width: int) -> list[Content]:
        if width not in self._lines:
            self._lines = {width: self._wrap(width)}
        return self._lines[width]

    def _wrap(self, width: int) -> list[Content]:
        answer = self.answer
        number = f"{answer.number}" if answer.number is not None else "·"
        gutter = max(_NUMBER_WIDTH, len(number) + 2)
        who = literal(answer.participant).truncate(max(width // 4, 4), ellipsis=True)
        if answer.dots:
            dots = Content(counted(answer.dots, "dot"))
            who = Content(" · ").join([who, dots]) if who else dots
        aside = who.cell_length + 2 if who else 0
        room = max(width - gutter - _MARK_WIDTH - aside, 8)
        text = literal(answer.text[:_MAX_SHOWN])
        lines = [line for part in text.split("\n") for line in part.wrap(room)] or [Content()]
        left_out = len(lines) > MAX_LINES or len(answer.text) > _MAX_SHOWN
        lines = lines[: MAX_LINES if not left_out else MAX_LINES - 1]
        first = Content.assemble(
            (number.rjust(gutter - 2) + "  ", "$quiet"),
            lines[0].rstrip().extend_right(max(room - lines[0].rstrip().cell_length, 0)),
            "  " if who else "",
            who.stylize("$quiet"),
            ("  " + answer.keeping.value, "bold"),
        )
        indent = " " * gutter
        rest = [Content.assemble(indent, line.rstrip()) for line in lines[1:]]
        if left_out:
            shown = sum(len(line.plain) for line in lines)
            more = f"… {len(answer.text) - shown:,} more characters; F4 shows them all"
            rest.append(Content.assemble(indent, (more, "$quiet")))
        if answer.note:
            note = literal(answer.note).wrap(max(width - gutter, 8))
            rest.extend(Content.assemble(indent, line) for line in note)
        return [first, *rest]


class SaidRow(Literal):
    """Something that the facilitator says."""

    DEFAULT_CSS = """
    SaidRow { padding: 0 1 0 6; color: $text-muted; }
    SaidRow.opening { padding-top: 1; padding-left: 1; color: $foreground; }
    SaidRow.recap { padding-left: 1; padding-bottom: 1; color: $text-muted; }
    SaidRow.warning { color: $text-warning; }
    SaidRow.explained { color: $text-accent; }
    SaidRow.asked { padding-left: 1; padding-top: 1; color: $foreground; text-style: bold; }
    SaidRow.asked.-current { display: none; }
    SaidRow.closing { padding-left: 1; padding-top: 1; color: $foreground; }
    """
