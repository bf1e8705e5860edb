# pyright: reportUnknownMemberType=false
# python-docx leaves the types of its lxml elements open.
"""The report as a Word document: page one, the canvases, then the answers block by block."""

from pathlib import Path
from typing import cast

from workshop.export.core_properties import (
    AUTHOR,
    core_properties,
    subject_property,
    title_property,
)
from workshop.export.i18n.languages import language_runs_right_to_left, script_of
from workshop.export.i18n.writing_systems import han_script, script_kind
from workshop.export.layout.fit import fit_canvas
from workshop.export.office_file import read_office_origin
from workshop.export.page_size import A4, PageSize
from workshop.export.progress import ProgressMeter
from workshop.export.provenance import Origin
from workshop.export.request import Progress, RenderedReport, ReportRequest, ignore_progress
from workshop.export.word.base_document import BaseDocument, open_base_document
from workshop.export.word.canvas import add_canvas
from workshop.export.word.package import pack_document
from workshop.export.word.page_sections import (
    add_headers_and_footers,
    end_canvas_section,
    end_document,
    end_first_section,
)
from workshop.export.word.paragraphs import Typesetter
from workshop.export.word.script_styles import add_script_styles
from workshop.export.word.sections import Headings, Sections
from workshop.export.word.table_of_contents import add_contents
from workshop.export.word.xml import Element, paragraph
from workshop.views import labels
from workshop.views.outline import Outline

_FITTED_SHARE, _BODY_SHARE = 0.1, 0.8
"""The share of the work done once the canvases are fitted, and once the body is complete."""


def write(request: ReportRequest) -> RenderedReport:
    """Return the report as a .docx file."""
    outline = request.outline
    if request.template is None:
        base = open_base_document(outline.language, request.page_size)
    else:
        from workshop.export.word.template.loader import open_template

        base = open_template(
            request.template, outline.language, request.page_size, _properties(outline)
        )
    return _render(base, outline, request.progress)


def read_origin(path: Path) -> Origin | None:
    """Return the origin of the document at `path`, or None if Workshop did not write it."""
    return read_office_origin(path)


def word_report(
    outline: Outline, page_size: PageSize = A4, progress: Progress = ignore_progress
) -> bytes:
    """Return the report as the bytes of a .docx file; the same outline gives the same bytes."""
    return _render(open_base_document(outline.language, page_size), outline, progress).content


def _render(base: BaseDocument, outline: Outline, progress: Progress) -> RenderedReport:
    document, page_size = base.document, base.page_size
    for name, value in core_properties(outline).items():
        setattr(document.core_properties, name, value)
    body = cast(Element, document.element.body)
    for properties in list(body):
        body.remove(properties)
    typesetter = Typesetter(
        right_to_left=language_runs_right_to_left(outline.language), han=_han(outline)
    )
    headings = Headings(typesetter)
    sections = Sections(body, outline, headings, typesetter, page_size)
    anchors = {s.key: f"block_{n:03d}" for n, s in enumerate(outline.sections, start=1)}

    sections.add_first_page()
    end_first_section(paragraph(body, "CanvasEnd"), base)
    fitting = ProgressMeter(progress, len(outline.pages), 0.0, _FITTED_SHARE)
    rearranged: list[bool] = []
    for page in outline.pages:
        fitted = fit_canvas(page, page_size)
        rearranged.append(fitted.rearranged)
        number = headings.register(1, page.key, fitted.title)
        add_canvas(body, fitted, typesetter, number=number, name=page.key, anchors=anchors)
        fitting.add()
    end_canvas_section(paragraph(body, "CanvasEnd"), base)
    contents_index = len(body)
    answers = sum(len(q.answers) for s in outline.sections for q in s.questions)
    sections.add_blocks(anchors, ProgressMeter(progress, answers, _FITTED_SHARE, _BODY_SHARE))
    sections.add_skipped()
    sections.add_parked()
    sections.add_actions()
    sections.add_appendix()
    add_contents(body, contents_index, headings.entries, typesetter)
    end_document(body, base)
    add_headers_and_footers(base, outline, typesetter)
    base.rename_style_references(body)
    add_script_styles(
        cast(Element, document.styles.element), typesetter.used, base.style_ids, outline.language
    )
    progress(_BODY_SHARE)
    content = pack_document(document)
    progress(1.0)
    return RenderedReport(content, (*base.warnings, *labels.canvas_warnings(rearranged)))


def _han(outline: Outline) -> str:
    """Return the script of lone Chinese characters: the bank's, else that of most answers."""
    script = script_of(outline.language)
    if script is not None and script_kind(script) == "east_asian":
        return script
    return han_script(a.text for s in outline.sections for q in s.questions for a in q.answers)


def _properties(outline: Outline) -> dict[str, str]:
    """Return the core properties that replace a template's, by their element names."""
    return {
        "title": title_property(outline),
        "subject": subject_property(outline),
        "creator": AUTHOR,
    }
