"""Reads a session's file into a request for its report, for the commands and the menu."""

from pathlib import Path

from workshop.export.page_size import A4, PageSize
from workshop.export.request import Progress, ReportRequest, ignore_progress
from workshop.session.event_log import EventLog
from workshop.storage.sqlite.event_store import SqliteEventStore


def load_request(
    path: Path,
    *,
    page_size: PageSize = A4,
    template: Path | None = None,
    progress: Progress = ignore_progress,
) -> ReportRequest:
    """Return the request for a report on the session at `path`.

    Raises what `SqliteEventStore.open` and reading the session raise.
    """
    with SqliteEventStore.open(path) as file:
        session, records = file.session(), file.load().records
    event_log = EventLog(record.event for record in records)
    return ReportRequest(session, event_log, page_size, template, progress, records)
