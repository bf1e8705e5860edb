"""Which script a text is in, and which way it runs: what its fonts, language and side depend on.

Direction follows the Unicode Bidirectional Algorithm (UAX 9): rules P2 and P3 for a paragraph, and
W7 and N0 to N2 between the stretches of one. Word lays out the inside of a stretch itself.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal
from unicodedata import bidirectional

ScriptKind = Literal["complex", "east_asian", "emoji", "plain"]

# The order is that of the search: where ranges overlap, the first one named wins.
_RIGHT_TO_LEFT = {
    "Hebrew": "\u0590-\u05ff\ufb1d-\ufb4f",
    "Arabic": (
        "\u0600-\u060b\u060d-\u06ff\u0750-\u077f\u0870-\u08ff\ufb50-\ufdcf\ufdf0-\ufdff\ufe70-\ufefe"
    ),
    "Syriac": "\u0700-\u074f\u0860-\u086f",
    "Thaana": "\u0780-\u07bf",
    "NKo": "\u07c0-\u07ff",
}
_COMPLEX = {
    "Devanagari": "\u0900-\u097f\u1cd0-\u1cff\ua8e0-\ua8ff",
    "Bengali": "\u0980-\u09ff",
    "Gurmukhi": "\u0a00-\u0a7f",
    "Gujarati": "\u0a80-\u0aff",
    "Odia": "\u0b00-\u0b7f",
    "Tamil": "\u0b80-\u0bff",
    "Telugu": "\u0c00-\u0c7f",
    "Kannada": "\u0c80-\u0cff",
    "Malayalam": "\u0d00-\u0d7f",
    "Sinhala": "\u0d80-\u0dff",
    "Thai": "\u0e00-\u0e7f",
    "Lao": "\u0e80-\u0eff",
    "Tibetan": "\u0f00-\u0fff",
    "Myanmar": "\u1000-\u109f\ua9e0-\ua9ff\uaa60-\uaa7f",
    "Khmer": "\u1780-\u17ff\u19e0-\u19ff",
}
_KANA = "\u3041-\u30ff\u31f0-\u31ff\uff66-\uff9f\U0001aff0-\U0001b16f"
_HANGUL = "\u1100-\u11ff\u3130-\u318f\ua960-\ua97f\uac00-\ud7ff\uffa0-\uffdc"
_EAST_ASIAN = (
    f"{_KANA}{_HANGUL}\u2e80-\u303f\u3100-\u312f\u3190-\u31ef\u3200-\u4dbf\u4e00-\u9fff"
    "\uf900-\ufaff\ufe30-\ufe4f\uff01-\uff65\uffe0-\uffef\U00020000-\U0003ffff"
)
_EMOJI = (
    "\u203c\u2049\u2139\u231a-\u231b\u2328\u23cf\u23e9-\u23fa\u24c2\u25fb-\u25fe\u2600-\u27bf"
    "\u2934\u2935\u2b05-\u2b07\u2b1b\u2b1c\u2b50\u2b55\u20e3\U0001f000-\U0001faff"
)
_JOINERS = "\u200c\u200d"
_EMOJI_PARTS = f"{_EMOJI}\u200d\ufe0e\ufe0f\U000e0020-\U000e007f"
_MARKS = "\u0300-\u036f\ufe0e\ufe0f"

CHINESE, TRADITIONAL, JAPANESE, KOREAN = "Chinese", "Traditional Chinese", "Japanese", "Korean"
EMOJI = "Emoji"
VOTES = "Votes"
"""The dot of votes and their number among East Asian characters: their fonts have it too large."""

TALL_SCRIPTS = frozenset({*_RIGHT_TO_LEFT, *_COMPLEX} - {"Hebrew"})
"""The scripts whose marks reach higher or lower than Latin letters do."""

_ASTRAL_RIGHT = "\U00010800-\U00010fff\U0001e800-\U0001efff"
_RIGHT_CHARACTERS = f"{''.join(_RIGHT_TO_LEFT.values())}\u200f{_ASTRAL_RIGHT}"
_SPECIAL_CHARACTERS = f"{_RIGHT_CHARACTERS}{''.join(_COMPLEX.values())}{_EAST_ASIAN}{_EMOJI}"

_RIGHT = re.compile(f"[{_RIGHT_CHARACTERS}]")
_SPECIAL = re.compile(f"[{_SPECIAL_CHARACTERS}]")
_TALL_CHARACTERS = re.compile(
    f"[{''.join((_RIGHT_TO_LEFT | _COMPLEX)[name] for name in sorted(TALL_SCRIPTS))}]"
)
_KANA_THERE, _HANGUL_THERE = re.compile(f"[{_KANA}]"), re.compile(f"[{_HANGUL}]")
_HAN_THERE = re.compile("[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")

_ASIAN, _NUMBER, _LETTERS, _OTHER = "east_asian", "number", "letters", "other"
_BRACKETS = {"(": ")", "[": "]", "{": "}"}
_COMMON = ""
"""In place of a script: digits, spaces and punctuation, which go with what is beside them."""


def _words(characters: str) -> str:
    """Return a pattern for words of these characters, with spaces and commas between them."""
    word = f"[{characters}][{characters}{_JOINERS}{_MARKS}]*"
    return f"{word}(?:[ .,\u060c]+{word})*"


_TOKEN = re.compile(
    "|".join(
        f"(?P<{name}>{pattern})"
        for name, pattern in (
            *((name, _words(where)) for name, where in (_RIGHT_TO_LEFT | _COMPLEX).items()),
            (_ASIAN, f"[{_EAST_ASIAN}][{_EAST_ASIAN}{_MARKS}]*"),
            (EMOJI, f"(?:[{_EMOJI}]|[0-9#*]\ufe0f?(?=\u20e3))[{_EMOJI_PARTS}]*"),
            (VOTES, "[ \u00a0]?●[0-9,]+"),
            (_NUMBER, "[0-9]+(?:[-.,:/+][0-9]+)*"),
            (_LETTERS, rf"[^\W\d_{_SPECIAL_CHARACTERS}][^\W\d_{_SPECIAL_CHARACTERS}]*[{_MARKS}]*"),
            (_OTHER, "."),
        )
    ),
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class ScriptRun:
    """A part of a text that has one script and runs one way."""

    text: str
    script: str | None
    """As this module names it; None for Latin, Greek, Cyrillic and what needs nothing."""
    right_to_left: bool


def is_plain(text: str) -> bool:
    """Return whether `text` is all in scripts that need nothing: Latin, Greek, Cyrillic."""
    return text.isascii() or _SPECIAL.search(text) is None


def is_tall(text: str) -> bool:
    """Return whether there is anything of the `TALL_SCRIPTS` scripts in `text`."""
    return not text.isascii() and _TALL_CHARACTERS.search(text) is not None


def runs_right_to_left(text: str) -> bool:
    """Return whether a paragraph of `text` does: whether its first strong character does (P2)."""
    if text.isascii() or _RIGHT.search(text) is None:
        return False
    for character in text:
        direction = bidirectional(character)
        if direction in ("R", "AL"):
            return True
        if direction == "L":
            return False
    return False


def script_runs_right_to_left(script: str) -> bool:
    """Return whether a script does."""
    return script in _RIGHT_TO_LEFT


def script_kind(script: str) -> ScriptKind:
    """Return what a word processor has to know of a script to choose its font."""
    if script in (CHINESE, TRADITIONAL, JAPANESE, KOREAN):
        return "east_asian"
    if script == VOTES:
        return "plain"
    return "emoji" if script == EMOJI else "complex"


def han_script(texts: Iterable[str]) -> str:
    """Return whose Chinese characters those are that stand without kana or hangul beside them.

    Where more texts are Japanese or Korean than Chinese, a name of two characters is so too.
    """
    found = {CHINESE: 0, JAPANESE: 0, KOREAN: 0}
    for text in texts:
        if not text.isascii() and _SPECIAL.search(text):
            if _KANA_THERE.search(text):
                found[JAPANESE] += 1
            elif _HANGUL_THERE.search(text):
                found[KOREAN] += 1
            elif _HAN_THERE.search(text):
                found[CHINESE] += 1
    return max(found, key=lambda script: found[script])


def split_into_runs(text: str, *, right_to_left: bool, han: str = CHINESE) -> tuple[ScriptRun, ...]:
    """Return `text` in stretches of one script and direction, in the order of reading.

    `right_to_left` is the direction of the paragraph, `han` the script that Chinese characters
    belong to where nothing in the text tells.
    """
    if not right_to_left and is_plain(text):
        return (ScriptRun(text, None, right_to_left=False),) if text else ()
    tokens = [(found[0], found.lastgroup or _OTHER) for found in _TOKEN.finditer(text)]
    scripts = _scripts(tokens, _han_in(text, han))
    flags = _directions(tokens, base=right_to_left)
    parts: list[ScriptRun] = []
    for (piece, _), script, flag in zip(tokens, _settled(scripts, flags), flags, strict=True):
        same = parts and (parts[-1].script, parts[-1].right_to_left) == (script, flag)
        before = parts.pop().text if same else ""
        parts.append(ScriptRun(before + piece, script, flag))
    return tuple(parts)


def _han_in(text: str, han: str) -> str:
    if _KANA_THERE.search(text):
        return JAPANESE
    return KOREAN if _HANGUL_THERE.search(text) else han


def _scripts(tokens: Sequence[tuple[str, str]], han: str) -> list[str | None]:
    """Return each token's script: None for letters without a name, `_COMMON` for what all share."""
    asian = any(group == _ASIAN for _, group in tokens)
    known: dict[str, str | None] = {
        VOTES: VOTES if asian else _COMMON,
        _ASIAN: han,
        _LETTERS: None,
        _NUMBER: _COMMON,
        _OTHER: _COMMON,
    }
    return [known.get(group, group) for _, group in tokens]


def _directions(tokens: Sequence[tuple[str, str]], *, base: bool) -> list[bool]:
    """Return for each token whether it runs right to left."""
    found: list[bool | None] = []
    strong = base
    for text, group in tokens:
        strength = _strength(text, group)
        if strength == "strong":
            strong = group in _RIGHT_TO_LEFT or bidirectional(text[0]) in ("R", "AL")
        # W7, and N1 for the others: a number is as what came before it.
        found.append(None if strength == "neutral" else strong)
    _settle_brackets(tokens, found, base=base)
    return _without_neutrals(found, base=base)


def _settle_brackets(
    tokens: Sequence[tuple[str, str]], found: list[bool | None], *, base: bool
) -> None:
    """Give both of a pair of brackets one direction (N0): that of what is in it, or around it."""
    opened: list[int] = []
    pairs: list[tuple[int, int]] = []
    for place, (text, _) in enumerate(tokens):
        if text in _BRACKETS:
            opened.append(place)
        elif opened and text == _BRACKETS[tokens[opened[-1]][0]]:
            pairs.append((opened.pop(), place))
    for start, end in sorted(pairs):
        inside = {here for here in found[start + 1 : end] if here is not None}
        if not inside:
            continue
        before = next((here for here in found[start - 1 :: -1] if here is not None), base)
        found[start] = found[end] = before if inside == {not base} and start else base


def _without_neutrals(found: Sequence[bool | None], *, base: bool) -> list[bool]:
    """Return directions with None settled: N1 between two that agree, N2 otherwise."""
    after, following = [base] * len(found), base
    for place in range(len(found) - 1, -1, -1):
        after[place] = following
        following = following if (here := found[place]) is None else here
    settled: list[bool] = []
    before = base
    for here, ahead in zip(found, after, strict=True):
        settled.append((before if before == ahead else base) if here is None else here)
        before = before if here is None else here
    return settled


def _strength(text: str, group: str) -> Literal["strong", "number", "neutral"]:
    if group in (_NUMBER, VOTES):
        return "number"
    if group == EMOJI:
        return "neutral"
    if group != _OTHER:
        return "strong"
    direction = bidirectional(text)
    if direction in ("L", "R", "AL"):
        return "strong"
    return "number" if direction in ("EN", "AN") else "neutral"


def _settled(scripts: Sequence[str | None], flags: Sequence[bool]) -> list[str | None]:
    """Return scripts with `_COMMON` settled: as the neighbours that run the same way."""
    after: list[tuple[str | None, bool] | None] = [None] * len(scripts)
    following: tuple[str | None, bool] | None = None
    for place in range(len(scripts) - 1, -1, -1):
        after[place] = following
        if scripts[place] != _COMMON:
            following = scripts[place], flags[place]
    settled: list[str | None] = []
    before: tuple[str | None, bool] | None = None
    for script, flag, ahead in zip(scripts, flags, after, strict=True):
        here = script
        if here == _COMMON:
            beside = {s for s, f in filter(None, (before, ahead)) if f == flag} - {EMOJI}
            here = beside.pop() if len(beside) == 1 else None
        else:
            before = here, flag
        settled.append(here)
    return settled
