"""The terminal interface: one app around one sitting."""

import os
import sys
from collections.abc import Iterable
from concurrent.futures import Future
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, ClassVar

from textual import events, work
from textual.app import App, SystemCommand
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.screen import Screen

from workshop.errors import WorkshopError
from workshop.files import desktop
from workshop.frontends.tui.preferences import Preferences
from workshop.frontends.tui.report_thread import Outcome, write
from workshop.frontends.tui.screens.conversation import Conversation
from workshop.frontends.tui.widgets.status_line import StatusLine
from workshop.live_session import LiveSession
from workshop.session.events import Event
from workshop.text import clean

if TYPE_CHECKING:
    from textual.command import Provider
    from textual.driver import Driver

    from workshop.frontends.tui.services import Services
    from workshop.frontends.tui.terminal_driver import DrivenApp

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
    from workshop.frontends.tui.command_palette import WorkshopProvider

    return WorkshopProvider


@dataclass(eq=False, repr=False)
class ReportGrown(Message):
    """A part of the report is written."""

    done: int
    """In per cent."""


@dataclass(eq=False, repr=False)
class ReportEnded(Message):
    """The report is written, or it is not."""

    outcome: Outcome


@dataclass(eq=False, repr=False)
class FolderRefused(Message):
    """The report's folder could not be shown."""

    why: str


class WorkshopApp(App[None]):
    """Workshop in a terminal. Nothing is parsed that people typed, a bank says or a file holds."""

    # The first screen is there before the app would load a screen's own file.
    CSS_PATH = ["app.tcss", "screens/conversation.tcss"]  # noqa: RUF012 - as Textual has it
    TITLE = "Workshop"
    COMMANDS = App.COMMANDS | {_provider}
    BINDINGS: ClassVar[list[BindingType]] = [
        # Quitting goes through the conversation, behind what was typed before.
        Binding("ctrl+q", "leave", "Quit", show=False, priority=True),
        Binding("ctrl+o", "report_folder", "Folder", id="report_folder"),
        Binding("ctrl+z", "suspend_to_shell", show=False, priority=True, id="suspend"),
    ]

    def __init__(
        self,
        live_session: LiveSession,
        preferences: Preferences | None = None,
        driver: "type[Driver] | None" = None,
    ) -> None:
        """Show `live_session` in the theme that was chosen last, on the terminal of `driver`."""
        super().__init__(driver_class=driver)
        self.live_session = live_session
        self._preferences = preferences
        self._conversation = Conversation(live_session)
        self._early: list[events.Key | events.Paste] | None = []
        """What was typed before the first screen was there; None once that was taken up."""
        self._report: Future[Outcome] | None = None
        """The report that is being written."""
        self._unsaved = ""
        self._report_folder: Path | None = None
        """Where the last one is that was written."""
        if preferences is not None and preferences.theme in self.available_themes:
            self.theme = preferences.theme

    @property
    def heading(self) -> str:
        """The canvas and the session, as the first line of a screen names them."""
        session = self.live_session.session
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

    async def on_event(self, event: events.Event) -> None:
        """Clean what is pasted, wherever it goes, and keep what is typed before it can be heard."""
        if isinstance(event, events.Paste):
            event = events.Paste(clean(event.text))
        if isinstance(event, events.Key | events.Paste) and self._early is not None:
            if self.focused is None:
                self._early.append(event)
                return
            await self.replay_early_keys()
        await super().on_event(event)

    async def replay_early_keys(self) -> None:
        """Take up, now that there is a prompt, what was typed before there was one."""
        early, self._early = self._early or [], None
        for event in early:
            await super().on_event(event)

    def on_mount(self) -> None:
        """Remember the theme from now on."""
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
        if self._can_show_report:
            yield SystemCommand(
                "Open the report's folder", "Show the file", self.action_report_folder
            )
        yield SystemCommand("Theme", "Change the colours", self.action_change_theme)
        yield SystemCommand("Quit", "Leave; everything is saved", self.action_leave)

    # ── what every screen can ask for ────────────────────────────────────────────────────────

    def go_to(self, address: str) -> None:
        """Go to the question at that address."""
        self._conversation.go_to(address)

    def action_canvas(self) -> None:
        """Show the canvas."""
        from workshop.frontends.tui.screens.canvas import CanvasScreen

        self._only_over_conversation()
        self.push_screen(CanvasScreen(self.live_session))

    def action_review(self, find: str = "") -> None:
        """Show everything said, filtered by `find`."""
        from workshop.frontends.tui.screens.review import ReviewScreen

        self._only_over_conversation()
        self.push_screen(ReviewScreen(self.live_session, find))

    def action_commands(self) -> None:
        """Show every key and command."""
        from workshop.frontends.tui.screens.help import CommandsScreen

        self._only_over_conversation()
        self.push_screen(CommandsScreen())

    def action_copy(self) -> None:
        """Ask where a copy is to be saved, and save it there."""
        from workshop.frontends.tui.screens.save_copy import CopyScreen

        self._only_over_conversation()
        self.push_screen(
            CopyScreen(str(self.live_session.suggested_copy_path)), self._conversation.copy_to
        )

    def _only_over_conversation(self) -> None:
        """Close whatever view is open, so that views do not pile up."""
        while self.screen is not self._conversation and len(self.screen_stack) > 1:
            self.pop_screen()

    def action_report(self) -> None:
        """Write the Word report into the current directory."""
        if self._report is not None:
            self._conversation.note("The report is being written already.")
            return
        self._conversation.note("Writing the report …")
        self._show_aside("report …")
        self._report = Future()
        # Not one of Textual's workers: leaving the app would cancel those that did not begin yet.
        events = tuple(self.live_session.event_log.events)
        Thread(target=self._write_report, args=(events, self._report), name="report").start()

    def _write_report(self, events: tuple[Event, ...], report: "Future[Outcome]") -> None:
        """Write the report, in a thread of its own; messages from there wait for nobody."""
        session = self.live_session.session
        outcome = write(session, events, lambda done: self.post_message(ReportGrown(done)))
        report.set_result(outcome)
        self.post_message(ReportEnded(outcome))

    def on_report_grown(self, event: ReportGrown) -> None:
        """Show how much of the report is written."""
        self._show_aside(f"report {event.done} %")

    def on_report_ended(self, event: ReportEnded) -> None:
        """Say where the report is, or why it is not."""
        self._report = None
        self._show_aside("")
        words, target = event.outcome.words, event.outcome.target
        if target is not None:
            self._report_folder = target.parent
            self.refresh_bindings()
            words += "\nCtrl+O opens its folder." if self._can_show_report else ""
        self._conversation.note(words, warning=target is None)

    def _show_aside(self, words: str) -> None:
        self._conversation.query_one(StatusLine).show_aside(words)

    @property
    def _can_show_report(self) -> bool:
        return self._report_folder is not None and desktop.can_open_folder()

    @work(thread=True, group="desktop")
    def action_report_folder(self) -> None:
        """Show the folder of the report in the system's own file manager."""
        if self._report_folder is None:
            return
        try:
            desktop.open_folder(self._report_folder)
        except WorkshopError as error:
            self.post_message(FolderRefused(str(error)))

    def on_folder_refused(self, event: FolderRefused) -> None:
        """Say why the folder is not shown."""
        self._conversation.note(event.why, warning=True)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer the report's folder once there is one, and a desktop to show it on."""
        if action == "report_folder":
            return self._can_show_report
        return super().check_action(action, parameters)

    @property
    def last_words(self) -> str:
        """What is to be said after leaving: what came of a report, and what could not be saved."""
        report = self._report.result().words if self._report is not None else ""
        unsaved = f"Not saved: {self._unsaved}" if self._unsaved else ""
        return "\n".join(words for words in (report, unsaved) if words)

    def leave(self, code: int, unsaved: str) -> None:
        """Leave with that exit code; `unsaved` is said once more, on the terminal."""
        self._unsaved = unsaved
        self.exit(return_code=code)

    def action_leave(self) -> None:
        """Leave, once everything that was typed before is dealt with."""
        self._conversation.action_leave()

    def end(self, code: int) -> None:
        """Leave with that exit code, because the system says so or the terminal is gone."""
        self._conversation.end(code)

    def action_suspend_to_shell(self) -> None:
        """Give the terminal back to the shell until it brings the program back."""
        self._conversation.suspend_to_shell()

    def suspend_to_shell(self, *, everything_is_safe: bool) -> None:
        """Stop here; nothing is left to be saved, or it cannot be."""
        from workshop.frontends.tui.terminal_driver import TerminalDriver

        driver = self._driver
        if not isinstance(driver, TerminalDriver) or not driver.can_be_suspended:
            self._conversation.note("There is no shell here to go back to. Ctrl+Q leaves.")
            return
        driver.suspend_to_shell(everything_is_safe=everything_is_safe)


def run(path: Path, speaker: str = "") -> int:
    """Open the session file at `path` in the terminal, and return an exit code when it is left.

    Raises what LiveSession.open does, before the screen is touched.
    """
    live_session = LiveSession.open(path, speaker)
    try:
        driver, signals = _driver_here()
        app = WorkshopApp(live_session, Preferences.load(), driver)
        with signals:
            app.run()
        if words := app.last_words:
            with suppress(OSError):  # the terminal is gone
                sys.stderr.write(f"{clean(words)}\n")
    finally:
        live_session.close()
    return app.return_code or 0


def _driver_here() -> "tuple[type[Driver] | None, AbstractContextManager[None]]":
    """Return our own driver where there is one, and what undoes its handling of signals."""
    if os.name != "posix":
        return None, nullcontext()
    from workshop.frontends.tui.terminal_driver import TerminalDriver, own_signals

    return TerminalDriver, own_signals()


if TYPE_CHECKING:  # the type checker holds the app to what its screens and its driver ask for
    _SERVICES: type[Services] = WorkshopApp
    _DRIVEN: type[DrivenApp] = WorkshopApp
