"""All hostile texts in every command and every format."""

from pathlib import Path

import hostile_commands as commands
import pytest
from faults.conftest import ReportResult
from faults.hostile_share import texts
from hostile import MEGABYTE, SAMPLE
from hostile_world import Shell, World

from workshop.text import MAX_CHARACTERS, clean


@pytest.mark.parametrize("command", sorted(commands.COMMANDS))
def test_hostile_words_are_text_in_every_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, report_result: ReportResult, command: str
) -> None:
    world = World(Shell(tmp_path, monkeypatch), texts())
    commands.COMMANDS[command](world)
    report_result(
        f"'workshop {command}': {len(world.texts)} texts in {world.shell.runs:,} command lines"
    )


def test_an_answer_of_the_maximum_length_is_accepted_and_a_longer_one_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, report_result: ReportResult
) -> None:
    world = World(Shell(tmp_path, monkeypatch), SAMPLE)
    megabyte = MEGABYTE[: MAX_CHARACTERS - 10]
    one_line = clean(megabyte).replace("\n", " ")
    result = world.shell("resume", str(world.path), "--plain", stdin=f"{one_line}\n/find book\n")
    assert result.code == 0
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
        result = world.shell("export", str(world.path), "--format", form, "-o", f"x.{form}")
        assert result.code == 0, result.err
        if form in ("md", "csv", "json"):
            assert one_line[-60:] in Path(f"x.{form}").read_text(encoding="utf-8-sig")
    result = world.shell("import", "x.json")
    assert result.code in (0, 6)  # the session exists already
    report_result(f"an answer of {len(one_line):,} characters, shown, copied, merged and written")
