"""The panel with the question that is being asked, always in sight above the transcript."""

from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget

from workshop.banks.model import Family
from workshop.frontends.tui.services import app_of
from workshop.frontends.tui.widgets.literal import literal
from workshop.frontends.tui.widgets.status_line import justified_line

_BAR = "▌ "


class QuestionPanel(Widget):
    """A block's title in its family's colour, and the question in the document's words."""

    DEFAULT_CSS = """
    QuestionPanel { height: auto; width: 1fr; padding: 0 1 0 0; background: $surface; }
    """

    def __init__(self, *, id: str | None = None) -> None:
        """Begin empty; `show_question` fills the panel."""
        super().__init__(id=id)
        self._family: Family = "context"
        self._title = self._position = self._question = Content()

    def show_question(self, title: str, family: Family, position: str, question: str) -> None:
        """Show a question, under the title, in the family's colour, and with its position."""
        self._family = family
        self._title = literal(title, f"bold $family-{family}")
        self._position = literal(position, "$quiet")
        self._question = literal(question, "bold")
        self.clear_cached_dimensions()
        self.refresh(layout=True)

    def get_content_height(
        self,
        container: Size,  # noqa: ARG002 - Textual's signature
        viewport: Size,  # noqa: ARG002
        width: int,
    ) -> int:
        """Return the height of the question at `width` cells, in lines."""
        return len(self._lines(width))

    def render(self) -> Content:
        """Return the lines, each behind a bar in the family's colour."""
        bar = Content.styled(_BAR, f"$family-{self._family}")
        lines = self._lines(self.content_size.width)
        return Content("\n").join(Content.assemble(bar, line) for line in lines)

    def _lines(self, width: int) -> list[Content]:
        text_width = max(width - len(_BAR), 10)
        question = [line.rstrip() for line in self._question.wrap(text_width)]
        # An empty line sets the question apart where the screen has room for one.
        gap = [Content()] if app_of(self).size.height >= 30 else []
        return [justified_line(self._title, self._position, text_width), *gap, *question]
