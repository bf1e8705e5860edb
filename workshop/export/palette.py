"""The colours of exports, as RRGGBB: of block families, lines and text.

Word, PDF, SVG and slides all take their colours from here. To change the colour of a block family,
change `FAMILY_COLOURS`.
"""

from workshop.banks.model import Family
from workshop.views.outline import CanvasBlock, CanvasPage, Outline

FAMILY_COLOURS: dict[Family, str] = {
    "infrastructure": "EAF3E8",
    "offering": "FFF3D6",
    "customer": "E6F0FA",
    "finance": "F0ECF7",
    "context": "EEF0F4",
}
"""The colour of the blocks of each family."""
COSTS_COLOUR = "F9ECEA"
"""The colour of the first of several finance blocks, which in most canvases holds the costs."""
BANDS = ("1F3A5F", "4A6A94", "33557F", "6180A8")
"""The colours behind the names of stacked models, from the top."""
INK = "111111"
HEADING = "1F3A5F"
QUIET = "5F6B7A"
"""The colour of secondary text: dates, names, numbers."""
EDGE = "1F3A5F"
"""The colour of the line around a canvas."""
GRID_LINE = "9AA6B4"
"""The colour of the lines between blocks."""


def block_colour(page: CanvasPage, block: CanvasBlock) -> str:
    """Return the colour of a block: that of its family, or that of costs."""
    return COSTS_COLOUR if block.area.block == _costs_block(page) else FAMILY_COLOURS[block.family]


def cost_section_keys(outline: Outline) -> frozenset[str]:
    """Return the keys of the sections whose block has the costs colour."""
    return frozenset(
        block.section
        for page in outline.pages
        for block in page.blocks
        if block.section and block.area.block == _costs_block(page)
    )


def _costs_block(page: CanvasPage) -> str | None:
    """Return the id of the first finance block if there are several, or None."""
    finance = dict.fromkeys(b.area.block for b in page.blocks if b.family == "finance")
    return next(iter(finance)) if len(finance) > 1 else None
