# pyright: reportPrivateUsage=false, reportUnknownMemberType=false
# python-pptx leaves slide numbers to the layouts and does not copy them.
"""The report as PowerPoint slides, 16:9, to be presented.

The slides are the title, the summary, one for each canvas, then the actions and the parked
points. Answers that a canvas shortens are in full in its slide's notes; the questions and their
participants are in the Word report.
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
    return _render(request.outline, request.progress)


def read_origin(path: Path) -> Origin | None:
    """Return the origin of the slides at `path`, or None if Workshop did not write them."""
    return read_office_origin(path)


def slides(outline: Outline, progress: Progress = ignore_progress) -> bytes:
    """Return the slides as the bytes of a .pptx file; the same outline gives the same bytes."""
    return _render(outline, progress).content


def _render(outline: Outline, progress: Progress) -> RenderedReport:
    deck = open_base_presentation(outline.language)
    language = proofing_language(outline.language)
    for name, value in core_properties(outline).items():
        setattr(deck.core_properties, name, value)
    add_title(deck, outline, language)
    add_summary(deck, outline, language)
    rearranged: list[bool] = []
    for index, page in enumerate(outline.pages, start=1):
        slide = deck.slides.add_slide(deck.slide_layouts[Layout.CANVAS])
        rearranged.append(add_canvas(slide, page, language).rearranged)
        progress(0.9 * index / len(outline.pages))
    for content in (
        TableContent(
            labels.ACTIONS, labels.ACTION_HEADS, (6, 2, 2), labels.action_rows(outline.actions)
        ),
        TableContent(
            labels.PARKED, labels.PARKED_HEADS, (6, 2, 2), labels.parked_rows(outline.parked)
        ),
    ):
        add_table(deck, content, language)
    _add_slide_numbers(deck)
    content = _pack(deck)
    progress(1.0)
    return RenderedReport(content, labels.canvas_warnings(rearranged))


def _add_slide_numbers(deck: Presentation) -> None:
    """Add its layout's slide number to each slide, last in the reading order."""
    for slide in deck.slides:
        for placeholder in slide.slide_layout.placeholders:
            if placeholder.placeholder_format.type == PP_PLACEHOLDER.SLIDE_NUMBER:
                number = deepcopy(placeholder._element)
                number._nvXxPr.cNvPr.set("id", str(max(s.shape_id for s in slide.shapes) + 1))
                slide.shapes._spTree.append(number)


def _pack(deck: Presentation) -> bytes:
    """Return the bytes of the file, its parts sorted and without the time of day."""
    buffer = BytesIO()
    deck.save(buffer)
    with ZipFile(buffer) as archive:
        return build_archive_with_checksum(
            (name, archive.read(name)) for name in sorted(archive.namelist())
        )
