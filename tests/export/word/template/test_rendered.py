"""Reports on templates as LibreOffice lays them out: on any template, a canvas is one page."""

import re
import subprocess

import pytest
from report_samples import ALIGNMENT, IT, answer, session_on
from template_reports import written_on
from template_samples import TEMPLATES

from workshop.export.layout.fit import fit_canvas
from workshop.export.page_size import A4, LETTER
from workshop.session.event_log import EventLog
from workshop.views.outline import build_outline

LONG = "An answer that is rather long, because somebody explained (twice) what they meant by it: "
CASES = [*((name, IT) for name in TEMPLATES), ("sprawling", ALIGNMENT), ("letter", ALIGNMENT)]


def to_the_brim(session):
    """Four long answers to every question: the canvas has no room left."""
    return [
        answer(n, session.addresses[n % len(session.addresses)], f"{LONG} {n}")
        for n in range(4 * len(session.addresses))
    ]


@pytest.fixture(scope="module")
def printed(soffice, tmp_path_factory):
    """Every case as a PDF, made in one run of LibreOffice."""
    folder = tmp_path_factory.mktemp("printed")
    for name, bank in CASES:
        written = written_on(folder, TEMPLATES[name](), bank=bank, events=to_the_brim)
        (folder / f"{name}-{bank}.docx").write_bytes(written.content)
    reports = sorted(folder.glob("*_canvas.docx"))
    assert len(reports) == len(CASES)
    soffice(reports, folder)
    return folder


def pages_of(pdf):
    """The text of each page without its white space, and whether it lies across."""
    info = subprocess.run(
        ["pdfinfo", "-f", "1", "-l", "9999", str(pdf)], check=True, capture_output=True, text=True
    ).stdout
    sizes = re.findall(r"Page +\d+ size: +([\d.]+) x ([\d.]+)", info)
    text = subprocess.run(
        ["pdftotext", "-raw", str(pdf), "-"], check=True, capture_output=True, text=True
    ).stdout
    texts = [re.sub(r"\s+", "", page) for page in text.split("\f")]
    return [(t, float(w) > float(h)) for t, (w, h) in zip(texts, sizes, strict=False)]


@pytest.mark.parametrize(("name", "bank"), CASES)
def test_every_canvas_is_one_page_with_every_fitted_line_on_it(printed, name, bank):
    pages = pages_of(printed / f"{name}-{bank}.pdf")
    session = session_on(bank)
    canvases = build_outline(session, EventLog(to_the_brim(session))).pages
    contents = next(n for n, (text, _) in enumerate(pages) if "CONTENTS" in text.upper())
    assert contents == 1 + len(canvases)
    for number, page in enumerate(canvases, start=1):
        text, lies_across = pages[number]
        assert lies_across
        for block in fit_canvas(page, LETTER if name == "letter" else A4).blocks:
            more = (f"+{block.text.omitted:,} more",) if block.text.omitted else ()
            for words in (block.title, *block.text.lines, *more):
                assert re.sub(r"\s+", "", words) in text
