"""Templates that say what no report can want: a page for each paragraph, letters a mile high."""

import pytest
from docx_invariants import w
from report_samples import event, everything
from template_reports import Report, faults_of
from template_samples import (
    COMPANY,
    PAGE_OF,
    headings,
    page_by_page,
    style,
    style_sheet,
    template,
)

from workshop.session.events import PointParked

BREAKS = "<w:pageBreakBefore/>"


def on(report, style_id, name):
    """Whether that property of a style is on, by what it is based on and the defaults."""
    styles = {s.get(w("styleId")): s for s in report.styles.iter(w("style"))}
    current = styles[style_id]
    while current is not None:
        said = current.find(f"{w('pPr')}/{w(name)}")
        if said is not None:
            return said.get(w("val")) not in ("0", "false")
        base = current.find(w("basedOn"))
        current = None if base is None else styles[base.get(w("val"))]
    return report.styles.find(f".//{w('pPrDefault')}//{w(name)}") is not None


def used(report):
    """The ids of the styles of all paragraphs."""
    return {e.get(w("val")) for e in report.document.iter(w("pStyle"))}


def parked(session):
    """A point put aside, and an answer beside it."""
    return [
        *everything(session)[:1],
        event(9, PointParked(question="", text="Who pays?", participant="F")),
    ]


# ── page breaks ──────────────────────────────────────────────────────────────────────────────


def test_a_page_break_before_all_text_is_not_inherited(tmp_path):
    normal = style("Normal", "Normal", default=True, ppr=f"<w:keepNext/>{BREAKS}")
    content = template(style_sheet(headings(), normal=normal))
    report = Report(tmp_path, content, events=parked)
    theirs = {"Heading1", "Heading2", "Heading3"}
    breaking = {style_id for style_id in used(report) if on(report, style_id, "pageBreakBefore")}
    assert {"Answer", "TableHead", "TableText", "Question", "CanvasEnd"} <= used(report)
    assert breaking - theirs == {"CanvasTitle"}
    assert breaking & theirs
    assert not on(report, "TableText", "keepNext")
    assert on(report, "Purpose", "keepNext")
    assert on(report, "Normal", "pageBreakBefore")
    assert (
        "The template begins a page with every paragraph of its style “Normal”, which Workshop's "
        "own styles do not take over; these of its own do: heading 1, heading 2, heading 3."
    ) in report.written.warnings
    assert faults_of(tmp_path, report.content) == []


def test_a_page_break_by_default_stays_out_of_tables_too(tmp_path):
    report = Report(tmp_path, page_by_page(), events=parked)
    for name in ("CanvasBlock", "CanvasEnd", "TableHead", "TableText", "Summary", "Note"):
        assert not on(report, name, "pageBreakBefore"), name
    # LibreOffice looks no further than the table's style.
    for name in ("Canvas table", "Report table"):
        said = report.style(name).find(f"{w('pPr')}/{w('pageBreakBefore')}")
        assert said.get(w("val")) == "0"
    assert "begins a page with every paragraph by default, which" in report.warnings


def test_tables_set_no_page_break_if_the_template_sets_none(tmp_path):
    report = Report(tmp_path, template())
    assert report.style("Canvas table").find(w("pPr")) is None
    assert "begins a page" not in report.warnings


def test_questions_begin_no_page_even_if_the_headings_they_are_based_on_do(tmp_path):
    chapters = headings().replace("<w:keepNext/>", f"<w:keepNext/>{BREAKS}")
    report = Report(tmp_path, template(style_sheet(chapters)))
    assert on(report, "Heading3", "pageBreakBefore")
    assert not on(report, "Question", "pageBreakBefore")
    assert "begins a page" not in report.warnings  # which is what headings are for


def test_a_template_style_that_begins_pages_is_named(tmp_path):
    answers = style("Answer", "Answer", base="Normal", ppr=BREAKS)
    report = Report(tmp_path, template(style_sheet(headings(), answers)))
    assert on(report, "Answer", "pageBreakBefore")
    assert "begins a page with every paragraph of its style “Answer”." in report.warnings


# ── sizes ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("said", ["999999999", "3277", "0", "-20", "banana", "", "1639pt", "23in"])
def test_impossible_font_sizes_are_left_out(tmp_path, said):
    sheet = COMPANY.replace('<w:sz w:val="22"/>', f'<w:sz w:val="{said}"/>')
    odd = f'<w:p><w:r><w:rPr><w:sz w:val="{said}"/></w:rPr><w:t>Acme</w:t></w:r></w:p>'
    content = template(sheet, running={("header", "default"): odd, ("footer", "default"): PAGE_OF})
    report = Report(tmp_path, content)
    assert f'w:sz w:val="{said}"' not in report.parts["word/styles.xml"].decode()
    assert f'w:sz w:val="{said}"' not in report.running()
    assert "Acme" in report.running()
    assert "has 2 sizes of letters that Word does not know" in report.warnings
    assert faults_of(tmp_path, report.content) == []


@pytest.mark.parametrize("said", ["1", "3276", "022", "11pt", "1638pt", "4.5mm"])
def test_sizes_that_word_knows_stay(tmp_path, said):
    sheet = COMPANY.replace('<w:sz w:val="22"/>', f'<w:sz w:val="{said}"/>')
    report = Report(tmp_path, template(sheet))
    sizes = report.styles.find(f".//{w('rPrDefault')}//{w('sz')}")
    assert sizes.get(w("val")) == said
    assert "letters" not in report.warnings


# ── styles that are there twice ──────────────────────────────────────────────────────────────


def test_the_first_of_styles_with_one_id_counts(tmp_path):
    again = "".join(
        style("Heading1", name, base="Normal", rpr='<w:color w:val="00FF00"/>')
        for name in ("heading 1", "Something else", "heading 1")
    )
    report = Report(tmp_path, template(style_sheet(headings(), again)))
    found = [s for s in report.styles.iter(w("style")) if s.get(w("styleId")) == "Heading1"]
    colours = [s.find(f"{w('rPr')}/{w('color')}").get(w("val")) for s in found]
    assert colours == ["7A1F3D"]
    assert (
        "has more than one style under the same id, of which the first was used: heading 1, "
        "Something else."
    ) in report.warnings
    assert "more than one style" not in Report(tmp_path, template()).warnings
    assert faults_of(tmp_path, report.content) == []
