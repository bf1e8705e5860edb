"""Writing what leaves the room: report and export, what they refuse, and import."""

import errno
import hashlib
import os
import subprocess
import sys
import time
from datetime import datetime
from pathlib import Path
from zipfile import ZipFile

import pytest
from cli_support import Workshop, made

from workshop.report import files
from workshop.report.formats import FORMATS
from workshop.report.request import Written

IN_PYTHON = [name for name in FORMATS if name != "pdf"]
TEXTS = [name for name, form in FORMATS.items() if form.is_text]


@pytest.fixture
def acme(workshop: Workshop) -> Path:
    """Return the file of a session with two answers."""
    path = made(workshop, "--title", "Acme", "--participant", "Anna")
    workshop("resume", path, "--plain", stdin="A start-up with drones\n@Anna Our own tenants\n")
    return Path(path)


# ── report ───────────────────────────────────────────────────────────────────────────────────


def test_report_writes_into_the_current_folder_and_prints_the_path(
    workshop: Workshop, acme: Path, tmp_path: Path
) -> None:
    outcome = workshop("report", "Acme")
    assert outcome.code == 0
    target = Path(outcome.out.removesuffix("\n"))
    assert target == tmp_path / f"{acme.name[:10]}-acme.docx"
    assert target.stat().st_size > 1000
    assert outcome.err == ""


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="the zone is changed as Unix does it")
@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Etc/GMT+12"])  # 26 hours apart
def test_a_report_has_the_day_of_the_place_where_its_session_began(
    workshop: Workshop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, zone: str
) -> None:
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    today = datetime.now().astimezone().date()
    path = made(workshop, "--title", "Acme")
    try:
        workshop("export", path, "--format", "md", "-o", "here.md")
        monkeypatch.setenv("TZ", "UTC")  # its report is written somewhere else
        time.tzset()
        workshop("export", path, "--format", "md", "-o", "there.md")
        name = Path(workshop("report", path).out.strip()).name
    finally:
        monkeypatch.delenv("TZ")
        time.tzset()
    here, there = (tmp_path / f for f in ("here.md", "there.md"))
    assert f"Date: {today.day} {today:%B %Y}" in here.read_text()
    assert there.read_bytes() == here.read_bytes()
    assert name == f"{today.isoformat()}-acme.docx"
    assert Path(path).name.startswith(f"{today.isoformat()}-acme-")


@pytest.mark.usefixtures("acme")
def test_report_writes_where_it_is_told(workshop: Workshop, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "empty.docx").touch()
    assert workshop("report", "Acme", "-o", "a.docx").out == "a.docx\n"
    assert workshop("report", "Acme", "-o", "a.docx").code == 0, "its own report is replaced"
    assert workshop("report", "Acme", "-o", "empty.docx").code == 0
    for folder in ("out", f"out{os.sep}"):
        written = Path(workshop("report", "Acme", "-o", folder).out.strip())
        assert written.parent == Path("out")
        assert written.suffix == ".docx"


@pytest.mark.usefixtures("acme")
def test_report_leaves_other_documents_alone_without_force(
    workshop: Workshop, tmp_path: Path
) -> None:
    mine = tmp_path / "mine.docx"
    mine.write_text("my own words")
    outcome = workshop("report", "Acme", "-o", "mine.docx")
    assert outcome.code == 6
    assert outcome.out == ""
    assert "--force" in outcome.err
    assert mine.read_text() == "my own words"
    assert workshop("report", "Acme", "-o", "mine.docx", "--force").out == "mine.docx\n"
    assert mine.read_bytes()[:2] == b"PK"


@pytest.mark.usefixtures("acme")
@pytest.mark.parametrize(("paper", "width"), [("a4", 11906), ("letter", 12240)])
def test_report_is_for_the_paper_asked_for(
    workshop: Workshop, tmp_path: Path, paper: str, width: int
) -> None:
    assert workshop("report", "Acme", "--paper", paper, "-o", "a.docx").code == 0
    with ZipFile(tmp_path / "a.docx") as archive:
        assert f'w:w="{width}"'.encode() in archive.read("word/document.xml")


@pytest.mark.usefixtures("acme")
@pytest.mark.parametrize("name", ["md", "csv", "json", "pptx"])
@pytest.mark.parametrize("paper", ["a4", "letter"])
def test_a_paper_for_what_has_none_is_a_usage_error(
    workshop: Workshop, tmp_path: Path, name: str, paper: str
) -> None:
    outcome = workshop("export", "Acme", "--format", name, "--paper", paper)
    assert outcome.code == 2
    assert "--paper: a paper is for docx, pdf and svg only. 'workshop export" in outcome.err
    assert list(tmp_path.glob(f"*.{name}")) == []


@pytest.mark.usefixtures("acme")
def test_a_canvas_as_svg_is_for_the_paper_asked_for(workshop: Workshop) -> None:
    pictures = {
        workshop("export", "Acme", "--format", "svg", "-o", "-", "--paper", paper).out
        for paper in ("a4", "letter")
    }
    assert len(pictures) == 2
    assert all("<svg" in picture for picture in pictures)


@pytest.mark.usefixtures("acme")
def test_report_hands_the_template_to_the_writer_and_tells_its_remarks_to_people(
    workshop: Workshop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    templates: list[Path | None] = []

    def write(request: object) -> Written:
        templates.append(request.template)
        return Written(b"report", ("The template lacks the style 'Title'.", "It was added."))

    monkeypatch.setattr("workshop.report.word.writer.write", write)
    outcome = workshop("report", "Acme", "--template", "house.dotx", "-o", "a.docx")
    assert templates == [Path("house.dotx")]
    assert outcome.out == "a.docx\n"
    assert outcome.err == "The template lacks the style 'Title'.\nIt was added.\n"
    assert (tmp_path / "a.docx").read_bytes() == b"report"


@pytest.mark.usefixtures("acme")
def test_report_never_takes_the_place_of_its_template(workshop: Workshop, tmp_path: Path) -> None:
    house = tmp_path / "house.docx"
    house.write_bytes(b"the house style")
    arguments = ("--template", "house.docx", "-o", str(house), "--force")
    outcome = workshop("report", "Acme", *arguments)
    assert outcome.code == 6
    assert "its own template" in outcome.err
    assert house.read_bytes() == b"the house style"


@pytest.mark.parametrize(
    ("output", "said"),
    [
        ("- >&-", "The standard output is closed. Name a file with -o."),
        ("/dev/stdout | cat", "/dev/stdout is not an ordinary file."),
    ],
)
def test_an_output_that_nobody_would_get_is_refused(
    workshop: Workshop, acme: Path, tmp_path: Path, output: str, said: str
) -> None:
    command = f"'{sys.executable}' -m workshop export '{acme}' --format md -o {output}"
    ended = subprocess.run(
        ["bash", "-o", "pipefail", "-c", command],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        check=False,
    )
    assert ended.returncode == 6
    assert said in ended.stderr
    assert ended.stdout == ""


# ── export ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.usefixtures("acme")
@pytest.mark.parametrize("name", IN_PYTHON)
def test_export_writes_every_format_under_its_own_name_again_and_again(
    workshop: Workshop, tmp_path: Path, name: str
) -> None:
    for _ in range(2):
        outcome = workshop("export", "Acme", "--format", name)
        assert outcome.code == 0, outcome.err
    target = Path(outcome.out.strip())
    assert target.parent == tmp_path
    assert target.name.endswith(f"-acme.{name}")
    assert target.stat().st_size > 100


@pytest.mark.usefixtures("acme")
@pytest.mark.parametrize("name", IN_PYTHON)
def test_export_takes_the_format_from_the_files_name(
    workshop: Workshop, tmp_path: Path, name: str
) -> None:
    assert workshop("export", "Acme", "-o", f"by name.{name.upper()}").code == 0
    assert workshop("export", "Acme", "-o", "told", "--format", name.upper()).code == 0
    by_name, told = tmp_path / f"by name.{name.upper()}", tmp_path / "told"
    assert by_name.read_bytes() == told.read_bytes()


@pytest.mark.usefixtures("acme")
@pytest.mark.parametrize("name", IN_PYTHON)
def test_export_writes_the_same_bytes_to_the_standard_output(
    workshop: Workshop, sessions: Path, tmp_path: Path, name: str
) -> None:
    assert workshop("export", "Acme", "-o", f"a.{name}").code == 0
    done = subprocess.run(
        [sys.executable, "-m", "workshop", "--sessions", str(sessions), "export", "Acme",
         "--format", name, "-o", "-"],
        capture_output=True, check=True,
    )  # fmt: skip
    assert done.stdout == (tmp_path / f"a.{name}").read_bytes()
    assert done.stderr == b""
    assert not (tmp_path / "-").exists()


@pytest.mark.usefixtures("acme")
@pytest.mark.parametrize("name", list(FORMATS))
def test_only_text_is_shown_in_a_terminal(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    outcome = workshop("export", "Acme", "--format", name, "-o", "-")
    if name in TEXTS:
        assert outcome.code == 0
        assert "drones" in outcome.out
        assert not outcome.out.startswith("\ufeff")
    else:
        assert outcome.code == 2
        assert outcome.out == ""
        assert "nothing for a terminal" in outcome.err


@pytest.mark.usefixtures("acme")
def test_export_without_libreoffice_says_so_and_writes_no_pdf(
    workshop: Workshop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workshop.report.pdf._libreoffice", no_libreoffice)
    outcome = workshop("export", "Acme", "-o", "a.pdf")
    assert outcome.code == 1
    assert outcome.err == "There is no LibreOffice. Install it.\n"
    assert not (tmp_path / "a.pdf").exists()


def no_libreoffice() -> str:
    from workshop.errors import WorkshopError

    raise WorkshopError("There is no LibreOffice.", "Install it.")


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
        (["export", "Acme", "--format", "md", "--template", "a.docx"], "docx and pdf only"),
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
    monkeypatch.setattr(files.os, "fsync", refuse)
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
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        )  # fmt: skip
        assert done.returncode == 6
        assert done.stderr.startswith("The current folder is not there any more.")
        (tmp_path / "here").mkdir()
