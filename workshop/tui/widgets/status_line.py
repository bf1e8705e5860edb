"""The first line of a screen: whose session this is, and how far it is."""

from textual.app import ComposeResult
from textual.containers import Horizontal

from workshop.tui.widgets.literal import Literal


class StatusLine(Horizontal):
    """A title at the left, which gives way, and progress at the right, which does not."""

    DEFAULT_CSS = """
    StatusLine {
        height: 1;
        background: $panel;
        color: $foreground;
        padding: 0 1;
    }
    StatusLine .title {
        width: 1fr;
        text-style: bold;
        text-wrap: nowrap;
        text-overflow: ellipsis;
    }
    StatusLine .progress {
        width: auto;
        padding-left: 2;
        color: $text-muted;
    }
    """

    def __init__(self, title: str, progress: str = "", *, id: str | None = None) -> None:
        """Show `title` and `progress`."""
        super().__init__(id=id)
        self._title = Literal(title, classes="title")
        self._progress = Literal(progress, classes="progress")

    def compose(self) -> ComposeResult:
        """Lay out the two texts."""
        yield self._title
        yield self._progress

    def show_progress(self, progress: str) -> None:
        """Show other progress."""
        self._progress.show(progress)
