# pyright: reportPrivateUsage=false, reportUnknownMemberType=false
# python-pptx has no public way to describe a shape or to turn its text.
"""The canvas as a slide of native shapes: each block a rectangle whose text can be edited."""

from dataclasses import dataclass

from pptx.dml.color import RGBColor
from pptx.enum.shapes import MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR, MSO_AUTO_SIZE, PP_ALIGN
from pptx.oxml.ns import qn
from pptx.shapes.autoshape import Shape
from pptx.slide import Slide
from pptx.util import Pt

from workshop.export.i18n.languages import runs_right_to_left
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
"""Where the canvas begins, below what the layout has above it."""
_CAPTION_TOP, _CAPTION_SIZE = 511.0, 10.0
"""Of a line below the canvas."""
_NUMBER = 48.0
"""How much width the slide's number has beside it."""
_LARGER = (1.4, 1.2)
"""How much larger than on paper a canvas is set where all of its text has room, the best first."""
_NEVER_LARGER = 10_000
"""So many characters have no room in large type, and it need not be tried."""
_WHITE = "FFFFFF"
_EDGE_WIDTH = 1.0
"""Of the line around the canvas, whose inner half is behind the blocks."""
_STYLE = qn("p:style")
"""What ties a shape's colours to those of the theme."""


def add_canvas(slide: Slide, page: CanvasPage, language: str) -> FittedCanvas:
    """Add a canvas to a slide with `Layout.CANVAS`; return it as it was fitted."""
    drawing = _drawing(slide, page, language)
    page = drawing.canvas.page
    fill_placeholder(slide, None, [drawing.canvas.title], language)
    fill_placeholder(slide, NUMBERS, [drawing.canvas.subtitle], language)
    boxes = canvas_boxes(
        drawing.canvas,
        _MARGIN / drawing.scale,
        _TOP / drawing.scale,
        mirrored=runs_right_to_left(language),
    )
    drawing.add_frame(boxes.whole)
    blocks = list(zip(drawing.canvas.blocks, boxes.blocks, strict=True))
    # Shapes are read aloud in their order: the name of a model comes before its blocks.
    for place, box in enumerate(boxes.bands):
        drawing.add_band(place, box)
        band = page.bands[place]
        for block, where in blocks:
            if band.top <= block.block.area.top < band.bottom:
                drawing.add_block(block, where)
    if not page.bands:
        for block, where in blocks:
            drawing.add_block(block, where)
    cut = [b for b in drawing.canvas.blocks if not (b.is_whole and _has_few_marks(b))]
    if cut:
        drawing.add_caption(labels.IN_NOTES)
        add_notes(slide, page, cut, language)
    return drawing.canvas


def _has_few_marks(fitted: FittedBlock) -> bool:
    """Return whether a canvas leaves all marks on the letters of a block's answers."""
    return all(limit_combining_marks(answer) == answer for answer in fitted.block.answers)


def _drawing(slide: Slide, page: CanvasPage, language: str) -> "_Drawing":
    """Return the page fitted to the slide, as large as all of its text has room."""
    if sum(len(a) for b in page.blocks for a in b.answers) < _NEVER_LARGER:
        for scale in _LARGER:
            canvas = fit_canvas(page, _paper(scale))
            if canvas.size == SIZES[0] and all(b.is_whole for b in canvas.blocks):
                return _Drawing(slide, canvas, scale, language)
    return _Drawing(slide, fit_canvas(page, _paper(1.0)), 1.0, language)


def _paper(scale: float) -> PageSize:
    """Return what is a slide once it is drawn larger."""
    return PageSize(HEIGHT / scale, WIDTH / scale, canvas_margin=_MARGIN / scale)


@dataclass(frozen=True, slots=True)
class _Drawing:
    """A canvas on its slide. Lengths are in points, before they are drawn larger."""

    slide: Slide
    canvas: FittedCanvas
    scale: float
    language: str

    def add_frame(self, box: Box) -> None:
        """Add the line around the canvas, which is behind the blocks and says what they show."""
        page = self.canvas.page
        shape = self._rectangle(box, _WHITE, page.title, labels.describe_canvas(page))
        shape.line.color.rgb = RGBColor.from_string(EDGE)
        shape.line.width = Pt(2 * _EDGE_WIDTH)

    def add_band(self, place: int, box: Box) -> None:
        """Add the name of one of the stacked models."""
        name = self.canvas.page.bands[place].name
        shape = self._rectangle(box, BANDS[place % len(BANDS)], name, f"Model: {name}")
        frame = shape.text_frame
        frame._txBody.bodyPr.set("vert", "vert270")
        frame.vertical_anchor = MSO_ANCHOR.MIDDLE
        look = self._look(
            TITLE_SIZE, self.canvas.leading.title, _WHITE, bold=True, align=PP_ALIGN.CENTER
        )
        add_paragraph(frame, self.canvas.bands[place], self.language, look)

    def add_caption(self, text: str) -> None:
        """Add a line below the canvas."""
        box = Box(_MARGIN, _CAPTION_TOP, WIDTH - 2 * _MARGIN - _NUMBER, 2 * _CAPTION_SIZE)
        shape = self._rectangle(box, None, text, text)
        look = self._look(_CAPTION_SIZE, _CAPTION_SIZE * 1.2, QUIET, align=self._side)
        add_paragraph(shape.text_frame, text, self.language, look)

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
            look = self._look(title.size, title.line, HEADING, bold=True, align=self._side)
            add_paragraph(frame, title.text, self.language, look)
            return
        frame.margin_top = Pt(PADDING_ABOVE * self.scale)
        leading = self.canvas.leading
        head = self._look(
            TITLE_SIZE, leading.title, HEADING, bold=True, after=AFTER_TITLE, align=self._side
        )
        add_paragraph(frame, fitted.title, self.language, head)
        size, line = self.canvas.size, leading.line(self.canvas.size)
        indent = None if fitted.joined else bullet_indent(size)
        look = self._look(size, line, INK, after=AFTER_ANSWER, bullet=indent)
        for text in fitted.text.lines:
            add_paragraph(frame, text, self.language, look)
        if fitted.text.omitted:
            rest = self._look(size, line, HEADING, bold=True, align=self._other_side)
            add_paragraph(frame, labels.more_answers(fitted.text.omitted), self.language, rest)

    @property
    def _side(self) -> PP_ALIGN:
        """Where our own words stand."""
        return start_alignment(self.language)

    @property
    def _other_side(self) -> PP_ALIGN:
        return PP_ALIGN.LEFT if runs_right_to_left(self.language) else PP_ALIGN.RIGHT

    def _look(
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
        """Return a look, larger."""
        k = self.scale
        indent = None if bullet is None else bullet * k
        return TextFormat(size * k, line * k, colour, bold, after * k, indent, align)

    def _rectangle(self, box: Box, fill: str | None, name: str, description: str) -> Shape:
        """Add a rectangle without text that has no margins and never changes its size.

        Without `fill` nothing of it is seen.
        """
        k = self.scale
        shape = self.slide.shapes.add_shape(
            MSO_SHAPE.RECTANGLE,
            *(Pt(length * k) for length in (box.left, box.top, box.width, box.height)),
        )
        shape.name = name
        shape._element._nvXxPr.cNvPr.set("descr", description)
        shape._element.remove(shape._element.find(_STYLE))
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
