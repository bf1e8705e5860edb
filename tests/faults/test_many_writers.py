"""Many processes write to one session file: every event that was committed is in it."""

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

from faults.check_file import read_back
from faults.conftest import ReportResult
from faults.counts import count
from faults.fresh import fresh_session

PROCESSES = count("PROCESSES", 50)
APPENDS = count("APPENDS", 10)
"""How many answers each of them adds."""


def test_every_event_that_one_of_many_processes_committed_is_in_the_file(
    tmp_path: Path, report_result: ReportResult
) -> None:
    path = fresh_session(tmp_path / "sessions")
    script = str(Path(__file__).with_name("appender.py"))
    modules = str(Path(__file__).parents[1] / "support")
    processes = [
        subprocess.Popen(
            [sys.executable, script, str(path), f"P{n}", str(APPENDS)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            env=os.environ | {"PYTHONPATH": modules},
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
    refusals: Counter[str] = Counter()
    committed: list[list[str]] = []
    for out, err in ends:
        assert err == ""
        *ids, refusals_line = out.splitlines()
        committed.append(ids)
        refusals.update(json.loads(refusals_line))
    # `read_back` checks the hash chain and that the numbers have no gap.
    events = read_back(path).events
    assert sorted(e.id for e in events) == sorted(i for ids in committed for i in ids)
    order = {e.id: n for n, e in enumerate(events)}
    for ids in committed:
        assert len(ids) == APPENDS
        assert ids == sorted(ids, key=order.__getitem__)
    report_result(
        f"{PROCESSES} processes, {len(events)} events committed, all of them in the file; "
        f"refusals: {dict(refusals)}"
    )
