"""The Word report as readers other than ourselves see it."""

import re
from datetime import UTC, datetime
from io import BytesIO
from itertools import pairwise

import docx
import mammoth
import pytest
from docx_invariants import parts_of, w
from lxml import etree
from openxml_audit import OpenXmlValidator
from report_samples import ALIGNMENT, IT, answer, event, everything, many, session_on

from workshop.report import canvas_cell, canvas_fit
from workshop.report.outline import build_outline
from workshop.report.word.writer import word_report
from workshop.session.events import QuestionSkipped
from workshop.session.state import Fold

HOSTILE = [
    "[/] [@click=app.quit]text[/] [bold]",
    "<w:p>&amp;&lt;</w:p> ]]> <!-- --> <?xml?>",
    "\u202eright to left\u202c \u0645\u0631\u062d\u0628\u0627 \u05e9\u05dc\u05d5\u05dd",
    "👩‍👩‍👧‍👦 🇳🇱 ✅ \U0001f600",
    "=1+1 @SUM(A1) {TOC} «MERGEFIELD»",
    "\x1b[31mred\x1b[0m \x07 \ud800 \ufffe",
    "日本語の答え、改行なしの長い文。" * 8,
    "x" * 300,
    "y" * 100_000,
    "many\nlines\n\n" + "of text\n" * 50,
    "  spaces   inside  ",
]


def report(session, events):
    return word_report(build_outline(session, Fold(events)))


def document_of(content):
    return etree.fromstring(parts_of(content)["word/document.xml"])


def texts(content):
    """Each paragraph's text in the document, unzipped by hand; breaks are line ends."""
    return [
        "".join("\n" if e.tag == w("br") else e.text or "" for e in p.iter(w("t"), w("br")))
        for p in document_of(content).iter(w("p"))
    ]


def plain(text):
    return re.sub(r"\s+", " ", text)


def assert_in_order(wanted, text):
    place = 0
    for words in wanted:
        found = text.find(words, place)
        assert found >= 0, words
        place = found + len(words)


def wanted_of(session):
    return [
        words
        for address in session.stops
        for words in (session.question(address).ask, session.question(address).example)
    ]


@pytest.mark.parametrize("bank", [IT, ALIGNMENT])
def test_mammoth_finds_every_question_and_answer_in_order(bank):
    session = session_on(bank)
    text = mammoth.extract_raw_text(BytesIO(report(session, everything(session)))).value
    assert_in_order(map(plain, wanted_of(session)), plain(text.partition("Block by block")[2]))


@pytest.mark.parametrize("bank", [IT, ALIGNMENT])
def test_unzipping_by_hand_finds_every_question_and_answer(bank):
    session = session_on(bank)
    found = texts(report(session, everything(session)))
    for words in wanted_of(session):
        assert any(p == words or p.startswith(f"{words} — ") for p in found), words


@pytest.mark.parametrize("bank", [IT, ALIGNMENT])
@pytest.mark.parametrize("kind", ["empty", "typical", "overfull"])
def test_openxml_audit_finds_nothing(tmp_path, bank, kind):
    session = session_on(bank)
    skip = event(9999, QuestionSkipped(question=session.stops[-1], reason="Later"))
    typical = [*everything(session)[:-1], skip, answer(9998, "gone.q", "Old")]
    events = {"empty": [], "typical": typical, "overfull": many(session, 400)}[kind]
    path = tmp_path / "report.docx"
    path.write_bytes(report(session, events))
    assert [str(e) for e in OpenXmlValidator().validate(path).errors] == []


def test_the_same_session_gives_the_same_bytes():
    session = session_on(IT)
    assert report(session, everything(session)) == report(session, everything(session))


def test_nothing_in_the_file_comes_from_the_clock_or_from_python_docx():
    parts = parts_of(report(session_on(IT), []))
    year = str(datetime.now(UTC).year).encode()
    assert not [n for n, blob in parts.items() if b"python-docx" in blob]
    assert year not in parts["docProps/core.xml"]


def test_hostile_texts_are_shown_literally(tmp_path):
    session = session_on(IT, title="<Title> & [/] ]]>")
    events = [
        answer(n, session.stops[n % 5], text, f"<b>{n}</b>") for n, text in enumerate(HOSTILE)
    ]
    content = report(session, events)
    path = tmp_path / "report.docx"
    path.write_bytes(content)
    assert [str(e) for e in OpenXmlValidator().validate(path).errors] == []
    found = texts(content)
    for number, hostile in enumerate(events):
        assert f"{hostile.body.text} — <b>{number}</b>" in found
    assert docx.Document(BytesIO(content)).core_properties.title == "<Title> & [/] ]]>"


def test_an_empty_session_still_has_its_canvas_and_all_questions():
    session = session_on(IT)
    found = texts(report(session, []))
    assert all(session.question(a).ask in found for a in session.stops)
    assert found.count("Not answered") == 46
    assert "Skipped questions" not in found


def test_title_language_author_and_identifier_are_set():
    properties = docx.Document(BytesIO(report(session_on(IT), []))).core_properties
    assert properties.title == "Port of Halden"
    assert properties.author == "Workshop"
    assert properties.language == "en-GB"
    assert properties.identifier == "workshop:session:" + "0123456789abcdef" * 2
    assert properties.created == datetime(2025, 3, 12, 9, tzinfo=UTC)


def test_headings_leave_out_no_level():
    session = session_on(ALIGNMENT)
    document = docx.Document(BytesIO(report(session, everything(session))))
    levels = {"Canvas title": 1, "Heading 1": 1, "Heading 2": 2, "Question": 3}
    walked = [levels[p.style.name] for p in document.paragraphs if p.style.name in levels]
    assert walked[0] == 1
    assert all(b - a <= 1 for a, b in pairwise(walked))


def test_every_canvas_title_and_block_links_to_its_section():
    session = session_on(IT)
    document = document_of(report(session, []))
    links = [
        (link.get(w("anchor")), "".join(link.itertext()))
        for link in next(document.iter(w("tbl"))).iter(w("hyperlink"))
    ]
    numbers = {s.block.title: n for n, s in enumerate(session.steps, start=1)}
    assert len(links) == 13
    assert all(numbers[title] == int(anchor[-3:]) for anchor, title in links)


def test_contents_link_every_heading_and_ask_for_no_update():
    session = session_on(IT)
    parts = parts_of(report(session, everything(session)))
    document = etree.fromstring(parts["word/document.xml"])
    toc = [
        p.find(w("hyperlink")).get(w("anchor"))
        for p in document.iter(w("p"))
        if p.find(f"{w('pPr')}/{w('pStyle')}").get(w("val")) in ("TOC1", "TOC2")
    ]
    assert toc == [b.get(w("name")) for b in document.iter(w("bookmarkStart"))]
    assert b"updateFields" not in parts["word/settings.xml"]
    assert b"w:dirty" not in parts["word/document.xml"]


def test_there_is_no_direct_formatting():
    session = session_on(ALIGNMENT)
    document = document_of(report(session, many(session, 300)))
    allowed = {w("pStyle"), w("sectPr"), w("rStyle")}
    used = {e.tag for kind in ("pPr", "rPr") for p in document.iter(w(kind)) for e in p}
    assert used <= allowed


def test_the_styles_have_the_measures_that_the_fit_counts_on():
    styles = etree.fromstring(parts_of(report(session_on(IT), []))["word/styles.xml"])
    spacing = {
        s.get(w("styleId")): s.find(f"{w('pPr')}/{w('spacing')}") for s in styles.iter(w("style"))
    }

    def line(name):
        assert spacing[name].get(w("lineRule")) == "exact"
        return int(spacing[name].get(w("line"))) / 20, int(spacing[name].get(w("after"))) / 20

    for size in canvas_fit.SIZES:
        measures = canvas_cell.line_height(size), canvas_cell.AFTER_ANSWER
        assert line(f"CanvasText{size * 10:03.0f}") == measures
        assert line(f"CanvasAnswer{size * 10:03.0f}") == measures
    assert line("CanvasBlock") == (canvas_cell.TITLE_LINE, canvas_cell.AFTER_TITLE)
    assert line("CanvasTitle") == (canvas_fit.PAGE_TITLE_LINE, 0)
    assert line("CanvasSubtitle") == (canvas_fit.SUBTITLE_LINE, canvas_fit.AFTER_SUBTITLE)
    assert line("CanvasEnd") == (canvas_fit.END_LINE, 0)
