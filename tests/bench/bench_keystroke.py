"""The time from a key to the changed screen, with 10 answers in the session and with 5,000.

Both alternate, each in its own pseudo-terminal. The time runs from sending the byte of the key
until its letter is on the screen.
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from figures import Figure, milliseconds, peak_memory
from samples import session_with
from terminal import Terminal

KEYS, ROUNDS = 20, 6
SIZES = FEW, MANY = (10, 5_000)


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


def figures() -> Iterator[Figure]:
    """Yield the median time of a key."""
    command = Path(sys.executable).with_name("workshop")
    with tempfile.TemporaryDirectory() as folder:
        terminals: dict[int, Terminal] = {}
        for size in SIZES:
            path = session_with(size, Path(folder))
            terminals[size] = Terminal([str(command), "resume", str(path)], 120, 40)
            terminals[size].wait_for("Which threats can the business expect")
            terminals[size].wait_for(f"Answer {size - 2}:")
        times: dict[int, list[float]] = {size: [] for size in SIZES}
        for _ in range(ROUNDS):
            for size in SIZES:
                times[size] += _key_times(terminals[size], KEYS)
        memory = peak_memory(terminals[MANY].pid)
        for terminal in terminals.values():
            terminal.kill()
    yield Figure(
        f"a key to the changed screen, {MANY:,} answers, 120×40",
        f"{FEW} answers {milliseconds(times[FEW])}",
        milliseconds(times[MANY]),
        statistics.median(times[MANY]) / statistics.median(times[FEW]),
        1.25,
        memory=memory,
    )
