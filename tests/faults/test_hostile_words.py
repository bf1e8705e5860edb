"""The whole corpus of hostile strings through every command and format."""

from pathlib import Path

import hostile_commands as commands
import pytest
from faults.conftest import Tell
from faults.hostile_share import texts
from hostile import MEGABYTE, SAMPLE
from hostile_world import Shell, World

from workshop.text import MAX_CHARACTERS, clean


@pytest.mark.parametrize("command", sorted(commands.COMMANDS))
def test_hostile_words_are_text_in_every_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tell: Tell, command: str
) -> None:
    world = World(Shell(tmp_path, monkeypatch), texts())
    commands.COMMANDS[command](world)
    tell(f"'workshop {command}': {len(world.texts)} texts in {world.shell.runs:,} command lines")


def test_a_megabyte_is_an_answer_and_more_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tell: Tell
) -> None:
    world = World(Shell(tmp_path, monkeypatch), SAMPLE)
    megabyte = MEGABYTE[: MAX_CHARACTERS - 10]
    one_line = clean(megabyte).replace("\n", " ")
    done = world.shell("resume", str(world.path), "--plain", stdin=f"{one_line}\n/find book\n")
    assert done.code == 0
    too_much = world.shell("resume", str(world.path), "--plain", stdin="x" * (MAX_CHARACTERS + 1))
    assert too_much.code == 6
    for words in (
        ["show", str(world.path)], ["show", str(world.path), "--json"], ["list"], ["verify",
        str(world.path)],
        ["backup", str(world.path), "-o", "copy.db"], ["rescue", str(world.path), "-o", "new.db"],
        ["merge", str(world.path), str(world.path), "-o", "union.db"], ["new", MEGABYTE],
        ["new", str(world.bank), "--no-open", "--title", MEGABYTE], ["show", MEGABYTE],
    ):  # fmt: skip
        world.shell(*words)
    for form in ("md", "csv", "svg", "json", "pptx", "docx"):
        done = world.shell("export", str(world.path), "--format", form, "-o", f"x.{form}")
        assert done.code == 0, done.err
        if form in ("md", "csv", "json"):
            assert one_line[-60:] in Path(f"x.{form}").read_text(encoding="utf-8-sig")
    done = world.shell("import", "x.json")
    assert done.code in (0, 6)  # it is there already
    tell(f"an answer of {len(one_line):,} characters, shown, copied, merged and written")
