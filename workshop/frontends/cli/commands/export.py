"""The commands that write a session in another format: `report` and `export`."""

import sys
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import NamedTuple, TypeVar

import click

from workshop.errors import CannotWriteError
from workshop.export.formats import FORMATS, WORD, Format, format_of
from workshop.export.page_size import PAGE_SIZES
from workshop.frontends.cli.arguments import require_value, resolve_directory
from workshop.frontends.cli.output import print_message, print_path

_STDOUT = "-"
_DEFAULT_PAPER = "a4"

Command = TypeVar("Command", bound=Callable[..., None])


def _add_writing_options(command: Command) -> Command:
    """Return `command` with the options that every format has."""
    for option in (
        click.option("--force", is_flag=True, help="Replace whatever file is there."),
        click.option(
            "--paper",
            type=click.Choice(list(PAGE_SIZES)),
            default=None,
            show_default=_DEFAULT_PAPER,
            help="The paper size.",
        ),
        click.option(
            "--template",
            metavar="FILE",
            help="A Word document or template (.docx, .dotx) whose styles, page setup, header and "
            "footer are used.",
        ),
        click.option(
            "-o",
            "--output",
            metavar="FILE",
            help="Where to write it: a file, a folder, or - for the standard output. Otherwise: "
            "the current folder.",
        ),
    ):
        command = option(command)
    return command


@click.command()
@click.argument("session", metavar="SESSION")
@_add_writing_options
@click.pass_obj
def report(
    sessions_option: str | None,
    *,
    session: str,
    output: str | None,
    template: str | None,
    paper: str | None,
    force: bool,
) -> None:
    """Write the Word report of SESSION and print its path.

    An earlier report of the same session is replaced, any other document is left as it is.
    """
    target_format = None if output is None else format_of(Path(output))
    if target_format is not None and target_format is not WORD:
        raise click.BadParameter(
            f"the report is a Word document; 'workshop export' writes {target_format.title}.",
            param_hint="-o",
        )
    _write(sessions_option, session, _ExportOptions(WORD, output, template, paper, force))


@click.command()
@click.argument("session", metavar="SESSION")
@click.option(
    "--format",
    "format_name",
    type=click.Choice(list(FORMATS), case_sensitive=False),
    help="What to write. Otherwise, the suffix of the file behind -o decides.",
)
@_add_writing_options
@click.pass_obj
def export(
    sessions_option: str | None,
    *,
    session: str,
    format_name: str | None,
    output: str | None,
    template: str | None,
    paper: str | None,
    force: bool,
) -> None:
    """Write what the report of SESSION says in another format and print the file's path.

    A file that this wrote earlier for the same session is replaced, any other is left as it is.
    """
    output_format = _choose_format(format_name, output)
    _write(sessions_option, session, _ExportOptions(output_format, output, template, paper, force))


def _choose_format(name: str | None, output: str | None) -> Format:
    """Return the format that --format or the suffix of `output` names.

    Raises UsageError if neither names one, or if they disagree.
    """
    by_suffix = None if output is None else format_of(Path(output))
    if name is None:
        if by_suffix is None:
            known = ", ".join(FORMATS)
            raise click.UsageError(f"The format is missing: --format takes one of {known}.")
        return by_suffix
    if by_suffix is not None and by_suffix.name != name:
        message = f"the file's name says {by_suffix.name}, --format says {name}."
        raise click.BadParameter(message, param_hint="-o")
    return FORMATS[name]


class _ExportOptions(NamedTuple):
    """The options of `report` and `export`, as typed."""

    format: Format
    output: str | None
    template: str | None
    paper: str | None
    force: bool


def _write(sessions_option: str | None, session: str, options: _ExportOptions) -> None:
    """Write a session to a file and print its path, or write it to the standard output."""
    _check(options)
    from workshop.export.write_file import write_request
    from workshop.frontends.cli.progress import show_progress
    from workshop.frontends.cli.report_request import load_request
    from workshop.storage.catalog import find_session

    path = find_session(resolve_directory(sessions_option), session)
    with show_progress(f"Writing {options.format.title}") as progress:
        request = load_request(
            path,
            page_size=PAGE_SIZES[options.paper or _DEFAULT_PAPER],
            template=Path(options.template) if options.template else None,
            progress=progress,
        )
        if options.output == _STDOUT:
            written = options.format.load().write(request)
            warnings = written.warnings
            print_result = partial(_print_content, written.content)
        else:
            target, warnings = write_request(
                request, options.output, options.format, replace=options.force
            )
            print_result = partial(print_path, target)
    for warning in warnings:
        print_message(warning)
    print_result()


def _check(options: _ExportOptions) -> None:
    require_value("-o", options.output)
    require_value("--template", options.template)
    if options.template is not None and not options.format.takes_template:
        formats = _join(f.name for f in FORMATS.values() if f.takes_template)
        raise click.BadParameter(f"only {formats} take a template.", param_hint="--template")
    if options.paper is not None and not options.format.takes_page_size:
        formats = _join(f.name for f in FORMATS.values() if f.takes_page_size)
        raise click.BadParameter(f"only {formats} take a paper size.", param_hint="--paper")
    if options.output == _STDOUT and not options.format.is_text and sys.stdout.isatty():
        message = (
            f"{options.format.title} cannot be shown in a terminal: name a file, or send it to a "
            "program."
        )
        raise click.BadParameter(message, param_hint="-o")


def _join(names: Iterable[str]) -> str:
    *first, last = names
    return f"{', '.join(first)} and {last}"


def _print_content(content: bytes) -> None:
    """Print a report on stdout: as text in a terminal, byte for byte elsewhere.

    Raises CannotWriteError if stdout was closed before Workshop started.
    """
    if sys.__stdout__ is None:
        raise CannotWriteError("The standard output is closed.", "Name a file with -o.")
    if sys.stdout.isatty():
        # Text formats hold only characters that passed `text.clean`.
        sys.stdout.write(content.decode("utf-8-sig"))
    else:
        sys.stdout.flush()
        sys.stdout.buffer.write(content)


COMMANDS = (report, export)
