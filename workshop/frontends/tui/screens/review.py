"""The review screen: all answers by block, with search."""

from itertools import groupby
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Footer, Input, OptionList
from textual.widgets.option_list import Option

from workshop.frontends.tui.services import app_of, services_of
from workshop.frontends.tui.widgets.literal import literal
from workshop.frontends.tui.widgets.status_line import StatusLine
from workshop.live_session import LiveSession
from workshop.text import counted
from workshop.views import labels
from workshop.views.outline import ActionItem, ParkedItem, QuestionPart, build_outline
from workshop.views.search import search

MAX_LISTED = 1_000
"""How many answers are listed at once; the search finds the others."""
_SEPARATOR = "#"
"""Between the address of a question and the number of an answer, in the id of an option."""
_INDENT = 7
"""The width of the column of answer numbers, in cells."""


class ReviewScreen(Screen[None]):
    """Lists every answer under its question; Enter goes to the question."""

    DEFAULT_CSS = """
    ReviewScreen { background: $background; }
    ReviewScreen Input { border: round $primary; margin: 0 1; }
    ReviewScreen Input:focus { border: round $accent; }
    ReviewScreen OptionList {
        height: 1fr; max-height: 100%; border: none; background: $background; padding: 0 2;
        scrollbar-size-vertical: 1;
    }
    ReviewScreen OptionList:focus { border: none; }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,f4", "dismiss", "Back", key_display="esc", id="review.close"),
        Binding("enter", "go", "Go there", show=True, id="review.go"),
        Binding("down", "into_list", show=False),
        Binding("slash,ctrl+f", "search", "Search", key_display="/", id="review.search"),
    ]

    def __init__(self, live_session: LiveSession, query: str = "") -> None:
        """Show the answers of `live_session`, filtered by `query`."""
        super().__init__()
        self._live_session = live_session
        self._query = query
        self._outline = build_outline(live_session.session, live_session.event_log)

    def compose(self) -> ComposeResult:
        """Lay out the screen."""
        yield StatusLine(f"Review · {self._live_session.session.title}", id="status")
        yield Input(self._query, placeholder="Search answers, names and questions", id="search")
        yield OptionList(id="answers")
        yield Footer(show_command_palette=False)

    def on_mount(self) -> None:
        """List the answers; focus the search if there is a query."""
        self._show_matches()
        self.query_one(OptionList if not self._query else Input).focus()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Search as people type."""
        self._query = event.value
        self._show_matches()

    def on_input_submitted(self) -> None:
        """Go from the search to its results."""
        self.action_into_list()

    def action_into_list(self) -> None:
        """Focus the list."""
        self.query_one(OptionList).focus()

    def action_search(self) -> None:
        """Focus the search."""
        self.query_one(Input).focus()

    def action_go(self) -> None:
        """Focus the list, where Enter chooses."""
        self.action_into_list()

    def _show_matches(self) -> None:
        matches = search(self._outline, self._query)
        options: list[Option] = []
        remaining = MAX_LISTED
        for title, group in groupby(matches.questions, lambda match: match.title):
            for index, match in enumerate(group):
                if not index:
                    family = f" $family-{match.family}" if match.family else ""
                    options += _heading(title, f"bold{family}")
                options += self._question_options(match.question, remaining)
                remaining = max(remaining - len(match.question.answers), 0)
        for title, items in (
            (labels.PARKED, [self._parked(n, p) for n, p in enumerate(matches.parked)]),
            (labels.ACTIONS, [self._action(action) for action in matches.actions]),
        ):
            if items:
                options += [*_heading(title, "bold"), *items]
        option_list = self.query_one(OptionList)
        option_list.set_options(options)
        if options:
            option_list.highlighted = 2
        count = matches.answer_count
        summary = counted(count, "answer")
        summary += f", {MAX_LISTED:,} shown" if count > MAX_LISTED else ""
        self.query_one(StatusLine).show_progress(
            summary if not self._query.strip() else f"{summary} found"
        )

    def _question_options(self, question: QuestionPart, remaining: int) -> list[Option]:
        """Return options for a question and at most `remaining` of its answers."""
        ask = literal(question.ask, "$quiet")
        if not question.answers:
            status = literal(f"({labels.unanswered_label(question)})", "italic")
            ask = Content.assemble(ask, "  ", status)
        options = [Option(ask, id=question.address)]
        options += [
            Option(
                self._wrapped(a.text, labels.credit(a), f"{a.number}"),
                id=f"{question.address}{_SEPARATOR}{a.number}",
            )
            for a in question.answers[:remaining]
        ]
        if (more := len(question.answers) - remaining) > 0:
            hint = f"{' ' * _INDENT}{counted(more, 'more answer')}: the search finds them"
            options.append(Option(Content.styled(hint, "$quiet"), disabled=True))
        return options

    def _parked(self, index: int, point: ParkedItem) -> Option:
        details = labels.parked_details(point)
        option_id = f"{point.question}{_SEPARATOR}parked-{index}"
        return Option(self._wrapped(point.text, details), id=option_id)

    def _action(self, action: ActionItem) -> Option:
        return Option(self._wrapped(action.text, labels.action_details(action)))

    def on_resize(self) -> None:
        """Wrap the texts again for the new width."""
        self._show_matches()

    @property
    def _text_width(self) -> int:
        """The width for a text, without its number and the scroll bar, in cells."""
        return max(app_of(self).size.width - _INDENT - 8, 10)

    def _wrapped(self, text: str, details: str, number: str = "") -> Content:
        """Return a text with its number and details, wrapped, with a hanging indent."""
        content = Content.assemble(
            literal(text), "  " if details else "", literal(details, "$quiet") if details else ""
        )
        lines = [w for part in content.split("\n") for w in part.wrap(self._text_width)]
        number_column = Content.styled(number.rjust(_INDENT - 2) + "  ", "$quiet")
        indents = [number_column, *[Content(" " * _INDENT)] * (len(lines) - 1)]
        return Content("\n").join(
            Content.assemble(indent, line.rstrip())
            for indent, line in zip(indents, lines, strict=True)
        )

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Go to the question that was chosen, or to that of the answer that was."""
        address = (event.option_id or "").partition(_SEPARATOR)[0]
        if address in self._live_session.session.step_by_address:
            self.dismiss()
            services_of(self).go_to(address)


def _heading(title: str, style: str) -> list[Option]:
    """Return an empty line and a heading."""
    return [Option(Content(), disabled=True), Option(literal(title, style), disabled=True)]
