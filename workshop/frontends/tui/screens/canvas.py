"""The canvas screen, and the screen of one block in full."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Footer

from workshop.banks.model import Block
from workshop.frontends.tui.services import app_of, services_of
from workshop.frontends.tui.widgets.canvas_block import CanvasBlock
from workshop.frontends.tui.widgets.canvas_grid import CanvasGrid
from workshop.frontends.tui.widgets.literal import Literal, literal
from workshop.frontends.tui.widgets.status_line import StatusLine
from workshop.live_session import LiveSession
from workshop.session import walk
from workshop.text import counted, dots_suffix

_BOTH = "both"


class CanvasScreen(Screen[None]):
    """Shows one level of the canvas, or all levels one above the other."""

    DEFAULT_CSS = """
    CanvasScreen { background: $background; }
    CanvasScreen #levels { height: 1fr; padding: 0 1; }
    CanvasScreen .level-name {
        height: 1; color: $text-muted; text-style: bold; padding: 0 1; background: $panel;
    }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,f2,q", "dismiss", "Back", key_display="esc", id="canvas.close"),
        Binding("tab,l", "level(1)", "Next model", key_display="tab", id="canvas.level"),
        Binding("shift+tab", "level(-1)", show=False),
        Binding("left", "move('left')", show=False),
        Binding("right", "move('right')", show=False),
        Binding("up", "move('up')", show=False),
        Binding("down", "move('down')", show=False),
        Binding("home", "first", show=False),
    ]

    def __init__(self, live_session: LiveSession) -> None:
        """Show the canvas of `live_session`."""
        super().__init__()
        self._live_session = live_session
        session = live_session.session
        self._views: list[str | None] = [*session.levels]
        if len(session.levels) > 1:
            self._views.append(_BOTH)
        current = live_session.current
        level = current.step.level.id if current is not None and current.step.level else None
        self._view = self._views.index(level) if level in self._views else 0

    def compose(self) -> ComposeResult:
        """Lay out the screen."""
        live_session = self._live_session
        progress = walk.progress(live_session.session, live_session.state)
        settled = walk.settled_of(progress.settled, progress.questions)
        yield StatusLine(
            services_of(self).heading, f"{counted(progress.answers, 'answer')} · {settled} done"
        )
        yield Vertical(id="levels")
        yield Footer(show_command_palette=False)

    async def on_mount(self) -> None:
        """Draw the level of the current question."""
        await self._draw()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        """Offer to change the level only if there are several."""
        return action != "level" or len(self._views) > 1

    async def _draw(self) -> None:
        session, state = self._live_session.session, self._live_session.state
        view = self._views[self._view]
        levels = session.levels if view == _BOTH else (view,)
        widgets: list[Widget] = []
        for level in levels:
            if level is not None:
                widgets.append(Literal(session.level_name(level), classes="level-name"))
            widgets.append(CanvasGrid(session, state, level))
        container = self.query_one("#levels")
        await container.remove_children()
        await container.mount_all(widgets)
        self._focus_current()

    def _focus_current(self) -> None:
        blocks = list(self.query(CanvasBlock))
        current = next((b for b in blocks if b.has_class("-current")), blocks[0])
        current.focus()

    async def action_level(self, by: int) -> None:
        """Show the next level, or all of them."""
        self._view = (self._view + by) % len(self._views)
        await self._draw()

    def action_first(self) -> None:
        """Focus the current block."""
        self._focus_current()

    def action_move(self, direction: str) -> None:
        """Focus the nearest block in a direction, as the blocks lie on the screen."""
        focused = self.focused
        if not isinstance(focused, CanvasBlock):
            self._focus_current()
            return
        x, y = focused.region.center
        candidates: list[tuple[float, CanvasBlock]] = []
        for block in self.query(CanvasBlock):
            dx, dy = block.region.center[0] - x, (block.region.center[1] - y) * 2
            along, across = {
                "left": (-dx, dy),
                "right": (dx, dy),
                "up": (-dy, dx),
                "down": (dy, dx),
            }[direction]
            if block is not focused and along > 0:
                candidates.append((along + 3 * abs(across), block))
        if candidates:
            min(candidates, key=lambda candidate: candidate[0])[1].focus()

    def on_canvas_block_zoom_requested(self, event: CanvasBlock.ZoomRequested) -> None:
        """Show a whole block."""
        block = self._live_session.session.bank.block(event.block)
        app_of(self).push_screen(ZoomScreen(self._live_session, block, event.level))

    def on_canvas_block_go_requested(self, event: CanvasBlock.GoRequested) -> None:
        """Go to a block's first question, if the walk has it."""
        step = self._live_session.session.step_at(event.block, event.level)
        if step is None:
            self.notify("This session does not ask that block's questions.", markup=False)
            return
        self.dismiss()
        services_of(self).go_to(step.addresses()[0])


class ZoomScreen(Screen[None]):
    """Shows one block in full: every question with every answer."""

    DEFAULT_CSS = """
    ZoomScreen { background: $background; }
    ZoomScreen VerticalScroll { padding: 1 3; scrollbar-size-vertical: 1; }
    ZoomScreen .ask { color: $text-muted; margin-top: 1; }
    ZoomScreen .answer { margin: 0 0 0 2; }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,enter,q,f2", "dismiss", "Back", key_display="esc"),
    ]

    def __init__(self, live_session: LiveSession, block: Block, level: str | None) -> None:
        """Show `block` at `level`."""
        super().__init__()
        self._live_session = live_session
        self._block = block
        self._level = level

    def compose(self) -> ComposeResult:
        """Lay out the block."""
        session, state = self._live_session.session, self._live_session.state
        has_levels = self._level is not None and len(session.levels) > 1
        level_name = f" · {session.level_name(self._level)}" if has_levels and self._level else ""
        yield StatusLine(self._block.title + level_name, session.title)
        with VerticalScroll():
            yield Literal(literal(self._block.purpose, "italic $quiet"))
            for question in self._block.questions_at(self._level):
                answers = state.answers_to(f"{self._block.id}.{question.id}")
                yield Literal(question.ask, classes="ask")
                # One widget for all answers, because a block may have thousands.
                lines = [
                    Content.assemble(
                        ("• ", f"bold $family-{self._block.family}"),
                        literal(a.text),
                        (dots_suffix(a.votes), "$quiet"),
                    )
                    for a in answers
                ]
                yield Literal(
                    Content("\n").join(lines) if lines else literal("–", "$quiet"),
                    classes="answer",
                )
        yield Footer(show_command_palette=False)
