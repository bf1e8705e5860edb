"""The way in: `workshop` and `python -m workshop`. Every way out is one, too.

Whatever happens, people see a sentence and never a traceback; WORKSHOP_DEBUG=1 shows the traceback
to those who look for a mistake of ours.
"""

import gc
import io
import os
import signal
import sys
from pathlib import Path
from types import FrameType

from workshop.errors import INTERRUPTED, SIGNALLED, SYSTEM_REFUSED, UNEXPECTED

_ENDING = ("SIGTERM", "SIGHUP")
"""The signals that ask a program to end; not every system has both."""


def main() -> None:
    """Run the command line and exit with its code."""
    _start_quickly()
    _print_whatever_comes()
    _end_tidily()
    try:
        code = _run(sys.argv[1:])
        sys.stdout.flush()
    except KeyboardInterrupt:
        code = INTERRUPTED
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else 1
    except BrokenPipeError:  # whoever read our output has seen enough: `workshop list | head -1`
        code = 1
    except OSError as error:
        code = _refused(error)
    except Exception as error:  # noqa: BLE001 - the edge: what was not foreseen is said, not shown
        code = _failed(error, "Something went wrong that Workshop did not expect")
    _leave(code)


def _start_quickly() -> None:
    """Leave out what costs a start most, beside the imports themselves."""
    # Importing makes hundreds of thousands of objects that stay; looking through them for garbage
    # again and again takes a tenth of the whole start.
    gc.set_threshold(200_000, 20, 20)
    # pydantic asks every installed package whether it is a plugin of its own. None is wanted here:
    # a plugin that happens to be installed has no business with people's answers.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")


def _end_tidily() -> None:
    """Let the signals that end a program end it by way of everything that cleans up behind itself.

    Otherwise what was started goes on, and temporary folders stay with what is in them.
    """
    for name in _ENDING:
        number = getattr(signal, name, None)
        # Under `nohup` a terminal that is closed is to make no difference.
        if number is not None and signal.getsignal(number) == signal.SIG_DFL:
            signal.signal(number, _end)


def _end(number: int, _: FrameType | None) -> None:
    """End with the exit code that shells have for a signal: 128 and its number."""
    # Often two come at once, and the second would break off what the first one began.
    for name in _ENDING:
        if (other := getattr(signal, name, None)) is not None:
            signal.signal(other, signal.SIG_IGN)
    raise SystemExit(SIGNALLED + number)


def _run(arguments: list[str]) -> int:
    from workshop.errors import WorkshopError

    try:
        from workshop.frontends.cli import root

        return root.run(arguments)
    except WorkshopError as error:
        _say(str(error))
        return error.exit_code


def _refused(error: OSError) -> int:
    """Say what the system would not do: a full disk or a folder that is gone is no mistake."""
    where = f" ({error.filename})" if error.filename else ""
    _say(f"The system refused: {error.strerror or error}{where}.")
    return SYSTEM_REFUSED


def _failed(error: Exception, what: str) -> int:
    """Say what happened; a mistake of ours is named, so that it can be reported."""
    if os.environ.get("WORKSHOP_DEBUG"):
        import traceback

        traceback.print_exception(error)
    else:
        _say(
            f"{what} ({type(error).__name__}). Answers that were shown as saved are safe. Please "
            "report it to the people who maintain Workshop: run it once more with "
            "WORKSHOP_DEBUG=1 and send them what it prints."
        )
    return UNEXPECTED


def _say(words: str) -> None:
    from workshop.text import clean

    sys.stderr.write(clean(words) + "\n")


def _print_whatever_comes() -> None:
    """Let no character that the terminal's encoding lacks, and no closed stream, end it all."""
    nowhere = Path(os.devnull)
    sys.stdin = sys.stdin or nowhere.open(encoding="utf-8")
    sys.stdout = sys.stdout or nowhere.open("w", encoding="utf-8")
    sys.stderr = sys.stderr or nowhere.open("w", encoding="utf-8")
    for stream, errors in (
        (sys.stdin, "replace"),
        (sys.stdout, "backslashreplace"),
        (sys.stderr, "backslashreplace"),
    ):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=errors)


def _leave(code: int) -> None:
    """Exit. What is left of the output has nobody to read it if flushing fails now."""
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(code)


if __name__ == "__main__":
    main()
