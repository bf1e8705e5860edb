"""What is asked for when a report is written, and what a writer gives back."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from workshop.report.outline import Outline, build_outline
from workshop.report.paper import A4, Paper
from workshop.session.model import Session
from workshop.session.record import Record
from workshop.session.state import Fold

Progress = Callable[[float], None]
"""Is told again and again which part of the work is done, from 0 to 1."""

_MARK = re.compile(r"workshop:session:([0-9a-f]{32})")


def unwatched(_done: float) -> None:
    """Be told of progress, and tell nobody."""


@dataclass(frozen=True)
class ReportRequest:
    """One report to write: on what, on which paper, and in whose style."""

    session: Session
    fold: Fold
    paper: Paper = A4
    template: Path | None = None
    """A Word document whose styles, page setup, header and footer are used."""
    progress: Progress = unwatched
    log: tuple[Record, ...] | None = None
    """The log to the letter, as the session's file has it, for what must lose nothing of it."""

    @cached_property
    def outline(self) -> Outline:
        """What the report says."""
        return build_outline(self.session, self.fold)


@dataclass(frozen=True, slots=True)
class Written:
    """A report as the bytes of its file, and what there is to say about them."""

    content: bytes
    remarks: tuple[str, ...] = ()
    """Sentences for the person who asked for it."""


def mark_of(session_id: str) -> str:
    """Return the mark that every file written for a session bears, whatever its format."""
    return f"workshop:session:{session_id}"


def marked_session(text: str) -> str | None:
    """Return the id of the session that the first mark in `text` names, or None."""
    found = _MARK.search(text)
    return found[1] if found else None
