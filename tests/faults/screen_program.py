"""Waiting for something to be so on a screen."""

import time
from collections.abc import Callable

from terminal import Terminal


def until(terminal: Terminal, so: Callable[[str], bool], seconds: float = 60) -> None:
    """Read until `so` holds of what stands on the screen. Raises TimeoutError with the screen."""
    end = time.monotonic() + seconds
    while not so(terminal.text):
        terminal.read(0.05)
        if time.monotonic() > end:
            raise TimeoutError(f"what was waited for never came:\n{terminal.text}")


def until_ticks(terminal: Terminal, ticks: int) -> None:
    """Read until that many answers in sight are saved, and none has failed."""
    until(terminal, lambda text: text.count("✓") >= ticks and "✗" not in text)
