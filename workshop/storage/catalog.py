"""The catalog of session files: where they are, a summary of each, and finding one by its name."""

import os
import sqlite3
from collections.abc import Iterable
from datetime import UTC
from pathlib import Path
from typing import NamedTuple

from workshop.errors import NotFoundError, WorkshopError, cannot_read
from workshop.session.event_log import EventLog
from workshop.session.shown import shown_session
from workshop.session.walk import progress
from workshop.storage.sqlite import schema
from workshop.storage.sqlite.event_store import SqliteEventStore
from workshop.text import clean_line, counted, shorten


def sessions_directory(option: str | None) -> Path:
    """Return the directory that holds the session files.

    That is the value of the option --sessions, else of WORKSHOP_SESSIONS, else `sessions` in the
    current directory if it exists, else the user's data directory.
    """
    chosen = option or os.environ.get("WORKSHOP_SESSIONS")
    if chosen:
        return Path(chosen).expanduser()
    local = Path.cwd() / "sessions"
    if local.is_dir():
        return local
    import platformdirs

    return platformdirs.user_data_path("workshop") / "sessions"


class SessionSummary(NamedTuple):
    """A session as one line of a list of sessions."""

    path: Path
    id: str
    title: str
    bank: str
    """The bank's title."""
    bank_id: str
    mode: str
    created: str
    """Time of creation, ISO 8601, UTC."""
    changed: str
    """Time of the last event, ISO 8601, UTC."""
    questions: int
    """Number of questions in its walk."""
    settled: int
    """Number of questions that were answered or skipped."""
    answers: int

    @property
    def short_id(self) -> str:
        """The first eight characters of the id."""
        return self.id[:8]


class UnreadableFile(NamedTuple):
    """A file in the sessions directory that cannot be listed, and the reason."""

    path: Path
    reason: WorkshopError


def read_summary(path: Path) -> SessionSummary:
    """Return the summary of the session file at `path`; raises what opening it does."""
    with SqliteEventStore.open(path) as file:
        session, events = file.session(), file.events()
    state = EventLog(events).state
    session = shown_session(session, state)
    counts = progress(session, state)
    created = session.created.astimezone(UTC).isoformat(timespec="milliseconds")
    return SessionSummary(
        path,
        session.id,
        session.title,
        session.bank.title,
        session.bank.id,
        session.mode,
        created,
        events[-1].at if events else created,
        counts.questions,
        counts.settled,
        counts.answers,
    )


def list_sessions(directory: Path) -> tuple[list[SessionSummary], list[UnreadableFile]]:
    """Return the sessions in `directory`, the last changed first, and the unreadable files.

    A directory that does not exist counts as empty. Raises CannotReadError.
    """
    summaries: list[SessionSummary] = []
    unreadable: list[UnreadableFile] = []
    for path in _session_files(directory):
        try:
            summaries.append(read_summary(path))
        except WorkshopError as error:
            unreadable.append(UnreadableFile(path, error))
    summaries.sort(key=lambda s: (s.changed, s.created), reverse=True)
    return summaries, unreadable


def _session_files(directory: Path) -> list[Path]:
    try:  # glob() would treat a directory that cannot be read as an empty one
        paths = list(directory.iterdir())
    except FileNotFoundError:
        return []
    except OSError as error:
        raise cannot_read(f"The sessions directory {directory}", error) from error
    return sorted(p for p in paths if p.suffix == schema.SUFFIX and not p.name.startswith("."))


def find_session(directory: Path, query: str | None) -> Path:
    """Return the file of the session that `query` names; None names the last one changed.

    A query is a path, the name of a file in `directory` (with or without its suffix), the beginning
    of a short id, or the beginning of a title. Raises NotFoundError, with the candidates if several
    sessions match and the nearest names if none does, and what `list_sessions` raises.
    """
    if query is not None:
        path = _find_by_path(directory, query)
        if path is not None:
            return path
    summaries, unreadable = list_sessions(directory)
    if query is None:
        if summaries:
            return summaries[0].path
        raise NotFoundError(
            f"There is no session in {directory} yet.", "'workshop new BANK' begins one."
        )
    folded = clean_line(query).casefold()
    by_id = [s for s in summaries if len(folded) >= 4 and s.id.startswith(folded)]
    by_title = [s for s in summaries if s.title.casefold() == folded]
    by_prefix = [s for s in summaries if folded and s.title.casefold().startswith(folded)]
    for matches in (by_id, by_title, by_prefix):
        if len(matches) == 1:
            return matches[0].path
        if matches:
            raise _ambiguous_error(query, matches)
    broken = [u for u in unreadable if len(folded) >= 4 and u.path.stem.endswith(folded)]
    if len(broken) == 1:
        raise broken[0].reason
    if folded and (other := _find_by_path(directory, query, files_only=False)) is not None:
        return other  # a folder, say: the error of opening it explains that
    raise _not_found_error(directory, clean_line(query), summaries)


def _ambiguous_error(query: str, matches: list[SessionSummary]) -> NotFoundError:
    short_ids = {s.short_id for s in matches}
    candidates = f"one of {len(matches):,} copies of a session"
    if len({s.id for s in matches}) > 1:
        candidates = counted(len(matches), "session")
    return NotFoundError(
        f"'{shorten(clean_line(query), 60)}' could be {candidates}.",
        f"Name one by its {'id or its ' if len(short_ids) == len(matches) else ''}file:"
        + "".join(f"\n  {_format_candidate(s)}" for s in matches[:20])
        + ("\n  …" if len(matches) > 20 else ""),
    )


def find_by_id(directory: Path, session_id: str) -> Path | None:
    """Return the file in `directory` that holds the session `session_id`, whatever the file's name.

    Return None if no readable file holds it. Raises CannotReadError.
    """
    for path in _session_files(directory):
        try:
            with SqliteEventStore.open(path) as file:
                if file.select("SELECT id FROM session") == [(session_id,)]:
                    return path
        except (WorkshopError, sqlite3.Error):
            continue  # its id cannot be known; `list_sessions` gives the reason
    return None


def _find_by_path(directory: Path, query: str, *, files_only: bool = True) -> Path | None:
    """Return the file at the path `query`, or of that name in `directory`; None if there is none.

    A single word that names something else, such as a folder, matches only if `files_only` is
    false: it may be a title.
    """
    matches = Path.is_file if files_only else Path.exists
    try:
        path = Path(query).expanduser()
        if matches(path) or (path.exists() and (os.sep in query or query in (".", ".."))):
            return path
        if query == Path(query).name:
            for name in (query, query + schema.SUFFIX):
                if matches(directory / name):
                    return directory / name
        if os.sep in query and path.suffix == schema.SUFFIX:
            return path  # the error of opening it explains what is wrong
    except (OSError, ValueError, RuntimeError):
        return None  # not a possible path: too long, or with a NUL in it
    return None


def _format_candidate(summary: SessionSummary) -> str:
    # With the file's name, because copies of one session share everything else.
    date, name = summary.changed[:10], clean_line(summary.path.name)
    return f"{summary.short_id}  {shorten(summary.title, 50)}  ({date}, {name})"


def _not_found_error(
    directory: Path, query: str, summaries: Iterable[SessionSummary]
) -> NotFoundError:
    names = {s.title.casefold(): s for s in summaries} | {s.short_id: s for s in summaries}
    from difflib import get_close_matches  # needed for a misspelt name only

    close = get_close_matches(query.casefold(), names, n=3, cutoff=0.4)
    nearest = "; ".join(dict.fromkeys(_format_candidate(names[c]) for c in close))
    return NotFoundError(
        f"There is no session '{shorten(query, 60)}' in {directory}.",
        f"The nearest: {nearest}." if nearest else "'workshop list' shows what there is.",
    )
