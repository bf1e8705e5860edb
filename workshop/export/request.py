"""The request for a report, and the rendered report that a writer returns."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from workshop.export.page_size import A4, PageSize
from workshop.session.event_log import EventLog
from workshop.session.record import Record
from workshop.session.session import Session
from workshop.session.shown import shown_session
from workshop.views.outline import Outline, build_outline

Progress = Callable[[float], None]
"""Called repeatedly with the share of the work that is done, from 0 to 1."""


def ignore_progress(_done: float) -> None:
    """Report no progress: the default of a request."""


@dataclass(frozen=True)
class ReportRequest:
    """One report to write: the session, the page size and the template."""

    session: Session
    """The session as its file records it, for lossless exports."""
    event_log: EventLog
    page_size: PageSize = A4
    template: Path | None = None
    """A Word document that supplies the styles, page setup, headers and footers."""
    progress: Progress = ignore_progress
    log: tuple[Record, ...] | None = None
    """The log exactly as in the session's file, for lossless exports; None for a live session."""

    @cached_property
    def shown(self) -> Session:
        """The session as people see it."""
        return shown_session(self.session, self.event_log.state)

    @cached_property
    def outline(self) -> Outline:
        """The outline of the report."""
        return build_outline(self.shown, self.event_log)


@dataclass(frozen=True, slots=True)
class RenderedReport:
    """A report as the bytes of its file, with the writer's warnings."""

    content: bytes
    warnings: tuple[str, ...] = ()
    """Whole sentences for the person who exports."""
