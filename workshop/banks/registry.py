"""Where question banks are found: those that ship with Workshop, and any file by its path."""

from collections.abc import Callable
from pathlib import Path

from workshop.banks.model import Bank
from workshop.banks.yaml_loader import load_bank
from workshop.errors import NotFoundError
from workshop.text import clean_line, shorten

_SUFFIXES = (".yaml", ".yml")


def banks_directory() -> Path:
    """Return the folder of the shipped banks: in the wheel, or beside the package in a checkout."""
    package = Path(__file__).resolve().parent.parent
    inside = package / "question_banks"
    return inside if inside.is_dir() else package.parent / "question_banks"


def shipped_banks() -> tuple[Bank, ...]:
    """Return the banks that ship with Workshop, the IT canvas first, as their titles sort."""
    paths = sorted(banks_directory().glob("*.yaml"))
    return tuple(sorted((load_bank(p) for p in paths), key=lambda b: b.title.casefold()))


def find_bank(name: str) -> Bank:
    """Return the bank that `name` means: an id, the beginning of an id or title, or a file's path.

    Raises NotFoundError with the nearest names, and what `load_bank` raises.
    """
    shown = clean_line(name)
    path = Path(name)
    if path.suffix.lower() in _SUFFIXES or _is(path.is_file):
        if not _is(path.exists):
            raise NotFoundError(f"There is no bank file {shorten(shown, 200)}.")
        return load_bank(path)
    exact = banks_directory() / f"{name}.yaml"
    if exact.parent == banks_directory() and _is(exact.is_file):
        return load_bank(exact)
    banks = shipped_banks()
    wanted = shown.casefold()
    found = [b for b in banks if wanted and _begins(b, wanted)]
    if len(found) == 1:
        return found[0]
    if found:
        ids = " or ".join(b.id for b in found)
        raise NotFoundError(f"More than one bank is called '{shorten(shown, 60)}': say {ids}.")
    ids = [b.id for b in banks]
    from difflib import get_close_matches  # only a mistake needs it

    near = get_close_matches(wanted, ids, n=2, cutoff=0.4) or ids
    raise NotFoundError(
        f"There is no bank called '{shorten(shown, 60)}'.",
        f"The nearest: {', '.join(near)}. 'workshop banks' lists them all.",
    )


def _is(asked: Callable[[], bool]) -> bool:
    """Return what the system says about a path; no where it will not have such a path at all."""
    try:
        return asked()
    except OSError:  # too long for a file name, say, or in a folder that is closed to us
        return False


def _begins(bank: Bank, wanted: str) -> bool:
    title = bank.title.casefold()
    return (
        bank.id.startswith(wanted)
        or title.startswith(wanted)
        or title.removeprefix("the ").startswith(wanted)
    )
