"""Character styles that set the font and the language of text by its script.

The fonts are those of Word on Windows. If one is missing, programs take another font for the same
script, for which the language is a hint.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from workshop.export.i18n.languages import script_of
from workshop.export.i18n.writing_systems import (
    CHINESE,
    EMOJI,
    JAPANESE,
    KOREAN,
    TRADITIONAL,
    VOTES,
)
from workshop.export.word.xml import Element, add, w

_COMPLEX, _EAST_ASIAN = ("cs",), ("eastAsia",)
_ALL = ("ascii", "hAnsi", "eastAsia", "cs")
_INDIC_FONT, _LEELAWADEE = "Nirmala UI", "Leelawadee UI"


@dataclass(frozen=True, slots=True)
class _ScriptFont:
    """The font and the language of a script."""

    font: str
    language: str | None
    slots: tuple[str, ...] = _COMPLEX
    """The attributes of `w:rFonts` that name the font."""


_SCRIPT_FONTS = {
    "Arabic": _ScriptFont("Arial", "ar-SA"),
    "Hebrew": _ScriptFont("Arial", "he-IL"),
    "Syriac": _ScriptFont("Estrangelo Edessa", "syr-SY"),
    "Thaana": _ScriptFont("MV Boli", "dv-MV"),
    "NKo": _ScriptFont("Ebrima", "nqo-GN"),
    "Devanagari": _ScriptFont(_INDIC_FONT, "hi-IN"),
    "Bengali": _ScriptFont(_INDIC_FONT, "bn-IN"),
    "Gurmukhi": _ScriptFont(_INDIC_FONT, "pa-IN"),
    "Gujarati": _ScriptFont(_INDIC_FONT, "gu-IN"),
    "Odia": _ScriptFont(_INDIC_FONT, "or-IN"),
    "Tamil": _ScriptFont(_INDIC_FONT, "ta-IN"),
    "Telugu": _ScriptFont(_INDIC_FONT, "te-IN"),
    "Kannada": _ScriptFont(_INDIC_FONT, "kn-IN"),
    "Malayalam": _ScriptFont(_INDIC_FONT, "ml-IN"),
    "Sinhala": _ScriptFont(_INDIC_FONT, "si-LK"),
    "Thai": _ScriptFont(_LEELAWADEE, "th-TH"),
    "Lao": _ScriptFont(_LEELAWADEE, "lo-LA"),
    "Khmer": _ScriptFont(_LEELAWADEE, "km-KH"),
    "Myanmar": _ScriptFont("Myanmar Text", "my-MM"),
    "Tibetan": _ScriptFont("Microsoft Himalaya", "bo-CN"),
    CHINESE: _ScriptFont("Microsoft YaHei", "zh-CN", _EAST_ASIAN),
    TRADITIONAL: _ScriptFont("Microsoft JhengHei", "zh-TW", _EAST_ASIAN),
    JAPANESE: _ScriptFont("Yu Gothic", "ja-JP", _EAST_ASIAN),
    KOREAN: _ScriptFont("Malgun Gothic", "ko-KR", _EAST_ASIAN),
    VOTES: _ScriptFont("Calibri", None, _ALL),
    EMOJI: _ScriptFont("Segoe UI Emoji", None, _ALL),
}
_PLAIN_PREFIX = "Script"
"""The first part of the ids of styles for a script alone."""


def style_for(script: str, style: str | None) -> str:
    """Return the id of the style for text in `script` that otherwise has the style `style`."""
    return f"{style or _PLAIN_PREFIX}{script.replace(' ', '')}"


def add_script_styles(
    styles: Element,
    used: Iterable[tuple[str, str | None]],
    names: Mapping[str, str],
    language: str,
) -> None:
    """Add a style to the style sheet for each pair in `used` of a script and a character style.

    `names` are the style sheet's ids of our styles if they differ from ours. Text in the script
    of `language`, the document's language, is taken to be in that language.
    """
    styles_by_id = {style.get(w("styleId")): style for style in styles.iter(w("style"))}
    for script, base in used:
        style_id = style_for(script, base)
        if style_id in styles_by_id:
            continue
        base_style = styles_by_id.get(names.get(base, base) if base else None)
        script_font = _SCRIPT_FONTS[script]
        element = add(styles, "style", {"type": "character", "customStyle": 1, "styleId": style_id})
        prefix = _PLAIN_PREFIX if base_style is None else _style_name(base_style)
        name = f"{prefix} {script.lower()}"
        add(element, "name", {"val": name})
        parent = names.get("DefaultParagraphFont", "DefaultParagraphFont")
        add(
            element,
            "basedOn",
            {"val": parent if base_style is None else str(base_style.get(w("styleId")))},
        )
        add(element, "uiPriority", {"val": 99})
        properties = add(element, "rPr")
        add(properties, "rFonts", dict.fromkeys(script_font.slots, script_font.font))
        text_language = (
            language if script_of(language) == script and "-" in language else script_font.language
        )
        if text_language:
            slot = "bidi" if script_font.slots == _COMPLEX else "eastAsia"
            add(properties, "lang", {slot: text_language})


def _style_name(style: Element) -> str:
    name = style.find(w("name"))
    return (name.get(w("val")) if name is not None else None) or _PLAIN_PREFIX
