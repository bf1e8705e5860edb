"""The errors that people are shown: each is one clear sentence, a hint and an exit code.

An error is raised near its cause and shown once, at the edge: on stderr by `workshop.__main__`, or
on the screen by a front end. Exit code 2 is reserved for the command line's usage errors.

An error may quote outside text, such as the name of a file. It is cleaned here, so that no caller
has to.
"""

from enum import Enum, auto
from pathlib import Path

from workshop.text import clean, clean_line

UNEXPECTED = 70
"""The exit code after a mistake of Workshop's own: EX_SOFTWARE of sysexits.h."""
SYSTEM_REFUSED = 74
"""The exit code where the system refused something: EX_IOERR of sysexits.h."""
SIGNALLED = 128
"""Added to a signal's number, the exit code that shells report for a program the signal ended."""
HUNG_UP = SIGNALLED + 1
"""The exit code when the terminal has gone away (SIGHUP)."""
INTERRUPTED = SIGNALLED + 2
"""The exit code after Ctrl-C (SIGINT)."""
INCOMPLETE_RESCUE = 7
"""The exit code of a rescue that wrote a new file but could not save everything."""


class Remedy(Enum):
    """Something else that people can choose: the end of a hint asks for it, a front end says how.

    Only the command line knows its options.
    """

    TARGET = auto()
    """Another file or place to write to."""
    REPLACING = auto()
    """Another file, or leave to replace the one that is there."""
    BANK = auto()
    """The bank that a damaged session was made on."""
    FOLDER = auto()
    """Another folder for the sessions."""


class WorkshopError(Exception):
    """An error meant for people: what happened and where, and a hint about what to do."""

    exit_code = 1

    def __init__(self, message: str, hint: str = "", remedy: Remedy | None = None) -> None:
        """Clean and store `message`, one sentence on one line, and `hint`, sentences or empty."""
        super().__init__(message)
        self.message = clean_line(message)
        self.hint = clean(hint)
        self.remedy = remedy

    def __str__(self) -> str:
        """Return the message and the hint as people are shown them."""
        return f"{self.message} {self.hint}".strip()


class NotFoundError(WorkshopError):
    """Nothing has the given name, or several things have it."""

    exit_code = 3


class BadFileError(WorkshopError):
    """A file exists but is damaged, malformed, written by a newer version or of another kind."""

    exit_code = 4


class CannotReadError(WorkshopError):
    """The system does not allow a file to be read."""

    exit_code = 5


class CannotWriteError(WorkshopError):
    """A file cannot be written: no permission, no space, no such folder."""

    exit_code = 6


class ChangedElsewhereError(CannotWriteError):
    """Another program wrote to the session after this one had opened it."""


class InUseError(CannotWriteError):
    """Another program has the session open for writing."""


def replace_path(error: WorkshopError, internal: Path, public: Path | str) -> WorkshopError:
    """Return `error` with `public` in its message in place of `internal`.

    An internal file, such as a temporary one or a snapshot, means nothing to people.
    """
    # Cleaning may have changed the path in the message, so both paths are cleaned alike.
    message = error.message.replace(clean_line(str(internal)), clean_line(str(public)))
    return type(error)(message, error.hint, error.remedy)


def os_error_reason(error: OSError) -> str:
    """Return the system's reason as a lower-case clause, such as "permission denied"."""
    return (error.strerror or str(error) or "unknown error").lower()


def cannot_read(subject: object, error: OSError | ValueError) -> CannotReadError:
    """Return the error for `subject`, a file or folder that the system did not let Workshop read.

    A ValueError is what Python raises for a path that no file can have.
    """
    reason = os_error_reason(error) if isinstance(error, OSError) else "no file has such a name"
    return CannotReadError(f"{subject} cannot be read: {reason}.")
