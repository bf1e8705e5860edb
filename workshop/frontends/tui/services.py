"""The protocol of what screens and widgets may ask of the app.

The app imports every screen; if a screen imported the app too, that would be a circle.
"""

from typing import Protocol, cast

from textual.app import App
from textual.message_pump import MessagePump

from workshop.client import Client
from workshop.live_session import LiveSession


class Services(Protocol):
    """What the app does for its screens, besides what every Textual app does."""

    live_session: LiveSession
    client: Client

    @property
    def heading(self) -> str:
        """The title of the canvas and of the session, for the first line of a screen."""
        ...

    async def replay_early_keys(self) -> None:
        """Handle what was typed before there was a prompt."""
        ...

    def go_to(self, address: str) -> None:
        """Go to the question at that address."""
        ...

    def action_canvas(self) -> None:
        """Show the canvas."""
        ...

    def action_review(self, query: str = "") -> None:
        """Show all answers, filtered by `query`."""
        ...

    def action_commands(self) -> None:
        """Show every key and command."""
        ...

    def action_report(self) -> None:
        """Write the Word report."""
        ...

    def exit_with(self, code: int, unsaved_text: str) -> None:
        """End the app with that exit code; `unsaved_text` is repeated on the terminal."""
        ...

    def suspend_to_shell(self, *, everything_is_saved: bool) -> None:
        """Stop the program until the shell brings it back."""
        ...


def services_of(node: MessagePump) -> Services:
    """Return the services of the app that `node` belongs to."""
    return cast("Services", app_of(node))


def app_of(node: MessagePump) -> App[None]:
    """Return the app that `node` belongs to, as Textual knows it."""
    # Textual leaves the type of what an app returns open.
    return cast("App[None]", node.app)  # pyright: ignore[reportUnknownMemberType]
