"""The time to commit an answer, compared with inserting the same row with Python's sqlite3.

Both alternate, with the same settings (rollback journal, synchronous EXTRA), each in its own file
on the same disk. Our time is what a front end waits for: the facilitator, the writer thread, the
hash chain, the table of answers and the commit. The files are in the current folder, because that
for temporary files may be in memory.
"""

import sqlite3
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from figures import Figure, milliseconds, own_peak_memory, paired_ratio
from samples import session_with

from workshop.client import Client
from workshop.live_session import Commit, LiveSession, make_events
from workshop.session.events import AnswerAdded

ANSWERS = 400
IN_A_PIPE = 20
"""The number of answers of a pipe that are committed together, once for as many alone."""
_INSERT = (
    "INSERT INTO event (seq, counter, id, at, actor, seat, batch, kind, body, chain) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None)
    for pragma in ("journal_mode = DELETE", "synchronous = EXTRA", "mmap_size = 0"):
        connection.execute(f"PRAGMA {pragma}").fetchall()
    return connection


def _answer(number: int) -> str:
    return f"Answer {number}: crane hours are planned a day ahead, and ships wait less"


def figures() -> Iterator[Figure]:
    """Yield the median time to commit an answer, alone and among those of a pipe."""
    pairs: list[tuple[float, float]] = []
    pipe_pairs: list[tuple[float, float]] = []
    with tempfile.TemporaryDirectory(dir=Path.cwd()) as folder:
        raw = _connect(session_with(10, Path(folder)))
        live_session = LiveSession.open(session_with(10, Path(folder)))
        client = Client(live_session)
        client.commit(client.begin()).result()
        seq = 1_000
        for n in range(ANSWERS + 1):  # the first pair fills the caches and is not counted
            body = AnswerAdded(
                question=live_session.session.addresses[n % 46],
                text=_answer(n),
                participant="Facilitator",
            )
            (event,) = make_events([body], "Facilitator", datetime.now(UTC))
            row = (event.id, event.at, event.actor, "", "", body.kind, body.model_dump_json())
            seq += 1
            begin = time.perf_counter()
            raw.execute("BEGIN IMMEDIATE")
            raw.execute(_INSERT, (seq, seq, *row, b"0123456789abcdef"))
            raw.execute("COMMIT")
            middle = time.perf_counter()
            client.commit(client.propose(body.text)).result()
            pairs.append((middle - begin, time.perf_counter() - middle))
            if n % IN_A_PIPE == 0:
                begin = time.perf_counter()
                commit = Commit(*(client.propose(_answer(n)) for _ in range(IN_A_PIPE)))
                live_session.submit(commit)
                commit.settled.result()
                each = (time.perf_counter() - begin) / IN_A_PIPE
                pipe_pairs.append((pairs[-1][0], each))
        live_session.close()
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
    baseline, ours = zip(*pipe_pairs[1:], strict=True)
    yield Figure(
        "an answer of a pipe",
        f"raw sqlite3 {milliseconds(baseline)}",
        milliseconds(ours),
        paired_ratio(pipe_pairs[1:]),
        1.0,
    )
