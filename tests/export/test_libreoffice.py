"""The canvas as LibreOffice lays it out: one landscape page each, with every fitted line on it."""

import re
import shutil
import subprocess
from collections import Counter
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from unicodedata import category, normalize

import portalocker
import pytest
from bank_samples import grid_bank
from report_languages import TONGUES, bank_in
from report_samples import ALIGNMENT, IT, answer, event, everything, many, session_on

from workshop.export.layout.fit import fit_canvas
from workshop.export.page_size import PAGE_SIZES, PageSize
from workshop.export.word.writer import word_report
from workshop.session.event_log import EventLog
from workshop.session.events import VoteCast
from workshop.views.outline import Outline, build_outline

LONG = "An answer that is rather long, because somebody explained (twice) what they meant by it: "


def each(session, text, times=3):
    """The same kind of answer to every question, several times."""
    return [
        answer(n, session.addresses[n % len(session.addresses)], f"{text} {n}")
        for n in range(times * len(session.addresses))
    ]


def in_one_block(session):
    return [answer(n, session.addresses[5], f"{LONG * 3}{n}") for n in range(30)]


def said_in(language):
    return lambda session: each(session, " ".join(TONGUES[language].answers))


def with_votes(session):
    said = each(session, LONG, 2)
    return said + [event(900 + n, VoteCast(answer=a.id, dots=n)) for n, a in enumerate(said[1:], 1)]


CASES = {
    "empty": lambda s: [],
    "typical": everything,
    "thirty-long-in-one-block": in_one_block,
    "five-thousand": lambda s: many(s, 5000),
    "votes": with_votes,
    "long-words": lambda s: each(s, "x" * 300),
    "addresses": lambda s: each(s, "https://www.example.org/a-long/path/to?some=thing&" * 3),
    "full-to-the-brim": lambda s: each(s, LONG, 4),
    "long": lambda s: each(s, LONG + LONG, 1),
    "towers-of-marks": lambda s: each(s, "a" + "\u0301\u0316" * 30),
    "emoji": lambda s: each(s, "🚢 📦 ✅ 👍🏽 fast and 🎉"),
    **{language: said_in(language) for language in TONGUES},
}
GRIDS = ((10, 1, 0), (20, 1, 0), (40, 1, 0), (60, 1, 0), (1, 40, 0), (10, 3, 2), (60, 1, 4))
"""Rows, columns and models of banks that nobody should draw."""
IN_WORDS = ("ar", "he", "hi")
"""Whose lines pdftotext gives in another order, so that words are compared."""
FOUND = (
    "empty", "typical", "thirty-long-in-one-block", "five-thousand", "votes", "full-to-the-brim",
    "long", "zh", "ja", "ko", *IN_WORDS,
)  # fmt: skip
"""Where pdftotext gives the text, and not only where glyphs are."""


@dataclass(frozen=True)
class Printed:
    outline: Outline
    page_size: PageSize
    pdf: Path


def without_answers(outline):
    """The same canvases with sections that take a line each: the rest of the report takes long."""
    return replace(outline, sections=tuple(replace(s, questions=()) for s in outline.sections))


def reports():
    """Every report to print: its name, its outline, its page size."""
    for bank in (IT, ALIGNMENT):
        session = session_on(bank)
        for case, events_of in CASES.items():
            outline = build_outline(session, EventLog(events_of(session)))
            for page_size in PAGE_SIZES:
                whole = case == "typical" and page_size == "a4"
                yield (bank, case, page_size), outline if whole else without_answers(outline)
    for grid in GRIDS:
        session = session_on(grid_bank(*grid))
        outline = build_outline(session, EventLog(each(session, LONG)))
        yield ("grid", "x".join(map(str, grid)), "a4"), without_answers(outline)
    for language, tongue in TONGUES.items():
        session = session_on(bank_in(language), title=tongue.title)
        events = said_in(language)(session)
        yield ("bank", language, "a4"), build_outline(session, EventLog(events))


@pytest.fixture(scope="module")
def printed(soffice, tmp_path_factory, worker_id):
    """Every case as a PDF, made in one run of LibreOffice for all workers."""
    shared = tmp_path_factory.getbasetemp()
    folder = (shared if worker_id == "master" else shared.parent) / "printed"
    cases = list(reports())
    with portalocker.Lock(folder.with_suffix(".lock"), timeout=600):
        if not folder.exists():
            unfinished = folder.with_suffix(".unfinished")
            unfinished.mkdir()
            for (bank, case, page_size), outline in cases:
                path = unfinished / f"{bank}-{case}-{page_size}.docx"
                path.write_bytes(word_report(outline, PAGE_SIZES[page_size]))
            soffice(sorted(unfinished.glob("*.docx")), unfinished)
            unfinished.rename(folder)
    return {
        (bank, case, page_size): Printed(
            outline, PAGE_SIZES[page_size], folder / f"{bank}-{case}-{page_size}.pdf"
        )
        for (bank, case, page_size), outline in cases
    }


def landscape_pages(pdf):
    info = subprocess.run(
        ["pdfinfo", "-f", "1", "-l", "9999", str(pdf)], check=True, capture_output=True, text=True
    ).stdout
    sizes = re.findall(r"Page +(\d+) size: +([\d.]+) x ([\d.]+)", info)
    return [int(n) for n, width, height in sizes if float(width) > float(height)]


def page_text(pdf, page):
    return subprocess.run(
        ["pdftotext", "-raw", "-f", str(page), "-l", str(page), str(pdf), "-"],
        check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip


def message_lines(outline, page_size):
    """What is to be on each canvas page: titles, lines, and what is left out."""
    for page in outline.pages:
        canvas = fit_canvas(page, page_size)
        yield [
            words
            for block in canvas.blocks
            for words in (
                block.title,
                *block.text.lines,
                *((f"+{block.text.omitted:,} more",) if block.text.omitted else ()),
            )
        ]


@cache
def need_a_font_for(language):
    """Skip where there is none: what has no glyphs is not in a PDF."""
    if shutil.which("fc-list") is None:
        pytest.skip("not on this machine: fc-list")
    fonts = subprocess.run(
        ["fc-list", f":lang={'zh-cn' if language == 'zh' else language}"],
        check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip
    if not fonts:
        pytest.skip(f"no font for {language} on this machine")


def joined(text):
    return re.sub(r"\s+", "", text)


def words(text):
    """The words of a text as a bag, each as a bag of its letters without their marks.

    What Arabic joins into one glyph comes out of a PDF in the order in which it was drawn, and so
    do the vowels of Devanagari.
    """
    kept = (c for c in normalize("NFKC", text) if category(c) not in ("Cf", "Mc", "Mn"))
    letters = "".join(kept)
    return Counter("".join(sorted(word)) for word in re.findall(r"\w+", letters))


@pytest.mark.parametrize("page_size", PAGE_SIZES)
@pytest.mark.parametrize("bank", [IT, ALIGNMENT])
@pytest.mark.parametrize("case", CASES)
def test_every_canvas_is_exactly_one_page(printed, bank, case, page_size):
    report = printed[bank, case, page_size]
    pages = len(report.outline.pages)
    assert landscape_pages(report.pdf) == list(range(2, 2 + pages))


@pytest.mark.parametrize("grid", GRIDS)
def test_every_canvas_of_any_grid_is_one_page(printed, grid):
    report = printed["grid", "x".join(map(str, grid)), "a4"]
    pages = len(report.outline.pages)
    assert landscape_pages(report.pdf) == list(range(2, 2 + pages))
    for number, page in enumerate(report.outline.pages, start=2):
        text = joined(page_text(report.pdf, number))
        canvas = fit_canvas(page, report.page_size)
        assert [b.title for b in canvas.blocks if joined(b.title) not in text] == []


@pytest.mark.parametrize("language", TONGUES)
def test_the_canvas_of_a_bank_in_another_language_is_one_page(printed, language):
    assert landscape_pages(printed["bank", language, "a4"].pdf) == [2]


@pytest.mark.parametrize("page_size", PAGE_SIZES)
@pytest.mark.parametrize("bank", [IT, ALIGNMENT])
@pytest.mark.parametrize("case", FOUND)
def test_every_fitted_line_is_on_its_page(printed, bank, case, page_size):
    if case in TONGUES:
        need_a_font_for(case)
    report = printed[bank, case, page_size]
    for number, lines in enumerate(message_lines(report.outline, report.page_size), start=2):
        text = page_text(report.pdf, number)
        if case in IN_WORDS:
            assert words("\n".join(lines)) - words(text) == Counter()
        else:
            found = joined(text)
            assert [line for line in lines if joined(line) not in found] == []
