"""Making a session, opening it and reading it: what the commands and the menu do alike."""

import os
import sys
import tempfile
import uuid
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from pydantic import ValidationError

from workshop.banks.model import Bank
from workshop.banks.validation_messages import describe_error
from workshop.errors import CannotWriteError, WorkshopError, os_error_reason
from workshop.live_session import make_events
from workshop.session.event_log import EventLog
from workshop.session.events import ParticipantJoined
from workshop.session.session import DEFAULT_SPEAKER, MAX_NAME, Mode, Session
from workshop.storage.sqlite.session_file import SessionFile
from workshop.text import clean_line

MAX_TITLE = 200
"""The longest title of a new session, in characters."""


def title_of(text: str) -> str:
    """Return a title as it is kept. Raises WorkshopError where it is empty or too long."""
    return _line_of(text, "A title", MAX_TITLE)


def name_of(text: str) -> str:
    """Return a name as it is kept. Raises WorkshopError where it is empty or too long."""
    return _line_of(text, "A name", MAX_NAME)


def _line_of(text: str, what: str, longest: int) -> str:
    line = clean_line(text)
    if not line:
        raise WorkshopError(f"{what} cannot be empty.")
    if len(line) > longest:
        raise WorkshopError(f"{what} has at most {longest} characters; this has {len(line):,}.")
    return line


def default_title(bank: Bank, at: datetime) -> str:
    """Return what a session is called that nobody gave a title: its bank's title and the date."""
    return f"{bank.title}, {at.day} {at:%B %Y}"


def make_session(
    directory: Path,
    bank: Bank,
    *,
    title: str = "",
    mode: Mode = "group",
    level: str | None = None,
    quick: bool = False,
    names: dict[str, str] | None = None,
    participants: Sequence[str] = (),
) -> Path:
    """Make a session file in `directory`; return its path.

    Without a title it gets one from its bank and the date. Raises CannotWriteError, and
    WorkshopError where the parts make no session (a level, say, that the bank has not).
    """
    from workshop.storage.sqlite.create import create_session

    now = datetime.now(UTC).astimezone()  # with the offset of this place
    try:
        session = Session(
            id=uuid.uuid4().hex,
            title=title or default_title(bank, now),
            mode=mode,
            bank=bank,
            level=level,
            quick=quick,
            names=names or {},
            created=now,
        )
    except ValidationError as error:
        why = clean_line(describe_error(error.errors()[0]))
        raise WorkshopError(f"Such a session cannot be made: {why}.") from error
    people: dict[str, str] = {}
    for name in participants:
        people.setdefault(name.casefold(), name)
    joined = [ParticipantJoined(name=name) for name in people.values()]
    actor = joined[0].name if mode == "solo" and joined else DEFAULT_SPEAKER[mode]
    return create_session(directory, session, make_events(joined, actor, now))


def check_directory(directory: Path) -> None:
    """Return if a session could be made in `directory`; leave nothing behind.

    Raises CannotWriteError.
    """
    missing = [p for p in (directory, *directory.parents) if not p.exists()]
    try:
        directory.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=directory):
            pass
    except OSError as error:
        is_file = isinstance(error, FileExistsError | NotADirectoryError)
        reason = "it is not a directory" if is_file else os_error_reason(error)
        raise CannotWriteError(
            f"No session can be kept in {directory}: {reason}.",
            "Choose another folder with --sessions DIR.",
        ) from error
    finally:
        for made in missing:
            with suppress(OSError):
                made.rmdir()


def at_a_terminal() -> bool:
    """Return whether a person sits at both ends: the keyboard and the screen."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def _has_a_screen() -> bool:
    """Return whether the terminal can be drawn on; a dumb one, as in an editor, takes lines."""
    return at_a_terminal() and os.environ.get("TERM") != "dumb"


def open_session(path: Path, speaker: str = "", *, plain: bool = False) -> int:
    """Lead through the session at `path`; return the exit code once people leave it.

    On the screen in a terminal, line by line elsewhere or where `plain` asks for it. Raises what
    opening the file raises.
    """
    if plain or not _has_a_screen():
        from workshop.frontends.plain import line_mode

        return line_mode.run(path, speaker, stdin=sys.stdin, stdout=sys.stdout, stderr=sys.stderr)
    from workshop.frontends.tui import app

    return app.run(path, speaker)


def read_session(path: Path) -> tuple[Session, EventLog]:
    """Return the session at `path` and its log, beside whoever is writing to it.

    Raises NotFoundError, CannotReadError or BadFileError.
    """
    with SessionFile.open(path) as file:
        return file.session(), EventLog(file.events())
