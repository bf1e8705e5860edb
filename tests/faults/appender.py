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

from store_support import Writer

from workshop.errors import CannotReadError, CannotWriteError, ChangedElsewhereError
from workshop.live_session import make_events
from workshop.session.events import AnswerAdded


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
                with Writer.open(path) as file:
                    while event.id not in {e.id for e in file.events()}:
                        try:
                            file.add([event])
                        except ChangedElsewhereError:
                            refusals["changed"] = refusals.get("changed", 0) + 1
                            time.sleep(random.uniform(0, 0.05))
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
