"""Hostile words on every screen: literal or cleaned, never obeyed. All: tests/faults."""

import re
from pathlib import Path

import hostile_screens as table
from hostile import SAMPLE
from hostile_shown import shown_app

import workshop.frontends.tui


def test_every_screen_is_in_the_table() -> None:
    assert set(table.SCREENS) == table.all_screens()


def test_no_toast_reads_what_it_shows_as_markup() -> None:
    """Three places make toasts, and hostile_notes makes each of them do so."""
    (folder,) = workshop.frontends.tui.__path__
    texts = [path.read_text(encoding="utf-8") for path in Path(folder).rglob("*.py")]
    toasts = [call for text in texts for call in re.findall(r"\.notify\([^\n]*\)", text)]
    assert len(toasts) == sum(text.count("notify(") for text in texts) == 3
    assert all("markup=False" in toast for toast in toasts)


async def test_hostile_words_are_text_on_every_screen_and_in_every_note(tmp_path: Path) -> None:
    async with shown_app(tmp_path, SAMPLE[2:5], (80, 24), brief=True) as seen:
        await table.everything(seen, (SAMPLE[3],))
    assert seen.looks > 40
