"""The commands that begin, resume and rename a session: `new`, `resume`, `rename`, `import`."""

import sys
from pathlib import Path

import click

from workshop.frontends.cli.arguments import (
    parse_level,
    parse_model_names,
    parse_option,
    require_value,
    resolve_directory,
)
from workshop.frontends.cli.output import print_lines, print_path


@click.command()
@click.argument("bank_name", metavar="BANK")
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
    sessions_option: str | None,
    *,
    bank_name: str,
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
    from workshop.banks.registry import find_bank
    from workshop.frontends.cli import sessions

    bank = find_bank(bank_name)
    path = sessions.make_session(
        resolve_directory(sessions_option),
        bank,
        title="" if title is None else parse_option("--title", sessions.parse_title, title),
        mode="solo" if mode == "solo" else "group",
        level=None if level is None else parse_level(bank, "--level", level),
        quick=quick,
        names=parse_model_names(bank, names),
        participants=[
            parse_option("--participant", sessions.parse_name, name) for name in participants
        ],
    )
    if no_open:
        print_path(path)
        return 0
    return sessions.open_session(path, plain=plain)


@click.command()
@click.argument("session", metavar="[SESSION]", required=False)
@click.option("--as", "speaker", metavar="NAME", help="Who is speaking.")
@click.option("--plain", is_flag=True, help="Line by line, without a screen.")
@click.pass_obj
def resume(
    sessions_option: str | None, session: str | None, speaker: str | None, plain: bool
) -> int:
    """Go on with SESSION, at the question where it stopped.

    Without SESSION, with the one that was changed last.
    """
    from workshop.frontends.cli import sessions
    from workshop.storage.catalog import find_session

    name = "" if speaker is None else parse_option("--as", sessions.parse_name, speaker)
    return sessions.open_session(
        find_session(resolve_directory(sessions_option), session), name, plain=plain
    )


@click.command()
@click.argument("session", metavar="SESSION")
@click.argument("title", metavar="TITLE")
@click.pass_obj
def rename(sessions_option: str | None, session: str, title: str) -> None:
    """Give SESSION another title, and say what it is called now.

    The file keeps its name. In the conversation, /title does the same and /undo takes it back.
    """
    from workshop.frontends.cli import sessions
    from workshop.storage.catalog import find_session

    new_title = parse_option("TITLE", sessions.parse_title, title)
    path = find_session(resolve_directory(sessions_option), session)
    print_lines(sessions.rename_session(path, new_title))


@click.command("import")
@click.argument("file", metavar="FILE.json")
@click.pass_obj
def import_(sessions_option: str | None, file: str) -> None:
    """Make a session again of FILE.json and print the new file's path.

    FILE.json is what 'workshop export --format json' wrote; - is the standard input.
    """
    require_value("FILE.json", file)
    from workshop.storage.json_file import importer

    directory = resolve_directory(sessions_option)
    if file == "-":
        print_path(importer.import_from(directory, sys.stdin.buffer, "The standard input"))
    else:
        print_path(importer.import_session(directory, Path(file)))


COMMANDS = (new, resume, rename, import_)
