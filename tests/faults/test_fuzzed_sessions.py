"""Ten thousand files that are almost sessions: each is sound, or is refused in one sentence."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from faults import hardships
from faults.broken_sessions import KINDS, break_session, sound_files
from faults.conftest import Tell
from faults.counts import count
from faults.fresh import MEMORY
from hostile import harmful

from workshop.errors import WorkshopError
from workshop.frontends.cli import json_views, text_views
from workshop.session.event_log import EventLog
from workshop.storage.catalog import list_sessions
from workshop.storage.integrity.verify import verify
from workshop.storage.sqlite.session_file import SessionFile

SESSIONS = count("SESSIONS", 10_000)
COMMAND_LINES = count("SESSION_COMMAND_LINES", 40)
WRONG_WORDS = ("Traceback", "sqlite3.", "pydantic", "Input should", "validation error")


def what_becomes_of(number: int) -> tuple[str, str, str]:
    """List, verify, open, fold and show a broken session; what they say must agree."""
    with tempfile.TemporaryDirectory(dir=MEMORY) as folder:
        victim = Path(folder, "victim")
        victim.write_text("nobody's business", encoding="utf-8")
        path = Path(folder, "sessions", "some.db")
        path.parent.mkdir()
        kind = break_session(number, path)
        content = path.read_bytes()
        verdict = None
        try:
            verdict = verify(path)
        except WorkshopError as error:
            hardships.is_for_people(error, str(path))
        assert path.read_bytes() == content, "verifying changed the file"
        if verdict is not None:
            hardships.is_plain([*verdict.damage, *verdict.warnings])
        listed, unreadable = list_sessions(path.parent)
        assert len(listed) + len(unreadable) == 1
        hardships.is_plain(text_views.session_table(listed, 80))
        hardships.is_plain_json([json_views.session_entry(summary) for summary in listed])
        try:
            shown(path)
        except WorkshopError as error:
            hardships.is_for_people(error, str(path))
            refused = error.message.replace(str(path), "FILE")
        else:
            refused = ""
        assert victim.exists()
        if refused:
            assert verdict is None or not verdict.is_sound, f"sound, and yet: {refused}"
            return kind, "refused", refused
        # What opens is what a journal beside it, if there was one, puts right.
        assert listed, unreadable
        assert verdict is not None
        # Opening looks at all that is said. Whether SQLite's own indexes are whole, and half-typed
        # text is text, is looked at by verifying alone.
        beside = ("SQLite", "half-typed")
        assert all(damage.startswith(beside) for damage in verdict.damage), verdict.damage
        assert verdict.unsound == ()
        return kind, "sound", ""


def shown(path: Path) -> None:
    """Open a session and show it as `workshop show` does, in words and as JSON."""
    with SessionFile.open(path) as file:
        session, events, drafts = file.session(), file.events(), file.drafts()
    event_log = EventLog(events)
    hardships.is_plain(text_views.session_text(session, event_log, "FILE"))
    hardships.is_plain_json(json_views.session_value(session, event_log, "FILE"))
    hardships.is_plain([draft.text for draft in drafts])


def test_whatever_is_in_a_session_file_it_is_sound_or_one_sentence(
    tmp_path: Path, tell: Tell
) -> None:
    for number, content in enumerate(sound_files()):
        path = tmp_path / f"{number}.db"
        path.write_bytes(content)
        shown(path)
        assert verify(path).is_sound
    done = hardships.try_all(what_becomes_of, SESSIONS)
    tell(hardships.told(done))
    assert len(done) == SESSIONS
    assert not any(tried.is_wrong for tried in done), hardships.first_wrong(done)
    if SESSIONS >= 1_000:
        assert {tried.kind for tried in done} == set(KINDS)
        assert {tried.came_to for tried in done} == {"sound", "refused"}


def test_the_command_line_says_it_in_one_line_and_with_its_exit_code(
    tmp_path: Path, tell: Tell
) -> None:
    codes: list[tuple[int, ...]] = []
    for number in range(COMMAND_LINES):
        path = tmp_path / str(number) / "some.db"
        path.parent.mkdir()
        break_session(number, path)
        codes.append(tuple(said_about(path, *words) for words in (
            ("list",), ("show", str(path)), ("verify", str(path)), ("resume", "--plain", str(path)),
        )))  # fmt: skip
    assert {code for each in codes for code in each} <= {0, 3, 4, 5, 6}
    for listed, shown_code, verified, resumed in codes:
        assert listed == 0
        assert (shown_code == 0) == (resumed == 0)
        assert verified in (0, 4)
    tell(f"4 commands on each of {len(codes)} files: {sum(c[1] == 0 for c in codes)} were shown")


def said_about(path: Path, *words: str) -> int:
    """Run a command; assert that what it prints is plain; return its exit code."""
    done = subprocess.run(
        [sys.executable, "-m", "workshop", "--sessions", str(path.parent), *words],
        capture_output=True, timeout=60, check=False, stdin=subprocess.DEVNULL,
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
    )  # fmt: skip
    out, err = done.stdout.decode(), done.stderr.decode()
    assert harmful(out + err) == [], (words, out, err)
    assert [wrong for wrong in WRONG_WORDS if wrong in out + err] == []
    if done.returncode:
        assert len(err.splitlines()) <= 1, err
        assert err or words[0] == "verify", words
    return done.returncode
