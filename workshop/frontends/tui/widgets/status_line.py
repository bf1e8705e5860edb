"""The first line of a screen: the title of the session and its progress."""

from textual.content import Content
from textual.widget import Widget

from workshop.frontends.tui.widgets.literal import literal


class StatusLine(Widget):
    """A title at the left, cut where it must be, and the progress at the right, always whole."""

    DEFAULT_CSS = """
    StatusLine { height: 1; background: $panel; color: $foreground; padding: 0 1; }
    """

    def __init__(self, title: str, progress: str = "", *, id: str | None = None) -> None:
        """Show `title` and `progress`."""
        super().__init__(id=id)
        self._title = literal(title, "bold")
        self._progress = literal(progress, "$quiet")
        self._activity = Content()

    def show_title(self, title: str) -> None:
        """Replace the title."""
        self._title = literal(title, "bold")
        self.refresh()

    def show_progress(self, progress: str) -> None:
        """Replace the progress."""
        self._progress = literal(progress, "$quiet")
        self.refresh()

    def show_activity(self, activity: str) -> None:
        """Show, before the progress, an activity in the background; "" when it is over."""
        self._activity = literal(f"{activity}  ", "bold") if activity else Content()
        self.refresh()

    def render(self) -> Content:
        """Return the line, as wide as the screen."""
        right = Content.assemble(self._activity, self._progress)
        return justified_line(self._title, right, self.content_size.width)


def justified_line(left: Content, right: Content, width: int) -> Content:
    """Return a line of `width` cells with `left`, cut where it must be, and `right` at the end."""
    left_width = max(width - right.cell_length - 2, 1)
    return Content.assemble(left.truncate(left_width, ellipsis=True, pad=True), "  ", right)
