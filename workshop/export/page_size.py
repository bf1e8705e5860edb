"""The paper that a report is printed on. Lengths are in points, 72 to the inch."""

from typing import NamedTuple

MILLIMETRE = 72 / 25.4


class PageSize(NamedTuple):
    """A sheet, as it stands in portrait."""

    width: float
    height: float
    margin: float = 25 * MILLIMETRE
    """Around the text of portrait pages."""
    canvas_margin: float = 13 * MILLIMETRE
    """Around a canvas, on a landscape page."""
    measure: float | None = None
    """How wide text is, where a template says so and the margins do not."""

    @property
    def text_width(self) -> float:
        """How wide the text of a page is."""
        return self.measure or self.width - 2 * self.margin

    @property
    def canvas_width(self) -> float:
        """How wide a canvas is on its landscape page."""
        return self.height - 2 * self.canvas_margin

    @property
    def canvas_height(self) -> float:
        """How much height a landscape page has for a canvas and the lines above it."""
        return self.width - 2 * self.canvas_margin


A4 = PageSize(210 * MILLIMETRE, 297 * MILLIMETRE)
INCH = 72.0
LETTER = PageSize(8.5 * INCH, 11 * INCH)
PAGE_SIZES = {"a4": A4, "letter": LETTER}
"""By the name that the command line has for them."""
