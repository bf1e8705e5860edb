"""The time to open a session and fold its log, compared with json.loads of the same rows.

Both alternate; the figure is the least processor time of several rounds, in which nothing else
interfered. The garbage collector is set as in the program. Our time includes opening and checking
the file, verifying the hash chain, parsing the events and the fold.
"""

import gc
import json
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

from figures import Figure, milliseconds, own_peak_memory
from samples import session_with

from workshop.session.event_log import EventLog
from workshop.storage.sqlite.event_store import SqliteEventStore

SIZES = {1_000: 40, 100_000: 9}
"""The number of rounds, by the number of events."""


def _baseline(path: Path) -> int:
    with closing(sqlite3.connect(path)) as connection:
        rows = connection.execute("SELECT * FROM event ORDER BY seq").fetchall()
        return len([json.loads(row[-2]) for row in rows])


def _ours(path: Path) -> int:
    with SqliteEventStore.open(path) as file:
        file.session()
        return len(EventLog(file.events()))


def figures() -> Iterator[Figure]:
    """Yield the time to open a session of each size."""
    gc.set_threshold(200_000, 20, 20)
    for size, rounds in SIZES.items():
        times: dict[Callable[[Path], int], list[float]] = {_baseline: [], _ours: []}
        with tempfile.TemporaryDirectory() as folder:
            path = session_with(size - 1, Path(folder))
            for _ in range(rounds):
                for function, durations in times.items():
                    begin = time.process_time()
                    if function(path) != size:
                        raise ValueError(f"{path} does not have {size} events")
                    durations.append(time.process_time() - begin)
        baseline, ours = min(times[_baseline]), min(times[_ours])
        yield Figure(
            f"opening and folding {size:,} events",
            f"rows and json.loads {milliseconds([baseline])}",
            milliseconds([ours]),
            ours / baseline,
            3.0,
            memory=own_peak_memory(),
        )
