"""The formats that a report can have: how each is written, and how ours are known again."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from workshop.report.request import ReportRequest, Written


class Writer(Protocol):
    """What the module of a format offers."""

    def write(self, request: ReportRequest) -> Written:
        """Return the report as bytes; the same request gives the same bytes.

        Raises WorkshopError where that cannot be done.
        """
        ...

    def session_in(self, path: Path) -> str | None:
        """Return the id of the session that Workshop wrote the file at `path` for.

        None where Workshop did not write it. Raises OSError where it cannot be read.
        """
        ...


@dataclass(frozen=True, slots=True)
class Format:
    """One format."""

    name: str
    """As the command line has it, and as the end of a file's name, after a dot."""
    title: str
    """As people have it."""
    load: Callable[[], Writer]
    """Imports what writes it, which takes its time."""
    is_text: bool
    """Whether it can be shown in a terminal."""

    @property
    def suffix(self) -> str:
        """How a file's name ends: ".docx"."""
        return f".{self.name}"


def _word() -> Writer:
    from workshop.report.word import writer

    return writer


FORMATS: dict[str, Format] = {
    f.name: f
    for f in (
        Format("docx", "Word", _word, is_text=False),
    )
}  # fmt: skip
"""By name, the report itself first."""

WORD = FORMATS["docx"]


def format_of(target: Path) -> Format | None:
    """Return the format that a file's name asks for, or None."""
    return FORMATS.get(target.suffix.removeprefix(".").casefold())
