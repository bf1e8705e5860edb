"""The report as Markdown: CommonMark, and tables as GitHub has them.

The canvas page is left out: a table of long texts can be read by nobody, and the blocks that
follow say all of it.
"""

from collections.abc import Iterator
from pathlib import Path

from workshop.export.markdown_escaping import block, bullet, heading, inline, table
from workshop.export.provenance import (
    MARK_BEGINS,
    Origin,
    content_of,
    mark_of,
    origin_at,
    sealed,
)
from workshop.export.request import ReportRequest, WrittenReport
from workshop.views import labels
from workshop.views.outline import Outline, QuestionPart

_COMMENT = b"<!-- "
"""What the mark stands behind. No text of a session has it: its < is escaped."""


def write(request: ReportRequest) -> WrittenReport:
    """Return the report as Markdown, in UTF-8."""
    content = markdown(request.outline).encode()
    request.progress(1.0)
    return WrittenReport(sealed(content, content.rindex(_COMMENT) + len(_COMMENT)))


def origin_of(path: Path) -> Origin | None:
    """Return where the file at `path` comes from, or None where it is not ours."""
    content = content_of(path)
    place = content.rfind(_COMMENT + MARK_BEGINS)
    return origin_at(content, place + len(_COMMENT)) if place >= 0 else None


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
        yield f"*{inline(labels.unanswered_label(question))}*"


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
        yield table(
            *labels.without_empty_columns(labels.ACTION_HEADS, labels.action_rows(outline.actions))
        )


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
