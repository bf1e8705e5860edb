"""Ten thousand malformed session files: each is read as sound or refused in one sentence."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from faults import trials
from faults.broken_sessions import KINDS, break_session, sound_files
from faults.conftest import ReportResult
from faults.counts import count
from faults.fresh import MEMORY
from hostile import harmful

from workshop.errors import WorkshopError
from workshop.frontends.cli import json_views, text_views
from workshop.session.event_log import EventLog
from workshop.storage.catalog import list_sessions
from workshop.storage.integrity.verify import verify
from workshop.storage.sqlite.event_store import SqliteEventStore

SESSIONS = count("SESSIONS", 10_000)
COMMAND_LINES = count("SESSION_COMMAND_LINES", 40)
LIBRARY_WORDS = ("Traceback", "sqlite3.", "pydantic", "Input should", "validation error")


def check_one(number: int) -> tuple[str, str, str]:
    """List, verify, open, fold and show a malformed session; their results must agree."""
    with tempfile.TemporaryDirectory(dir=MEMORY) as folder:
        victim = Path(folder, "victim")
        victim.write_text("another file", encoding="utf-8")
        path = Path(folder, "sessions", "some.db")
        path.parent.mkdir()
        kind = break_session(number, path)
        content = path.read_bytes()
        verdict = None
        try:
            verdict = verify(path)
        except WorkshopError as error:
            trials.assert_is_error_for_people(error, str(path))
        assert path.read_bytes() == content, "verifying changed the file"
        if verdict is not None:
            trials.assert_is_printable([*verdict.damage, *verdict.warnings])
        listed, unreadable = list_sessions(path.parent)
        assert len(listed) + len(unreadable) == 1
        trials.assert_is_printable(text_views.session_table(listed, 80))
        trials.assert_is_printable_json([json_views.session_entry(summary) for summary in listed])
        try:
            show(path)
        except WorkshopError as error:
            trials.assert_is_error_for_people(error, str(path))
            refusal = error.message.replace(str(path), "FILE")
        else:
            refusal = ""
        assert victim.exists()
        if refusal:
            assert verdict is None or not verdict.is_sound, f"sound, but refused: {refusal}"
            return kind, "refused", refusal
        # A file that opens was recovered from its journal if it had one, and is then sound.
        assert listed, unreadable
        assert verdict is not None
        # Opening checks all content that it reads. Only verifying checks SQLite's indexes, the type
        # of drafts and the table of answers.
        not_checked = ("SQLite", "half-typed", "its table of answers")
        assert all(damage.startswith(not_checked) for damage in verdict.damage), verdict.damage
        assert verdict.unsound == ()
        return kind, "sound", ""


def show(path: Path) -> None:
    """Open a session and show it as `workshop show` does, in words and as JSON."""
    with SqliteEventStore.open(path) as file:
        session, events, drafts = file.session(), file.events(), file.drafts()
    event_log = EventLog(events)
    trials.assert_is_printable(text_views.session_text(session, event_log, "FILE"))
    trials.assert_is_printable_json(json_views.session_value(session, event_log, "FILE"))
    trials.assert_is_printable([draft.text for draft in drafts])


def test_a_malformed_session_file_is_sound_or_refused_in_one_sentence(
    tmp_path: Path, report_result: ReportResult
) -> None:
    for number, content in enumerate(sound_files()):
        path = tmp_path / f"{number}.db"
        path.write_bytes(content)
        show(path)
        assert verify(path).is_sound
    results = trials.try_all(check_one, SESSIONS)
    report_result(trials.summarize(results))
    assert len(results) == SESSIONS
    assert not any(trial.is_wrong for trial in results), trials.describe_failures(results)
    if SESSIONS >= 1_000:
        assert {trial.kind for trial in results} == set(KINDS)
        assert {trial.outcome for trial in results} == {"sound", "refused"}


def test_the_command_line_refuses_a_session_in_one_line_with_an_exit_code(
    tmp_path: Path, report_result: ReportResult
) -> None:
    codes: list[tuple[int, ...]] = []
    for number in range(COMMAND_LINES):
        path = tmp_path / str(number) / "some.db"
        path.parent.mkdir()
        break_session(number, path)
        codes.append(tuple(run_command(path, *words) for words in (
            ("list",), ("show", str(path)), ("verify", str(path)), ("resume", "--plain", str(path)),
        )))  # fmt: skip
    assert {code for each in codes for code in each} <= {0, 3, 4, 5, 6}
    for list_code, show_code, verify_code, resume_code in codes:
        assert list_code == 0
        assert (show_code == 0) == (resume_code == 0)
        assert verify_code in (0, 4)
    report_result(
        f"4 commands on each of {len(codes)} files: {sum(c[1] == 0 for c in codes)} were shown"
    )


def run_command(path: Path, *words: str) -> int:
    """Run a command, check its output, and return its exit code."""
    result = subprocess.run(
        [sys.executable, "-m", "workshop", "--sessions", str(path.parent), *words],
        capture_output=True, timeout=60, check=False, stdin=subprocess.DEVNULL,
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
    )  # fmt: skip
    out, err = result.stdout.decode(), result.stderr.decode()
    assert harmful(out + err) == [], (words, out, err)
    assert [words for words in LIBRARY_WORDS if words in out + err] == []
    if result.returncode:
        assert len(err.splitlines()) <= 1, err
        assert err or words[0] == "verify", words
    return result.returncode
