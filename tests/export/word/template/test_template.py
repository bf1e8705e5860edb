"""A company's template: its styles are used, and what they lack is added."""

import re

import pytest
from docx_invariants import parts_of, w
from lxml import etree
from report_samples import ALIGNMENT, IT, everything, session_on
from template_reports import Report, faults_of, written_on
from template_samples import (
    COMPANY,
    TEMPLATES,
    WORD,
    archive,
    heading,
    headings,
    localised,
    pandoc_like,
    paragraph,
    renamed,
    sprawling,
    style,
    style_sheet,
    template,
)

from workshop.export.provenance import Origin, parse_origin
from workshop.export.word.template import pinned_styles
from workshop.export.word.writer import word_report
from workshop.session.event_log import EventLog
from workshop.views.outline import build_outline


@pytest.mark.parametrize(
    ("sample", "bank"), [*((sample, IT) for sample in TEMPLATES), ("first-and-even", ALIGNMENT)]
)
def test_a_report_on_a_template_is_sound(tmp_path, sample, bank):
    written = written_on(tmp_path, TEMPLATES[sample](), bank=bank, events=everything)
    assert faults_of(tmp_path, written.content) == []


@pytest.mark.parametrize("sample", TEMPLATES)
def test_the_same_session_on_the_same_template_gives_the_same_bytes(tmp_path, sample):
    content = TEMPLATES[sample]()
    first, second = (written_on(tmp_path, content).content for _ in range(2))
    assert first == second


def test_a_report_has_the_same_content_with_a_template_as_without(tmp_path):
    report = Report(tmp_path, localised(), events=everything)
    said = "\n".join(p.text for p in report.opened.paragraphs)
    mark = report.opened.core_properties.identifier.encode()
    assert parse_origin(mark, 0) == Origin("0123456789abcdef" * 2, untouched=False)
    for event in everything(session_on(IT)):
        assert event.body.text in said


# ── styles ───────────────────────────────────────────────────────────────────────────────────


def test_the_text_of_the_template_is_dropped(tmp_path):
    report = Report(tmp_path, template())
    assert b"OWN TEXT" not in b"".join(report.parts.values())


def test_existing_styles_are_used_and_stay_as_they_are(tmp_path):
    report = Report(tmp_path, template(COMPANY.replace("de-DE", "en-GB")))
    theirs = etree.fromstring(COMPANY.replace("de-DE", "en-GB"))
    kept = {s.get(w("styleId")): s for s in report.styles.iter(w("style"))}
    for mine in theirs.iter(w("style")):
        assert saying(kept[mine.get(w("styleId"))]) == saying(mine)
    assert saying(report.styles.find(w("docDefaults"))) == saying(theirs.find(w("docDefaults")))


def saying(element):
    """An element without its place: tags and attributes, from the outside in."""
    return [(e.tag, dict(e.attrib)) for e in element.iter()]


def test_styles_are_matched_by_name_whatever_their_ids_and_capitals(tmp_path):
    report = Report(tmp_path, localised())
    used = {p.get(w("val")) for p in report.document.iter(w("pStyle"))}
    assert {"berschrift1", "berschrift2", "Titel", "Verzeichnis1"} <= used
    assert not {"Heading1", "Heading2", "Title", "TOC1", "Normal"} & used
    assert report.style_of("Block by block") == "Heading 1"
    assert report.style_of("Port of Halden") == "Title"


def test_capital_letters_in_built_in_names_make_no_difference(tmp_path):
    report = Report(tmp_path, pandoc_like())
    assert report.style("Heading 1").get(w("styleId")) == "Heading1"
    with pytest.raises(KeyError):
        report.style("heading 1")


def test_a_style_is_found_by_its_alias(tmp_path):
    alias = '<w:aliases w:val="Berg, Answer"/>'
    report = Report(tmp_path, template(COMPANY.replace("</w:styles>", style(
        "Punkt", "Acme Punkt", base="Normal", more=alias
    ) + "</w:styles>")))  # fmt: skip
    assert "Punkt" in {p.get(w("val")) for p in report.document.iter(w("pStyle"))}
    assert "Answer," not in report.warnings


def test_missing_styles_are_added_based_on_theirs_and_named(tmp_path):
    report = Report(tmp_path, localised())
    question, summary = report.style("Question"), report.style("Summary")
    assert question.find(w("basedOn")).get(w("val")) == "berschrift3"
    assert summary.find(w("basedOn")).get(w("val")) == "Standard"
    assert question.find(f"{w('rPr')}/{w('rFonts')}") is None
    first = report.written.warnings[0]
    count, names, ours, uses = re.fullmatch(
        r"The template Acme\.docx lacks (\d+) styles, so Workshop's own were added, "
        r"based on its styles: (.*) and (\d+) that only Workshop has, for (.*)\.",
        first,
    ).groups()
    assert names == "Subtitle, caption, TOC Heading, toc 2, Hyperlink"
    assert int(count) == 5 + int(ours)
    assert int(ours) > 25
    assert uses == "page one, questions and answers, tables, links and the canvas"


def test_a_few_missing_styles_are_named_one_by_one(tmp_path):
    report = Report(tmp_path, template())
    styles = report.styles
    for name in ("Tagline", "Canvas more 9.5"):
        styles.remove(report.style(name))
    parts = {**report.parts, "word/styles.xml": etree.tostring(styles)}
    again = Report(tmp_path, archive(parts), name="Again.docx")
    assert "lacks 2 styles" in again.warnings
    assert "based on its styles: Tagline, Canvas more." in again.warnings


# ── styles that are based on each other ──────────────────────────────────────────────────────


def base_of(report, name):
    found = report.style(name).find(w("basedOn"))
    return None if found is None else found.get(w("val"))


def test_a_circle_of_styles_is_cut_at_the_default_style(tmp_path):
    normal = style("Normal", "Normal", default=True, base="Heading1")
    report = Report(tmp_path, template(style_sheet(headings(), normal=normal)))
    assert base_of(report, "Normal") is None
    assert base_of(report, "heading 1") == "Normal"
    assert "which was cut at Normal." in report.warnings
    assert faults_of(tmp_path, report.content) == []


@pytest.mark.parametrize(
    ("styles", "bases", "cut"),
    [
        ({"A": "A"}, {"A": None}, "A"),
        ({"A": "B", "B": "A"}, {"A": None, "B": "A"}, "A"),
        ({"Z": "A", "A": "B", "B": "C", "C": "B"}, {"Z": "A", "A": "B", "B": None, "C": "B"}, "B"),
        ({"A": "B", "B": "B", "C": "D", "D": "C"}, {"A": "B", "B": None, "C": None}, "B, C"),
    ],
)
def test_a_circle_of_other_styles_is_cut_at_the_first_of_them(tmp_path, styles, bases, cut):
    named = [style(i, f"Acme {i}", base=base) for i, base in styles.items()]
    report = Report(tmp_path, template(style_sheet(headings(), *named)))
    assert {i: base_of(report, f"Acme {i}") for i in bases} == bases
    assert (
        f"which was cut at {cut.replace(', ', ', Acme ').join(('Acme ', '.'))}" in report.warnings
    )


def test_styles_of_one_name_do_not_make_a_circle(tmp_path):
    twins = (style("X1", "X", base="Y"), style("X2", "x", base="Y"), style("Y", "Y", base="X2"))
    report = Report(tmp_path, template(style_sheet(headings(), *twins)))
    assert base_of(report, "x") is None
    assert base_of(report, "Y") == "X2"


def test_a_chain_of_thousands_of_styles_is_cut_where_programs_would_break_down(tmp_path):
    chain = [style(f"D{n}", f"Deep {n}", base=f"D{n + 1}") for n in range(100)]
    report = Report(tmp_path, template(style_sheet(headings(), *chain, style("D100", "Deep 100"))))
    assert [n for n in range(100) if base_of(report, f"Deep {n}") is None] == [20, 60]
    assert "which was cut at Deep 60, Deep 20." in report.warnings


def test_sound_chains_are_left_alone(tmp_path):
    report = Report(tmp_path, TEMPLATES["pandoc-like"]())
    assert base_of(report, "First Paragraph") == "BodyText"
    assert "cut" not in report.warnings


def test_a_missing_heading_gets_the_font_and_colour_of_existing_ones(tmp_path):
    only = style_sheet(heading("Heading1", "heading 1", 1, rpr='<w:rFonts w:ascii="Acme Sans"/>'))
    report = Report(tmp_path, template(only))
    added = report.style("heading 2").find(w("rPr"))
    assert added.find(w("rFonts")).get(w("ascii")) == "Acme Sans"
    assert added.find(w("color")).get(w("val")) == "7A1F3D"


def test_a_style_of_the_same_level_stands_in_for_a_heading(tmp_path):
    report = Report(tmp_path, renamed())
    assert report.style_of("Block by block") == "Acme Kapitel"
    assert report.style("Question").find(w("basedOn")).get(w("val")) == "Absatz"
    assert "has no style heading 2, so its style “Acme Abschnitt” was used" in report.warnings


@pytest.mark.parametrize("hiding", ["<w:vanish/>", '<w:color w:val="FFFFFF"/>'])
def test_a_style_that_would_hide_text_is_not_used(tmp_path, hiding):
    title = style("Title", "Title", base="Normal", rpr=hiding)
    report = Report(tmp_path, template(style_sheet(headings(), title)))
    assert report.style_of("Port of Halden") == "Title (Workshop)"
    assert "has styles that would hide text" in report.warnings
    assert faults_of(tmp_path, report.content) == []


def test_white_text_on_a_dark_ground_is_used(tmp_path):
    title = style(
        "Title", "Title", base="Normal", ppr='<w:shd w:val="clear" w:fill="1F3A5F"/>',
        rpr='<w:color w:val="FFFFFF"/>',
    )  # fmt: skip
    report = Report(tmp_path, template(style_sheet(headings(), title)))
    assert report.style_of("Port of Halden") == "Title"


def test_a_header_keeps_its_styles_where_ours_have_the_same_ids(tmp_path):
    running = {("header", "default"): paragraph("Acme", "Answer")}
    sheet = COMPANY.replace("</w:styles>", style("Answer", "Antwort") + "</w:styles>")
    report = Report(tmp_path, template(sheet, running=running))
    assert report.style("Answer").get(w("styleId")) == "AnswerWorkshop"
    assert '<w:pStyle w:val="Answer"/>' in report.running("header1")


def test_an_added_style_avoids_the_ids_of_other_styles(tmp_path):
    report = Report(tmp_path, localised())
    assert report.style("Antwort auf dem Formular").get(w("styleId")) == "Answer"
    assert report.style("Answer").get(w("styleId")) == "AnswerWorkshop"
    used = {p.get(w("val")) for p in report.document.iter(w("pStyle"))}
    assert "AnswerWorkshop" in used
    assert "Answer" not in used
    numbering = etree.fromstring(report.parts["word/numbering.xml"])
    assert "AnswerWorkshop" in {s.get(w("val")) for s in numbering.iter(w("pStyle"))}


def test_an_added_style_avoids_the_names_of_styles_of_another_kind(tmp_path):
    clash = style("Q", "Question", kind="character")
    report = Report(tmp_path, template(COMPANY.replace("</w:styles>", f"{clash}</w:styles>")))
    assert report.style("Question").get(w("type")) == "character"
    assert report.style("Question (Workshop)").get(w("type")) == "paragraph"
    assert faults_of(tmp_path, report.content) == []


def test_a_pale_heading_colour_is_not_used_for_small_text(tmp_path):
    pale = COMPANY.replace("7A1F3D", "FFA0A0")
    report = Report(tmp_path, template(pale))
    assert report.style("Canvas block").find(f"{w('rPr')}/{w('color')}").get(w("val")) == "auto"
    assert report.style("Canvas title").find(f"{w('rPr')}/{w('color')}").get(w("val")) == "auto"
    dark = Report(tmp_path, template())
    assert dark.style("Canvas block").find(f"{w('rPr')}/{w('color')}").get(w("val")) == "7A1F3D"


def test_numbered_headings_leave_contents_questions_and_canvases_without_numbers(tmp_path):
    numbered = '<w:numPr><w:numId w:val="5"/></w:numPr>'
    sheet = style_sheet(
        *(heading(f"Heading{n}", f"heading {n}", n, ppr=numbered) for n in (1, 2, 3))
    )
    lists = (
        f'<w:numbering xmlns:w="{WORD}"><w:abstractNum w:abstractNumId="4"><w:lvl w:ilvl="0">'
        '<w:numFmt w:val="decimal"/><w:lvlText w:val="%1"/></w:lvl></w:abstractNum>'
        '<w:num w:numId="5"><w:abstractNumId w:val="4"/></w:num></w:numbering>'
    )
    content = template(
        sheet, more={"word/numbering.xml": lists}, related=[("rId9", "numbering", "numbering.xml")]
    )
    report = Report(tmp_path, content)
    for name in ("TOC Heading", "Question", "Canvas title"):
        assert report.style(name).find(f"{w('pPr')}/{w('numPr')}/{w('numId')}").get(w("val")) == "0"
    ours = report.style("Answer").find(f"{w('pPr')}/{w('numPr')}/{w('numId')}").get(w("val"))
    numbering = etree.fromstring(report.parts["word/numbering.xml"])
    kinds = {n.get(w("numId")): n[0].get(w("val")) for n in numbering.iter(w("num"))}
    assert ours == "6"
    assert kinds == {"5": "4", "6": "5", "7": "6"}
    assert faults_of(tmp_path, report.content) == []


def test_the_language_is_that_of_the_bank(tmp_path):
    report = Report(tmp_path, localised())
    assert {e.get(w("val")) for e in report.styles.iter(w("lang"))} == {"en-GB"}
    assert report.styles.find(f".//{w('lang')}").get(w("eastAsia")) == "ja-JP"


def test_a_report_can_be_the_template_of_the_next(tmp_path):
    first = written_on(tmp_path, template())
    again = Report(tmp_path, first.content, name="report.docx")
    assert again.written.warnings == ()
    names = [s.find(w("name")).get(w("val")) for s in again.styles.iter(w("style"))]
    assert len(names) == len(set(names))
    assert not [n for n in names if "Workshop" in n]


def test_canvas_styles_that_were_made_larger_are_left_alone_and_not_used(tmp_path):
    first = Report(tmp_path, template())
    larger = first.style("Canvas text 9").find(f"{w('rPr')}/{w('sz')}")
    larger.set(w("val"), "30")
    changed = {**first.parts, "word/styles.xml": etree.tostring(first.styles)}
    again = Report(tmp_path, archive(changed))
    assert again.style("Canvas text 9").find(f"{w('rPr')}/{w('sz')}").get(w("val")) == "30"
    ours = again.style("Canvas text 9 (Workshop)")
    assert ours.find(f"{w('rPr')}/{w('sz')}").get(w("val")) == "18"
    assert "would not keep a canvas on one page" in again.warnings
    third = Report(tmp_path, again.content)
    names = [s.find(w("name")).get(w("val")) for s in third.styles.iter(w("style"))]
    assert len(names) == len(again.styles.findall(w("style")))


def test_canvas_styles_inherit_nothing_that_makes_text_wider_or_higher(tmp_path):
    report = Report(tmp_path, sprawling())
    text = report.style("Canvas text")
    assert text.find(w("basedOn")).get(w("val")) == "Normal"
    said = {
        (kind, e.tag.rpartition("}")[2]): dict(e.attrib)
        for kind in ("pPr", "rPr")
        for e in text.find(w(kind))
    }
    assert said["rPr", "rFonts"][w("ascii")] == "Calibri"
    assert said["rPr", "sz"] == {w("val"): "20"}
    for name in ("b", "i", "caps", "spacing", "position"):
        assert said["rPr", name] == {w("val"): "0"}
    assert said["rPr", "w"] == {w("val"): "100"}
    assert said["pPr", "spacing"][w("beforeAutospacing")] == "0"
    assert said["pPr", "spacing"][w("lineRule")] == "exact"
    assert {said["pPr", "ind"][w(n)] for n in ("left", "right", "firstLine")} == {"0"}
    assert said["pPr", "jc"] == {w("val"): "left"}


def test_all_styles_of_a_canvas_page_are_pinned():
    """The list in `pins` covers what the canvas uses: a style that is added there is noticed."""
    session = session_on(ALIGNMENT)
    content = word_report(build_outline(session, EventLog(everything(session))))
    document = etree.fromstring(parts_of(content)["word/document.xml"])
    tables = [
        t
        for t in document.iter(w("tbl"))
        if t.find(f".//{w('tblStyle')}").get(w("val")) == "CanvasTable"
    ]
    used = {
        e.get(w("val")) for t in tables for e in t.iter(w("pStyle"), w("rStyle"), w("tblStyle"))
    }
    assert tables
    assert [name for name in used - {"Hyperlink"} if not pinned_styles.is_pinned(name)] == []
