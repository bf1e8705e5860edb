"""Parses the words of `/action TEXT @WHO by DATE` into a text, an owner and a due date.

The parser takes a name or a date out of the text only where it is sure of it; everything else stays
in the text, so that nothing is lost. The date stays in the words that were typed, because nothing
here knows a calendar. The facilitator repeats what was understood, and /undo takes it back.
"""

import re
from collections.abc import Callable
from typing import NamedTuple

from workshop.session.session import MAX_NAME

MAX_DUE = 60
"""The longest date, in characters."""
_MAX_BARE_DATE_WORDS = 3
"""The longest date, in words, that "by DATE" without any other text may hold.

"By 2027 we have 40 berths" is longer, and is therefore the text of an action.
"""

_AT_SIGN = re.compile(r"(?<!\S)@(?=\S)")
_NAME = re.compile(r"[^\s:,;]+")
_NAME_END = re.compile(r"(?=[\s:,;.!?]|$)")
# The dot of ".5 days" and the comma of ",5" belong to the number, and are no separators.
_NAME_SEPARATOR = re.compile(r"\A[,:;]*(?:\s+|[,:;.]+(?=\s|\Z))*+")
_BY = re.compile(r"\sby[ \t]+", re.IGNORECASE)
_BY_DATE = re.compile(rf"by[ \t]+([^\n]{{1,{MAX_DUE}}})", re.IGNORECASE)

_DAYS = "monday tuesday wednesday thursday friday saturday sunday mon tue wed thu fri sat sun"
_MONTHS = (
    "january february march april may june july august september october november december "
    "jan feb mar apr jun jul aug sep sept oct nov dec"
)
_DATE_WORDS = frozenset(f"today tonight tomorrow noon midnight {_DAYS} {_MONTHS}".split())
_QUALIFIER_LIST = "the this at latest early late mid morning afternoon evening week"
_QUALIFIERS = frozenset(_QUALIFIER_LIST.split())
_DATE_START = re.compile(
    r"(?:the )?(?:next|(?:end|start|beginning|middle) of) \w"
    r"|this (?:week|weekend|month|quarter|year|morning|afternoon|evening)\b"
)
# "by 20 %" and "by 3 days" name an amount, not a date.
_AMOUNT = re.compile(
    r"[%€$£¥]|\d\s*(?:per ?cent|points?|times|minutes?|hours?|days?|weeks?|months?|years?)\b"
)

FindParticipant = Callable[[str], str | None]
"""Takes a name in any case; returns the participant's name as first written, or None."""


class ParsedAction(NamedTuple):
    """The parts of an action."""

    text: str
    """What is to be done; empty where only a name or a date was typed."""
    owner: str = ""
    """Who is to do it; empty where no name was understood."""
    due: str = ""
    """The date in the words that were typed; empty where none was understood."""


def parse_action(words: str, find_participant: FindParticipant) -> ParsedAction:
    """Return the text, the owner and the due date that `words` name.

    A name of several words is understood where `find_participant` knows it. The name stands at the
    end, at the beginning, or before "by"; in the middle of other words it belongs to the text.
    After a name, "by" always begins a date; otherwise only a phrase that `is_date` accepts is one.
    """
    for start in _name_starts(words):
        name, end = _read_name(words, start, find_participant)
        before = words[: start - 1].rstrip()
        after = _NAME_SEPARATOR.sub("", words[end:], 1).rstrip()
        if not name:
            continue
        by_date = _BY_DATE.fullmatch(after)
        if not after:
            text, due = _split_trailing_date(before)
        elif by_date and not _BY.search(by_date[1]):
            text, due = before, by_date[1].strip()
        elif not before:
            text, due = _split_trailing_date(after)
        else:
            continue
        return ParsedAction(text, name, due)
    text, due = _split_trailing_date(words)
    return ParsedAction(text, "", due)


def _name_starts(words: str) -> list[int]:
    """Return the offsets at which the owner's name may begin: last one first, text start last.

    Only the end of a long text is searched, because nothing but a date may follow a name there.
    """
    offset = max(len(words) - MAX_NAME - MAX_DUE - 20, 0)
    starts = [match.end() for match in _AT_SIGN.finditer(words, offset)]
    if words.startswith("@") and 1 not in starts:
        starts.insert(0, 1)
    return starts[::-1]


def _read_name(words: str, start: int, find_participant: FindParticipant) -> tuple[str, int]:
    """Return the name that begins at `start` and the offset of its end.

    It is the longest participant's name that fits, otherwise one word.
    """
    for end in range(min(len(words), start + MAX_NAME), start, -1):
        name = find_participant(words[start:end]) if _NAME_END.match(words, end) else None
        if name is not None:
            return name, end
    word = _NAME.match(words, start)
    name = word[0].rstrip(".!?") if word else ""
    return (name, start + len(name)) if len(name) <= MAX_NAME else ("", start)


def _split_trailing_date(words: str) -> tuple[str, str]:
    """Return `words` without a "by DATE" at their end, and the date; "" where there is none."""
    bare = _BY_DATE.fullmatch(words)
    if bare and len(bare[1].split()) <= _MAX_BARE_DATE_WORDS and is_date(bare[1]):
        return "", bare[1].strip()
    for last in list(_BY.finditer(words))[-1:]:
        if is_date(words[last.end() :]):
            return words[: last.start()].rstrip(), words[last.end() :].strip()
    return words, ""


def is_date(phrase: str) -> bool:
    """Return whether `phrase` reads as a date, such as "3 May", "Friday noon" or "Q2"."""
    plain = phrase.casefold().strip(" .,;!")
    if not plain or len(plain) > MAX_DUE or "\n" in plain:
        return False
    if any(character.isdigit() for character in plain):
        return not _AMOUNT.search(plain)
    if _DATE_START.match(plain):
        return True
    tokens = plain.split()
    return all(token in _DATE_WORDS | _QUALIFIERS for token in tokens) and any(
        token in _DATE_WORDS for token in tokens
    )
