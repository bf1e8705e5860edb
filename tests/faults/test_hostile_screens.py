"""All hostile texts in every input, on every screen and in every notification of the app.

A few texts at a time share a session, in a folder named after the first of them, so that each of
them is visible, for example on the canvas.
"""

import asyncio
import tempfile
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import pytest
from faults.conftest import ReportResult
from faults.counts import WORKERS
from faults.fresh import MEMORY
from faults.hostile_share import texts
from hostile import SAMPLE
from hostile_notes import NOTES
from hostile_screens import SCREENS, everything
from hostile_shown import shown_app

TEXTS_A_SESSION = 8


def check_screens(group: tuple[str, ...], size: tuple[int, int], whole: bool) -> tuple[int, int]:
    """Check every screen with the texts of `group`; with `whole`, every input and notification too.

    Returns the number of screens that were checked and the number of lines that were typed.
    """

    async def look() -> tuple[int, int]:
        with tempfile.TemporaryDirectory(dir=MEMORY) as folder:
            session = (*group, SAMPLE[4])  # cleaning may leave nothing of the others
            async with shown_app(Path(folder), session, size, brief=not whole) as seen:
                await everything(seen, group, notes=whole)
                return seen.looks, seen.lines

    return asyncio.run(look())


@pytest.mark.parametrize(
    ("size", "whole"),
    [((80, 24), True), ((120, 40), False), ((40, 12), False)],
    ids=["in every line and note", "where there is room", "where there is none"],
)
def test_hostile_words_are_text_on_every_screen(
    report_result: ReportResult, size: tuple[int, int], whole: bool
) -> None:
    tried_texts = texts()
    groups = [
        tried_texts[n : n + TEXTS_A_SESSION] for n in range(0, len(tried_texts), TEXTS_A_SESSION)
    ]
    check = partial(check_screens, size=size, whole=whole)
    with ProcessPoolExecutor(WORKERS, mp_context=get_context("spawn")) as pool:
        results = list(pool.map(check, groups))
    report_result(
        f"{len(tried_texts)} texts, "
        f"{sum(looks for looks, _ in results):,} looks at {len(SCREENS)} screens, "
        f"{sum(lines for _, lines in results):,} lines"
        + (f", {len(NOTES)} kinds of notes" if whole else "")
    )
