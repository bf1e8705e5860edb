"""What there is to say where LibreOffice makes no PDF, and what it must not leave behind."""

import errno
import os
import shutil
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace

import pytest
from pdf_support import COPY, needs_scripts
from report_samples import IT, session_on

from workshop.errors import WorkshopError
from workshop.export import pdf
from workshop.export.formats import FORMATS
from workshop.export.request import ReportRequest
from workshop.session.event_log import EventLog

PDF = FORMATS["pdf"]
REAL_PLACES = pdf._default_install_paths


@pytest.fixture
def session():
    return session_on(IT)


# ── when it does not do it ───────────────────────────────────────────────────────────────────


@needs_scripts
def test_the_error_of_libreoffice_is_shown_on_one_line(request_, temporary, stand_in, capfd):
    stand_in("printf 'Error: source file\\033[31m could\\nnot be loaded\\007'; exit 1")
    with pytest.raises(WorkshopError, match="made no PDF and said: Error: source file") as error:
        pdf.write(request_)
    assert str(error.value).isprintable()
    assert list(temporary.iterdir()) == []
    assert capfd.readouterr() == ("", "")


@needs_scripts
def test_a_missing_java_is_not_given_as_the_reason_when_libreoffice_fails(
    request_, temporary, stand_in
):
    stand_in("echo 'Warning: failed to launch javaldx - java may not work'; echo Broken; exit 1")
    with pytest.raises(WorkshopError, match=r"made no PDF and said: Broken\."):
        pdf.write(request_)


@needs_scripts
@pytest.mark.parametrize(("left", "said"), [(0, "is full"), (2_500_000, "has only 2.5 MB left")])
def test_a_full_temporary_folder_is_named_when_libreoffice_fails(
    request_, temporary, stand_in, monkeypatch, left, said
):
    stand_in("echo 'Warning: failed to launch javaldx'; exit 1")
    monkeypatch.setattr(pdf.shutil, "disk_usage", lambda _: SimpleNamespace(free=left))
    with pytest.raises(WorkshopError, match=f"the temporary folder {temporary} {said}") as error:
        pdf.write(request_)
    assert "java" not in str(error.value)
    assert "TMPDIR" in error.value.hint
    assert list(temporary.iterdir()) == []


def test_a_temporary_folder_too_full_for_the_word_report_is_named(
    request_, temporary, monkeypatch, stand_in
):
    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    stand_in("exit 1")
    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(WorkshopError, match=f"the temporary folder {temporary} is full"):
        pdf.write(request_)
    assert list(temporary.iterdir()) == []


@needs_scripts
def test_a_truncated_pdf_is_rejected(request_, temporary, stand_in):
    stand_in(f'{COPY} printf "%%PDF-1.7\nstartxref\n" > "$out/report.pdf"')
    with pytest.raises(WorkshopError, match="made no PDF"):
        pdf.write(request_)


@needs_scripts
def test_a_libreoffice_that_cannot_be_started_is_one_sentence(request_, tmp_path, monkeypatch):
    monkeypatch.setattr(pdf.shutil, "which", lambda _: str(tmp_path / "gone"))
    with pytest.raises(WorkshopError, match="could not make the PDF: No such file"):
        pdf.write(request_)


@needs_scripts
def test_a_libreoffice_that_hangs_is_stopped_with_all_that_it_started(
    request_, temporary, tmp_path, stand_in, monkeypatch
):
    monkeypatch.setattr(pdf, "TIME_LIMIT", 0.5)
    stand_in(f"sleep 600 & echo $! > {tmp_path}/child; wait")
    with pytest.raises(WorkshopError, match="was stopped"):
        pdf.write(request_)
    child = int((tmp_path / "child").read_text())
    assert has_ended(child)
    assert list(temporary.iterdir()) == []


def has_ended(process):
    """Return whether a process is gone, or waits for nothing but to be forgotten."""
    for _ in range(500):
        try:
            os.kill(process, 0)
        except ProcessLookupError:
            return True
        with suppress(OSError):
            if Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
                return True
        time.sleep(0.01)
    return False


@needs_scripts
def test_ctrl_c_ends_libreoffice_too(session, temporary, tmp_path, stand_in):
    def interrupt(done):
        if done >= pdf._WORD_SHARE and (tmp_path / "child").exists():
            raise KeyboardInterrupt

    stand_in(f"sleep 600 & echo $! > {tmp_path}/child; wait")
    with pytest.raises(KeyboardInterrupt):
        pdf.write(ReportRequest(session, EventLog(), progress=interrupt))
    assert has_ended(int((tmp_path / "child").read_text()))
    assert list(temporary.iterdir()) == []


@needs_scripts
@pytest.mark.parametrize("moment", ["start", "end", "cleanup"])
def test_ctrl_c_at_the_worst_moment_ends_libreoffice_and_leaves_no_document_behind(
    session, temporary, tmp_path, stand_in, monkeypatch, moment
):
    child = tmp_path / "child"
    os.mkfifo(child)  # reading it waits until the stand-in has written
    stand_in(f"sleep 600 & echo $! > {child}; wait")
    children = []

    def interrupt(*_):
        if children:
            signal.raise_signal(signal.SIGINT)

    def start(*arguments, popen=subprocess.Popen, **options):
        process = popen(*arguments, **options)
        children.append(int(child.read_text()))
        if moment == "start":
            interrupt()
        return process

    def end(*arguments, killpg=os.killpg):
        interrupt()
        killpg(*arguments)

    def clean_up(*arguments, rmtree=shutil.rmtree, **options):
        interrupt()
        rmtree(*arguments, **options)

    monkeypatch.setattr(subprocess, "Popen", start)
    if moment == "end":
        monkeypatch.setattr(os, "killpg", end)
    if moment == "cleanup":
        monkeypatch.setattr(shutil, "rmtree", clean_up)
    with pytest.raises(KeyboardInterrupt):
        pdf.write(ReportRequest(session, EventLog(), progress=interrupt))
    assert has_ended(children[0])
    assert list(temporary.iterdir()) == []


@needs_scripts
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_that_ends_workshop_ends_libreoffice_and_leaves_no_document_behind(
    session, tmp_path, number
):
    tools, temporary = tmp_path / "tools", tmp_path / "temporary"
    tools.mkdir()
    temporary.mkdir()
    slow = tools / "soffice"
    slow.write_text(f"#!/bin/sh\nsleep 600 & echo $! > {tmp_path}/new\n"
                    f"mv {tmp_path}/new {tmp_path}/child\nwait\n")  # fmt: skip
    slow.chmod(0o755)
    made = {
        **os.environ,
        "PATH": f"{tools}{os.pathsep}{os.environ['PATH']}",
        "TMPDIR": str(temporary),
        "WORKSHOP_SESSIONS": str(tmp_path / "sessions"),
    }
    command = [sys.executable, "-m", "workshop"]
    new = [*command, "new", session.bank.id, "--title", "Acme", "--no-open"]
    subprocess.run(new, env=made, check=True, capture_output=True)
    export = subprocess.Popen(
        [*command, "export", "Acme", "--format", "pdf"],
        env=made,
        cwd=tmp_path,
        stderr=subprocess.PIPE,
    )
    for _ in range(1000):
        if (tmp_path / "child").exists():
            break
        time.sleep(0.02)
    folder = next(temporary.glob("workshop-pdf-*"))
    assert (folder / "report.docx").is_file()
    export.send_signal(number)
    export.send_signal(number)  # often there are two
    _, said = export.communicate(timeout=20)
    assert export.returncode == 128 + number
    assert said == b""
    assert has_ended(int((tmp_path / "child").read_text()))
    assert list(temporary.glob("workshop-pdf-*")) == []
    assert list(tmp_path.glob("*.pdf")) == []


@needs_scripts
def test_temporary_files_of_libreoffice_are_in_the_folder_that_is_deleted(
    request_, tmp_path, stand_in
):
    stand_in(f'echo "$TMPDIR" > "{tmp_path}/aside"; exit 1')
    with pytest.raises(WorkshopError, match="made no PDF"):
        pdf.write(request_)
    aside = Path((tmp_path / "aside").read_text().strip())
    assert aside.name.startswith("workshop-pdf-")
    assert not aside.exists()


@needs_scripts
def test_the_folder_of_a_killed_workshop_is_deleted_once_it_is_old(request_, temporary, stand_in):
    stand_in("exit 1")
    old, young, other = (
        temporary / name for name in ("workshop-pdf-old", "workshop-pdf-young", "mine")
    )
    for folder in (old, young, other):
        folder.mkdir()
        (folder / "report.docx").touch()
    for folder in (old, other):
        os.utime(folder, (0, 0))
    with pytest.raises(WorkshopError):
        pdf.write(request_)
    assert sorted(temporary.iterdir()) == [other, young]
