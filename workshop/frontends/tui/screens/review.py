"""Everything said, by block, with search."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Footer, Input, OptionList
from textual.widgets.option_list import Option

from workshop.facilitation.messages import dots_suffix, owner_and_due
from workshop.frontends.tui.services import app_of, services_of
from workshop.frontends.tui.widgets.literal import literal
from workshop.frontends.tui.widgets.status_line import StatusLine
from workshop.live_session import LiveSession
from workshop.session.fold import Answer
from workshop.session.session import DEFAULT_SPEAKER
from workshop.text import counted

MOST_SHOWN = 1_000
"""How many answers are listed at once; the search finds the others."""
_SEPARATOR = "#"
_INDENT = 7


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

    def __init__(self, live_session: LiveSession, find: str = "") -> None:
        """Show what `live_session` holds, filtered by `find`."""
        super().__init__()
        self._live_session = live_session
        self._find = find

    def compose(self) -> ComposeResult:
        """Lay out the screen."""
        yield StatusLine(f"Review · {self._live_session.session.title}", id="status")
        yield Input(self._find, placeholder="Search answers, names and questions", id="search")
        yield OptionList(id="said")
        yield Footer(show_command_palette=False)

    def on_mount(self) -> None:
        """List everything, with the search where people begin to type."""
        self._list()
        self.query_one(OptionList if not self._find else Input).focus()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Search as people type."""
        self._find = event.value
        self._list()

    def on_input_submitted(self) -> None:
        """Go from the search into what it found."""
        self.action_into_list()

    def action_into_list(self) -> None:
        """Go into the list."""
        self.query_one(OptionList).focus()

    def action_search(self) -> None:
        """Go to the search."""
        self.query_one(Input).focus()

    def action_go(self) -> None:
        """Go into the list; there, Enter chooses."""
        self.action_into_list()

    def _list(self) -> None:
        session, state = self._live_session.session, self._live_session.state
        wanted = self._find.casefold().strip()
        options: list[Option] = []
        found = 0
        for step in session.steps:
            title = session.step_title(step)
            in_step: list[Option] = []
            for address in step.addresses():
                ask = session.question(address).ask
                in_ask = wanted in ask.casefold() or wanted in title.casefold()
                answers = [a for a in state.answers_to(address) if in_ask or _speaks_of(a, wanted)]
                found += len(answers)
                if not answers and not (in_ask and wanted) and wanted:
                    continue
                in_step.append(Option(self._question(address, ask), id=address))
                room = max(MOST_SHOWN - found + len(answers), 0)
                in_step += [
                    Option(self._answer(a), id=f"{address}{_SEPARATOR}{a.id}")
                    for a in answers[:room]
                ]
                if (more := len(answers) - room) > 0:
                    said = f"{' ' * _INDENT}{counted(more, 'more answer')}: the search finds them"
                    in_step.append(Option(Content.styled(said, "$quiet"), disabled=True))
            if in_step:
                heading = literal(title, f"bold $family-{step.block.family}")
                options += [Option(Content(), disabled=True), Option(heading, disabled=True)]
                options += in_step
        options += self._for_later(wanted)
        listed = self.query_one(OptionList)
        listed.set_options(options)
        if options:
            listed.highlighted = 2
        shown = counted(found, "answer") + (f", {MOST_SHOWN:,} shown" if found > MOST_SHOWN else "")
        self.query_one(StatusLine).show_progress(shown if not wanted else f"{shown} found")

    def _for_later(self, wanted: str) -> list[Option]:
        """List what was parked and what is to be done, as far as the search fits."""
        state = self._live_session.state
        parked = [
            Option(
                self._wrapped(p.text, self._who(p.participant)),
                id=f"{p.question}{_SEPARATOR}{p.id}",
            )
            for p in state.parked
            if wanted in f"{p.text}\n{p.participant}".casefold()
        ]
        actions = [
            Option(self._wrapped(a.text, owner_and_due(a.owner, a.due)))
            for a in state.actions
            if wanted in f"{a.text}\n{a.owner}\n{a.due}".casefold()
        ]
        listed: list[Option] = []
        for title, options in (("Parked points", parked), ("Actions", actions)):
            if options:
                heading = Option(literal(title, "bold"), disabled=True)
                listed += [Option(Content(), disabled=True), heading, *options]
        return listed

    def on_resize(self) -> None:
        """Wrap anew for the new width."""
        self._list()

    @property
    def _room(self) -> int:
        """How wide an answer may be, in cells, beside its number and the scroll bar."""
        return max(app_of(self).size.width - _INDENT - 8, 10)

    def _question(self, address: str, ask: str) -> Content:
        state = self._live_session.state
        if state.count(address):
            return literal(ask, "$quiet")
        reason = state.skipped.get(address)
        status = "open" if reason is None else f"skipped{': ' + reason if reason else ''}"
        return Content.assemble(literal(ask, "$quiet"), "  ", literal(f"({status})", "italic"))

    def _answer(self, answer: Answer) -> Content:
        aside = f"{self._who(answer.participant)}{dots_suffix(answer.dots)}".removeprefix(" ")
        return self._wrapped(answer.text, aside, f"{answer.number}")

    def _who(self, participant: str) -> str:
        """Return who is named beside words: nobody, where it goes without saying."""
        return (
            "" if participant == DEFAULT_SPEAKER[self._live_session.session.mode] else participant
        )

    def _wrapped(self, text: str, aside: str, number: str = "") -> Content:
        """Return words with their number and what is said beside them, in a hanging indent."""
        said = Content.assemble(
            literal(text), "  " if aside else "", literal(aside, "$quiet") if aside else ""
        )
        lines = [w for part in said.split("\n") for w in part.wrap(self._room)]
        first = Content.styled(number.rjust(_INDENT - 2) + "  ", "$quiet")
        indents = [first, *[Content(" " * _INDENT)] * (len(lines) - 1)]
        return Content("\n").join(
            Content.assemble(indent, line.rstrip())
            for indent, line in zip(indents, lines, strict=True)
        )

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Go to the question that was chosen, or whose answer was."""
        address = (event.option_id or "").partition(_SEPARATOR)[0]
        if address in self._live_session.session.step_by_address:
            self.dismiss()
            services_of(self).go_to(address)


def _speaks_of(answer: Answer, wanted: str) -> bool:
    return wanted in answer.text.casefold() or wanted in answer.participant.casefold()
