"""Looking at sessions without opening them."""

import click

from workshop.frontends.cli import arguments
from workshop.frontends.cli.output import print_json, print_lines, tell, width


@click.command("list")
@click.option("--json", "as_json", is_flag=True, help="As JSON, for programs.")
@click.pass_obj
def list_(where: str | None, as_json: bool) -> None:
    """List the sessions, the last changed first."""
    from workshop.frontends.cli import json_views, text_views
    from workshop.storage.catalog import list_sessions
    from workshop.text import clean_line

    directory = arguments.directory(where)
    found, unreadable = list_sessions(directory)
    for broken in unreadable:
        tell(str(broken.reason))
    if as_json:
        print_json([json_views.session_entry(s) for s in found])
    elif found:
        tell(f"Sessions in {clean_line(str(directory))}:")
        print_lines(text_views.session_table(found, width()))
    else:
        where = clean_line(str(directory))
        tell(
            f"There is no session in {where} yet. 'workshop' opens the menu to begin one; so does "
            "'workshop new BANK', and 'workshop banks' lists the banks."
        )


@click.command()
@click.argument("session", metavar="SESSION")
@click.option("--json", "as_json", is_flag=True, help="As JSON, for programs.")
@click.pass_obj
def show(where: str | None, session: str, as_json: bool) -> None:
    """Show everything said in SESSION, also while it is open elsewhere."""
    from workshop.frontends.cli import json_views, sessions, text_views
    from workshop.storage.catalog import find_session

    path = find_session(arguments.directory(where), session)
    found, event_log = sessions.read_session(path)
    if as_json:
        print_json(json_views.session_value(found, event_log, str(path)))
    else:
        print_lines(text_views.session_text(found, event_log, str(path)))


COMMANDS = (list_, show)
