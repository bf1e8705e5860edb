"""The power fails while a session is backed up, merged, rescued or migrated.

Existing files are unchanged, or completely migrated; the new file is complete or missing, and it
exists once the program has printed its path.
"""

import hashlib
import shutil
import sqlite3
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from damage_support import event_rows, long_session
from faults.conftest import ReportResult
from faults.counts import chance, count
from faults.fresh import MEMORY
from faults.line_program import WORKSHOP
from faults.power import Disk, Files, Stored, SystemCall, build, read_directory, record, write_files
from store_support import Writer

from workshop.errors import WorkshopError
from workshop.live_session import make_events, now
from workshop.session.events import AnswerAdded, Event
from workshop.storage.integrity.verify import verify
from workshop.storage.sqlite.event_store import SqliteEventStore

pytestmark = [
    pytest.mark.skipif(shutil.which("cc") is None, reason="there is no C compiler"),
    pytest.mark.skipif(sys.platform != "linux", reason="LD_PRELOAD is Linux's"),
]

TORN = count("TORN_MAINTENANCE", 4)
"""The number of partly written states that are tried at each point."""
OLD_VERSION = Path(__file__).parent.parent / "data" / "session-v1.db"


@pytest.fixture(scope="module")
def recorder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("recorder"))


@pytest.fixture
def scratch() -> Iterator[Path]:
    """A directory in memory, in which a sync costs nothing."""
    with tempfile.TemporaryDirectory(dir=MEMORY) as name:
        yield Path(name)


def sound_events(path: Path) -> tuple[Event, ...]:
    """Return the events of the session at `path` after checking that it is sound."""
    verdict = verify(path)
    assert verdict.is_sound, verdict.damage
    with SqliteEventStore.open(path) as file:
        return tuple(file.events())


@dataclass
class OutageCheck:
    """Checks what each power failure during one run of the program leaves."""

    scratch: Path
    target: str
    complete: tuple[Event, ...]
    """The events in the new file after a complete run."""
    sources: Files
    outages: int = 0
    outages_with_target: int = 0
    """The number of outages after which the new file existed."""
    checked: set[str] = field(default_factory=set)
    """The hashes of the new files that were checked."""

    def check(self, files: Files, *, acknowledged: bool) -> None:
        """Check that the sources are unchanged, and that the target is complete or missing."""
        self.outages += 1
        for name, content in self.sources.items():
            assert files[name] == content, f"{name} was changed"
            assert f"{name}-journal" not in files
        new_files = files.keys() - self.sources.keys()
        assert all(name.startswith((".workshop-", self.target)) for name in new_files), new_files
        if self.target not in files:
            assert not acknowledged, f"{self.target} is missing after its path was printed"
            return
        self.outages_with_target += 1
        target_files = {n: c for n, c in files.items() if n.startswith(self.target)}
        state = " ".join(hashlib.sha256(target_files[n]).hexdigest() for n in sorted(target_files))
        if state not in self.checked:
            write_files(target_files, self.scratch)
            assert sound_events(self.scratch / self.target) == self.complete
            self.checked.add(state)


def every_state(
    log: Sequence[SystemCall], disk: Disk, without: str = ""
) -> Iterator[tuple[Files, bool]]:
    """Yield what a power failure may leave after each call, and whether it was acknowledged.

    The result is acknowledged once the program has printed anything. `without` lists calls that
    the disk ignores.
    """
    acknowledged = False
    for point, call in enumerate(log):
        if call.kind != without:
            disk.apply(call)
        acknowledged = acknowledged or call.kind == "O"
        states = [disk.without_power(), disk.now()]
        states += [disk.torn(chance("care", point, draw)) for draw in range(TORN)]
        for state in states:
            yield state, acknowledged


def _two_copies(folder: Path) -> list[str]:
    """Write two copies of one session that were changed separately."""
    names = ["one.db", "other.db"]
    for name in names:
        path = folder / name
        path.write_bytes(long_session("own", 40))
        with Writer.open(path) as file:
            file.events()
            address = file.session().addresses[0]
            body = AnswerAdded(question=address, text=f"only in {name}", participant="Anna")
            file.add(make_events([body], "Anna", now()))
    return names


def _one(folder: Path) -> list[str]:
    (folder / "one.db").write_bytes(long_session("own", 40))
    return ["one.db"]


def _damaged(folder: Path) -> list[str]:
    content = bytearray(long_session("own", 40))
    offset = max(row.offset for row in event_rows(content) if "rye bread" in str(row.values[-2]))
    offset = content.index(b"rye bread", offset)
    content[offset : offset + 3] = b"###"
    (folder / "one.db").write_bytes(content)
    return ["one.db"]


COMMANDS: dict[str, tuple[Callable[[Path], list[str]], int]] = {
    "backup": (_one, 0),
    "merge": (_two_copies, 0),
    "rescue": (_damaged, 7),
}
"""For each command, the function that writes its input files, and its exit code."""


@dataclass
class Run:
    """A complete run of a command."""

    before: Stored
    log: list[SystemCall]
    complete: tuple[Event, ...]

    def check_outages(self, scratch: Path, without: str = "") -> OutageCheck:
        """Check what is left after a power failure at every point."""
        sources = {name: content for name, (_, content) in self.before.items()}
        check = OutageCheck(scratch, "new.db", self.complete, sources)
        for state, acknowledged in every_state(self.log, Disk(self.before), without):
            check.check(state, acknowledged=acknowledged)
        return check


def run(recorder: Path, folder: Path, command: str) -> Run:
    """Record a command on its input files in `folder`."""
    write_inputs, code = COMMANDS[command]
    folder.mkdir()
    inputs = [str(folder / name) for name in write_inputs(folder)]
    before = read_directory(folder)
    target = folder / "new.db"
    log, result = record(recorder, [WORKSHOP, command, *inputs, "-o", str(target)], "", folder)
    assert result.returncode == code, result.stderr.decode()
    return Run(before, log, sound_events(target))


@pytest.mark.parametrize("command", COMMANDS)
def test_a_new_file_is_complete_or_missing_and_the_files_that_were_read_are_unchanged(
    recorder: Path, scratch: Path, tmp_path: Path, report_result: ReportResult, command: str
) -> None:
    complete_run = run(recorder, tmp_path / "sessions", command)
    check = complete_run.check_outages(scratch)
    syncs = sum(call.kind in "SD" for call in complete_run.log)
    assert 0 < check.outages_with_target < check.outages
    report_result(
        f"{check.outages} outages, {syncs} sync points; "
        f"{check.outages_with_target} left the complete new file"
    )


@pytest.mark.parametrize("without", ["S", "D"], ids=["files", "the-directory"])
@pytest.mark.parametrize("command", COMMANDS)
def test_a_disk_that_ignores_syncs_fails_the_check(
    recorder: Path, scratch: Path, tmp_path: Path, command: str, without: str
) -> None:
    """Shows that the test above notices a lost file."""
    complete_run = run(recorder, tmp_path / "sessions", command)
    with pytest.raises((AssertionError, WorkshopError)):
        complete_run.check_outages(scratch, without)


def test_a_session_is_migrated_completely_or_not_at_all(
    recorder: Path, scratch: Path, tmp_path: Path, report_result: ReportResult
) -> None:
    """Its answers are always there, and a copy of the old file before it is changed."""
    folder = tmp_path / "sessions"
    folder.mkdir()
    path = folder / "old.db"
    path.write_bytes(OLD_VERSION.read_bytes())
    before = read_directory(folder)
    log, result = record(recorder, [WORKSHOP, "resume", str(path), "--plain"], "", folder)
    assert result.returncode == 0, result.stderr.decode()
    outages, checked, migrated = 0, set[str](), 0
    shutil.copyfile(OLD_VERSION, tmp_path / "old_version.db")
    old_events = sound_events(tmp_path / "old_version.db")
    for state, _ in every_state(log, Disk(before)):
        outages += 1
        names = sorted(name for name in state if not name.startswith(".workshop-"))
        assert "old.db" in names
        key = " ".join(hashlib.sha256(state[name]).hexdigest() for name in names)
        if key in checked:
            continue
        checked.add(key)
        write_files({name: state[name] for name in names}, scratch)
        copies = [name for name in names if "backup" in name]
        for name in copies:
            assert (scratch / name).read_bytes()[:16] == b"SQLite format 3\0"
            assert verify(scratch / name).is_sound
        is_migrated = version_of(scratch / "old.db") > 1
        assert copies or not is_migrated, "it was changed without a copy of the old file"
        migrated += is_migrated
        assert sound_events(scratch / "old.db")[: len(old_events)] == old_events
    assert 0 < migrated < len(checked)
    report_result(
        f"{outages} outages, {len(checked)} different states, {migrated} of them migrated; 0 lost"
    )


def version_of(path: Path) -> int:
    """Return the schema version of the file at `path`, after any rollback of its journal."""
    with closing(sqlite3.connect(path)) as connection:
        return int(connection.execute("PRAGMA user_version").fetchone()[0])
