"""Creates a session file from the JSON file that an export has written."""

from pathlib import Path
from typing import BinaryIO

from workshop.errors import BadFileError, CannotWriteError, NotFoundError, Remedy, cannot_read
from workshop.files.regular import open_regular
from workshop.session.event_log import EventLog
from workshop.session.shown import shown_session
from workshop.storage.catalog import find_by_id
from workshop.storage.json_file.reader import read_json_session
from workshop.storage.json_file.writer import MAX_BYTES
from workshop.storage.sqlite.create import create_from_log
from workshop.storage.sqlite.header import MAGIC
from workshop.text import clean_line, shorten


def import_session(directory: Path, path: Path) -> Path:
    """Create a session file in `directory` from the JSON file at `path`; return its path.

    Raises NotFoundError or CannotReadError about `path`, and what `import_from` raises.
    """
    name = clean_line(str(path))
    try:
        file = open_regular(path)
    except FileNotFoundError as error:
        raise NotFoundError(f"There is no file {name}.") from error
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        raise cannot_read(name, error) from error
    with file:
        return import_from(directory, file, name)


def import_from(directory: Path, file: BinaryIO, name: str) -> Path:
    """Create a session file in `directory` from the JSON in an open file; return its path.

    `name` is the name of `file` in messages. The new file is created completely or not at all, and
    no other file changes. Raises BadFileError if the JSON is no session, CannotReadError if it or
    the directory cannot be read, and CannotWriteError if the session is in the directory already or
    cannot be written.
    """
    try:
        raw = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise cannot_read(name, error) from error
    if raw.startswith(MAGIC):
        raise BadFileError(
            f"{name} is a database and no export.",
            f"A session file needs no import: copy it into {directory}.",
        )
    parsed = read_json_session(raw, name)
    existing = find_by_id(directory, parsed.session.id)
    if existing is not None:
        state = EventLog(record.event for record in parsed.log).state
        title = shorten(shown_session(parsed.session, state).title, 60)
        raise CannotWriteError(
            f"The session '{title}' is there already: {existing}.",
            "Nothing was imported. Choose another folder.",
            Remedy.FOLDER,
        )
    return create_from_log(directory, parsed.session, parsed.log)
