"""The entry point of `workshop` and `python -m workshop`: streams, signals and every exit code.

Whatever happens, people see a sentence and never a traceback. WORKSHOP_DEBUG=1 prints the traceback
of an unexpected error, for those who debug Workshop.
"""

import gc
import io
import os
import signal
import sys
from pathlib import Path
from types import FrameType

from workshop.errors import INTERRUPTED, SIGNALLED, SYSTEM_REFUSED, UNEXPECTED, WorkshopError
from workshop.text import clean

_SIGNALS = ("SIGTERM", "SIGHUP")
"""The signals that ask a program to end; not every system has both."""


def main() -> None:
    """Run the command line and exit with its code."""
    _speed_up_start()
    _prepare_streams()
    _handle_signals()
    try:
        code = _run_command_line(sys.argv[1:])
        sys.stdout.flush()
    except KeyboardInterrupt:
        code = INTERRUPTED
    except SystemExit as request:
        code = request.code if isinstance(request.code, int) else 1
    except BrokenPipeError:  # the reader has seen enough, as in `workshop list | head -1`
        code = 1
    except OSError as error:
        code = _report_refusal(error)
    except Exception as error:  # noqa: BLE001 - the edge: people are told in a sentence
        code = _report_bug(error)
    _exit(code)


def _speed_up_start() -> None:
    """Avoid what costs the start most time, apart from the imports themselves."""
    # Imports make hundreds of thousands of objects that stay. Searching them for garbage again and
    # again takes a tenth of the time to start.
    gc.set_threshold(200_000, 20, 20)
    # pydantic looks for its plugins in every installed package. None is wanted: a plugin that
    # happens to be installed has no business with people's answers.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")


def _handle_signals() -> None:
    """Turn the signals that end a program into SystemExit, so that everything cleans up first.

    Otherwise child processes would go on running and temporary folders would stay.
    """
    for name in _SIGNALS:
        number = getattr(signal, name, None)
        # `nohup` ignores SIGHUP, so that closing the terminal makes no difference.
        if number is not None and signal.getsignal(number) == signal.SIG_DFL:
            signal.signal(number, _exit_on_signal)


def _exit_on_signal(number: int, _: FrameType | None) -> None:
    """Exit with the code that shells use for a signal: 128 plus its number."""
    # Two signals often come together, and the second would interrupt the cleanup.
    for name in _SIGNALS:
        if (other := getattr(signal, name, None)) is not None:
            signal.signal(other, signal.SIG_IGN)
    raise SystemExit(SIGNALLED + number)


def _run_command_line(arguments: list[str]) -> int:
    try:
        from workshop.frontends.cli import (
            root,  # here, so that an error while importing is reported
        )

        return root.run(arguments)
    except WorkshopError as error:
        _print_error(str(error))
        return error.exit_code


def _report_refusal(error: OSError) -> int:
    """Report an error of the system, such as a full disk; return its exit code."""
    location = f" ({error.filename})" if error.filename else ""
    _print_error(f"The system refused: {error.strerror or error}{location}.")
    return SYSTEM_REFUSED


def _report_bug(error: Exception) -> int:
    """Report an error that Workshop did not expect, naming its type; return the exit code."""
    if os.environ.get("WORKSHOP_DEBUG"):
        import traceback

        traceback.print_exception(error)
    else:
        _print_error(
            "Something went wrong that Workshop did not expect "
            f"({type(error).__name__}). Answers that were shown as saved are safe. Please "
            "report it to the people who maintain Workshop: run it once more with "
            "WORKSHOP_DEBUG=1 and send them what it prints."
        )
    return UNEXPECTED


def _print_error(message: str) -> None:
    sys.stderr.write(clean(message) + "\n")


def _prepare_streams() -> None:
    """Make the standard streams safe: none is closed, and all take any character.

    A character that the terminal's encoding lacks is replaced or escaped.
    """
    null = Path(os.devnull)
    sys.stdin = sys.stdin or null.open(encoding="utf-8")
    sys.stdout = sys.stdout or null.open("w", encoding="utf-8")
    sys.stderr = sys.stderr or null.open("w", encoding="utf-8")
    for stream, errors in (
        (sys.stdin, "replace"),
        (sys.stdout, "backslashreplace"),
        (sys.stderr, "backslashreplace"),
    ):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=errors)


def _exit(code: int) -> None:
    """Exit with `code`, discarding the remaining output if its reader is gone."""
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(code)


if __name__ == "__main__":
    main()
