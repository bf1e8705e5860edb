"""The time to commit an answer, compared with inserting the same row with Python's sqlite3.

Both alternate, with the same settings (rollback journal, synchronous EXTRA), each in its own file
on the same disk. Our time is what a front end waits for: the writer thread, the hash chain and the
commit. The files are in the current folder, because that for temporary files may be in memory.
"""

import sqlite3
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from figures import Figure, milliseconds, own_peak_memory, paired_ratio
from samples import session_with

from workshop.live_session import make_events
from workshop.session.events import AnswerAdded
from workshop.storage.sqlite.writer_thread import SessionWriter

ANSWERS = 400
_INSERT = (
    "INSERT INTO event (seq, counter, id, at, actor, seat, batch, kind, body, chain) "
    "VALUES (?, ?, ?, ?, ?, '', '', ?, ?, ?)"
)


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None)
    for pragma in ("journal_mode = DELETE", "synchronous = EXTRA", "mmap_size = 0"):
        connection.execute(f"PRAGMA {pragma}").fetchall()
    return connection


def figures() -> Iterator[Figure]:
    """Yield the median time to commit an answer."""
    pairs: list[tuple[float, float]] = []
    with tempfile.TemporaryDirectory(dir=Path.cwd()) as folder:
        raw = _connect(session_with(10, Path(folder)))
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
            middle = time.perf_counter()
            writer.append(events).result()
            pairs.append((middle - begin, time.perf_counter() - middle))
        writer.close()
        raw.close()
    baseline, ours = zip(*pairs[1:], strict=True)
    yield Figure(
        "committing an answer",
        f"raw sqlite3 {milliseconds(baseline)}",
        milliseconds(ours),
        paired_ratio(pairs[1:]),
        1.5,
        memory=own_peak_memory(),
    )
