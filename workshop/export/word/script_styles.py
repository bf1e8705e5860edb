"""Character styles that give text its font and its language by its script.

Fonts are those that Word has on Windows. Where one is missing, programs take another of the same
script, for which the language beside it is a hint.
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
_INDIC, _MAINLAND = "Nirmala UI", "Leelawadee UI"


@dataclass(frozen=True, slots=True)
class _ScriptFont:
    """What a script is printed with."""

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
    "Devanagari": _ScriptFont(_INDIC, "hi-IN"),
    "Bengali": _ScriptFont(_INDIC, "bn-IN"),
    "Gurmukhi": _ScriptFont(_INDIC, "pa-IN"),
    "Gujarati": _ScriptFont(_INDIC, "gu-IN"),
    "Odia": _ScriptFont(_INDIC, "or-IN"),
    "Tamil": _ScriptFont(_INDIC, "ta-IN"),
    "Telugu": _ScriptFont(_INDIC, "te-IN"),
    "Kannada": _ScriptFont(_INDIC, "kn-IN"),
    "Malayalam": _ScriptFont(_INDIC, "ml-IN"),
    "Sinhala": _ScriptFont(_INDIC, "si-LK"),
    "Thai": _ScriptFont(_MAINLAND, "th-TH"),
    "Lao": _ScriptFont(_MAINLAND, "lo-LA"),
    "Khmer": _ScriptFont(_MAINLAND, "km-KH"),
    "Myanmar": _ScriptFont("Myanmar Text", "my-MM"),
    "Tibetan": _ScriptFont("Microsoft Himalaya", "bo-CN"),
    CHINESE: _ScriptFont("Microsoft YaHei", "zh-CN", _EAST_ASIAN),
    TRADITIONAL: _ScriptFont("Microsoft JhengHei", "zh-TW", _EAST_ASIAN),
    JAPANESE: _ScriptFont("Yu Gothic", "ja-JP", _EAST_ASIAN),
    KOREAN: _ScriptFont("Malgun Gothic", "ko-KR", _EAST_ASIAN),
    VOTES: _ScriptFont("Calibri", None, _ALL),
    EMOJI: _ScriptFont("Segoe UI Emoji", None, _ALL),
}
_PLAIN = "Script"
"""How the ids of styles begin that say nothing but the script."""


def style_for(script: str, style: str | None) -> str:
    """Return the id of the style for text of a script that has that character style otherwise."""
    return f"{style or _PLAIN}{script.replace(' ', '')}"


def add_script_styles(
    styles: Element,
    used: Iterable[tuple[str, str | None]],
    names: Mapping[str, str],
    language: str,
) -> None:
    """Add the styles for scripts, each with the character style it stands in for, to a style sheet.

    `names` are the ids of our styles there, where they may differ from ours. `language` is the
    document's, which text in its script is taken to be in.
    """
    known = {style.get(w("styleId")): style for style in styles.iter(w("style"))}
    for script, base in used:
        style_id = style_for(script, base)
        if style_id in known:
            continue
        there = known.get(names.get(base, base) if base else None)
        look = _SCRIPT_FONTS[script]
        element = add(styles, "style", {"type": "character", "customStyle": 1, "styleId": style_id})
        name = f"{_name_of(there) if there is not None else _PLAIN} {script.lower()}"
        add(element, "name", {"val": name})
        parent = names.get("DefaultParagraphFont", "DefaultParagraphFont")
        add(element, "basedOn", {"val": parent if there is None else str(there.get(w("styleId")))})
        add(element, "uiPriority", {"val": 99})
        properties = add(element, "rPr")
        add(properties, "rFonts", dict.fromkeys(look.slots, look.font))
        said = language if script_of(language) == script and "-" in language else look.language
        if said:
            slot = "bidi" if look.slots == _COMPLEX else "eastAsia"
            add(properties, "lang", {slot: said})


def _name_of(style: Element) -> str:
    name = style.find(w("name"))
    return (name.get(w("val")) if name is not None else None) or _PLAIN
