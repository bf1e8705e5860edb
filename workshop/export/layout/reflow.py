"""A grid of our own for a canvas whose bank draws one that no page can hold.

Forty rows leave no room for a title, forty columns none for a word. The blocks then flow in reading
order, from row to row, each model on rows of its own. Lengths are in points.
"""

import math
from collections.abc import Iterator
from dataclasses import replace

from workshop.views.outline import CanvasPage

NARROWEST_BLOCK = 60.0
"""Words break inside in a block that is narrower than this."""
_NARROWEST = 84.0
"""How wide a block of the new grid is at least."""
_SHAPE = 1.6
"""How many times wider than high a block is at best."""
_EMPTY = 0.5
"""How much it counts that places of the grid are left over."""


def reflowed(page: CanvasPage, width: float, height: float) -> Iterator[CanvasPage]:
    """Yield `page` with its blocks in reading order in grids of other widths, the best first.

    `width` and `height` are what the page has for its blocks.
    """
    most = max(int(width / _NARROWEST), 1)

    def distortion(columns: int) -> float:
        rows = sum(math.ceil(size / columns) for size in sizes)
        shape = (width / columns) / (height / rows)
        return abs(math.log(shape / _SHAPE)) + _EMPTY * (1 - sum(sizes) / (rows * columns))

    sizes = [len(part) for part in _models(page)]
    for columns in sorted(range(1, most + 1), key=distortion):
        yield _flowing(page, columns)


def _models(page: CanvasPage) -> list[list[int]]:
    """Return the numbers of the blocks of each stacked model, or of the only one."""
    if not page.bands:
        return [list(range(len(page.blocks)))]
    return [
        [n for n, block in enumerate(page.blocks) if band.top <= block.area.top < band.bottom]
        for band in page.bands
    ]


def _flowing(page: CanvasPage, columns: int) -> CanvasPage:
    """Return `page` with so many blocks in a row; the last of a row takes what is left of it."""
    blocks = list(page.blocks)
    ends: list[int] = []
    top = 0
    for model in _models(page):
        for place, number in enumerate(model):
            row, left = divmod(place, columns)
            right = columns if place == len(model) - 1 else left + 1
            area = blocks[number].area._replace(
                top=top + row, bottom=top + row + 1, left=left, right=right
            )
            blocks[number] = replace(blocks[number], area=area)
        top += math.ceil(len(model) / columns)
        ends.append(top)
    bands = tuple(
        replace(band, top=start, bottom=end)
        for band, start, end in zip(page.bands, [0, *ends], ends, strict=False)
    )
    return replace(page, rows=top, widths=(1.0,) * columns, blocks=tuple(blocks), bands=bands)
