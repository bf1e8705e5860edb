"""Hostile words on every screen: literal or cleaned, never obeyed. All: tests/faults."""

from pathlib import Path

import hostile_screens as table
from hostile import SAMPLE
from hostile_world import hostile_session


def test_every_screen_is_in_the_table() -> None:
    assert set(table.SCREENS) == table.all_screens()


async def test_hostile_words_are_text_on_every_screen(tmp_path: Path) -> None:
    path = hostile_session(tmp_path, SAMPLE)
    async with table.shown_app(path, (80, 24)) as seen:
        await table.everything(seen, (SAMPLE[1], SAMPLE[3]))
    assert seen.looks > 40
