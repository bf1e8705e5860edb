"""The documents say what the code does. Run as a script, this writes docs/commands.md anew."""

import re
import subprocess
from collections.abc import Iterable
from pathlib import Path

import click
import pytest

from workshop.__main__ import _SYSTEM, _UNEXPECTED
from workshop.banks.model import Bank, BankModel, Block, Question
from workshop.banks.yaml_loader import parse_bank
from workshop.errors import (
    INTERRUPTED,
    LEFT_OUT,
    BadFileError,
    CannotReadError,
    CannotWriteError,
    NotFoundError,
    WorkshopError,
)
from workshop.facilitation.slash_commands import COMMANDS
from workshop.frontends.cli import root
from workshop.frontends.tui.keys import KEYS
from workshop.session.events import Known
from workshop.storage.sqlite import schema
from workshop.storage.sqlite.session_file import EVENT_COLUMNS
from workshop.storage.sqlite.session_row import SESSION_COLUMNS

HERE = Path(__file__).resolve().parent.parent
PAGES = [*HERE.glob("*.md"), *(HERE / "docs").glob("*.md"), HERE / "sessions" / "README.md"]

PAGE = """# Commands and keys

<!-- Written by `python tests/test_docs.py` from the tables in the code: do not edit. -->

## In the conversation

What you type is an answer, unless it begins with a slash. To begin an answer with a slash, type
two. Enter on an empty prompt goes on to the next question. In the table, capitals stand for
something of yours, and what is in brackets may be left out.

{commands}

`@NAME text` records one answer as NAME's. Words that sound like a wish, such as "skip" or "I don't
know", are never taken for one: you are asked, Enter again says yes, and whatever else you type is
your answer.

## Keys

{keys}

## At the command line

{lines}

`--sessions DIR` and `--version` stand before the command. `workshop COMMAND --help` explains the
options.

## Exit codes

{codes}
"""

CODES = {
    0: "it is done; of `verify`: every file is sound; of `rescue`: everything was saved",
    click.UsageError.exit_code: "the command line cannot be understood",
    NotFoundError.exit_code: "nothing has that name, or several have it",
    BadFileError.exit_code: "a file is damaged, or is not what it should be",
    CannotReadError.exit_code: "the system does not let us read a file",
    CannotWriteError.exit_code: "the system does not let us write one, or something was not saved",
    LEFT_OUT: "`rescue` wrote the new file, and had to leave something out",
    _UNEXPECTED: "a mistake of Workshop's own",
    _SYSTEM: "the system refused something else",
    INTERRUPTED: "Ctrl+C; for other signals, too, it is 128 and the signal's number",
}


def table(head: tuple[str, str], rows: Iterable[tuple[str, str]]) -> str:
    escaped = [tuple(cell.replace("|", "\\|") for cell in row) for row in rows]
    return "\n".join(f"| {a} | {b} |" for a, b in (head, ("---", "---"), *escaped))


def conversation_tables() -> str:
    groups = dict.fromkeys(c.group for c in COMMANDS)
    return "\n\n".join(
        f"### {group}\n\n"
        + table(("type", "to"), [(f"`{c.usage}`", c.does) for c in COMMANDS if c.group == group])
        for group in groups
    )


def command_lines(group: click.Group, path: str) -> Iterable[tuple[str, str]]:
    for name, command in sorted(group.commands.items()):
        called = f"{path} {name}"
        usage = command.get_usage(click.Context(command, info_name=called))
        shown = " ".join(usage.removeprefix("Usage: ").replace(" [OPTIONS]", "").split())
        shown = shown.removesuffix(" COMMAND [ARGS]...").removesuffix(" [COMMAND] [ARGS]...")
        options = [p for p in command.params if isinstance(p, click.Option) and not p.hidden]
        with_options = "".join(f" [{option_shown(o)}]" for o in options if o.name != "help")
        yield f"`{shown}{with_options}`", command.get_short_help_str(200)
        if isinstance(command, click.Group):
            yield from command_lines(command, called)


def option_shown(option: click.Option) -> str:
    value = option.metavar
    if value is None and isinstance(option.type, click.Choice):
        value = "|".join(map(str, option.type.choices))
    elif value is None and not option.is_flag:
        value = "TEXT"
    flag = option.opts[0] if value is None else f"{option.opts[0]} {value}"
    return f"{flag} ..." if option.multiple else flag


def commands_page() -> str:
    lines = [("`workshop`", "Open the menu."), *command_lines(root.workshop, "workshop")]
    return PAGE.format(
        commands=conversation_tables(),
        keys=table(("key", "does"), [(f"`{k.shown}`", k.does) for k in KEYS]),
        lines=table(("command", "does"), lines),
        codes=table(("code", "means"), [(str(code), means) for code, means in CODES.items()]),
    )


def text_of(name: str) -> str:
    return (HERE / name).read_text("utf-8")


def keys_listed(page: str, heading: str) -> set[str]:
    """Return the names in the first column of the table under a heading of a page."""
    section = page.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    return set(re.findall(r"^\| `(\w+)`", section, re.MULTILINE))


# ── commands and keys ────────────────────────────────────────────────────────────────────────


def test_the_page_of_commands_says_what_the_tables_say() -> None:
    assert text_of("docs/commands.md") == commands_page()


def test_every_command_that_the_readme_names_is_there() -> None:
    named = set(re.findall(r"`/(\w+)", text_of("README.md")))
    assert named
    assert named <= {c.name for c in COMMANDS}
    lines = set(re.findall(r"^    workshop (\w+)", text_of("README.md"), re.MULTILINE))
    assert lines == set(root.workshop.commands)


def test_every_exit_code_of_an_error_is_explained() -> None:
    kinds = [WorkshopError]
    for kind in kinds:
        kinds += kind.__subclasses__()
    assert {kind.exit_code for kind in kinds[1:]} <= set(CODES)
    assert LEFT_OUT not in {kind.exit_code for kind in kinds}


# ── banks ────────────────────────────────────────────────────────────────────────────────────


def test_the_example_bank_loads() -> None:
    (example,) = re.findall(r"```yaml\n(.*?)```", text_of("docs/banks.md"), re.DOTALL)
    bank = parse_bank(example, "docs/banks.md")
    assert [b.id for b in bank.blocks] == ["who", "offer", "money"]
    assert bank.steps(quick=True)


@pytest.mark.parametrize(
    ("heading", "model"), [("The bank", Bank), ("A block", Block), ("A question", Question)]
)
def test_every_key_of_a_bank_is_explained(heading: str, model: type[BankModel]) -> None:
    assert keys_listed(text_of("docs/banks.md"), heading) == set(model.model_fields)


# ── the session file ─────────────────────────────────────────────────────────────────────────


def test_every_kind_of_event_and_every_column_is_explained() -> None:
    page = text_of("docs/session-file.md")
    kinds = {body.model_fields["kind"].default for body in Known.__args__}
    listed = keys_listed(page, "What is in it")
    assert kinds <= listed
    assert set(EVENT_COLUMNS) | {"seq", "chain"} <= listed
    assert {name for _, name, _ in schema.EXPECTED} <= listed
    (row,) = re.findall(r"^\| `session` \|.*$", page, re.MULTILINE)
    assert all(f"`{column}`" in row for column in SESSION_COLUMNS)
    assert f"0x{schema.APPLICATION_ID:X}" in page
    assert f"`user_version` is {schema.VERSION}." in page


# ── set-up and checks ────────────────────────────────────────────────────────────────────────


def test_ci_ends_with_the_readmes_test_command() -> None:
    (command,) = re.findall(r"^    (python3 -m venv .*pytest)$", text_of("README.md"), re.MULTILINE)
    last = text_of(".ci/run").rstrip("\n").splitlines()[-1]
    assert last == command


def test_ci_is_a_script_that_bash_understands() -> None:
    script = HERE / ".ci" / "run"
    assert script.stat().st_mode & 0o111
    subprocess.run(["bash", "-n", str(script)], check=True)


def test_every_dependency_has_its_reason() -> None:
    project = text_of("pyproject.toml")
    asked = set(re.findall(r'^    "([a-z.-]+)(?:\[\w+\])?>=', project, re.MULTILINE))
    reasons = text_of("CONTRIBUTING.md").partition("\n## Dependencies\n")[2]
    explained = set(re.findall(r"^\| ([a-z.-]+) \|", reasons, re.MULTILINE)) - {"package"}
    assert explained == asked
    assert len(asked) > 15


def test_no_file_names_a_package_registry() -> None:
    hosts = re.compile("pypi" + r"\.org|pythonhosted" + r"\.org|npmjs" + r"\.(?:org|com)")
    listed = [*PAGES, HERE / "pyproject.toml", HERE / ".ci" / "run"]
    listed += list((HERE / "workshop").rglob("*.py"))
    assert [str(p) for p in listed if hosts.search(p.read_text("utf-8"))] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.relative_to(HERE).as_posix())
def test_every_link_between_the_pages_leads_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#:]+)(?:#[\w-]+)?\)", page.read_text("utf-8")):
        assert (page.parent / target).is_file(), f"{page.name} links to {target}"


if __name__ == "__main__":
    (HERE / "docs" / "commands.md").write_text(commands_page(), "utf-8")
