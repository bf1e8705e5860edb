"""The whole session as JSON, from which `workshop import` makes an equal session.

`workshop.storage.json_file.writer` lays down what it says of a session; the answers for people,
which are in it too, come from the outline, as in every format.
"""

from collections.abc import Iterator
from pathlib import Path

from workshop.errors import WorkshopError
from workshop.export.provenance import Origin, read_report_file
from workshop.export.request import RenderedReport, ReportRequest
from workshop.session.record import records_from
from workshop.storage.json_file.reader import read_json_session
from workshop.storage.json_file.writer import MAX_BYTES, Row, exported_session_id, write_json
from workshop.views.outline import BlockSection, Outline, QuestionPart

_HEAD = 1_000
"""How many bytes of a file are looked at to know it again: the id stands in its fifth line."""


def write(request: ReportRequest) -> RenderedReport:
    """Return the session as JSON."""
    log = request.log if request.log is not None else records_from(request.event_log.events)
    content = write_json(request.session, log, tuple(answer_rows(request.outline))).encode()
    request.progress(1.0)
    if len(content) > MAX_BYTES:
        most = f"{MAX_BYTES // 1_000_000} MB"
        remark = f"The file is larger than {most}, so 'workshop import' will not read it."
        return RenderedReport(content, (remark,))
    return RenderedReport(content)


def read_origin(path: Path) -> Origin | None:
    """Return where the JSON file at `path` comes from, or None where it is not ours.

    It needs no seal: an import notices every change by the chain that is in it.
    """
    content = read_report_file(path)
    session = exported_session_id(content[:_HEAD].decode("utf-8", "replace"))
    if session is None:
        return None
    try:
        read_json_session(content, path.name)
    except WorkshopError:
        return Origin(session, untouched=False)
    return Origin(session)


def answer_rows(outline: Outline) -> Iterator[Row]:
    """Yield the answers in the order of the report, those without a question last."""
    for section in outline.sections:
        for part in section.questions:
            yield from _rows(part, section)
    for part in outline.orphans:
        yield from _rows(part, None)


def _rows(part: QuestionPart, section: BlockSection | None) -> Iterator[Row]:
    for line in part.answers:
        yield {
            "block": section and section.block,
            "model": section and section.model,
            "question": part.ask,
            "number": line.number,
            "answer": line.text,
            "participant": line.participant,
            "dots": line.dots,
        }
