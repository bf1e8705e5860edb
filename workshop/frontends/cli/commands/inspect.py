"""The commands that show sessions without opening them: `list` and `show`."""

import click

from workshop.frontends.cli.arguments import resolve_directory
from workshop.frontends.cli.output import print_json, print_lines, print_message, table_width


@click.command("list")
@click.option("--json", "as_json", is_flag=True, help="As JSON, for programs.")
@click.pass_obj
def list_(sessions_option: str | None, as_json: bool) -> None:
    """List the sessions, the last changed first."""
    from workshop.frontends.cli import json_views, text_views
    from workshop.storage.catalog import list_sessions
    from workshop.text import clean_line

    directory = resolve_directory(sessions_option)
    summaries, unreadable = list_sessions(directory)
    for broken in unreadable:
        print_message(str(broken.reason))
    if as_json:
        print_json([json_views.session_entry(s) for s in summaries])
    elif summaries:
        print_message(f"Sessions in {clean_line(str(directory))}:")
        print_lines(text_views.session_table(summaries, table_width()))
    else:
        folder = clean_line(str(directory))
        print_message(
            f"There is no session in {folder} yet. 'workshop' opens the menu to begin one; so does "
            "'workshop new BANK', and 'workshop banks' lists the banks."
        )


@click.command()
@click.argument("name", metavar="SESSION")
@click.option("--json", "as_json", is_flag=True, help="As JSON, for programs.")
@click.pass_obj
def show(sessions_option: str | None, name: str, as_json: bool) -> None:
    """Show all answers in SESSION, also while it is open elsewhere."""
    from workshop.frontends.cli import json_views, text_views
    from workshop.frontends.cli.sessions import read_session
    from workshop.storage.catalog import find_session

    path = find_session(resolve_directory(sessions_option), name)
    session, event_log = read_session(path)
    if as_json:
        print_json(json_views.session_value(session, event_log, str(path)))
    else:
        print_lines(text_views.session_text(session, event_log, str(path)))


COMMANDS = (list_, show)
