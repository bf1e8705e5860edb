"""Creates, opens and reads sessions, for the commands and the menu."""

import os
import sys
import tempfile
import uuid
from collections.abc import Sequence
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path

from pydantic import ValidationError

from workshop.banks.model import Bank
from workshop.banks.validation_messages import describe_error
from workshop.client import Client
from workshop.errors import CannotWriteError, WorkshopError, os_error_reason
from workshop.facilitation.messages import Notice
from workshop.live_session import LiveSession, make_events
from workshop.session.event_log import EventLog
from workshop.session.events import ParticipantJoined
from workshop.session.session import DEFAULT_SPEAKER, MAX_NAME, MAX_TITLE, Mode, Session
from workshop.session.shown import shown_session
from workshop.storage.sqlite.event_store import SqliteEventStore
from workshop.text import clean_line


def parse_title(text: str) -> str:
    """Return the cleaned title. Raises WorkshopError if it is empty or longer than MAX_TITLE."""
    return _parse_line(text, "A title", MAX_TITLE)


def parse_name(text: str) -> str:
    """Return the cleaned name. Raises WorkshopError if it is empty or longer than MAX_NAME."""
    return _parse_line(text, "A name", MAX_NAME)


def _parse_line(text: str, noun: str, max_length: int) -> str:
    line = clean_line(text)
    if not line:
        raise WorkshopError(f"{noun} cannot be empty.")
    if len(line) > max_length:
        raise WorkshopError(f"{noun} has at most {max_length} characters; this has {len(line):,}.")
    return line


def default_title(bank: Bank, created: datetime) -> str:
    """Return the title of a session without a title of its own: its bank's title and the date."""
    return f"{bank.title}, {created.day} {created:%B %Y}"


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
    """Create a session file in `directory`; return its path.

    Without a title it gets one from its bank and the date. Raises CannotWriteError, and
    WorkshopError if the arguments do not fit together, such as a level that the bank lacks.
    """
    from workshop.storage.sqlite.create import create_session

    now = datetime.now(UTC).astimezone()  # with the local UTC offset
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
        reason = clean_line(describe_error(error.errors()[0]))
        raise WorkshopError(f"Such a session cannot be made: {reason}.") from error
    name_by_key: dict[str, str] = {}
    for name in participants:
        name_by_key.setdefault(name.casefold(), name)
    joined = [ParticipantJoined(name=name) for name in name_by_key.values()]
    actor = joined[0].name if mode == "solo" and joined else DEFAULT_SPEAKER[mode]
    return create_session(directory, session, make_events(joined, actor, now))


def check_directory(directory: Path) -> None:
    """Check that a session can be created in `directory`; leave nothing behind.

    Raises CannotWriteError if that is not possible.
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
        for folder in missing:
            with suppress(OSError):
                folder.rmdir()


def is_interactive() -> bool:
    """Return whether both stdin and stdout are terminals."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def _has_full_screen() -> bool:
    """Return whether the terminal can move its cursor; a dumb one, as in an editor, cannot."""
    return is_interactive() and os.environ.get("TERM") != "dumb"


def open_session(path: Path, speaker: str = "", *, plain: bool = False) -> int:
    """Run the conversation of the session at `path` until people leave it; return the exit code.

    It runs on the whole screen in a terminal, and in line mode elsewhere or if `plain` is true.
    Raises what opening the file raises.
    """
    if plain or not _has_full_screen():
        from workshop.frontends.plain import line_mode

        return line_mode.run(path, speaker, stdin=sys.stdin, stdout=sys.stdout, stderr=sys.stderr)
    from workshop.frontends.tui import app

    return app.run(path, speaker)


def rename_session(path: Path, title: str) -> list[str]:
    """Give the session at `path` that title; return what there is to say about it, as sentences.

    Raises what `LiveSession.open` raises, and CannotWriteError.
    """
    with closing(LiveSession.open(path)) as live_session:
        client = Client(live_session)
        settled = client.commit(client.propose(f"/title {title}")).result()
    messages = settled.response.messages
    sentences = [message.text for message in messages if isinstance(message, Notice)]
    return [*live_session.opening_notices, *sentences]


def read_session(path: Path) -> tuple[Session, EventLog]:
    """Return the session at `path` as people see it, and its event log.

    Another program may be writing to the file at the same time.
    Raises NotFoundError, CannotReadError or BadFileError.
    """
    with SqliteEventStore.open(path) as file:
        session, event_log = file.session(), EventLog(file.events())
    return shown_session(session, event_log.state), event_log
