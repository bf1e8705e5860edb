"""Writes the report on a thread of its own, while the interface goes on."""

import os
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from workshop.errors import WorkshopError
from workshop.live_session import report_refused_notice
from workshop.session.event_log import EventLog
from workshop.session.session import Session

_PROGRESS_INTERVAL = 0.2
"""The shortest time between two messages about progress, in seconds."""


class ReportOutcome(NamedTuple):
    """The result of writing a report."""

    message: str
    """A sentence or more, for people."""
    target: Path | None = None
    """The file, or None if none was written."""


def run_report(
    session: Session, event_log: EventLog, show_progress: Callable[[int], object]
) -> ReportOutcome:
    """Write the Word report into the current folder, and return what came of it.

    To be called on a thread of its own. `show_progress` is called with the progress in per cent, a
    few times a second at most. Raises nothing: whatever goes wrong, the conversation goes on.
    """
    try:
        from workshop.export.request import ReportRequest
        from workshop.export.write_file import write_request

        request = ReportRequest(session, event_log, progress=_throttled(show_progress))
        target, warnings = write_request(request)
    except WorkshopError as error:
        return ReportOutcome(report_refused_notice(error))
    except OSError as error:
        return ReportOutcome(f"The report cannot be written here ({error.strerror or error}).")
    except Exception as error:  # noqa: BLE001 - the edge: an unforeseen error becomes a message
        if os.environ.get("WORKSHOP_DEBUG"):
            return ReportOutcome(traceback.format_exc())
        return ReportOutcome(
            "The report was not written: something went wrong that Workshop did not expect "
            f"({type(error).__name__}). Every answer is safe; 'workshop report' may say more."
        )
    return ReportOutcome("\n".join((f"The report is written: {target}", *warnings)), target)


def _throttled(show_progress: Callable[[int], object]) -> Callable[[float], None]:
    """Return a function of the fraction done that calls `show_progress` not too often."""
    last = time.monotonic()

    def progress(fraction: float) -> None:
        nonlocal last
        if time.monotonic() - last >= _PROGRESS_INTERVAL:
            last = time.monotonic()
            show_progress(round(fraction * 100))

    return progress
