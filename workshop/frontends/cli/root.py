"""The command that all others stand under, and how a command line is carried out.

`workshop --help` must be quick, so nothing but click is loaded before a command runs.
"""

from collections.abc import Sequence

import click

from workshop import __version__
from workshop.errors import INTERRUPTED
from workshop.frontends.cli import arguments
from workshop.frontends.cli.commands import banks, export, inspect, maintenance, session
from workshop.frontends.cli.output import tell

_LONGEST_ERROR = 500
"""The longest message about what was typed, in terminal cells: it quotes that."""


def run(arguments: Sequence[str]) -> int:
    """Carry out a command line; return its exit code.

    Raises WorkshopError, which the caller shows.
    """
    try:
        code: object = workshop.main(list(arguments), "workshop", standalone_mode=False)
    except click.Abort:
        return INTERRUPTED
    except click.UsageError as error:
        path = error.ctx.command_path if error.ctx else "workshop"
        from workshop.text import clean_line, shorten

        said = shorten(clean_line(error.format_message()), _LONGEST_ERROR).rstrip(".")
        tell(f"{said}{'' if said.endswith('?') else '.'} '{path} --help' says more.")
        return error.exit_code
    except click.ClickException as error:
        tell(error.format_message())
        return error.exit_code
    return code if isinstance(code, int) else 0


@click.group(
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 90},
)
@click.version_option(__version__, message="workshop %(version)s")
@click.option(
    "--sessions",
    metavar="DIR",
    help="Where session files are kept. Otherwise: WORKSHOP_SESSIONS, ./sessions if it exists, "
    "else your own data directory.",
)
@click.pass_context
def workshop(ctx: click.Context, sessions: str | None) -> int:
    """Lead people through a business model canvas and write the Word report.

    Without a command, a menu opens. BANK is a bank's id or the beginning of its name, or a YAML
    file. SESSION is a file, a file's name, a short id or the beginning of a title.
    """
    arguments.not_empty("--sessions", sessions)
    ctx.obj = sessions
    if ctx.invoked_subcommand is None:
        from workshop.frontends.cli.sessions import at_a_terminal

        if not at_a_terminal():
            tell("The menu needs a terminal. 'workshop --help' lists the commands.")
            return 2
        from workshop.frontends.cli import menu

        return menu.run(arguments.directory(sessions))
    return 0


# One line a group; a new command goes into its group's module, a new group here.
for _command in (
    *session.COMMANDS,
    *inspect.COMMANDS,
    *export.COMMANDS,
    *maintenance.COMMANDS,
    *banks.COMMANDS,
):
    workshop.add_command(_command)
