"""The power fails: what was shown as saved is on the disk, whatever the disk had not written yet.

The program that people run is recorded with everything that it asks of the system, between SQLite
and the disk; then the power fails after each of those things.
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
from faults.conftest import Tell
from faults.counts import chance, count
from faults.fresh import MEMORY, fresh_session
from faults.kept import Kept, read_back
from faults.line_program import WORKSHOP
from faults.power import Disk, Files, QuestionAsked, Stored, build, lay_out, record, stored

from workshop.errors import WorkshopError
from workshop.live_session import make_events, now
from workshop.session.events import (
    AnswerAdded,
    AnswerEdited,
    AnswerRemoved,
    PositionMoved,
    Undone,
)
from workshop.storage.sqlite.session_file import SessionFile

pytestmark = [
    pytest.mark.skipif(shutil.which("cc") is None, reason="there is no C compiler"),
    pytest.mark.skipif(sys.platform != "linux", reason="LD_PRELOAD is Linux's"),
]

TORN = count("TORN", 4)
"""How many ways of leaving things half-written are tried at each point."""
ROUNDS = count("ROUNDS", 12)
"""How often the program does all that it can do, in the run that is recorded."""

MENDINGS = count("MENDINGS", 10)
"""How many hot journals are rolled back with a power cut at each step of it."""
HOT = bytes.fromhex("d9d505f920a163d7")
"""What SQLite writes at the beginning of a journal once it may be needed."""


@pytest.fixture(scope="module")
def recorder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("recorder"))


@pytest.fixture
def lair() -> Iterator[Path]:
    """A directory in memory, where reading many files back costs no real sync."""
    with tempfile.TemporaryDirectory(dir=MEMORY) as name:
        yield Path(name)


def conversation() -> str:
    """Return lines that do everything that a line can do, in rounds."""
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


def promises(log: Sequence[QuestionAsked], kept: Kept, before: int) -> list[int]:
    """Return how many events were acknowledged after each thing in `log`, which began at `before`.

    Each line that says that something is saved stands for the next event of its kind in the log.
    """
    promised, upto, half = [], before, ""
    for asked in log:
        if asked.what == "O":
            *lines, half = (half + asked.payload.decode(errors="replace")).split("\n")
            for line in lines:
                kind = next((k for w, k in _ACKNOWLEDGED.items() if line.startswith(w)), None)
                if kind is not None:
                    upto = next(
                        n for n, e in enumerate(kept.events[upto:], upto + 1)
                        if isinstance(e.body, kind)
                    )  # fmt: skip
        promised.append(upto)
    return promised


class Outage:
    """Looks at what a power cut leaves."""

    def __init__(self, name: str, lair: Path) -> None:
        """Look at the session file called `name`, laid out in `lair`."""
        self._name = name
        self._lair = lair
        self._seen: dict[str, Kept] = {}
        self.outages = 0

    @property
    def states(self) -> int:
        """How many different states of the disk were looked at."""
        return len(self._seen)

    def left_of(self, files: Files) -> Kept:
        """Return what a session's file holds after power is back, once it passed every check."""
        self.outages += 1
        parts = [f"{name}:{hashlib.sha256(files[name]).hexdigest()}" for name in sorted(files)]
        state = " ".join(parts)
        if state not in self._seen:
            lay_out(files, self._lair)
            path = self._lair / self._name
            self._seen[state] = read_back(path)
            go_on(path)
        return self._seen[state]


def go_on(path: Path) -> None:
    """Write to the session at `path`, as resuming it would."""
    with SessionFile.open(path) as file:
        file.events()
        file.append(make_events([PositionMoved(question=None)], "", now()))
    assert not path.with_name(f"{path.name}-journal").exists()


def hold(kept: Kept, whole: Kept, promised: int) -> None:
    """Hold what is left against the run that was not cut short."""
    assert kept.events == whole.events[: len(kept.events)]
    assert len(kept.events) >= promised, f"{promised - len(kept.events)} events lost"


# ── a session that goes on ───────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Recording:
    """A run of the program that was not cut short."""

    name: str
    before: Stored
    log: list[QuestionAsked]
    whole: Kept
    promised: list[int]
    """How many events were acknowledged by then, for each thing in the log."""

    def outages(self, without: Sequence[str] = ()) -> Iterator[tuple[Disk, int]]:
        """Yield the disk after each thing that was asked of it, and what was promised by then.

        `without` names what the disk was asked for and did not do: S, or UD for the sync of the
        directory after a file in it was unlinked.
        """
        disk, last = Disk(self.before), ""
        for asked, promised in zip(self.log, self.promised, strict=True):
            if asked.what not in without and last + asked.what not in without:
                disk.take(asked)
            last = asked.what
            yield disk, promised


def record_session(
    recorder: Path, path: Path, said: str, events: int = 0, program: Sequence[str] = ()
) -> Recording:
    """Record the program while it is told `said`, and make sure that nothing escaped the log.

    The session has that many `events` before. `program` is the one that people run, unless it is
    another, which is given the path.
    """
    before = stored(path.parent)
    command = [*program, str(path)] if program else [WORKSHOP, "resume", str(path), "--plain"]
    log, done = record(recorder, command, said, path.parent)
    assert done.returncode == 0, done.stderr.decode()
    disk = Disk(before)
    for asked in log:
        disk.take(asked)
    assert disk.now() == {name: content for name, (_, content) in stored(path.parent).items()}
    whole = read_back(path)
    return Recording(path.name, before, log, whole, promises(log, whole, events))


@pytest.fixture(scope="module")
def recording(recorder: Path, tmp_path_factory: pytest.TempPathFactory) -> Recording:
    path = fresh_session(tmp_path_factory.mktemp("recorded"))
    return record_session(recorder, path, conversation())


def test_what_is_acknowledged_is_there_whenever_the_power_fails(
    recording: Recording, lair: Path, tell: Tell
) -> None:
    after = Outage(recording.name, lair)
    for disk, promised in recording.outages():
        hold(after.left_of(disk.without_power()), recording.whole, promised)
        hold(after.left_of(disk.now()), recording.whole, promised)
    syncs = sum(asked.what in "SD" for asked in recording.log)
    tell(
        f"{after.outages} outages, {syncs} sync points, {after.states} different states of the "
        f"disk; {recording.promised[-1]} events acknowledged, 0 lost"
    )


def test_what_is_acknowledged_is_there_however_much_of_the_rest_was_written(
    recording: Recording, lair: Path, tell: Tell
) -> None:
    after = Outage(recording.name, lair)
    for point, (disk, promised) in enumerate(recording.outages()):
        if not disk.is_at_rest:
            for draw in range(TORN):
                left = after.left_of(disk.torn(chance("torn", point, draw)))
                hold(left, recording.whole, promised)
    tell(
        f"{after.outages} outages with things half-written, {after.states} different states of "
        f"the disk; {recording.promised[-1]} events acknowledged, 0 lost"
    )


@pytest.mark.parametrize("without", ["S", "UD"], ids=["files", "the-directory"])
def test_a_disk_that_does_not_sync_is_found_out(
    recording: Recording, lair: Path, without: str
) -> None:
    """Without this, the tests above could be blind: here acknowledged answers are lost."""
    after = Outage(recording.name, lair)
    lost = 0
    for disk, promised in recording.outages([without]):
        try:
            hold(after.left_of(disk.without_power()), recording.whole, promised)
        except (AssertionError, WorkshopError):
            lost += 1
    assert lost > 0


def test_the_power_may_fail_again_while_the_first_failure_is_mended(
    recording: Recording, recorder: Path, lair: Path, tmp_path: Path, tell: Tell
) -> None:
    journal = f"{recording.name}-journal"
    hot: list[Files] = []
    for point, (disk, _) in enumerate(recording.outages()):
        left = disk.torn(chance("hot", point))
        half_written = left[recording.name] != disk.without_power()[recording.name]
        if half_written and left.get(journal, b"").startswith(HOT):
            hot.append(left)
    first, tried = Outage(recording.name, lair), 0
    for files in chance("mendings").sample(hot, min(MENDINGS, len(hot))):
        survived = first.left_of(files).events
        lay_out(files, tmp_path / "hot")
        path = tmp_path / "hot" / recording.name
        again = record_session(recorder, path, "one more\n", len(survived))
        rolled_back = [asked.what for asked in again.log[:50]]
        assert "W" in rolled_back[: rolled_back.index("U")]
        after = Outage(again.name, lair)
        for point, (disk, promised) in enumerate(again.outages()):
            for state in (disk.without_power(), disk.torn(chance("again", point))):
                hold(after.left_of(state), again.whole, max(promised, len(survived)))
        assert again.whole.events[: len(survived)] == survived
        tried += after.outages
    tell(
        f"{min(MENDINGS, len(hot))} of {len(hot)} hot journals, {tried} outages on the way, 0 lost"
    )
    assert hot


# ── half-typed text ──────────────────────────────────────────────────────────────────────────

DRAFTS = """
import sys
from pathlib import Path
from workshop.live_session import LiveSession
live_session = LiveSession.open(Path(sys.argv[1]))
live_session.commit(live_session.begin()).result()
for line in sys.stdin:
    live_session.save_draft(line.strip()).result()
    print("kept", line.strip(), flush=True)
live_session.close()
"""


def test_half_typed_text_is_there_once_it_is_kept_whenever_the_power_fails(
    recorder: Path, lair: Path, tmp_path: Path, tell: Tell
) -> None:
    typed = [f"{n} half a thought {'x' * (n * 40 + 1)}" for n in range(count("DRAFTS", 30))]
    said, program = "".join(f"{text}\n" for text in typed), [sys.executable, "-c", DRAFTS]
    path = fresh_session(tmp_path / "drafts")
    recording = record_session(recorder, path, said, program=program)
    after, kept = Outage(recording.name, lair), -1
    for point, (asked, (disk, _)) in enumerate(
        zip(recording.log, recording.outages(), strict=True)
    ):
        kept += asked.payload.count(b"\n") if asked.what == "O" else 0
        states = [disk.without_power(), disk.now()]
        states += [disk.torn(chance("draft", point, draw)) for draw in range(TORN)]
        for state in states:
            texts = [d.text for d in after.left_of(state).drafts]
            # The one that was kept last, or the next, of which nobody has been told yet.
            assert texts in ([text] for text in typed[max(kept, 0) : kept + 2]) or kept < 0
    tell(f"{after.outages} outages, {after.states} different states; {kept + 1} drafts, 0 lost")
    assert kept + 1 == len(typed)


# ── a session that begins ────────────────────────────────────────────────────────────────────


def test_a_new_session_is_there_whole_or_not_at_all_and_there_once_it_is_named(
    recorder: Path, lair: Path, tmp_path: Path, tell: Tell
) -> None:
    sessions = tmp_path / "sessions"
    sessions.mkdir()
    before = stored(sessions)
    command = [WORKSHOP, "--sessions", str(sessions), "new", "it", "--participant", "Anna"]
    log, done = record(recorder, [*command, "--title", "New", "--no-open"], "", sessions)
    assert done.returncode == 0, done.stderr.decode()
    name = Path(os.fsdecode(done.stdout.strip())).name
    whole = read_back(sessions / name)
    disk, after, named = Disk(before), Outage(name, lair), False
    there = 0
    for point, asked in enumerate(log):
        disk.take(asked)
        named = named or asked.what == "O"
        states = [disk.without_power(), disk.now()]
        states += [disk.torn(chance("new", point, draw)) for draw in range(TORN)]
        for state in states:
            assert all(n == name or n.startswith(".workshop-") for n in state)
            if name in state:
                assert after.left_of(state).events == whole.events
                there += 1
            else:
                assert not named
    assert disk.now() == {n: content for n, (_, content) in stored(sessions).items()}
    tell(f"{len(log)} points, {there} outages that left the session, whole")
