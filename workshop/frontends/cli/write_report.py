"""Writes report files from a session's file, for the commands and the menu."""

import os
from contextlib import suppress
from pathlib import Path

from workshop.errors import CannotWriteError
from workshop.export.formats import Format
from workshop.export.page_size import A4, PageSize
from workshop.export.request import Progress, ReportRequest, ignore_progress
from workshop.export.write_file import default_report_name, default_target, write_report
from workshop.session.event_log import EventLog
from workshop.storage.sqlite.session_file import SessionFile


def load_request(
    path: Path,
    *,
    page_size: PageSize = A4,
    template: Path | None = None,
    progress: Progress = ignore_progress,
) -> ReportRequest:
    """Return the request for a report on the session at `path`.

    Raises what `SessionFile.open` and reading the session raise.
    """
    with SessionFile.open(path) as file:
        session, records = file.session(), tuple(file.records())
    event_log = EventLog(record.event for record in records)
    return ReportRequest(session, event_log, page_size, template, progress, records)


def write_request(
    request: ReportRequest, output: str | None, output_format: Format, *, replace: bool = False
) -> tuple[Path, tuple[str, ...]]:
    """Write the report to `output`, a file or a folder; return its path and the writer's warnings.

    Without `output` it goes into the current folder. Raises CannotWriteError, CannotReadError if
    an existing target cannot be read, and what the writer raises.
    """
    target = default_target(request.shown, output_format) if output is None else Path(output)
    names_folder = output is not None and output.endswith(("/", os.sep))
    with suppress(OSError):  # writing fails as well, and its message gives the reason
        if names_folder or target.is_dir():
            target /= default_report_name(request.shown, output_format)
        if request.template and target.samefile(request.template):
            raise CannotWriteError(
                "The report would take the place of its own template.",
                "Choose another file with -o.",
            )
    return target, write_report(request, target, output_format, replace=replace)
