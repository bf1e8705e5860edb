"""The slides as other readers see them: native shapes that hold their text."""

import dataclasses
import re
from functools import cache
from io import BytesIO
from zipfile import ZipFile

import pptx
import pytest
from bank_samples import grid_bank
from lxml import etree
from openxml_audit import OpenXmlValidator
from pptx.enum.text import PP_ALIGN
from pptx.util import Pt
from report_languages import bank_in
from report_samples import ALIGNMENT, IT, answer, event, everything, many, session_on

from workshop.export.layout.text_width import split_pieces, wrap
from workshop.export.request import ReportRequest
from workshop.export.slides.writer import slides, write
from workshop.session.event_log import EventLog
from workshop.session.events import VoteCast
from workshop.views import labels
from workshop.views.outline import ActionItem, ParkedItem, build_outline

DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
HOSTILE = [
    "</a:t></a:r><a:r><a:t>out</a:t>",
    "<script>alert(1)</script> &amp; ]]> <!-- -->",
    "=1+1 @SUM(A1) {TOC} [/] *x* `y`",
    "one\ntwo",
]
ARABIC = "يحتاج عملاؤنا إلى خدمة موثوقة"


def outline_of(session, events):
    return build_outline(session, EventLog(events))


def deck_of(outline):
    return pptx.Presentation(BytesIO(slides(outline)))


def deck(session, events):
    return deck_of(outline_of(session, events))


def canvases(presentation):
    return [s for s in presentation.slides if s.slide_layout.name == "Canvas"]


def blocks(slide):
    """The shapes of a canvas that hold text, in the order in which they are read."""
    return [s for s in slide.shapes if not s.is_placeholder and s.text_frame.text]


def noted(outline, actions=3):
    return dataclasses.replace(
        outline,
        actions=tuple(ActionItem(f"Do {n}", "Ann", "next week") for n in range(actions)),
        parked=(ParkedItem("Later <b>", "Channels", ""),),
    )


CASES = {
    "empty": lambda s: [],
    "few": lambda s: everything(s)[::5],
    "typical": everything,
    "overfull": lambda s: many(s, 500),
    "long-words": lambda s: [answer(n, a, "x" * 300) for n, a in enumerate(s.addresses)],
    "chinese": lambda s: [
        answer(n, a, "我们的客户需要可靠的服务。" * 4) for n, a in enumerate(s.addresses)
    ],
    "hostile": lambda s: [answer(n, s.addresses[n], text) for n, text in enumerate(HOSTILE)],
}


@cache
def made(bank, case):
    """The slides of a case, with actions and a parked point."""
    session = session_on(bank)
    return slides(noted(outline_of(session, CASES[case](session))))


@pytest.mark.parametrize(
    ("bank", "case"), [(IT, "empty"), (IT, "hostile"), (IT, "typical"), (ALIGNMENT, "overfull")]
)
def test_openxml_audit_finds_nothing(tmp_path, bank, case):
    path = tmp_path / "report.pptx"
    path.write_bytes(made(bank, case))
    assert [str(e) for e in OpenXmlValidator().validate(path).errors] == []


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        (b"<a:buChar ", b"<a:buChart "),
        (b'algn="l"', b'algn="left"'),
        (b"<a:noAutofit/>", b"<a:noAutofit/><a:solidFill/>"),
    ],
)
def test_openxml_audit_finds_an_injected_fault(tmp_path, right, wrong):
    session = session_on(IT)
    path = tmp_path / "report.pptx"
    content = slides(outline_of(session, everything(session)))
    with ZipFile(BytesIO(content)) as before, ZipFile(path, "w") as after:
        for name in before.namelist():
            blob = before.read(name)
            if name.startswith("ppt/slides/slide3"):
                assert right in blob
                blob = blob.replace(right, wrong)
            after.writestr(name, blob)
    assert OpenXmlValidator().validate(path).errors


@pytest.mark.parametrize("bank", [IT, ALIGNMENT])
@pytest.mark.parametrize("case", CASES)
def test_the_text_of_every_block_fits_in_it(bank, case):
    """Work out anew how high the text of each shape is, with nothing in reserve."""
    for slide in canvases(pptx.Presentation(BytesIO(made(bank, case)))):
        for shape in blocks(slide):
            frame = shape.text_frame
            if frame._txBody.bodyPr.get("vert"):
                continue
            height = frame.margin_top.pt
            for paragraph in frame.paragraphs:
                (run,) = paragraph.runs
                indent = int(paragraph._p.pPr.get("marL", "0")) / Pt(1)
                width = (shape.width - frame.margin_left - frame.margin_right) / Pt(1) - indent
                bold = bool(run.font.bold)
                pieces = split_pieces(run.text, bold=bold)
                lines = wrap(pieces, width / run.font.size.pt, 99, bold=bold)
                height += len(lines) * paragraph.line_spacing.pt + paragraph.space_after.pt
            assert height <= shape.height.pt


@pytest.mark.parametrize("bank", [IT, ALIGNMENT])
@pytest.mark.parametrize("case", CASES)
def test_every_shape_is_on_its_slide_and_says_what_it_is(bank, case):
    presentation = pptx.Presentation(BytesIO(made(bank, case)))
    assert presentation.slide_width * 9 == presentation.slide_height * 16
    for slide in presentation.slides:
        assert slide.shapes.title.text
        ids = [shape.shape_id for shape in slide.shapes]
        assert len(set(ids)) == len(ids)
        for shape in slide.shapes:
            assert shape.left >= 0
            assert shape.left + shape.width <= presentation.slide_width
            assert shape.top >= 0
            assert shape.top + shape.height <= presentation.slide_height
            if not shape.is_placeholder:
                assert shape.name
                assert shape._element._nvXxPr.cNvPr.get("descr")
            elif shape.placeholder_format.type != pptx.enum.shapes.PP_PLACEHOLDER.SLIDE_NUMBER:
                assert shape.text_frame.text


def test_a_session_is_a_title_a_summary_and_its_canvases():
    session = session_on(ALIGNMENT, names={"higher": "Acme"})
    titles = [s.shapes.title.text for s in deck(session, everything(session)).slides]
    assert titles == [
        "Port of Halden",
        "Summary",
        "Acme: Port of Halden",
        "Lower Model: Port of Halden",
        "Acme and Lower Model: Port of Halden",
    ]


def test_every_block_is_a_shape_with_its_name_title_and_answers():
    session = session_on(IT)
    (slide,) = canvases(deck(session, everything(session)[:2]))
    shapes = {shape.name: shape for shape in blocks(slide)}
    assert list(shapes) == [b.title for b in outline_of(session, []).pages[0].blocks]
    title, *answers = [p.text for p in shapes["Customer Environment"].text_frame.paragraphs]
    assert title == "Customer Environment"
    assert answers == [session.question(a).example for a in session.addresses[:2]]


def test_stacked_blocks_are_read_model_by_model():
    session = session_on(ALIGNMENT, names={"higher": "Acme"})
    slide = canvases(deck(session, []))[-1]
    names = [shape.name for shape in blocks(slide)]
    assert len(names) == 20
    assert names[0] == "Acme"
    assert names[10] == "Lower Model"
    assert all(name.endswith(" · Acme") for name in names[1:10])
    assert all(name.endswith(" · Lower Model") for name in names[11:])


def test_few_answers_are_set_larger_than_many():
    session = session_on(ALIGNMENT)

    def size(events):
        first = blocks(canvases(deck(session, events))[0])
        return max(p.runs[0].font.size.pt for s in first for p in s.text_frame.paragraphs[1:])

    assert size(everything(session)) == 14
    assert size(many(session, 2000)) == 8


def test_hostile_texts_are_shown_literally():
    session = session_on(IT, title="<Title> & ]]>")
    events = [answer(n, session.addresses[n], text) for n, text in enumerate(HOSTILE)]
    presentation = deck(session, events)
    found = [p.text for s in blocks(canvases(presentation)[0]) for p in s.text_frame.paragraphs]
    for text in HOSTILE:
        assert any(text.replace("\n", " ") in said for said in found)
    assert presentation.slides[0].shapes.title.text == "<Title> & ]]>"
    assert presentation.core_properties.title == "<Title> & ]]>"


def test_actions_and_parked_points_are_tables_with_marked_heads():
    presentation = deck_of(noted(outline_of(session_on(IT), [])))
    *_, actions, parked = presentation.slides
    assert [s.shapes.title.text for s in (actions, parked)] == ["Actions", "Parked points"]
    tables = [next(s.table for s in slide.shapes if s.has_table) for slide in (actions, parked)]
    cells = [[[c.text for c in row.cells] for row in table.rows] for table in tables]
    assert cells[0] == [
        ["Action", "Owner", "Due"],
        *([f"Do {n}", "Ann", "next week"] for n in range(3)),
    ]
    assert cells[1] == [["Point", "Block"], ["Later <b>", "Channels"]]
    assert all(table.first_row for table in tables)


def test_many_actions_take_a_few_slides_and_the_rest_is_counted():
    presentation = deck_of(noted(outline_of(session_on(IT), []), actions=300))
    titles = [s.shapes.title.text for s in presentation.slides]
    assert [t for t in titles if "Actions" in t] == [f"Actions ({n} of 4)" for n in range(1, 5)]
    rows = [
        row.cells[0].text
        for slide in presentation.slides
        for shape in slide.shapes
        if shape.has_table and "Actions" in slide.shapes.title.text
        for row in shape.table.rows
    ]
    done = [r for r in rows if r.startswith("Do ")]
    assert done == [f"Do {n}" for n in range(len(done))]
    assert rows[-1] == f"+{300 - len(done)} more in the Word report"


def test_answers_that_a_canvas_shortens_are_in_full_in_its_notes():
    session = session_on(IT)
    voted = answer(900, session.addresses[0], "The one with votes")
    outline = outline_of(
        session, [*many(session, 400), voted, event(901, VoteCast(answer=voted.id, dots=3))]
    )
    (slide,) = canvases(deck_of(outline))
    (caption,) = [s for s in slide.shapes if s.name == labels.IN_NOTES]
    assert caption.text_frame.text == labels.IN_NOTES
    notes = slide.notes_slide.notes_text_frame.text.splitlines()
    shown = {s.name: s.text_frame.text for s in blocks(slide)}
    cut = [b for b in outline.pages[0].blocks if "…" in shown[b.title] or " more" in shown[b.title]]
    assert cut
    for block in cut:
        place = notes.index(f"{block.title}: {len(block.answers)} answers")
        said = notes[place + 1 : place + 1 + len(block.answers)]
        votes = [f"\u00a0●{n}" if n else "" for n in block.votes or [0] * len(block.answers)]
        assert said == [f"• {a}{v}" for a, v in zip(block.answers, votes, strict=True)]
    assert "• The one with votes\u00a0●3" in notes


def test_marks_that_a_canvas_leaves_out_are_in_its_notes():
    session = session_on(IT)
    stacked = "Z" + "\u0300\u0301\u0302\u0303\u0304\u0305"
    (slide,) = canvases(deck(session, [answer(1, session.addresses[0], stacked)]))
    assert f"• {stacked}" in slide.notes_slide.notes_text_frame.text.splitlines()


def test_a_canvas_that_shows_everything_has_no_notes():
    session = session_on(IT)
    (slide,) = canvases(deck(session, everything(session)[::4]))
    assert not slide.has_notes_slide
    assert labels.IN_NOTES not in [s.name for s in slide.shapes]


@pytest.mark.parametrize("language", ["ar", "he"])
def test_the_canvas_of_a_right_to_left_language_begins_on_the_right(language):
    session = session_on(bank_in(language))
    (slide,) = canvases(deck(session, many(session, 200)))
    first, *_, last = [s for s in blocks(slide) if s.name != labels.IN_NOTES][:7]
    titles = [b.title for b in outline_of(session, []).pages[0].blocks]
    assert [first.name, last.name] == [titles[0], titles[6]]
    frame = next(s for s in slide.shapes if not s.is_placeholder and not s.text_frame.text)
    assert first.left + first.width == pytest.approx(frame.left + frame.width, abs=9)
    assert last.left < first.left
    sides = {p.alignment for p in slide.placeholders[13].text_frame.paragraphs}
    assert sides == {PP_ALIGN.RIGHT}


@pytest.mark.parametrize(("bank", "side"), [("ar", PP_ALIGN.RIGHT), (IT, PP_ALIGN.LEFT)])
def test_the_reports_own_words_are_aligned_by_its_language(bank, side):
    session = session_on(bank_in(bank) if bank != IT else IT, title="Day one")
    title, summary, *_, actions, _ = deck_of(noted(outline_of(session, many(session, 9)))).slides

    def sides(*paragraphs):
        return {p.alignment for p in paragraphs}

    places = [title.shapes.title, title.placeholders[13], summary.shapes.title]
    assert sides(*(p for s in places for p in s.text_frame.paragraphs)) == {side}
    sentence, *facts = summary.placeholders[1].text_frame.paragraphs
    assert sides(sentence) == {PP_ALIGN.LEFT}  # which is in English
    assert sides(facts[0]) == {side}
    table = next(s.table for s in actions.shapes if s.has_table)
    assert sides(*(c.text_frame.paragraphs[0] for c in table.rows[0].cells)) == {side}
    assert sides(*(c.text_frame.paragraphs[0] for c in table.rows[1].cells)) == {PP_ALIGN.LEFT}
    mirrored = {"rtl": "1"} if side == PP_ALIGN.RIGHT else {}
    assert mirrored.items() <= dict(table._tbl.tblPr.attrib).items()
    assert ("rtl" in table._tbl.tblPr.attrib) == bool(mirrored)


def test_the_dot_of_votes_has_a_latin_font_behind_east_asian_text():
    session = session_on(IT)
    said = answer(1, session.addresses[0], "我们的客户")
    (slide,) = canvases(deck(session, [said, event(2, VoteCast(answer=said.id, dots=3))]))
    (paragraph,) = [
        p for s in blocks(slide) for p in s.text_frame.paragraphs if p.text.endswith("●3")
    ]
    text, dot = paragraph.runs
    assert (text.text, dot.text) == ("我们的客户\u00a0", "●3")
    assert dot._r.rPr.find(f"{DRAWING}ea").get("typeface") == "+mn-lt"


def test_a_grid_that_fits_no_slide_causes_a_warning():
    def warnings(bank):
        return write(ReportRequest(session_on(bank), EventLog())).warnings

    assert warnings(grid_bank(7, 8)) == ()
    assert warnings(grid_bank(40, 1)) == labels.canvas_warnings([True])
    (said,) = labels.canvas_warnings([True])
    assert "more rows or columns than a page has room for, or columns too narrow for words" in said


def test_the_answers_with_the_most_dots_are_in_the_summary():
    session = session_on(IT)
    outline = outline_of(session, everything(session))
    sections = tuple(
        dataclasses.replace(
            section,
            questions=tuple(
                dataclasses.replace(
                    question,
                    answers=tuple(
                        dataclasses.replace(a, votes=a.number % 40) for a in question.answers
                    ),
                )
                for question in section.questions
            ),
        )
        for section in outline.sections
    )
    summary = deck_of(dataclasses.replace(outline, sections=sections)).slides[1]
    lines = [p.text for p in summary.placeholders[1].text_frame.paragraphs]
    found = [int(re.search(r"●(\d+) — ", line)[1]) for line in lines if "●" in line]
    assert found == [39, 38, 37, 36, 35]


def test_text_that_runs_right_to_left_is_marked_and_begins_on_the_right():
    session = session_on(IT)
    presentation = deck(session, [answer(1, session.addresses[0], ARABIC)])
    (properties,) = [
        p._p.pPr
        for shape in blocks(canvases(presentation)[0])
        for p in shape.text_frame.paragraphs
        if p.text == ARABIC
    ]
    assert (properties.get("rtl"), properties.get("algn")) == ("1", "r")


def test_every_run_has_the_language_of_the_bank():
    bank = session_on(IT).bank.model_copy(update={"language": "nl"})
    content = slides(noted(outline_of(session_on(bank), [])))
    with ZipFile(BytesIO(content)) as archive:
        parts = [n for n in archive.namelist() if n.startswith("ppt/slide")]
        runs = [
            run.get("lang")
            for name in parts
            if name.endswith(".xml")
            for run in etree.fromstring(archive.read(name)).iter(f"{DRAWING}rPr")
        ]
    assert set(runs) == {"nl-NL"}
