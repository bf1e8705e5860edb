"""Where session files are, what is in them at a glance, and which one people mean."""

import os
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from workshop.errors import CannotReadError, NotFoundError, WorkshopError
from workshop.store import schema
from workshop.store.reasons import damaged, read_failure, system_reason
from workshop.store.session_file import SessionFile
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


@dataclass(frozen=True, slots=True)
class Summary:
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


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A file in the sessions directory that cannot be listed, and why."""

    path: Path
    reason: WorkshopError


# The view's own query instead of the view: with an untrusted schema, SQLite 3.40 refuses JSON
# functions inside a view.
#
# A question counts as skipped where the last thing said about it that was not undone is a skip.
_SUMMARY = f"""WITH answers AS ({schema.ANSWERS_QUERY}),
said AS MATERIALIZED (
  SELECT json_extract(body, '$.question') AS question, kind, max(seq) FROM event
  WHERE kind IN ('answer_added', 'question_skipped') AND id NOT IN (
    SELECT json_extract(u.body, '$.event') FROM event u WHERE u.kind = 'undone' AND u.id NOT IN (
      SELECT json_extract(r.body, '$.event') FROM event r WHERE r.kind = 'undone'))
  GROUP BY json_extract(body, '$.question')
)
SELECT s.id, s.title, json_extract(s.bank, '$.title'), s.bank_id, s.mode, s.created,
       coalesce((SELECT at FROM event ORDER BY seq DESC LIMIT 1), s.created), s.questions,
       (SELECT count(DISTINCT question) FROM (
          SELECT question FROM answers WHERE ask IS NOT NULL
          UNION SELECT question FROM said WHERE kind = 'question_skipped')),
       (SELECT count(*) FROM answers)
FROM session s
"""  # noqa: S608 - all of it is ours


def summarise(path: Path) -> Summary:
    """Return what a list shows of the session at `path`; raises what SessionFile.open does."""
    with SessionFile.open(path) as opened:
        try:
            rows = opened.select(_SUMMARY)
        except sqlite3.Error as error:
            raise read_failure(path, error) from error
    if len(rows) != 1:
        raise damaged(path, f"it holds {len(rows)} sessions instead of one")
    texts = [clean_line(str(value)) for value in rows[0]]
    session_id, title, bank, bank_id, mode, created, changed = texts[:7]
    try:
        questions, settled, answers = (int(number) for number in texts[7:])
    except ValueError as error:
        raise damaged(path, "what it says about its session makes no sense") from error
    return Summary(
        path,
        session_id,
        title,
        bank,
        bank_id,
        mode,
        created,
        changed,
        questions,
        settled,
        answers,
    )


def list_sessions(directory: Path) -> tuple[list[Summary], list[Unreadable]]:
    """Return the sessions in `directory`, the last changed first, and what could not be read.

    A directory that does not exist holds none. Raises CannotReadError.
    """
    summaries: list[Summary] = []
    unreadable: list[Unreadable] = []
    for path in _files(directory):
        try:
            summaries.append(summarise(path))
        except WorkshopError as error:
            unreadable.append(Unreadable(path, error))
    summaries.sort(key=lambda s: (s.changed, s.created), reverse=True)
    return summaries, unreadable


def _files(directory: Path) -> list[Path]:
    try:  # glob() would pass over a directory that cannot be read, as if it were empty
        paths = list(directory.iterdir())
    except FileNotFoundError:
        return []
    except OSError as error:
        raise CannotReadError(
            f"The sessions directory {directory} cannot be read: {system_reason(error)}."
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
            raise NotFoundError(
                f"'{shorten(clean_line(words), 60)}' could be {counted(len(found), 'session')}:"
                + "".join(f"\n  {_candidate(s)}" for s in found[:20])
                + ("\n  …" if len(found) > 20 else ""),
                "\nName one by its id or its file.",
            )
    broken = [u for u in unreadable if len(wanted) >= 4 and u.path.stem.endswith(wanted)]
    if len(broken) == 1:
        raise broken[0].reason
    raise _no_such_session(directory, clean_line(words), summaries)


def _by_path(directory: Path, words: str) -> Path | None:
    try:
        direct = Path(words).expanduser()
        if direct.exists() and (direct.is_file() or os.sep in words or words in (".", "..")):
            return direct
        if words == Path(words).name:
            for name in (words, words + schema.SUFFIX):
                if (directory / name).is_file():
                    return directory / name
        if os.sep in words and direct.suffix == schema.SUFFIX:
            return direct  # opening it says what is wrong with it
    except (OSError, ValueError, RuntimeError):
        return None  # words that no path can be: too long, a NUL in them
    return None


def _candidate(summary: Summary) -> str:
    # The file's name too: copies of one session share everything else.
    date, name = summary.changed[:10], clean_line(summary.path.name)
    return f"{summary.short_id}  {shorten(summary.title, 50)}  ({date}, {name})"


def _no_such_session(directory: Path, words: str, summaries: Iterable[Summary]) -> NotFoundError:
    names = {s.title.casefold(): s for s in summaries} | {s.short_id: s for s in summaries}
    from difflib import get_close_matches  # only a mistake needs it

    close = get_close_matches(words.casefold(), names, n=3, cutoff=0.4)
    nearest = "; ".join(dict.fromkeys(_candidate(names[c]) for c in close))
    return NotFoundError(
        f"There is no session '{shorten(words, 60)}' in {directory}.",
        f"The nearest: {nearest}." if nearest else "'workshop list' shows what there is.",
    )
