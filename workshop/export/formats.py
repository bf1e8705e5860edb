"""The formats that a report can have: how each is written, and how ours are known again."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Protocol

# The commands read this table before they know whether anything is written at all.
if TYPE_CHECKING:
    from workshop.export.provenance import Origin
    from workshop.export.request import RenderedReport, ReportRequest


class Writer(Protocol):
    """What the module of a format offers."""

    def write(self, request: "ReportRequest") -> "RenderedReport":
        """Return the report as bytes; the same request gives the same bytes.

        Raises WorkshopError where that cannot be done.
        """
        ...

    def read_origin(self, path: Path) -> "Origin | None":
        """Return which session Workshop wrote the file at `path` for, and whether it still is so.

        None where Workshop did not write it. Raises OSError where it cannot be read.
        """
        ...


class Format(NamedTuple):
    """One format."""

    name: str
    """As the command line has it, and as the end of a file's name, after a dot."""
    title: str
    """As people have it."""
    load: Callable[[], Writer]
    """Imports what writes it, which takes its time."""
    is_text: bool
    """Whether it can be shown in a terminal."""
    takes_template: bool = False
    """Whether a company's Word template shapes it."""
    takes_paper: bool = False
    """Whether it is for a paper of some size."""

    @property
    def suffix(self) -> str:
        """How a file's name ends: ".docx"."""
        return f".{self.name}"


def _word() -> Writer:
    from workshop.export.word import writer

    return writer


def _pdf() -> Writer:
    from workshop.export import pdf

    return pdf


def _slides() -> Writer:
    from workshop.export.slides import writer

    return writer


def _markdown() -> Writer:
    from workshop.export import markdown

    return markdown


def _csv() -> Writer:
    from workshop.export import csv_table

    return csv_table


def _svg() -> Writer:
    from workshop.export import svg

    return svg


def _json() -> Writer:
    from workshop.export import json_session

    return json_session


FORMATS: dict[str, Format] = {
    f.name: f
    for f in (
        Format("docx", "Word", _word, is_text=False, takes_template=True, takes_paper=True),
        Format("pdf", "PDF", _pdf, is_text=False, takes_template=True, takes_paper=True),
        Format("pptx", "PowerPoint", _slides, is_text=False),
        Format("md", "Markdown", _markdown, is_text=True),
        Format("csv", "CSV", _csv, is_text=True),
        Format("svg", "SVG", _svg, is_text=True, takes_paper=True),
        Format("json", "JSON", _json, is_text=True),
    )
}  # fmt: skip
"""By name, the report itself first."""

WORD = FORMATS["docx"]


def format_of(target: Path) -> Format | None:
    """Return the format that a file's name asks for, or None."""
    return FORMATS.get(target.suffix.removeprefix(".").casefold())
