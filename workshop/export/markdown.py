"""The report as Markdown: CommonMark with GitHub's tables.

The canvas page is left out: a Markdown table of long texts is unreadable, and the blocks contain
the same answers.
"""

from collections.abc import Iterator
from pathlib import Path

from workshop.export.markdown_escaping import (
    escape_inline,
    escape_paragraphs,
    heading,
    list_item,
    table,
)
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

_COMMENT = b"<!-- "
"""Precedes the mark. It cannot occur in a session's text, whose < is escaped."""


def write(request: ReportRequest) -> RenderedReport:
    """Return the report as Markdown, in UTF-8."""
    content = markdown(request.outline).encode()
    request.progress(1.0)
    return RenderedReport(with_checksum(content, content.rindex(_COMMENT) + len(_COMMENT)))


def read_origin(path: Path) -> Origin | None:
    """Return the origin of the file at `path`, or None if Workshop did not write it."""
    content = read_report_file(path)
    offset = content.rfind(_COMMENT + MARK_PREFIX)
    return parse_origin(content, offset + len(_COMMENT)) if offset >= 0 else None


def markdown(outline: Outline) -> str:
    """Return the report on `outline` as Markdown text."""
    parts = [
        *_front_matter(outline),
        *_blocks(outline),
        *_skipped(outline),
        *_parked(outline),
        *_actions(outline),
        *_appendix(outline),
        f"<!-- {origin_mark(outline.session)} -->",
    ]
    return "\n\n".join(parts) + "\n"


def _bullets(items: Iterator[str]) -> Iterator[str]:
    """Yield the items as one list; nothing if there are none."""
    bullet_list = "\n".join(items)
    if bullet_list:
        yield bullet_list


def _front_matter(outline: Outline) -> Iterator[str]:
    yield heading(1, outline.title)
    if outline.canvas.casefold() != outline.title.casefold():
        yield f"**{escape_inline(outline.canvas)}**"
    if outline.subtitle:
        yield escape_paragraphs(outline.subtitle)
    yield from _bullets(
        f"- {escape_inline(fact.label)}: {escape_inline(fact.text)}" for fact in outline.facts
    )
    yield escape_paragraphs(outline.summary)


def _blocks(outline: Outline) -> Iterator[str]:
    yield heading(2, labels.BLOCKS)
    for section in outline.sections:
        yield heading(3, section.title)
        yield f"*{escape_inline(section.purpose)}*"
        for question in section.questions:
            yield from _question(question)


def _question(question: QuestionPart) -> Iterator[str]:
    yield heading(4, question.ask)
    if question.answers:
        yield from _bullets(list_item(a.text, labels.credit(a)) for a in question.answers)
    else:
        yield f"*{escape_inline(labels.unanswered_label(question))}*"


def _skipped(outline: Outline) -> Iterator[str]:
    if outline.skipped:
        yield heading(2, labels.SKIPPED)
        yield from _bullets(
            f"- **{escape_inline(name)}:** {escape_inline(ask)} — {escape_inline(reason)}"
            for name, ask, reason in labels.skipped_rows(outline.skipped)
        )


def _parked(outline: Outline) -> Iterator[str]:
    if outline.parked:
        yield heading(2, labels.PARKED)
        yield from _bullets(
            list_item(text, " · ".join(filter(None, rest)))
            for text, *rest in labels.parked_rows(outline.parked)
        )


def _actions(outline: Outline) -> Iterator[str]:
    if outline.actions:
        yield heading(2, labels.ACTIONS)
        yield table(
            *labels.without_empty_columns(labels.ACTION_HEADS, labels.action_rows(outline.actions))
        )


def _appendix(outline: Outline) -> Iterator[str]:
    yield heading(2, labels.APPENDIX)
    if outline.orphans:
        yield heading(3, labels.ORPHANS)
        for question in outline.orphans:
            yield from _question(question)
    if outline.unapplied:
        yield heading(3, labels.UNAPPLIED)
        yield table(labels.UNAPPLIED_HEADS, [(e.at, e.kind, e.reason) for e in outline.unapplied])
    yield heading(3, labels.PROVENANCE)
    yield escape_paragraphs(" ".join(outline.provenance))
