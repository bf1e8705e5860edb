"""Write a report to its file: completely or not at all, and never over another document."""

import errno
import os
import stat
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path

from workshop.errors import CannotReadError, CannotWriteError, Remedy
from workshop.export.formats import WORD, Format
from workshop.export.request import ReportRequest
from workshop.files.atomic import complete_file
from workshop.files.full_disk import is_disk_full, no_room_error
from workshop.session.session import Session
from workshop.text import clean_line

_MAX_SLUG_LENGTH = 60
_CHOOSE_ANOTHER = "Choose another file."
_DATABASE_SIGNATURES = (
    b"SQLite format 3\0",
    b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7",
    b"\x37\x7f\x06\x82",
    b"\x37\x7f\x06\x83",
)
"""The first bytes of a session file, of its rollback journal and of both kinds of write-ahead log.

A session cannot be recovered if its journal is replaced.
"""


class WouldOverwriteError(CannotWriteError):
    """The target exists, and Workshop did not write it or it was changed since."""


def default_report_name(session: Session, report_format: Format = WORD) -> str:
    """Return a file name that every system accepts: date, title and the format's extension."""
    from slugify import slugify

    slug = slugify(session.title, max_length=_MAX_SLUG_LENGTH, word_boundary=True)
    return f"{session.created.date().isoformat()}-{slug or 'session'}{report_format.suffix}"


def default_target(session: Session, report_format: Format = WORD) -> Path:
    """Return the path of a report without an explicit target: a file in the current folder.

    Raises CannotWriteError if that folder was deleted.
    """
    try:
        return Path.cwd() / default_report_name(session, report_format)
    except OSError as error:
        raise _missing_current_folder_error() from error


def write_request(
    request: ReportRequest,
    output: str | None = None,
    report_format: Format = WORD,
    *,
    replace: bool = False,
) -> tuple[Path, tuple[str, ...]]:
    """Write the report to `output`, a file or a folder; return its path and the writer's warnings.

    Without `output` it goes into the current folder. Raises what `write_report` raises.
    """
    target = default_target(request.shown, report_format) if output is None else Path(output)
    names_folder = output is not None and output.endswith(("/", os.sep))
    with suppress(OSError):  # writing fails as well, and its message gives the reason
        if names_folder or target.is_dir():
            target /= default_report_name(request.shown, report_format)
        if request.template and target.samefile(request.template):
            raise CannotWriteError(
                "The report would take the place of its own template.",
                _CHOOSE_ANOTHER,
                Remedy.TARGET,
            )
    return target, write_report(request, target, report_format, replace=replace)


def write_report(
    request: ReportRequest, target: Path, report_format: Format = WORD, *, replace: bool = False
) -> tuple[str, ...]:
    """Write the report for `request` to `target`; return the writer's warnings.

    An empty file, and an unchanged report that Workshop wrote for the same session, are replaced.
    Any other file, such as a report that somebody has edited, is replaced only with `replace`; a
    session never is. The write is atomic: the target is afterwards either unchanged or complete.
    A replaced file passes its permissions on to the new one.

    Raises WouldOverwriteError, CannotWriteError, CannotReadError, and whatever the writer raises.
    """
    # Checked before links are resolved, so that an error names the path that was typed.
    _check_regular_file(target)
    try:
        target = Path(os.path.realpath(target))
    except OSError as error:  # the path is relative, and the current folder was deleted
        raise _missing_current_folder_error() from error
    _check_target(request.session, target, report_format, replace=replace)
    report = report_format.load().write(request)
    # Rendering takes time, in which another program may have created the file.
    _check_target(request.session, target, report_format, replace=replace)
    _write_atomically(target, report.content)
    return report.warnings


# ── checking the target ──────────────────────────────────────────────────────────────────────


def _check_target(session: Session, target: Path, report_format: Format, *, replace: bool) -> None:
    try:
        if not _is_replaceable(target):
            return
    except OSError as error:
        raise _explain(error, target) from error
    name = clean_line(str(target))
    if _is_database(target):
        raise CannotWriteError(
            f"{name} is a session or another database.", _CHOOSE_ANOTHER, Remedy.TARGET
        )
    if replace:
        return
    if reason := _reason_to_keep(session, target, report_format):
        raise WouldOverwriteError(
            f"{name} {reason}, so it stays as it is.",
            _CHOOSE_ANOTHER,
            Remedy.REPLACING,
        )
    if lock := _office_lock_name(target):
        raise CannotWriteError(
            f"{name} is open in another program: {clean_line(lock)} beside it says so.",
            "Close it there, or choose another file.",
            Remedy.REPLACING,
        )


def _is_replaceable(target: Path) -> bool:
    """Return whether a file is at `target` that can be replaced; False if nothing is there.

    Raises CannotWriteError for anything else.
    """
    name = clean_line(str(target))
    if target.is_dir():
        raise CannotWriteError(f"{name} is a folder, not a file.", "Name a file in it.")
    if not target.parent.is_dir():
        raise _missing_folder_error(target)
    if not os.path.lexists(target):
        return False
    _check_regular_file(target)
    # An administrator can write to any file, but the write protection is still deliberate.
    if not target.stat().st_mode & 0o222 or not os.access(target, os.W_OK):
        raise CannotWriteError(f"{name} is write-protected.", _CHOOSE_ANOTHER, Remedy.TARGET)
    return True


def _check_regular_file(target: Path) -> None:
    """Raise CannotWriteError if `target` is neither a file nor a folder nor missing."""
    try:
        mode = target.stat().st_mode
    except (OSError, ValueError):  # missing or not accessible, which a later check reports
        return
    if not stat.S_ISREG(mode) and not stat.S_ISDIR(mode):
        raise CannotWriteError(
            f"{clean_line(str(target))} is not an ordinary file.",
            _CHOOSE_ANOTHER,
            Remedy.TARGET,
        )


def _is_database(target: Path) -> bool:
    with _reading(target), target.open("rb") as file:
        return file.read(16).startswith(_DATABASE_SIGNATURES)


def _reason_to_keep(session: Session, target: Path, report_format: Format) -> str | None:
    """Return why the file at `target` must not be replaced, or None if it may be.

    An empty file, as `mktemp` makes it, may always be replaced.
    """
    with _reading(target):
        if target.stat().st_size == 0:
            return None
        origin = report_format.load().read_origin(target)
    if origin is None or origin.session != session.id:
        return "is there already and Workshop did not write it for this session"
    return None if origin.untouched else "was changed after Workshop wrote it"


@contextmanager
def _reading(target: Path) -> Generator[None]:
    try:
        yield
    except OSError as error:
        reason = error.strerror or "the system gave no reason"
        raise CannotReadError(
            f"{clean_line(str(target))} is there already and cannot be read ({reason}).",
            _CHOOSE_ANOTHER,
            Remedy.TARGET,
        ) from error


def _office_lock_name(target: Path) -> str | None:
    """Return the name of the lock file of an office program that has `target` open, or None."""
    name = target.name
    # Word replaces up to two first letters of a long name with "~$"; other programs put it before.
    skipped_letters = min(max(len(target.stem) - 6, 0), 2)
    locks = (f".~lock.{name}#", f"~${name}", f"~${name[skipped_letters:]}")
    return next((lock for lock in locks if target.with_name(lock).exists()), None)


# ── writing ──────────────────────────────────────────────────────────────────────────────────


def _write_atomically(target: Path, content: bytes) -> None:
    try:
        with complete_file(target, replace=True, permissions=0o666) as temporary:
            _copy_permissions(target, temporary)
            temporary.write_bytes(content)
    except OSError as error:
        raise _explain(error, target) from error


def _copy_permissions(target: Path, temporary: Path) -> None:
    """Give the new file the permissions of the old one, if there is an old one."""
    if target.is_file():
        with suppress(PermissionError):  # a file system without permissions, as on a memory stick
            temporary.chmod(stat.S_IMODE(target.stat().st_mode) & 0o777)


# ── error messages ───────────────────────────────────────────────────────────────────────────


def _missing_folder_error(target: Path) -> CannotWriteError:
    return CannotWriteError(
        f"There is no folder {clean_line(str(target.parent))}.",
        "Create it, or choose another place.",
        Remedy.TARGET,
    )


def _missing_current_folder_error() -> CannotWriteError:
    return CannotWriteError(
        "The current folder is not there any more.", "Choose another place.", Remedy.TARGET
    )


def _explain(error: OSError, target: Path) -> CannotWriteError:
    """Return the error for people: one sentence, and a hint what to do."""
    name = clean_line(str(target))
    if is_disk_full(error) or error.errno == errno.EFBIG:
        return no_room_error(name)
    if isinstance(error, PermissionError):
        if os.path.lexists(target) and os.access(target.parent, os.W_OK):
            return CannotWriteError(
                f"{name} is open in another program or write-protected.",
                "Close it there, or choose another file.",
                Remedy.TARGET,
            )
        return CannotWriteError(
            f"The system does not let Workshop write into {clean_line(str(target.parent))}.",
            "Choose another place.",
            Remedy.TARGET,
        )
    if error.errno == errno.ENAMETOOLONG:
        return CannotWriteError("The report's file name is too long.", "Choose a shorter one.")
    if not os.path.lexists(target.parent):  # deleted since the check
        return _missing_folder_error(target)
    reason = error.strerror or "the system gave no reason"
    return CannotWriteError(f"{name} cannot be written ({reason}).", _CHOOSE_ANOTHER, Remedy.TARGET)
