"""The first line of a screen: whose session this is, and how far it is."""

from textual.content import Content
from textual.widget import Widget

from workshop.frontends.tui.widgets.literal import literal


class StatusLine(Widget):
    """A title at the left, which gives way, and progress at the right, which does not."""

    DEFAULT_CSS = """
    StatusLine { height: 1; background: $panel; color: $foreground; padding: 0 1; }
    """

    def __init__(self, title: str, progress: str = "", *, id: str | None = None) -> None:
        """Show `title` and `progress`."""
        super().__init__(id=id)
        self._title = literal(title, "bold")
        self._progress = literal(progress, "$quiet")
        self._aside = Content()

    def show_progress(self, progress: str) -> None:
        """Show other progress."""
        self._progress = literal(progress, "$quiet")
        self.refresh()

    def show_aside(self, words: str) -> None:
        """Show, before the progress, what goes on beside the conversation; "" when it is over."""
        self._aside = literal(f"{words}  ", "bold") if words else Content()
        self.refresh()

    def render(self) -> Content:
        """Return the line, as wide as the screen."""
        right = Content.assemble(self._aside, self._progress)
        return spread(self._title, right, self.content_size.width)


def spread(left: Content, right: Content, width: int) -> Content:
    """Return one line of `width` cells: `left`, cut where it must be, and `right` at the end."""
    room = max(width - right.cell_length - 2, 1)
    return Content.assemble(left.truncate(room, ellipsis=True, pad=True), "  ", right)
