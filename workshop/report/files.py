"""Writing a report to its file: whole or not at all, and never over somebody else's document."""

import errno
import os
import secrets
from pathlib import Path

from workshop.errors import CannotReadError, CannotWriteError
from workshop.report.formats import WORD, Format
from workshop.report.request import ReportRequest
from workshop.session.model import Session

_LONGEST_SLUG = 60
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT)
_ANOTHER = "Choose another file with -o."


class WouldOverwriteError(CannotWriteError):
    """There is a file already, and Workshop did not write it for this session."""


def default_report_name(session: Session, form: Format = WORD) -> str:
    """Return a file name for a report, safe on every system: date, title, the format's ending."""
    from slugify import slugify

    slug = slugify(session.title, max_length=_LONGEST_SLUG, word_boundary=True)
    return f"{session.created:%Y-%m-%d}-{slug or 'session'}{form.suffix}"


def write_report(
    request: ReportRequest, target: Path, form: Format = WORD, *, replace: bool = False
) -> tuple[str, ...]:
    """Write the report that `request` asks for to `target`; return the writer's remarks.

    What Workshop wrote there before for the same session is replaced, any other file only with
    `replace`. The target is either as it was or complete: the report is written beside it and
    moved into place.

    Raises WouldOverwriteError, CannotWriteError, CannotReadError, and what the writer raises.
    """
    target = Path(os.path.realpath(target))
    _check_target(request.session, target, form, replace=replace)
    written = form.load().write(request)
    _write_whole(target, written.content)
    return written.remarks


def _check_target(session: Session, target: Path, form: Format, *, replace: bool) -> None:
    try:
        if target.is_dir():
            raise CannotWriteError(f"{target} is a folder, not a file.", "Name a file in it.")
        if not target.parent.is_dir():
            hint = "Create it, or choose another place with -o."
            raise CannotWriteError(f"There is no folder {target.parent}.", hint)
        if not target.exists():
            return
        if not target.is_file():
            raise CannotWriteError(f"{target} is not an ordinary file.", _ANOTHER)
    except OSError as error:
        raise _explained(error, target) from error
    if not replace and not _is_report_on(session, target, form):
        raise WouldOverwriteError(
            f"{target} is there already and Workshop did not write it for this session, "
            "so it stays as it is.",
            f"{_ANOTHER[:-1]}, or replace it with --force.",
        )


def _is_report_on(session: Session, target: Path, form: Format) -> bool:
    try:
        return form.load().session_in(target) == session.id
    except OSError as error:
        reason = error.strerror or "the system gave no reason"
        raise CannotReadError(
            f"{target} is there already and cannot be read ({reason}).", _ANOTHER
        ) from error


def _write_whole(target: Path, content: bytes) -> None:
    beside = target.with_name(f".workshop-{secrets.token_hex(6)}.tmp")
    try:
        try:
            # O_EXCL: nobody's file is opened, and no link is followed.
            flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
            with os.fdopen(os.open(beside, flags, 0o666), "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            beside.replace(target)
        finally:
            beside.unlink(missing_ok=True)
    except OSError as error:
        raise _explained(error, target) from error
    _settle(target.parent)


def _settle(folder: Path) -> None:
    """Have the system write down the folder's entry, where it lets us; the report is there."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    try:
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except OSError:
        return  # a folder that may be written to but not read
    try:
        os.fsync(handle)
    except OSError:
        return  # a file system that does not know the request
    finally:
        os.close(handle)


def _explained(error: OSError, target: Path) -> CannotWriteError:
    """Return what went wrong in a sentence, and what to do about it."""
    if error.errno in _NO_ROOM:
        return CannotWriteError(
            f"There is no room left for {target}, and nothing was written.",
            "Free some space, or choose another place with -o.",
        )
    if isinstance(error, PermissionError):
        if target.exists() and os.access(target.parent, os.W_OK):
            return CannotWriteError(
                f"{target} is open in another program or write-protected.",
                "Close it there, or choose another file with -o.",
            )
        return CannotWriteError(
            f"The system does not let Workshop write into {target.parent}.",
            "Choose another place with -o.",
        )
    if error.errno == errno.ENAMETOOLONG:
        return CannotWriteError("The report's file name is too long.", "Choose a shorter one.")
    reason = error.strerror or "the system gave no reason"
    return CannotWriteError(f"{target} cannot be written ({reason}).", _ANOTHER)
