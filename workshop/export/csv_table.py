"""The answers as CSV, one a row, for a spreadsheet: RFC 4180, in UTF-8 with a byte-order mark.

A spreadsheet takes a cell that begins with = + - or @ for a formula, so that such a cell gets a '
before it (OWASP, "CSV Injection"). Where lists are parted by semicolons, Excel parts the lines of
a CSV file at semicolons and line ends without regard to most quotes, so that the same is done
behind those inside a cell.
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
# The signs and their full-width forms, behind whatever may stand before them unseen.
_FORMULA = re.compile(
    r"(\A|[;\n\r\t])([^\S\n\r\t]|[\u00ad\u200b-\u200f\u2060\ufeff])*+(?=[=+\-@＝＋－＠])"
)


def write(request: ReportRequest) -> RenderedReport:
    """Return the answers as a table."""
    content = csv_table(request.outline).encode("utf-8-sig")
    request.progress(1.0)
    return RenderedReport(with_checksum(content, _place(content)))


def read_origin(path: Path) -> Origin | None:
    """Return where the table at `path` comes from, or None where it is not ours."""
    content = read_report_file(path)
    return parse_origin(content, _place(content))


def _place(content: bytes) -> int | None:
    """Return where the mark begins, which is in the last cell of the header."""
    for names in (_COLUMNS, (_MODEL, *_COLUMNS)):
        head = _rows_text([[*names, MARK_PREFIX.decode()]]).encode("utf-8-sig")
        before = head.removesuffix(f'"{_LINE_END}'.encode())
        if content.startswith(before):
            return len(before) - len(MARK_PREFIX)
    return None


def csv_table(outline: Outline) -> str:
    """Return the answers of `outline`, those to questions outside the session last."""
    several = len({s.model for s in outline.sections}) > 1
    rows = (row if several else row[1:] for row in _rows(outline))
    names = (_MODEL, *_COLUMNS) if several else _COLUMNS
    # The last column is empty but for its head, so that no row bears what is not an answer's.
    return _rows_text([[*names, origin_mark(outline.session)], *([*row, ""] for row in rows)])


def _rows_text(rows: list[list[str | int]]) -> str:
    stream = StringIO()
    csv.writer(stream, lineterminator=_LINE_END, quoting=csv.QUOTE_NONNUMERIC).writerows(rows)
    return stream.getvalue()


def _rows(outline: Outline) -> Iterator[list[str | int]]:
    for section in outline.sections:
        for question in section.questions:
            yield from _answers(question, section.model or "", section.block)
    for question in outline.orphans:
        yield from _answers(question, "", labels.OUTSIDE)


def _answers(question: QuestionPart, model: str, block: str) -> Iterator[list[str | int]]:
    model, block, ask = cell(model), cell(block), cell(question.ask)
    for a in question.answers:
        yield [model, block, ask, a.number, cell(a.text), cell(a.participant or ""), a.dots]


def cell(text: str) -> str:
    """Return `text` such that no spreadsheet takes it, or a part of it, for a formula."""
    safe = _FORMULA.sub(_quoted, text)
    return f"'{safe}" if safe.startswith(("\t", "\r")) else safe


def _quoted(found: re.Match[str]) -> str:
    return f"{found[1]}'{found[0][len(found[1]) :]}"
