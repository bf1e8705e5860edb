"""The power fails while a session is copied, united, rescued or brought up to date.

What was there before is as it was, or, brought up to date, whole; what was to be made is whole or
not there; and it is there once the program has said so.
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
from damage_support import long_session
from faults.conftest import Tell
from faults.counts import chance, count
from faults.fresh import MEMORY
from faults.line_program import WORKSHOP
from faults.power import Disk, Files, QuestionAsked, Stored, build, lay_out, record, stored

from workshop.errors import WorkshopError
from workshop.live_session import make_events, now
from workshop.session.events import AnswerAdded, Event
from workshop.storage.integrity.verify import verify
from workshop.storage.sqlite.session_file import SessionFile

pytestmark = [
    pytest.mark.skipif(shutil.which("cc") is None, reason="there is no C compiler"),
    pytest.mark.skipif(sys.platform != "linux", reason="LD_PRELOAD is Linux's"),
]

TORN = count("TORN_CARE", 4)
"""How many ways of leaving things half-written are tried at each point."""
OLDER = Path(__file__).parent.parent / "data" / "session-v1.db"


@pytest.fixture(scope="module")
def recorder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("recorder"))


@pytest.fixture
def lair() -> Iterator[Path]:
    """A directory in memory, where reading many files back costs no real sync."""
    with tempfile.TemporaryDirectory(dir=MEMORY) as name:
        yield Path(name)


def log_of(path: Path) -> tuple[Event, ...]:
    """Return the events of a session, once its file was found sound."""
    verdict = verify(path)
    assert verdict.is_sound, verdict.damage
    with SessionFile.open(path) as file:
        return tuple(file.events())


@dataclass
class Cuts:
    """Looks at what each power cut leaves of one run of the program."""

    lair: Path
    target: str
    whole: tuple[Event, ...]
    """What is in the new file where the power did not fail."""
    sources: Files
    outages: int = 0
    there: int = 0
    """After how many of them the new file was there."""
    seen: set[str] = field(default_factory=set)
    """What the new files held that were looked at, as their hashes."""

    def look(self, files: Files, *, promised: bool) -> None:
        """Hold what is left: the sources to the byte, the target whole or absent."""
        self.outages += 1
        for name, content in self.sources.items():
            assert files[name] == content, f"{name} is not as it was"
            assert f"{name}-journal" not in files
        made = files.keys() - self.sources.keys()
        assert all(name.startswith((".workshop-", self.target)) for name in made), made
        if self.target not in files:
            assert not promised, f"{self.target} was said to be there"
            return
        self.there += 1
        beside = {n: c for n, c in files.items() if n.startswith(self.target)}
        state = " ".join(hashlib.sha256(beside[n]).hexdigest() for n in sorted(beside))
        if state not in self.seen:
            lay_out(beside, self.lair)
            assert log_of(self.lair / self.target) == self.whole
            self.seen.add(state)


def every_state(
    log: Sequence[QuestionAsked], disk: Disk, without: str = ""
) -> Iterator[tuple[Files, bool]]:
    """Yield what may be left after each thing that was asked for, and whether it was done by then.

    It is done once the program has said anything. `without` names what the disk was asked for and
    did not do.
    """
    said = False
    for point, asked in enumerate(log):
        if asked.what != without:
            disk.take(asked)
        said = said or asked.what == "O"
        states = [disk.without_power(), disk.now()]
        states += [disk.torn(chance("care", point, draw)) for draw in range(TORN)]
        for state in states:
            yield state, said


def _two_copies(folder: Path) -> list[str]:
    """Lay out two copies of one session that went separate ways."""
    names = ["one.db", "other.db"]
    for name in names:
        path = folder / name
        path.write_bytes(long_session("own", 40))
        with SessionFile.open(path) as file:
            file.events()
            stop = file.session().addresses[0]
            said = AnswerAdded(question=stop, text=f"only in {name}", participant="Anna")
            file.append(make_events([said], "Anna", now()))
    return names


def _one(folder: Path) -> list[str]:
    (folder / "one.db").write_bytes(long_session("own", 40))
    return ["one.db"]


def _damaged(folder: Path) -> list[str]:
    content = bytearray(long_session("own", 40))
    at = content.rindex(b"rye bread")
    content[at : at + 3] = b"###"
    (folder / "one.db").write_bytes(content)
    return ["one.db"]


COMMANDS: dict[str, tuple[Callable[[Path], list[str]], int]] = {
    "backup": (_one, 0),
    "merge": (_two_copies, 0),
    "rescue": (_damaged, 7),
}
"""What each command is given, and its exit code."""


@dataclass
class Run:
    """A run of a command that was not cut short."""

    before: Stored
    log: list[QuestionAsked]
    whole: tuple[Event, ...]

    def cuts(self, lair: Path, without: str = "") -> Cuts:
        """Cut the power everywhere, and look at what is left."""
        sources = {name: content for name, (_, content) in self.before.items()}
        cuts = Cuts(lair, "new.db", self.whole, sources)
        for state, said in every_state(self.log, Disk(self.before), without):
            cuts.look(state, promised=said)
        return cuts


def run(recorder: Path, folder: Path, command: str) -> Run:
    """Run a command on what it is given, in `folder`."""
    lay, code = COMMANDS[command]
    folder.mkdir()
    given = [str(folder / name) for name in lay(folder)]
    before = stored(folder)
    target = folder / "new.db"
    log, done = record(recorder, [WORKSHOP, command, *given, "-o", str(target)], "", folder)
    assert done.returncode == code, done.stderr.decode()
    return Run(before, log, log_of(target))


@pytest.mark.parametrize("command", COMMANDS)
def test_what_a_command_makes_is_whole_or_not_there_and_what_it_reads_is_as_it_was(
    recorder: Path, lair: Path, tmp_path: Path, tell: Tell, command: str
) -> None:
    done = run(recorder, tmp_path / "sessions", command)
    cuts = done.cuts(lair)
    syncs = sum(asked.what in "SD" for asked in done.log)
    assert 0 < cuts.there < cuts.outages
    tell(f"{cuts.outages} outages, {syncs} sync points; {cuts.there} left the new file, whole")


@pytest.mark.parametrize("without", ["S", "D"], ids=["files", "the-directory"])
@pytest.mark.parametrize("command", COMMANDS)
def test_a_disk_that_does_not_sync_is_found_out(
    recorder: Path, lair: Path, tmp_path: Path, command: str, without: str
) -> None:
    """Without this, the test above could be blind."""
    done = run(recorder, tmp_path / "sessions", command)
    with pytest.raises((AssertionError, WorkshopError)):
        done.cuts(lair, without)


def test_a_session_is_brought_up_to_date_wholly_or_not_at_all(
    recorder: Path, lair: Path, tmp_path: Path, tell: Tell
) -> None:
    """Its answers are there all the while; a copy of it as it was, before it is changed."""
    folder = tmp_path / "sessions"
    folder.mkdir()
    path = folder / "old.db"
    path.write_bytes(OLDER.read_bytes())
    before = stored(folder)
    log, done = record(recorder, [WORKSHOP, "resume", str(path), "--plain"], "", folder)
    assert done.returncode == 0, done.stderr.decode()
    outages, seen, newer = 0, set[str](), 0
    shutil.copyfile(OLDER, tmp_path / "older.db")
    was = log_of(tmp_path / "older.db")
    for state, _ in every_state(log, Disk(before)):
        outages += 1
        names = sorted(name for name in state if not name.startswith(".workshop-"))
        assert "old.db" in names
        key = " ".join(hashlib.sha256(state[name]).hexdigest() for name in names)
        if key in seen:
            continue
        seen.add(key)
        lay_out({name: state[name] for name in names}, lair)
        copies = [name for name in names if "backup" in name]
        for name in copies:
            assert (lair / name).read_bytes()[:16] == b"SQLite format 3\0"
            assert verify(lair / name).is_sound
        is_newer = version_of(lair / "old.db") > 1
        assert copies or not is_newer, "it was changed, and there is no copy of it as it was"
        newer += is_newer
        assert log_of(lair / "old.db")[: len(was)] == was
    assert 0 < newer < len(seen)
    tell(f"{outages} outages, {len(seen)} different states, {newer} of them up to date; 0 lost")


def version_of(path: Path) -> int:
    """Return the version of the session in the file at `path`, once a journal was rolled back."""
    with closing(sqlite3.connect(path)) as connection:
        return int(connection.execute("PRAGMA user_version").fetchone()[0])
