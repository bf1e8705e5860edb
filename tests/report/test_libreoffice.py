"""The canvas as LibreOffice lays it out: one landscape page each, with every fitted line on it."""

import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest
from report_samples import ALIGNMENT, IT, answer, everything, many, session_on

from workshop.report.canvas_fit import fit_canvas
from workshop.report.outline import Outline, build_outline
from workshop.report.paper import A4
from workshop.report.word.writer import word_report
from workshop.session.state import Fold

TOOLS = ("soffice", "pdfinfo", "pdftotext")
LONG = "An answer that is rather long, because somebody explained (twice) what they meant by it: "


def each(session, text, times=3):
    """The same kind of answer to every question, several times."""
    return [
        answer(n, session.stops[n % len(session.stops)], f"{text} {n}")
        for n in range(times * len(session.stops))
    ]


def in_one_block(session):
    return [answer(n, session.stops[5], f"{LONG * 3}{n}") for n in range(30)]


CASES = {
    "empty": lambda s: [],
    "typical": everything,
    "thirty-long-in-one-block": in_one_block,
    "two-thousand": lambda s: many(s, 2000),
    "long-words": lambda s: each(s, "x" * 300),
    "addresses": lambda s: each(s, "https://www.example.org/a-long/path/to?some=thing&" * 3),
    "full-to-the-brim": lambda s: each(s, LONG, 4),
    "chinese": lambda s: each(s, "我们的客户需要可靠的服务，并且希望价格合理。" * 2),
    "arabic": lambda s: each(s, "يحتاج عملاؤنا إلى خدمة موثوقة بسعر معقول"),
    "emoji": lambda s: each(s, "🚢 📦 ✅ 👍🏽 fast and 🎉"),
}
READABLE = ("empty", "typical", "thirty-long-in-one-block", "two-thousand", "full-to-the-brim")


@dataclass(frozen=True)
class Printed:
    outline: Outline
    pdf: Path


@pytest.fixture(scope="module")
def printed(tmp_path_factory):
    """Every case as a PDF, made in one run of LibreOffice."""
    missing = [tool for tool in TOOLS if shutil.which(tool) is None]
    if missing:
        pytest.skip(f"not on this machine: {', '.join(missing)}")
    folder = tmp_path_factory.mktemp("printed")
    outlines = {}
    for bank in (IT, ALIGNMENT):
        session = session_on(bank)
        for case, events_of in CASES.items():
            outline = build_outline(session, Fold(events_of(session)))
            outlines[bank, case] = outline
            (folder / f"{bank}-{case}.docx").write_bytes(word_report(outline))
    profile = (folder / "profile").as_uri()
    subprocess.run(
        [
            "soffice", f"-env:UserInstallation={profile}", "--headless", "--convert-to", "pdf",
            "--outdir", str(folder), *(str(p) for p in sorted(folder.glob("*.docx"))),
        ],
        check=True, capture_output=True, timeout=150,
    )  # fmt: skip
    return {
        (bank, case): Printed(outline, folder / f"{bank}-{case}.pdf")
        for (bank, case), outline in outlines.items()
    }


def landscape_pages(pdf):
    info = subprocess.run(
        ["pdfinfo", "-f", "1", "-l", "9999", str(pdf)], check=True, capture_output=True, text=True
    ).stdout
    sizes = re.findall(r"Page +(\d+) size: +([\d.]+) x ([\d.]+)", info)
    return [int(n) for n, width, height in sizes if float(width) > float(height)]


def page_text(pdf, page):
    text = subprocess.run(
        ["pdftotext", "-raw", "-f", str(page), "-l", str(page), str(pdf), "-"],
        check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip
    return re.sub(r"\s+", "", text)


@pytest.mark.parametrize("bank", [IT, ALIGNMENT])
@pytest.mark.parametrize("case", CASES)
def test_every_canvas_is_exactly_one_page(printed, bank, case):
    report = printed[bank, case]
    pages = len(report.outline.pages)
    assert landscape_pages(report.pdf) == list(range(2, 2 + pages))


@pytest.mark.parametrize("bank", [IT, ALIGNMENT])
@pytest.mark.parametrize("case", READABLE)
def test_every_fitted_line_is_on_its_page(printed, bank, case):
    report = printed[bank, case]
    for number, page in enumerate(report.outline.pages, start=2):
        canvas = fit_canvas(page, A4)
        text = page_text(report.pdf, number)
        for block in canvas.blocks:
            more = (f"+{block.cut.more:,} more",) if block.cut.more else ()
            for words in (block.title, *block.cut.lines, *more):
                assert re.sub(r"\s+", "", words) in text
