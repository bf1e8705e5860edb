"""What the tests of the export begin with."""

import shutil
import stat
import subprocess

import pytest


@pytest.fixture(scope="session")
def soffice(tmp_path_factory):
    """Return what has LibreOffice convert files, all in one run, to another format.

    What asks for this is marked `office`. All runs share a profile: to make one takes seconds.
    """
    missing = [tool for tool in ("soffice", "pdfinfo", "pdftotext") if shutil.which(tool) is None]
    if missing:
        pytest.skip(f"not on this machine: {', '.join(missing)}")
    profile = (tmp_path_factory.mktemp("libreoffice") / "profile").as_uri()

    def convert(files, folder, form="pdf"):
        command = ["soffice", f"-env:UserInstallation={profile}", "--headless"]
        command += ["--convert-to", form, "--outdir", str(folder), *map(str, files)]
        subprocess.run(command, check=True, capture_output=True, timeout=300)

    return convert


@pytest.fixture
def request_():
    """Return the request for a report on a session that has everything."""
    from report_samples import IT, everything, session_on

    from workshop.export.request import ReportRequest
    from workshop.session.event_log import EventLog

    session = session_on(IT)
    return ReportRequest(session, EventLog(everything(session)))


@pytest.fixture
def temporary(tmp_path, monkeypatch):
    """Return where temporary folders are made, to see that none is left."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    return folder


@pytest.fixture
def stand_in(tmp_path, monkeypatch):
    """Return a function that puts a program of the test's own where LibreOffice would be."""

    def put(script):
        program = tmp_path / "soffice"
        program.write_text(f"#!/bin/sh\n{script}\n")
        program.chmod(program.stat().st_mode | stat.S_IXUSR)
        monkeypatch.setattr("workshop.export.pdf.shutil.which", lambda _: str(program))

    return put
