"""The `banks` commands: list the question banks, and show one."""

import click

from workshop.frontends.cli.output import print_json, print_lines, table_width


@click.group(invoke_without_command=True)
@click.option("--json", "as_json", is_flag=True, help="As JSON, for programs.")
@click.pass_context
def banks(ctx: click.Context, as_json: bool) -> None:
    """List the question banks, or show one."""
    if ctx.invoked_subcommand is not None:
        return
    from workshop.banks.registry import shipped_banks
    from workshop.frontends.cli import json_views, text_views

    shipped = shipped_banks()
    if as_json:
        print_json([json_views.bank_entry(bank) for bank in shipped])
    else:
        print_lines(text_views.bank_table(shipped, table_width()))


@banks.command("show")
@click.argument("name", metavar="BANK")
@click.option("--json", "as_json", is_flag=True, help="As JSON, for programs.")
def show_bank(name: str, as_json: bool) -> None:
    """Show the blocks and questions of BANK in the order in which they are asked."""
    from workshop.banks.registry import find_bank
    from workshop.frontends.cli import json_views, text_views

    bank = find_bank(name)
    if as_json:
        print_json(json_views.bank_value(bank))
    else:
        print_lines(text_views.bank_text(bank))


COMMANDS = (banks,)
