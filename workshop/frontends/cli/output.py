"""What the commands print: data on stdout, messages for people on stderr."""

import json
import os
import re
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from workshop.frontends.cli.json_views import Value

_WIDEST = 100
"""The widest table, in terminal cells: wider ones are hard to read across."""
_OBEYED = re.compile(r"[\x7f-\x9f\u2028-\u202e\u2066-\u2069]")
"""What a terminal takes for a command, or turns lines around with; JSON has an escape for it."""


def width() -> int:
    """Return how wide a table may be, in terminal cells: 80 where there is no terminal."""
    return min(shutil.get_terminal_size().columns, _WIDEST)


def print_lines(lines: Sequence[str]) -> None:
    """Print lines on stdout. They are plain: what was in them came in through `text.clean`."""
    if sys.stdout.isatty():
        from workshop.frontends.cli.text_views import wrapped

        lines = wrapped(lines, width())
    sys.stdout.write("".join(f"{line}\n" for line in lines))


def print_json(value: "Value") -> None:
    """Print a value as JSON on stdout."""
    # Where the terminal's encoding has not every character, JSON's own escapes stand for them.
    everything = sys.stdout.encoding.lower().replace("-", "") == "utf8"
    text = json.dumps(value, ensure_ascii=not everything, indent=2)
    # A path may hold anything; all but what ASCII calls a control is left as it is by JSON.
    sys.stdout.write(_OBEYED.sub(lambda found: f"\\u{ord(found[0]):04x}", text) + "\n")


def print_path(path: Path) -> None:
    """Print a path: byte for byte for a program, without control characters for a terminal."""
    if sys.stdout.isatty():
        from workshop.text import clean_line

        sys.stdout.write(clean_line(str(path)) + "\n")
    else:
        sys.stdout.flush()
        sys.stdout.buffer.write(os.fsencode(path) + b"\n")


def tell(words: str) -> None:
    """Say something to people, on stderr."""
    from workshop.text import clean

    sys.stdout.flush()
    sys.stderr.write(clean(words) + "\n")
