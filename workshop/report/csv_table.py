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

from workshop.report import labels
from workshop.report.outline import Outline, QuestionPart
from workshop.report.request import ReportRequest, Written, mark_of, marked_session

_COLUMNS = ("Block", "Question", "Number", "Answer", "Participant", "Dots")
_MODEL, _SESSION = "Model", "Session"
_LINE_END = "\r\n"
_LONGEST_HEADER = 200
_LONGEST_ROW = 4_000_000
"""In characters; more than the longest answer with all its quotes doubled."""
# The signs and their full-width forms, behind whatever may stand before them unseen.
_FORMULA = re.compile(
    r"(\A|[;\n\r\t])([^\S\n\r\t]|[\u00ad\u200b-\u200f\u2060\ufeff])*+(?=[=+\-@＝＋－＠])"
)
_MARK = re.compile(r',"(workshop:session:[0-9a-f]{32})"\Z')
_MARK_LENGTH = 60


def write(request: ReportRequest) -> Written:
    """Return the answers as a table."""
    content = csv_table(request.outline).encode("utf-8-sig")
    request.progress(1.0)
    return Written(content)


def session_in(path: Path) -> str | None:
    """Return the id of the session that every row of the file at `path` is marked with, or None.

    A table that a spreadsheet has saved is no longer taken for ours: somebody has worked on it.
    """
    try:
        with path.open(encoding="utf-8-sig", newline=_LINE_END) as file:
            header = file.readline(_LONGEST_HEADER)
            if _head(header) not in _heads():
                return None
            marks = {_mark(header)} - {None}
            while row := file.readline(_LONGEST_ROW):
                marks.add(_mark(row))
                if len(marks) > 1:
                    return None
    except UnicodeDecodeError:
        return None
    return marked_session(marks.pop() or "") if marks else None


def _mark(row: str) -> str | None:
    """Return the mark at the end of a row, or None."""
    found = _MARK.search(row.removesuffix(_LINE_END)[-_MARK_LENGTH:])
    return found[1] if found and row.endswith(_LINE_END) else None


def _head(header: str) -> str:
    """Return a header without its last cell."""
    return header.rpartition(",")[0]


def _heads() -> tuple[str, ...]:
    return tuple(
        _head(_rows_text([[*names, _SESSION]])) for names in (_COLUMNS, (_MODEL, *_COLUMNS))
    )


def csv_table(outline: Outline) -> str:
    """Return the answers of `outline`, those to questions outside the session last."""
    several = len({s.model for s in outline.sections}) > 1
    mark = mark_of(outline.session)
    rows = [row if several else row[1:] for row in _rows(outline, mark)]
    names = (_MODEL, *_COLUMNS) if several else _COLUMNS
    # A table without rows has its mark where the rows would have it.
    return _rows_text([[*names, _SESSION if rows else mark], *rows])


def _rows_text(rows: list[list[str | int]]) -> str:
    stream = StringIO()
    csv.writer(stream, lineterminator=_LINE_END, quoting=csv.QUOTE_NONNUMERIC).writerows(rows)
    return stream.getvalue()


def _rows(outline: Outline, mark: str) -> Iterator[list[str | int]]:
    for section in outline.sections:
        for question in section.questions:
            yield from _answers(question, section.model or "", section.block, mark)
    for question in outline.orphans:
        yield from _answers(question, "", labels.OUTSIDE, mark)


def _answers(
    question: QuestionPart, model: str, block: str, mark: str
) -> Iterator[list[str | int]]:
    model, block, ask = cell(model), cell(block), cell(question.ask)
    for a in question.answers:
        person = cell(a.participant or "")
        yield [model, block, ask, a.number, cell(a.text), person, a.dots, mark]


def cell(text: str) -> str:
    """Return `text` such that no spreadsheet takes it, or a part of it, for a formula."""
    safe = _FORMULA.sub(_quoted, text)
    return f"'{safe}" if safe.startswith(("\t", "\r")) else safe


def _quoted(found: re.Match[str]) -> str:
    return f"{found[1]}'{found[0][len(found[1]) :]}"
