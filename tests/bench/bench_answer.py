"""A durable answer, against the same row put into the same table with Python's sqlite3.

Both commit with the same settings (rollback journal, synchronous EXTRA) into a file of their own on
the same disk, in turn. Ours is what a front end waits for: the store's thread, the chain, the
commit. The files lie in the current folder, because a folder for temporary files may be memory.
"""

import sqlite3
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from figures import Figure, milliseconds, paired_ratio, peak_of_this
from samples import session_with

from workshop.live_session import make_events
from workshop.session.events import AnswerAdded
from workshop.storage.sqlite.writer_thread import SessionWriter

ANSWERS = 400
_INSERT = (
    "INSERT INTO event (seq, counter, id, at, actor, kind, body, chain) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
)


def _raw(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None)
    for pragma in ("journal_mode = DELETE", "synchronous = EXTRA", "mmap_size = 0"):
        connection.execute(f"PRAGMA {pragma}").fetchall()
    return connection


def figures() -> Iterator[Figure]:
    """Yield how long an answer takes to be on the disk, the median of all answers."""
    pairs: list[tuple[float, float]] = []
    with tempfile.TemporaryDirectory(dir=Path.cwd()) as folder:
        raw = _raw(session_with(10, Path(folder)))
        writer = SessionWriter.open(session_with(10, Path(folder)))
        seq = len(writer.events)
        for n in range(ANSWERS + 1):  # the first pair fills the caches and is not counted
            body = AnswerAdded(
                question=writer.session.addresses[n % 46],
                text=f"Answer {n}: crane hours are planned a day ahead, and ships wait less",
                participant="Facilitator",
            )
            events = make_events([body], "Facilitator", datetime.now(UTC))
            (event,) = events
            row = (event.id, event.at, event.actor, body.kind, body.model_dump_json())
            seq += 1
            begin = time.perf_counter()
            raw.execute("BEGIN IMMEDIATE")
            raw.execute(_INSERT, (seq, seq, *row, b"0123456789abcdef"))
            raw.execute("COMMIT")
            between = time.perf_counter()
            writer.append(events).result()
            pairs.append((between - begin, time.perf_counter() - between))
        writer.close()
        raw.close()
    floor, ours = zip(*pairs[1:], strict=True)
    yield Figure(
        "an answer on the disk",
        f"raw sqlite3 {milliseconds(floor)}",
        milliseconds(ours),
        paired_ratio(pairs[1:]),
        1.5,
        memory=peak_of_this(),
    )
