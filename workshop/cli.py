"""The commands. Data goes to stdout, messages for people to stderr; every import waits for its use.

`workshop --help` must be quick, so nothing but click is loaded before a command runs.
"""

import json
import os
import shutil
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from workshop import __version__

if TYPE_CHECKING:
    from workshop.banks.model import Bank
    from workshop.cli_json import Value

_INTERRUPTED = 130
_WIDEST = 100
"""The widest table, in terminal cells: wider ones are hard to read across."""


def run(arguments: Sequence[str]) -> int:
    """Carry out a command line; return its exit code.

    Raises WorkshopError, which the caller shows.
    """
    try:
        code: object = workshop.main(list(arguments), "workshop", standalone_mode=False)
    except click.Abort:
        return _INTERRUPTED
    except click.UsageError as error:
        path = error.ctx.command_path if error.ctx else "workshop"
        said = error.format_message().rstrip(".")
        _tell(f"{said}{'' if said.endswith('?') else '.'} '{path} --help' says more.")
        return error.exit_code
    except click.ClickException as error:
        _tell(error.format_message())
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
    if sessions == "":
        raise click.BadParameter("it cannot be empty.", param_hint="--sessions")
    ctx.obj = sessions
    if ctx.invoked_subcommand is None:
        from workshop import cli_sessions

        if not cli_sessions.at_a_terminal():
            _tell("The menu needs a terminal. 'workshop --help' lists the commands.")
            return 2
        from workshop import start

        return start.run(_directory(sessions))
    return 0


@workshop.command()
@click.argument("bank", metavar="BANK")
@click.option("--title", help="What the session is called. Otherwise: the bank's title and date.")
@click.option(
    "--mode",
    type=click.Choice(["solo", "group"]),
    default="group",
    show_default=True,
    help="For one person or for a group. In a group the facilitator speaks until /as or @NAME "
    "says who does; alone, the first participant does.",
)
@click.option("--level", metavar="ID", help="Walk one model only, in a bank that has several.")
@click.option("--quick", is_flag=True, help="Ask the core questions only.")
@click.option(
    "--name",
    "names",
    metavar="LEVEL=NAME",
    multiple=True,
    help="What a model is called, such as higher=Acme. Once for each model.",
)
@click.option(
    "--participant",
    "participants",
    metavar="NAME",
    multiple=True,
    help="Somebody who takes part. Once for each.",
)
@click.option("--no-open", is_flag=True, help="Only print the new file's path.")
@click.option("--plain", is_flag=True, help="Line by line, without a screen.")
@click.pass_obj
def new(
    sessions: str | None,
    *,
    bank: str,
    title: str | None,
    mode: str,
    level: str | None,
    quick: bool,
    names: tuple[str, ...],
    participants: tuple[str, ...],
    no_open: bool,
    plain: bool,
) -> int:
    """Begin a session on BANK and open it.

    It opens on the whole screen in a terminal, and line by line (--plain) elsewhere.
    """
    from workshop import cli_sessions
    from workshop.banks.library import find_bank

    found = find_bank(bank)
    path = cli_sessions.make_session(
        _directory(sessions),
        found,
        title="" if title is None else _checked("--title", cli_sessions.title_of, title),
        mode="solo" if mode == "solo" else "group",
        level=None if level is None else _level_id(found, "--level", level),
        quick=quick,
        names=_model_names(found, names),
        participants=[
            _checked("--participant", cli_sessions.name_of, name) for name in participants
        ],
    )
    if no_open:
        _print_path(path)
        return 0
    return cli_sessions.open_session(path, plain=plain)


@workshop.command()
@click.argument("session", metavar="[SESSION]", required=False)
@click.option("--as", "speaker", metavar="NAME", help="Who is speaking.")
@click.option("--plain", is_flag=True, help="Line by line, without a screen.")
@click.pass_obj
def resume(sessions: str | None, session: str | None, speaker: str | None, plain: bool) -> int:
    """Go on with SESSION, at the question where it stopped.

    Without SESSION, with the one that was changed last.
    """
    from workshop import cli_sessions
    from workshop.store.library import find_session

    name = "" if speaker is None else _checked("--as", cli_sessions.name_of, speaker)
    return cli_sessions.open_session(find_session(_directory(sessions), session), name, plain=plain)


@workshop.command("list")
@click.option("--json", "as_json", is_flag=True, help="As JSON, for programs.")
@click.pass_obj
def list_(sessions: str | None, as_json: bool) -> None:
    """List the sessions, the last changed first."""
    from workshop import cli_json, cli_text
    from workshop.store.library import list_sessions

    directory = _directory(sessions)
    found, unreadable = list_sessions(directory)
    for broken in unreadable:
        _tell(str(broken.reason))
    if as_json:
        _print_json([cli_json.session_entry(s) for s in found])
    elif found:
        _tell(f"Sessions in {directory}:")
        _print(cli_text.session_table(found, _width()))
    else:
        _tell(
            f"There is no session in {directory} yet. 'workshop' opens the menu to begin one; "
            "so does 'workshop new BANK', and 'workshop banks' lists the banks."
        )


@workshop.command()
@click.argument("session", metavar="SESSION")
@click.option("--json", "as_json", is_flag=True, help="As JSON, for programs.")
@click.pass_obj
def show(sessions: str | None, session: str, as_json: bool) -> None:
    """Show everything said in SESSION, also while it is open elsewhere."""
    from workshop import cli_json, cli_sessions, cli_text
    from workshop.store.library import find_session

    path = find_session(_directory(sessions), session)
    found, fold = cli_sessions.read_session(path)
    if as_json:
        _print_json(cli_json.session_value(found, fold, str(path)))
    else:
        _print(cli_text.session_text(found, fold, str(path)))


@workshop.command()
@click.argument("session", metavar="SESSION")
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    help="Where to write it, a file or a folder. Otherwise: the current folder.",
)
@click.pass_obj
def report(sessions: str | None, session: str, output: str | None) -> None:
    """Write the Word report of SESSION and print its path.

    An earlier report of the same session is replaced, any other document is left as it is.
    """
    from workshop import cli_sessions
    from workshop.store.library import find_session

    if output == "":
        raise click.BadParameter("it cannot be empty.", param_hint="-o")
    path = find_session(_directory(sessions), session)
    _print_path(cli_sessions.report_on(path, Path(output) if output else Path.cwd()))


@workshop.group(invoke_without_command=True)
@click.option("--json", "as_json", is_flag=True, help="As JSON, for programs.")
@click.pass_context
def banks(ctx: click.Context, as_json: bool) -> None:
    """List the question banks, or show one."""
    if ctx.invoked_subcommand is not None:
        return
    from workshop import cli_json, cli_text
    from workshop.banks.library import shipped_banks

    found = shipped_banks()
    if as_json:
        _print_json([cli_json.bank_entry(bank) for bank in found])
    else:
        _print(cli_text.bank_table(found, _width()))


@banks.command("show")
@click.argument("bank", metavar="BANK")
@click.option("--json", "as_json", is_flag=True, help="As JSON, for programs.")
def show_bank(bank: str, as_json: bool) -> None:
    """Show the blocks and questions of BANK in the order in which they are asked."""
    from workshop import cli_json, cli_text
    from workshop.banks.library import find_bank

    found = find_bank(bank)
    if as_json:
        _print_json(cli_json.bank_value(found))
    else:
        _print(cli_text.bank_text(found))


# ── what people typed ────────────────────────────────────────────────────────────────────────


def _directory(sessions: str | None) -> Path:
    from workshop.store.library import sessions_directory

    try:
        return sessions_directory(sessions)
    except RuntimeError as error:  # the home of somebody who has none: ~nobody
        raise click.BadParameter(
            "there is no such home folder.", param_hint="--sessions"
        ) from error


def _checked(option: str, check: Callable[[str], str], text: str) -> str:
    """Return what `check` makes of `text`; what it refuses is a usage error."""
    from workshop.errors import WorkshopError

    try:
        return check(text)
    except WorkshopError as error:
        raise click.BadParameter(str(error), param_hint=option) from error


def _level_id(bank: "Bank", option: str, words: str) -> str:
    """Return the id of the level of `bank` that `words` names, by id or by title."""
    from workshop.text import clean_line, shorten

    wanted = clean_line(words).casefold()
    for level in bank.levels:
        if wanted in (level.id, level.title.casefold()):
            return level.id
    has = f"its levels are {', '.join(x.id for x in bank.levels)}" if bank.levels else (
        "it has no levels"
    )  # fmt: skip
    said = f"{bank.title} has no level '{shorten(wanted, 60)}': {has}."
    raise click.BadParameter(said, param_hint=option)


def _model_names(bank: "Bank", given: Sequence[str]) -> dict[str, str]:
    """Return the models' names by level from LEVEL=NAME pairs; the last one given counts."""
    from workshop.cli_sessions import name_of

    names: dict[str, str] = {}
    for pair in given:
        level, equals, name = pair.partition("=")
        if not equals:
            said = "it takes a level and a name, such as higher=Acme."
            raise click.BadParameter(said, param_hint="--name")
        names[_level_id(bank, "--name", level)] = _checked("--name", name_of, name)
    return names


# ── what is printed ──────────────────────────────────────────────────────────────────────────


def _width() -> int:
    """Return how wide a table may be, in terminal cells: 80 where there is no terminal."""
    return min(shutil.get_terminal_size().columns, _WIDEST)


def _print(lines: Sequence[str]) -> None:
    """Print lines on stdout. They are plain: what was in them came in through `text.clean`."""
    if sys.stdout.isatty():
        from workshop.cli_text import wrapped

        lines = wrapped(lines, _width())
    sys.stdout.write("".join(f"{line}\n" for line in lines))


def _print_json(value: "Value") -> None:
    # Where the terminal's encoding has not every character, JSON's own escapes stand for them.
    everything = sys.stdout.encoding.lower().replace("-", "") == "utf8"
    sys.stdout.write(json.dumps(value, ensure_ascii=not everything, indent=2) + "\n")


def _print_path(path: Path) -> None:
    """Print a path: byte for byte for a program, without control characters for a terminal."""
    if sys.stdout.isatty():
        from workshop.text import clean_line

        sys.stdout.write(clean_line(str(path)) + "\n")
    else:
        sys.stdout.flush()
        sys.stdout.buffer.write(os.fsencode(path) + b"\n")


def _tell(words: str) -> None:
    """Say something to people, on stderr."""
    from workshop.text import clean

    sys.stdout.flush()
    sys.stderr.write(clean(words) + "\n")
