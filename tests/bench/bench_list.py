"""The time of `workshop list` with a thousand session files, compared with none."""

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


def _run_list(folder: str) -> tuple[float, int, float]:
    """Return the time of the command in seconds, its number of lines, and its memory in MB."""
    command = [Path(sys.executable).with_name("workshop"), "--sessions", folder, "list"]
    begin = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    lines = process.stdout.read().count(b"\n") if process.stdout else 0
    _, code, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - begin
    if code != 0:
        raise ValueError(f"workshop list ended with {code}")
    return seconds, lines, usage.ru_maxrss / 1024


def figures() -> Iterator[Figure]:
    """Yield how much longer the list takes with a thousand files, as the median of the rounds."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    with tempfile.TemporaryDirectory() as empty, tempfile.TemporaryDirectory() as full:
        for _ in range(SESSIONS):
            session_with(ANSWERS, Path(full))
        pairs = [(_run_list(empty), _run_list(full)) for _ in range(ROUNDS + 1)][1:]
    if any(lines < SESSIONS for _, (_, lines, _) in pairs):
        raise ValueError("the list is shorter than the folder")
    baseline, ours = ([run[0] for run in runs] for runs in zip(*pairs, strict=True))
    yield Figure(
        f"`workshop list` with {SESSIONS:,} sessions of {ANSWERS} answers",
        f"with none {milliseconds(baseline)}",
        milliseconds(ours),
        statistics.median(o - b for b, o in zip(baseline, ours, strict=True)),
        2.0,
        unit=" s more",
        memory=max(memory for _, (_, _, memory) in pairs),
    )
