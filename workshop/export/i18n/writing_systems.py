"""Splitting a text into runs of one script and direction, on which fonts and alignment depend.

The direction follows the Unicode Bidirectional Algorithm (UAX 9): rules P2 and P3 for a paragraph,
and rules W7 and N0 to N2 between its runs. Word lays out the inside of a run itself.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal
from unicodedata import bidirectional

ScriptKind = Literal["complex", "east_asian", "emoji", "plain"]

# The order matters: if ranges overlap, the first one wins.
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
_COMBINING_MARKS = "\u0300-\u036f\ufe0e\ufe0f"

CHINESE, TRADITIONAL, JAPANESE, KOREAN = "Chinese", "Traditional Chinese", "Japanese", "Korean"
EMOJI = "Emoji"
VOTES = "Votes"
"""The dot of votes with their number: East Asian fonts draw the dot too large."""

TALL_SCRIPTS = frozenset({*_RIGHT_TO_LEFT, *_COMPLEX} - {"Hebrew"})
"""The scripts whose letters and combining marks reach higher or lower than Latin letters."""

_ASTRAL_RIGHT = "\U00010800-\U00010fff\U0001e800-\U0001efff"
_RIGHT_CHARACTERS = f"{''.join(_RIGHT_TO_LEFT.values())}\u200f{_ASTRAL_RIGHT}"
_SPECIAL_CHARACTERS = f"{_RIGHT_CHARACTERS}{''.join(_COMPLEX.values())}{_EAST_ASIAN}{_EMOJI}"

_RIGHT = re.compile(f"[{_RIGHT_CHARACTERS}]")
_SPECIAL = re.compile(f"[{_SPECIAL_CHARACTERS}]")
_TALL_CHARACTERS = re.compile(
    f"[{''.join((_RIGHT_TO_LEFT | _COMPLEX)[name] for name in sorted(TALL_SCRIPTS))}]"
)
_HAS_KANA, _HAS_HANGUL = re.compile(f"[{_KANA}]"), re.compile(f"[{_HANGUL}]")
_HAS_HAN = re.compile("[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")

_ASIAN, _NUMBER, _LETTERS, _OTHER = "east_asian", "number", "letters", "other"
_BRACKETS = {"(": ")", "[": "]", "{": "}"}
_COMMON = ""
"""Stands for the script of digits, spaces and punctuation, which take that of their neighbours."""


def _words_pattern(characters: str) -> str:
    """Return a pattern for words of these characters, with spaces and commas between them."""
    word = f"[{characters}][{characters}{_JOINERS}{_COMBINING_MARKS}]*"
    return f"{word}(?:[ .,\u060c]+{word})*"


_TOKEN = re.compile(
    "|".join(
        f"(?P<{name}>{pattern})"
        for name, pattern in (
            *(
                (name, _words_pattern(characters))
                for name, characters in (_RIGHT_TO_LEFT | _COMPLEX).items()
            ),
            (_ASIAN, f"[{_EAST_ASIAN}][{_EAST_ASIAN}{_COMBINING_MARKS}]*"),
            (EMOJI, f"(?:[{_EMOJI}]|[0-9#*]\ufe0f?(?=\u20e3))[{_EMOJI_PARTS}]*"),
            (VOTES, "[ \u00a0]?●[0-9,]+"),
            (_NUMBER, "[0-9]+(?:[-.,:/+][0-9]+)*"),
            (
                _LETTERS,
                rf"[^\W\d_{_SPECIAL_CHARACTERS}][^\W\d_{_SPECIAL_CHARACTERS}]*"
                rf"[{_COMBINING_MARKS}]*",
            ),
            (_OTHER, "."),
        )
    ),
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class ScriptRun:
    """A part of a text that is in one script and runs in one direction."""

    text: str
    script: str | None
    """The script's name in this module; None for Latin, Greek, Cyrillic and other plain scripts."""
    right_to_left: bool


def is_plain(text: str) -> bool:
    """Return whether `text` is only in scripts without special needs: Latin, Greek, Cyrillic."""
    return text.isascii() or _SPECIAL.search(text) is None


def is_tall(text: str) -> bool:
    """Return whether `text` contains characters of the `TALL_SCRIPTS`."""
    return not text.isascii() and _TALL_CHARACTERS.search(text) is not None


def runs_right_to_left(text: str) -> bool:
    """Return whether a paragraph of `text` does: if its first strong character does (rule P2)."""
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
    """Return whether a script runs from right to left."""
    return script in _RIGHT_TO_LEFT


def script_kind(script: str) -> ScriptKind:
    """Return the kind of a script, by which a word processor chooses its font."""
    if script in (CHINESE, TRADITIONAL, JAPANESE, KOREAN):
        return "east_asian"
    if script == VOTES:
        return "plain"
    return "emoji" if script == EMOJI else "complex"


def han_script(texts: Iterable[str]) -> str:
    """Return the script to which Chinese characters without kana or hangul beside them belong.

    If most of the East Asian texts are Japanese or Korean, so is a name of two characters.
    """
    counts = {CHINESE: 0, JAPANESE: 0, KOREAN: 0}
    for text in texts:
        if not text.isascii() and _SPECIAL.search(text):
            if _HAS_KANA.search(text):
                counts[JAPANESE] += 1
            elif _HAS_HANGUL.search(text):
                counts[KOREAN] += 1
            elif _HAS_HAN.search(text):
                counts[CHINESE] += 1
    return max(counts, key=lambda script: counts[script])


def split_into_runs(text: str, *, right_to_left: bool, han: str = CHINESE) -> tuple[ScriptRun, ...]:
    """Return `text` in runs of one script and direction, in reading order.

    `right_to_left` is the direction of the paragraph, and `han` the script of Chinese characters
    if the text itself does not show it.
    """
    if not right_to_left and is_plain(text):
        return (ScriptRun(text, None, right_to_left=False),) if text else ()
    tokens = [(match[0], match.lastgroup or _OTHER) for match in _TOKEN.finditer(text)]
    directions = _directions(tokens, base=right_to_left)
    scripts = _resolve_common(_scripts(tokens, _han_script_in(text, han)), directions)
    runs: list[ScriptRun] = []
    for (token, _), script, direction in zip(tokens, scripts, directions, strict=True):
        same = runs and (runs[-1].script, runs[-1].right_to_left) == (script, direction)
        before = runs.pop().text if same else ""
        runs.append(ScriptRun(before + token, script, direction))
    return tuple(runs)


def _han_script_in(text: str, han: str) -> str:
    if _HAS_KANA.search(text):
        return JAPANESE
    return KOREAN if _HAS_HANGUL.search(text) else han


def _scripts(tokens: Sequence[tuple[str, str]], han: str) -> list[str | None]:
    """Return each token's script: None for plain letters, `_COMMON` for digits and punctuation."""
    has_asian = any(group == _ASIAN for _, group in tokens)
    script_of_group: dict[str, str | None] = {
        VOTES: VOTES if has_asian else _COMMON,
        _ASIAN: han,
        _LETTERS: None,
        _NUMBER: _COMMON,
        _OTHER: _COMMON,
    }
    return [script_of_group.get(group, group) for _, group in tokens]


def _directions(tokens: Sequence[tuple[str, str]], *, base: bool) -> list[bool]:
    """Return for each token whether it runs from right to left."""
    directions: list[bool | None] = []
    last_strong = base
    for text, group in tokens:
        strength = _strength(text, group)
        if strength == "strong":
            last_strong = group in _RIGHT_TO_LEFT or bidirectional(text[0]) in ("R", "AL")
        # Rules W7 and N1: a number takes the direction of the strong character before it.
        directions.append(None if strength == "neutral" else last_strong)
    _resolve_brackets(tokens, directions, base=base)
    return _resolve_neutrals(directions, base=base)


def _resolve_brackets(
    tokens: Sequence[tuple[str, str]], directions: list[bool | None], *, base: bool
) -> None:
    """Give both brackets of a pair the same direction (rule N0): that of its content or context."""
    open_brackets: list[int] = []
    pairs: list[tuple[int, int]] = []
    for index, (text, _) in enumerate(tokens):
        if text in _BRACKETS:
            open_brackets.append(index)
        elif open_brackets and text == _BRACKETS[tokens[open_brackets[-1]][0]]:
            pairs.append((open_brackets.pop(), index))
    for start, end in sorted(pairs):
        inside = {direction for direction in directions[start + 1 : end] if direction is not None}
        if not inside:
            continue
        preceding = directions[start - 1 :: -1]
        before = next((direction for direction in preceding if direction is not None), base)
        directions[start] = directions[end] = before if inside == {not base} and start else base


def _resolve_neutrals(directions: Sequence[bool | None], *, base: bool) -> list[bool]:
    """Return directions without None: rule N1 between two that agree, rule N2 otherwise."""
    next_directions, next_direction = [base] * len(directions), base
    for index in range(len(directions) - 1, -1, -1):
        next_directions[index] = next_direction
        direction = directions[index]
        next_direction = next_direction if direction is None else direction
    resolved: list[bool] = []
    previous = base
    for direction, after in zip(directions, next_directions, strict=True):
        neutral = previous if previous == after else base
        resolved.append(neutral if direction is None else direction)
        previous = previous if direction is None else direction
    return resolved


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


def _resolve_common(scripts: Sequence[str | None], directions: Sequence[bool]) -> list[str | None]:
    """Return scripts without `_COMMON`: it becomes that of the neighbours with its direction."""
    next_tokens: list[tuple[str | None, bool] | None] = [None] * len(scripts)
    next_token: tuple[str | None, bool] | None = None
    for index in range(len(scripts) - 1, -1, -1):
        next_tokens[index] = next_token
        if scripts[index] != _COMMON:
            next_token = scripts[index], directions[index]
    resolved: list[str | None] = []
    previous: tuple[str | None, bool] | None = None
    for script, direction, after in zip(scripts, directions, next_tokens, strict=True):
        if script == _COMMON:
            neighbours = {s for s, d in filter(None, (previous, after)) if d == direction}
            neighbours -= {EMOJI}
            resolved.append(neighbours.pop() if len(neighbours) == 1 else None)
        else:
            previous = script, direction
            resolved.append(script)
    return resolved
