"""The walk at a glance: every block, where the session is, and what each one holds."""

from dataclasses import dataclass
from itertools import groupby

from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from workshop.banks.model import Step
from workshop.frontends.tui.widgets.literal import literal
from workshop.session import walk
from workshop.session.fold import SessionState
from workshop.session.session import Session

_LATER, _GAP = "/later", "/gap"
"""The ids of the line about what was put aside and of the one above: no step has such a one."""
HERE, DONE, BEGUN, UNTOUCHED = "▸", "✓", "·", " "

_TITLE, _COUNT = 24, 6
"""The widths of a title and of a number of answers, in cells; with the mark they fill a line."""


class Outline(OptionList):
    """The steps of the walk, with a mark and the number of answers of each."""

    DEFAULT_CSS = """
    Outline {
        width: 38;
        height: 1fr;
        max-height: 100%;
        border: none;
        border-right: vkey $panel;
        padding: 1 1 0 1;
        background: $background;
        scrollbar-size-vertical: 1;
    }
    Outline:focus { background: $surface; }
    """

    @dataclass(eq=False, repr=False)
    class Chosen(Message):
        """Somebody wants to go to a block."""

        address: str

    def __init__(self, session: Session, *, id: str | None = None) -> None:
        """Show the walk of `session`."""
        super().__init__(id=id)
        self._session = session
        self._state = SessionState()
        self._shown: dict[str, Content] = {}

    def on_mount(self) -> None:
        """Lay out the walk, with a heading wherever the model changes."""
        for level, steps in groupby(self._session.steps, key=lambda s: s.level):
            if level is not None and len(self._session.levels) > 1:
                name = self._session.level_name(level.id)
                self.add_option(Option(literal(name, "bold $quiet"), disabled=True))
            self.add_options([Option(literal(step.block.title), id=step.id) for step in steps])
        self.follow(self._state)

    def follow(self, state: SessionState) -> None:
        """Show where the session is now."""
        self._state = state
        if not self.option_count:
            return  # not mounted yet; mounting shows it
        here = walk.current(self._session, state)
        for step in self._session.steps:
            content = self._line(state, step, here is not None and here.step == step)
            if self._shown.get(step.id) != content:
                self._shown[step.id] = content
                self.replace_option_prompt(step.id, content)
        self._follow_later(state)
        if here is not None and not self.has_focus:
            self.highlighted = self.get_option_index(here.step.id)

    def _follow_later(self, state: SessionState) -> None:
        """Say under the walk how much was put aside for later, once anything is."""
        counts = (("parked", len(state.parked)), ("actions", len(state.actions)))
        content = literal(" · ".join(f"{what} {n:,}" for what, n in counts if n))
        if self._shown.get(_LATER, Content()) == content:
            return
        if self._shown.pop(_LATER, None) is not None:
            self.remove_option(_LATER)
            self.remove_option(_GAP)
        if content:
            self._shown[_LATER] = content
            self.add_options(
                [
                    Option(Content(), id=_GAP, disabled=True),
                    Option(content, id=_LATER, disabled=True),
                ]
            )

    def _line(self, state: SessionState, step: Step, here: bool) -> Content:
        addresses = step.addresses()
        count = sum(state.count(address) for address in addresses)
        open_questions = [state.is_open(address) for address in addresses]
        mark = (
            HERE
            if here
            else DONE
            if not any(open_questions)
            else BEGUN
            if not all(open_questions)
            else UNTOUCHED
        )
        number = f"{count:,}" if count else ""
        title = literal(step.block.title).truncate(_TITLE, ellipsis=True, pad=True)
        return Content.assemble(
            (mark + " ", f"bold $family-{step.block.family}"),
            title.stylize("bold") if here else title,
            (number.rjust(_COUNT), "$quiet"),
        )

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Ask to go to the block that was chosen."""
        event.stop()
        step = next(s for s in self._session.steps if s.id == event.option_id)
        self.post_message(self.Chosen(step.addresses()[0]))
