"""How far a long piece of work is: shown on stderr, where somebody looks at it and has waited."""

import os
import sys
import time
from collections.abc import Callable, Generator
from contextlib import ExitStack, contextmanager

import click

_PATIENCE = 0.5
"""How long, in seconds, nothing is shown: what is done by then needs no bar."""


@contextmanager
def progress_shown(words: str) -> Generator[Callable[[float], None]]:
    """Give what is to be told which part of the work is done, from 0 to 1, again and again.

    After half a second it shows a bar, named `words`; where stderr is no terminal, nothing.
    """
    # A terminal that cannot go back to the beginning of a line has no bars.
    if not sys.stderr.isatty() or os.environ.get("TERM") == "dumb":
        yield lambda _done: None
        return
    with ExitStack() as shown:
        bar = _Bar(words, shown)
        yield bar.show
        bar.finish()


class _Bar:
    """A bar that comes late, and says for how many seconds there has been something to wait for."""

    def __init__(self, words: str, shown: ExitStack) -> None:
        """Wait. `shown` closes the bar."""
        self._words = words
        self._shown = shown
        self._began = time.monotonic()
        self._bar = None

    def show(self, done: float) -> None:
        """Show that `done` of the work is done, from 0 to 1."""
        waited = time.monotonic() - self._began
        if self._bar is None:
            if waited < _PATIENCE:
                return
            self._bar = self._shown.enter_context(
                click.progressbar(
                    range(100),
                    label=self._words,
                    file=sys.stderr,
                    show_eta=False,
                    update_min_steps=0,
                    item_show_func=lambda seconds: f"{seconds or 0} s",
                )
            )
        self._bar.update(max(round(done * 100) - self._bar.pos, 0), int(waited))

    def finish(self) -> None:
        """Show that all of it is done, if anything was shown."""
        if self._bar is not None:
            self.show(1)
