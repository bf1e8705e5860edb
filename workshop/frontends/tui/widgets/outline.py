"""The outline of the walk: every block, the current one, and the number of answers in each."""

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

_LATER, _GAP, _HEADING = "/later", "/gap", "/heading"
"""Ids of the line that counts parked points and actions, of the empty one above it, and the
beginning of the ids of the levels' headings. No step has such an id.
"""
CURRENT, DONE, BEGUN, UNTOUCHED = "▸", "✓", "·", " "

_TITLE, _COUNT = 24, 6
"""The widths of the title and of the number of answers, in cells; the mark takes the rest."""


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
        """A block was chosen, to go to its first question."""

        address: str

    def __init__(self, session: Session, *, id: str | None = None) -> None:
        """Show the walk of `session`."""
        super().__init__(id=id)
        self._session = session
        self._state = SessionState()
        self._contents: dict[str, Content] = {}
        self._headings: dict[str, str] = {}
        """The ids of the levels, by the id of each heading."""

    def on_mount(self) -> None:
        """List the walk, with a heading wherever the level changes."""
        for level, steps in groupby(self._session.steps, key=lambda s: s.level):
            if level is not None and len(self._session.levels) > 1:
                heading_id = f"{_HEADING}{len(self._headings)}"
                self._headings[heading_id] = level.id
                self.add_option(Option(Content(), id=heading_id, disabled=True))
            self.add_options([Option(literal(step.block.title), id=step.id) for step in steps])
        self.show_state(self._session, self._state)

    def show_state(self, session: Session, state: SessionState) -> None:
        """Show the models' names in `session`, and the position and the answers of `state`."""
        self._session, self._state = session, state
        if not self.option_count:
            return  # not mounted yet; mounting shows it
        for heading_id, level_id in self._headings.items():
            self._replace(heading_id, literal(session.level_name(level_id), "bold $quiet"))
        current = walk.current(session, state)
        for step in session.steps:
            is_current = current is not None and current.step == step
            self._replace(step.id, self._line(state, step, is_current))
        self._show_later(state)
        if current is not None and not self.has_focus:
            self.highlighted = self.get_option_index(current.step.id)

    def _replace(self, option_id: str, content: Content) -> None:
        if self._contents.get(option_id) != content:
            self._contents[option_id] = content
            self.replace_option_prompt(option_id, content)

    def _show_later(self, state: SessionState) -> None:
        """Show under the walk the numbers of parked points and actions, once there are any."""
        counts = (("parked", len(state.parked)), ("actions", len(state.actions)))
        content = literal(" · ".join(f"{name} {count:,}" for name, count in counts if count))
        if self._contents.get(_LATER, Content()) == content:
            return
        if self._contents.pop(_LATER, None) is not None:
            self.remove_option(_LATER)
            self.remove_option(_GAP)
        if content:
            self._contents[_LATER] = content
            self.add_options(
                [
                    Option(Content(), id=_GAP, disabled=True),
                    Option(content, id=_LATER, disabled=True),
                ]
            )

    def _line(self, state: SessionState, step: Step, is_current: bool) -> Content:
        addresses = step.addresses()
        count = sum(state.answer_count(address) for address in addresses)
        are_open = [state.is_open(address) for address in addresses]
        if is_current:
            mark = CURRENT
        elif not any(are_open):
            mark = DONE
        else:
            mark = UNTOUCHED if all(are_open) else BEGUN
        number = f"{count:,}" if count else ""
        title = literal(step.block.title).truncate(_TITLE, ellipsis=True, pad=True)
        return Content.assemble(
            (mark + " ", f"bold $family-{step.block.family}"),
            title.stylize("bold") if is_current else title,
            (number.rjust(_COUNT), "$quiet"),
        )

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Ask to go to the block that was chosen."""
        event.stop()
        step = next(s for s in self._session.steps if s.id == event.option_id)
        self.post_message(self.Chosen(step.addresses()[0]))
