"""What a deck says of itself, and how Workshop knows its own."""

from datetime import UTC, datetime
from io import BytesIO
from zipfile import ZipFile

import pptx
import pytest
from report_samples import ALIGNMENT, IT, everything, session_on

from workshop.export.provenance import Origin
from workshop.export.request import ReportRequest
from workshop.export.slides.writer import read_origin, slides, write
from workshop.session.event_log import EventLog
from workshop.views.outline import build_outline


def outline_of(session, events):
    return build_outline(session, EventLog(events))


def test_title_author_language_and_identifier_are_set_and_nothing_comes_from_the_clock():
    content = slides(outline_of(session_on(IT), []))
    properties = pptx.Presentation(BytesIO(content)).core_properties
    assert properties.title == "Port of Halden"
    assert properties.author == "Workshop"
    assert properties.language == "en-GB"
    assert properties.created == datetime(2025, 3, 12, 9, tzinfo=UTC).replace(tzinfo=None)
    with ZipFile(BytesIO(content)) as archive:
        assert {entry.date_time[0] for entry in archive.infolist()} == {1980}
        assert str(datetime.now(UTC).year).encode() not in archive.read("docProps/core.xml")
        assert not [n for n in archive.namelist() if b"python-pptx" in archive.read(n)]


def test_the_same_session_gives_the_same_bytes():
    session = session_on(ALIGNMENT)
    outline = outline_of(session, everything(session))
    assert slides(outline) == slides(outline)


def test_slides_are_recognised_by_their_identifier(tmp_path):
    session = session_on(IT)
    path = tmp_path / "report.pptx"
    told = []
    request = ReportRequest(session, EventLog(), progress=told.append)
    path.write_bytes(write(request).content)
    assert read_origin(path) == Origin(session.id)
    assert told == sorted(told)
    assert told[-1] == 1.0


@pytest.mark.parametrize("content", [b"", b"my slides", b"PK\x03\x04 not a zip"])
def test_slides_that_workshop_did_not_make_have_no_origin(tmp_path, content):
    path = tmp_path / "report.pptx"
    path.write_bytes(content)
    assert read_origin(path) is None
