"""Output of the commands: data goes to stdout, messages for people go to stderr."""

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

_MAX_WIDTH = 100
"""The widest table, in terminal cells: longer lines are hard to read."""
_TERMINAL_COMMANDS = re.compile(r"[\x7f-\x9f\u2028-\u202e\u2066-\u2069]")
"""Characters that a terminal obeys or that reverse the line; JSON has an escape for each."""


def table_width() -> int:
    """Return the width of tables in terminal cells; 80 if stdout is not a terminal."""
    return min(shutil.get_terminal_size().columns, _MAX_WIDTH)


def print_lines(lines: Sequence[str]) -> None:
    """Print lines on stdout, wrapped in a terminal. Their text has passed `text.clean`."""
    if sys.stdout.isatty():
        from workshop.frontends.cli.text_views import wrap_lines

        lines = wrap_lines(lines, table_width())
    sys.stdout.write("".join(f"{line}\n" for line in lines))


def print_json(value: "Value") -> None:
    """Print a value as JSON on stdout."""
    # JSON's own escapes replace characters that the encoding of stdout may lack.
    is_unicode = sys.stdout.encoding.lower().replace("-", "") == "utf8"
    text = json.dumps(value, ensure_ascii=not is_unicode, indent=2)
    # A path may hold any character, and JSON escapes the ASCII control characters only.
    sys.stdout.write(_TERMINAL_COMMANDS.sub(lambda match: f"\\u{ord(match[0]):04x}", text) + "\n")


def print_path(path: Path) -> None:
    """Print a path on stdout: cleaned in a terminal, byte for byte elsewhere."""
    if sys.stdout.isatty():
        from workshop.text import clean_line

        sys.stdout.write(clean_line(str(path)) + "\n")
    else:
        sys.stdout.flush()
        sys.stdout.buffer.write(os.fsencode(path) + b"\n")


def print_message(text: str) -> None:
    """Print a message for people on stderr."""
    from workshop.text import clean

    sys.stdout.flush()
    sys.stderr.write(clean(text) + "\n")
