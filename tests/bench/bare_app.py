"""The baseline of the start-up bench: a Textual app with a few widgets."""

from textual.app import App, ComposeResult
from textual.widgets import Footer, Header, Static, TextArea


class BareApp(App[None]):
    def compose(self) -> ComposeResult:
        yield Header()
        yield Static("The first question on the screen.")
        yield TextArea()
        yield Footer()


if __name__ == "__main__":
    BareApp().run()
