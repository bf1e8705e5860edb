"""Waiting until the screen of the program shows something."""

import time
from collections.abc import Callable

from terminal import Terminal


def wait_for_screen(
    terminal: Terminal, condition: Callable[[str], bool], seconds: float = 60
) -> None:
    """Read until `condition` holds for the text on the screen.

    Raises TimeoutError, with the screen, if it does not hold within `seconds`.
    """
    deadline = time.monotonic() + seconds
    while not condition(terminal.text):
        terminal.read(0.05)
        if time.monotonic() > deadline:
            raise TimeoutError(f"the condition was not met:\n{terminal.text}")


def wait_for_ticks(terminal: Terminal, ticks: int) -> None:
    """Read until `ticks` answers on the screen are marked as saved, and none as failed."""
    wait_for_screen(terminal, lambda text: text.count("✓") >= ticks and "✗" not in text)
