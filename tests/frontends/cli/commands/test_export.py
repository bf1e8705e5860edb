"""Writing what leaves the room: report and export, what they refuse, and import."""

import os
import subprocess
import sys
import time
from datetime import datetime
from pathlib import Path
from zipfile import ZipFile

import pytest
from cli_support import Workshop, new_session

from workshop.export.formats import FORMATS
from workshop.export.request import RenderedReport

IN_PYTHON = [name for name in FORMATS if name != "pdf"]
TEXTS = [name for name, form in FORMATS.items() if form.is_text]


@pytest.fixture
def acme(workshop: Workshop) -> Path:
    """Return the file of a session with two answers."""
    path = new_session(workshop, "--title", "Acme", "--participant", "Anna")
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
    path = new_session(workshop, "--title", "Acme")
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
@pytest.mark.parametrize(("page_size", "width"), [("a4", 11906), ("letter", 12240)])
def test_a_report_has_the_requested_page_size(
    workshop: Workshop, tmp_path: Path, page_size: str, width: int
) -> None:
    assert workshop("report", "Acme", "--paper", page_size, "-o", "a.docx").code == 0
    with ZipFile(tmp_path / "a.docx") as archive:
        assert f'w:w="{width}"'.encode() in archive.read("word/document.xml")


@pytest.mark.usefixtures("acme")
@pytest.mark.parametrize("name", ["md", "csv", "json", "pptx"])
@pytest.mark.parametrize("page_size", ["a4", "letter"])
def test_a_page_size_for_a_format_without_pages_is_a_usage_error(
    workshop: Workshop, tmp_path: Path, name: str, page_size: str
) -> None:
    outcome = workshop("export", "Acme", "--format", name, "--paper", page_size)
    assert outcome.code == 2
    assert "--paper: only docx, pdf and svg take a paper size. 'workshop export" in outcome.err
    assert list(tmp_path.glob(f"*.{name}")) == []


@pytest.mark.usefixtures("acme")
def test_an_svg_canvas_has_the_requested_page_size(workshop: Workshop) -> None:
    pictures = {
        workshop("export", "Acme", "--format", "svg", "-o", "-", "--paper", page_size).out
        for page_size in ("a4", "letter")
    }
    assert len(pictures) == 2
    assert all("<svg" in picture for picture in pictures)


@pytest.mark.usefixtures("acme")
def test_report_hands_the_template_to_the_writer_and_prints_its_warnings(
    workshop: Workshop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    templates: list[Path | None] = []

    def write(request: object) -> RenderedReport:
        templates.append(request.template)
        return RenderedReport(b"report", ("The template lacks the style 'Title'.", "It was added."))

    monkeypatch.setattr("workshop.export.word.writer.write", write)
    outcome = workshop("report", "Acme", "--template", "house.dotx", "-o", "a.docx")
    assert templates == [Path("house.dotx")]
    assert outcome.out == "a.docx\n"
    assert outcome.err == "The template lacks the style 'Title'.\nIt was added.\n"
    assert (tmp_path / "a.docx").read_bytes() == b"report"


@pytest.mark.usefixtures("acme")
def test_report_never_replaces_its_template(workshop: Workshop, tmp_path: Path) -> None:
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
        assert "cannot be shown in a terminal" in outcome.err


@pytest.mark.usefixtures("acme")
def test_export_without_libreoffice_says_so_and_writes_no_pdf(
    workshop: Workshop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workshop.export.pdf._libreoffice", no_libreoffice)
    outcome = workshop("export", "Acme", "-o", "a.pdf")
    assert outcome.code == 1
    assert outcome.err == "There is no LibreOffice. Install it.\n"
    assert not (tmp_path / "a.pdf").exists()


def no_libreoffice() -> str:
    from workshop.errors import WorkshopError

    raise WorkshopError("There is no LibreOffice.", "Install it.")
