"""The desktop around the terminal, where there is one: it can show a folder.

The system's own opener is given the path as an argument, never through a shell, and has no way to
write on the screen that somebody is working on. click.launch and webbrowser leave it one.
"""

import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path

from workshop.errors import NotFoundError, WorkshopError
from workshop.text import clean_line

_PATIENCE = 3.0
"""How long, in seconds, an opener can be heard to fail; one that still runs then has opened."""
_REMOTE = ("SSH_CONNECTION", "SSH_CLIENT", "SSH_TTY")
_DISPLAYS = ("WAYLAND_DISPLAY", "DISPLAY")


def can_open_folder() -> bool:
    """Return whether a folder can be shown to the person at this terminal.

    Over SSH it would open on a screen that they do not see.
    """
    if any(os.environ.get(name) for name in _REMOTE):
        return False
    if sys.platform in ("win32", "darwin"):
        return True
    return any(map(os.environ.get, _DISPLAYS)) and shutil.which("xdg-open") is not None


def open_folder(folder: Path) -> None:
    """Show `folder`, an absolute path; return once that has begun, within a few seconds.

    Raises NotFoundError where there is no such folder, and WorkshopError where it cannot be shown.
    """
    if not folder.is_dir():
        raise NotFoundError(f"There is no folder {clean_line(str(folder))} any more.")
    try:
        if sys.platform == "win32":
            os.startfile(folder)  # noqa: S606 - a folder that we wrote into
        else:
            _start("open" if sys.platform == "darwin" else "xdg-open", folder)
    except OSError as error:
        reason = error.strerror or "the system gave no reason"
        raise _refused(folder, reason) from error


def _start(opener: str, folder: Path) -> None:
    process = subprocess.Popen(  # noqa: S603 - a path is an argument here and nothing else
        [opener, str(folder)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,  # what it opens stays when this terminal is closed
    )
    try:
        code = process.wait(_PATIENCE)
    except subprocess.TimeoutExpired:
        # Some openers are the file manager itself. Somebody has to wait for it, to its end.
        threading.Thread(target=process.wait, daemon=True).start()
        return
    if code:
        raise _refused(folder, f"{opener} ended with {code}")


def _refused(folder: Path, why: str) -> WorkshopError:
    return WorkshopError(f"{clean_line(str(folder))} cannot be opened from here ({why}).")
