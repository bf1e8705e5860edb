"""The tools beside the program: what a developer runs by `make` or as a git hook."""

import subprocess
import sys
from pathlib import Path

import pytest
from sample_session import make_sample_session

from workshop.session.event_log import EventLog
from workshop.storage.integrity.verify import verify
from workshop.storage.sqlite.event_store import SqliteEventStore

TOOLS = Path(__file__).resolve().parent.parent / "tools"


@pytest.mark.parametrize(
    ("message", "code"),
    [("Name the lock's file\n\nWhy.\n", 0), ("x" * 72, 0), ("x" * 73, 1), ("\nlate\n", 1), ("", 1)],
)
def test_the_commit_hook_refuses_a_subject_that_is_missing_or_too_long(
    tmp_path: Path, message: str, code: int
) -> None:
    (tmp_path / "message").write_text(message, "utf-8")
    command = [sys.executable, str(TOOLS / "check_commit_subject.py"), str(tmp_path / "message")]
    hook = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (hook.returncode, bool(hook.stderr)) == (code, bool(code))


def test_the_sample_session_has_something_of_everything(tmp_path: Path) -> None:
    path = make_sample_session(tmp_path)
    assert verify(path).is_sound
    with SqliteEventStore.open(path) as file:
        state = EventLog(file.events()).state
    assert len(state.answers) > 30
    assert state.skipped
    assert state.parked
    assert state.actions
    assert {answer.participant for answer in state.answers.values()} == {"Anna", "Ben", "Chiara"}
    assert any(answer.votes for answer in state.answers.values())
