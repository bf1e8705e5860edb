"""What people get wrong, and what goes wrong: one clear sentence, an exit code, no traceback."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from cli_support import Workshop

from workshop.__main__ import main
from workshop.banks.registry import find_bank
from workshop.banks.shipped import banks_directory
from workshop.frontends.cli.sessions import make_session


def a_session(sessions: Path, title: str = "Acme 2027") -> Path:
    return make_session(sessions, find_bank("it_business_model_canvas"), title=title)


# ── the command line itself ──────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["lsit"], "No such command 'lsit'"),
        (["--frobnicate"], "--frobnicate"),
        (["new"], "BANK"),
        (["show"], "SESSION"),
        (["list", "extra"], "extra"),
        (["banks", "shwo"], "shwo"),
        (["--sessions", "", "list"], "--sessions"),
        (["--sessions", "~nobody-is-called-so/x", "list"], "home"),
        (["new", "it", "--mode", "crowd"], "crowd"),
        (["new", "it", "--title", ""], "empty"),
        (["new", "it", "--title", "\x1b[31m \u202e"], "empty"),
        (["new", "it", "--title", "x" * 201], "at most 200"),
        (["new", "it", "--participant", " "], "empty"),
        (["new", "it", "--participant", "x" * 61], "at most 60"),
        (["new", "it", "--level", "lower"], "has no level 'lower': it has no levels"),
        (["new", "business", "--level", "middle"], "its levels are higher, lower"),
        (["new", "business", "--name", "Acme"], "higher=Acme"),
        (["new", "business", "--name", "middle=Acme"], "its levels are higher, lower"),
        (["new", "business", "--name", "lower="], "empty"),
        (["resume", "--as", ""], "empty"),
        (["report", "x", "-o", ""], "empty"),
        (["nonsense\x1b[31m\udcff"], "nonsense"),
    ],
)
def test_a_wrong_command_line_is_one_sentence_and_exit_code_2(
    workshop: Workshop, sessions: Path, arguments: list[str], said: str
) -> None:
    outcome = workshop(*arguments)
    assert outcome.code == 2
    assert outcome.out == ""
    assert said in outcome.err
    assert outcome.err.count("\n") == 1
    assert outcome.err.rstrip().endswith("--help' says more.")
    assert not sessions.exists()


def test_a_mistyped_command_gets_the_nearest_suggestion(workshop: Workshop) -> None:
    assert "list" in workshop("lsit").err


# ── banks ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("command", [["new"], ["banks", "show"]])
def test_an_unknown_bank_gets_the_nearest_suggestion(
    workshop: Workshop, command: list[str]
) -> None:
    outcome = workshop(*command, "it_bussiness_model_canvas")
    assert outcome.code == 3
    assert outcome.out == ""
    assert "it_business_model_canvas" in outcome.err


@pytest.mark.parametrize(
    ("content", "code"),
    [("", 4), ("id: [", 4), ("just words", 4), ("\x00\x01", 4), ("id: x\nversion: 1\n", 4)],
)
def test_a_file_that_is_no_bank_is_refused_with_its_name(
    workshop: Workshop, tmp_path: Path, sessions: Path, content: str, code: int
) -> None:
    (tmp_path / "mine.yaml").write_text(content)
    outcome = workshop("new", "mine.yaml")
    assert outcome.code == code
    assert "mine.yaml" in outcome.err
    assert not sessions.exists()


@pytest.mark.parametrize("name", ["../../etc/passwd", "x" * 5000, "nul\udcff", ".", "/", "%s{0}"])
def test_no_name_of_a_bank_breaks_anything(workshop: Workshop, name: str) -> None:
    assert workshop("new", name).code in (3, 4, 5)


# ── sessions ─────────────────────────────────────────────────────────────────────────────────

READERS = (["show"], ["show", "--json"], ["report"], ["resume", "--plain"])


@pytest.mark.parametrize("command", READERS)
def test_an_unknown_session_gets_the_nearest_suggestion(
    workshop: Workshop, sessions: Path, command: list[str]
) -> None:
    path = a_session(sessions)
    outcome = workshop(*command, "Acme 2072")
    assert outcome.code == 3
    assert outcome.out == ""
    assert "Acme 2027" in outcome.err
    assert path.stem[-8:] in outcome.err


@pytest.mark.parametrize("command", READERS)
def test_an_ambiguous_session_lists_the_candidates(
    workshop: Workshop, sessions: Path, command: list[str]
) -> None:
    paths = [a_session(sessions, f"Acme {year}") for year in (2027, 2028)]
    outcome = workshop(*command, "acme")
    assert outcome.code == 3
    for path in paths:
        assert path.stem[-8:] in outcome.err


def test_resuming_nothing_says_how_to_begin(workshop: Workshop) -> None:
    outcome = workshop("resume")
    assert outcome.code == 3
    assert "workshop new BANK" in outcome.err


@pytest.mark.parametrize("name", ["x" * 5000, "\udcff", "a\nb", "", "~nobody", "%s{0}[/]"])
def test_no_name_of_a_session_breaks_anything(workshop: Workshop, name: str) -> None:
    assert workshop("show", name).code in (3, 4, 5)


def foreign(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE mine (x)")
    connection.close()


def newer(path: Path) -> None:
    with path.open("r+b") as file:
        file.seek(60)
        file.write((99).to_bytes(4, "big"))


def damaged(path: Path) -> None:
    content = path.read_bytes()
    path.write_bytes(content.replace(b"participant_joined", b"participant_jolned"))
    path.write_bytes(path.read_bytes()[:-4096])


SPOILS: dict[str, tuple[Callable[[Path], object], str]] = {
    "not a session": (lambda p: p.write_text("Dear diary"), "is not a session file"),
    "empty": (lambda p: p.write_bytes(b""), "is empty"),
    "foreign": (lambda p: (p.unlink(), foreign(p)), "another program"),
    "newer": (newer, "newer Workshop"),
    "damaged": (damaged, "damaged"),
}


@pytest.mark.parametrize("command", READERS)
@pytest.mark.parametrize("spoilt", SPOILS)
def test_a_spoilt_file_is_one_sentence_and_keeps_its_bytes(
    workshop: Workshop, sessions: Path, command: list[str], spoilt: str
) -> None:
    path = a_session(sessions)
    spoil, said = SPOILS[spoilt]
    spoil(path)
    before = path.read_bytes()
    outcome = workshop(*command, str(path))
    assert outcome.code in (4, 5)
    assert outcome.out == ""
    assert said in outcome.err
    assert outcome.err.count("\n") == 1
    assert path.read_bytes() == before
    assert list(sessions.iterdir()) == [path]


@pytest.mark.parametrize("command", READERS)
def test_a_directory_is_not_accepted_as_a_session(
    workshop: Workshop, tmp_path: Path, command: list[str]
) -> None:
    outcome = workshop(*command, str(tmp_path))
    assert outcome.code == 4
    assert "is a directory" in outcome.err


def test_a_file_without_permission_is_said(
    workshop: Workshop, sessions: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = a_session(sessions)
    real = Path.open

    def deny(self: Path, *arguments: object, **options: object) -> object:
        if self == path:
            raise PermissionError(13, "Permission denied", str(self))
        return real(self, *arguments, **options)

    monkeypatch.setattr(Path, "open", deny)
    outcome = workshop("show", str(path))
    assert outcome.code == 5
    assert "permission denied" in outcome.err
    listed = workshop("list")
    assert listed.code == 0
    assert "permission denied" in listed.err


def test_the_list_goes_on_after_files_that_it_cannot_read(
    workshop: Workshop, sessions: Path
) -> None:
    a_session(sessions)
    (sessions / "broken.db").write_text("Dear diary")
    (sessions / "empty.db").touch()
    outcome = workshop("list")
    assert outcome.code == 0
    assert "Acme 2027" in outcome.out
    assert "broken.db is not a session file." in outcome.err
    assert "empty.db is empty" in outcome.err


# ── folders ──────────────────────────────────────────────────────────────────────────────────


def test_a_sessions_folder_that_is_a_file_is_reported(workshop: Workshop, sessions: Path) -> None:
    sessions.write_text("a file")
    for arguments in (["new", "it", "--no-open"], ["list"], ["resume"]):
        outcome = workshop(*arguments)
        assert outcome.code in (5, 6)
        assert str(sessions) in outcome.err
        assert outcome.out == ""


def test_a_sessions_folder_that_cannot_be_written_is_reported_before_any_question(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    def deny(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("workshop.files.atomic.temporary_file", deny)
    outcome = workshop("new", "it", "--plain")
    assert outcome.code == 6
    assert outcome.out == ""
    assert "permission denied" in outcome.err
    assert "--sessions DIR" in outcome.err


# ── mistakes of ours ─────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("error", [RuntimeError("boom"), KeyError("boom")])
def test_an_unexpected_error_is_named_without_a_traceback(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def fail(*_: object) -> None:
        raise error

    monkeypatch.delenv("WORKSHOP_DEBUG", raising=False)
    monkeypatch.setattr("workshop.storage.catalog.list_sessions", fail)
    outcome = workshop("list")
    assert outcome.code == 70
    assert type(error).__name__ in outcome.err
    assert "WORKSHOP_DEBUG=1" in outcome.err


def test_debug_mode_shows_the_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("boom")

    monkeypatch.setenv("WORKSHOP_DEBUG", "1")
    monkeypatch.setattr("workshop.frontends.cli.root.run", fail)
    with pytest.raises(SystemExit) as left:
        main()
    assert left.value.code == 70
    assert "Traceback" in capsys.readouterr().err


def test_ctrl_c_exits_with_130_without_a_traceback(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("workshop.storage.catalog.list_sessions", interrupt)
    assert workshop("list").code == 130


def test_a_closed_pipe_causes_no_traceback(sessions: Path) -> None:
    for number in range(3):
        a_session(sessions, f"Acme {number}")
    command = f"{sys.executable} -m workshop --sessions {sessions}"
    for arguments in ("banks show it --json", "list", "show 'Acme 0'"):
        done = subprocess.run(
            f"{command} {arguments} | true", shell=True, capture_output=True, text=True, check=True
        )
        assert "Traceback" not in done.stderr
        assert "BrokenPipe" not in done.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no full disk to write to")
def test_output_that_cannot_be_written_is_reported(sessions: Path) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "workshop", "banks"],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
            env={**os.environ, "WORKSHOP_DEBUG": ""},
        )
    assert done.returncode == 74
    assert done.stderr == "The system refused: No space left on device.\n"
    assert "Traceback" not in done.stderr


def test_a_bank_is_found_by_its_path(workshop: Workshop, tmp_path: Path) -> None:
    assert find_bank("it").id == "it_business_model_canvas"
    source = banks_directory() / "it_business_model_canvas.yaml"
    (tmp_path / "mine.yaml").write_bytes(source.read_bytes())
    assert workshop("new", "mine.yaml", "--no-open").code == 0
