"""The question that is being asked, always in sight above what is said."""

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical

from workshop.banks.model import Family
from workshop.tui.widgets.literal import Literal

FAMILIES: tuple[Family, ...] = ("infrastructure", "offering", "customer", "finance", "context")


class QuestionPanel(Vertical):
    """A block's title in its family's colour, and the question in the document's words."""

    DEFAULT_CSS = """
    QuestionPanel {
        height: auto;
        padding: 0 1;
        border-left: outer $family-context;
        background: $surface;
    }
    QuestionPanel .heading { height: 1; }
    QuestionPanel .block {
        width: 1fr; text-style: bold; text-wrap: nowrap; text-overflow: ellipsis;
    }
    QuestionPanel .place { width: auto; padding-left: 2; color: $text-muted; }
    QuestionPanel .ask { text-style: bold; color: $foreground; margin-top: 1; }
    QuestionPanel.-short .ask { margin-top: 0; }
    QuestionPanel.infrastructure { border-left: outer $family-infrastructure; }
    QuestionPanel.offering { border-left: outer $family-offering; }
    QuestionPanel.customer { border-left: outer $family-customer; }
    QuestionPanel.finance { border-left: outer $family-finance; }
    QuestionPanel.infrastructure .block { color: $family-infrastructure; }
    QuestionPanel.offering .block { color: $family-offering; }
    QuestionPanel.customer .block { color: $family-customer; }
    QuestionPanel.finance .block { color: $family-finance; }
    QuestionPanel.context .block { color: $family-context; }
    """

    def __init__(self, *, id: str | None = None) -> None:
        """Begin empty; `ask` fills it."""
        super().__init__(id=id)
        self._block = Literal(classes="block")
        self._place = Literal(classes="place")
        self._ask = Literal(classes="ask")

    def compose(self) -> ComposeResult:
        """Lay out the heading and the question."""
        with Horizontal(classes="heading"):
            yield self._block
            yield self._place
        yield self._ask

    def ask(self, block: str, family: Family, place: str, question: str) -> None:
        """Show a question: its block's title and family, where it stands, and its words."""
        self.set_classes(family)
        self._block.show(block)
        self._place.show(place)
        self._ask.show(question)
