"""The report as Markdown: CommonMark, and tables as GitHub has them.

The canvas page is left out: a table of long texts can be read by nobody, and the blocks that
follow say all of it.
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
"""What the mark stands behind. No text of a session has it: its < is escaped."""


def write(request: ReportRequest) -> RenderedReport:
    """Return the report as Markdown, in UTF-8."""
    content = markdown(request.outline).encode()
    request.progress(1.0)
    return RenderedReport(with_checksum(content, content.rindex(_COMMENT) + len(_COMMENT)))


def read_origin(path: Path) -> Origin | None:
    """Return where the file at `path` comes from, or None where it is not ours."""
    content = read_report_file(path)
    place = content.rfind(_COMMENT + MARK_PREFIX)
    return parse_origin(content, place + len(_COMMENT)) if place >= 0 else None


def markdown(outline: Outline) -> str:
    """Return what `outline` says."""
    parts = [
        *_beginning(outline),
        *_blocks(outline),
        *_skipped(outline),
        *_parked(outline),
        *_actions(outline),
        *_appendix(outline),
        f"<!-- {origin_mark(outline.session)} -->",
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
        yield table(labels.UNAPPLIED_HEADS, [(e.at, e.what, e.reason) for e in outline.unapplied])
    yield heading(3, labels.PROVENANCE)
    yield escape_paragraphs(" ".join(outline.provenance))
