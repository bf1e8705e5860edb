"""Cleaning, shortening, counting, reading times: the one door through which outside text enters.

What people type and what banks and session files contain passes through `clean()` before anything
else uses it. From then on it is plain text, without escape sequences, control characters or
characters that change the reading order of the text around them, and it is displayed literally.
"""

import re
import unicodedata
from datetime import UTC, datetime, tzinfo

MAX_CHARACTERS = 1_000_000
"""The longest text that is stored, in characters: about a book. Longer text is refused, not cut."""

# Bidirectional embeddings, overrides and isolates affect more than the text that holds them: one
# U+202E in an answer mirrors the rest of the screen. Right-to-left scripts need none of them.
_BIDI_CONTROLS = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
# Byte-order mark, interlinear annotation, object replacement, and the two non-characters that
# XML forbids.
_INVISIBLE = "\ufeff\ufff9\ufffa\ufffb\ufffc\ufffe\uffff\u200b\u2060\U000e0001"
_CONTROLS = "".join(chr(c) for c in (*range(0x20), 0x7F, *range(0x80, 0xA0)) if chr(c) not in "\n")
_DROPPED = str.maketrans(dict.fromkeys(_BIDI_CONTROLS + _INVISIBLE + _CONTROLS))
# An 8-bit control such as U+009B is the same command to a terminal as ESC and a letter.
_C1_AS_ESCAPE = str.maketrans({chr(c): "\x1b" + chr(c - 0x40) for c in range(0x80, 0xA0)})
_LINE_BREAKS = re.compile(r"\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
# The lookbehind keeps matching linear: without it, a run of n spaces before a letter costs n².
_SPACES_AT_LINE_END = re.compile(r"(?<![ \u00a0])[ \u00a0]+$", re.MULTILINE)
_WHITE_SPACE = re.compile(r"\s+")


def clean(text: str) -> str:
    """Return `text` as plain text that every front end and format can show literally.

    Line ends become `\\n` and a tab becomes a space; escape sequences, other control characters,
    byte-order marks and bidirectional controls are removed; lone surrogates become U+FFFD. The
    result is in Unicode normal form C and has no white space at its beginning, at its end or at the
    ends of its lines. Idempotent.
    """
    if text.isascii() and text.isprintable():
        return text.strip(" ")
    text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    text = _LINE_BREAKS.sub("\n", text).replace("\t", " ")
    text = text.translate(_C1_AS_ESCAPE)
    if "\x1b" in text:
        import wcwidth  # here, because its tables take longer to load than the rest of this module

        text = wcwidth.strip_sequences(text)
    text = unicodedata.normalize("NFC", text.translate(_DROPPED))
    return _SPACES_AT_LINE_END.sub("", text).strip()


def clean_line(text: str) -> str:
    """Return `text` cleaned and on one line, as titles and names are."""
    if text.isascii() and text.isprintable() and "  " not in text:
        return text.strip(" ")
    return _WHITE_SPACE.sub(" ", clean(text)).strip()


def shorten(text: str, width: int) -> str:
    """Return `text` on one line of at most `width` terminal cells; a cut line ends in "…"."""
    if width < 1:
        return ""
    line = _WHITE_SPACE.sub(" ", text[: width * 8]).strip()
    if line.isascii() and len(text) <= width:
        return line
    import wcwidth

    if wcwidth.width(line) <= width and len(text) <= width * 8:
        return line
    return wcwidth.clip(line, 0, max(width - 1, 0)).rstrip() + "…"


def counted(number: int, singular: str, plural: str | None = None) -> str:
    """Return `number` with its noun, such as "1 answer" or "2,000 answers"."""
    return f"{number:,} {singular if number == 1 else plural or singular + 's'}"


def dots_suffix(dots: int) -> str:
    """Return the votes of an answer as they follow its text: " · 5 dots", or ""."""
    return f" · {counted(dots, 'dot')}" if dots else ""


def parse_time(text: str, zone: tzinfo | None = None) -> datetime | None:
    """Return an ISO 8601 time in `zone`, or else in local time; None if `text` is no such time.

    A time without an offset is in UTC.
    """
    try:
        moment = datetime.fromisoformat(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(zone)
    except (ValueError, OverflowError):  # no time, or none between the years 1 and 9999
        return None
