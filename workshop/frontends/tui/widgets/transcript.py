"""Everything said, as a window that scrolls: thousands of rows cost no more than a screenful."""

from collections.abc import Callable
from typing import TypeVar

from textual.containers import VerticalScroll
from textual.widget import Widget

WINDOW = 120
"""How many rows are mounted at most, while the reader is at the end."""
PAGE = 40
"""How many older rows are mounted when the reader scrolls up to them."""

Row = Callable[[], Widget]
"""Makes a row's widget, from the state as it is when the row is shown."""

SomeRow = TypeVar("SomeRow", bound=Widget)


class Transcript(VerticalScroll):
    """A list of rows, of which the last ones are mounted, and older ones on demand.

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
        self._rows: list[Row] = []
        self._first = 0
        """The index of the first row that is mounted."""
        self._mounted: list[Widget] = []
        """The widgets of the rows from there on; `children` holds removed ones a moment longer."""

    def on_mount(self) -> None:
        """Stay at the end from now on."""
        self.anchor()

    def seed(self, rows: list[Row]) -> None:
        """Begin with `rows`, of which the last are mounted."""
        self._rows = rows
        self._mount_last()

    def _mount_last(self) -> None:
        self._first = max(len(self._rows) - WINDOW, 0)
        self._mounted = [row() for row in self._rows[self._first :]]
        self.mount_all(self._mounted)

    def add(self, row: Callable[[], SomeRow]) -> SomeRow:
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

    def add_many(self, rows: list[Row]) -> None:
        """Add rows at the end; of more than a window of them, only the last ones are mounted."""
        if len(rows) <= WINDOW:
            for row in rows:
                self.add(row)
            return
        self._rows += rows
        self.remove_children(self._mounted)
        self._mount_last()
        self.anchor()  # wherever the reader was, that is no longer next to what is mounted

    def drop(self, widget: Widget) -> None:
        """Take a row away."""
        if widget in self._mounted:
            place = self._mounted.index(widget)
            del self._rows[self._first + place]
            del self._mounted[place]
            widget.remove()

    @property
    def _at_end(self) -> bool:
        return self.scroll_y >= self.max_scroll_y - 1

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Mount older rows when the reader comes to the first one."""
        super().watch_scroll_y(old_value, new_value)
        if new_value < 1 <= old_value and self._first > 0:
            self.call_next(self._mount_older)

    async def _mount_older(self) -> None:
        first = max(self._first - PAGE, 0)
        widgets: list[Widget] = [row() for row in self._rows[first : self._first]]
        self._first = first
        self._mounted = [*widgets, *self._mounted]
        before = self.virtual_size.height
        await self.mount_all(widgets, before=0)
        self.call_after_refresh(self._stay, before)

    def _stay(self, before: int) -> None:
        """Keep what was in sight in sight, now that there is more above it."""
        grown = self.virtual_size.height - before
        self.scroll_relative(y=grown, animate=False, immediate=True)
