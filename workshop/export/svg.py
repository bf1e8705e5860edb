"""The canvas as a picture: one self-contained SVG 1.1 file without scripts.

The picture looks like the canvas page in the Word report and has its size. With several canvases
it shows the last one, which contains all models. Text remains text, broken into the lines that
the fit has counted.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree as ET

from workshop.export.i18n.languages import language_runs_right_to_left
from workshop.export.i18n.writing_systems import runs_right_to_left
from workshop.export.layout.block import (
    AFTER_ANSWER,
    AFTER_TITLE,
    PADDING_ABOVE,
    PADDING_BESIDE,
    TITLE_SIZE,
    bullet_indent,
)
from workshop.export.layout.fit import (
    AFTER_SUBTITLE,
    PAGE_TITLE_LINE,
    PAGE_TITLE_SIZE,
    SUBTITLE_LINE,
    SUBTITLE_SIZE,
    FittedBlock,
    FittedCanvas,
    fit_canvas,
)
from workshop.export.layout.placement import Box, canvas_boxes, one_line_title
from workshop.export.layout.text_width import MAX_LINES, split_pieces, wrap
from workshop.export.page_size import A4, MILLIMETRE, PageSize
from workshop.export.palette import BANDS, EDGE, GRID_LINE, HEADING, INK, QUIET, block_colour
from workshop.export.provenance import (
    Origin,
    origin_mark,
    parse_origin,
    read_report_file,
    with_checksum,
)
from workshop.export.request import RenderedReport, ReportRequest
from workshop.views import labels
from workshop.views.outline import Outline

# Without Calibri and its metric twin, a narrow font keeps the text inside its block.
_FONTS = "Calibri, Carlito, 'Arial Narrow', 'Liberation Sans Narrow', Arial, sans-serif"
_BASELINE = 0.79
"""The distance of the baseline from the top of a line, as a share of the line's height."""
_MIDDLE_OFFSET = 0.33
"""The distance of the baseline below the middle of a line, in ems."""
_BEFORE_MARK = re.compile(
    rb"\A<\?xml [^<>]*\?>\s*<svg [^<>]*>\s*<title [^<>]*>[^<]*</title>\s*<desc [^<>]*>[^<]*</desc>"
    rb"\s*<metadata>(?=[a-z0-9:]+</metadata>)"
)


@dataclass(frozen=True, slots=True)
class _TextStyle:
    """The size, line height, colour and weight of text; lengths in points."""

    size: float
    line: float
    """The line height."""
    colour: str
    bold: bool = False


_TITLE = _TextStyle(PAGE_TITLE_SIZE, PAGE_TITLE_LINE, HEADING, bold=True)
_SUBTITLE = _TextStyle(SUBTITLE_SIZE, SUBTITLE_LINE, QUIET)


def write(request: ReportRequest) -> RenderedReport:
    """Return the canvas, with all models if there are several, as an SVG file."""
    canvas = fit_canvas(request.outline.pages[-1], request.page_size)
    content = _draw(request.outline, canvas, request.page_size)
    request.progress(1.0)
    return RenderedReport(
        with_checksum(content, _mark_offset(content)), labels.canvas_warnings([canvas.rearranged])
    )


def read_origin(path: Path) -> Origin | None:
    """Return the origin of the picture at `path`, or None if Workshop did not write it."""
    content = read_report_file(path)
    return parse_origin(content, _mark_offset(content))


def _mark_offset(content: bytes) -> int | None:
    """Return the offset of the mark, or None if there is no mark."""
    match = _BEFORE_MARK.match(content)
    return match.end() if match else None


def svg(outline: Outline, page_size: PageSize = A4) -> bytes:
    """Return the last canvas of `outline` as an SVG file."""
    return _draw(outline, fit_canvas(outline.pages[-1], page_size), page_size)


def _draw(outline: Outline, canvas: FittedCanvas, page_size: PageSize) -> bytes:
    root = _root(outline, canvas, page_size)
    left = top = page_size.canvas_margin
    page_box = Box(left, top, page_size.canvas_width, page_size.canvas_height)
    mirrored = language_runs_right_to_left(outline.language)
    top = _add_text(root, canvas.title, page_box, top, _TITLE, align_right=mirrored)
    top = _add_text(root, canvas.subtitle, page_box, top, _SUBTITLE, align_right=mirrored)
    top += AFTER_SUBTITLE
    boxes = canvas_boxes(canvas, left, top, mirrored=mirrored)
    for index, (name, box) in enumerate(zip(canvas.bands, boxes.bands, strict=True)):
        _add_band(root, name, box, BANDS[index % len(BANDS)])
    for block, box in zip(canvas.blocks, boxes.blocks, strict=True):
        _add_block(root, block, box, canvas, mirrored=mirrored)
    _add_rectangle(root, boxes.whole, fill="none", stroke=EDGE, width=1.0)
    for element in root:
        element.tail = "\n"
    return ET.tostring(root, encoding="UTF-8", xml_declaration=True) + b"\n"


def _root(outline: Outline, canvas: FittedCanvas, page_size: PageSize) -> ET.Element:
    """Return an empty picture of the size of the page, which says what it shows."""
    width, height = page_size.height, page_size.width  # a canvas lies on its side
    root = ET.Element(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg",
            "version": "1.1",
            "width": f"{_number(width / MILLIMETRE)}mm",
            "height": f"{_number(height / MILLIMETRE)}mm",
            "viewBox": f"0 0 {_number(width)} {_number(height)}",
            "xml:lang": outline.language,
            "role": "img",
            "aria-labelledby": "title description",
            "font-family": _FONTS,
        },
    )
    ET.SubElement(root, "title", {"id": "title"}).text = canvas.page.title
    ET.SubElement(root, "desc", {"id": "description"}).text = labels.describe_canvas(canvas.page)
    ET.SubElement(root, "metadata").text = origin_mark(outline.session)
    ET.SubElement(root, "rect", {"width": "100%", "height": "100%", "fill": "#FFFFFF"})
    return root


def _add_band(root: ET.Element, name: str, box: Box, fill: str) -> None:
    group = ET.SubElement(root, "g")
    _add_rectangle(group, box, fill=fill)
    x = box.left + box.width / 2 + TITLE_SIZE * _MIDDLE_OFFSET
    transform = f"translate({_number(x)} {_number(box.top + box.height / 2)}) rotate(-90)"
    attributes = {
        "transform": transform,
        "text-anchor": "middle",
        **_text_attributes(_TextStyle(TITLE_SIZE, TITLE_SIZE, "FFFFFF", bold=True)),
        **({"direction": "rtl"} if runs_right_to_left(name) else {}),
    }
    ET.SubElement(group, "text", attributes).text = name


def _add_block(
    root: ET.Element, fitted: FittedBlock, box: Box, canvas: FittedCanvas, *, mirrored: bool
) -> None:
    group = ET.SubElement(root, "g")
    fill = block_colour(canvas.page, fitted.block)
    _add_rectangle(group, box, fill=fill, stroke=GRID_LINE, width=0.75)
    text_box = Box(box.left + PADDING_BESIDE, box.top, box.width - 2 * PADDING_BESIDE, box.height)
    if canvas.crowded or fitted.width > text_box.width:
        title = one_line_title(fitted, text_box.width, text_box.height, canvas.leading)
        title_style = _TextStyle(title.size, title.line, HEADING, bold=True)
        _add_text(group, title.text, text_box, text_box.top, title_style, align_right=mirrored)
        return
    top = box.top + PADDING_ABOVE
    title_style = _TextStyle(TITLE_SIZE, canvas.leading.title, HEADING, bold=True)
    top = AFTER_TITLE + _add_text(
        group, fitted.title, text_box, top, title_style, width=fitted.width, align_right=mirrored
    )
    style = _TextStyle(canvas.size, canvas.leading.line(canvas.size), INK)
    for text in fitted.text.lines:
        top = _add_text(
            group, text, text_box, top, style, width=fitted.width, bullet=not fitted.joined
        )
        top += 0 if fitted.joined else AFTER_ANSWER
    if fitted.text.omitted:
        bold = _TextStyle(style.size, style.line, HEADING, bold=True)
        baseline = top + style.line * _BASELINE
        position = {"x": _number(text_box.right), "y": _number(baseline), "text-anchor": "end"}
        if mirrored:
            position = {"x": _number(text_box.left), "y": _number(baseline)}
        text_element = ET.SubElement(group, "text", {**position, **_text_attributes(bold)})
        text_element.text = labels.more_answers(fitted.text.omitted)


def _add_text(
    parent: ET.Element,
    text: str,
    text_box: Box,
    top: float,
    style: _TextStyle,
    *,
    width: float | None = None,
    bullet: bool = False,
    align_right: bool = False,
) -> float:
    """Add `text` in its lines at `width`, or on one line; return the bottom of the last line.

    Right-to-left text stands on the right, and so does all text with `align_right`.
    """
    right_to_left = runs_right_to_left(text)
    edge, sign = (text_box.right, -1) if right_to_left or align_right else (text_box.left, 1)
    start = edge + sign * bullet_indent(style.size) if bullet else edge
    baseline = top + style.line * _BASELINE
    element = ET.SubElement(parent, "text", _text_attributes(style))
    if right_to_left:
        element.set("direction", "rtl")  # the anchor is then the right end of the text
    elif align_right:
        element.set("text-anchor", "end")
    if bullet:
        position = {"x": _number(edge), "y": _number(baseline)}
        ET.SubElement(element, "tspan", position).text = "•"
    ems = ((width or 0) - (bullet_indent(style.size) if bullet else 0)) / style.size
    for line, spaced in _lines(text, ems, style) if width else [(text, False)]:
        position = {"x": _number(start), "y": _number(baseline)}
        tspan = ET.SubElement(element, "tspan", position)
        tspan.text = line
        tspan.tail = " " if spaced else None
        baseline += style.line
    return baseline - style.line * _BASELINE


def _lines(text: str, ems: float, style: _TextStyle) -> Iterator[tuple[str, bool]]:
    """Yield each line, and whether a space separates it from the next."""
    remaining = text
    for line in wrap(split_pieces(text, bold=style.bold), ems, MAX_LINES, bold=style.bold):
        remaining = remaining[len(line) :]
        yield line, remaining.startswith(" ")
        remaining = remaining.removeprefix(" ")


def _add_rectangle(
    parent: ET.Element, box: Box, *, fill: str, stroke: str | None = None, width: float = 0.0
) -> None:
    attributes = {
        "x": _number(box.left),
        "y": _number(box.top),
        "width": _number(box.width),
        "height": _number(box.height),
        "fill": fill if fill == "none" else f"#{fill}",
    }
    if stroke:
        attributes |= {"stroke": f"#{stroke}", "stroke-width": _number(width)}
    ET.SubElement(parent, "rect", attributes)


def _text_attributes(style: _TextStyle) -> dict[str, str]:
    """Return the SVG attributes of text in that style."""
    weight = {"font-weight": "bold"} if style.bold else {}
    return {"font-size": _number(style.size), "fill": f"#{style.colour}", **weight}


def _number(length: float) -> str:
    return f"{round(length, 2):g}"
