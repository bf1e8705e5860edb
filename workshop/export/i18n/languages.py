"""Looking up the script, the direction and the region of a language by its tag (BCP 47)."""

from typing import Literal

from workshop.export.i18n.writing_systems import (
    CHINESE,
    JAPANESE,
    KOREAN,
    TRADITIONAL,
    script_kind,
    script_runs_right_to_left,
)

Slot = Literal["val", "eastAsia", "bidi"]
"""The attribute of `w:lang` for a language: Latin and similar, East Asian, or complex scripts."""

_BY_SUBTAG: dict[str, str | None] = {
    "arab": "Arabic", "aran": "Arabic", "hebr": "Hebrew", "syrc": "Syriac", "thaa": "Thaana",
    "nkoo": "NKo", "deva": "Devanagari", "beng": "Bengali", "guru": "Gurmukhi", "gujr": "Gujarati",
    "orya": "Odia", "taml": "Tamil", "telu": "Telugu", "knda": "Kannada", "mlym": "Malayalam",
    "sinh": "Sinhala", "thai": "Thai", "laoo": "Lao", "tibt": "Tibetan", "mymr": "Myanmar",
    "khmr": "Khmer", "hans": CHINESE, "hant": TRADITIONAL, "jpan": JAPANESE, "kore": KOREAN,
    "latn": None, "cyrl": None, "grek": None,
}  # fmt: skip
_BY_LANGUAGE = {
    **dict.fromkeys(("ar", "fa", "ur", "ps", "sd", "ug", "ckb"), "Arabic"),
    **dict.fromkeys(("he", "iw", "yi"), "Hebrew"),
    **dict.fromkeys(("hi", "mr", "ne", "sa"), "Devanagari"),
    **dict.fromkeys(("bn", "as"), "Bengali"),
    **dict.fromkeys(("bo", "dz"), "Tibetan"),
    **dict.fromkeys(("zh", "cmn", "wuu"), CHINESE),
    "yue": TRADITIONAL, "ja": JAPANESE, "ko": KOREAN, "syr": "Syriac", "dv": "Thaana", "nqo": "NKo",
    "pa": "Gurmukhi", "gu": "Gujarati", "or": "Odia", "ta": "Tamil", "te": "Telugu",
    "kn": "Kannada", "ml": "Malayalam", "si": "Sinhala", "th": "Thai", "lo": "Lao",
    "my": "Myanmar", "km": "Khmer",
}  # fmt: skip
_TRADITIONAL_REGIONS = ("tw", "hk", "mo")
_REGIONS = {
    "ar": "ar-SA", "bg": "bg-BG", "bn": "bn-IN", "ca": "ca-ES", "cs": "cs-CZ", "da": "da-DK",
    "de": "de-DE", "el": "el-GR", "en": "en-GB", "es": "es-ES", "et": "et-EE", "fa": "fa-IR",
    "fi": "fi-FI", "fr": "fr-FR", "gu": "gu-IN", "he": "he-IL", "hi": "hi-IN", "hr": "hr-HR",
    "hu": "hu-HU", "id": "id-ID", "it": "it-IT", "ja": "ja-JP", "km": "km-KH", "kn": "kn-IN",
    "ko": "ko-KR", "lo": "lo-LA", "lt": "lt-LT", "lv": "lv-LV", "ml": "ml-IN", "mr": "mr-IN",
    "my": "my-MM", "nb": "nb-NO", "ne": "ne-NP", "nl": "nl-NL", "no": "nb-NO", "or": "or-IN",
    "pa": "pa-IN", "pl": "pl-PL", "pt": "pt-PT", "ro": "ro-RO", "ru": "ru-RU", "si": "si-LK",
    "sk": "sk-SK", "sl": "sl-SI", "sr": "sr-Latn-RS", "sv": "sv-SE", "ta": "ta-IN", "te": "te-IN",
    "th": "th-TH", "tr": "tr-TR", "uk": "uk-UA", "ur": "ur-PK", "vi": "vi-VN", "zh": "zh-CN",
    "zh-hans": "zh-CN", "zh-hant": "zh-TW",
}  # fmt: skip
"""The regions for languages without one: Office programs check spelling by both."""


def proofing_language(language: str) -> str:
    """Return the tag by which Office programs know a language: "en-GB" for "en"."""
    return _REGIONS.get(language.lower(), language)


def script_of(language: str) -> str | None:
    """Return the script of a language, or None if `writing_systems` has no name for it."""
    first, *others = language.lower().replace("_", "-").split("-")
    for subtag in others:
        if subtag in _BY_SUBTAG:
            return _BY_SUBTAG[subtag]
    script = _BY_LANGUAGE.get(first)
    if script == CHINESE and any(region in _TRADITIONAL_REGIONS for region in others):
        return TRADITIONAL
    return script


def language_runs_right_to_left(language: str) -> bool:
    """Return whether text in a language runs from right to left."""
    script = script_of(language)
    return script is not None and script_runs_right_to_left(script)


def slot_of(language: str) -> Slot:
    """Return the attribute with which a Word document names that language."""
    script = script_of(language)
    if script is None:
        return "val"
    return "eastAsia" if script_kind(script) == "east_asian" else "bidi"
