"""A tenth of the files that are almost sessions meets what copies, mends, unites and reports them.

Each of them writes a whole, sound file and says so, or none and says why in one sentence.
"""

import functools
import json
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from faults import hardships
from faults.broken_sessions import break_session, sound_files
from faults.conftest import Tell
from faults.counts import count
from faults.fresh import MEMORY
from hostile import harmful

from workshop.errors import WorkshopError
from workshop.export.formats import FORMATS
from workshop.frontends.cli.commands import maintenance
from workshop.frontends.cli.write_report import load_request, write_request
from workshop.storage.backup import back_up
from workshop.storage.integrity.rescue import rescue
from workshop.storage.integrity.verify import verify
from workshop.storage.merge_files import merge
from workshop.storage.sqlite.session_file import SessionFile
from workshop.storage.sqlite.snapshot import snapshot

FILES = count("CARED_FOR", 1_000)
SECONDS = 10.0
"""How much of the processor's time one may take: rescue tries out every single bit."""


@functools.cache
def sound_copies() -> dict[str, bytes]:
    """Return the files from which the broken ones were made, by the sessions' ids."""
    found: dict[str, bytes] = {}
    with tempfile.TemporaryDirectory(dir=MEMORY) as folder:
        for number, content in enumerate(sound_files()):
            path = Path(folder, f"{number}.db")
            path.write_bytes(content)
            with SessionFile.open(path) as file:
                found[file.session().id] = content
    return found


def _back_up(path: Path, target: Path) -> None:
    verdict = back_up(path, target)
    assert verdict.is_sound
    with SessionFile.open(path) as one, SessionFile.open(target) as other:
        assert one.records() == other.records()


def _rescue(path: Path, target: Path) -> None:
    """Save what is sound, and unite that with a copy of what the session was."""
    content = path.read_bytes()
    try:
        rescued = rescue(path, target)
    finally:
        assert path.read_bytes() == content, "rescuing changed the file"
    hardships.is_plain(list(maintenance._rescued_lines(rescued)))
    assert verify(target).events == rescued.events
    union = path.with_name("union.db")
    try:
        _merge(target, union)
    except WorkshopError as error:
        hardships.is_for_people(error, str(path.parent.parent))
        assert not union.exists()
    else:
        assert verify(union).is_sound


def _merge(path: Path, target: Path) -> None:
    """Unite it with a sound copy of what it was, on either side."""
    room = Path(target.parent.parent, "room")
    room.mkdir()
    sound, content = _sound_copy(path, room), path.read_bytes()
    try:
        merged = merge(path, sound, target)
    finally:
        assert path.read_bytes() == content, "merging changed the file"
    hardships.is_plain(list(maintenance._merged_lines(merged)))
    turned = room / "turned.db"
    merge(sound, path, turned)
    with SessionFile.open(target) as one, SessionFile.open(turned) as other:
        assert one.records() == other.records()
        assert len(one.records()) == merged.events


def _sound_copy(path: Path, room: Path) -> Path:
    """Return a copy of the file that the one at `path` was made from, as far as it says so."""
    copies = sound_copies()
    session = next(iter(copies))
    with suppress(WorkshopError), snapshot(path) as copy, SessionFile.open(copy) as file:
        session = file.session().id
    sound = room / "sound.db"
    sound.write_bytes(copies.get(session, next(iter(copies.values()))))
    return sound


def _markdown(path: Path, target: Path) -> None:
    write_request(load_request(path), str(target), FORMATS["md"])
    hardships.is_plain([target.read_text("utf-8")])


def _json(path: Path, target: Path) -> None:
    write_request(load_request(path), str(target), FORMATS["json"])
    text = target.read_text("utf-8")
    assert harmful(text) == []
    assert json.loads(text)["answers"] is not None


CARE: dict[str, tuple[Callable[[Path, Path], None], str]] = {
    "backup": (_back_up, "db"),
    "rescue": (_rescue, "db"),
    "merge": (_merge, "db"),
    "report": (_markdown, "md"),
    "export": (_json, "json"),
}


def what_care_comes_to(number: int) -> tuple[str, str, str]:
    """Do one thing with one broken session; say whether it was done, or why not."""
    name = list(CARE)[number % len(CARE)]
    do, ending = CARE[name]
    with tempfile.TemporaryDirectory(dir=MEMORY) as folder:
        path, target = Path(folder, "sessions", "some.db"), Path(folder, "out", f"new.{ending}")
        path.parent.mkdir()
        target.parent.mkdir()
        break_session(number // len(CARE), path)
        try:
            do(path, target)
        except WorkshopError as error:
            hardships.is_for_people(error, folder)
            assert not target.exists()
            return name, "refused", error.message.replace(folder, "FOLDER")
        finally:
            left = [each for each in target.parent.iterdir() if each != target]
            assert left == []
        if ending == "db":
            verdict = verify(target)
            assert verdict.is_sound, verdict.damage
        return name, "sound", ""


def test_whatever_is_done_with_a_broken_session_it_makes_a_sound_file_or_says_one_sentence(
    tell: Tell,
) -> None:
    tries = FILES * len(CARE)
    done = hardships.try_all(what_care_comes_to, tries, SECONDS)
    tell(hardships.told(done))
    assert len(done) == tries
    assert not any(tried.is_wrong for tried in done), hardships.first_wrong(done)
    if FILES >= 100:
        for name in CARE:
            assert {t.came_to for t in done if t.kind == name} == {"sound", "refused"}, name
