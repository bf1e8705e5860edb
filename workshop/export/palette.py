"""The colours of the report, as RRGGBB: one palette for the page, the picture and the slide."""

from workshop.banks.model import Family
from workshop.views.outline import CanvasBlock, CanvasPage, Outline

FAMILY_COLOURS: dict[Family, str] = {
    "infrastructure": "EAF3E8",
    "offering": "FFF3D6",
    "customer": "E6F0FA",
    "finance": "F0ECF7",
    "context": "EEF0F4",
}
"""The pale colour of each family."""
COSTS_COLOUR = "F9ECEA"
"""That of the first of several finance blocks, which in most canvases holds the costs."""
BANDS = ("1F3A5F", "4A6A94", "33557F", "6180A8")
"""Behind the names of stacked models, from the top."""
INK = "111111"
HEADING = "1F3A5F"
QUIET = "5F6B7A"
"""Of what stands beside the text: dates, names, numbers."""
EDGE = "1F3A5F"
"""Of the line around a canvas."""
GRID_LINE = "9AA6B4"
"""Of the lines between its blocks."""


def block_colour(page: CanvasPage, block: CanvasBlock) -> str:
    """Return the colour of a block of a canvas."""
    return COSTS_COLOUR if block.area.block == _costs_block(page) else FAMILY_COLOURS[block.family]


def cost_section_keys(outline: Outline) -> frozenset[str]:
    """Return the keys of the sections whose block has the colour of costs."""
    return frozenset(
        block.section
        for page in outline.pages
        for block in page.blocks
        if block.section and block.area.block == _costs_block(page)
    )


def _costs_block(page: CanvasPage) -> str | None:
    """Return the id of the first finance block, where there are several."""
    finance = dict.fromkeys(b.area.block for b in page.blocks if b.family == "finance")
    return next(iter(finance)) if len(finance) > 1 else None
