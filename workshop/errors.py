"""What can go wrong, as one clear sentence, a hint and an exit code.

Errors are raised near their cause and shown once, at the edge: by `workshop.__main__` on stderr,
by a front end on its screen. Exit code 2 is left to the command line's own usage errors.

What they quote, such as the name of a file, may hold anything: it is cleaned here, once for all.
"""

from pathlib import Path

from workshop.text import clean, clean_line

UNEXPECTED = 70
"""The exit code after a mistake of Workshop's own: EX_SOFTWARE of sysexits.h."""
SYSTEM_REFUSED = 74
"""The exit code where the system refused something: EX_IOERR of sysexits.h."""
SIGNALLED = 128
"""What shells add to a signal's number: the exit code of a program that the signal ended."""
HUNG_UP = SIGNALLED + 1
"""The exit code where the terminal is gone (SIGHUP)."""
INTERRUPTED = SIGNALLED + 2
"""The exit code after Ctrl-C (SIGINT)."""
INCOMPLETE_RESCUE = 7
"""The exit code of a rescue that wrote a new file and could not save everything in it."""


class WorkshopError(Exception):
    """An error meant for people: what happened and where, and a hint what to do about it."""

    exit_code = 1

    def __init__(self, message: str, hint: str = "") -> None:
        """Keep `message` (a sentence, on one line) and `hint` (sentences, or nothing)."""
        super().__init__(message)
        self.message = clean_line(message)
        self.hint = clean(hint)

    def __str__(self) -> str:
        """Both sentences, as they are shown."""
        return f"{self.message} {self.hint}".strip()


def without_options(error: WorkshopError, instead: str = "") -> str:
    """Return what an error says where no options were given, in a conversation.

    A hint that names an option of the command line gives way to `instead`.
    """
    names_option = any(word.startswith("-") for word in error.hint.split())
    return f"{error.message} {instead if names_option else error.hint}".strip()


class NotFoundError(WorkshopError):
    """Nothing has that name, or more than one thing has it."""

    exit_code = 3


class BadFileError(WorkshopError):
    """A file is there and is not what it should be: damaged, foreign, newer, malformed."""

    exit_code = 4


class CannotReadError(WorkshopError):
    """The system does not let us read a file."""

    exit_code = 5


class CannotWriteError(WorkshopError):
    """The system does not let us write: no permission, no room, no such folder."""

    exit_code = 6


class ChangedElsewhereError(CannotWriteError):
    """Somebody else wrote to the session since it was opened here."""


class InUseError(CannotWriteError):
    """Another program has the session open for writing."""


def replace_path(error: WorkshopError, unfinished: Path, target: Path | str) -> WorkshopError:
    """Return an error on an unfinished file, of which nobody has heard, as one on `target`."""
    # Messages are cleaned, and so is the path in them: spaces, accents that stand alone.
    said = error.message.replace(clean_line(str(unfinished)), clean_line(str(target)))
    return type(error)(said, error.hint)


def os_error_reason(error: OSError) -> str:
    """Return what the system says, as a clause: "permission denied"."""
    return (error.strerror or str(error) or "unknown error").lower()
