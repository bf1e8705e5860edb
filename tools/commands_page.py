"""Write docs/commands.md from the tables of commands, keys and exit codes: `make docs`."""

from collections.abc import Iterable
from pathlib import Path

import click

from workshop.errors import (
    INCOMPLETE_RESCUE,
    INTERRUPTED,
    SYSTEM_REFUSED,
    UNEXPECTED,
    BadFileError,
    CannotReadError,
    CannotWriteError,
    NotFoundError,
)
from workshop.facilitation.slash_commands import COMMANDS
from workshop.frontends.cli import root
from workshop.frontends.tui.keys import KEYS

COMMANDS_MD = Path(__file__).resolve().parent.parent / "docs" / "commands.md"

PAGE = """# Commands and keys

<!-- Written by `make docs` from the tables in the code: do not edit. -->

## In the conversation

What you type is an answer, unless it begins with a slash. To begin an answer with a slash, type
two. Enter on an empty prompt goes on to the next question. In the table, capitals stand for
something of yours, and what is in brackets may be left out.

{commands}

`@NAME text` records one answer as NAME's. Words that sound like a request, such as "skip" or "I
don't know", are never taken for one: you are asked first, Enter again says yes, and whatever else
you type is your answer.

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
    INCOMPLETE_RESCUE: "`rescue` wrote the new file, and had to leave something out",
    UNEXPECTED: "a mistake of Workshop's own",
    SYSTEM_REFUSED: "the system refused something else",
    INTERRUPTED: "Ctrl+C; for other signals, too, it is 128 and the signal's number",
}


def table(head: tuple[str, str], rows: Iterable[tuple[str, str]]) -> str:
    """Return a Markdown table of two columns."""
    escaped = [tuple(cell.replace("|", "\\|") for cell in row) for row in rows]
    return "\n".join(f"| {a} | {b} |" for a, b in (head, ("---", "---"), *escaped))


def conversation_tables() -> str:
    """Return the commands of the conversation, a table for each group."""
    groups = dict.fromkeys(c.group for c in COMMANDS)
    return "\n\n".join(
        f"### {group}\n\n"
        + table(
            ("type", "to"), [(f"`{c.usage}`", c.description) for c in COMMANDS if c.group == group]
        )
        for group in groups
    )


def command_lines(group: click.Group, path: str) -> Iterable[tuple[str, str]]:
    """Yield each shell command of `group` with its options, and what it does."""
    for name, command in sorted(group.commands.items()):
        full_name = f"{path} {name}"
        help_line = command.get_usage(click.Context(command, info_name=full_name))
        usage = " ".join(help_line.removeprefix("Usage: ").replace(" [OPTIONS]", "").split())
        usage = usage.removesuffix(" COMMAND [ARGS]...").removesuffix(" [COMMAND] [ARGS]...")
        options = [p for p in command.params if isinstance(p, click.Option) and not p.hidden]
        formatted = "".join(f" [{format_option(o)}]" for o in options if o.name != "help")
        yield f"`{usage}{formatted}`", command.get_short_help_str(200)
        if isinstance(command, click.Group):
            yield from command_lines(command, full_name)


def format_option(option: click.Option) -> str:
    """Return an option as the page shows it: `--format docx|pdf`."""
    value = option.metavar
    if value is None and isinstance(option.type, click.Choice):
        value = "|".join(map(str, option.type.choices))
    elif value is None and not option.is_flag:
        value = "TEXT"
    flag = option.opts[0] if value is None else f"{option.opts[0]} {value}"
    return f"{flag} ..." if option.multiple else flag


def commands_page() -> str:
    """Return the whole page."""
    lines = [("`workshop`", "Open the menu."), *command_lines(root.workshop, "workshop")]
    return PAGE.format(
        commands=conversation_tables(),
        keys=table(("key", "does"), [(f"`{k.name}`", k.description) for k in KEYS]),
        lines=table(("command", "does"), lines),
        codes=table(("code", "means"), [(str(code), means) for code, means in CODES.items()]),
    )


if __name__ == "__main__":
    COMMANDS_MD.write_text(commands_page(), "utf-8")
