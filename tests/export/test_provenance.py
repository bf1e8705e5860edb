"""The origin of a file: what a report may replace, and what it must leave alone."""

import re
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from report_samples import IT, answer, everything, session_on

from workshop.errors import CannotWriteError
from workshop.export import pdf
from workshop.export.formats import FORMATS
from workshop.export.provenance import Origin, origin_mark
from workshop.export.request import RenderedReport, ReportRequest
from workshop.export.write_file import WouldOverwriteError, write_report
from workshop.session.event_log import EventLog


@pytest.fixture
def session():
    return session_on(IT)


@pytest.fixture
def target(tmp_path):
    return tmp_path / "report.docx"


IN_PYTHON = [form for form in FORMATS.values() if form.name != "pdf"]
"""What needs no other program to be written."""


@pytest.mark.parametrize("form", IN_PYTHON, ids=lambda f: f.name)
def test_every_format_recognises_its_own_files(session, tmp_path, form):
    target = tmp_path / f"any name{form.suffix}"
    write_report(ReportRequest(session, EventLog()), target, form)
    write_report(ReportRequest(session, EventLog(everything(session))), target, form)
    before = target.read_bytes()
    other = session_on(IT, id="f" * 32)
    with pytest.raises(WouldOverwriteError):
        write_report(ReportRequest(other, EventLog()), target, form)
    assert target.read_bytes() == before


@pytest.mark.parametrize("form", FORMATS.values(), ids=lambda f: f.name)
@pytest.mark.parametrize(
    "content",
    [b"\n", b"my letter", b"PK\x03\x04 not a zip", b"%PDF-1.7\n%%EOF\n", b"\xff\xfe\x00", b"{}"],
)
def test_no_format_recognises_another_programs_file(session, tmp_path, form, content):
    target = tmp_path / f"letter{form.suffix}"
    target.write_bytes(content)
    with pytest.raises(WouldOverwriteError):
        write_report(ReportRequest(session, EventLog()), target, form)
    assert target.read_bytes() == content


def repacked(content, change):
    """Return an Office file whose parts, by name and content, went through `change`."""
    packed = BytesIO()
    with ZipFile(BytesIO(content)) as old, ZipFile(packed, "w", ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
    return packed.getvalue()


def reworded(content, part):
    """Return an Office file in which one word of `part` is another one, as if edited."""
    return repacked(
        content,
        lambda name, blob: blob.replace(b"answer", b"remark", 1) if name == part else blob,
    )


EDITED = {
    "docx": lambda content: reworded(content, "word/document.xml"),
    "pdf": lambda content: content + b"1 0 obj\n<< /Type /Annot >>\nendobj\n",
    "pptx": lambda content: reworded(content, "ppt/slides/slide2.xml"),
    "md": lambda content: content.replace(b"answer", b"remark", 1),
    "csv": lambda content: content.replace(b"satellite", b"camera", 1),
    "svg": lambda content: content.replace(b"satellite", b"camera", 1),
    "json": lambda content: content.replace(b"satellite", b"camera", 1),
}
"""By format: what somebody who worked on the report may have made of it."""


def made_in(form, request):
    """Return the report in that format; a PDF's bytes without a LibreOffice to make them."""
    if form.name != "pdf":
        return form.load().write(request).content
    return pdf._add_mark(b"%PDF-1.7\nstartxref\n9\n%%EOF\n", origin_mark(request.session.id))


@pytest.mark.parametrize("form", FORMATS.values(), ids=lambda f: f.name)
def test_an_edited_report_is_replaced_only_on_request(session, tmp_path, form, monkeypatch):
    request = ReportRequest(session, EventLog(everything(session)))
    ours = made_in(form, request)
    theirs = EDITED[form.name](ours)
    assert theirs != ours
    writer = form.load()
    monkeypatch.setattr(writer, "write", lambda _: RenderedReport(ours))
    target = tmp_path / f"report{form.suffix}"
    write_report(request, target, form)
    write_report(request, target, form)
    target.write_bytes(theirs)
    with pytest.raises(WouldOverwriteError, match="was changed after Workshop wrote it, so it"):
        write_report(request, target, form)
    assert target.read_bytes() == theirs
    write_report(request, target, form, replace=True)
    assert target.read_bytes() == ours


@pytest.mark.parametrize("name", ["md", "csv", "svg", "json"])
def test_the_checksum_covers_every_byte_of_a_text(session, tmp_path, name):
    form = FORMATS[name]
    request = ReportRequest(session, EventLog([answer(1, session.addresses[0], "Yes")]))
    ours = form.load().write(request).content
    target = tmp_path / f"report{form.suffix}"
    for place in range(0, len(ours), max(len(ours) // 40, 1)):
        target.write_bytes(ours[:place] + bytes([ours[place] ^ 0x41]) + ours[place + 1 :])
        assert form.load().read_origin(target) != Origin(session.id)


@pytest.mark.parametrize("name", ["docx", "pptx"])
def test_the_checksum_covers_every_part_of_an_office_file(session, tmp_path, name):
    form = FORMATS[name]
    ours = form.load().write(ReportRequest(session, EventLog())).content
    target = tmp_path / f"report{form.suffix}"
    target.write_bytes(repacked(ours, lambda _, blob: blob))
    assert form.load().read_origin(target) == Origin(session.id)
    for part in ZipFile(BytesIO(ours)).namelist():
        target.write_bytes(repacked(ours, lambda n, blob, p=part: blob + b" " * (n == p)))
        assert form.load().read_origin(target) == Origin(session.id, untouched=False)


@pytest.mark.parametrize(
    "begins",
    [b"SQLite format 3\0", b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7", b"\x37\x7f\x06\x82"],
)
def test_a_session_is_never_replaced(session, tmp_path, begins):
    target = tmp_path / "session.db"
    target.write_bytes(begins + b"answers")
    with pytest.raises(CannotWriteError, match="is a session or another database"):
        write_report(ReportRequest(session, EventLog()), target, replace=True)
    assert target.read_bytes() == begins + b"answers"


def test_a_write_protected_report_stays_even_with_replace(session, target):
    write_report(ReportRequest(session, EventLog()), target)
    target.chmod(0o444)
    before = target.read_bytes()
    with pytest.raises(CannotWriteError, match="is write-protected"):
        write_report(ReportRequest(session, EventLog(everything(session))), target, replace=True)
    assert target.read_bytes() == before


def test_an_empty_file_is_replaced(session, target):
    target.touch()
    write_report(ReportRequest(session, EventLog()), target)
    assert target.stat().st_size > 1000


def test_an_empty_file_that_an_office_program_has_open_is_left_alone(session, target):
    target.touch()
    target.with_name(".~lock.report.docx#").touch()
    with pytest.raises(CannotWriteError, match="open in another program"):
        write_report(ReportRequest(session, EventLog()), target)
    assert target.read_bytes() == b""


@pytest.mark.parametrize("lock", [".~lock.report.docx#", "~$report.docx"])
def test_a_report_that_an_office_program_has_open_is_left_alone(session, target, lock):
    write_report(ReportRequest(session, EventLog()), target)
    before = target.read_bytes()
    target.with_name(lock).touch()
    with pytest.raises(CannotWriteError, match=f"open in another program: {re.escape(lock)}"):
        write_report(ReportRequest(session, EventLog(everything(session))), target)
    assert target.read_bytes() == before
    write_report(ReportRequest(session, EventLog(everything(session))), target, replace=True)
    assert target.read_bytes() != before


@pytest.mark.parametrize(
    ("name", "lock"),
    [
        ("2025-03-12-acme.docx", "~$25-03-12-acme.docx"),
        ("reports.docx", "~$eports.docx"),
        ("acme.docx", "~$acme.docx"),
    ],
)
def test_the_lock_files_of_word_are_recognised(session, tmp_path, name, lock):
    write_report(ReportRequest(session, EventLog()), tmp_path / name)
    (tmp_path / lock).touch()
    with pytest.raises(CannotWriteError, match="open in another program"):
        write_report(ReportRequest(session, EventLog()), tmp_path / name)
