"""A company's template: its page size, margins, headers and footers are those of the report."""

import shutil
import subprocess

import pytest
from docx_invariants import w
from lxml import etree
from report_samples import answer, event
from template_reports import Report, faults_of, written_on
from template_samples import (
    LANDSCAPE_PAGE,
    LETTER_PAGE,
    PAGE_OF,
    WORD,
    first_and_even,
    pandoc_like,
    paragraph,
    png,
    tall_header,
    template,
    with_logo,
)

from workshop.export.page_size import LETTER
from workshop.session.events import QuestionSkipped

# ── pages ────────────────────────────────────────────────────────────────────────────────────


def sections(report):
    return list(report.document.iter(w("sectPr")))


def sides(section):
    return {k.rpartition("}")[2]: int(v) for k, v in section.find(w("pgMar")).attrib.items()}


def size(section):
    page = section.find(w("pgSz"))
    return int(page.get(w("w"))), int(page.get(w("h"))), page.get(w("orient"))


def test_text_pages_have_the_page_size_and_the_margins_of_the_template(tmp_path):
    first, canvas, rest = sections(Report(tmp_path, template(page=LETTER_PAGE)))
    assert size(first) == size(rest) == (12240, 15840, None)
    expected = {
        "top": 1985, "right": 1134, "bottom": 1418, "left": 1701,
        "header": 709, "footer": 567, "gutter": 0,
    }  # fmt: skip
    assert sides(first) == sides(rest) == expected
    assert size(canvas) == (15840, 12240, "landscape")
    assert sides(canvas)["left"] == 737


def test_a_template_in_landscape_has_everything_in_landscape(tmp_path):
    report = Report(tmp_path, template(page=LANDSCAPE_PAGE))
    assert [size(s) for s in sections(report)] == [(16838, 11906, "landscape")] * 3


def test_tables_are_as_wide_as_the_text_of_the_template(tmp_path):
    odd = [answer(1, "gone.q", "Old")]
    report = Report(tmp_path, template(page=LANDSCAPE_PAGE), events=lambda s: [*odd, *skip(s)])
    widths = [int(t.find(f".//{w('tblW')}").get(w("w"))) for t in report.document.iter(w("tbl"))]
    assert 16838 - 1134 - 1701 in widths


def skip(session):
    return [event(9999, QuestionSkipped(question=session.addresses[-1], reason="Later"))]


def test_lengths_may_have_units(tmp_path):
    page = '<w:pgSz w:w="210mm" w:h="29.7cm"/><w:pgMar w:top="1in" w:left="72pt" w:right="6pc"/>'
    first, *_ = sections(Report(tmp_path, template(page=page)))
    assert size(first) == (11906, 16838, None)
    assert [sides(first)[s] for s in ("top", "left", "right")] == [1440, 1440, 1440]


def test_a_template_without_a_page_size_gets_the_requested_one(tmp_path):
    first, canvas, _ = sections(Report(tmp_path, pandoc_like(), page_size=LETTER))
    assert size(first) == (12240, 15840, None)
    assert size(canvas) == (15840, 12240, "landscape")


def test_the_page_size_of_the_template_replaces_the_requested_one_with_a_warning(tmp_path):
    written = written_on(tmp_path, template(), page_size=LETTER)
    assert "The template names its own paper (210 × 297 mm), so the report is on that." in (
        written.warnings
    )
    assert "paper" not in " ".join(written_on(tmp_path, template()).warnings)


def test_the_last_section_counts_and_inherits_earlier_headers(tmp_path):
    cover = (
        f'<w:p><w:pPr><w:sectPr><w:headerReference w:type="default" r:id="rId21"/>{LETTER_PAGE}'
        "</w:sectPr></w:pPr></w:p>"
    )
    content = template(
        body=cover,
        running={("footer", "default"): PAGE_OF},
        more={"word/header9.xml": f'<w:hdr xmlns:w="{WORD}">{paragraph("Of the cover")}</w:hdr>'},
        related=[("rId21", "header", "header9.xml")],
    )
    report = Report(tmp_path, content)
    assert size(sections(report)[0]) == (11906, 16838, None)
    assert "Of the cover" in report.running()


# ── headers and footers ──────────────────────────────────────────────────────────────────────


def shown(report, section):
    """The texts of a section's headers and footers, by name and place; inherited ones included."""
    relations = etree.fromstring(report.parts["word/_rels/document.xml.rels"])
    targets = {r.get("Id"): r.get("Target") for r in relations}
    found = {}
    for each in sections(report)[: section + 1]:
        for name in ("header", "footer"):
            for reference in each.iter(w(f"{name}Reference")):
                part = targets[next(v for k, v in reference.attrib.items() if k.endswith("}id"))]
                root = etree.fromstring(report.parts[f"word/{part}"])
                text = "".join(t.text or "" for t in root.iter(w("t")))
                found[name, reference.get(w("type"))] = text
    return found


def test_header_and_footer_with_logo_are_on_all_text_pages(tmp_path):
    report = Report(tmp_path, with_logo())
    for section in (0, 2):
        found = shown(report, section)
        assert found["header", "default"] == "ACME Ltd "
        assert found["footer", "default"] == "Page 19"
    logos = [n for n in report.parts if n.startswith("word/media/")]
    assert logos == ["word/media/image1.png"]
    assert report.parts[logos[0]] == png()
    relations = report.parts["word/_rels/header1.xml.rels"].decode()
    assert "media/image1.png" in relations
    assert "has no header" not in report.warnings


def test_canvas_pages_have_page_numbers_and_not_the_header_of_the_company(tmp_path):
    found = shown(Report(tmp_path, tall_header()), 1)
    assert found["header", "default"] == ""
    assert found["footer", "default"] == "Page 1 of 3"


def test_first_and_left_pages_have_their_own_headers(tmp_path):
    report = Report(tmp_path, first_and_even())
    first, canvas, rest = sections(report)
    assert first.find(w("titlePg")) is not None
    assert rest.find(w("titlePg")) is None
    assert canvas.find(w("titlePg")) is None
    assert shown(report, 0) == {
        (name, place): f"{place} {name}"
        for place in ("default", "first", "even")
        for name in ("header", "footer")
    }
    assert shown(report, 1)["header", "even"] == ""
    assert shown(report, 1)["footer", "even"] == "Page 1 of 3"
    assert shown(report, 2)["footer", "even"] == "even footer"
    assert b"evenAndOddHeaders" in report.parts["word/settings.xml"]


def test_a_template_with_a_header_alone_has_no_footer_on_text_pages(tmp_path):
    header = {("header", "default"): paragraph("Acme", "Header")}
    report = Report(tmp_path, template(running=header))
    assert shown(report, 0) == {("header", "default"): "Acme"}
    assert shown(report, 2) == {("header", "default"): "Acme", ("footer", "default"): ""}


@pytest.mark.parametrize("running", [None, {("header", "default"): "<w:p/>"}])
def test_a_template_without_header_and_footer_gets_ours(tmp_path, running):
    report = Report(tmp_path, template(running=running))
    assert shown(report, 2)["header", "default"] == "Port of Halden"
    assert shown(report, 2)["footer", "default"] == "Page 1 of 3"
    assert "has no header and no footer, so Workshop's own are used" in report.warnings


def test_our_headers_are_on_left_pages_too_if_the_template_has_none(tmp_path):
    report = Report(tmp_path, template(settings="<w:evenAndOddHeaders/>"))
    assert b"evenAndOddHeaders" not in report.parts["word/settings.xml"]
    assert ("header", "even") not in shown(report, 2)


# ── templates that other programs make ───────────────────────────────────────────────────────


def test_the_real_reference_document_of_pandoc_is_used(tmp_path):
    if shutil.which("pandoc") is None:
        pytest.skip("not on this machine: pandoc")
    command = ["pandoc", "--print-default-data-file", "reference.docx"]
    content = subprocess.run(command, check=True, capture_output=True).stdout
    report = Report(tmp_path, content)
    assert report.style_of("Block by block") == "Heading 1"
    assert faults_of(tmp_path, report.content) == []
    assert not [n for n in report.parts if "comments" in n or "footnotes" in n]


# Which filter LibreOffice takes for an ending alone differs between installations.
@pytest.mark.parametrize(
    ("ending", "filtered"), [("docx", "MS Word 2007 XML"), ("dotx", "MS Word 2007 XML Template")]
)
def test_a_template_that_libreoffice_saved_is_used(soffice, tmp_path, ending, filtered):
    (tmp_path / "source.docx").write_bytes(first_and_even())
    soffice([tmp_path / "source.docx"], tmp_path / "saved", f"{ending}:{filtered}")
    report = Report(tmp_path, (tmp_path / "saved" / f"source.{ending}").read_bytes())
    assert faults_of(tmp_path, report.content) == []
    assert report.style_of("Block by block") == "Heading 1"
    assert shown(report, 0)["header", "first"] == "first header"
    assert size(sections(report)[0]) == (11906, 16838, None)
