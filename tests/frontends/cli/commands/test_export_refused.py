"""What report and export refuse, in one sentence each, and leave as it was."""

import errno
import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest
from cli_support import Workshop, new_session

from workshop.export import write_file
from workshop.export.formats import FORMATS

IN_PYTHON = [name for name in FORMATS if name != "pdf"]
TEXTS = [name for name, form in FORMATS.items() if form.is_text]


@pytest.fixture
def acme(workshop: Workshop) -> Path:
    """Return the file of a session with two answers."""
    path = new_session(workshop, "--title", "Acme", "--participant", "Anna")
    workshop("resume", path, "--plain", stdin="A start-up with drones\n@Anna Our own tenants\n")
    return Path(path)


# ── what is refused ──────────────────────────────────────────────────────────────────────────


@pytest.mark.usefixtures("acme")
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["report", "Acme", "-o", "a.pdf"], "'workshop export' writes PDF"),
        (["report", "Acme", "-o", "a.MD"], "'workshop export' writes Markdown"),
        (["report", "Acme", "-o", ""], "-o: it cannot be empty"),
        (["report", "Acme", "--template", ""], "--template: it cannot be empty"),
        (["report", "Acme", "--paper", "a5"], "'a4', 'letter'"),
        (["export", "Acme"], "--format takes one of docx, pdf"),
        (["export", "Acme", "-o", "a.odt"], "--format takes one of docx, pdf"),
        (["export", "Acme", "-o", "-"], "--format takes one of docx, pdf"),
        (["export", "Acme", "--format", "odt"], "'docx', 'pdf'"),
        (["export", "Acme", "--format", "md", "-o", "a.csv"], "name says csv, --format says md"),
        (
            ["export", "Acme", "--format", "md", "--template", "a.docx"],
            "only docx and pdf take a template",
        ),
        (["export", "-o", "a.md"], "SESSION"),
        (["import"], "FILE.json"),
        (["import", ""], "cannot be empty"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_a_command_line_that_asks_for_no_such_thing_is_a_usage_error(
    workshop: Workshop, tmp_path: Path, arguments: list[str], said: str
) -> None:
    outcome = workshop(*arguments)
    assert outcome.code == 2
    assert outcome.out == ""
    assert said in outcome.err
    assert "--help" in outcome.err
    assert outcome.err.count("\n") == 1
    assert {path.name for path in tmp_path.iterdir()} == {"sessions"}


def a_folder(tmp_path: Path) -> str:
    (tmp_path / "a folder.md").mkdir()
    (tmp_path / "a folder.md" / "mine").touch()
    return "a folder.md/mine/a.md"


def a_strangers_file(tmp_path: Path) -> str:
    (tmp_path / "mine.md").write_text("my own words")
    return "mine.md"


def a_protected_file(tmp_path: Path) -> str:
    (tmp_path / "mine.md").write_text("my own words")
    (tmp_path / "mine.md").chmod(0o444)
    return "mine.md"


def a_session(tmp_path: Path) -> str:
    (session,) = (tmp_path / "sessions").glob("*.db")
    return str(session)


def a_device(_: Path) -> str:
    return os.devnull


@pytest.mark.usefixtures("acme")
@pytest.mark.parametrize(
    ("make", "force", "said"),
    [
        (lambda _: "no/such/a.md", True, "There is no folder "),
        (lambda _: "no\nsuch\x1b[2J/a.md", True, "There is no folder "),
        (lambda _: f"nowhere{os.sep}", True, "There is no folder "),
        (lambda _: "x" * 400 + ".md", True, "The report's file name is too long."),
        (a_folder, True, "There is no folder "),
        (a_strangers_file, False, "so it stays as it is"),
        (a_protected_file, True, "is write-protected"),
        (a_session, True, "is a session or another database"),
        (a_device, True, "is not an ordinary file"),
    ],
    ids=[
        "no folder", "a hostile name", "no such folder", "a long name", "a file for a folder",
        "a stranger's file", "a protected file", "a session", "a device",
    ],
)  # fmt: skip
@pytest.mark.parametrize("command", [("report",), ("export", "--format", "md")], ids=" ".join)
def test_a_target_that_cannot_be_written_is_one_sentence(
    workshop: Workshop,
    tmp_path: Path,
    make: "object",
    force: bool,
    said: str,
    command: tuple[str, ...],
) -> None:
    target = make(tmp_path).replace(".md", ".docx" if command[0] == "report" else ".md")
    for old in tmp_path.glob("mine.md"):
        old.rename(target)
    before = everything_in(tmp_path)
    outcome = workshop(*command, "Acme", "-o", target, *["--force"] * force)
    assert outcome.code == 6
    assert outcome.out == ""
    assert said in outcome.err
    assert outcome.err.removesuffix("\n").isprintable()
    assert everything_in(tmp_path) == before


def everything_in(folder: Path) -> dict[str, str]:
    """Return the digest of every file in a folder, by its path."""
    return {
        str(path): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.endswith(("-wal", "-shm"))
    }


@pytest.mark.usefixtures("acme")
@pytest.mark.parametrize(
    ("number", "said"),
    [
        (errno.ENOSPC, "There is no room left for "),
        (errno.EACCES, "The system does not let Workshop write into "),
        (errno.EROFS, "cannot be written (Read-only file system)"),
        (errno.EIO, "cannot be written (Input/output error)"),
    ],
)
def test_what_the_system_refuses_is_one_sentence(
    workshop: Workshop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, said: str
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    before = everything_in(tmp_path)
    monkeypatch.setattr(write_file.os, "fsync", refuse)
    outcome = workshop("report", "Acme", "-o", "a.docx")
    assert outcome.code == 6
    assert said in outcome.err
    assert outcome.err.count("\n") == 1
    assert everything_in(tmp_path) == before


@pytest.mark.usefixtures("acme")
def test_a_report_that_is_open_in_an_office_program_is_one_sentence(
    workshop: Workshop, tmp_path: Path
) -> None:
    assert workshop("report", "Acme", "-o", "a.docx").code == 0
    (tmp_path / ".~lock.a.docx#").touch()
    before = everything_in(tmp_path)
    outcome = workshop("report", "Acme", "-o", "a.docx")
    assert outcome.code == 6
    assert "is open in another program" in outcome.err
    assert outcome.err.count("\n") == 1
    assert everything_in(tmp_path) == before


@pytest.mark.skipif(os.name != "posix", reason="a folder in use cannot be deleted here")
def test_a_current_folder_that_was_deleted_is_one_sentence(
    acme: Path, sessions: Path, tmp_path: Path
) -> None:
    (tmp_path / "here").mkdir()
    script = 'cd here && rmdir "$PWD" && exec "$@"'
    for more in ((), ("-o", "a.docx")):
        done = subprocess.run(
            ["sh", "-c", script, "sh", sys.executable, "-P", "-m", "workshop", "--sessions",
             str(sessions), "report", str(acme), *more],
            capture_output=True, text=True, check=False, cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[4])},
        )  # fmt: skip
        assert done.returncode == 6
        assert done.stderr.startswith("The current folder is not there any more.")
        (tmp_path / "here").mkdir()
