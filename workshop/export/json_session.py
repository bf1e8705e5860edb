"""The whole session as JSON, from which `workshop import` makes an equal session.

`workshop.storage.json_file.writer` defines the file. The answers for people, which the file also
holds, have the names and the order that they have in a session file.
"""

from pathlib import Path

from workshop.errors import WorkshopError
from workshop.export.provenance import Origin, read_report_file
from workshop.export.request import RenderedReport, ReportRequest
from workshop.session.answer_rows import answer_rows
from workshop.session.record import records_from
from workshop.storage.json_file.reader import read_json_session
from workshop.storage.json_file.writer import MAX_BYTES, exported_session_id, write_json

_HEAD_BYTES = 1_000
"""How many bytes of a file are searched for the session's id, which is in its fifth line."""


def write(request: ReportRequest) -> RenderedReport:
    """Return the session as JSON."""
    log = request.log if request.log is not None else records_from(request.event_log.events)
    answers = answer_rows(request.session, request.event_log.state)
    content = write_json(request.session, log, answers).encode()
    request.progress(1.0)
    if len(content) > MAX_BYTES:
        limit = f"{MAX_BYTES // 1_000_000} MB"
        warning = f"The file is larger than {limit}, so 'workshop import' will not read it."
        return RenderedReport(content, (warning,))
    return RenderedReport(content)


def read_origin(path: Path) -> Origin | None:
    """Return the origin of the JSON file at `path`, or None if Workshop did not write it.

    The file needs no checksum: its hash chain shows every change.
    """
    content = read_report_file(path)
    session = exported_session_id(content[:_HEAD_BYTES].decode("utf-8", "replace"))
    if session is None:
        return None
    try:
        read_json_session(content, path.name)
    except WorkshopError:
        return Origin(session, untouched=False)
    return Origin(session)
