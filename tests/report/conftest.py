"""Lets the report's tests share what lies beside them, and what those of the PDF begin with."""

import stat
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture
def request_():
    """Return the request for a report on a session that has everything."""
    from report_samples import IT, everything, session_on

    from workshop.report.request import ReportRequest
    from workshop.session.state import Fold

    session = session_on(IT)
    return ReportRequest(session, Fold(everything(session)))


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
        monkeypatch.setattr("workshop.report.pdf.shutil.which", lambda _: str(program))

    return put
