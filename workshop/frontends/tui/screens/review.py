"""The review screen: all answers by block, with search."""

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
from workshop.session.fold import Answer
from workshop.text import counted, dots_suffix
from workshop.views import labels
from workshop.views.attribution import attribute
from workshop.views.outline import ActionItem

MAX_LISTED = 1_000
"""How many answers are listed at once; the search finds the others."""
_SEPARATOR = "#"
"""Between the address of a question and the id of an answer, in the id of an option."""
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
        self._attribution = attribute(live_session.session, live_session.state)

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
        session, state = self._live_session.session, self._live_session.state
        self._attribution = attribute(session, state)
        query = self._query.casefold().strip()
        options: list[Option] = []
        match_count = 0
        for step in session.steps:
            title = session.step_title(step)
            step_options: list[Option] = []
            for address in step.addresses():
                ask = session.question(address).ask
                question_matches = query in ask.casefold() or query in title.casefold()
                answers = [
                    a for a in state.answers_to(address) if question_matches or _matches(a, query)
                ]
                match_count += len(answers)
                if not answers and not question_matches and query:
                    continue
                step_options.append(Option(self._question(address, ask), id=address))
                remaining = max(MAX_LISTED - match_count + len(answers), 0)
                step_options += [
                    Option(self._answer(a), id=f"{address}{_SEPARATOR}{a.id}")
                    for a in answers[:remaining]
                ]
                if (more := len(answers) - remaining) > 0:
                    hint = f"{' ' * _INDENT}{counted(more, 'more answer')}: the search finds them"
                    step_options.append(Option(Content.styled(hint, "$quiet"), disabled=True))
            if step_options:
                heading = literal(title, f"bold $family-{step.block.family}")
                options += [Option(Content(), disabled=True), Option(heading, disabled=True)]
                options += step_options
        options += self._parked_and_actions(query)
        option_list = self.query_one(OptionList)
        option_list.set_options(options)
        if options:
            option_list.highlighted = 2
        summary = counted(match_count, "answer")
        summary += f", {MAX_LISTED:,} shown" if match_count > MAX_LISTED else ""
        self.query_one(StatusLine).show_progress(summary if not query else f"{summary} found")

    def _parked_and_actions(self, query: str) -> list[Option]:
        """Return options for the parked points and the actions that match the query."""
        state = self._live_session.state
        parked = [
            Option(
                self._wrapped(p.text, self._attribution.name(p.participant)),
                id=f"{p.question}{_SEPARATOR}{p.id}",
            )
            for p in state.parked
            if query in f"{p.text}\n{p.participant}".casefold()
        ]
        actions = [
            Option(self._wrapped(a.text, labels.action_details(ActionItem(a.text, a.owner, a.due))))
            for a in state.actions
            if query in f"{a.text}\n{a.owner}\n{a.due}".casefold()
        ]
        sections: list[Option] = []
        for title, options in (("Parked points", parked), ("Actions", actions)):
            if options:
                heading = Option(literal(title, "bold"), disabled=True)
                sections += [Option(Content(), disabled=True), heading, *options]
        return sections

    def on_resize(self) -> None:
        """Wrap the texts again for the new width."""
        self._show_matches()

    @property
    def _text_width(self) -> int:
        """The width for a text, without its number and the scroll bar, in cells."""
        return max(app_of(self).size.width - _INDENT - 8, 10)

    def _question(self, address: str, ask: str) -> Content:
        state = self._live_session.state
        if state.answer_count(address):
            return literal(ask, "$quiet")
        reason = state.skipped.get(address)
        status = "open" if reason is None else f"skipped{': ' + reason if reason else ''}"
        return Content.assemble(literal(ask, "$quiet"), "  ", literal(f"({status})", "italic"))

    def _answer(self, answer: Answer) -> Content:
        name = self._attribution.name(answer.participant)
        details = f"{name}{dots_suffix(answer.votes)}".removeprefix(" ")
        return self._wrapped(answer.text, details, f"{answer.number}")

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


def _matches(answer: Answer, query: str) -> bool:
    return query in answer.text.casefold() or query in answer.participant.casefold()
