"""The way from a widget or screen to the app that it belongs to, with the app's real type."""

from typing import TYPE_CHECKING, cast

from textual.message_pump import MessagePump

if TYPE_CHECKING:
    from workshop.frontends.tui.app import WorkshopApp


def app_of(node: MessagePump) -> "WorkshopApp":
    """Return the app that `node` belongs to."""
    # Textual leaves the type of what an app returns open.
    return cast("WorkshopApp", node.app)  # pyright: ignore[reportUnknownMemberType]
