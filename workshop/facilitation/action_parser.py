"""What `/action TEXT @WHO by DATE` says: what is to be done, by whom, and by when.

Only what can be told from the words is taken out of the text, and the date stays in the words that
were typed: nothing here knows a calendar. Whatever is not understood stays in the text, so that
nothing is lost; what was understood is said, and /undo is near.
"""

import re
from collections.abc import Callable
from typing import NamedTuple

from workshop.session.session import MAX_NAME

MAX_DUE = 60
"""The longest date, in characters: longer words are no date."""
_FEW_WORDS = 3
"""Up to so many words, "by" and a date alone are no text; "By 2027 we have 40 berths" is one."""

_AT = re.compile(r"(?<!\S)@(?=\S)")
_NAME = re.compile(r"[^\s:,;]+")
_END_OF_NAME = re.compile(r"(?=[\s:,;.!?]|$)")
# Not the dot of ".5 days", which no full stop is, nor the comma of ",5".
_BEHIND_NAME = re.compile(r"\A[,:;]*(?:\s+|[,:;.]+(?=\s|\Z))*+")
_BY = re.compile(r"\sby[ \t]+", re.IGNORECASE)
_ONLY_BY = re.compile(rf"by[ \t]+([^\n]{{1,{MAX_DUE}}})", re.IGNORECASE)

_DAYS = "monday tuesday wednesday thursday friday saturday sunday mon tue wed thu fri sat sun"
_MONTHS = (
    "january february march april may june july august september october november december "
    "jan feb mar apr jun jul aug sep sept oct nov dec"
)
_WHEN = frozenset(f"today tonight tomorrow noon midnight {_DAYS} {_MONTHS}".split())
_AROUND = "the this at latest early late mid morning afternoon evening week"
_BESIDE = frozenset(_AROUND.split())
_BEGINS = re.compile(
    r"(?:the )?(?:next|(?:end|start|beginning|middle) of) \w"
    r"|this (?:week|weekend|month|quarter|year|morning|afternoon|evening)\b"
)
# "by 20 %" and "by 3 days" say how much, and no day.
_AMOUNT = re.compile(
    r"[%€$£¥]|\d\s*(?:per ?cent|points?|times|minutes?|hours?|days?|weeks?|months?|years?)\b"
)

Known = Callable[[str], str | None]
"""Returns a participant's name as first written, whatever the case, or None."""


class ParsedAction(NamedTuple):
    """What was understood of an action."""

    text: str
    """Empty where only a name or a date was typed."""
    owner: str = ""
    due: str = ""


def parse_action(words: str, known: Known) -> ParsedAction:
    """Return what `words` say is to be done, who after an @ is to do it, and by when.

    A name of several words is understood where `known` has it. The name stands at the end, at the
    beginning, or before "by"; in the middle of other words it belongs to them. After the name, "by"
    always begins a date; without one, only words that can be told to be a date are one.
    """
    for at in _places_of_a_name(words):
        name, end = _name(words, at, known)
        before, after = words[: at - 1].rstrip(), _BEHIND_NAME.sub("", words[end:], 1).rstrip()
        if not name:
            continue
        dated = _ONLY_BY.fullmatch(after)
        if not after:
            text, due = _date_at_the_end(before)
        elif dated and not _BY.search(dated[1]):
            text, due = before, dated[1].strip()
        elif not before:
            text, due = _date_at_the_end(after)
        else:
            continue
        return ParsedAction(text, name, due)
    text, due = _date_at_the_end(words)
    return ParsedAction(text, "", due)


def _places_of_a_name(words: str) -> list[int]:
    """Return where names begin that can be the owner's: the last one first, the text's start last.

    Only the end of a long text is looked at, where a name has nothing but a date behind it.
    """
    end = max(len(words) - MAX_NAME - MAX_DUE - 20, 0)
    places = [found.end() for found in _AT.finditer(words, end)]
    if words.startswith("@") and 1 not in places:
        places.insert(0, 1)
    return places[::-1]


def _name(words: str, at: int, known: Known) -> tuple[str, int]:
    """Return the name that begins at `at`, and where it ends: a participant's, else one word."""
    for end in range(min(len(words), at + MAX_NAME), at, -1):
        name = known(words[at:end]) if _END_OF_NAME.match(words, end) else None
        if name is not None:
            return name, end
    word = _NAME.match(words, at)
    name = word[0].rstrip(".!?") if word else ""
    return (name, at + len(name)) if len(name) <= MAX_NAME else ("", at)


def _date_at_the_end(words: str) -> tuple[str, str]:
    """Return `words` without "by DATE" at their end, and the date, where they end in one."""
    begins = _ONLY_BY.fullmatch(words)
    if begins and len(begins[1].split()) <= _FEW_WORDS and is_date(begins[1]):
        return "", begins[1].strip()
    for last in list(_BY.finditer(words))[-1:]:
        if is_date(words[last.end() :]):
            return words[: last.start()].rstrip(), words[last.end() :].strip()
    return words, ""


def is_date(phrase: str) -> bool:
    """Return whether `phrase` can be told to be a date, such as "3 May", "Friday noon", "Q2"."""
    plain = phrase.casefold().strip(" .,;!")
    if not plain or len(plain) > MAX_DUE or "\n" in plain:
        return False
    if any(character.isdigit() for character in plain):
        return not _AMOUNT.search(plain)
    if _BEGINS.match(plain):
        return True
    said = plain.split()
    return all(word in _WHEN | _BESIDE for word in said) and any(word in _WHEN for word in said)
