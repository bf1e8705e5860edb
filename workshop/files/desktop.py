"""Showing a folder in the file manager of the desktop, if the terminal runs in one.

The system's own opener gets the path as an argument, never through a shell, and its output is
discarded, so that it cannot write over the screen. click.launch and webbrowser do not ensure that.
"""

import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path

from workshop.errors import NotFoundError, WorkshopError
from workshop.text import clean_line

_FAILURE_TIMEOUT = 3.0
"""How long to wait for an opener to fail, in seconds; one that still runs then has succeeded."""
_SSH_VARIABLES = ("SSH_CONNECTION", "SSH_CLIENT", "SSH_TTY")
_DISPLAY_VARIABLES = ("WAYLAND_DISPLAY", "DISPLAY")


def can_open_folder() -> bool:
    """Return whether `open_folder` can show a folder to the person at this terminal.

    Over SSH, the folder would open on a screen that the person does not see.
    """
    if any(os.environ.get(name) for name in _SSH_VARIABLES):
        return False
    if sys.platform in ("win32", "darwin"):
        return True
    return any(map(os.environ.get, _DISPLAY_VARIABLES)) and shutil.which("xdg-open") is not None


def open_folder(folder: Path) -> None:
    """Show `folder`, an absolute path, and return once the file manager has started.

    That takes a few seconds at most. Raises NotFoundError if there is no such folder, and
    WorkshopError if it cannot be shown.
    """
    if not folder.is_dir():
        raise NotFoundError(f"There is no folder {clean_line(str(folder))} any more.")
    try:
        if sys.platform == "win32":
            os.startfile(folder)  # noqa: S606 - a folder that Workshop wrote to
        else:
            _run_opener("open" if sys.platform == "darwin" else "xdg-open", folder)
    except OSError as error:
        reason = error.strerror or "the system gave no reason"
        raise _open_error(folder, reason) from error


def _run_opener(opener: str, folder: Path) -> None:
    process = subprocess.Popen(  # noqa: S603 - the path is an argument of a program, not of a shell
        [opener, str(folder)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,  # the file manager stays when this terminal is closed
    )
    try:
        code = process.wait(_FAILURE_TIMEOUT)
    except subprocess.TimeoutExpired:
        # Some openers are the file manager itself. A thread waits for its end, to leave no zombie.
        threading.Thread(target=process.wait, daemon=True).start()
        return
    if code:
        raise _open_error(folder, f"{opener} ended with {code}")


def _open_error(folder: Path, reason: str) -> WorkshopError:
    return WorkshopError(f"{clean_line(str(folder))} cannot be opened from here ({reason}).")
