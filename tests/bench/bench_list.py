"""`workshop list` over a thousand session files, against the same command over none."""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from figures import Figure, milliseconds
from samples import session_with

SESSIONS, ANSWERS, ROUNDS = 1_000, 20, 5


def _listed(folder: str) -> tuple[float, int, float]:
    """Return how long the command takes, how many lines it prints, and its memory in MB."""
    command = [Path(sys.executable).with_name("workshop"), "--sessions", folder, "list"]
    begin = time.perf_counter()
    ended = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    lines = ended.stdout.read().count(b"\n") if ended.stdout else 0
    _, code, usage = os.wait4(ended.pid, 0)
    taken = time.perf_counter() - begin
    if code != 0:
        raise ValueError(f"workshop list ended with {code}")
    return taken, lines, usage.ru_maxrss / 1024


def figures() -> Iterator[Figure]:
    """Yield how much longer the list takes, the median of the rounds."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    with tempfile.TemporaryDirectory() as none, tempfile.TemporaryDirectory() as many:
        for _ in range(SESSIONS):
            session_with(ANSWERS, Path(many))
        pairs = [(_listed(none), _listed(many)) for _ in range(ROUNDS + 1)][1:]
    if any(listed[1] < SESSIONS for _, listed in pairs):
        raise ValueError("the list is shorter than the folder")
    floor, ours = ([side[0] for side in sides] for sides in zip(*pairs, strict=True))
    yield Figure(
        f"`workshop list` over {SESSIONS:,} sessions of {ANSWERS} answers",
        f"over none {milliseconds(floor)}",
        milliseconds(ours),
        statistics.median(o - f for f, o in zip(floor, ours, strict=True)),
        2.0,
        unit=" s more",
        memory=max(listed[2] for _, listed in pairs),
    )
