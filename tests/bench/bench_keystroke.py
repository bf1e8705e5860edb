"""From a key to the changed screen, with 10 answers in the session and with 2,000.

In one pseudo-terminal each, in turn; the clock runs from the key's byte to the letter's arrival.
"""

import statistics
import sys
import tempfile
import time
from pathlib import Path

from samples import session_with
from terminal import Terminal

KEYS = 60
SIZES = (10, 2_000)


def _key_times(terminal: Terminal, keys: int) -> list[float]:
    times: list[float] = []
    typed = ""
    for n in range(keys):
        key = "abcdefghij"[n % 10]
        typed += key
        begin = time.perf_counter()
        terminal.type(key)
        while typed[-20:] not in terminal.text:
            terminal.read(0.05)
            if time.perf_counter() - begin > 10:
                raise TimeoutError(terminal.text)
        times.append(time.perf_counter() - begin)
    return times


def main() -> None:
    """Print the medians in milliseconds, and their ratio."""
    command = Path(sys.executable).with_name("workshop")
    medians: dict[int, float] = {}
    with tempfile.TemporaryDirectory() as folder:
        terminals: dict[int, Terminal] = {}
        for size in SIZES:
            path = session_with(size, Path(folder))
            terminals[size] = Terminal([str(command), "resume", str(path)], 120, 40)
            terminals[size].wait_for("Which threats can the business expect")
            terminals[size].wait_for(f"Answer {size - 2}:")
        times: dict[int, list[float]] = {size: [] for size in SIZES}
        for _ in range(3):
            for size in SIZES:
                times[size] += _key_times(terminals[size], KEYS // 3)
        for size in SIZES:
            medians[size] = statistics.median(times[size])
            terminals[size].kill()
    print("keystroke to screen, milliseconds (median of", KEYS, "keys)")
    for size in SIZES:
        print(f"  {size:6,} answers   {1000 * medians[size]:7.1f}")
    print(f"  ratio            {medians[SIZES[1]] / medians[SIZES[0]]:7.2f}")


if __name__ == "__main__":
    main()
