"""The table of export formats: how each is written, and how its files are recognised."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Protocol

# The commands read this table at every start, so importing it must not load any writer.
if TYPE_CHECKING:
    from workshop.export.provenance import Origin
    from workshop.export.request import RenderedReport, ReportRequest


class Writer(Protocol):
    """The functions that the module of a format provides."""

    def write(self, request: "ReportRequest") -> "RenderedReport":
        """Return the report as bytes; the same request gives the same bytes.

        Raises WorkshopError if the report cannot be written.
        """
        ...

    def read_origin(self, path: Path) -> "Origin | None":
        """Return the session that the file at `path` was written for, and whether it was changed.

        None if Workshop did not write the file. Raises OSError if it cannot be read.
        """
        ...


class Format(NamedTuple):
    """One export format."""

    name: str
    """The value of `--format` and the file name extension, without its dot."""
    title: str
    """The name for people: "PowerPoint"."""
    load: Callable[[], Writer]
    """Imports the writer, late because that is slow."""
    is_text: bool
    """Whether the files are text, which can be shown in a terminal."""
    takes_template: bool = False
    """Whether it can take its styles from a Word template."""
    takes_page_size: bool = False
    """Whether it is laid out for a page size."""

    @property
    def suffix(self) -> str:
        """The file name extension with its dot: ".docx"."""
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
        Format("docx", "Word", _word, is_text=False, takes_template=True, takes_page_size=True),
        Format("pdf", "PDF", _pdf, is_text=False, takes_template=True, takes_page_size=True),
        Format("pptx", "PowerPoint", _slides, is_text=False),
        Format("md", "Markdown", _markdown, is_text=True),
        Format("csv", "CSV", _csv, is_text=True),
        Format("svg", "SVG", _svg, is_text=True, takes_page_size=True),
        Format("json", "JSON", _json, is_text=True),
    )
}  # fmt: skip
"""The formats by name; the Word report comes first."""

WORD = FORMATS["docx"]


def format_of(target: Path) -> Format | None:
    """Return the format for the extension of `target`, or None if there is none."""
    return FORMATS.get(target.suffix.removeprefix(".").casefold())
