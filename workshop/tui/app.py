"""The terminal interface: one app around one sitting."""

import asyncio
import os
import signal
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual import work
from textual.app import App, SystemCommand
from textual.binding import Binding, BindingType
from textual.screen import Screen

from workshop.errors import WorkshopError
from workshop.session.state import Fold
from workshop.sitting import Sitting
from workshop.tui.preferences import Preferences
from workshop.tui.screens.conversation import Conversation

if TYPE_CHECKING:
    from textual.command import Provider

# One accent a block family, and one colour for what stands back, for dark and for light themes:
# each with a contrast of at least 4.5 to 1 against the background of every theme of its kind.
_DARK = {
    "family-infrastructure": "#7ccf8a",
    "family-offering": "#f2c14e",
    "family-customer": "#6cb6ff",
    "family-finance": "#d99cf0",
    "family-context": "#a3adba",
    "quiet": "#98a2ad",
    "bar": "#2b323b",
}
_LIGHT = {
    "family-infrastructure": "#1f7a3a",
    "family-offering": "#8a5a00",
    "family-customer": "#0b5cad",
    "family-finance": "#8a2fb0",
    "family-context": "#57606a",
    "quiet": "#59626c",
    "bar": "#dfe5ec",
}

_SCROLLBAR_BACKGROUNDS = (
    "scrollbar-background",
    "scrollbar-background-hover",
    "scrollbar-background-active",
    "scrollbar-corner-color",
)


def _provider() -> "type[Provider]":
    # Imported when the palette is first opened, as Textual does with its own.
    from workshop.tui.palette import WorkshopProvider

    return WorkshopProvider


class WorkshopApp(App[None]):
    """Workshop in a terminal. Nothing is parsed that people typed, a bank says or a file holds."""

    # The first screen is there before the app would load a screen's own file.
    CSS_PATH = ["app.tcss", "screens/conversation.tcss"]  # noqa: RUF012 - as Textual has it
    TITLE = "Workshop"
    COMMANDS = App.COMMANDS | {_provider}
    BINDINGS: ClassVar[list[BindingType]] = [
        # Quitting goes through the conversation, behind what was typed before.
        Binding("ctrl+q", "leave", "Quit", show=False, priority=True),
    ]

    def __init__(self, sitting: Sitting, preferences: Preferences | None = None) -> None:
        """Show `sitting`, in the theme that was chosen last."""
        super().__init__()
        self.sitting = sitting
        self._preferences = preferences
        self._conversation = Conversation(sitting)
        if preferences is not None and preferences.theme in self.available_themes:
            self.theme = preferences.theme

    @property
    def heading(self) -> str:
        """The canvas and the session, as the first line of a screen names them."""
        session = self.sitting.session
        if session.title.casefold().startswith(session.bank.title.casefold()):
            return session.title
        return f"{session.bank.title} · {session.title}"

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Add the families' accents to the theme's colours."""
        return _DARK if self.current_theme.dark else _LIGHT

    def get_css_variables(self) -> dict[str, str]:
        """Let scroll bars stand on the background of what they scroll."""
        variables = super().get_css_variables()
        quiet = dict.fromkeys(_SCROLLBAR_BACKGROUNDS, variables["background"])
        return variables | quiet

    def get_default_screen(self) -> Conversation:
        """Begin with the conversation."""
        return self._conversation

    def on_mount(self) -> None:
        """Remember the theme from now on."""
        for name in ("SIGTERM", "SIGHUP"):
            number = getattr(signal, name, None)
            if number is not None and os.name == "posix":
                loop = asyncio.get_running_loop()
                loop.add_signal_handler(number, self._conversation.end, 128 + number)
        self.theme_changed_signal.subscribe(self, lambda theme: self._remember(theme.name))

    def _remember(self, theme: str) -> None:
        if self._preferences is None or self._preferences.theme == theme:
            return
        try:
            self._preferences.keep_theme(theme)
        except WorkshopError as error:
            self.notify(str(error), severity="warning", markup=False)

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:  # noqa: ARG002
        """Offer, of Textual's own entries, the one that belongs in a workshop."""
        yield SystemCommand("Theme", "Change the colours", self.action_change_theme)
        yield SystemCommand("Quit", "Leave; everything is saved", self.action_leave)

    # ── what every screen can ask for ────────────────────────────────────────────────────────

    def go_to(self, address: str) -> None:
        """Go to the question at that address."""
        self._conversation.go_to(address)

    def action_canvas(self) -> None:
        """Show the canvas."""
        from workshop.tui.screens.canvas import CanvasScreen

        self._only_over_conversation()
        self.push_screen(CanvasScreen(self.sitting))

    def action_review(self, find: str = "") -> None:
        """Show everything said, filtered by `find`."""
        from workshop.tui.screens.review import ReviewScreen

        self._only_over_conversation()
        self.push_screen(ReviewScreen(self.sitting, find))

    def action_commands(self) -> None:
        """Show every key and command."""
        from workshop.tui.screens.commands import CommandsScreen

        self._only_over_conversation()
        self.push_screen(CommandsScreen())

    def _only_over_conversation(self) -> None:
        """Close whatever view is open, so that views do not pile up."""
        while self.screen is not self._conversation and len(self.screen_stack) > 1:
            self.pop_screen()

    def action_report(self) -> None:
        """Write the Word report into the current directory."""
        self._conversation.note("Writing the report …")
        # A fold of its own: the one that is shown changes while the report is written.
        self._write_report(Fold(self.sitting.fold.events))

    @work(thread=True, exclusive=True, group="report")
    def _write_report(self, fold: Fold) -> None:
        """Write the report beside the interface, which goes on meanwhile."""
        from workshop.report.files import default_report_name, write_report
        from workshop.report.request import ReportRequest

        session = self.sitting.session
        try:
            target = Path.cwd() / default_report_name(session)
            write_report(ReportRequest(session, fold), target)
        except (WorkshopError, OSError) as error:
            self.call_from_thread(self._conversation.note, str(error), warning=True)
        else:
            self.call_from_thread(self._conversation.note, f"The report is written: {target}")

    def action_leave(self) -> None:
        """Leave, once everything that was typed before is dealt with."""
        self._conversation.action_leave()


def run(path: Path, speaker: str = "") -> int:
    """Open the session file at `path` in the terminal, and return an exit code when it is left.

    Raises what Sitting.open does, before the screen is touched.
    """
    sitting = Sitting.open(path, speaker)
    try:
        app = WorkshopApp(sitting, Preferences.load())
        app.run()
    finally:
        sitting.close()
    return app.return_code or 0
