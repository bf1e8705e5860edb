"""Hostile words in every command: literal or cleaned, never obeyed. All of them: tests/faults."""

from pathlib import Path

import hostile_commands as table
import pytest
from hostile import NAMES, SAMPLE, harmful
from hostile_formats import FORMATS as CHECKED
from hostile_world import Shell, World

from workshop.export.formats import FORMATS
from workshop.text import clean, clean_line

QUICK = sorted(set(table.COMMANDS) - {"report"})
TRIED = (SAMPLE[1], SAMPLE[4], SAMPLE[11])


def test_every_command_and_every_format_is_in_the_table() -> None:
    assert set(table.COMMANDS) == table.all_commands()
    assert set(CHECKED) == set(FORMATS)
    assert set(table.IN_SESSION) == table.all_said()


@pytest.mark.parametrize("text", NAMES.values(), ids=NAMES)
def test_cleaned_text_holds_nothing_that_is_obeyed(text: str) -> None:
    assert harmful(clean(text)) == []
    assert harmful(clean_line(text), lines=False) == []
    assert clean(clean(text)) == clean(text)


@pytest.mark.parametrize("command", QUICK)
def test_hostile_words_are_text(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    world = World(Shell(tmp_path, monkeypatch), SAMPLE, TRIED)
    table.COMMANDS[command](world)
    assert world.shell.runs > 1
