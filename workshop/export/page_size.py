"""Page sizes and margins of a report. Lengths are in points, 72 to the inch."""

from typing import NamedTuple

MILLIMETRE = 72 / 25.4


class PageSize(NamedTuple):
    """A page in portrait, with the margins of text pages and of canvas pages."""

    width: float
    height: float
    margin: float = 25 * MILLIMETRE
    """Around the text of portrait pages."""
    canvas_margin: float = 13 * MILLIMETRE
    """Around a canvas, on a landscape page."""
    measure: float | None = None
    """The width of the text if a template sets it; otherwise the margins determine it."""

    @property
    def text_width(self) -> float:
        """The width of the text on a portrait page."""
        return self.measure or self.width - 2 * self.margin

    @property
    def canvas_width(self) -> float:
        """The width of a canvas on its landscape page."""
        return self.height - 2 * self.canvas_margin

    @property
    def canvas_height(self) -> float:
        """The height for a canvas and the lines above it on a landscape page."""
        return self.width - 2 * self.canvas_margin


A4 = PageSize(210 * MILLIMETRE, 297 * MILLIMETRE)
INCH = 72.0
LETTER = PageSize(8.5 * INCH, 11 * INCH)
PAGE_SIZES = {"a4": A4, "letter": LETTER}
"""The page sizes by the value of `--paper`."""
