"""A process that adds answers to a session while other processes add answers to it, too.

    python appender.py FILE NAME COUNT

It waits for a line on its standard input and prints the id of each answer once it is committed. If
another process was first, it reads what that one has written and tries again.
"""

import json
import random
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from workshop.errors import CannotReadError, CannotWriteError, ChangedElsewhereError
from workshop.live_session import make_events
from workshop.session.events import AnswerAdded
from workshop.session.record import last_counter, records_from
from workshop.storage.sqlite.event_store import SqliteEventStore


def report(words: str) -> None:
    """Print `words` for the test at once."""
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


def append(path: Path, name: str, count: int) -> dict[str, int]:
    """Add `count` answers; return how often each kind of refusal occurred."""
    refusals: dict[str, int] = {}
    for number in range(count):
        body = AnswerAdded(question="x.y", text=f"{name} says {number}", participant=name)
        (event,) = make_events([body], name, datetime.now(UTC))
        while True:
            try:
                with SqliteEventStore.open(path) as store:
                    log, tail = store.load()
                    while event.id not in {record.id for record in log}:
                        try:
                            store.append(records_from([event], last_counter(log)), tail)
                        except ChangedElsewhereError:
                            refusals["changed"] = refusals.get("changed", 0) + 1
                            time.sleep(random.uniform(0, 0.05))
                            log, tail = store.load()
                        else:
                            break
                    report(event.id)
                    break
            except (CannotReadError, CannotWriteError) as error:
                # The file was busy for longer than SQLite waits.
                kind = type(error).__name__
                refusals[kind] = refusals.get(kind, 0) + 1
    return refusals


if __name__ == "__main__":
    sys.stdin.readline()
    report(json.dumps(append(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]))))
