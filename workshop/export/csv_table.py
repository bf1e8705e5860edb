"""The answers as CSV, one row each, for a spreadsheet: RFC 4180, in UTF-8 with a byte-order mark.

A spreadsheet reads a cell that begins with = + - or @ as a formula, so such a cell is prefixed
with ' (OWASP, "CSV Injection"). In locales whose list separator is the semicolon, Excel splits a
CSV file at semicolons and line ends and ignores most quotes, so the text behind a semicolon or a
line end inside a cell is prefixed in the same way.
"""

import csv
import re
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

from workshop.export.provenance import (
    MARK_PREFIX,
    Origin,
    origin_mark,
    parse_origin,
    read_report_file,
    with_checksum,
)
from workshop.export.request import RenderedReport, ReportRequest
from workshop.views import labels
from workshop.views.outline import Outline, QuestionPart

_COLUMNS = ("Block", "Question", "Number", "Answer", "Participant", "Dots")
_MODEL = "Model"
_LINE_END = "\r\n"
# The signs and their full-width forms, after any spaces and invisible characters.
_FORMULA = re.compile(
    r"(\A|[;\n\r\t])([^\S\n\r\t]|[\u00ad\u200b-\u200f\u2060\ufeff])*+(?=[=+\-@＝＋－＠])"
)


def write(request: ReportRequest) -> RenderedReport:
    """Return the answers as a CSV file."""
    content = csv_table(request.outline).encode("utf-8-sig")
    request.progress(1.0)
    return RenderedReport(with_checksum(content, _mark_offset(content)))


def read_origin(path: Path) -> Origin | None:
    """Return the origin of the CSV file at `path`, or None if Workshop did not write it."""
    content = read_report_file(path)
    return parse_origin(content, _mark_offset(content))


def _mark_offset(content: bytes) -> int | None:
    """Return the offset of the mark, which is the last cell of the header; None without one."""
    for columns in (_COLUMNS, (_MODEL, *_COLUMNS)):
        header = _rows_text([[*columns, MARK_PREFIX.decode()]]).encode("utf-8-sig")
        prefix = header.removesuffix(f'"{_LINE_END}'.encode())
        if content.startswith(prefix):
            return len(prefix) - len(MARK_PREFIX)
    return None


def csv_table(outline: Outline) -> str:
    """Return the answers of `outline` as CSV text, orphaned answers last."""
    has_several_models = len({s.model for s in outline.sections}) > 1
    rows = (row if has_several_models else row[1:] for row in _rows(outline))
    columns = (_MODEL, *_COLUMNS) if has_several_models else _COLUMNS
    # The mark has a column of its own, so that no row of an answer holds anything else.
    return _rows_text([[*columns, origin_mark(outline.session)], *([*row, ""] for row in rows)])


def _rows_text(rows: list[list[str | int]]) -> str:
    buffer = StringIO()
    csv.writer(buffer, lineterminator=_LINE_END, quoting=csv.QUOTE_NONNUMERIC).writerows(rows)
    return buffer.getvalue()


def _rows(outline: Outline) -> Iterator[list[str | int]]:
    for section in outline.sections:
        for question in section.questions:
            yield from _answers(question, section.model or "", section.block)
    for question in outline.orphans:
        yield from _answers(question, "", labels.OUTSIDE)


def _answers(question: QuestionPart, model: str, block: str) -> Iterator[list[str | int]]:
    context = [escape_formula(model), escape_formula(block), escape_formula(question.ask)]
    for answer in question.answers:
        text, participant = escape_formula(answer.text), escape_formula(answer.participant)
        yield [*context, answer.number, text, participant, answer.votes]


def escape_formula(text: str) -> str:
    """Return `text` escaped so that no spreadsheet reads it, or a part of it, as a formula."""
    escaped = _FORMULA.sub(_insert_apostrophe, text)
    return f"'{escaped}" if escaped.startswith(("\t", "\r")) else escaped


def _insert_apostrophe(match: re.Match[str]) -> str:
    return f"{match[1]}'{match[0][len(match[1]) :]}"
