# pyright: reportPrivateUsage=false, reportUnknownMemberType=false
# python-pptx leaves slide numbers to the layouts and does not copy them.
"""The report as PowerPoint slides to present: the canvases, and what was noted beside them.

Sixteen to nine. A title, the summary, one slide for each canvas, then the actions and the parked
points. What a canvas has no room for is in its slide's notes; who said what to which question is in
the Word report.
"""

from copy import deepcopy
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.presentation import Presentation

from workshop.export.core_properties import core_properties
from workshop.export.i18n.languages import proofing_language
from workshop.export.office_file import build_archive_with_checksum, read_office_origin
from workshop.export.provenance import Origin
from workshop.export.request import Progress, RenderedReport, ReportRequest, ignore_progress
from workshop.export.slides.base_presentation import Layout, open_base_presentation
from workshop.export.slides.canvas import add_canvas
from workshop.export.slides.pages import TableContent, add_summary, add_table, add_title
from workshop.views import labels
from workshop.views.outline import Outline


def write(request: ReportRequest) -> RenderedReport:
    """Return the slides as a .pptx file."""
    return _presented(request.outline, request.progress)


def read_origin(path: Path) -> Origin | None:
    """Return where the slides at `path` come from, or None where they are not ours."""
    return read_office_origin(path)


def slides(outline: Outline, progress: Progress = ignore_progress) -> bytes:
    """Return the slides as the bytes of a .pptx file; the same outline gives the same bytes."""
    return _presented(outline, progress).content


def _presented(outline: Outline, progress: Progress) -> RenderedReport:
    deck = open_base_presentation(outline.language)
    language = proofing_language(outline.language)
    for name, value in core_properties(outline).items():
        setattr(deck.core_properties, name, value)
    add_title(deck, outline, language)
    add_summary(deck, outline, language)
    rearranged: list[bool] = []
    for done, page in enumerate(outline.pages, start=1):
        slide = deck.slides.add_slide(deck.slide_layouts[Layout.CANVAS])
        rearranged.append(add_canvas(slide, page, language).rearranged)
        progress(0.9 * done / len(outline.pages))
    for content in (
        TableContent(
            labels.ACTIONS, labels.ACTION_HEADS, (6, 2, 2), labels.action_rows(outline.actions)
        ),
        TableContent(
            labels.PARKED, labels.PARKED_HEADS, (6, 2, 2), labels.parked_rows(outline.parked)
        ),
    ):
        add_table(deck, content, language)
    _add_numbers(deck)
    content = _pack(deck)
    progress(1.0)
    return RenderedReport(content, labels.canvas_warnings(rearranged))


def _add_numbers(deck: Presentation) -> None:
    """Add to each slide the number that its layout has a place for, to be read last."""
    for slide in deck.slides:
        for place in slide.slide_layout.placeholders:
            if place.placeholder_format.type == PP_PLACEHOLDER.SLIDE_NUMBER:
                number = deepcopy(place._element)
                number._nvXxPr.cNvPr.set("id", str(max(s.shape_id for s in slide.shapes) + 1))
                slide.shapes._spTree.append(number)


def _pack(deck: Presentation) -> bytes:
    """Return the file with its parts in sorted order, and without the time of day."""
    saved = BytesIO()
    deck.save(saved)
    with ZipFile(saved) as archive:
        return build_archive_with_checksum(
            (name, archive.read(name)) for name in sorted(archive.namelist())
        )
