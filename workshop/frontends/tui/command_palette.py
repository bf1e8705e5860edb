"""The entries of the command palette besides Textual's own: the views, and every block."""

from collections.abc import Callable

from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.content import Content

from workshop.frontends.tui.services import services_of


class WorkshopProvider(Provider):
    """Offers the views, the report and a way to every block."""

    def _entries(self) -> list[tuple[str, str, Callable[[], None]]]:
        services = services_of(self.screen)
        session = services.live_session.session
        entries: list[tuple[str, str, Callable[[], None]]] = [
            ("Canvas", "The canvas as it fills", services.action_canvas),
            ("Review", "Everything said so far, with search", services.action_review),
            ("Report", "Write the Word report", services.action_report),
            ("Help", "Every key and every command", services.action_commands),
        ]

        def go_to_command(address: str) -> Callable[[], None]:
            return lambda: services.go_to(address)

        for number, step in enumerate(session.steps, 1):
            name = f"Go to {number} {session.step_title(step)}"
            entries.append((name, "", go_to_command(step.addresses()[0])))
        return entries

    async def discover(self) -> Hits:
        """Offer every entry while nothing is typed."""
        for name, description, command in self._entries():
            yield DiscoveryHit(Content(name), command, text=name, help=description or None)

    async def search(self, query: str) -> Hits:
        """Offer the entries that match `query`."""
        matcher = self.matcher(query)
        for name, description, command in self._entries():
            score = matcher.match(name)
            if score > 0:
                yield Hit(score, Content(name), command, text=name, help=description or None)
