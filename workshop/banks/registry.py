"""Finding question banks: those that ship with Workshop, by name, and any file, by its path."""

from collections.abc import Callable
from pathlib import Path

from workshop.banks.model import Bank
from workshop.banks.shipped import banks_directory
from workshop.banks.yaml_loader import load_bank
from workshop.errors import NotFoundError
from workshop.text import clean_line, shorten

_SUFFIXES = (".yaml", ".yml")


def shipped_banks() -> tuple[Bank, ...]:
    """Return the banks that ship with Workshop, sorted by title: the IT canvas comes first."""
    paths = sorted(banks_directory().glob("*.yaml"))
    return tuple(sorted((load_bank(p) for p in paths), key=lambda b: b.title.casefold()))


def find_bank(name: str) -> Bank:
    """Return the bank that `name` means: an id, the beginning of an id or title, or a file's path.

    Raises NotFoundError, with the nearest names, and the errors of `load_bank`.
    """
    cleaned = clean_line(name)
    path = Path(name)
    if path.suffix.lower() in _SUFFIXES or _is_true(path.is_file):
        if not _is_true(path.exists):
            raise NotFoundError(f"There is no bank file {shorten(cleaned, 200)}.")
        return load_bank(path)
    exact = banks_directory() / f"{name}.yaml"
    if exact.parent == banks_directory() and _is_true(exact.is_file):
        return load_bank(exact)
    banks = shipped_banks()
    query = cleaned.casefold()
    matches = [b for b in banks if query and _starts_with(b, query)]
    if len(matches) == 1:
        return matches[0]
    if matches:
        ids = " or ".join(b.id for b in matches)
        raise NotFoundError(f"More than one bank is called '{shorten(cleaned, 60)}': say {ids}.")
    ids = [b.id for b in banks]
    from difflib import get_close_matches  # here, because only a failed search needs it

    nearest = get_close_matches(query, ids, n=2, cutoff=0.4) or ids
    raise NotFoundError(
        f"There is no bank called '{shorten(cleaned, 60)}'.",
        f"The nearest: {', '.join(nearest)}. 'workshop banks' lists them all.",
    )


def _is_true(path_test: Callable[[], bool]) -> bool:
    """Return the result of a test such as `path.is_file`; False if the system refuses the path."""
    try:
        return path_test()
    except OSError:  # for example, too long for a file name, or in a folder without permission
        return False


def _starts_with(bank: Bank, query: str) -> bool:
    """Return whether the bank's id or title starts with a casefolded query."""
    title = bank.title.casefold()
    return (
        bank.id.startswith(query)
        or title.startswith(query)
        or title.removeprefix("the ").startswith(query)
    )
