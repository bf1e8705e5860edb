"""The time from `workshop resume FILE` to the first question, compared with a bare Textual app.

Both alternate in a pseudo-terminal of 80×24, so that a machine that slows down slows both.
"""

import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from figures import Figure, milliseconds, paired_ratio, peak_memory
from samples import session_with
from terminal import Terminal

ROUNDS = 11
BARE = "The first question on the screen."
OURS = "Which threats can the business expect"


def figures() -> Iterator[Figure]:
    """Yield the median time of a start."""
    # Both run from compiled modules, as an installed program does.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    bare_app = Path(__file__).with_name("bare_app.py")
    command = Path(sys.executable).with_name("workshop")
    memory: float | None = None
    with tempfile.TemporaryDirectory() as folder:
        path = session_with(10, Path(folder))
        pairs: list[tuple[float, float]] = []
        for _ in range(ROUNDS + 1):  # the first pair fills the caches and is not counted
            with Terminal([sys.executable, str(bare_app)]) as terminal:
                bare = terminal.wait_for(BARE)
            with Terminal([str(command), "resume", str(path)]) as terminal:
                pairs.append((bare, terminal.wait_for(OURS)))
                memory = peak_memory(terminal.pid)
    bare, ours = zip(*pairs[1:], strict=True)
    yield Figure(
        "start: `workshop resume` to the first question, 80×24",
        f"bare Textual app {milliseconds(bare)}",
        milliseconds(ours),
        paired_ratio(pairs[1:]),
        1.5,
        memory=memory,
    )
