"""Outside text: after `clean()` it is plain text, and what people meant is still there."""

import unicodedata
from datetime import UTC

import pytest
import wcwidth
from hypothesis import example, given, settings
from hypothesis import strategies as st

from workshop.text import MAX_CHARACTERS, clean, clean_line, counted, parse_time, shorten

# Every character there is, lone surrogates too, with the troublesome ones more often.
TROUBLE = st.sampled_from(
    "\x1b\x9b\x9d\x90\x9c\x07\x08\r\n\t\0\x7f\x85 []0;mP\\_^]()#8"
    "\u00a0\u00ad\u0301\u0308\u200b\u200d\u200e\u2028\u2029\u202e\u2066\u2069\ufeff\ufffe\uffff"
    "\ud83d\ude00\ud800\udfff\u0958\u1100\u1161\U0001f469\U0001f3fd\U000e0001"
)
ANYTHING = st.text(TROUBLE | st.characters(codec=None), max_size=60)
BIDI_CONTROLS = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


@given(ANYTHING)
@settings(max_examples=250)
@example("\x1b\x1b[m[31m")
@example("\x9b\x9b31m31m")
@example("a \u0301\u200b \n\u0301")
@example("\ud83d\u200b\ude00")
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    assert clean(clean(text)) == clean(text)
    assert clean_line(clean_line(text)) == clean_line(text)


@given(ANYTHING)
@settings(max_examples=250)
def test_clean_text_has_no_control_character_but_line_ends(text: str) -> None:
    cleaned = clean(text)
    for character in cleaned:
        assert character == "\n" or unicodedata.category(character) not in ("Cc", "Cs")
        assert character not in BIDI_CONTROLS + "\ufeff\ufffe\uffff\u2028\u2029"
    assert cleaned == unicodedata.normalize("NFC", cleaned)
    assert cleaned == cleaned.strip()
    assert not any(line.endswith((" ", "\u00a0")) for line in cleaned.split("\n"))
    cleaned.encode("utf-8")


@given(ANYTHING)
def test_a_clean_line_is_one_line(text: str) -> None:
    line = clean_line(text)
    assert "\n" not in line
    assert line == " ".join(line.split())


@given(st.text(st.characters(categories=["L", "N", "P", "S"], codec="utf-8")))
@settings(max_examples=150)
def test_letters_digits_and_signs_stay_as_they_are(text: str) -> None:
    assert clean(text) == unicodedata.normalize("NFC", text).replace("\ufffc", "").strip()


@pytest.mark.parametrize(
    "text",
    [
        "One number to call",
        "Grüße aus Köln: 5 € für 2 Kaffee – na „prima“!",
        "two\nlines",
        "two\n\n  paragraphs, one indented",
        "[/]",
        "[@click=app.quit]quit[/]",
        "Budget [Q3]",
        "=1+1",
        "{{ field }} & <b>",
        r"C:\new\table",
        "a  b",
        "👩‍👩‍👧‍👦 family, 👍🏽, 🇩🇪, 1️⃣",
        "🏴󠁧󠁢󠁥󠁮󠁧󠁿",
        "שלום עולם",
        "مرحبا بالعالم",
        "नमस्ते",
        "日本語テキスト",
        "می‌خواهم",  # the non-joiner inside is part of the spelling
        "\u200eleft\u200fright",  # marks that affect nothing but themselves
        "soft\u00adhyphen",
        "1\u00a0000",
    ],
)
def test_ordinary_text_is_unchanged(text: str) -> None:
    assert clean(text) == text


@pytest.mark.parametrize(
    ("raw", "plain"),
    [
        ("\x1b[31mred\x1b[0m", "red"),
        ("\x1b[2J\x1b[Hgone", "gone"),
        ("\x1b[?1049hscreen", "screen"),
        ("\x1b[38;2;255;0;0mtrue colour", "true colour"),
        ("\x1b]8;;https://evil.example\x1b\\link\x1b]8;;\x1b\\", "link"),
        ("\x1b]8;id=1;https://evil.example\x07link\x1b]8;;\x07", "link"),
        ("\x1b]0;title\x07text", "text"),
        ("\x1b]52;c;cm0gLXJm\x07clipboard", "clipboard"),
        ("\x1bP1;2|17/ab\x1b\\after", "after"),
        ("\x1b_apc\x1b\\after", "after"),
        ("\x1b^pm\x1b\\after", "after"),
        ("\x1b(0lqk\x1b(B", "lqk"),
        ("\x1bc\x1b7\x1b8reset", "reset"),
        ("\x9b31mred\x9b0m", "red"),
        ("\x9d0;title\x9ctext", "text"),
        ("\x9d8;;https://evil.example\x9clink\x9d8;;\x9c", "link"),
        ("\x90q#0\x9cafter", "after"),
        ("a\x1b", "a"),
        ("\x1b\x1b\x1b", ""),
        ("bell\x07 back\x08space nul\0 delete\x7f", "bell backspace nul delete"),
        ("safe\u202egnp.exe", "safegnp.exe"),
        ("\u2066isolated\u2069", "isolated"),
        ("\ufeffmark", "mark"),
        ("zero\u200bwidth", "zerowidth"),
        ("a\tb", "a b"),
        ("a\r\nb\rc\x0bd\x0ce\x85f\u2028g\u2029h", "a\nb\nc\nd\ne\nf\ng\nh"),
        ("  ends  \nof lines \u00a0\n ", "ends\nof lines"),
        ("e\u0301", "é"),
        ("\u212b", "Å"),
        ("\ud83d\ude00", "😀"),
        ("lone\ud800", "lone\ufffd"),
        ("\udc80\udcff", "\ufffd\ufffd"),
        ("", ""),
        (" \n\t\r ", ""),
    ],
)
def test_what_is_not_text_goes_and_the_text_stays(raw: str, plain: str) -> None:
    assert clean(raw) == plain


@pytest.mark.parametrize(
    "torn", ["\x1b]0;title", "\x1b[31", "\x1bPq", "\x9d8;;http://x", "\x1b", "\x9b"]
)
def test_a_torn_escape_sequence_leaves_no_escape(torn: str) -> None:
    assert clean(torn + "\nnext").isprintable() or "\n" in clean(torn + "\nnext")
    assert "\x1b" not in clean(torn + "\nnext")
    assert clean("before " + torn).startswith("before")


@pytest.mark.parametrize(
    "text",
    [
        "é" + " " * 200_000 + "b",
        "é" + "\u00a0 " * 100_000 + "b",
        "\x1b]" * 100_000,
        "\x1b[" + "1;" * 100_000,
        "e" + "\u0301" * 100_000,
        "\n" * 200_000 + "x",
    ],
    ids=["spaces", "hard_spaces", "open_osc", "open_csi", "accents", "lines"],
)
def test_long_hostile_text_is_cleaned_at_all(text: str) -> None:
    # Each of these took minutes, or would, if cleaning were quadratic.
    assert clean(clean(text)) == clean(text)


def test_a_book_keeps_its_length() -> None:
    book = "Ä sentence. " * 80_000
    assert len(clean(book)) == len(book) - 1 < MAX_CHARACTERS


@given(ANYTHING, st.integers(-2, 90))
@settings(max_examples=200)
def test_shortened_text_is_never_wider_than_asked(text: str, width: int) -> None:
    short = shorten(clean(text), width)
    assert wcwidth.width(short) <= max(width, 0)
    assert "\n" not in short


@given(st.text(st.characters(categories=["Ll", "Lu", "Nd"]), min_size=1, max_size=40))
def test_text_that_fits_is_not_shortened(text: str) -> None:
    line = clean_line(text)
    assert shorten(line, max(wcwidth.width(line), 1)) == line


@pytest.mark.parametrize(
    ("text", "width", "short"),
    [
        ("answer", 6, "answer"),
        ("answers", 6, "answe…"),
        ("two\nlines", 20, "two lines"),
        ("日本語", 5, "日本…"),
        ("日本語", 4, "日…"),
        ("one two", 5, "one…"),
        ("word", 1, "…"),
        ("word", 0, ""),
        ("", 5, ""),
    ],
)
def test_shortening_ends_in_an_ellipsis_where_it_cuts(text: str, width: int, short: str) -> None:
    assert shorten(text, width) == short


@pytest.mark.parametrize(
    ("number", "words", "said"),
    [
        (0, ("answer",), "0 answers"),
        (1, ("answer",), "1 answer"),
        (2, ("answer",), "2 answers"),
        (12_345, ("answer",), "12,345 answers"),
        (1, ("entry", "entries"), "1 entry"),
        (3, ("entry", "entries"), "3 entries"),
    ],
)
def test_things_are_counted_with_their_noun(number: int, words: tuple[str, ...], said: str) -> None:
    assert counted(number, *words) == said


@pytest.mark.parametrize(
    ("text", "hour"),
    [
        ("2026-11-22T09:00:00.000Z", 9),
        ("2026-11-22T09:00:00+02:00", 7),
        ("2026-11-22T09:00:00", 9),
        ("", None),
        ("yesterday", None),
        ("0001-01-01T00:00+14:00", None),
        ("9999-12-31T23:59:59-14:00", None),
    ],
)
def test_a_time_is_read_in_utc_where_it_has_no_offset(text: str, hour: int | None) -> None:
    moment = parse_time(text, UTC)
    assert (moment and moment.hour) == hour
