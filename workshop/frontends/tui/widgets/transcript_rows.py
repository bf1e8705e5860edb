"""The rows of a transcript: an answer with its mark, and a message of the facilitator."""

from enum import StrEnum
from typing import NamedTuple

from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget

from workshop.frontends.tui.widgets.literal import Literal, literal
from workshop.text import counted

MAX_LINES = 12
"""How many lines of one answer a transcript shows; the review shows them all."""
_MAX_CHARACTERS = 4_000
"""How many characters of one answer a transcript shows."""
_NUMBER_WIDTH = 5
"""The width of an answer's number with the gap behind it, in cells; wider from 1000 on."""
_MARK_WIDTH = 3


class SaveStatus(StrEnum):
    """Whether an answer is saved. The value is the mark of the answer."""

    PENDING = "…"
    SAVED = "✓"
    FAILED = "✗"


class DisplayedAnswer(NamedTuple):
    """An answer as a row shows it."""

    text: str
    participant: str = ""
    """The name to show with the answer, or "" to show none."""
    number: int | None = None
    """The answer's number, or None until it is saved."""
    save_status: SaveStatus = SaveStatus.PENDING
    removed: bool = False
    votes: int = 0
    note: str = ""
    """A message below the answer, such as why it could not be saved."""


class AnswerRow(Widget):
    """One answer: its number, its text, its participant, and whether it is saved."""

    DEFAULT_CSS = """
    AnswerRow { height: auto; width: 1fr; padding: 0 1; }
    AnswerRow.-removed { color: $text-muted; text-style: strike; }
    AnswerRow.-failed { color: $text-error; }
    AnswerRow.-pending { color: $text-muted; }
    """

    def __init__(self, answer: DisplayedAnswer) -> None:
        """Show `answer`."""
        super().__init__()
        self._lines: dict[int, list[Content]] = {}
        self.answer = answer
        self._set_classes()

    def show(self, answer: DisplayedAnswer) -> None:
        """Show the answer as it is now."""
        if answer != self.answer:
            self.answer = answer
            self._lines.clear()
            self._set_classes()
            self.clear_cached_dimensions()
            self.refresh(layout=True)

    def _set_classes(self) -> None:
        self.set_class(self.answer.removed, "-removed")
        self.set_class(self.answer.save_status is SaveStatus.FAILED, "-failed")
        self.set_class(self.answer.save_status is SaveStatus.PENDING, "-pending")

    def get_content_height(
        self,
        container: Size,  # noqa: ARG002 - Textual's signature
        viewport: Size,  # noqa: ARG002
        width: int,
    ) -> int:
        """Return the height of the answer at `width` cells, in lines."""
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
        name = literal(answer.participant).truncate(max(width // 4, 4), ellipsis=True)
        if answer.votes:
            dots = Content(counted(answer.votes, "dot"))
            name = Content(" · ").join([name, dots]) if name else dots
        name_width = name.cell_length + 2 if name else 0
        text_width = max(width - gutter - _MARK_WIDTH - name_width, 8)
        text = literal(answer.text[:_MAX_CHARACTERS])
        lines = [line for part in text.split("\n") for line in part.wrap(text_width)] or [Content()]
        is_cut = len(lines) > MAX_LINES or len(answer.text) > _MAX_CHARACTERS
        lines = lines[: MAX_LINES if not is_cut else MAX_LINES - 1]
        first = Content.assemble(
            (number.rjust(gutter - 2) + "  ", "$quiet"),
            lines[0].rstrip().extend_right(max(text_width - lines[0].rstrip().cell_length, 0)),
            "  " if name else "",
            name.stylize("$quiet"),
            ("  " + answer.save_status.value, "bold"),
        )
        indent = " " * gutter
        rest = [Content.assemble(indent, line.rstrip()) for line in lines[1:]]
        if is_cut:
            shown_length = sum(len(line.plain) for line in lines)
            more = f"… {len(answer.text) - shown_length:,} more characters; F4 shows them all"
            rest.append(Content.assemble(indent, (more, "$quiet")))
        if answer.note:
            note = literal(answer.note).wrap(max(width - gutter, 8))
            rest.extend(Content.assemble(indent, line) for line in note)
        return [first, *rest]


class MessageRow(Literal):
    """A message of the facilitator."""

    DEFAULT_CSS = """
    MessageRow { padding: 0 1 0 6; color: $text-muted; }
    MessageRow.opening { padding-top: 1; padding-left: 1; color: $foreground; }
    MessageRow.recap { padding-left: 1; padding-bottom: 1; color: $text-muted; }
    MessageRow.warning { color: $text-warning; }
    MessageRow.explained { color: $text-accent; }
    MessageRow.asked { padding-left: 1; padding-top: 1; color: $foreground; text-style: bold; }
    MessageRow.asked.-current { display: none; }
    MessageRow.closing { padding-left: 1; padding-top: 1; color: $foreground; }
    """
