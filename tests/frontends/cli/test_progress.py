"""The bar that shows how far long writing is, where somebody looks at it."""

import io
import sys
from pathlib import Path

import pytest
from cli_support import Workshop, new_session

from workshop.export.request import RenderedReport


@pytest.fixture
def acme(workshop: Workshop) -> Path:
    """Return the file of a session with two answers."""
    path = new_session(workshop, "--title", "Acme", "--participant", "Anna")
    workshop("resume", path, "--plain", stdin="A start-up with drones\n@Anna Our own tenants\n")
    return Path(path)


class Screen(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.usefixtures("acme")
@pytest.mark.parametrize(
    ("patience", "terminal", "kind", "shown"),
    [
        (0, True, "xterm", True),
        (60, True, "xterm", False),
        (0, False, "xterm", False),
        (0, True, "dumb", False),
    ],
    ids=["long", "quick", "no terminal", "a dumb terminal"],
)
def test_long_writing_shows_a_bar_on_a_terminal_and_nothing_elsewhere(
    workshop: Workshop,
    monkeypatch: pytest.MonkeyPatch,
    patience: float,
    terminal: bool,
    kind: str,
    shown: bool,
) -> None:
    screen = Screen()
    if terminal:
        monkeypatch.setattr(sys, "stderr", screen)
    monkeypatch.setenv("TERM", kind)
    monkeypatch.setattr("workshop.frontends.cli.progress._DELAY_SECONDS", patience)
    monkeypatch.setattr("workshop.export.word.writer.write", write_slowly)
    outcome = workshop("report", "Acme", "-o", "a.docx")
    assert outcome.code == 0
    assert outcome.out == "a.docx\n"
    assert outcome.err == ""
    bars = screen.getvalue()
    if shown:
        for part in ("Writing Word", " 25%", " 50%", "100%", " s", "\x1b[?25h\n"):
            assert part in bars
        assert "75%" not in bars, "it never goes back, and never further than the work"
    else:
        assert bars == ""


def write_slowly(request: object) -> RenderedReport:
    for done in (0.25, 0.5, 0.4):
        request.progress(done)
    return RenderedReport(b"report")
