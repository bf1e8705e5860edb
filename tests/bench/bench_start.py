"""From `workshop resume FILE` to the first question, against a bare Textual app.

Both run in a pseudo-terminal of 80×24, in turn, so that a machine that slows down slows both.
"""

import os
import statistics
import sys
import tempfile
from pathlib import Path

from samples import session_with
from terminal import Terminal

ROUNDS = 11
BARE = "The first question on the screen."
OURS = "Which threats can the business expect"


def main() -> None:
    """Print both medians, in milliseconds, and the median of the ratios pair by pair."""
    # Both run from compiled modules, as an installed program does.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    bare_app = Path(__file__).with_name("bare_app.py")
    command = Path(sys.executable).with_name("workshop")
    with tempfile.TemporaryDirectory() as folder:
        path = session_with(10, Path(folder))
        pairs: list[tuple[float, float]] = []
        for _ in range(ROUNDS + 1):  # the first pair fills the caches and is not counted
            with Terminal([sys.executable, str(bare_app)]) as terminal:
                bare = terminal.wait_for(BARE)
            with Terminal([str(command), "resume", str(path)]) as terminal:
                pairs.append((bare, terminal.wait_for(OURS)))
    bare, ours = zip(*pairs[1:], strict=True)
    ratio = statistics.median(o / b for b, o in pairs[1:])
    print("start-up, milliseconds to the first question (median of", ROUNDS, "rounds)")
    print(f"  bare Textual app  {1000 * statistics.median(bare):7.0f}")
    print(f"  workshop resume   {1000 * statistics.median(ours):7.0f}")
    print(f"  ratio             {ratio:7.2f}   (at most 1.5)")


if __name__ == "__main__":
    main()
