"""Backup, rescue, merge, report and export on a tenth of the malformed session files.

Each writes a complete, sound file, or none and gives the reason in one sentence.
"""

import functools
import json
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from faults import trials
from faults.broken_sessions import break_session, sound_files
from faults.conftest import ReportResult
from faults.counts import count
from faults.fresh import MEMORY
from hostile import harmful

from workshop.errors import WorkshopError
from workshop.export.formats import FORMATS
from workshop.export.write_file import write_request
from workshop.frontends.cli.commands import maintenance
from workshop.frontends.cli.report_request import load_request
from workshop.storage.backup import back_up
from workshop.storage.integrity.rescue import rescue
from workshop.storage.integrity.verify import verify
from workshop.storage.merge_files import merge
from workshop.storage.sqlite.event_store import SqliteEventStore
from workshop.storage.sqlite.snapshot import snapshot

FILES = count("MAINTAINED", 1_000)
SECONDS = 10.0
"""The processor time that one may take: rescue tries to flip every single bit."""


@functools.cache
def sound_copies() -> dict[str, bytes]:
    """Return the sound files from which the malformed ones were made, by session id."""
    contents: dict[str, bytes] = {}
    with tempfile.TemporaryDirectory(dir=MEMORY) as folder:
        for number, content in enumerate(sound_files()):
            path = Path(folder, f"{number}.db")
            path.write_bytes(content)
            with SqliteEventStore.open(path) as file:
                contents[file.session().id] = content
    return contents


def _back_up(path: Path, target: Path) -> None:
    verdict = back_up(path, target)
    assert verdict.is_sound
    with SqliteEventStore.open(path) as original, SqliteEventStore.open(target) as backup:
        assert original.load().records == backup.load().records


def _rescue(path: Path, target: Path) -> None:
    """Rescue what is sound, and merge the result with a sound copy of the session."""
    content = path.read_bytes()
    try:
        rescued = rescue(path, target)
    finally:
        assert path.read_bytes() == content, "rescuing changed the file"
    trials.assert_is_printable(list(maintenance._rescued_lines(rescued)))
    assert verify(target).events == rescued.events
    union = path.with_name("union.db")
    try:
        _merge(target, union)
    except WorkshopError as error:
        trials.assert_is_error_for_people(error, str(path.parent.parent))
        assert not union.exists()
    else:
        assert verify(union).is_sound


def _merge(path: Path, target: Path) -> None:
    """Merge it with a sound copy of the session, in both orders."""
    folder = Path(target.parent.parent, "merge")
    folder.mkdir()
    sound, content = _sound_copy(path, folder), path.read_bytes()
    try:
        merged = merge(path, sound, target)
    finally:
        assert path.read_bytes() == content, "merging changed the file"
    trials.assert_is_printable(list(maintenance._merged_lines(merged)))
    reverse = folder / "reverse.db"
    merge(sound, path, reverse)
    with SqliteEventStore.open(target) as one, SqliteEventStore.open(reverse) as other:
        assert one.load().records == other.load().records
        assert len(one.load().records) == merged.events


def _sound_copy(path: Path, folder: Path) -> Path:
    """Write the sound file with the session id of the file at `path`, or any, into `folder`."""
    copies = sound_copies()
    session = next(iter(copies))
    with suppress(WorkshopError), snapshot(path) as copy, SqliteEventStore.open(copy) as file:
        session = file.session().id
    sound = folder / "sound.db"
    sound.write_bytes(copies.get(session, next(iter(copies.values()))))
    return sound


def _markdown(path: Path, target: Path) -> None:
    write_request(load_request(path), str(target), FORMATS["md"])
    trials.assert_is_printable([target.read_text("utf-8")])


def _json(path: Path, target: Path) -> None:
    write_request(load_request(path), str(target), FORMATS["json"])
    text = target.read_text("utf-8")
    assert harmful(text) == []
    assert json.loads(text)["answers"] is not None


ACTIONS: dict[str, tuple[Callable[[Path, Path], None], str]] = {
    "backup": (_back_up, "db"),
    "rescue": (_rescue, "db"),
    "merge": (_merge, "db"),
    "report": (_markdown, "md"),
    "export": (_json, "json"),
}


def try_action(number: int) -> tuple[str, str, str]:
    """Try one action on one malformed session; return its name, the outcome and the message."""
    name = list(ACTIONS)[number % len(ACTIONS)]
    action, suffix = ACTIONS[name]
    with tempfile.TemporaryDirectory(dir=MEMORY) as folder:
        path, target = Path(folder, "sessions", "some.db"), Path(folder, "out", f"new.{suffix}")
        path.parent.mkdir()
        target.parent.mkdir()
        break_session(number // len(ACTIONS), path)
        try:
            action(path, target)
        except WorkshopError as error:
            trials.assert_is_error_for_people(error, folder)
            assert not target.exists()
            return name, "refused", error.message.replace(folder, "FOLDER")
        finally:
            other_files = [file for file in target.parent.iterdir() if file != target]
            assert other_files == []
        if suffix == "db":
            verdict = verify(target)
            assert verdict.is_sound, verdict.damage
        return name, "sound", ""


def test_every_action_on_a_malformed_session_writes_a_sound_file_or_refuses_in_one_sentence(
    report_result: ReportResult,
) -> None:
    tries = FILES * len(ACTIONS)
    results = trials.try_all(try_action, tries, SECONDS)
    report_result(trials.summarize(results))
    assert len(results) == tries
    assert not any(trial.is_wrong for trial in results), trials.describe_failures(results)
    if FILES >= 100:
        for name in ACTIONS:
            assert {t.outcome for t in results if t.kind == name} == {"sound", "refused"}, name
