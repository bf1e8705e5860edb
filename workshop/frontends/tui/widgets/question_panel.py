"""The question that is being asked, always in sight above what is said."""

from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget

from workshop.banks.model import Family
from workshop.frontends.tui.services import app_of
from workshop.frontends.tui.widgets.literal import literal
from workshop.frontends.tui.widgets.status_line import spread

_BAR = "▌ "


class QuestionPanel(Widget):
    """A block's title in its family's colour, and the question in the document's words."""

    DEFAULT_CSS = """
    QuestionPanel { height: auto; width: 1fr; padding: 0 1 0 0; background: $surface; }
    """

    def __init__(self, *, id: str | None = None) -> None:
        """Begin empty; `ask` fills it."""
        super().__init__(id=id)
        self._family: Family = "context"
        self._block = self._place = self._ask = Content()

    def ask(self, block: str, family: Family, place: str, question: str) -> None:
        """Show a question: its block's title and family, where it stands, and its words."""
        self._family = family
        self._block = literal(block, f"bold $family-{family}")
        self._place = literal(place, "$quiet")
        self._ask = literal(question, "bold")
        self.clear_cached_dimensions()
        self.refresh(layout=True)

    def get_content_height(
        self,
        container: Size,  # noqa: ARG002 - Textual's signature
        viewport: Size,  # noqa: ARG002
        width: int,
    ) -> int:
        """Return how many lines the question takes at `width` cells."""
        return len(self._lines(width))

    def render(self) -> Content:
        """Return the lines, each behind a bar in the family's colour."""
        bar = Content.styled(_BAR, f"$family-{self._family}")
        lines = self._lines(self.content_size.width)
        return Content("\n").join(Content.assemble(bar, line) for line in lines)

    def _lines(self, width: int) -> list[Content]:
        room = max(width - len(_BAR), 10)
        words = [line.rstrip() for line in self._ask.wrap(room)]
        # An empty line lets the question breathe where the screen has room for one.
        breath = [Content()] if app_of(self).size.height >= 30 else []
        return [spread(self._block, self._place, room), *breath, *words]
