"""Checks of command line arguments; an argument that does not pass is a usage error."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from workshop.banks.model import Bank


def resolve_directory(sessions: str | None) -> Path:
    """Return the folder of the session files, given the value of --sessions."""
    from workshop.storage.catalog import sessions_directory

    try:
        return sessions_directory(sessions)
    except RuntimeError as error:  # a home folder that does not exist: ~nobody
        raise click.BadParameter(
            "there is no such home folder.", param_hint="--sessions"
        ) from error


def require_value(option: str, value: str | None) -> None:
    """Raise BadParameter if `option` was given an empty value; None means it was not given."""
    if value == "":
        raise click.BadParameter("it cannot be empty.", param_hint=option)


def parse_option(option: str, parse: Callable[[str], str], text: str) -> str:
    """Return `parse(text)`; a WorkshopError that it raises becomes a usage error of `option`."""
    from workshop.errors import WorkshopError

    try:
        return parse(text)
    except WorkshopError as error:
        raise click.BadParameter(str(error), param_hint=option) from error


def parse_level(bank: "Bank", option: str, text: str) -> str:
    """Return the id of the level of `bank` whose id or title is `text`, in any case."""
    from workshop.text import clean_line, shorten

    name = clean_line(text).casefold()
    for level in bank.levels:
        if name in (level.id, level.title.casefold()):
            return level.id
    known = f"its levels are {', '.join(x.id for x in bank.levels)}" if bank.levels else (
        "it has no levels"
    )  # fmt: skip
    message = f"{bank.title} has no level '{shorten(name, 60)}': {known}."
    raise click.BadParameter(message, param_hint=option)


def parse_model_names(bank: "Bank", pairs: Sequence[str]) -> dict[str, str]:
    """Return the models' names by level id from LEVEL=NAME pairs; a later pair replaces earlier."""
    from workshop.frontends.cli.sessions import parse_name

    names: dict[str, str] = {}
    for pair in pairs:
        level, equals, name = pair.partition("=")
        if not equals:
            message = "it takes a level and a name, such as higher=Acme."
            raise click.BadParameter(message, param_hint="--name")
        names[parse_level(bank, "--name", level)] = parse_option("--name", parse_name, name)
    return names
