"""Splitting text into runs of one script and direction, by the Unicode Bidirectional Algorithm."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from report_languages import TONGUES

from workshop.export.i18n.languages import language_runs_right_to_left, script_of, slot_of
from workshop.export.i18n.writing_systems import (
    han_script,
    is_plain,
    is_tall,
    runs_right_to_left,
    script_kind,
    split_into_runs,
)


def runs(text, right_to_left=None, **options):
    if right_to_left is None:
        right_to_left = runs_right_to_left(text)
    return [
        (run.text, run.script, run.right_to_left)
        for run in split_into_runs(text, right_to_left=right_to_left, **options)
    ]


@pytest.mark.parametrize(
    ("text", "right_to_left"),
    [
        ("Plain text", False),
        ("שלום world", True),
        ("world שלום", False),
        ("  – 12: مرحبا", True),
        ("🚢 سفينة", True),
        ("顧客 שלום", False),
        ("123 …", False),
        ("", False),
        ("\u200fabc", True),
    ],
)
def test_a_paragraph_has_the_direction_of_its_first_strong_character(text, right_to_left):
    assert runs_right_to_left(text) is right_to_left


def test_latin_greek_and_cyrillic_are_one_run():
    text = "Größe, “quoted” – Ναι, да; 5 € ≥ 3"
    assert is_plain(text)
    assert runs(text) == [(text, None, False)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "سعر 100 ريال (ABC) نهاية.",
            [
                ("سعر 100 ريال (", "Arabic", True),
                ("ABC", None, False),
                (") نهاية.", "Arabic", True),
            ],
        ),
        (
            "price שקל 12 שקל ok",
            [("price ", None, False), ("שקל 12 שקל", "Hebrew", True), (" ok", None, False)],
        ),
        (
            "“你好”，ABC 3個。",
            [("“你好”，", "Chinese", False), ("ABC 3", None, False), ("個。", "Chinese", False)],
        ),
        ("हमारे 3 ग्राहक!", [("हमारे 3 ग्राहक!", "Devanagari", False)]),
        (
            "✅ done 👩‍👩‍👧",
            [("✅", "Emoji", False), (" done ", None, False), ("👩‍👩‍👧", "Emoji", False)],
        ),
        ("می‌خواهیم", [("می‌خواهیم", "Arabic", True)]),
        ("x\nשלום", [("x\n", None, False), ("שלום", "Hebrew", True)]),
    ],
)
def test_a_text_is_split_where_script_or_direction_change(text, expected):
    assert runs(text) == expected


def test_numbers_and_spaces_take_the_direction_of_the_paragraph_by_default():
    # Rules W7 and N2: after Latin letters a number is as these are.
    assert runs("abc 12 שלום", right_to_left=True) == [
        ("abc 12", None, False),
        (" שלום", "Hebrew", True),
    ]
    assert runs("12 abc", right_to_left=True) == [("12 ", None, True), ("abc", None, False)]


def test_brackets_of_a_pair_have_the_same_direction():
    # Rule N0; without it the second one would follow the number behind it.
    assert runs("שלום (abc) 5", right_to_left=True) == [
        ("שלום (", "Hebrew", True),
        ("abc", None, False),
        (") ", None, True),
        ("5", None, False),
    ]


@pytest.mark.parametrize(
    ("text", "script"),
    [("漢字", "Chinese"), ("漢字かな", "Japanese"), ("漢字와", "Korean"), ("カナ", "Japanese")],
)
def test_kana_and_hangul_show_the_script_of_chinese_characters(text, script):
    assert {run[1] for run in runs(text)} == {script}


def test_chinese_characters_alone_are_in_the_given_script():
    assert runs("漢字", han="Japanese") == [("漢字", "Japanese", False)]


def test_the_majority_of_texts_decides_the_script_of_chinese_characters_alone():
    assert han_script(["港湾", "お客様", "サービス", "plain"]) == "Japanese"
    assert han_script(["港湾", "客户", "サービス"]) == "Chinese"
    assert han_script(["고객", "港湾", "시장"]) == "Korean"
    assert han_script([]) == "Chinese"


@given(
    st.text("abc 12.,()[]-•…שלוםסعربي،顧客かな가हि🚢✅\u200d\ufe0f\n", max_size=40), st.booleans()
)
def test_runs_add_up_to_the_text_and_neighbours_differ(text, right_to_left):
    found_runs = runs(text, right_to_left=right_to_left)
    assert "".join(run[0] for run in found_runs) == text
    assert all(a[1:] != b[1:] for a, b in pairwise(found_runs))
    assert all(run[0] for run in found_runs)


def test_tall_scripts_are_recognised():
    assert [is_tall(t.title) for t in TONGUES.values()] == [True, False, True, False, False, False]
    assert not is_tall("Ångström")


@pytest.mark.parametrize(
    ("language", "script", "slot"),
    [
        ("en", None, "val"),
        ("de-AT", None, "val"),
        ("ar", "Arabic", "bidi"),
        ("he-IL", "Hebrew", "bidi"),
        ("fa", "Arabic", "bidi"),
        ("pa-Arab-PK", "Arabic", "bidi"),
        ("pa", "Gurmukhi", "bidi"),
        ("hi", "Devanagari", "bidi"),
        ("th", "Thai", "bidi"),
        ("zh", "Chinese", "eastAsia"),
        ("zh-Hant", "Traditional Chinese", "eastAsia"),
        ("zh-HK", "Traditional Chinese", "eastAsia"),
        ("zh-Hans-HK", "Chinese", "eastAsia"),
        ("ja", "Japanese", "eastAsia"),
        ("ko-KR", "Korean", "eastAsia"),
        ("ja-Latn", None, "val"),
        ("sr-Cyrl", None, "val"),
    ],
)
def test_a_language_tag_gives_the_script(language, script, slot):
    assert script_of(language) == script
    assert slot_of(language) == slot
    assert language_runs_right_to_left(language) is (script in ("Arabic", "Hebrew"))


def test_kinds_of_scripts_are_distinguished():
    assert script_kind("Arabic") == script_kind("Thai") == "complex"
    assert script_kind("Japanese") == "east_asian"
    assert script_kind("Emoji") == "emoji"
