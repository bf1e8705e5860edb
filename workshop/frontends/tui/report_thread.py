"""Writing the report beside the interface, which goes on meanwhile."""

import os
import time
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from workshop.errors import WorkshopError, without_options
from workshop.live_session import REPORT_ELSEWHERE
from workshop.session.event_log import EventLog
from workshop.session.events import Event
from workshop.session.session import Session

_OFTEN_ENOUGH = 0.2
"""How long, in seconds, the interface is left alone between two things said of progress."""


class Outcome(NamedTuple):
    """What came of writing a report."""

    words: str
    """A sentence or more, for people."""
    target: Path | None = None
    """The file, or None where nothing was written."""


def write(session: Session, events: Sequence[Event], tell: Callable[[int], object]) -> Outcome:
    """Write the Word report into the current folder; `tell` hears, now and then, the per cent done.

    For a thread of its own. It raises nothing: whatever goes wrong, the conversation goes on.
    """
    try:
        from workshop.export.request import ReportRequest
        from workshop.export.write_file import default_target, write_report

        # A fold of its own: the one that is shown changes while the report is written.
        request = ReportRequest(session, EventLog(events), progress=_now_and_then(tell))
        target = default_target(session)
        warnings = write_report(request, target)
    except WorkshopError as error:
        return Outcome(without_options(error, REPORT_ELSEWHERE))
    except OSError as error:
        return Outcome(f"The report cannot be written here ({error.strerror or error}).")
    except Exception as error:  # noqa: BLE001 - the edge: what was not foreseen is said, not shown
        if os.environ.get("WORKSHOP_DEBUG"):
            return Outcome(traceback.format_exc())
        return Outcome(
            "The report was not written: something went wrong that Workshop did not expect "
            f"({type(error).__name__}). Every answer is safe; 'workshop report' may say more."
        )
    return Outcome("\n".join((f"The report is written: {target}", *warnings)), target)


def _now_and_then(tell: Callable[[int], object]) -> Callable[[float], None]:
    last = time.monotonic()

    def progress(done: float) -> None:
        nonlocal last
        if time.monotonic() - last >= _OFTEN_ENOUGH:
            last = time.monotonic()
            tell(round(done * 100))

    return progress
