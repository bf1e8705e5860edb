"""The terminal interface: one app around one live session."""

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

from workshop.client import Client
from workshop.errors import WorkshopError
from workshop.files import desktop
from workshop.frontends.tui import family_colours
from workshop.frontends.tui.preferences import Preferences
from workshop.frontends.tui.report_thread import ReportOutcome, run_report
from workshop.frontends.tui.screens.conversation import Conversation
from workshop.frontends.tui.widgets.status_line import StatusLine
from workshop.live_session import LiveSession
from workshop.session.event_log import EventLog
from workshop.text import clean

if TYPE_CHECKING:
    from textual.command import Provider
    from textual.driver import Driver

    from workshop.frontends.tui.services import Services
    from workshop.frontends.tui.terminal_driver import DrivenApp

_SCROLLBAR_BACKGROUNDS = (
    "scrollbar-background",
    "scrollbar-background-hover",
    "scrollbar-background-active",
    "scrollbar-corner-color",
)


def _palette_provider() -> "type[Provider]":
    # Imported when the palette is first opened, as Textual does with its own.
    from workshop.frontends.tui.command_palette import WorkshopProvider

    return WorkshopProvider


@dataclass(eq=False, repr=False)
class ReportProgressed(Message):
    """A part of the report is written."""

    percent: int


@dataclass(eq=False, repr=False)
class ReportFinished(Message):
    """The report is written, or could not be."""

    outcome: ReportOutcome


@dataclass(eq=False, repr=False)
class FolderNotOpened(Message):
    """The report's folder could not be shown."""

    reason: str


class WorkshopApp(App[None]):
    """Workshop in a terminal. Text of people, banks and files is never parsed as markup."""

    # The first screen is there before the app would load a screen's own file.
    CSS_PATH = ["app.tcss", "screens/conversation.tcss"]  # noqa: RUF012 - as Textual has it
    TITLE = "Workshop"
    COMMANDS = App.COMMANDS | {_palette_provider}
    BINDINGS: ClassVar[list[BindingType]] = [
        # Quitting goes through the conversation, behind what was typed before.
        Binding("ctrl+q", "leave", "Quit", show=False, priority=True),
        Binding("ctrl+o", "report_folder", "Folder", id="report_folder"),
        Binding("ctrl+z", "suspend_to_shell", show=False, priority=True, id="suspend"),
    ]

    def __init__(
        self,
        client: Client,
        preferences: Preferences | None = None,
        driver: "type[Driver] | None" = None,
    ) -> None:
        """Show the session of `client` in the preferred theme, on the terminal of `driver`."""
        super().__init__(driver_class=driver)
        self.client = client
        self.live_session = client.live_session
        self._preferences = preferences
        self._conversation = Conversation(client)
        self._early_input: list[events.Key | events.Paste] | None = []
        """Input that came before the first screen was there; None once it was handled."""
        self._report: Future[ReportOutcome] | None = None
        """The report that is being written."""
        self._unsaved_text = ""
        self._report_folder: Path | None = None
        """The folder of the last report."""
        if preferences is not None and preferences.theme in self.available_themes:
            self.theme = preferences.theme

    @property
    def heading(self) -> str:
        """The title of the canvas and of the session, for the first line of a screen."""
        session = self.live_session.session
        if session.title.casefold().startswith(session.bank.title.casefold()):
            return session.title
        return f"{session.bank.title} · {session.title}"

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Add the colours of the block families to those of the theme."""
        return family_colours.DARK if self.current_theme.dark else family_colours.LIGHT

    def get_css_variables(self) -> dict[str, str]:
        """Give scroll bars the background of what they scroll."""
        variables = super().get_css_variables()
        backgrounds = dict.fromkeys(_SCROLLBAR_BACKGROUNDS, variables["background"])
        return variables | backgrounds

    def get_default_screen(self) -> Conversation:
        """Begin with the conversation."""
        return self._conversation

    async def on_event(self, event: events.Event) -> None:
        """Clean every paste, and keep input that comes before there is a prompt."""
        if isinstance(event, events.Paste):
            event = events.Paste(clean(event.text))
        if isinstance(event, events.Key | events.Paste) and self._early_input is not None:
            if self.focused is None:
                self._early_input.append(event)
                return
            await self.replay_early_keys()
        await super().on_event(event)

    async def replay_early_keys(self) -> None:
        """Handle what was typed before there was a prompt."""
        early_input, self._early_input = self._early_input or [], None
        for event in early_input:
            await super().on_event(event)

    def on_mount(self) -> None:
        """Remember the theme whenever it changes."""
        self.theme_changed_signal.subscribe(self, lambda theme: self._remember_theme(theme.name))

    def _remember_theme(self, theme: str) -> None:
        if self._preferences is None or self._preferences.theme == theme:
            return
        try:
            self._preferences.save_theme(theme)
        except WorkshopError as error:
            self.notify(str(error), severity="warning", markup=False)

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:  # noqa: ARG002
        """Offer those entries of the palette that have a place in a workshop."""
        if self._can_show_report:
            yield SystemCommand(
                "Open the report's folder", "Show the file", self.action_report_folder
            )
        yield SystemCommand("Theme", "Change the colours", self.action_change_theme)
        yield SystemCommand("Quit", "Leave; everything is saved", self.action_leave)

    # ── views ────────────────────────────────────────────────────────────────────────────────

    def go_to(self, address: str) -> None:
        """Go to the question at that address."""
        self._conversation.go_to(address)

    def action_canvas(self) -> None:
        """Show the canvas."""
        from workshop.frontends.tui.screens.canvas import CanvasScreen

        self._close_views()
        self.push_screen(CanvasScreen(self.live_session))

    def action_review(self, query: str = "") -> None:
        """Show all answers, filtered by `query`."""
        from workshop.frontends.tui.screens.review import ReviewScreen

        self._close_views()
        self.push_screen(ReviewScreen(self.live_session, query))

    def action_commands(self) -> None:
        """Show every key and command."""
        from workshop.frontends.tui.screens.help import CommandsScreen

        self._close_views()
        self.push_screen(CommandsScreen())

    def action_copy(self) -> None:
        """Ask where to save a copy, and save it there."""
        from workshop.frontends.tui.screens.save_copy import CopyScreen

        self._close_views()
        self.push_screen(
            CopyScreen(str(self.live_session.suggested_copy_path)), self._conversation.save_copy_to
        )

    def _close_views(self) -> None:
        """Close every view over the conversation, so that views do not pile up."""
        while self.screen is not self._conversation and len(self.screen_stack) > 1:
            self.pop_screen()

    # ── the report ───────────────────────────────────────────────────────────────────────────

    def action_report(self) -> None:
        """Write the Word report into the current folder."""
        if self._report is not None:
            self._conversation.show_notice("The report is being written already.")
            return
        self._conversation.show_notice("Writing the report …")
        self._show_activity("report …")
        self._report = Future()
        # Not a Textual worker: leaving the app would cancel one that has not begun yet.
        log = self.live_session.event_log
        Thread(target=self._write_report, args=(log, self._report), name="report").start()

    def _write_report(self, event_log: EventLog, report: "Future[ReportOutcome]") -> None:
        """Write the report, on a thread of its own; posting a message from there never blocks."""
        session = self.live_session.recorded
        outcome = run_report(
            session, event_log, lambda percent: self.post_message(ReportProgressed(percent))
        )
        report.set_result(outcome)
        self.post_message(ReportFinished(outcome))

    def on_report_progressed(self, event: ReportProgressed) -> None:
        """Show how much of the report is written."""
        self._show_activity(f"report {event.percent} %")

    def on_report_finished(self, event: ReportFinished) -> None:
        """Show where the report is, or why there is none."""
        self._report = None
        self._show_activity("")
        message, target = event.outcome.message, event.outcome.target
        if target is not None:
            self._report_folder = target.parent
            self.refresh_bindings()
            message += "\nCtrl+O opens its folder." if self._can_show_report else ""
        self._conversation.show_notice(message, warning=target is None)

    def _show_activity(self, activity: str) -> None:
        self._conversation.query_one(StatusLine).show_activity(activity)

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
            self.post_message(FolderNotOpened(str(error)))

    def on_folder_not_opened(self, event: FolderNotOpened) -> None:
        """Show why the folder could not be opened."""
        self._conversation.show_notice(event.reason, warning=True)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer the report's folder once there is one, and a desktop to show it on."""
        if action == "report_folder":
            return self._can_show_report
        return super().check_action(action, parameters)

    # ── leaving and suspending ───────────────────────────────────────────────────────────────

    def action_leave(self) -> None:
        """Leave, once everything that was typed before is handled."""
        self._conversation.leave()

    def leave_at_once(self, code: int) -> None:
        """Leave with that exit code, because the system says so or the terminal is gone."""
        self._conversation.leave_at_once(code)

    def exit_with(self, code: int, unsaved_text: str) -> None:
        """End the app with that exit code; `unsaved_text` is repeated on the terminal."""
        self._unsaved_text = unsaved_text
        self.exit(return_code=code)

    @property
    def exit_message(self) -> str:
        """What to print after leaving: the outcome of a report, and text that is not saved.

        Waits for a report that is still being written.
        """
        report = self._report.result().message if self._report is not None else ""
        unsaved = f"Not saved: {self._unsaved_text}" if self._unsaved_text else ""
        return "\n".join(message for message in (report, unsaved) if message)

    def action_suspend_to_shell(self) -> None:
        """Give the terminal back to the shell until it brings the program back."""
        self._conversation.suspend_to_shell()

    def suspend_to_shell(self, *, everything_is_saved: bool) -> None:
        """Stop the program until the shell brings it back."""
        from workshop.frontends.tui.terminal_driver import TerminalDriver

        driver = self._driver
        if not isinstance(driver, TerminalDriver) or not driver.can_be_suspended:
            self._conversation.show_notice("There is no shell here to go back to. Ctrl+Q leaves.")
            return
        driver.suspend_to_shell(everything_is_saved=everything_is_saved)


def run(path: Path, speaker: str = "") -> int:
    """Open the session file at `path` in the terminal, and return an exit code when it is left.

    Raises what LiveSession.open does, before the screen is touched.
    """
    live_session = LiveSession.open(path)
    try:
        driver, signals = _choose_driver()
        app = WorkshopApp(Client(live_session, speaker), Preferences.load(), driver)
        with signals:
            app.run()
        if message := app.exit_message:
            with suppress(OSError):  # the terminal is gone
                sys.stderr.write(f"{clean(message)}\n")
    finally:
        live_session.close()
    return app.return_code or 0


def _choose_driver() -> "tuple[type[Driver] | None, AbstractContextManager[None]]":
    """Return our own driver where there is one, and what restores the signals that it handles."""
    if os.name != "posix":
        return None, nullcontext()
    from workshop.frontends.tui.terminal_driver import TerminalDriver, signals_restored

    return TerminalDriver, signals_restored()


if TYPE_CHECKING:  # the type checker holds the app to what its screens and its driver ask for
    _SERVICES: type[Services] = WorkshopApp
    _DRIVEN: type[DrivenApp] = WorkshopApp
