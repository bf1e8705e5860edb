"""The whole corpus of hostile strings in every line, on every screen and in every note of the app.

A few texts at a time have a session of their own, in a folder that is called as the first of them:
so each of them is in sight, on the canvas, say, and is not lost among the others.
"""

import asyncio
import tempfile
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import pytest
from faults.conftest import Tell
from faults.counts import WORKERS
from faults.fresh import MEMORY
from faults.hostile_share import texts
from hostile import SAMPLE
from hostile_notes import NOTES
from hostile_screens import SCREENS, everything
from hostile_shown import shown_app

TOGETHER = 8
"""How many texts are in one session."""


def looked(together: tuple[str, ...], size: tuple[int, int], whole: bool) -> tuple[int, int]:
    """Look at every screen with a few texts on it, and with the `whole`, have all said, too.

    Returns how often somebody looked, and how many lines were said.
    """

    async def look() -> tuple[int, int]:
        with tempfile.TemporaryDirectory(dir=MEMORY) as folder:
            session = (*together, SAMPLE[4])  # of eight there may be none of which anything is left
            async with shown_app(Path(folder), session, size, brief=not whole) as seen:
                await everything(seen, together, notes=whole)
                return seen.looks, seen.lines

    return asyncio.run(look())


@pytest.mark.parametrize(
    ("size", "whole"),
    [((80, 24), True), ((120, 40), False), ((40, 12), False)],
    ids=["in every line and note", "where there is room", "where there is none"],
)
def test_hostile_words_are_text_on_every_screen(
    tell: Tell, size: tuple[int, int], whole: bool
) -> None:
    tried = texts()
    groups = [tried[n : n + TOGETHER] for n in range(0, len(tried), TOGETHER)]
    look = partial(looked, size=size, whole=whole)
    with ProcessPoolExecutor(WORKERS, mp_context=get_context("spawn")) as pool:
        done = list(pool.map(look, groups))
    tell(
        f"{len(tried)} texts, {sum(looks for looks, _ in done):,} looks at {len(SCREENS)} screens, "
        f"{sum(said for _, said in done):,} lines"
        + (f", {len(NOTES)} kinds of notes" if whole else "")
    )
