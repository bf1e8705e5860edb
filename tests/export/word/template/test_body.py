"""Of a template's text nothing is kept but how its pages are set up."""

import subprocess
import sys

import pytest
from docx_invariants import w
from template_reports import Report
from template_samples import A4_PAGE, NAMESPACES, archive, paragraph, template_parts

from workshop.errors import BadFileError
from workshop.export.word.template.body import MAX_SECTIONS, read_sections
from workshop.export.word.template.errors import UnusableError

needs_resource = pytest.mark.skipif(sys.platform == "win32", reason="no resource module there")


def document(body):
    return f"<w:document {NAMESPACES}><w:body>{body}</w:body></w:document>".encode()


def widths(content, size=7):
    """The widths of the sections in a document that comes in pieces of so many bytes."""
    chunks = [content[start : start + size] for start in range(0, len(content), size)]
    return [s.find(w("pgSz")).get(w("w")) for s in read_sections(chunks, "document.xml")]


def section(width, more=""):
    return f'<w:sectPr><w:pgSz w:w="{width}"/>{more}</w:sectPr>'


@pytest.mark.parametrize("size", [1, 7, 100, 100_000])
def test_sections_are_found_in_order_whatever_the_chunk_size(size):
    body = (
        f"<w:p><w:pPr>{section(1)}</w:pPr></w:p>{paragraph('text') * 50}"
        f"<w:sdt><w:sdtContent><w:p><w:pPr>{section(2)}</w:pPr></w:p>{paragraph('x') * 9}"
        f"</w:sdtContent></w:sdt>{section(3)}"
    )
    assert widths(document(body), size) == ["1", "2", "3"]


def test_a_section_as_it_was_before_a_change_does_not_count():
    changed = section(2, f'<w:sectPrChange w:id="1">{section(1)}</w:sectPrChange>')
    assert widths(document(changed)) == ["2"]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "damaged"),
        (document("<w:p>")[:-40], "damaged"),
        (document("<w:p></w:r>"), "damaged"),
        (document("") + b"<more/>", "damaged"),
        (b"<!-- x --><other/>", "not what it says it is"),
        (b"<!DOCTYPE x [<!ENTITY e 'x'>]>" + document("&e;"), "declares a document type"),
        (("<!DOCTYPE x><x/>").encode("utf-16"), "declares a document type"),
        (document(section(1) * (MAX_SECTIONS + 1)), "more than 10,000 sections"),
        (document(section(1, "<w:cols/>" * 200_000)), "more of a section than any"),
    ],
)
@pytest.mark.parametrize("size", [100, 65_536])
def test_a_document_that_makes_no_sense_is_refused(content, reason, size):
    chunks = [content[start : start + size] for start in range(0, len(content), size)]
    with pytest.raises(UnusableError, match=reason):
        read_sections(chunks, "document.xml")


def test_a_template_with_a_very_long_text_is_used(tmp_path):
    parts = template_parts(body=paragraph("The old report. " * 20) * 25_000)
    assert len(parts["word/document.xml"]) > 8 * 1024 * 1024
    report = Report(tmp_path, archive(parts))
    assert b"The old report" not in report.parts["word/document.xml"]
    size = next(report.document.iter(w("pgSz")))
    assert f'w:w="{size.get(w("w"))}"' in A4_PAGE


MEASURED = """
import resource, sys
from workshop.errors import BadFileError
from workshop.export.word.template.body import read_sections
def chunks():
    yield sys.argv[1].encode() + b"<w:body>"
    for _ in range(100):
        yield b"<w:p/>" * 10_000
    yield b"</w:body></w:document>"
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
assert read_sections(chunks(), "document.xml") == []
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


@needs_resource
def test_a_million_empty_paragraphs_take_almost_no_memory():
    command = [sys.executable, "-c", MEASURED, f"<w:document {NAMESPACES}>"]
    grown = int(subprocess.run(command, capture_output=True, check=True, text=True).stdout)
    unit = 1 if sys.platform == "darwin" else 1024
    assert grown * unit < 20_000_000, "as a tree they take 110 MB"


def test_a_template_that_is_not_a_document_inside_is_refused(tmp_path):
    parts = {**template_parts(), "word/document.xml": f"<w:styles {NAMESPACES}/>"}
    with pytest.raises(BadFileError, match=r"part word/document.xml is not what it says it is"):
        Report(tmp_path, archive(parts))
