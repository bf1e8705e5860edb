"""A progress bar on stderr for work that takes longer than half a second."""

import os
import sys
import time
from collections.abc import Callable, Generator
from contextlib import ExitStack, contextmanager

import click

_DELAY_SECONDS = 0.5
"""Seconds until the bar appears; work that is finished by then needs none."""


@contextmanager
def show_progress(label: str) -> Generator[Callable[[float], None]]:
    """Yield the function to call with the finished fraction of the work, from 0 to 1.

    After half a second it shows a bar with `label`. If stderr is not a terminal, it shows nothing.
    """
    # A dumb terminal cannot return to the start of a line, so a bar would fill its screen.
    if not sys.stderr.isatty() or os.environ.get("TERM") == "dumb":
        yield lambda _fraction: None
        return
    with ExitStack() as stack:
        bar = _DelayedBar(label, stack)
        yield bar.show
        bar.finish()


class _DelayedBar:
    """A bar that appears after a delay and shows the seconds that have passed."""

    def __init__(self, label: str, stack: ExitStack) -> None:
        """Start the delay. `stack` closes the bar."""
        self._label = label
        self._stack = stack
        self._started = time.monotonic()
        self._bar = None

    def show(self, fraction: float) -> None:
        """Show that `fraction` of the work is finished, from 0 to 1."""
        elapsed = time.monotonic() - self._started
        if self._bar is None:
            if elapsed < _DELAY_SECONDS:
                return
            self._bar = self._stack.enter_context(
                click.progressbar(
                    range(100),
                    label=self._label,
                    file=sys.stderr,
                    show_eta=False,
                    update_min_steps=0,
                    item_show_func=lambda seconds: f"{seconds or 0} s",
                )
            )
        self._bar.update(max(round(fraction * 100) - self._bar.pos, 0), int(elapsed))

    def finish(self) -> None:
        """Show a full bar if a bar is shown."""
        if self._bar is not None:
            self.show(1)
