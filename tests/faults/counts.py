"""How much of everything is done: the full number, or less for a quick try.

`FAULTS_SHARE=0.05` does a twentieth of everything; `FAULTS_KILLS=20`, say, sets one number alone.
`FAULTS_SEED` begins the random choices elsewhere.
"""

import os
import random
from collections import Counter

_SHARE = float(os.environ.get("FAULTS_SHARE") or 1)
_BESIDE = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT") or 1)
"""How many tests run at the same time."""

WORKERS = int(os.environ.get("FAULTS_WORKERS") or max((os.cpu_count() or 1) // _BESIDE, 1))
"""How many programs a test breaks at the same time."""

tally: Counter[str] = Counter()
"""What is counted where no fixture is, in a state machine, say; told at the end."""


def count(name: str, full: int) -> int:
    """Return how many of `name` are asked for, where `full` is the number that counts."""
    own = os.environ.get(f"FAULTS_{name}")
    if own:
        return max(int(own), 1)
    return max(round(full * _SHARE), 1)


def real_time(full: float) -> float:
    """Return how many seconds of real time a program may take for what takes `full`.

    A share of everything is tried beside other things, and proves that it comes to an end: it may
    take four times as long.
    """
    return full if _SHARE >= 1 else 4 * full


def chance(*about: object) -> random.Random:
    """Return a source of random choices of its own for whatever `about` names."""
    return random.Random(f"{os.environ.get('FAULTS_SEED') or 2027}:{about}")
