"""After a power failure, everything that was shown as saved is on the disk.

The system calls of the installed program are recorded between SQLite and the disk; then the power
fails after each of them.
"""

import hashlib
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from faults.check_file import SavedSession, read_back
from faults.conftest import ReportResult
from faults.counts import chance, count
from faults.fresh import MEMORY, fresh_session
from faults.line_program import WORKSHOP
from faults.power import Disk, Files, Stored, SystemCall, build, read_directory, record, write_files
from store_support import Writer

from workshop.errors import WorkshopError
from workshop.live_session import make_events, now
from workshop.session.events import (
    AnswerAdded,
    AnswerEdited,
    AnswerRemoved,
    PositionMoved,
    Undone,
)

pytestmark = [
    pytest.mark.skipif(shutil.which("cc") is None, reason="there is no C compiler"),
    pytest.mark.skipif(sys.platform != "linux", reason="LD_PRELOAD is Linux's"),
]

TORN = count("TORN", 4)
"""The number of partly written states that are tried at each point."""
ROUNDS = count("ROUNDS", 12)
"""The number of rounds of all commands in the recorded run."""

ROLLBACKS = count("ROLLBACKS", 10)
"""The number of hot journals whose rollback is interrupted by a power failure at each step."""
HOT_JOURNAL = bytes.fromhex("d9d505f920a163d7")
"""The first bytes of a journal that SQLite rolls back."""


@pytest.fixture(scope="module")
def recorder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("recorder"))


@pytest.fixture
def scratch() -> Iterator[Path]:
    """A directory in memory, in which a sync costs nothing."""
    with tempfile.TemporaryDirectory(dir=MEMORY) as name:
        yield Path(name)


def conversation() -> str:
    """Return the lines of a conversation that uses every kind of change, in rounds."""
    lines: list[str] = []
    for n in range(ROUNDS):
        first = 4 * n + 1
        long = "x" * chance("long", n).choice([10, 500, 5_000, 30_000])
        lines += [
            f"round {n} short",
            f"round {n} {long}",
            f"/edit {first} round {n} edited",
            "/undo",
            "/redo",
            f"round {n} to delete",
            f"/delete {first + 2}",
            "" if n % 2 else "/skip for a reason",
            f"@Ben{n} says so",
            "",  # Ben joins and says it
        ]
    return "".join(f"{line}\n" for line in lines)


_ACKNOWLEDGED = {
    "saved ": AnswerAdded,
    "Answer ": AnswerEdited,
    "Deleted ": AnswerRemoved,
    "Undone: ": Undone,
    "Done again: ": Undone,
}


def count_acknowledged(log: Sequence[SystemCall], saved: SavedSession, before: int) -> list[int]:
    """Return the number of acknowledged events after each call in `log`.

    The session had `before` events when the program started. Each line that reports something as
    saved acknowledges the next event of its kind.
    """
    acknowledged: list[int] = []
    event_count, partial_line = before, ""
    for call in log:
        if call.kind == "O":
            output = partial_line + call.payload.decode(errors="replace")
            *lines, partial_line = output.split("\n")
            for line in lines:
                kind = next((k for w, k in _ACKNOWLEDGED.items() if line.startswith(w)), None)
                if kind is not None:
                    event_count = next(
                        n for n, e in enumerate(saved.events[event_count:], event_count + 1)
                        if isinstance(e.body, kind)
                    )  # fmt: skip
        acknowledged.append(event_count)
    return acknowledged


class OutageCheck:
    """Checks what a power failure leaves."""

    def __init__(self, name: str, scratch: Path) -> None:
        """Check the session file called `name`, written into `scratch`."""
        self._name = name
        self._lair = scratch
        self._checked: dict[str, SavedSession] = {}
        self.outages = 0

    @property
    def states(self) -> int:
        """The number of different states of the disk that were checked."""
        return len(self._checked)

    def read_back(self, files: Files) -> SavedSession:
        """Return the content of the session file after the power failure, after every check."""
        self.outages += 1
        parts = [f"{name}:{hashlib.sha256(files[name]).hexdigest()}" for name in sorted(files)]
        state = " ".join(parts)
        if state not in self._checked:
            write_files(files, self._lair)
            path = self._lair / self._name
            self._checked[state] = read_back(path)
            write_to(path)
        return self._checked[state]


def write_to(path: Path) -> None:
    """Write to the session at `path`, as resuming it does."""
    with Writer.open(path) as file:
        file.events()
        file.add(make_events([PositionMoved(question=None)], "", now()))
    assert not path.with_name(f"{path.name}-journal").exists()


def check_events(saved: SavedSession, complete: SavedSession, acknowledged: int) -> None:
    """Check that `saved` has the first events of the complete run, and all acknowledged ones."""
    assert saved.events == complete.events[: len(saved.events)]
    assert len(saved.events) >= acknowledged, f"{acknowledged - len(saved.events)} events lost"


# ── an existing session ─────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Recording:
    """A complete run of the program."""

    name: str
    before: Stored
    log: list[SystemCall]
    complete: SavedSession
    acknowledged: list[int]
    """The number of acknowledged events after each call in the log."""

    def outages(self, without: Sequence[str] = ()) -> Iterator[tuple[Disk, int]]:
        """Yield the disk after each call, and the number of acknowledged events.

        `without` lists calls that the disk ignores: S for syncs of files, UD for a sync of the
        directory directly after a file in it was unlinked.
        """
        disk, last = Disk(self.before), ""
        for call, acknowledged in zip(self.log, self.acknowledged, strict=True):
            if call.kind not in without and last + call.kind not in without:
                disk.apply(call)
            last = call.kind
            yield disk, acknowledged


def record_session(
    recorder: Path, path: Path, stdin: str, events: int = 0, program: Sequence[str] = ()
) -> Recording:
    """Record the program while it reads `stdin`, and check that the record is complete.

    The session has `events` events before. `program` is a command that takes the path; by default
    it is `workshop resume`.
    """
    before = read_directory(path.parent)
    command = [*program, str(path)] if program else [WORKSHOP, "resume", str(path), "--plain"]
    log, result = record(recorder, command, stdin, path.parent)
    assert result.returncode == 0, result.stderr.decode()
    disk = Disk(before)
    for call in log:
        disk.apply(call)
    assert disk.now() == {
        name: content for name, (_, content) in read_directory(path.parent).items()
    }
    complete = read_back(path)
    acknowledged = count_acknowledged(log, complete, events)
    return Recording(path.name, before, log, complete, acknowledged)


@pytest.fixture(scope="module")
def recording(recorder: Path, tmp_path_factory: pytest.TempPathFactory) -> Recording:
    path = fresh_session(tmp_path_factory.mktemp("recorded"))
    return record_session(recorder, path, conversation())


def test_every_acknowledged_event_survives_a_power_failure(
    recording: Recording, scratch: Path, report_result: ReportResult
) -> None:
    after = OutageCheck(recording.name, scratch)
    for disk, acknowledged in recording.outages():
        check_events(after.read_back(disk.without_power()), recording.complete, acknowledged)
        check_events(after.read_back(disk.now()), recording.complete, acknowledged)
    syncs = sum(call.kind in "SD" for call in recording.log)
    report_result(
        f"{after.outages} outages, {syncs} sync points, {after.states} different states of the "
        f"disk; {recording.acknowledged[-1]} events acknowledged, 0 lost"
    )


def test_every_acknowledged_event_survives_whatever_else_was_partly_written(
    recording: Recording, scratch: Path, report_result: ReportResult
) -> None:
    after = OutageCheck(recording.name, scratch)
    for point, (disk, acknowledged) in enumerate(recording.outages()):
        if not disk.is_at_rest:
            for draw in range(TORN):
                saved = after.read_back(disk.torn(chance("torn", point, draw)))
                check_events(saved, recording.complete, acknowledged)
    report_result(
        f"{after.outages} outages with partly written files, {after.states} different states of "
        f"the disk; {recording.acknowledged[-1]} events acknowledged, 0 lost"
    )


@pytest.mark.parametrize("without", ["S", "UD"], ids=["files", "the-directory"])
def test_a_disk_that_ignores_syncs_loses_acknowledged_events(
    recording: Recording, scratch: Path, without: str
) -> None:
    """Shows that the tests above notice a lost event."""
    after = OutageCheck(recording.name, scratch)
    lost = 0
    for disk, acknowledged in recording.outages([without]):
        try:
            check_events(after.read_back(disk.without_power()), recording.complete, acknowledged)
        except (AssertionError, WorkshopError):
            lost += 1
    assert lost > 0


def test_the_power_may_fail_again_during_the_rollback_after_a_failure(
    recording: Recording, recorder: Path, scratch: Path, tmp_path: Path, report_result: ReportResult
) -> None:
    journal = f"{recording.name}-journal"
    hot: list[Files] = []
    for point, (disk, _) in enumerate(recording.outages()):
        files = disk.torn(chance("hot", point))
        is_partly_written = files[recording.name] != disk.without_power()[recording.name]
        if is_partly_written and files.get(journal, b"").startswith(HOT_JOURNAL):
            hot.append(files)
    first, outages = OutageCheck(recording.name, scratch), 0
    for files in chance("mendings").sample(hot, min(ROLLBACKS, len(hot))):
        remaining_events = first.read_back(files).events
        write_files(files, tmp_path / "hot")
        path = tmp_path / "hot" / recording.name
        again = record_session(recorder, path, "one more\n", len(remaining_events))
        kinds = [call.kind for call in again.log[:50]]
        assert "W" in kinds[: kinds.index("U")]
        after = OutageCheck(again.name, scratch)
        for point, (disk, acknowledged) in enumerate(again.outages()):
            for state in (disk.without_power(), disk.torn(chance("again", point))):
                minimum = max(acknowledged, len(remaining_events))
                check_events(after.read_back(state), again.complete, minimum)
        assert again.complete.events[: len(remaining_events)] == remaining_events
        outages += after.outages
    report_result(
        f"{min(ROLLBACKS, len(hot))} of {len(hot)} hot journals, "
        f"{outages} outages in rollbacks, 0 lost"
    )
    assert hot


# ── drafts ───────────────────────────────────────────────────────────────────────────────────

DRAFTS = """
import sys
from pathlib import Path
from workshop.client import Client
from workshop.live_session import LiveSession
live_session = LiveSession.open(Path(sys.argv[1]))
client = Client(live_session)
client.commit(client.begin()).result()
for line in sys.stdin:
    client.save_draft(line.strip()).result()
    print("stored", line.strip(), flush=True)
live_session.close()
"""


def test_a_saved_draft_survives_a_power_failure(
    recorder: Path, scratch: Path, tmp_path: Path, report_result: ReportResult
) -> None:
    texts = [f"{n} half a thought {'x' * (n * 40 + 1)}" for n in range(count("DRAFTS", 30))]
    stdin, program = "".join(f"{text}\n" for text in texts), [sys.executable, "-c", DRAFTS]
    path = fresh_session(tmp_path / "drafts")
    recording = record_session(recorder, path, stdin, program=program)
    after, last_saved = OutageCheck(recording.name, scratch), -1
    for point, (call, (disk, _)) in enumerate(zip(recording.log, recording.outages(), strict=True)):
        last_saved += call.payload.count(b"\n") if call.kind == "O" else 0
        states = [disk.without_power(), disk.now()]
        states += [disk.torn(chance("draft", point, draw)) for draw in range(TORN)]
        for state in states:
            drafts = [d.text for d in after.read_back(state).drafts]
            # The one that was saved last, or the next, which was not acknowledged yet.
            allowed = [[text] for text in texts[max(last_saved, 0) : last_saved + 2]]
            assert drafts in allowed or last_saved < 0
    report_result(
        f"{after.outages} outages, {after.states} different states; {last_saved + 1} drafts, 0 lost"
    )
    assert last_saved + 1 == len(texts)


# ── a new session ────────────────────────────────────────────────────────────────────────────


def test_a_new_session_is_complete_or_missing_and_exists_once_its_path_is_printed(
    recorder: Path, scratch: Path, tmp_path: Path, report_result: ReportResult
) -> None:
    sessions = tmp_path / "sessions"
    sessions.mkdir()
    before = read_directory(sessions)
    command = [WORKSHOP, "--sessions", str(sessions), "new", "it", "--participant", "Anna"]
    log, result = record(recorder, [*command, "--title", "New", "--no-open"], "", sessions)
    assert result.returncode == 0, result.stderr.decode()
    name = Path(os.fsdecode(result.stdout.strip())).name
    complete = read_back(sessions / name)
    disk, after, is_printed = Disk(before), OutageCheck(name, scratch), False
    outages_with_session = 0
    for point, call in enumerate(log):
        disk.apply(call)
        is_printed = is_printed or call.kind == "O"
        states = [disk.without_power(), disk.now()]
        states += [disk.torn(chance("new", point, draw)) for draw in range(TORN)]
        for state in states:
            assert all(n == name or n.startswith(".workshop-") for n in state)
            if name in state:
                assert after.read_back(state).events == complete.events
                outages_with_session += 1
            else:
                assert not is_printed
    assert disk.now() == {n: content for n, (_, content) in read_directory(sessions).items()}
    report_result(
        f"{len(log)} points, {outages_with_session} outages that left the complete session"
    )
