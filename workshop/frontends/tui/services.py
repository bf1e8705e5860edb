"""What screens and widgets may ask of the app, without knowing the app itself.

The app knows every screen; if a screen knew the app's class too, the two would import each other.
"""

from typing import Protocol, cast

from textual.app import App
from textual.message_pump import MessagePump

from workshop.live_session import LiveSession


class Services(Protocol):
    """What the app does for its screens, beyond what every Textual app does."""

    live_session: LiveSession

    @property
    def heading(self) -> str:
        """The canvas and the session, as the first line of a screen names them."""
        ...

    async def replay_early_keys(self) -> None:
        """Replay the keys that were pressed before there was a prompt."""
        ...

    def go_to(self, address: str) -> None:
        """Go to the question at that address."""
        ...

    def action_canvas(self) -> None:
        """Show the canvas."""
        ...

    def action_review(self, find: str = "") -> None:
        """Show everything said, filtered by `find`."""
        ...

    def action_commands(self) -> None:
        """Show every key and command."""
        ...

    def action_report(self) -> None:
        """Write the Word report."""
        ...

    def leave(self, code: int, unsaved: str) -> None:
        """Leave with that exit code; `unsaved` is repeated on the terminal."""
        ...

    def suspend_to_shell(self, *, everything_is_safe: bool) -> None:
        """Stop the program until the shell brings it back."""
        ...


def services_of(node: MessagePump) -> Services:
    """Return what the app that `node` belongs to does for its screens."""
    return cast("Services", app_of(node))


def app_of(node: MessagePump) -> App[None]:
    """Return the app that `node` belongs to, as Textual knows it."""
    # Textual leaves the type of what an app returns open.
    return cast("App[None]", node.app)  # pyright: ignore[reportUnknownMemberType]
