"""Arranging the blocks of a canvas in another grid if the bank's is too fine for a page.

Forty rows leave no room for a title, and forty columns none for a word. The blocks then flow in
reading order, from row to row, each model on rows of its own. Lengths are in points.
"""

import math
from collections.abc import Iterator
from dataclasses import replace

from workshop.views.outline import CanvasPage

MIN_BLOCK_WIDTH = 60.0
"""In a narrower block, lines break inside words."""
_MIN_NEW_WIDTH = 84.0
"""The minimum width of a block in the new grid."""
_IDEAL_RATIO = 1.6
"""The best ratio of a block's width to its height."""
_EMPTY_COST = 0.5
"""The cost of a grid of which all cells are empty."""


def reflow(page: CanvasPage, width: float, height: float) -> Iterator[CanvasPage]:
    """Yield `page` with its blocks in reading order in grids of equal columns, the best first.

    `width` and `height` are the size of the area for the blocks.
    """
    max_columns = max(int(width / _MIN_NEW_WIDTH), 1)
    sizes = [len(numbers) for numbers in _models(page)]

    def cost(columns: int) -> float:
        rows = sum(math.ceil(size / columns) for size in sizes)
        ratio = (width / columns) / (height / rows)
        empty_share = 1 - sum(sizes) / (rows * columns)
        return abs(math.log(ratio / _IDEAL_RATIO)) + _EMPTY_COST * empty_share

    for columns in sorted(range(1, max_columns + 1), key=cost):
        yield _flow(page, columns)


def _models(page: CanvasPage) -> list[list[int]]:
    """Return the numbers of the blocks of each stacked model, or of the only one."""
    if not page.bands:
        return [list(range(len(page.blocks)))]
    return [
        [n for n, block in enumerate(page.blocks) if band.top <= block.area.top < band.bottom]
        for band in page.bands
    ]


def _flow(page: CanvasPage, columns: int) -> CanvasPage:
    """Return `page` with `columns` blocks in a row; the last block of a model fills its row."""
    blocks = list(page.blocks)
    ends: list[int] = []
    top = 0
    for model in _models(page):
        for index, number in enumerate(model):
            row, left = divmod(index, columns)
            right = columns if index == len(model) - 1 else left + 1
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
