"""The report as PDF: made by LibreOffice where it is, and one sentence where it is not."""

import re
import threading
import time
import zlib
from http.server import BaseHTTPRequestHandler, HTTPServer
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from pdf_support import COPY, needs_scripts
from report_samples import IT, everything, session_on

from workshop.errors import WorkshopError
from workshop.export import pdf
from workshop.export.formats import FORMATS
from workshop.export.provenance import Origin
from workshop.export.request import ReportRequest
from workshop.export.write_file import WouldOverwriteError, write_report
from workshop.session.event_log import EventLog

PDF = FORMATS["pdf"]
REAL_PLACES = pdf._default_install_paths


@pytest.fixture
def session():
    return session_on(IT)


# ── what LibreOffice makes ───────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def printed(soffice):
    """The same report twice, in two runs of LibreOffice."""
    session = session_on(IT)
    return [
        pdf.write(ReportRequest(session, EventLog(everything(session)))).content for _ in range(2)
    ]


def test_two_runs_give_the_same_bytes(printed):
    assert printed[0] == printed[1]
    assert len(printed[0]) > 20_000


def test_a_pdf_says_what_it_is_to_a_screen_reader(printed):
    content = printed[0]
    assert content.startswith(b"%PDF-")
    for said in (b"/StructTreeRoot", b"/Marked true", b"/Lang(en-GB)", b"/DisplayDocTitle true"):
        assert said in content
    assert "Port of Halden".encode("utf-16-be").hex().upper().encode() in content


def test_a_pdf_has_a_bookmark_for_every_block(printed, request_):
    for section in request_.outline.sections:
        title = section.title.encode("utf-16-be").hex().upper().encode()
        assert b"/Title<FEFF" + title in printed[0]


def test_a_pdf_bears_the_date_of_the_session_and_not_of_today(printed):
    assert b"/CreationDate(D:20250313100000" in printed[0]
    assert f"D:{time.gmtime().tm_year}".encode() not in printed[0]


def test_a_pdf_is_complete_and_its_cross_reference_table_is_valid(printed):
    content = printed[0]
    assert content.endswith(b"%%EOF\n")
    place = int(content.rpartition(b"startxref")[2].split()[0])
    assert content[place:].startswith(b"xref\n0 ")
    objects = [line.split() for line in content[place:].split(b"trailer")[0].splitlines()[2:]]
    assert len(objects) > 100
    for number, (offset, _, used) in enumerate(objects):
        if used == b"n":
            assert content[int(offset) :].startswith(b"%d 0 obj" % number)


def test_only_a_pdf_that_workshop_wrote_is_recognised(printed, request_, tmp_path):
    target = tmp_path / "report.pdf"
    target.write_bytes(printed[0])
    assert pdf.read_origin(target) == Origin(request_.session.id)
    other = ReportRequest(session_on(IT, id="f" * 32), EventLog())
    with pytest.raises(WouldOverwriteError):
        write_report(other, target, PDF)
    write_report(request_, target, PDF)
    assert target.read_bytes() == printed[0]


def test_nothing_is_fetched_said_or_left_even_with_a_template_that_links_to_a_picture(
    soffice, request_, temporary, monkeypatch, capfd
):
    asked = []

    class Elsewhere(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_error(404)

        do_HEAD = do_OPTIONS = do_PROPFIND = do_GET

        def log_message(self, *_):
            pass

    server = HTTPServer(("127.0.0.1", 0), Elsewhere)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    word = FORMATS["docx"].load()
    write = word.write
    url = f"http://127.0.0.1:{server.server_port}/logo.png"
    try:
        monkeypatch.setattr(word, "write", lambda r: with_linked_picture(write(r), url))
        content = pdf.write(request_).content
    finally:
        server.shutdown()
        server.server_close()
    assert content.startswith(b"%PDF-")
    assert asked == []
    assert list(temporary.iterdir()) == []
    assert capfd.readouterr() == ("", "")


def with_linked_picture(written, url):
    """Return a report with a picture at its beginning that lies elsewhere."""
    import dataclasses

    office = "http://schemas.openxmlformats.org"
    relation = (
        f'<Relationship Id="linked" Type="{office}/officeDocument/2006/relationships/image" '
        f'Target="{url}" TargetMode="External"/></Relationships>'
    )
    picture = (
        f'<w:p xmlns:w="{office}/wordprocessingml/2006/main"><w:r><w:drawing>'
        f'<wp:inline xmlns:wp="{office}/drawingml/2006/wordprocessingDrawing">'
        '<wp:extent cx="900000" cy="900000"/><wp:docPr id="99" name="x"/>'
        f'<a:graphic xmlns:a="{office}/drawingml/2006/main">'
        f'<a:graphicData uri="{office}/drawingml/2006/picture">'
        f'<pic:pic xmlns:pic="{office}/drawingml/2006/picture">'
        '<pic:nvPicPr><pic:cNvPr id="1" name="x"/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill>'
        f'<a:blip xmlns:r="{office}/officeDocument/2006/relationships" r:link="linked"/>'
        '<a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr><a:xfrm><a:off x="0" y="0"/>'
        '<a:ext cx="900000" cy="900000"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/>'
        "</a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing>"
        "</w:r></w:p>"
    )
    made = BytesIO()
    with ZipFile(BytesIO(written.content)) as old, ZipFile(made, "w") as new:
        for name in old.namelist():
            part = old.read(name).decode()
            if name == "word/_rels/document.xml.rels":
                part = part.replace("</Relationships>", relation)
            if name == "word/document.xml":
                part = part.replace("<w:body>", f"<w:body>{picture}", 1)
            new.writestr(name, part)
    return dataclasses.replace(written, content=made.getvalue())


# ── where LibreOffice is ─────────────────────────────────────────────────────────────────────


def test_without_libreoffice_one_sentence_says_what_to_do(request_, tmp_path, monkeypatch):
    monkeypatch.setattr(pdf.shutil, "which", lambda _: None)
    monkeypatch.setattr(pdf, "_default_install_paths", list)
    target = tmp_path / "report.pdf"
    with pytest.raises(WorkshopError, match="LibreOffice, which is not on this machine") as error:
        write_report(request_, target, PDF)
    assert "save it as PDF from Word" in error.value.hint
    assert list(tmp_path.iterdir()) == []


def test_libreoffice_is_found_where_its_installers_put_it(tmp_path, monkeypatch):
    monkeypatch.setattr(pdf.shutil, "which", lambda _: None)
    monkeypatch.setattr(pdf.sys, "platform", "win32")
    monkeypatch.setattr(pdf.os, "environ", {"ProgramFiles": "/programs"})
    assert REAL_PLACES() == [Path("/programs/LibreOffice/program/soffice.com")]
    monkeypatch.setattr(pdf.sys, "platform", "darwin")
    assert Path("/Applications/LibreOffice.app/Contents/MacOS/soffice") in REAL_PLACES()
    there = tmp_path / "soffice"
    there.touch()
    monkeypatch.setattr(pdf, "_default_install_paths", lambda: [tmp_path / "missing", there])
    assert pdf._libreoffice() == str(there)


# ── progress, and the bytes ──────────────────────────────────────────────────────────────────


@needs_scripts
def test_progress_is_reported_repeatedly_while_libreoffice_works(session, stand_in):
    told = []
    stand_in(
        f'{COPY} sleep 0.6; printf "%%PDF-1.7\\nstartxref\\n9\\n%%%%EOF\\n" > "$out/report.pdf"'
    )
    written = pdf.write(ReportRequest(session, EventLog(), progress=told.append))
    assert re.sub(rb":[0-9a-f]{32}\n", b":SEAL\n", written.content) == (
        b"%PDF-1.7\n%workshop:session:" + session.id.encode() + b":SEAL\nstartxref\n9\n%%EOF\n"
    )
    assert len([done for done in told if done == pdf._WORD_SHARE]) >= 3
    assert told == sorted(told)
    assert all(0 <= done <= pdf._WORD_SHARE for done in told)


def test_only_dates_and_numbers_that_libreoffice_adds_are_overwritten(session):
    number = b"0123456789ABCDEF" * 2
    content = zlib.compress(b"/CreationDate in a compressed page is nobody's business")
    before = (
        b"%PDF-1.7\n" + content + b"\n<" + number + b">\n/CreationDate(D:20261122080208Z')"
        b"\n<xmp:CreateDate>2026-11-22T08:02:08Z</xmp:CreateDate>"
        b"\ntrailer\n<</ID [ <" + number + b">\n<" + number + b"> ]>>\nstartxref\n9\n%%EOF\n"
    )
    after = pdf._with_fixed_date(before, session.created)
    assert len(after) == len(before)
    assert content in after
    assert b"/CreationDate(D:20250312090000Z')" in after
    assert b"<xmp:CreateDate>2025-03-12T09:00:00Z<" in after
    assert after.count(number) == 1, "before the trailer it stands for something else"


@pytest.mark.parametrize(
    "content",
    [b"", b"%PDF-1.7", b"letter workshop:session:" + b"0" * 32, b"%PDF-1.7\n" + b"\xff" * 5000],
)
def test_a_pdf_that_workshop_did_not_write_has_no_origin(tmp_path, content):
    path = tmp_path / "file.pdf"
    path.write_bytes(content)
    assert pdf.read_origin(path) is None
