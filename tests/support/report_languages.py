"""What people say in many scripts, and small banks in those languages, for the report's tests."""

from dataclasses import dataclass
from functools import cache

from report_samples import answer

from workshop.banks.model import Bank


@dataclass(frozen=True)
class Tongue:
    """A language with a few words: a title, a name, two answers and nine titles of blocks."""

    title: str
    person: str
    answers: tuple[str, str]
    blocks: tuple[str, ...]


TONGUES = {
    "ar": Tongue(
        "ميناء هالدن",
        "ليلى حداد",
        (
            "يحتاج عملاؤنا إلى خدمة موثوقة بسعر معقول، ونريد أن نصل إلى أسواق جديدة خلال 6 أشهر",
            "نظام BerthView (الإصدار 2.0) يوفّر 15% من وقت الانتظار 🚢",
        ),
        (
            "الشركاء الرئيسيون", "الأنشطة الرئيسية", "الموارد الرئيسية", "القيم المقترحة",
            "العلاقات مع العملاء", "القنوات", "شرائح العملاء", "هيكل التكاليف", "مصادر الإيرادات",
        ),
    ),
    "he": Tongue(
        "נמל הלדן",
        "נועה לוי",
        (
            "הלקוחות שלנו זקוקים לשירות אמין במחיר סביר, "
            "ואנחנו רוצים להגיע לשווקים חדשים תוך 6 חודשים",
            "המערכת BerthView (גרסה 2.0) חוסכת 15% מזמן ההמתנה 🚢",
        ),
        (
            "שותפים עיקריים", "פעילויות עיקריות", "משאבים עיקריים", "הצעות ערך", "קשרי לקוחות",
            "ערוצים", "פלחי לקוחות", "מבנה עלויות", "זרמי הכנסות",
        ),
    ),
    "hi": Tongue(
        "हाल्डेन बंदरगाह",
        "आरती शर्मा",
        (
            "हमारे ग्राहकों को उचित मूल्य पर विश्वसनीय सेवा चाहिए "
            "और हम 6 महीनों में नए बाज़ारों तक पहुँचना चाहते हैं",
            "BerthView (संस्करण 2.0) प्रतीक्षा का 15% समय बचाता है 🚢",
        ),
        (
            "मुख्य साझेदार", "मुख्य गतिविधियाँ", "मुख्य संसाधन", "मूल्य प्रस्ताव", "ग्राहक संबंध", "माध्यम",
            "ग्राहक वर्ग", "लागत संरचना", "आय के स्रोत",
        ),
    ),
    "zh": Tongue(
        "哈尔登港",
        "王小明",
        (
            "我们的客户需要可靠的服务，并且希望价格合理；我们要在6个月内进入“新市场”。",
            "BerthView系统（2.0版）节省15%的等待时间🚢。",
        ),
        (
            "重要伙伴", "关键业务", "核心资源", "价值主张", "客户关系", "渠道通路", "客户细分",
            "成本结构", "收入来源",
        ),
    ),
    "ja": Tongue(
        "ハルデン港",
        "佐藤花子",
        (
            "お客様は手頃な価格で信頼できるサービスを必要としており、6か月以内に新しい市場へ進出したい。",
            "BerthViewシステム（2.0版）は待ち時間を15%削減します🚢。",
        ),
        (
            "主要パートナー", "主要活動", "主要リソース", "価値提案", "顧客との関係", "チャネル",
            "顧客セグメント", "コスト構造", "収益の流れ",
        ),
    ),
    "ko": Tongue(
        "할덴 항만",
        "김민지",
        (
            "고객은 합리적인 가격으로 믿을 수 있는 서비스를 원하며, "
            "우리는 6개월 안에 새 시장에 진출하려 한다.",
            "BerthView 시스템(2.0 버전)은 대기 시간을 15% 줄여 준다 🚢.",
        ),
        (
            "핵심 파트너", "핵심 활동", "핵심 자원", "가치 제안", "고객 관계", "채널",
            "고객 세그먼트", "비용 구조", "수익원",
        ),
    ),
}  # fmt: skip
_IDS = (
    "partners", "activities", "resources", "value", "relations", "channels", "segments", "costs",
    "revenue",
)  # fmt: skip
_FAMILIES = (*("infrastructure",) * 3, "offering", *("customer",) * 3, "finance", "finance")
_GRID = """partners partners activities activities value value relations relations segments segments
partners partners resources resources value value channels channels segments segments
costs costs costs costs costs revenue revenue revenue revenue revenue"""


@cache
def bank_in(language):
    """A bank of nine blocks in that language, with one question each."""
    tongue = TONGUES[language]
    blocks = [
        {
            "id": name,
            "title": title,
            "family": family,
            "minutes": 5,
            "purpose": tongue.answers[1],
            "questions": [
                {"id": "q", "ask": tongue.answers[0], "help": "h", "example": tongue.answers[0]}
            ],
        }
        for name, title, family in zip(_IDS, tongue.blocks, _FAMILIES, strict=True)
    ]
    return Bank(
        id=f"bank_{language}",
        version=1,
        title=tongue.blocks[3],
        language=language,
        canvas=_GRID,
        blocks=blocks,
    )


def spoken(session):
    """Two answers in each language, with numbers from 100,000, and some in several at once."""
    texts = [
        *((text, tongue.person) for tongue in TONGUES.values() for text in tongue.answers),
        ("The word שלום in the middle, and 顧客 and मूल्य too", "Ann Berg"),
        ("שלום and English, 顧客 at the end", "Ann Berg"),
        ("✅ done 🎉 👩‍👩‍👧", "Ann Berg"),
    ]
    return [
        answer(100_000 + n, session.addresses[n % len(session.addresses)], text, person)
        for n, (text, person) in enumerate(texts)
    ]
