"""The predicted width of text, and the characters between which its lines may break."""

import pytest

from workshop.export.layout.character_widths import width_of
from workshop.export.layout.text_width import MeasuredText, split_pieces, wrap

MEASURED = {
    "Arabic": (
        "يحتاج عملاؤنا إلى خدمة موثوقة بسعر معقول، "
        "ونريد أن نصل إلى الأسواق الجديدة خلال ستة "
        "أشهر دون زيادة في التكاليف التشغيلية",
        64.1,
    ),
    "Persian": (
        "مشتریان ما به خدمات قابل اعتماد با قیمت "
        "مناسب نیاز دارند و می\u200cخواهیم در شش ماه "
        "آینده بازارهای جدید را پیدا کنیم",
        57.7,
    ),
    "Hebrew": (
        "הלקוחות שלנו זקוקים לשירות אמין במחיר סביר "
        "ואנחנו רוצים להגיע לשווקים חדשים בתוך שישה "
        "חודשים ללא עלויות נוספות",
        57.1,
    ),
    "Hindi": (
        "हमारे ग्राहकों को उचित मूल्य पर विश्वसनीय "
        "सेवा की आवश्यकता है और हम छह महीनों में नए "
        "बाज़ारों तक पहुँचना चाहते हैं",
        46.2,
    ),
    "Bengali": (
        "আমাদের গ্রাহকদের যুক্তিসঙ্গত মূল্যে "
        "নির্ভরযোগ্য পরিষেবা প্রয়োজন এবং আমরা ছয় "
        "মাসের মধ্যে নতুন বাজারে পৌঁছাতে চাই",
        51.5,
    ),
    "Tamil": (
        "எங்கள் வாடிக்கையாளர்களுக்கு நியாயமான "
        "விலையில் நம்பகமான சேவை தேவை ஆறு மாதங்களில் "
        "புதிய சந்தைகளை அடைய விரும்புகிறோம்",
        82.8,
    ),
    "Telugu": (
        "మా వినియోగదారులకు సరసమైన ధరకు నమ్మకమైన సేవ అవసరం మరియు మేము ఆరు నెలల్లో కొత్త మార్కెట్లను చేరుకోవాలనుకుంటున్నాము",
        57.3,
    ),
    "Malayalam": (
        "ഞങ്ങളുടെ ഉപഭോക്താക്കൾക്ക് ന്യായമായ വിലയിൽ "
        "വിശ്വസനീയമായ സേവനം ആവശ്യമാണ് ആറ് "
        "മാസത്തിനുള്ളിൽ പുതിയ വിപണികളിൽ എത്താൻ ഞങ്ങൾ "
        "ആഗ്രഹിക്കുന്നു",
        93.7,
    ),
    "Sinhala": (
        "අපගේ පාරිභෝගිකයින්ට සාධාරණ මිලකට විශ්වාසදායක සේවාවක් අවශ්\u200dය වේ",
        39.5,
    ),
    "Thai": (
        "ลูกค้าของเราต้องการบริการที่เชื่อถือได้ในราคาที่เหมาะสมและเราต้องการเข้าถึงตลาดใหม่ภายในหกเดือน",
        42.0,
    ),
    "Lao": (
        "ລູກຄ້າຂອງພວກເຮົາຕ້ອງການບໍລິການທີ່ເຊື່ອຖືໄດ້ໃນລາຄາທີ່ສົມເຫດສົມຜົນ",
        34.0,
    ),
    "Myanmar": (
        "ကျွန်ုပ်တို့၏ဖောက်သည်များသည် သင့်တင့်သောစျေးနှုန်းဖြင့် ယုံကြည်စိတ်ချရသောဝန်ဆောင်မှုကို လိုအပ်သည်",
        46.6,
    ),
    "Georgian": (
        "ჩვენს კლიენტებს სჭირდებათ საიმედო მომსახურება გონივრულ ფასად",
        38.4,
    ),
}
"""Texts in scripts that Carlito lacks, with their widths in ems as HarfBuzz sets them: the widest
of Noto Sans and DejaVu Sans, regular and bold, on 22 November 2026."""


def piece_texts(text):
    return [piece.text for piece in split_pieces(text)]


@pytest.mark.parametrize("language", MEASURED)
def test_text_in_other_scripts_is_no_wider_than_predicted(language):
    text, measured = MEASURED[language]
    assert measured <= width_of(text) <= 1.5 * measured


def test_east_asian_characters_take_an_em_each():
    assert width_of("顧客のため") == 5.0
    assert width_of("고객은") == 3.0


def test_emoji_are_wider_than_an_em():
    assert width_of("🚢") == width_of("✅") > 1.3
    assert width_of("👍\ufe0f") == width_of("👍")


def test_punctuation_is_as_wide_as_the_characters_around_it():
    assert width_of("“你好”") == 4.0
    assert width_of("“ok”") < 2.0


def test_the_space_between_scripts_is_included():
    latin = width_of("ABC")
    assert width_of("客ABC户") == pytest.approx(2 + latin + 0.5)
    assert sum(p.width for p in split_pieces("客ABC户")) >= width_of("客ABC户")


def test_lines_break_between_ideographs_but_not_before_closing_marks():
    assert piece_texts("客户，好。") == ["客", "户，", "好。"]
    assert piece_texts("（新）“市场”") == ["（新）", "“市", "场”"]
    assert piece_texts("ABC（XYZ）。") == ["ABC", "（XYZ）。"]
    assert piece_texts("サーバー") == ["サー", "バー"]


def test_no_break_spaces_keep_words_together():
    assert piece_texts("Ann\u00a0Berg said") == ["Ann\u00a0Berg", "said"]


def test_the_tail_is_kept_when_a_text_is_clamped():
    text = MeasuredText("one two three four five six seven", tail="\u00a0●3")
    assert text.clamp(100, 1) == "one two three four five six seven\u00a0●3"
    clamped = text.clamp(8, 1)
    assert clamped.startswith("one two")
    assert clamped.endswith("…\u00a0●3")
    assert len(wrap(split_pieces(clamped), 8, 9)) == 1


@pytest.mark.parametrize("text", ["word " * 30, "x" * 200, "客户" * 60, "a-b/c." * 40, "कख " * 60])
@pytest.mark.parametrize("lines", [1, 2, 3])
def test_a_clamped_text_takes_no_more_lines_than_its_limit(text, lines):
    clamped = MeasuredText(text).clamp(9, lines)
    assert clamped.endswith("…")
    assert len(wrap(split_pieces(clamped), 9, 99)) <= lines
