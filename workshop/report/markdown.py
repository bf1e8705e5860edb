"""The report as Markdown: CommonMark, and tables as GitHub has them.

The canvas page is left out: a table of long texts can be read by nobody, and the blocks that
follow say all of it.
"""

import os
import re
from collections.abc import Iterator
from pathlib import Path

from workshop.report import labels
from workshop.report.markdown_text import block, bullet, heading, inline, table
from workshop.report.outline import Outline, QuestionPart
from workshop.report.request import ReportRequest, Written, mark_of, marked_session

_TAIL = 200
"""In bytes; longer than the line with the mark."""
_LAST_LINE = re.compile(r"<!-- [a-z0-9:]+ -->\Z")


def write(request: ReportRequest) -> Written:
    """Return the report as Markdown, in UTF-8."""
    content = markdown(request.outline).encode()
    request.progress(1.0)
    return Written(content)


def session_in(path: Path) -> str | None:
    """Return the id of the session that the last line of the file at `path` names, or None."""
    with path.open("rb") as file:
        file.seek(0, os.SEEK_END)
        file.seek(max(file.tell() - _TAIL, 0))
        end = file.read(_TAIL).decode(errors="replace").rstrip("\r\n")
    last = _LAST_LINE.search(end)
    return marked_session(last[0]) if last else None


def markdown(outline: Outline) -> str:
    """Return what `outline` says."""
    parts = [
        *_beginning(outline),
        *_blocks(outline),
        *_skipped(outline),
        *_parked(outline),
        *_actions(outline),
        *_appendix(outline),
        f"<!-- {mark_of(outline.session)} -->",
    ]
    return "\n\n".join(parts) + "\n"


def _bullets(items: Iterator[str]) -> Iterator[str]:
    """Yield one list of these items, where there are any."""
    whole = "\n".join(items)
    if whole:
        yield whole


def _beginning(outline: Outline) -> Iterator[str]:
    yield heading(1, outline.title)
    if outline.canvas.casefold() != outline.title.casefold():
        yield f"**{inline(outline.canvas)}**"
    if outline.subtitle:
        yield block(outline.subtitle)
    yield from _bullets(f"- {inline(fact.label)}: {inline(fact.text)}" for fact in outline.facts)
    yield block(outline.summary)


def _blocks(outline: Outline) -> Iterator[str]:
    yield heading(2, labels.BLOCKS)
    for section in outline.sections:
        yield heading(3, section.title)
        yield f"*{inline(section.purpose)}*"
        for question in section.questions:
            yield from _question(question)


def _question(question: QuestionPart) -> Iterator[str]:
    yield heading(4, question.ask)
    if question.answers:
        yield from _bullets(bullet(a.text, labels.credit(a)) for a in question.answers)
    else:
        yield f"*{inline(labels.open_question(question))}*"


def _skipped(outline: Outline) -> Iterator[str]:
    if outline.skipped:
        yield heading(2, labels.SKIPPED)
        yield from _bullets(
            f"- **{inline(name)}:** {inline(ask)} — {inline(reason)}"
            for name, ask, reason in labels.skipped_rows(outline.skipped)
        )


def _parked(outline: Outline) -> Iterator[str]:
    if outline.parked:
        yield heading(2, labels.PARKED)
        yield from _bullets(
            bullet(text, " · ".join(filter(None, rest)))
            for text, *rest in labels.parked_rows(outline.parked)
        )


def _actions(outline: Outline) -> Iterator[str]:
    if outline.actions:
        yield heading(2, labels.ACTIONS)
        yield table(*labels.told(labels.ACTION_HEADS, labels.action_rows(outline.actions)))


def _appendix(outline: Outline) -> Iterator[str]:
    yield heading(2, labels.APPENDIX)
    if outline.orphans:
        yield heading(3, labels.ORPHANS)
        for question in outline.orphans:
            yield from _question(question)
    if outline.lost:
        yield heading(3, labels.LOST)
        yield table(labels.LOST_HEADS, [(e.at, e.what, e.reason) for e in outline.lost])
    yield heading(3, labels.MADE)
    yield block(" ".join(outline.made))
