"""A process that adds answers to a session which others are writing to as well.

    python appender.py FILE NAME HOW_MANY

Waits for a line on its standard input, and says an answer's id once the store has taken it. Where
another process was first, it reads what that one wrote and tries again: as people do who are told
to resume the session.
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
from workshop.storage.sqlite.session_file import SessionFile


def tell(words: str) -> None:
    """Say something to the test, at once."""
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


def append(path: Path, name: str, how_many: int) -> dict[str, int]:
    """Add answers until each was taken; return how often each kind of refusal came."""
    refused: dict[str, int] = {}
    for number in range(how_many):
        said = AnswerAdded(question="x.y", text=f"{name} says {number}", participant=name)
        (event,) = make_events([said], name, datetime.now(UTC))
        while True:
            try:
                with SessionFile.open(path) as file:
                    while event.id not in {e.id for e in file.events()}:
                        try:
                            file.append([event])
                        except ChangedElsewhereError:
                            refused["changed"] = refused.get("changed", 0) + 1
                            time.sleep(random.uniform(0, 0.05))
                        else:
                            break
                    tell(event.id)
                    break
            except (
                CannotReadError,
                CannotWriteError,
            ) as error:  # busy for longer than SQLite waits
                kind = type(error).__name__
                refused[kind] = refused.get(kind, 0) + 1
    return refused


if __name__ == "__main__":
    sys.stdin.readline()
    tell(json.dumps(append(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]))))
