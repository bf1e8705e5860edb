"""Sets how many times each test tries something: the full number, or less for a quick run.

`FAULTS_SHARE=0.05` does a twentieth of everything; `FAULTS_KILLS=20`, for example, sets one number.
`FAULTS_SEED` sets the seed of the random choices.
"""

import os
import random
from collections import Counter

_SHARE = float(os.environ.get("FAULTS_SHARE") or 1)
_PARALLEL_TESTS = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT") or 1)
"""How many tests run at the same time."""

WORKERS = int(os.environ.get("FAULTS_WORKERS") or max((os.cpu_count() or 1) // _PARALLEL_TESTS, 1))
"""How many programs a test breaks at the same time."""

tally: Counter[str] = Counter()
"""Counts that code without fixtures makes, such as a state machine; printed at the end."""


def count(name: str, full: int) -> int:
    """Return the number that `FAULTS_{name}` sets, or else the share of `full`; at least 1."""
    value = os.environ.get(f"FAULTS_{name}")
    if value:
        return max(int(value), 1)
    return max(round(full * _SHARE), 1)


def real_time(full: float) -> float:
    """Return the seconds of real time that a program may take for what `full` seconds suffice for.

    In a quick run several tests run at the same time, so it may take four times as long.
    """
    return full if _SHARE >= 1 else 4 * full


def chance(*key: object) -> random.Random:
    """Return a source of random choices that depends only on `key` and `FAULTS_SEED`."""
    return random.Random(f"{os.environ.get('FAULTS_SEED') or 2027}:{key}")
