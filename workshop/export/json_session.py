"""The whole session as JSON, from which `workshop import` makes an equal session.

`workshop.storage.json_file.writer` defines the file. The answers for readers, which the file
also holds, come from the outline, as in every format.
"""

from collections.abc import Iterator
from pathlib import Path

from workshop.errors import WorkshopError
from workshop.export.provenance import Origin, read_report_file
from workshop.export.request import RenderedReport, ReportRequest
from workshop.session.record import records_from
from workshop.storage.json_file.reader import read_json_session
from workshop.storage.json_file.writer import MAX_BYTES, AnswerRow, exported_session_id, write_json
from workshop.views.outline import BlockSection, Outline, QuestionPart

_HEAD_BYTES = 1_000
"""How many bytes of a file are searched for the session's id, which is in its fifth line."""


def write(request: ReportRequest) -> RenderedReport:
    """Return the session as JSON."""
    log = request.log if request.log is not None else records_from(request.event_log.events)
    content = write_json(request.session, log, tuple(answer_rows(request.outline))).encode()
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


def answer_rows(outline: Outline) -> Iterator[AnswerRow]:
    """Yield the answers in the order of the report, orphaned answers last."""
    for section in outline.sections:
        for part in section.questions:
            yield from _rows(part, section)
    for part in outline.orphans:
        yield from _rows(part, None)


def _rows(part: QuestionPart, section: BlockSection | None) -> Iterator[AnswerRow]:
    for line in part.answers:
        yield {
            "block": section and section.block,
            "model": section and section.model,
            "question": part.ask,
            "number": line.number,
            "answer": line.text,
            "participant": line.participant,
            "dots": line.votes,
        }
