# pyright: reportPrivateUsage=false, reportUnknownMemberType=false
# python-pptx has no public way to describe a shape or to rotate its text.
"""The canvas as a slide of native shapes: each block is a rectangle whose text can be edited."""

from dataclasses import dataclass

from pptx.dml.color import RGBColor
from pptx.enum.shapes import MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR, MSO_AUTO_SIZE, PP_ALIGN
from pptx.oxml.ns import qn
from pptx.shapes.autoshape import Shape
from pptx.slide import Slide
from pptx.util import Pt

from workshop.export.i18n.languages import language_runs_right_to_left
from workshop.export.layout.block import (
    AFTER_ANSWER,
    AFTER_TITLE,
    PADDING_ABOVE,
    PADDING_BESIDE,
    TITLE_SIZE,
    bullet_indent,
)
from workshop.export.layout.combining_marks import limit_combining_marks
from workshop.export.layout.fit import SIZES, FittedBlock, FittedCanvas, fit_canvas
from workshop.export.layout.placement import Box, canvas_boxes, one_line_title
from workshop.export.page_size import PageSize
from workshop.export.palette import BANDS, EDGE, GRID_LINE, HEADING, INK, QUIET, block_colour
from workshop.export.slides.base_presentation import HEIGHT, NUMBERS, WIDTH
from workshop.export.slides.notes import add_notes
from workshop.export.slides.text import TextFormat, add_paragraph, fill_placeholder, start_alignment
from workshop.views import labels
from workshop.views.outline import CanvasPage

_MARGIN = 28.0
_TOP = 72.0
"""The top of the canvas, below the layout's title and subtitle."""
_CAPTION_TOP, _CAPTION_SIZE = 511.0, 10.0
"""The position and the font size of the line below the canvas."""
_NUMBER_WIDTH = 48.0
"""The width that the line leaves for the slide's number."""
_SCALES = (1.4, 1.2)
"""The scales at which a canvas is drawn if all of its text fits, the largest first."""
_MAX_CHARACTERS_ENLARGED = 10_000
"""Texts with more characters never fit when enlarged, so that is not tried."""
_WHITE = "FFFFFF"
_EDGE_WIDTH = 1.0
"""The visible width of the line around the canvas; its inner half is behind the blocks."""
_STYLE_TAG = qn("p:style")
"""The element that binds a shape's colours to the theme."""


def add_canvas(slide: Slide, page: CanvasPage, language: str) -> FittedCanvas:
    """Add a canvas to a slide with `Layout.CANVAS`; return the fitted canvas."""
    drawing = _fit_to_slide(slide, page, language)
    page = drawing.canvas.page
    fill_placeholder(slide, None, [drawing.canvas.title], language)
    fill_placeholder(slide, NUMBERS, [drawing.canvas.subtitle], language)
    boxes = canvas_boxes(
        drawing.canvas,
        _MARGIN / drawing.scale,
        _TOP / drawing.scale,
        mirrored=language_runs_right_to_left(language),
    )
    drawing.add_frame(boxes.whole)
    blocks = list(zip(drawing.canvas.blocks, boxes.blocks, strict=True))
    # Screen readers follow the order of the shapes, so a model's name comes before its blocks.
    for index, box in enumerate(boxes.bands):
        drawing.add_band(index, box)
        band = page.bands[index]
        for block, block_box in blocks:
            if band.top <= block.block.area.top < band.bottom:
                drawing.add_block(block, block_box)
    if not page.bands:
        for block, block_box in blocks:
            drawing.add_block(block, block_box)
    blocks_in_notes = [b for b in drawing.canvas.blocks if not (b.is_whole and _keeps_all_marks(b))]
    if blocks_in_notes:
        drawing.add_caption(labels.IN_NOTES)
        add_notes(slide, page, blocks_in_notes, language)
    return drawing.canvas


def _keeps_all_marks(fitted: FittedBlock) -> bool:
    """Return whether the canvas shows every combining mark of a block's answers."""
    return all(limit_combining_marks(answer) == answer for answer in fitted.block.answers)


def _fit_to_slide(slide: Slide, page: CanvasPage, language: str) -> "_Drawing":
    """Return the page fitted to the slide, in the largest scale in which all of its text fits."""
    if sum(len(a) for b in page.blocks for a in b.answers) < _MAX_CHARACTERS_ENLARGED:
        for scale in _SCALES:
            canvas = fit_canvas(page, _slide_page_size(scale))
            if canvas.size == SIZES[0] and all(b.is_whole for b in canvas.blocks):
                return _Drawing(slide, canvas, scale, language)
    return _Drawing(slide, fit_canvas(page, _slide_page_size(1.0)), 1.0, language)


def _slide_page_size(scale: float) -> PageSize:
    """Return the page size that fills a slide when it is enlarged by `scale`."""
    return PageSize(HEIGHT / scale, WIDTH / scale, canvas_margin=_MARGIN / scale)


@dataclass(frozen=True, slots=True)
class _Drawing:
    """A canvas on its slide. Lengths are in points, before they are multiplied by `scale`."""

    slide: Slide
    canvas: FittedCanvas
    scale: float
    language: str

    def add_frame(self, box: Box) -> None:
        """Add the line around the canvas, a shape behind the blocks that describes the canvas."""
        page = self.canvas.page
        shape = self._rectangle(box, _WHITE, page.title, labels.describe_canvas(page))
        shape.line.color.rgb = RGBColor.from_string(EDGE)
        shape.line.width = Pt(2 * _EDGE_WIDTH)

    def add_band(self, index: int, box: Box) -> None:
        """Add the name of the stacked model number `index`, from 0."""
        name = self.canvas.page.bands[index].name
        shape = self._rectangle(box, BANDS[index % len(BANDS)], name, f"Model: {name}")
        frame = shape.text_frame
        frame._txBody.bodyPr.set("vert", "vert270")
        frame.vertical_anchor = MSO_ANCHOR.MIDDLE
        text_format = self._scaled_format(
            TITLE_SIZE, self.canvas.leading.title, _WHITE, bold=True, align=PP_ALIGN.CENTER
        )
        add_paragraph(frame, self.canvas.bands[index], self.language, text_format)

    def add_caption(self, text: str) -> None:
        """Add a line below the canvas."""
        box = Box(_MARGIN, _CAPTION_TOP, WIDTH - 2 * _MARGIN - _NUMBER_WIDTH, 2 * _CAPTION_SIZE)
        shape = self._rectangle(box, None, text, text)
        text_format = self._scaled_format(
            _CAPTION_SIZE, _CAPTION_SIZE * 1.2, QUIET, align=self._start_side
        )
        add_paragraph(shape.text_frame, text, self.language, text_format)

    def add_block(self, fitted: FittedBlock, box: Box) -> None:
        """Add a block with its text."""
        page, block = self.canvas.page, fitted.block
        shape = self._rectangle(
            box,
            block_colour(page, block),
            labels.block_name(page, block),
            labels.describe_block(page, block),
        )
        frame = shape.text_frame
        frame.margin_left = frame.margin_right = Pt(PADDING_BESIDE * self.scale)
        width = box.width - 2 * PADDING_BESIDE
        if self.canvas.crowded or fitted.width > width:
            title = one_line_title(fitted, width, box.height, self.canvas.leading)
            text_format = self._scaled_format(
                title.size, title.line, HEADING, bold=True, align=self._start_side
            )
            add_paragraph(frame, title.text, self.language, text_format)
            return
        frame.margin_top = Pt(PADDING_ABOVE * self.scale)
        leading = self.canvas.leading
        title_format = self._scaled_format(
            TITLE_SIZE, leading.title, HEADING, bold=True, after=AFTER_TITLE, align=self._start_side
        )
        add_paragraph(frame, fitted.title, self.language, title_format)
        size, line = self.canvas.size, leading.line(self.canvas.size)
        indent = None if fitted.joined else bullet_indent(size)
        text_format = self._scaled_format(size, line, INK, after=AFTER_ANSWER, bullet=indent)
        for text in fitted.text.lines:
            add_paragraph(frame, text, self.language, text_format)
        if fitted.text.omitted:
            more_format = self._scaled_format(size, line, HEADING, bold=True, align=self._end_side)
            add_paragraph(
                frame, labels.more_answers(fitted.text.omitted), self.language, more_format
            )

    @property
    def _start_side(self) -> PP_ALIGN:
        """The alignment of the report's own words."""
        return start_alignment(self.language)

    @property
    def _end_side(self) -> PP_ALIGN:
        return PP_ALIGN.LEFT if language_runs_right_to_left(self.language) else PP_ALIGN.RIGHT

    def _scaled_format(
        self,
        size: float,
        line: float,
        colour: str,
        *,
        bold: bool = False,
        after: float = 0.0,
        bullet: float | None = None,
        align: PP_ALIGN | None = None,
    ) -> TextFormat:
        """Return a text format with its lengths multiplied by the scale."""
        scale = self.scale
        indent = None if bullet is None else bullet * scale
        return TextFormat(size * scale, line * scale, colour, bold, after * scale, indent, align)

    def _rectangle(self, box: Box, fill: str | None, name: str, description: str) -> Shape:
        """Add an empty rectangle of fixed size without margins; it is invisible without `fill`."""
        scale = self.scale
        shape = self.slide.shapes.add_shape(
            MSO_SHAPE.RECTANGLE,
            *(Pt(length * scale) for length in (box.left, box.top, box.width, box.height)),
        )
        shape.name = name
        shape._element._nvXxPr.cNvPr.set("descr", description)
        shape._element.remove(shape._element.find(_STYLE_TAG))
        if fill is None:
            shape.fill.background()
            shape.line.fill.background()
        else:
            shape.fill.solid()
            shape.fill.fore_color.rgb = RGBColor.from_string(fill)
            shape.line.color.rgb = RGBColor.from_string(GRID_LINE)
            shape.line.width = Pt(0.75)
        frame = shape.text_frame
        frame.word_wrap = True
        frame.auto_size = MSO_AUTO_SIZE.NONE
        frame.vertical_anchor = MSO_ANCHOR.TOP
        frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = Pt(0)
        return shape
