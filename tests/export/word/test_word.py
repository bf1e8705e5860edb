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
from report_languages import spoken
from report_samples import ALIGNMENT, IT, answer, event, everything, many, session_on
from word_support import closing, document_of, report, texts

from workshop.export.layout import fit
from workshop.export.layout.block import (
    AFTER_ANSWER,
    AFTER_TITLE,
    BULLET_INDENT,
    COMFORTABLE_SIZE,
    PADDING_ABOVE,
    PADDING_BELOW,
    PADDING_BESIDE,
    TALL_LEADING,
    USUAL_LEADING,
    bullet_indent,
)
from workshop.export.page_size import A4, LETTER
from workshop.export.word.split_paragraphs import split_paragraphs
from workshop.export.word.writer import word_report
from workshop.session.event_log import EventLog
from workshop.session.events import QuestionSkipped
from workshop.views.outline import build_outline

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
        for address in session.addresses
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
        assert any(p == words or p.startswith(f"{words} —\u00a0") for p in found), words


@pytest.mark.parametrize("bank", [IT, ALIGNMENT])
@pytest.mark.parametrize("kind", ["empty", "typical", "overfull"])
def test_openxml_audit_finds_nothing(tmp_path, bank, kind):
    session = session_on(bank)
    skip = event(9999, QuestionSkipped(question=session.addresses[-1], reason="Later"))
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
        answer(n, session.addresses[n % 5], text, f"<b>{n}</b>") for n, text in enumerate(HOSTILE)
    ]
    content = report(session, events)
    path = tmp_path / "report.docx"
    path.write_bytes(content)
    assert [str(e) for e in OpenXmlValidator().validate(path).errors] == []
    found = texts(content)
    for number, hostile in enumerate(events):
        *head, last = split_paragraphs(hostile.body.text)
        assert set(head) <= set(found)
        assert f"{last} —\u00a0<b>{number}</b>" in found
    assert docx.Document(BytesIO(content)).core_properties.title == "<Title> & [/] ]]>"


def test_an_empty_session_still_has_its_canvas_and_all_questions():
    session = session_on(IT)
    found = texts(report(session, []))
    assert all(session.question(a).ask in found for a in session.addresses)
    assert found.count("Not answered") == 46
    assert "Skipped questions" not in found


def test_title_language_author_and_identifier_are_set():
    properties = docx.Document(BytesIO(report(session_on(IT), []))).core_properties
    assert properties.title == "Port of Halden"
    assert properties.author == "Workshop"
    assert properties.language == "en-GB"
    assert properties.identifier.startswith("workshop:session:" + "0123456789abcdef" * 2)
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


def test_the_table_of_contents_links_every_heading_and_asks_for_no_update():
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


def test_the_styles_have_the_measures_that_the_fit_counts_on():
    styles = etree.fromstring(parts_of(report(session_on(IT), []))["word/styles.xml"])
    spacing = {
        s.get(w("styleId")): s.find(f"{w('pPr')}/{w('spacing')}") for s in styles.iter(w("style"))
    }

    def line(name):
        assert spacing[name].get(w("lineRule")) == "exact"
        return int(spacing[name].get(w("line"))) / 20, int(spacing[name].get(w("after"))) / 20

    for name, leading in (("", USUAL_LEADING), ("Tall", TALL_LEADING)):
        for size in fit.SIZES:
            measures = leading.line(size), AFTER_ANSWER
            for kind in ("CanvasText", "CanvasAnswer"):
                assert line(f"{kind}{name}{size * 10:03.0f}") == measures
        assert line(f"CanvasBlock{name}") == (leading.title, AFTER_TITLE)
    assert line("CanvasTitle") == (fit.PAGE_TITLE_LINE, 0)
    assert line("CanvasSubtitle") == (fit.SUBTITLE_LINE, fit.AFTER_SUBTITLE)
    assert line("CanvasEnd") == (fit.END_LINE, 0)


def test_every_size_is_set_for_complex_scripts_too():
    content = parts_of(report(session_on(IT), spoken(session_on(IT))))
    root = etree.fromstring(content["word/styles.xml"])
    for properties in root.iter(w("rPr")):
        sizes = {name: properties.find(w(name)) for name in ("sz", "szCs")}
        found = {None if e is None else e.get(w("val")) for e in sizes.values()}
        assert len(found) == 1, etree.tostring(properties)
        for plain, complex_script in (("b", "bCs"), ("i", "iCs")):
            there = properties.find(w(plain)) is not None
            assert (properties.find(w(complex_script)) is not None) is there


def test_the_canvas_indents_as_the_fit_counts_on():
    root = etree.fromstring(parts_of(report(session_on(IT), []))["word/styles.xml"])
    style = next(s for s in root.iter(w("style")) if s.get(w("styleId")) == "CanvasAnswer")
    assert int(style.find(f"{w('pPr')}/{w('ind')}").get(w("left"))) / 20 == BULLET_INDENT
    for small in (
        s for s in root.iter(w("style")) if re.fullmatch("CanvasAnswer.*", s.get(w("styleId")))
    ):
        size = int(small.get(w("styleId"))[-3:]) / 10 if small is not style else 10
        indent = small.find(f"{w('pPr')}/{w('ind')}")
        if indent is not None or size < COMFORTABLE_SIZE:
            assert int(indent.get(w("left"))) / 20 == bullet_indent(size)
    table = next(s for s in root.iter(w("style")) if s.get(w("styleId")) == "CanvasTable")
    margins = table.find(f"{w('tblPr')}/{w('tblCellMar')}")
    padding = {etree.QName(e).localname: int(e.get(w("w"))) / 20 for e in margins}
    assert padding == {
        "top": PADDING_ABOVE, "bottom": PADDING_BELOW, "left": PADDING_BESIDE,
        "right": PADDING_BESIDE,
    }  # fmt: skip


# ── accessibility ────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("bank", [IT, ALIGNMENT])
def test_the_sections_say_in_reading_order_all_that_the_canvas_says(bank):
    session = session_on(bank)
    outline = build_outline(session, EventLog(everything(session) + spoken(session)))
    text = plain(mammoth.extract_raw_text(BytesIO(word_report(outline))).value)
    linear = text.partition("Block by block")[2].rpartition("Block by block")[2]
    for section in outline.sections:
        blocks = [b for p in outline.pages for b in p.blocks if b.section == section.key]
        assert blocks
        told = linear[linear.index(section.title) :]
        for block in blocks:
            assert block.title in section.title
            assert all(plain(answer) in told for answer in block.answers)
    assert sum(len(b.answers) for b in outline.pages[-1].blocks) == len(
        [a for s in outline.sections for q in s.questions for a in q.answers]
    )


def test_every_table_says_what_it_is():
    document = document_of(report(session_on(IT), closing(session_on(IT))))
    told = [
        (t.find(f"{w('tblPr')}/{w(name)}").get(w("val")))
        for t in document.iter(w("tbl"))
        for name in ("tblCaption", "tblDescription")
    ]
    assert told[0] == "The IT Business Model Canvas: Port of Halden"
    assert "block by block" in told[1]
    assert told[2::2] == ["Skipped questions", "Parked points", "Actions"]
    assert len(set(told)) == len(told)


# ── look ─────────────────────────────────────────────────────────────────────────────────────


def fills(cells):
    return {
        cell.find(f".//{w('t')}").text: cell.find(f"{w('tcPr')}/{w('shd')}").get(w("fill"))
        for cell in cells
        if cell.find(f".//{w('t')}") is not None
    }


def test_costs_and_revenue_differ_in_colour_on_the_canvas_and_in_their_sections():
    content = report(session_on(IT), [])
    canvas = fills(next(document_of(content).iter(w("tbl"))).iter(w("tc")))
    assert canvas["Cost structure"] != canvas["Value streams"]
    assert canvas["Key partners"] == canvas["Key activities"]
    styles = etree.fromstring(parts_of(content)["word/styles.xml"])
    shade = {
        s.get(w("styleId")): s.find(f"{w('pPr')}/{w('shd')}").get(w("fill"))
        for s in styles.iter(w("style"))
        if s.find(f"{w('pPr')}/{w('shd')}") is not None
    }
    heading = None
    for paragraph in document_of(content).iter(w("p")):
        style = paragraph.find(f"{w('pPr')}/{w('pStyle')}").get(w("val"))
        if style == "Heading2":
            heading = "".join(paragraph.itertext())
        elif style.startswith("Purpose"):
            assert shade[style] == canvas[heading], heading


@pytest.mark.parametrize(("page_size", "size"), [(A4, (11906, 16838)), (LETTER, (12240, 15840))])
def test_every_section_has_the_requested_page_size(page_size, size):
    document = document_of(report(session_on(IT), [], page_size))
    sizes = [(int(p.get(w("w"))), int(p.get(w("h")))) for p in document.iter(w("pgSz"))]
    assert sizes == [size, size[::-1], size]


def test_progress_is_reported_a_few_dozen_times_and_ends_complete():
    session = session_on(IT)
    told = []
    word_report(build_outline(session, EventLog(many(session, 1000))), progress=told.append)
    assert told == sorted(told)
    assert told[-1] == 1.0
    assert 24 <= len(told) <= 60
    assert all(0 < share <= 1 for share in told)
