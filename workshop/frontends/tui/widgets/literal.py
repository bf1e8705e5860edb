"""The widget for text from people, banks and files: shown literally, never read as markup."""

from textual.content import Content
from textual.widgets import Static

from workshop.text import clean


def literal(text: str, style: str = "") -> Content:
    """Return `text`, cleaned, as content in which nothing is markup."""
    return Content.styled(clean(text), style) if style else Content(clean(text))


class Literal(Static):
    """Static text that is shown literally."""

    def __init__(
        self, text: str | Content = "", *, id: str | None = None, classes: str | None = None
    ) -> None:
        """Show `text`."""
        super().__init__(_content(text), markup=False, id=id, classes=classes)

    def show(self, text: str | Content) -> None:
        """Replace the text."""
        self.update(_content(text))


def _content(text: str | Content) -> Content:
    return text if isinstance(text, Content) else literal(text)
