"""Combining marks: those of every script stay, towers of them are limited."""

import pytest

from workshop.export.layout.combining_marks import limit_combining_marks
from workshop.export.layout.text_width import MeasuredText

ACCENTS = "".join(chr(0x0300 + n) for n in range(50))


@pytest.mark.parametrize(
    "text",
    [
        "plain",
        "Tie\u0302\u0301ng Vi\u0323\u0302t",
        "בְּרֵאשִׁ֖ית בָּרָ֣א",
        "بِسْمِ ٱللَّٰهِ",
        "क्षत्रियों को प्राथमिकता",
        "ที่นี้ น้ำ ปั๊ม",
        "བསྒྲུབས་པའི་སྐྱིད་པོ",
        "👩🏽‍💻 1\ufe0f\u20e3 ❤\ufe0f",
    ],
)
def test_ordinary_text_keeps_its_combining_marks(text):
    assert limit_combining_marks(text) == text


@pytest.mark.parametrize("tower", [ACCENTS, "\u0e49" * 50, "\u200d\u0301" * 50])
def test_a_tower_of_combining_marks_is_limited(tower):
    limited = limit_combining_marks(f"a{tower}b")
    assert limited.startswith("a")
    assert limited.endswith("b")
    assert 1 <= len(limited.replace("\u200d", "")) - 2 <= 3


def test_the_limit_holds_for_each_letter():
    assert limit_combining_marks(f"a{ACCENTS}e\u0301") == f"a{ACCENTS[:3]}e\u0301"


def test_measured_text_has_limited_combining_marks():
    assert MeasuredText(f"a{ACCENTS} b").text == f"a{ACCENTS[:3]} b"
