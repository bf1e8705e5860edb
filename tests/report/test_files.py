"""Writing the report's file: whole or not at all, and never over a stranger's."""

import errno
import os
from pathlib import Path

import pytest
from report_samples import IT, everything, session_on

from workshop.errors import CannotReadError, CannotWriteError
from workshop.report import files
from workshop.report.files import WouldOverwriteError, default_report_name, write_report
from workshop.report.request import ReportRequest
from workshop.session.state import Fold


@pytest.fixture
def session():
    return session_on(IT)


@pytest.fixture
def target(tmp_path):
    return tmp_path / "report.docx"


def test_a_report_is_written_and_nothing_is_left_beside_it(session, target):
    write_report(ReportRequest(session, Fold()), target)
    assert target.read_bytes()[:2] == b"PK"
    assert list(target.parent.iterdir()) == [target]


def test_a_report_on_the_same_session_is_replaced(session, target):
    write_report(ReportRequest(session, Fold()), target)
    before = target.read_bytes()
    write_report(ReportRequest(session, Fold(everything(session))), target)
    assert target.read_bytes() != before


@pytest.mark.parametrize("content", [b"", b"my letter", b"PK\x03\x04 not a zip"])
def test_another_file_is_left_alone(session, target, content):
    target.write_bytes(content)
    with pytest.raises(WouldOverwriteError, match="-o"):
        write_report(ReportRequest(session, Fold()), target)
    assert target.read_bytes() == content


def test_a_report_on_another_session_is_left_alone(session, target):
    write_report(ReportRequest(session_on(IT, id="f" * 32), Fold()), target)
    before = target.read_bytes()
    with pytest.raises(WouldOverwriteError):
        write_report(ReportRequest(session, Fold()), target)
    assert target.read_bytes() == before


def test_another_file_is_replaced_when_that_is_wanted(session, target):
    target.write_bytes(b"my letter")
    write_report(ReportRequest(session, Fold()), target, replace=True)
    assert target.read_bytes()[:2] == b"PK"


def test_a_missing_folder_is_named(session, tmp_path):
    with pytest.raises(CannotWriteError, match=r"There is no folder .*nowhere"):
        write_report(ReportRequest(session, Fold()), tmp_path / "nowhere" / "report.docx")


def test_a_folder_is_not_a_file(session, tmp_path):
    with pytest.raises(CannotWriteError, match="is a folder"):
        write_report(ReportRequest(session, Fold()), tmp_path, replace=True)


def test_a_device_is_not_a_file(session):
    with pytest.raises(CannotWriteError, match="not an ordinary file"):
        write_report(ReportRequest(session, Fold()), Path(os.devnull), replace=True)


def test_a_name_that_is_too_long_is_said_to_be(session, tmp_path):
    with pytest.raises(CannotWriteError, match="too long"):
        write_report(ReportRequest(session, Fold()), tmp_path / ("x" * 300 + ".docx"))


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.ENOSPC, "no room"),
        (errno.EACCES, "does not let"),
        (errno.EROFS, "cannot be written"),
    ],
)
def test_a_failure_leaves_no_trace_and_is_one_sentence(session, target, monkeypatch, number, words):
    def fail(_):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(files.os, "fsync", fail)
    with pytest.raises(CannotWriteError, match=words):
        write_report(ReportRequest(session, Fold()), target)
    assert list(target.parent.iterdir()) == []


def test_a_report_that_is_open_elsewhere_is_said_to_be(session, target, monkeypatch):
    write_report(ReportRequest(session, Fold()), target)
    before = target.read_bytes()

    def locked(*_):
        raise PermissionError(errno.EACCES, "locked")

    monkeypatch.setattr(files.Path, "replace", locked)
    with pytest.raises(CannotWriteError, match="open in another program"):
        write_report(ReportRequest(session, Fold()), target)
    assert target.read_bytes() == before
    assert list(target.parent.iterdir()) == [target]


def test_a_file_that_cannot_be_read_is_left_alone(session, target, monkeypatch):
    target.write_bytes(b"my letter")

    def refused(_):
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr("workshop.report.word.package.ZipFile", refused)
    with pytest.raises(CannotReadError, match="cannot be read"):
        write_report(ReportRequest(session, Fold()), target)


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Port of Halden", "2025-03-12-port-of-halden.docx"),
        ("../../etc/passwd", "2025-03-12-etc-passwd.docx"),
        ("Grüße & Co: CON?", "2025-03-12-grusse-co-con.docx"),
        ("…", "2025-03-12-session.docx"),
    ],
)
def test_the_default_name_is_safe_everywhere(title, name):
    assert default_report_name(session_on(IT, title=title)) == name


def test_a_long_title_gives_a_short_name():
    name = default_report_name(session_on(IT, title="word " * 300))
    assert len(name) <= 80
