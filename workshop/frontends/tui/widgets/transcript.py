"""The transcript, which mounts a window of its rows: thousands cost no more than a screenful."""

from collections.abc import Callable
from typing import TypeVar

from textual.containers import VerticalScroll
from textual.widget import Widget

WINDOW = 120
"""The number of rows that stay mounted while the reader is at the end."""
PAGE = 40
"""The number of older rows that are mounted when the reader scrolls up to them."""

RowFactory = Callable[[], Widget]
"""Makes the widget of a row, from the state at the moment when the row is mounted."""

RowWidget = TypeVar("RowWidget", bound=Widget)


class Transcript(VerticalScroll):
    """A list of rows: the last ones are mounted, older ones on demand.

    It stays at its end while rows are added, unless the reader has scrolled up.
    """

    DEFAULT_CSS = """
    Transcript {
        layout: stream;
        height: 1fr;
        scrollbar-size-vertical: 1;
        background: $background;
    }
    """

    def __init__(self, *, id: str | None = None) -> None:
        """Begin empty."""
        super().__init__(id=id, can_focus=False)
        self._rows: list[RowFactory] = []
        self._first = 0
        """The index of the first mounted row."""
        self._mounted: list[Widget] = []
        """The mounted widgets; unlike `children`, without those that are being removed."""

    def on_mount(self) -> None:
        """Stay at the end while rows are added."""
        self.anchor()

    def start_with(self, rows: list[RowFactory]) -> None:
        """Begin with `rows`, and mount the last of them."""
        self._rows = rows
        self._mount_last()

    def _mount_last(self) -> None:
        self._first = max(len(self._rows) - WINDOW, 0)
        self._mounted = [row() for row in self._rows[self._first :]]
        self.mount_all(self._mounted)

    def add(self, row: Callable[[], RowWidget]) -> RowWidget:
        """Add a row at the end, and return its widget."""
        widget = row()
        self._rows.append(row)
        self._mounted.append(widget)
        self.mount(widget)
        if len(self._mounted) > WINDOW + PAGE and self._at_end:
            surplus = len(self._mounted) - WINDOW
            self.remove_children(self._mounted[:surplus])
            del self._mounted[:surplus]
            self._first += surplus
        return widget

    def add_many(self, rows: list[RowFactory]) -> None:
        """Add rows at the end; of more than a window of them, only the last ones are mounted."""
        if len(rows) <= WINDOW:
            for row in rows:
                self.add(row)
            return
        self._rows += rows
        self.remove_children(self._mounted)
        self._mount_last()
        self.anchor()  # the rows that the reader looked at are no longer mounted

    def remove_row(self, widget: Widget) -> None:
        """Remove the row of `widget`."""
        if widget in self._mounted:
            index = self._mounted.index(widget)
            del self._rows[self._first + index]
            del self._mounted[index]
            widget.remove()

    @property
    def _at_end(self) -> bool:
        return self.scroll_y >= self.max_scroll_y - 1

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Mount older rows when the reader reaches the first mounted one."""
        super().watch_scroll_y(old_value, new_value)
        if new_value < 1 <= old_value and self._first > 0:
            self.call_next(self._mount_older)

    async def _mount_older(self) -> None:
        first = max(self._first - PAGE, 0)
        widgets: list[Widget] = [row() for row in self._rows[first : self._first]]
        self._first = first
        self._mounted = [*widgets, *self._mounted]
        old_height = self.virtual_size.height
        await self.mount_all(widgets, before=0)
        self.call_after_refresh(self._keep_in_view, old_height)

    def _keep_in_view(self, old_height: int) -> None:
        """Scroll by the height that was added above, so that the same rows stay in sight."""
        added = self.virtual_size.height - old_height
        self.scroll_relative(y=added, animate=False, immediate=True)
