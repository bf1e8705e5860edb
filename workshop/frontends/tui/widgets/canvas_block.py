"""One block of the canvas: its title in its family's colour and as many answers as fit."""

from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.widget import Widget

from workshop.banks.model import Block
from workshop.frontends.tui.widgets.literal import literal

_INDENT_FROM = 15
"""The width from which on bullets are indented, in cells."""


class CanvasBlock(Widget, can_focus=True):
    """A block on the canvas."""

    DEFAULT_CSS = """
    CanvasBlock {
        background: $surface;
        overflow: hidden;
    }
    CanvasBlock:focus { background: $primary 35%; }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,space", "zoom", "Zoom", id="canvas.zoom"),
        Binding("g", "go", "Go there", id="canvas.go"),
    ]

    @dataclass
    class ZoomRequested(Message):
        """The request to show a whole block."""

        block: str
        level: str | None

    @dataclass
    class GoRequested(Message):
        """The request to go to a block's questions."""

        block: str
        level: str | None

    def __init__(
        self, block: Block, level: str | None, texts: list[str], *, is_current: bool
    ) -> None:
        """Show `block` at `level` with the `texts` of its answers; mark the current block."""
        super().__init__()
        self.block = block
        self.level = level
        self._texts = texts
        self._is_current = is_current
        self.set_class(is_current, "-current")

    def render(self) -> Content:
        """Return the title and the answers that fit, and how many more there are."""
        width, height = self.content_size.width, self.content_size.height
        if width < 2 or height < 1:
            return Content()
        lines = self._title(width)[: max(height - 1, 1)]
        for index, text in enumerate(self._texts):
            free_lines = height - len(lines)
            wrapped = _bullet(text, width)
            is_last = index == len(self._texts) - 1
            if len(wrapped) > free_lines - (0 if is_last else 1):
                remaining = len(self._texts) - index
                # An answer that begins here and ends in … says more than a number alone.
                if free_lines >= 3:
                    cut = wrapped[free_lines - 2].rstrip().truncate(width - 1)
                    lines += [*wrapped[: free_lines - 2], cut + "…"]
                    remaining -= 1
                if remaining and len(lines) < height:
                    lines.append(Content.styled(f" +{remaining} more"[:width], "$quiet"))
                break
            lines += wrapped
        return Content("\n").join(line.truncate(width) for line in lines[:height])

    def _title(self, width: int) -> list[Content]:
        """Return the title as a bar in its family's colour, as wide as the block."""
        mark = "▸ " if self._is_current else ""
        count = f" {len(self._texts)}" if self._texts else ""
        family = f"$family-{self.block.family}"
        words = literal(f"{mark}{self.block.title}").split(" ")
        lines: list[Content] = []
        for word in words:
            fits = lines and lines[-1].cell_length + 1 + word.cell_length <= width - 1
            if fits:
                lines[-1] = Content(" ").join([lines[-1], word])
            else:
                lines.append(word.truncate(width - 1, ellipsis=True))
        if lines[-1].cell_length + len(count) <= width - 1:
            lines[-1] = lines[-1] + count
        return [
            Content.assemble(" ", line).truncate(width, pad=True).stylize(f"bold {family} on $bar")
            for line in lines
        ]

    def on_click(self, event: events.Click) -> None:
        """Zoom in on a click."""
        event.stop()
        self.action_zoom()

    def action_zoom(self) -> None:
        """Ask to show this whole block."""
        self.post_message(self.ZoomRequested(self.block.id, self.level))

    def action_go(self) -> None:
        """Ask to go to this block's questions."""
        self.post_message(self.GoRequested(self.block.id, self.level))


def _bullet(text: str, width: int) -> list[Content]:
    """Return a text as a bullet, with a hanging indent from _INDENT_FROM cells on."""
    content = literal(text[: width * 40].replace("\n", " "))
    if width < _INDENT_FROM:
        return [line.rstrip() for line in Content.assemble("• ", content).wrap(width)]
    return [
        Content.assemble(" • " if i == 0 else "   ", line.rstrip())
        for i, line in enumerate(content.wrap(width - 4))
    ]
