"""The root command and its group of subcommands; `run` executes a command line.

`workshop --help` must be quick, so only click is imported before a command runs.
"""

from collections.abc import Sequence

import click

from workshop import __version__
from workshop.errors import INTERRUPTED, Remedy, WorkshopError
from workshop.frontends.cli.arguments import require_value, resolve_directory
from workshop.frontends.cli.commands import banks, export, inspect, maintenance, session
from workshop.frontends.cli.output import print_message

_LONGEST_ERROR = 500
"""The longest usage error, in terminal cells: it quotes the command line, which may be long."""

_OPTIONS = {
    Remedy.TARGET: "with -o",
    Remedy.REPLACING: "with -o, or replace it with --force",
    Remedy.BANK: "with --bank",
    Remedy.FOLDER: "with --sessions DIR",
}
"""How a command takes another choice that an error asks for."""


def run(command_line: Sequence[str]) -> int:
    """Execute a command line; return its exit code.

    Raises WorkshopError, which the caller shows.
    """
    try:
        code: object = workshop.main(list(command_line), "workshop", standalone_mode=False)
    except WorkshopError as error:
        error.hint = _with_option(error)
        raise
    except click.Abort:
        return INTERRUPTED
    except click.UsageError as error:
        path = error.ctx.command_path if error.ctx else "workshop"
        from workshop.text import clean_line, shorten

        message = shorten(clean_line(error.format_message()), _LONGEST_ERROR).rstrip(".")
        print_message(f"{message}{'' if message.endswith('?') else '.'} '{path} --help' says more.")
        return error.exit_code
    except click.ClickException as error:
        print_message(error.format_message())
        return error.exit_code
    return code if isinstance(code, int) else 0


def _with_option(error: WorkshopError) -> str:
    """Return the hint of `error` with the option that takes what it asks for."""
    if error.remedy is None:
        return error.hint
    return f"{error.hint.removesuffix('.')} {_OPTIONS[error.remedy]}."


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
    require_value("--sessions", sessions)
    ctx.obj = sessions
    if ctx.invoked_subcommand is None:
        from workshop.frontends.cli.sessions import is_interactive

        if not is_interactive():
            print_message("The menu needs a terminal. 'workshop --help' lists the commands.")
            return 2
        from workshop.frontends.cli import menu

        return menu.run(resolve_directory(sessions))
    return 0


# A new command goes into the COMMANDS of its group's module, a new group here.
for _command in (
    *session.COMMANDS,
    *inspect.COMMANDS,
    *export.COMMANDS,
    *maintenance.COMMANDS,
    *banks.COMMANDS,
):
    workshop.add_command(_command)
