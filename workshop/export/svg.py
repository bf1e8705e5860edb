"""The canvas as a picture: one SVG 1.1 file that needs nothing beside it and runs nothing.

It has the size and the look of the canvas's page in the Word report. Of several canvases it is the
last one, which shows all models. Text stays text, broken into the lines that the fit has counted.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree as ET

from workshop.export.i18n.languages import runs_right_to_left as language_runs_right_to_left
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

# Where neither Calibri nor its metric twin is there, a narrow font keeps text in its block.
_FONTS = "Calibri, Carlito, 'Arial Narrow', 'Liberation Sans Narrow', Arial, sans-serif"
_BASELINE = 0.79
"""How far down a line its letters stand, as a share of the line's height."""
_MIDDLE = 0.33
"""How far below the middle of a line its letters stand, in ems."""
_MARKED = re.compile(
    rb"\A<\?xml [^<>]*\?>\s*<svg [^<>]*>\s*<title [^<>]*>[^<]*</title>\s*<desc [^<>]*>[^<]*</desc>"
    rb"\s*<metadata>(?=[a-z0-9:]+</metadata>)"
)


@dataclass(frozen=True, slots=True)
class _Letters:
    """How text is set."""

    size: float
    line: float
    """The height of a line."""
    colour: str
    bold: bool = False


_TITLE = _Letters(PAGE_TITLE_SIZE, PAGE_TITLE_LINE, HEADING, bold=True)
_SUBTITLE = _Letters(SUBTITLE_SIZE, SUBTITLE_LINE, QUIET)


def write(request: ReportRequest) -> RenderedReport:
    """Return the picture of the canvas, with all models where there are several."""
    canvas = fit_canvas(request.outline.pages[-1], request.paper)
    content = _drawn(request.outline, canvas, request.paper)
    request.progress(1.0)
    return RenderedReport(
        with_checksum(content, _place(content)), labels.canvas_warnings([canvas.rearranged])
    )


def read_origin(path: Path) -> Origin | None:
    """Return where the picture at `path` comes from, or None where it is not ours."""
    content = read_report_file(path)
    return parse_origin(content, _place(content))


def _place(content: bytes) -> int | None:
    """Return where the mark begins, or None where there is none."""
    found = _MARKED.match(content)
    return found.end() if found else None


def svg(outline: Outline, paper: PageSize = A4) -> bytes:
    """Return the last canvas of `outline` as an SVG file."""
    return _drawn(outline, fit_canvas(outline.pages[-1], paper), paper)


def _drawn(outline: Outline, canvas: FittedCanvas, paper: PageSize) -> bytes:
    root = _root(outline, canvas, paper)
    left = top = paper.canvas_margin
    sheet = Box(left, top, paper.canvas_width, paper.canvas_height)
    mirrored = language_runs_right_to_left(outline.language)
    top = _add_text(root, canvas.title, sheet, top, _TITLE, to_right=mirrored)
    top = _add_text(root, canvas.subtitle, sheet, top, _SUBTITLE, to_right=mirrored)
    top += AFTER_SUBTITLE
    boxes = canvas_boxes(canvas, left, top, mirrored=mirrored)
    for place, (name, box) in enumerate(zip(canvas.bands, boxes.bands, strict=True)):
        _add_band(root, name, box, BANDS[place % len(BANDS)])
    for block, box in zip(canvas.blocks, boxes.blocks, strict=True):
        _add_block(root, block, box, canvas, mirrored=mirrored)
    _add_rectangle(root, boxes.whole, fill="none", stroke=EDGE, width=1.0)
    for element in root:
        element.tail = "\n"
    return ET.tostring(root, encoding="UTF-8", xml_declaration=True) + b"\n"


def _root(outline: Outline, canvas: FittedCanvas, paper: PageSize) -> ET.Element:
    """Return an empty picture of the size of the page, which says what it shows."""
    width, height = paper.height, paper.width  # a canvas lies on its side
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
    x = box.left + box.width / 2 + TITLE_SIZE * _MIDDLE
    turned = f"translate({_number(x)} {_number(box.top + box.height / 2)}) rotate(-90)"
    attributes = {
        "transform": turned,
        "text-anchor": "middle",
        **_set(_Letters(TITLE_SIZE, TITLE_SIZE, "FFFFFF", bold=True)),
        **({"direction": "rtl"} if runs_right_to_left(name) else {}),
    }
    ET.SubElement(group, "text", attributes).text = name


def _add_block(
    root: ET.Element, fitted: FittedBlock, box: Box, canvas: FittedCanvas, *, mirrored: bool
) -> None:
    group = ET.SubElement(root, "g")
    fill = block_colour(canvas.page, fitted.block)
    _add_rectangle(group, box, fill=fill, stroke=GRID_LINE, width=0.75)
    inside = Box(box.left + PADDING_BESIDE, box.top, box.width - 2 * PADDING_BESIDE, box.height)
    if canvas.crowded or fitted.width > inside.width:
        title = one_line_title(fitted, inside.width, inside.height, canvas.leading)
        low = _Letters(title.size, title.line, HEADING, bold=True)
        _add_text(group, title.text, inside, inside.top, low, to_right=mirrored)
        return
    top = box.top + PADDING_ABOVE
    head = _Letters(TITLE_SIZE, canvas.leading.title, HEADING, bold=True)
    top = AFTER_TITLE + _add_text(
        group, fitted.title, inside, top, head, width=fitted.width, to_right=mirrored
    )
    letters = _Letters(canvas.size, canvas.leading.line(canvas.size), INK)
    for text in fitted.text.lines:
        top = _add_text(
            group, text, inside, top, letters, width=fitted.width, bullet=not fitted.joined
        )
        top += 0 if fitted.joined else AFTER_ANSWER
    if fitted.text.omitted:
        bold = _Letters(letters.size, letters.line, HEADING, bold=True)
        baseline = top + letters.line * _BASELINE
        place = {"x": _number(inside.right), "y": _number(baseline), "text-anchor": "end"}
        if mirrored:
            place = {"x": _number(inside.left), "y": _number(baseline)}
        words = ET.SubElement(group, "text", {**place, **_set(bold)})
        words.text = labels.more_answers(fitted.text.omitted)


def _add_text(
    parent: ET.Element,
    text: str,
    inside: Box,
    top: float,
    letters: _Letters,
    *,
    width: float | None = None,
    bullet: bool = False,
    to_right: bool = False,
) -> float:
    """Add `text` in the lines that it has at `width`, or in one; return where they end.

    It stands on the right where it runs that way, or is to stand `to_right`.
    """
    backward = runs_right_to_left(text)
    edge, sign = (inside.right, -1) if backward or to_right else (inside.left, 1)
    start = edge + sign * bullet_indent(letters.size) if bullet else edge
    baseline = top + letters.line * _BASELINE
    element = ET.SubElement(parent, "text", _set(letters))
    if backward:
        element.set("direction", "rtl")  # so that the text ends, and not begins, on the left
    elif to_right:
        element.set("text-anchor", "end")
    if bullet:
        place = {"x": _number(edge), "y": _number(baseline)}
        ET.SubElement(element, "tspan", place).text = "•"
    ems = ((width or 0) - (bullet_indent(letters.size) if bullet else 0)) / letters.size
    for line, spaced in _lines(text, ems, letters) if width else [(text, False)]:
        place = {"x": _number(start), "y": _number(baseline)}
        span = ET.SubElement(element, "tspan", place)
        span.text = line
        span.tail = " " if spaced else None
        baseline += letters.line
    return baseline - letters.line * _BASELINE


def _lines(text: str, ems: float, letters: _Letters) -> Iterator[tuple[str, bool]]:
    """Yield each line, and whether a space parts it from the next."""
    rest = text
    for line in wrap(split_pieces(text, bold=letters.bold), ems, MAX_LINES, bold=letters.bold):
        rest = rest[len(line) :]
        yield line, rest.startswith(" ")
        rest = rest.removeprefix(" ")


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


def _set(letters: _Letters) -> dict[str, str]:
    """Return the attributes of text that is set so."""
    weight = {"font-weight": "bold"} if letters.bold else {}
    return {"font-size": _number(letters.size), "fill": f"#{letters.colour}", **weight}


def _number(length: float) -> str:
    return f"{round(length, 2):g}"
