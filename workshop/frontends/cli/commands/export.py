"""Writing what leaves the room: the Word report, and the same in other formats."""

import sys
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import NamedTuple, TypeVar

import click

from workshop.errors import CannotWriteError
from workshop.export.formats import FORMATS, WORD, Format, format_of
from workshop.export.page_size import PAGE_SIZES
from workshop.frontends.cli.arguments import directory, not_empty
from workshop.frontends.cli.output import print_path, tell

_STDOUT = "-"
_USUAL_PAPER = "a4"

Command = TypeVar("Command", bound=Callable[..., None])


def _writing_options(command: Command) -> Command:
    """Give `command` the options that writing has in every format."""
    for option in (
        click.option("--force", is_flag=True, help="Replace whatever file is there."),
        click.option(
            "--paper",
            type=click.Choice(list(PAGE_SIZES)),
            default=None,
            show_default=_USUAL_PAPER,
            help="The paper that it is for.",
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
@_writing_options
@click.pass_obj
def report(
    where: str | None,
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
    named = None if output is None else format_of(Path(output))
    if named is not None and named is not WORD:
        raise click.BadParameter(
            f"the report is a Word document; 'workshop export' writes {named.title}.",
            param_hint="-o",
        )
    _write(where, session, _Wish(WORD, output, template, paper, force))


@click.command()
@click.argument("session", metavar="SESSION")
@click.option(
    "--format",
    "format_name",
    type=click.Choice(list(FORMATS), case_sensitive=False),
    help="What to write. Otherwise, what the name behind -o ends in.",
)
@_writing_options
@click.pass_obj
def export(
    where: str | None,
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
    form = _format_asked_for(format_name, output)
    _write(where, session, _Wish(form, output, template, paper, force))


def _format_asked_for(name: str | None, output: str | None) -> Format:
    """Return the format that --format names, or else the end of the file's name."""
    ends = None if output is None else format_of(Path(output))
    if name is None:
        if ends is None:
            known = ", ".join(FORMATS)
            raise click.UsageError(f"What to write is missing: --format takes one of {known}.")
        return ends
    if ends is not None and ends.name != name:
        said = f"the file's name says {ends.name}, --format says {name}."
        raise click.BadParameter(said, param_hint="-o")
    return FORMATS[name]


class _Wish(NamedTuple):
    """How a session is to be written, as it was typed."""

    form: Format
    output: str | None
    template: str | None
    paper: str | None
    force: bool


def _write(where: str | None, session: str, wish: _Wish) -> None:
    """Write a session, and print where it is; or what it is, on the standard output."""
    _check(wish)
    from workshop.frontends.cli import write_report
    from workshop.frontends.cli.progress import progress_shown
    from workshop.storage.catalog import find_session

    path = find_session(directory(where), session)
    with progress_shown(f"Writing {wish.form.title}") as progress:
        request = write_report.request_on(
            path,
            paper=PAGE_SIZES[wish.paper or _USUAL_PAPER],
            template=Path(wish.template) if wish.template else None,
            progress=progress,
        )
        if wish.output == _STDOUT:
            written = wish.form.load().write(request)
            warnings = written.warnings
            show = partial(_print_written, written.content)
        else:
            target, warnings = write_report.write_to(
                request, wish.output, wish.form, replace=wish.force
            )
            show = partial(print_path, target)
    for remark in warnings:
        tell(remark)
    show()


def _check(wish: _Wish) -> None:
    not_empty("-o", wish.output)
    not_empty("--template", wish.template)
    if wish.template is not None and not wish.form.takes_template:
        shaped = _and(form.name for form in FORMATS.values() if form.takes_template)
        raise click.BadParameter(f"a template shapes {shaped} only.", param_hint="--template")
    if wish.paper is not None and not wish.form.takes_paper:
        printed = _and(form.name for form in FORMATS.values() if form.takes_paper)
        raise click.BadParameter(f"a paper is for {printed} only.", param_hint="--paper")
    if wish.output == _STDOUT and not wish.form.is_text and sys.stdout.isatty():
        said = f"{wish.form.title} is nothing for a terminal: name a file, or send it to a program."
        raise click.BadParameter(said, param_hint="-o")


def _and(names: Iterable[str]) -> str:
    *first, last = names
    return f"{', '.join(first)} and {last}"


def _print_written(content: bytes) -> None:
    """Print a report on stdout: as text in a terminal, byte for byte for a program.

    Raises CannotWriteError where it was closed before Workshop began: nobody would get the report.
    """
    if sys.__stdout__ is None:
        raise CannotWriteError("The standard output is closed.", "Name a file with -o.")
    if sys.stdout.isatty():
        # What people said is in it, and came in through `text.clean`.
        sys.stdout.write(content.decode("utf-8-sig"))
    else:
        sys.stdout.flush()
        sys.stdout.buffer.write(content)


COMMANDS = (report, export)
