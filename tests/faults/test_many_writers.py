"""Many processes write to one session through the store: every event that was taken is there."""

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

from faults.conftest import Tell
from faults.counts import count
from faults.fresh import fresh_session
from faults.kept import read_back

PROCESSES = count("PROCESSES", 50)
APPENDS = count("APPENDS", 10)
"""How many answers each of them adds."""


def test_what_each_of_many_processes_was_told_is_saved_is_there(tmp_path: Path, tell: Tell) -> None:
    path = fresh_session(tmp_path / "sessions")
    script = str(Path(__file__).with_name("appender.py"))
    processes = [
        subprocess.Popen(
            [sys.executable, script, str(path), f"P{n}", str(APPENDS)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )
        for n in range(PROCESSES)
    ]  # fmt: skip
    try:
        for process in processes:
            assert process.stdin is not None
            process.stdin.write("go\n")
            process.stdin.flush()
        ends = [process.communicate(timeout=900) for process in processes]
    finally:
        for process in processes:
            process.kill()
            process.wait()
    refused: Counter[str] = Counter()
    told: list[list[str]] = []
    for out, err in ends:
        assert err == ""
        *ids, refusals = out.splitlines()
        told.append(ids)
        refused.update(json.loads(refusals))
    # read_back holds the chain and the numbers, which have no gap, against what the file holds.
    events = read_back(path).events
    assert sorted(e.id for e in events) == sorted(i for ids in told for i in ids)
    order = {e.id: n for n, e in enumerate(events)}
    for ids in told:
        assert len(ids) == APPENDS
        assert ids == sorted(ids, key=order.__getitem__)
    tell(
        f"{PROCESSES} processes, {len(events)} events told as saved and there; "
        f"refused before: {dict(refused)}"
    )
