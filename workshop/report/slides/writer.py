# pyright: reportPrivateUsage=false, reportUnknownMemberType=false
# python-pptx leaves slide numbers to the layouts and does not copy them.
"""The report as PowerPoint slides to present: the canvases, and what was noted beside them.

Sixteen to nine. A title, the summary, one slide for each canvas, then the actions and the parked
points. The answers one by one stay in the Word report, where they can be read.
"""

from copy import deepcopy
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.presentation import Presentation

from workshop.report import labels
from workshop.report.languages import proofing_language
from workshop.report.office_file import archive_of, identifier_of
from workshop.report.outline import Outline
from workshop.report.request import (
    Progress,
    ReportRequest,
    Written,
    mark_of,
    marked_session,
    unwatched,
)
from workshop.report.slides.base import Layout, open_base
from workshop.report.slides.canvas import add_canvas
from workshop.report.slides.pages import Noted, add_summary, add_table, add_title

_LONGEST_PROPERTY = 255


def write(request: ReportRequest) -> Written:
    """Return the slides as a .pptx file."""
    return Written(slides(request.outline, request.progress))


def session_in(path: Path) -> str | None:
    """Return the id of the session that the slides at `path` were written for, or None."""
    return marked_session(identifier_of(path) or "")


def slides(outline: Outline, progress: Progress = unwatched) -> bytes:
    """Return the slides as the bytes of a .pptx file; the same outline gives the same bytes."""
    deck = open_base(outline.language)
    language = proofing_language(outline.language)
    _add_properties(deck, outline)
    add_title(deck, outline, language)
    add_summary(deck, outline, language)
    for done, page in enumerate(outline.pages, start=1):
        add_canvas(deck.slides.add_slide(deck.slide_layouts[Layout.CANVAS]), page, language)
        progress(0.9 * done / len(outline.pages))
    for noted in (
        Noted(labels.ACTIONS, labels.ACTION_HEADS, (6, 2, 2), labels.action_rows(outline.actions)),
        Noted(labels.PARKED, labels.PARKED_HEADS, (6, 2, 2), labels.parked_rows(outline.parked)),
    ):
        add_table(deck, noted, language)
    _add_numbers(deck)
    content = _packed(deck)
    progress(1.0)
    return content


def _add_properties(deck: Presentation, outline: Outline) -> None:
    properties = deck.core_properties
    properties.title = outline.title[:_LONGEST_PROPERTY]
    properties.subject = outline.canvas[:_LONGEST_PROPERTY]
    properties.author = properties.last_modified_by = "Workshop"
    properties.identifier = mark_of(outline.session)
    properties.language = proofing_language(outline.language)
    properties.created, properties.modified = outline.created, outline.modified
    properties.revision = 1


def _add_numbers(deck: Presentation) -> None:
    """Add to each slide the number that its layout has a place for, to be read last."""
    for slide in deck.slides:
        for place in slide.slide_layout.placeholders:
            if place.placeholder_format.type == PP_PLACEHOLDER.SLIDE_NUMBER:
                number = deepcopy(place._element)
                number._nvXxPr.cNvPr.set("id", str(max(s.shape_id for s in slide.shapes) + 1))
                slide.shapes._spTree.append(number)


def _packed(deck: Presentation) -> bytes:
    """Return the file with its parts in sorted order, and without the time of day."""
    saved = BytesIO()
    deck.save(saved)
    with ZipFile(saved) as archive:
        return archive_of((name, archive.read(name)) for name in sorted(archive.namelist()))
