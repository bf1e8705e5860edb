"""Where session files are, what is in them at a glance, and which one people mean."""

import os
import sqlite3
from collections.abc import Iterable
from datetime import UTC
from pathlib import Path
from typing import NamedTuple

from workshop.errors import CannotReadError, NotFoundError, WorkshopError, os_error_reason
from workshop.session.event_log import EventLog
from workshop.session.walk import progress
from workshop.storage.sqlite import schema
from workshop.storage.sqlite.session_file import SessionFile
from workshop.text import clean_line, counted, shorten


def sessions_directory(asked: str | None, here: Path | None = None) -> Path:
    """Return where sessions live.

    What was asked for with --sessions, else WORKSHOP_SESSIONS, else `sessions` in the current
    directory `here` if it exists, else the user's data directory.
    """
    chosen = asked or os.environ.get("WORKSHOP_SESSIONS")
    if chosen:
        return Path(chosen).expanduser()
    local = (here or Path.cwd()) / "sessions"
    if local.is_dir():
        return local
    import platformdirs

    return platformdirs.user_data_path("workshop") / "sessions"


class SessionSummary(NamedTuple):
    """What a list of sessions shows of one."""

    path: Path
    id: str
    title: str
    bank: str
    """The bank's title."""
    bank_id: str
    mode: str
    created: str
    """ISO 8601, UTC."""
    changed: str
    """When the last thing happened in it, ISO 8601, UTC."""
    questions: int
    """How many questions its walk has."""
    settled: int
    """How many of them were answered or skipped."""
    answers: int

    @property
    def short_id(self) -> str:
        """The first eight characters of the id."""
        return self.id[:8]


class UnreadableFile(NamedTuple):
    """A file in the sessions directory that cannot be listed, and why."""

    path: Path
    reason: WorkshopError


def read_summary(path: Path) -> SessionSummary:
    """Return what a list shows of the session at `path`; raises what SessionFile.open does."""
    with SessionFile.open(path) as opened:
        session, events = opened.session(), opened.events()
    state = EventLog(events).state
    done = progress(session, state)
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
        done.questions,
        done.answered + done.skipped,
        done.answers,
    )


def list_sessions(directory: Path) -> tuple[list[SessionSummary], list[UnreadableFile]]:
    """Return the sessions in `directory`, the last changed first, and what could not be read.

    A directory that does not exist holds none. Raises CannotReadError.
    """
    summaries: list[SessionSummary] = []
    unreadable: list[UnreadableFile] = []
    for path in _files(directory):
        try:
            summaries.append(read_summary(path))
        except WorkshopError as error:
            unreadable.append(UnreadableFile(path, error))
    summaries.sort(key=lambda s: (s.changed, s.created), reverse=True)
    return summaries, unreadable


def _files(directory: Path) -> list[Path]:
    try:  # glob() would pass over a directory that cannot be read, as if it were empty
        paths = list(directory.iterdir())
    except FileNotFoundError:
        return []
    except OSError as error:
        raise CannotReadError(
            f"The sessions directory {directory} cannot be read: {os_error_reason(error)}."
        ) from error
    return sorted(p for p in paths if p.suffix == schema.SUFFIX and not p.name.startswith("."))


def find_session(directory: Path, words: str | None) -> Path:
    """Return the file of the session that `words` means; None means the last one changed.

    A path, a file's name in `directory` (with or without its suffix), the beginning of a short id,
    or the beginning of a title. Raises NotFoundError, with the candidates where there are several
    and the nearest names where there is none, and what `list_sessions` raises.
    """
    if words is not None:
        named = _by_path(directory, words)
        if named is not None:
            return named
    summaries, unreadable = list_sessions(directory)
    if words is None:
        if summaries:
            return summaries[0].path
        raise NotFoundError(
            f"There is no session in {directory} yet.", "'workshop new BANK' begins one."
        )
    wanted = clean_line(words).casefold()
    by_id = [s for s in summaries if len(wanted) >= 4 and s.id.startswith(wanted)]
    exact = [s for s in summaries if s.title.casefold() == wanted]
    begins = [s for s in summaries if wanted and s.title.casefold().startswith(wanted)]
    for found in (by_id, exact, begins):
        if len(found) == 1:
            return found[0].path
        if found:
            raise _could_be_several(words, found)
    broken = [u for u in unreadable if len(wanted) >= 4 and u.path.stem.endswith(wanted)]
    if len(broken) == 1:
        raise broken[0].reason
    if wanted and (odd := _by_path(directory, words, is_file=False)) is not None:
        return odd  # a folder, say: opening it says so
    raise _no_such_session(directory, clean_line(words), summaries)


def _could_be_several(words: str, found: list[SessionSummary]) -> NotFoundError:
    ids = {s.short_id for s in found}
    what = f"one of {len(found):,} copies of a session"
    if len({s.id for s in found}) > 1:
        what = counted(len(found), "session")
    return NotFoundError(
        f"'{shorten(clean_line(words), 60)}' could be {what}.",
        f"Name one by its {'id or its ' if len(ids) == len(found) else ''}file:"
        + "".join(f"\n  {_candidate(s)}" for s in found[:20])
        + ("\n  …" if len(found) > 20 else ""),
    )


def find_by_id(directory: Path, session_id: str) -> Path | None:
    """Return the file in `directory` that holds the session with that id, whatever its name is.

    None where no file does that can be read. Raises CannotReadError.
    """
    for path in _files(directory):
        try:
            with SessionFile.open(path) as opened:
                if opened.select("SELECT id FROM session") == [(session_id,)]:
                    return path
        except (WorkshopError, sqlite3.Error):
            continue  # whether it was the one, nobody can tell; a list says why it cannot be read
    return None


def _by_path(directory: Path, words: str, *, is_file: bool = True) -> Path | None:
    """Return what is there at a path, or by a name in `directory`; None where nothing is.

    A word that names no file, but a folder, say, counts only without `is_file`: it may be a title.
    """
    is_there = Path.is_file if is_file else Path.exists
    try:
        direct = Path(words).expanduser()
        if is_there(direct) or (direct.exists() and (os.sep in words or words in (".", ".."))):
            return direct
        if words == Path(words).name:
            for name in (words, words + schema.SUFFIX):
                if is_there(directory / name):
                    return directory / name
        if os.sep in words and direct.suffix == schema.SUFFIX:
            return direct  # opening it says what is wrong with it
    except (OSError, ValueError, RuntimeError):
        return None  # words that no path can be: too long, a NUL in them
    return None


def _candidate(summary: SessionSummary) -> str:
    # The file's name too: copies of one session share everything else.
    date, name = summary.changed[:10], clean_line(summary.path.name)
    return f"{summary.short_id}  {shorten(summary.title, 50)}  ({date}, {name})"


def _no_such_session(
    directory: Path, words: str, summaries: Iterable[SessionSummary]
) -> NotFoundError:
    names = {s.title.casefold(): s for s in summaries} | {s.short_id: s for s in summaries}
    from difflib import get_close_matches  # only a mistake needs it

    close = get_close_matches(words.casefold(), names, n=3, cutoff=0.4)
    nearest = "; ".join(dict.fromkeys(_candidate(names[c]) for c in close))
    return NotFoundError(
        f"There is no session '{shorten(words, 60)}' in {directory}.",
        f"The nearest: {nearest}." if nearest else "'workshop list' shows what there is.",
    )
