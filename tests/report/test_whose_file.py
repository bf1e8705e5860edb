"""Whose file it is: what a report may take the place of, and what it must leave alone."""

import re

import pytest
from report_samples import IT, everything, session_on

from workshop.errors import CannotWriteError
from workshop.report.files import WouldOverwriteError, write_report
from workshop.report.formats import FORMATS
from workshop.report.request import ReportRequest
from workshop.session.state import Fold


@pytest.fixture
def session():
    return session_on(IT)


@pytest.fixture
def target(tmp_path):
    return tmp_path / "report.docx"


IN_PYTHON = [form for form in FORMATS.values() if form.name != "pdf"]
"""What needs no other program to be written."""


@pytest.mark.parametrize("form", IN_PYTHON, ids=lambda f: f.name)
def test_every_format_knows_its_own_files_again(session, tmp_path, form):
    target = tmp_path / f"any name{form.suffix}"
    write_report(ReportRequest(session, Fold()), target, form)
    write_report(ReportRequest(session, Fold(everything(session))), target, form)
    before = target.read_bytes()
    other = session_on(IT, id="f" * 32)
    with pytest.raises(WouldOverwriteError):
        write_report(ReportRequest(other, Fold()), target, form)
    assert target.read_bytes() == before


@pytest.mark.parametrize("form", FORMATS.values(), ids=lambda f: f.name)
@pytest.mark.parametrize(
    "content",
    [b"", b"my letter", b"PK\x03\x04 not a zip", b"%PDF-1.7\n%%EOF\n", b"\xff\xfe\x00", b"{}"],
)
def test_no_format_takes_a_strangers_file_for_its_own(session, tmp_path, form, content):
    target = tmp_path / f"letter{form.suffix}"
    target.write_bytes(content)
    with pytest.raises(WouldOverwriteError):
        write_report(ReportRequest(session, Fold()), target, form)
    assert target.read_bytes() == content


@pytest.mark.parametrize("begins", [b"SQLite format 3\0", b"\x37\x7f\x06\x82"])
def test_a_session_is_never_replaced(session, tmp_path, begins):
    target = tmp_path / "session.db"
    target.write_bytes(begins + b"answers")
    with pytest.raises(CannotWriteError, match="is a session or another database"):
        write_report(ReportRequest(session, Fold()), target, replace=True)
    assert target.read_bytes() == begins + b"answers"


def test_a_write_protected_report_stays_even_when_replacing_is_wanted(session, target):
    write_report(ReportRequest(session, Fold()), target)
    target.chmod(0o444)
    before = target.read_bytes()
    with pytest.raises(CannotWriteError, match="is write-protected"):
        write_report(ReportRequest(session, Fold(everything(session))), target, replace=True)
    assert target.read_bytes() == before


@pytest.mark.parametrize("lock", [".~lock.report.docx#", "~$report.docx"])
def test_a_report_that_an_office_program_has_open_is_left_alone(session, target, lock):
    write_report(ReportRequest(session, Fold()), target)
    before = target.read_bytes()
    target.with_name(lock).touch()
    with pytest.raises(CannotWriteError, match=f"open in another program: {re.escape(lock)}"):
        write_report(ReportRequest(session, Fold(everything(session))), target)
    assert target.read_bytes() == before
    write_report(ReportRequest(session, Fold(everything(session))), target, replace=True)
    assert target.read_bytes() != before


@pytest.mark.parametrize(
    ("name", "lock"),
    [
        ("2025-03-12-acme.docx", "~$25-03-12-acme.docx"),
        ("reports.docx", "~$eports.docx"),
        ("acme.docx", "~$acme.docx"),
    ],
)
def test_words_own_names_for_what_it_has_open_are_known(session, tmp_path, name, lock):
    write_report(ReportRequest(session, Fold()), tmp_path / name)
    (tmp_path / lock).touch()
    with pytest.raises(CannotWriteError, match="open in another program"):
        write_report(ReportRequest(session, Fold()), tmp_path / name)
