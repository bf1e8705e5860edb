"""Writing the report's file: whole or not at all, and never over a stranger's."""

import errno
import os
import re
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from report_samples import IT, everything, session_on

from workshop.errors import CannotReadError, CannotWriteError, Remedy
from workshop.export import write_file
from workshop.export.formats import FORMATS
from workshop.export.request import ReportRequest
from workshop.export.write_file import WouldOverwriteError, default_report_name, write_report
from workshop.session.event_log import EventLog

SUPPORT = Path(__file__).parents[1] / "support"
IN_PYTHON = [form for form in FORMATS.values() if form.name != "pdf"]
"""What needs no other program to be written."""


@pytest.fixture
def session():
    return session_on(IT)


@pytest.fixture
def target(tmp_path):
    return tmp_path / "report.docx"


def test_a_report_is_written_and_nothing_is_left_beside_it(session, target):
    write_report(ReportRequest(session, EventLog()), target)
    assert target.read_bytes()[:2] == b"PK"
    assert list(target.parent.iterdir()) == [target]


def test_a_report_on_the_same_session_is_replaced(session, target):
    write_report(ReportRequest(session, EventLog()), target)
    before = target.read_bytes()
    write_report(ReportRequest(session, EventLog(everything(session))), target)
    assert target.read_bytes() != before


@pytest.mark.parametrize("content", [b" ", b"my letter", b"PK\x03\x04 not a zip"])
def test_another_file_is_left_alone(session, target, content):
    target.write_bytes(content)
    with pytest.raises(WouldOverwriteError) as refused:
        write_report(ReportRequest(session, EventLog()), target)
    assert refused.value.remedy is Remedy.REPLACING
    assert target.read_bytes() == content


def test_a_report_on_another_session_is_left_alone(session, target):
    write_report(ReportRequest(session_on(IT, id="f" * 32), EventLog()), target)
    before = target.read_bytes()
    with pytest.raises(WouldOverwriteError):
        write_report(ReportRequest(session, EventLog()), target)
    assert target.read_bytes() == before


def test_another_file_is_replaced_on_request(session, target):
    target.write_bytes(b"my letter")
    write_report(ReportRequest(session, EventLog()), target, replace=True)
    assert target.read_bytes()[:2] == b"PK"


def test_a_missing_folder_is_named(session, tmp_path):
    with pytest.raises(CannotWriteError, match=r"There is no folder .*nowhere"):
        write_report(ReportRequest(session, EventLog()), tmp_path / "nowhere" / "report.docx")


def test_a_folder_is_not_a_file(session, tmp_path):
    with pytest.raises(CannotWriteError, match="is a folder"):
        write_report(ReportRequest(session, EventLog()), tmp_path, replace=True)


def test_a_device_is_not_a_file(session):
    with pytest.raises(CannotWriteError, match="not an ordinary file"):
        write_report(ReportRequest(session, EventLog()), Path(os.devnull), replace=True)


def test_a_name_that_is_too_long_is_reported(session, tmp_path):
    with pytest.raises(CannotWriteError, match="too long"):
        write_report(ReportRequest(session, EventLog()), tmp_path / ("x" * 300 + ".docx"))


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

    monkeypatch.setattr(write_file.os, "fsync", fail)
    with pytest.raises(CannotWriteError, match=words):
        write_report(ReportRequest(session, EventLog()), target)
    assert list(target.parent.iterdir()) == []


def test_a_report_that_is_open_elsewhere_is_reported(session, target, monkeypatch):
    write_report(ReportRequest(session, EventLog()), target)
    before = target.read_bytes()

    def locked(*_):
        raise PermissionError(errno.EACCES, "locked")

    monkeypatch.setattr(write_file.Path, "replace", locked)
    with pytest.raises(CannotWriteError, match="open in another program"):
        write_report(ReportRequest(session, EventLog()), target)
    assert target.read_bytes() == before
    assert list(target.parent.iterdir()) == [target]


def test_a_file_that_cannot_be_read_is_left_alone(session, target, monkeypatch):
    target.write_bytes(b"my letter")

    def refused(_):
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr("workshop.export.office_file.ZipFile", refused)
    with pytest.raises(CannotReadError, match="cannot be read"):
        write_report(ReportRequest(session, EventLog()), target)


# ── links, permissions, names ────────────────────────────────────────────────────────────────


def test_a_link_stays_a_link_and_its_file_is_written(session, target):
    link = target.with_name("link.docx")
    link.symlink_to(target)
    write_report(ReportRequest(session, EventLog()), link)
    write_report(ReportRequest(session, EventLog(everything(session))), link)
    assert link.is_symlink()
    assert target.read_bytes()[:2] == b"PK"
    assert sorted(target.parent.iterdir()) == [link, target]


def test_a_link_to_a_strangers_file_leaves_that_alone(session, target):
    target.write_bytes(b"my letter")
    link = target.with_name("link.docx")
    link.symlink_to(target)
    with pytest.raises(WouldOverwriteError):
        write_report(ReportRequest(session, EventLog()), link)
    assert target.read_bytes() == b"my letter"


def test_a_link_that_leads_to_itself_is_nothing_to_write_to(session, target):
    target.symlink_to(target)
    with pytest.raises(CannotWriteError, match="Too many levels of symbolic links"):
        write_report(ReportRequest(session, EventLog()), target, replace=True)
    assert target.is_symlink()


@pytest.mark.skipif(os.name != "posix", reason="there are no such permissions here")
def test_a_new_report_gets_default_permissions_and_a_replaced_one_keeps_its_own(session, target):
    old = os.umask(0o027)
    try:
        write_report(ReportRequest(session, EventLog()), target)
        assert stat.S_IMODE(target.stat().st_mode) == 0o640
        target.chmod(0o600)
        write_report(ReportRequest(session, EventLog(everything(session))), target)
        assert stat.S_IMODE(target.stat().st_mode) == 0o600
    finally:
        os.umask(old)


def test_a_name_with_line_ends_and_escapes_is_written_and_shown_on_one_line(session, tmp_path):
    target = tmp_path / "a\nb\x1b[31mc\u202ed.docx"
    write_report(ReportRequest(session, EventLog()), target)
    assert [path.name for path in tmp_path.iterdir()] == [target.name]
    with pytest.raises(WouldOverwriteError) as refused:
        write_report(ReportRequest(session_on(IT, id="f" * 32), EventLog()), target)
    assert "a bcd.docx is there already" in str(refused.value)
    assert str(refused.value).isprintable()


@pytest.mark.skipif(os.name != "posix", reason="there are no such permissions here")
def test_a_folder_without_read_permission_is_reported(tmp_path):
    locked = tmp_path / "locked"
    locked.mkdir(mode=0o700)
    tmp_path.chmod(0o755)
    code = (
        "import os, sys\n"
        "sys.path.insert(0, sys.argv[1])\n"
        "from report_samples import *\n"
        "from workshop.errors import CannotWriteError\n"
        "from workshop.export import write_file\n"
        "from workshop.export.request import ReportRequest\n"
        "from workshop.session.event_log import EventLog\n"
        "request = ReportRequest(session_on(IT), EventLog())\n"
        "write_file.os.chmod(sys.argv[2], 0)\n"
        "if os.geteuid() == 0:\n"
        "    os.setuid(65534)\n"
        "try:\n"
        "    write_file.write_report(request, write_file.Path(sys.argv[2], 'report.docx'))\n"
        "except CannotWriteError as error:\n"
        "    print(error)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(SUPPORT), str(locked)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    locked.chmod(0o700)
    assert done.stdout.startswith("The system does not let Workshop write into "), done.stderr
    assert list(locked.iterdir()) == []


# ── what happens meanwhile ───────────────────────────────────────────────────────────────────


def test_a_folder_that_goes_away_while_the_report_is_written_is_named(session, tmp_path):
    folder = tmp_path / "stick"
    folder.mkdir()
    request = ReportRequest(session, EventLog())
    assert request.outline.title
    vanishing = VanishingFolder(folder)
    with pytest.raises(CannotWriteError, match=r"There is no folder .*stick"):
        write_report(request, folder / "report.docx", vanishing.form)
    assert list(tmp_path.iterdir()) == []


class VanishingFolder:
    """A format whose writer takes so long that somebody pulls out the memory stick."""

    def __init__(self, folder):
        self._folder = folder
        self.form = FORMATS["docx"]._replace(load=lambda: self)

    def write(self, request):
        written = FORMATS["docx"].load().write(request)
        self._folder.rmdir()
        return written

    def read_origin(self, path):
        return None


def test_a_file_that_somebody_puts_there_meanwhile_is_left_alone(session, target, monkeypatch):
    from workshop.export.word import writer

    write = writer.write

    def slowly(request):
        target.write_bytes(b"my letter")
        return write(request)

    monkeypatch.setattr(writer, "write", slowly)
    with pytest.raises(WouldOverwriteError):
        write_report(ReportRequest(session, EventLog()), target)
    assert target.read_bytes() == b"my letter"
    assert list(target.parent.iterdir()) == [target]


@pytest.mark.skipif(os.name != "posix", reason="nothing ends a program like that here")
def test_kill_9_in_the_middle_leaves_the_old_report_whole(session, target):
    write_report(ReportRequest(session, EventLog()), target)
    before = target.read_bytes()
    code = (
        "import os, signal, sys\n"
        "sys.path.insert(0, sys.argv[1])\n"
        "from report_samples import *\n"
        "from workshop.export import write_file\n"
        "from workshop.export.request import ReportRequest\n"
        "from workshop.session.event_log import EventLog\n"
        "write_file.os.fsync = lambda _: os.kill(os.getpid(), signal.SIGKILL)\n"
        "session = session_on(IT)\n"
        "request = ReportRequest(session, EventLog(everything(session)))\n"
        "write_file.write_report(request, write_file.Path(sys.argv[2]))\n"
    )
    done = subprocess.run([sys.executable, "-c", code, str(SUPPORT), str(target)], check=False)
    assert done.returncode == -signal.SIGKILL
    assert target.read_bytes() == before
    (left,) = set(target.parent.iterdir()) - {target}
    assert re.fullmatch(r"\.workshop-[0-9a-f]{12}\.part", left.name)
    write_report(ReportRequest(session, EventLog()), target)
    assert left.exists(), "somebody may be at work on it"
    os.utime(left, (0, 0))
    write_report(ReportRequest(session, EventLog()), target)
    assert list(target.parent.iterdir()) == [target]


# ── the same bytes ───────────────────────────────────────────────────────────────────────────

WRITE_ALL = """
import sys
sys.path.insert(0, sys.argv[1])
from report_samples import *
from workshop.export.write_file import Path, write_report
from workshop.export.formats import FORMATS
from workshop.export.request import ReportRequest
from workshop.session.event_log import EventLog
session = session_on(ALIGNMENT, names={"higher": "Acme", "lower": "Blue"})
for form in FORMATS.values():
    if form.name != "pdf":
        request = ReportRequest(session, EventLog(everything(session)))
        write_report(request, Path(sys.argv[2], f"report{form.suffix}"), form)
"""


def test_every_format_is_the_same_byte_for_byte_elsewhere_and_at_another_time(tmp_path):
    folders = [tmp_path / "first", tmp_path / "second"]
    for folder, seed, zone in zip(folders, ("1", "2"), ("UTC", "Asia/Tokyo"), strict=True):
        folder.mkdir()
        subprocess.run(
            [sys.executable, "-c", WRITE_ALL, str(SUPPORT), str(folder)],
            check=True,
            env={**os.environ, "PYTHONHASHSEED": seed, "TZ": zone, "LC_ALL": "C"},
        )
    first, second = (
        {path.name: path.read_bytes() for path in folder.iterdir()} for folder in folders
    )
    assert {f"report{form.suffix}" for form in IN_PYTHON} == set(first)
    assert [name for name in first if first[name] != second[name]] == []


# ── names ────────────────────────────────────────────────────────────────────────────────────


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
