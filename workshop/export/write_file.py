"""Writing a report to its file: whole or not at all, and never over somebody else's document."""

import errno
import os
import stat
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path

from workshop.errors import CannotReadError, CannotWriteError
from workshop.export.formats import WORD, Format
from workshop.export.request import ReportRequest
from workshop.files.atomic import remove_stale, temporary_file
from workshop.files.fsync import sync_directory, sync_file
from workshop.files.full_disk import is_disk_full, no_room_error
from workshop.session.session import Session
from workshop.text import clean_line

_LONGEST_SLUG = 60
_ANOTHER = "Choose another file with -o."
_DATABASES = (
    b"SQLite format 3\0",
    b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7",
    b"\x37\x7f\x06\x82",
    b"\x37\x7f\x06\x83",
)
"""How a session file begins, its rollback journal, and the two kinds of write-ahead log.

A journal that is replaced takes with it what its session needs to be whole again.
"""


class WouldOverwriteError(CannotWriteError):
    """There is a file already which Workshop did not write, or which was changed since."""


def default_report_name(session: Session, form: Format = WORD) -> str:
    """Return a file name for a report, safe on every system: date, title, the format's ending."""
    from slugify import slugify

    slug = slugify(session.title, max_length=_LONGEST_SLUG, word_boundary=True)
    return f"{session.created.date().isoformat()}-{slug or 'session'}{form.suffix}"


def default_target(session: Session, form: Format = WORD) -> Path:
    """Return where a report goes of which nobody says where: into the current folder.

    Raises CannotWriteError where that was deleted meanwhile.
    """
    try:
        return Path.cwd() / default_report_name(session, form)
    except OSError as error:
        raise _no_current_folder() from error


def write_report(
    request: ReportRequest, target: Path, form: Format = WORD, *, replace: bool = False
) -> tuple[str, ...]:
    """Write the report that `request` asks for to `target`; return the writer's remarks.

    What Workshop wrote there before for the same session, or a file with nothing in it, is
    replaced. Any other file, and one that
    somebody has worked on since, is replaced only with `replace`, and a session never. The target
    is either as it was or complete: the report is written beside it and moved into place. A file
    that is replaced hands on its permissions.

    Raises WouldOverwriteError, CannotWriteError, CannotReadError, and what the writer raises.
    """
    # By the name that was typed: /dev/stdout leads to one that nobody would know.
    _check_ordinary(target)
    try:
        target = Path(os.path.realpath(target))
    except OSError as error:  # a relative path, and the folder that one is in was deleted
        raise _no_current_folder() from error
    _check_target(request.session, target, form, replace=replace)
    written = form.load().write(request)
    # That took its time, and somebody may have put a file there meanwhile.
    _check_target(request.session, target, form, replace=replace)
    _write_whole(target, written.content)
    return written.warnings


# ── may it be written there? ─────────────────────────────────────────────────────────────────


def _check_target(session: Session, target: Path, form: Format, *, replace: bool) -> None:
    try:
        if not _is_there(target):
            return
    except OSError as error:
        raise _explained(error, target) from error
    name = clean_line(str(target))
    if _is_database(target):
        raise CannotWriteError(f"{name} is a session or another database.", _ANOTHER)
    if replace:
        return
    if why := _why_it_stays(session, target, form):
        raise WouldOverwriteError(
            f"{name} {why}, so it stays as it is.", f"{_ANOTHER[:-1]}, or replace it with --force."
        )
    if lock := _lock_beside(target):
        raise CannotWriteError(
            f"{name} is open in another program: {clean_line(lock)} beside it says so.",
            "Close it there, choose another file with -o, or replace it with --force.",
        )


def _is_there(target: Path) -> bool:
    """Return whether there is a file at `target` that can be replaced, or nothing at all."""
    name = clean_line(str(target))
    if target.is_dir():
        raise CannotWriteError(f"{name} is a folder, not a file.", "Name a file in it.")
    if not target.parent.is_dir():
        raise _no_folder(target)
    if not os.path.lexists(target):
        return False
    _check_ordinary(target)
    # The administrator may write everywhere, and did not protect the file by accident either.
    if not target.stat().st_mode & 0o222 or not os.access(target, os.W_OK):
        raise CannotWriteError(f"{name} is write-protected.", _ANOTHER)
    return True


def _check_ordinary(target: Path) -> None:
    """Return unless there is something at `target` that is neither a file nor a folder."""
    try:
        mode = target.stat().st_mode
    except (OSError, ValueError):  # nothing, or nothing that can be looked at: that is said later
        return
    if not stat.S_ISREG(mode) and not stat.S_ISDIR(mode):
        raise CannotWriteError(
            f"{clean_line(str(target))} is not an ordinary file.",
            "Choose another file with -o, or the standard output with -o -.",
        )


def _is_database(target: Path) -> bool:
    with _looking_at(target), target.open("rb") as file:
        return file.read(16).startswith(_DATABASES)


def _why_it_stays(session: Session, target: Path, form: Format) -> str | None:
    """Return why the file at `target` may not be replaced, or None where it may.

    A file with nothing in it, from `mktemp` say, is nobody's document.
    """
    with _looking_at(target):
        if target.stat().st_size == 0:
            return None
        origin = form.load().read_origin(target)
    if origin is None or origin.session != session.id:
        return "is there already and Workshop did not write it for this session"
    return None if origin.untouched else "was changed after Workshop wrote it"


@contextmanager
def _looking_at(target: Path) -> Generator[None]:
    try:
        yield
    except OSError as error:
        reason = error.strerror or "the system gave no reason"
        raise CannotReadError(
            f"{clean_line(str(target))} is there already and cannot be read ({reason}).", _ANOTHER
        ) from error


def _lock_beside(target: Path) -> str | None:
    """Return the name of the file with which an office program says that it has `target` open."""
    name = target.name
    # Word puts "~$" for the first letters of a name that is long, others before the whole of it.
    cut = min(max(len(target.stem) - 6, 0), 2)
    locks = (f".~lock.{name}#", f"~${name}", f"~${name[cut:]}")
    return next((lock for lock in locks if target.with_name(lock).exists()), None)


# ── writing it ───────────────────────────────────────────────────────────────────────────────


def _write_whole(target: Path, content: bytes) -> None:
    try:
        remove_stale(target.parent)
        with temporary_file(target.parent, 0o666) as beside:
            _hand_on_permissions(target, beside)
            beside.write_bytes(content)
            sync_file(beside)
            beside.replace(target)
    except OSError as error:
        raise _explained(error, target) from error
    # Where the system does not let us write down the folder's entry, the report is there anyway.
    sync_directory(target.parent)


def _hand_on_permissions(target: Path, beside: Path) -> None:
    """Let the new file be read and written by whom the old one was, where there is an old one."""
    if target.is_file():
        with suppress(PermissionError):  # a file system, such as a memory stick's, without them
            beside.chmod(stat.S_IMODE(target.stat().st_mode) & 0o777)


# ── what went wrong ──────────────────────────────────────────────────────────────────────────


def _no_folder(target: Path) -> CannotWriteError:
    return CannotWriteError(
        f"There is no folder {clean_line(str(target.parent))}.",
        "Create it, or choose another place with -o.",
    )


def _no_current_folder() -> CannotWriteError:
    return CannotWriteError(
        "The current folder is not there any more.", "Choose another place with -o."
    )


def _explained(error: OSError, target: Path) -> CannotWriteError:
    """Return what went wrong in a sentence, and what to do about it."""
    name = clean_line(str(target))
    if is_disk_full(error) or error.errno == errno.EFBIG:
        return no_room_error(name)
    if isinstance(error, PermissionError):
        if os.path.lexists(target) and os.access(target.parent, os.W_OK):
            return CannotWriteError(
                f"{name} is open in another program or write-protected.",
                "Close it there, or choose another file with -o.",
            )
        return CannotWriteError(
            f"The system does not let Workshop write into {clean_line(str(target.parent))}.",
            "Choose another place with -o.",
        )
    if error.errno == errno.ENAMETOOLONG:
        return CannotWriteError("The report's file name is too long.", "Choose a shorter one.")
    if not os.path.lexists(target.parent):  # it was there a moment ago
        return _no_folder(target)
    reason = error.strerror or "the system gave no reason"
    return CannotWriteError(f"{name} cannot be written ({reason}).", _ANOTHER)
