"""What is asked for when a report is written, and what a writer gives back."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from workshop.export.page_size import A4, PageSize
from workshop.session.event_log import EventLog
from workshop.session.record import Record
from workshop.session.session import Session
from workshop.views.outline import Outline, build_outline

Progress = Callable[[float], None]
"""Is told again and again which part of the work is done, from 0 to 1."""


def ignore_progress(_done: float) -> None:
    """Be told of progress, and tell nobody."""


@dataclass(frozen=True)
class ReportRequest:
    """One report to write: on what, on which paper, and in whose style."""

    session: Session
    event_log: EventLog
    paper: PageSize = A4
    template: Path | None = None
    """A Word document whose styles, page setup, header and footer are used."""
    progress: Progress = ignore_progress
    log: tuple[Record, ...] | None = None
    """The log to the letter, as the session's file has it, for what must lose nothing of it."""

    @cached_property
    def outline(self) -> Outline:
        """What the report says."""
        return build_outline(self.session, self.event_log)


@dataclass(frozen=True, slots=True)
class RenderedReport:
    """A report as the bytes of its file, and what there is to say about them."""

    content: bytes
    warnings: tuple[str, ...] = ()
    """Sentences for the person who asked for it."""
