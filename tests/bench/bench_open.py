"""Opening a session and folding its log, against reading the same rows and json.loads of each.

Processor time, the best of some rounds, each in turn with the other: both sides do the same every
time, so that the best is the one in which nothing came in between. The garbage collector is set as
the program sets it. Ours opens the file, checks it, checks the chain, reads the bodies and folds.
"""

import gc
import json
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

from figures import Figure, milliseconds, peak_of_this
from samples import session_with

from workshop.session.event_log import EventLog
from workshop.storage.sqlite.session_file import SessionFile

SIZES = {1_000: 40, 100_000: 9}
"""How many rounds there are, by the number of events."""


def _floor(path: Path) -> int:
    with closing(sqlite3.connect(path)) as connection:
        rows = connection.execute("SELECT * FROM event ORDER BY seq").fetchall()
        return len([json.loads(row[-2]) for row in rows])


def _ours(path: Path) -> int:
    with SessionFile.open(path) as file:
        file.session()
        return len(EventLog(file.events()))


def figures() -> Iterator[Figure]:
    """Yield how long opening takes, for each size."""
    gc.set_threshold(200_000, 20, 20)
    for size, rounds in SIZES.items():
        times: dict[Callable[[Path], int], list[float]] = {_floor: [], _ours: []}
        with tempfile.TemporaryDirectory() as folder:
            path = session_with(size - 1, Path(folder))
            for _ in range(rounds):
                for way, taken in times.items():
                    begin = time.process_time()
                    if way(path) != size:
                        raise ValueError(f"{path} has not {size} events")
                    taken.append(time.process_time() - begin)
        floor, ours = min(times[_floor]), min(times[_ours])
        yield Figure(
            f"opening and folding {size:,} events",
            f"rows and json.loads {milliseconds([floor])}",
            milliseconds([ours]),
            ours / floor,
            3.0,
            memory=peak_of_this(),
        )
