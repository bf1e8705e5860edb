"""What people typed on the command line, checked: what cannot be taken is a usage error."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from workshop.banks.model import Bank


def directory(sessions: str | None) -> Path:
    """Return where session files are kept, given what --sessions says."""
    from workshop.storage.catalog import sessions_directory

    try:
        return sessions_directory(sessions)
    except RuntimeError as error:  # the home of somebody who has none: ~nobody
        raise click.BadParameter(
            "there is no such home folder.", param_hint="--sessions"
        ) from error


def not_empty(option: str, words: str | None) -> None:
    """Return if an option has something behind it, or was not given."""
    if words == "":
        raise click.BadParameter("it cannot be empty.", param_hint=option)


def checked(option: str, check: Callable[[str], str], text: str) -> str:
    """Return what `check` makes of `text`; what it refuses is a usage error."""
    from workshop.errors import WorkshopError

    try:
        return check(text)
    except WorkshopError as error:
        raise click.BadParameter(str(error), param_hint=option) from error


def level_id(bank: "Bank", option: str, words: str) -> str:
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


def model_names(bank: "Bank", given: Sequence[str]) -> dict[str, str]:
    """Return the models' names by level from LEVEL=NAME pairs; the last one given counts."""
    from workshop.frontends.cli.sessions import name_of

    names: dict[str, str] = {}
    for pair in given:
        level, equals, name = pair.partition("=")
        if not equals:
            said = "it takes a level and a name, such as higher=Acme."
            raise click.BadParameter(said, param_hint="--name")
        names[level_id(bank, "--name", level)] = checked("--name", name_of, name)
    return names
