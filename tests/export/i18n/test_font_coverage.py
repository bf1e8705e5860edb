"""Warnings about what a PDF lacks: emoji that LibreOffice leaves blank, missing characters."""

import os
import subprocess
from io import BytesIO
from zipfile import ZipFile

import pytest

from workshop.export.i18n import font_coverage
from workshop.export.i18n.font_coverage import (
    Font,
    coverage_warnings,
    font_warnings,
    installed_fonts,
)

LATIN = Font("Carlito", is_coloured=False, ranges=((0x20, 0x17F), (0x2010, 0x2026)))
SYMBOLS = Font("Symbols", is_coloured=False, ranges=((0x2600, 0x27BF),))
COLOURED = Font("Colours", is_coloured=True, ranges=((0x30, 0x39), (0x2705, 0x2705), (0x1F300, 0x1FAFF)))  # fmt: skip  # noqa: E501
FONTS = (LATIN, SYMBOLS, COLOURED)
OLD, NEW = (7, 4), (7, 5)


def test_emoji_that_an_old_libreoffice_leaves_blank_are_named():
    texts = [
        "We grow 🎉🎉 and ✅",
        "A family 👨\u200d👩\u200d👧 of products, 1\ufe0f\u20e3 of many",
        "✘ and plain 1",
    ]
    (warning,) = coverage_warnings(texts, (*FONTS, Font("Keys", is_coloured=False, ranges=((0x20E3, 0x20E3),))), OLD)  # fmt: skip  # noqa: E501
    assert warning == (
        "The PDF has a blank in place of 4 emoji (🎉, ✅, 👨\u200d👩\u200d👧, 1\ufe0f\u20e3), "
        "because LibreOffice 7.4 cannot print them; LibreOffice 7.5 and later can, and so can "
        "Word with the Word report."
    )


def test_the_warning_about_one_emoji_is_in_the_singular():
    (warning,) = coverage_warnings(["Rockets 🚀"], FONTS, OLD)
    assert "1 emoji (🚀), because LibreOffice 7.4 cannot print it;" in warning


@pytest.mark.parametrize(
    ("fonts", "version"),
    [
        (FONTS, NEW),
        (FONTS, None),
        ((*FONTS, Font("Segoe UI Emoji", is_coloured=True, ranges=((0x1F300, 0x1FAFF),))), OLD),
        ((LATIN, Font("In black", is_coloured=False, ranges=((0x1F300, 0x1FAFF),))), OLD),
    ],
    ids=["newer", "unknown", "font of Windows", "font in black"],
)
def test_there_is_no_warning_about_emoji_that_are_printed(fonts, version):
    assert coverage_warnings(["Rockets 🚀"], fonts, version) == ()


def test_characters_that_no_font_has_are_named_with_their_code_points():
    texts = ["\U00013000 and \ue000", "Zoë’s “café” – 5 €…", "\U00013000"]
    euro = Font("Money", is_coloured=False, ranges=((0x20AC, 0x20AC),))
    assert coverage_warnings(texts, (*FONTS, euro), NEW) == (
        "The PDF has a box in place of 2 characters (U+E000, \U00013000 U+13000), because no font "
        "on this machine has them; with a font installed that does, make the PDF again.",
    )


def test_a_warning_about_many_characters_names_a_few():
    (warning,) = coverage_warnings(["".join(map(chr, range(0x4E00, 0x4E40)))], FONTS, NEW)
    assert "64 characters (一 U+4E00, " in warning
    assert warning.count("U+") == 5
    assert ", …)" in warning


def test_joiners_and_combining_marks_do_not_count_as_missing():
    assert coverage_warnings(["a\u200db\ufe0fc\u00a0d e\u0338"], FONTS, NEW) == ()


def test_a_range_includes_its_first_and_its_last_character():
    font = Font("F", is_coloured=False, ranges=((0x41, 0x41), (0x61, 0x63)))
    assert [c for c in "@ABC`abcd" if font.has(c)] == ["A", "a", "b", "c"]


# ── installed fonts ─────────────────────────────────────────────────────────────────────────


def word(text):
    """Return a Word document with that text, as far as its content matters here."""
    content = BytesIO()
    with ZipFile(content, "w") as archive:
        body = f'<w:p><w:r><w:t xml:space="preserve">{text}</w:t></w:r></w:p>'
        archive.writestr("word/document.xml", body)
    return content.getvalue()


@pytest.fixture
def stand_in(tmp_path, monkeypatch):
    """Return a function that replaces the program of fontconfig by a script."""

    def install(script):
        program = tmp_path / "fc-list"
        program.write_text(f"#!/bin/sh\n{script}\n")
        program.chmod(0o755)
        monkeypatch.setattr(font_coverage.shutil, "which", lambda _: str(program))

    return install


needs_scripts = pytest.mark.skipif(os.name != "posix", reason="the stand-in is a shell script")


@needs_scripts
def test_fonts_are_read_from_what_fontconfig_lists(stand_in):
    stand_in("echo 'False|Odd|Name|61-63 41'; echo 'True|Colours|1f680'; echo 'nonsense|x|zz'")
    assert installed_fonts() == (
        Font("Odd|Name", is_coloured=False, ranges=((0x41, 0x41), (0x61, 0x63))),
        Font("Colours", is_coloured=True, ranges=((0x1F680, 0x1F680),)),
    )
    (warning,) = font_warnings(word("Rockets 🚀 &amp; &#x1f680;"), OLD)
    assert "1 emoji (🚀)" in warning


@needs_scripts
@pytest.mark.parametrize("script", ["exit 1", "echo 'False|A|41'; exit 1", "sleep 5", "echo"])
def test_there_is_no_warning_if_fontconfig_fails_or_hangs(stand_in, script, monkeypatch):
    monkeypatch.setattr(font_coverage, "_TIME_LIMIT", 0.2)
    stand_in(script)
    assert font_warnings(word("Rockets 🚀"), OLD) == ()


def test_there_is_no_warning_without_fontconfig(monkeypatch):
    monkeypatch.setattr(font_coverage.shutil, "which", lambda _: None)
    assert font_warnings(word("Rockets 🚀"), OLD) == ()


def test_ordinary_text_does_not_need_fontconfig(monkeypatch):
    def refuse(*_, **__):
        raise AssertionError

    monkeypatch.setattr(subprocess, "run", refuse)
    assert font_warnings(word("Zoë’s “café” – naïve…"), OLD) == ()
