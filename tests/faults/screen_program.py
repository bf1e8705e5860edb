"""Waiting until the screen of the program shows something."""

from terminal import Terminal


def wait_for_ticks(terminal: Terminal, ticks: int) -> None:
    """Read until `ticks` answers on the screen are marked as saved, and none as failed."""
    terminal.wait_until(lambda text: text.count("✓") >= ticks and "✗" not in text, seconds=60)
