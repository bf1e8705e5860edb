"""The Word report in every script: its fonts, languages, sides and directions."""

import re
from io import BytesIO
from itertools import groupby

import mammoth
import pytest
from docx_invariants import parts_of, w
from lxml import etree
from openxml_audit import OpenXmlValidator
from report_languages import TONGUES, bank_in, spoken
from report_samples import ALIGNMENT, IT, answer, event, session_on

from workshop.export.page_size import A4, LETTER
from workshop.export.word.script_styles import add_script_styles
from workshop.export.word.writer import word_report
from workshop.session.event_log import EventLog
from workshop.session.events import ActionAdded, PointParked, QuestionSkipped
from workshop.views.outline import build_outline

RIGHT_TO_LEFT = ("ar", "he")


def report(session, events, page_size=A4):
    return word_report(build_outline(session, EventLog(events)), page_size)


def in_tongue(language):
    """A report on a bank in that language, with every kind of section."""
    tongue = TONGUES[language]
    session = session_on(bank_in(language), title=tongue.title)
    said = [
        answer(n, session.addresses[n % 8], text, tongue.person if n % 2 else "Ann Berg")
        for n, text in enumerate((*tongue.answers, "An answer in English") * 9)
    ]
    park = PointParked(
        question=session.addresses[0], text=tongue.answers[0], participant="Ann Berg"
    )
    act = ActionAdded(text=tongue.answers[1], owner=tongue.person, due="June", participant="Ann")
    skip = QuestionSkipped(question=session.addresses[8], reason=tongue.answers[0])
    return report(session, [*said, event(900, park), event(901, act), event(902, skip)])


def document_of(content):
    return etree.fromstring(parts_of(content)["word/document.xml"])


def styles_of(content):
    root = etree.fromstring(parts_of(content)["word/styles.xml"])
    return {s.get(w("styleId")): s for s in root.iter(w("style"))}


def style_name(paragraph):
    return paragraph.find(f"{w('pPr')}/{w('pStyle')}").get(w("val"))


def text_of(element):
    return "".join(t.text or "" for t in element.iter(w("t")))


def is_turned(paragraph):
    return paragraph.find(f"{w('pPr')}/{w('bidi')}") is not None


def runs_of(content, words):
    """The runs of the first paragraph with these words: text, style, and what else is said."""
    paragraph = next(p for p in document_of(content).iter(w("p")) if words in text_of(p))
    found = []
    for run in paragraph.iter(w("r")):
        properties = run.find(w("rPr"))
        style, other = None, set()
        for said in () if properties is None else properties:
            if said.tag == w("rStyle"):
                style = said.get(w("val"))
            else:
                other.add(said.get(w("hint")) or etree.QName(said).localname)
        found.append((text_of(run), style, other))
    return found


def one_answer(text, participant="Facilitator"):
    session = session_on(IT)
    return report(session, [answer(1, session.addresses[0], text, participant)])


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Plain ASCII.", [("Plain ASCII.", None, set())]),
        ("“Größe” – 5 €", [("“Größe” – 5 €", None, set())]),
        ("سعر 5", [("سعر 5", "ScriptArabic", {"rtl"})]),
        ("שלום", [("שלום", "ScriptHebrew", {"rtl"})]),
        ("ग्राहक", [("ग्राहक", "ScriptDevanagari", {"cs"})]),
        ("ลูกค้า", [("ลูกค้า", "ScriptThai", {"cs"})]),
        ("顧客", [("顧客", "ScriptChinese", {"eastAsia"})]),
        ("顧客の", [("顧客の", "ScriptJapanese", {"eastAsia"})]),
        ("顧客은", [("顧客은", "ScriptKorean", {"eastAsia"})]),
        ("שלום ●3", [("שלום ●3", "ScriptHebrew", {"rtl"})]),
        ("顧客 ●12", [("顧客", "ScriptChinese", {"eastAsia"}), (" ●12", "ScriptVotes", set())]),
        ("✅ ok", [("✅", "ScriptEmoji", set()), (" ok", None, set())]),
        (
            "A שלום 顧客 Z",
            [
                ("A ", None, set()),
                ("שלום", "ScriptHebrew", {"rtl"}),
                (" 顧客", "ScriptChinese", {"eastAsia"}),
                (" Z", None, set()),
            ],
        ),
    ],
)
def test_each_script_has_its_style_and_its_property(text, wanted):
    assert runs_of(one_answer(text), text) == wanted


def test_the_dot_of_votes_has_no_east_asian_font():
    style = styles_of(one_answer("顧客 ●12"))["ScriptVotes"]
    fonts = style.find(f"{w('rPr')}/{w('rFonts')}")
    assert fonts.get(w("eastAsia")) == "Calibri"


def test_a_name_has_the_look_of_names_and_the_font_of_its_script():
    content = one_answer("An answer", "佐藤花子さん")
    assert runs_of(content, "An answer —") == [
        ("An answer", None, set()),
        (" —\u00a0", "AnswerMeta", set()),
        ("佐藤花子さん", "AnswerMetaJapanese", {"eastAsia"}),
    ]
    style = styles_of(content)["AnswerMetaJapanese"]
    assert style.find(w("basedOn")).get(w("val")) == "AnswerMeta"
    fonts, language = (style.find(f"{w('rPr')}/{w(name)}") for name in ("rFonts", "lang"))
    assert dict(fonts.attrib) == {w("eastAsia"): "Yu Gothic"}
    assert dict(language.attrib) == {w("eastAsia"): "ja-JP"}


def test_the_credit_of_an_answer_has_the_answers_direction():
    # The dash belongs between the answer and the name, whichever way both run.
    content = one_answer("خدمة", "Ann Berg")
    assert runs_of(content, "خدمة —") == [
        ("خدمة", "ScriptArabic", {"rtl"}),
        (" — ", "AnswerMetaArabic", {"rtl"}),
        ("Ann Berg", "AnswerMeta", set()),
    ]


def test_only_the_styles_of_scripts_that_occur_are_added():
    def scripts(content):
        return {name for name in styles_of(content) if name.startswith("Script")}

    assert scripts(one_answer("Plain")) == set()
    assert scripts(one_answer("شكرا 顧客")) == {"ScriptArabic", "ScriptChinese"}


def test_a_style_that_is_there_already_stays_as_it_is():
    root = etree.fromstring(parts_of(one_answer("شكرا"))["word/styles.xml"])
    before = etree.tostring(root)
    add_script_styles(root, [("Arabic", None)], {}, "en")
    assert etree.tostring(root) == before


def test_complex_scripts_and_emoji_name_fonts_that_have_them():
    styles = styles_of(one_answer("हम سعر 🚢"))
    fonts = {
        name: dict(styles[name].find(f"{w('rPr')}/{w('rFonts')}").attrib)
        for name in ("ScriptDevanagari", "ScriptArabic", "ScriptEmoji")
    }
    assert fonts["ScriptDevanagari"] == {w("cs"): "Nirmala UI"}
    assert fonts["ScriptArabic"] == {w("cs"): "Arial"}
    assert set(fonts["ScriptEmoji"].values()) == {"Segoe UI Emoji"}


@pytest.mark.parametrize("text", ["نص", "שלום"])
def test_right_to_left_text_is_on_the_right_side_everywhere(text):
    session = session_on(IT, title=text)
    content = report(
        session,
        [
            answer(1, session.addresses[0], text, "Ann Berg"),
            event(2, PointParked(question="", text=text, participant="Ann Berg")),
        ],
    )
    turned = {style_name(p) for p in document_of(content).iter(w("p")) if is_turned(p)}
    assert turned == {
        "Title",
        "Answer",
        "CanvasAnswer100" if text == "שלום" else "CanvasAnswerTall100",
        "TableText",
    }
    header = etree.fromstring(parts_of(content)["word/header1.xml"])
    assert is_turned(header[0])


@pytest.mark.parametrize("language", RIGHT_TO_LEFT)
def test_a_report_in_a_right_to_left_language_is_right_to_left_as_a_whole(language):
    document = document_of(in_tongue(language))
    assert all(s.find(w("bidi")) is not None for s in document.iter(w("sectPr")))
    visual = [
        t.find(f"{w('tblPr')}/{w('bidiVisual')}") is not None for t in document.iter(w("tbl"))
    ]
    assert visual == [True, True, True, True]
    sides = {
        name: {is_turned(p) for p in group}
        for name, group in groupby(sorted(document.iter(w("p")), key=style_name), key=style_name)
    }
    structure = (
        "Title",
        "Subtitle",
        "Fact",
        "Heading1",
        "Heading2",
        "Question",
        "TOC1",
        "TableHead",
    )
    assert all(sides[name] == {True} for name in structure)
    assert sides["Answer"] == {True, False}
    assert sides["Summary"] == sides["Note"] == {False}


@pytest.mark.parametrize("language", ["zh", "ja", "ko", "hi"])
def test_reports_in_other_languages_run_from_left_to_right(language):
    document = document_of(in_tongue(language))
    assert not list(document.iter(w("bidi"), w("bidiVisual"), w("rtl")))


@pytest.mark.parametrize(
    ("language", "slot", "tag"),
    [
        ("ar", "bidi", "ar-SA"), ("he", "bidi", "he-IL"), ("hi", "bidi", "hi-IN"),
        ("zh", "eastAsia", "zh-CN"), ("ja", "eastAsia", "ja-JP"), ("ko", "eastAsia", "ko-KR"),
    ],
)  # fmt: skip
def test_the_document_is_in_the_banks_language(language, slot, tag):
    parts = parts_of(in_tongue(language))
    usual = {"val": "en-GB", "eastAsia": "zh-CN", "bidi": "ar-SA"}
    wanted = {w(name): said for name, said in {**usual, slot: tag}.items()}
    styles, settings = (etree.fromstring(parts[f"word/{n}.xml"]) for n in ("styles", "settings"))
    assert dict(next(styles.iter(w("lang"))).attrib) == wanted
    assert dict(settings.find(w("themeFontLang")).attrib) == wanted
    assert f"<dc:language>{tag}<".encode() in parts["docProps/core.xml"]


def test_chinese_characters_alone_are_japanese_in_a_japanese_session():
    session = session_on(IT, title="港湾戦略")
    said = [answer(n, session.addresses[n], "お客様のために") for n in range(3)]
    assert runs_of(report(session, said), "港湾戦略")[0][1] == "ScriptJapanese"
    assert runs_of(report(session, []), "港湾戦略")[0][1] == "ScriptChinese"


def plain(text):
    return re.sub(r"\s+", " ", text)


@pytest.mark.parametrize("bank", [IT, ALIGNMENT, *TONGUES])
def test_mammoth_finds_answers_in_every_script_in_order(bank):
    session = session_on(bank_in(bank) if bank in TONGUES else bank)
    outline = build_outline(session, EventLog(spoken(session)))
    text = plain(mammoth.extract_raw_text(BytesIO(word_report(outline))).value)
    place = text.rindex("Block by block")
    for section in outline.sections:
        for question in section.questions:
            for words in (question.ask, *(a.text for a in question.answers)):
                found = text.find(plain(words), place)
                assert found >= 0, words
                place = found + len(words)


@pytest.mark.parametrize("language", TONGUES)
def test_openxml_audit_finds_nothing_in_any_language(tmp_path, language):
    path = tmp_path / "report.docx"
    path.write_bytes(in_tongue(language))
    assert [str(e) for e in OpenXmlValidator().validate(path).errors] == []


@pytest.mark.parametrize("page_size", [A4, LETTER], ids=["a4", "letter"])
@pytest.mark.parametrize("bank", [IT, ALIGNMENT])
def test_openxml_audit_finds_nothing_in_a_report_in_all_scripts(tmp_path, bank, page_size):
    session = session_on(bank)
    path = tmp_path / "report.docx"
    path.write_bytes(report(session, spoken(session), page_size))
    assert [str(e) for e in OpenXmlValidator().validate(path).errors] == []


def test_styles_in_cells_name_their_languages():
    # In tables LibreOffice puts the defaults above the styles of scripts where they do not.
    styles = styles_of(in_tongue("ja"))
    wanted = {w("val"): "en-GB", w("eastAsia"): "ja-JP", w("bidi"): "ar-SA"}
    for name in ("CanvasBlock", "CanvasText", "CanvasBand", "TableHead", "TableText"):
        assert dict(styles[name].find(f"{w('rPr')}/{w('lang')}").attrib) == wanted
        has_fonts = styles[name].find(f"{w('rPr')}/{w('rFonts')}") is not None
        assert has_fonts is name.startswith("Canvas")


def test_the_reports_own_words_keep_their_order_in_right_to_left_documents():
    # "12 to 13 March" would begin with the 12 on the right, were it not held by marks.
    document = document_of(in_tongue("ar"))
    subtitle = next(p for p in document.iter(w("p")) if style_name(p) == "CanvasSubtitle")
    assert is_turned(subtitle)
    assert text_of(subtitle).startswith("\u200e12 to 13 March 2025 · ")
    assert text_of(subtitle).endswith("answers\u200e")
    heading = next(p for p in document.iter(w("p")) if style_name(p) == "Heading1")
    assert text_of(heading) == "Block by block"
