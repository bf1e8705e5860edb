"""Finding the characters of a report that its PDF lacks because no installed font has them.

The fonts are looked up with fontconfig, which LibreOffice uses as well, on systems that have it.
"""

import re
import shutil
import subprocess
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import unescape
from io import BytesIO
from unicodedata import category
from zipfile import ZipFile

from workshop.export.i18n.writing_systems import EMOJI, is_plain, split_into_runs
from workshop.text import clean_line, counted

Version = tuple[int, int]
"""A version of LibreOffice: 7.4 is (7, 4)."""

FIRST_WITH_COLOUR_FONTS: Version = (7, 5)
"""The first LibreOffice whose PDFs show the glyphs of colour fonts (LibreOffice bug 94655)."""

_TIME_LIMIT = 10.0
"""How long fontconfig may take, in seconds; it takes 0.1 for 400 fonts."""
_MAX_LISTED = 5
"""The most characters that a warning names."""
_TEXT = re.compile("<w:t(?: [^>]*)?>([^<]+)</w:t>")
_COMMON_CHARACTERS = re.compile("[\\0-\u024f\u2010-\u2026]+")
"""Latin letters and the punctuation of running text, which every system can print."""
_MAX_CODE_POINT = 0x10FFFF
_INVISIBLE = ("Cc", "Cf", "Cs", "Mn", "Me", "Zs", "Zl", "Zp")
"""The Unicode categories of characters that are invisible by themselves."""
_REPORT_EMOJI_FONT = "Segoe UI Emoji"
"""The font that the Word report names for emoji; it has black glyphs as well."""


@dataclass(frozen=True, slots=True)
class Font:
    """An installed font."""

    family: str
    is_coloured: bool
    """Whether its glyphs are coloured pictures."""
    ranges: tuple[tuple[int, int], ...]
    """The code points that it has, in order: the first and the last of each range."""

    def has(self, character: str) -> bool:
        """Return whether the font has that character."""
        index = bisect_right(self.ranges, (ord(character), _MAX_CODE_POINT)) - 1
        return index >= 0 and ord(character) <= self.ranges[index][1]


def font_warnings(word: bytes, version: Version | None) -> tuple[str, ...]:
    """Return warnings about what is missing from the PDF that LibreOffice made of a Word report.

    `word` is the content of the report and `version` that of LibreOffice, if it is known. There are
    no warnings if fontconfig is not available.
    """
    texts = _body_texts(word)
    uncommon = _COMMON_CHARACTERS.sub("", "".join(texts))
    fonts = installed_fonts() if uncommon else ()
    return coverage_warnings(texts, fonts, version) if fonts else ()


def coverage_warnings(
    texts: Iterable[str], fonts: Sequence[Font], version: Version | None
) -> tuple[str, ...]:
    """Return warnings about the characters of `texts` that a PDF made with `fonts` lacks."""
    texts = list(dict.fromkeys(texts))
    warnings: list[str] = []
    blank = _blank_emoji(texts, fonts, version)
    if blank and version is not None:
        pronoun = "it" if len(blank) == 1 else "them"
        warnings.append(
            f"The PDF has a blank in place of {counted(len(blank), 'emoji', 'emoji')} "
            f"({_first_few(blank)}), because LibreOffice {_dotted(version)} cannot print "
            f"{pronoun}; LibreOffice {_dotted(FIRST_WITH_COLOUR_FONTS)} and later can, and so "
            "can Word with the Word report."
        )
    if missing := _missing_characters(texts, fonts):
        names = [f"{c} U+{ord(c):04X}" if c.isprintable() else f"U+{ord(c):04X}" for c in missing]
        warnings.append(
            f"The PDF has a box in place of {counted(len(missing), 'character')} "
            f"({_first_few(names)}), because no font on this machine has "
            f"{'it' if len(missing) == 1 else 'them'}; with a font installed that does, make the "
            "PDF again."
        )
    return tuple(warnings)


def installed_fonts() -> tuple[Font, ...]:
    """Return the fonts that fontconfig lists, or none if it is not available."""
    program = shutil.which("fc-list")
    if program is None:
        return ()
    line_format = "%{color}|%{family[0]}|%{charset}\n"
    try:
        result = subprocess.run(  # noqa: S603 - a list of arguments, none of them from outside
            [program, "--format", line_format],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_TIME_LIMIT,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return ()  # missing characters are not known, but the PDF is made without a warning
    lines = result.stdout.decode("utf-8", "replace").splitlines()
    return tuple(font for line in lines if (font := _parse_font(line)) is not None)


def _parse_font(line: str) -> Font | None:
    """Return the font that a line of `fc-list` describes, or None if the line is malformed."""
    is_coloured, _, rest = line.partition("|")
    family, _, charset = rest.rpartition("|")
    try:
        ranges = tuple(sorted(_parse_range(part) for part in charset.split()))
    except ValueError:
        return None
    return Font(family, is_coloured == "True", ranges) if ranges else None


def _parse_range(text: str) -> tuple[int, int]:
    first, _, last = text.partition("-")
    return int(first, 16), int(last or first, 16)


def _body_texts(word: bytes) -> list[str]:
    """Return the texts in the body of a Word document, without duplicates."""
    with ZipFile(BytesIO(word)) as archive:
        body = archive.read("word/document.xml").decode("utf-8")
    return [unescape(text) for text in dict.fromkeys(_TEXT.findall(body))]


def _blank_emoji(texts: Iterable[str], fonts: Sequence[Font], version: Version | None) -> list[str]:
    """Return the emoji that are set in a colour font, whose glyphs this LibreOffice leaves out."""
    if version is None or version >= FIRST_WITH_COLOUR_FONTS:
        return []
    if any(font.family == _REPORT_EMOJI_FONT for font in fonts):
        return []
    import wcwidth

    coloured_fonts = [font for font in fonts if font.is_coloured]
    emoji: dict[str, None] = {}
    for text in texts:
        if is_plain(text):
            continue
        for run in split_into_runs(text, right_to_left=False):
            if run.script == EMOJI:
                emoji.update(dict.fromkeys(wcwidth.iter_graphemes(run.text.strip())))
    return [e for e in emoji if any(font.has(e[0]) for font in coloured_fonts)]


def _missing_characters(texts: Iterable[str], fonts: Iterable[Font]) -> list[str]:
    """Return the visible characters that no font has."""
    missing = set(_COMMON_CHARACTERS.sub("", "".join(texts)))
    missing = {character for character in missing if category(character) not in _INVISIBLE}
    for font in fonts:
        missing = {character for character in missing if not font.has(character)}
        if not missing:
            break
    return sorted(missing)


def _dotted(version: Version) -> str:
    return f"{version[0]}.{version[1]}"


def _first_few(names: Sequence[str]) -> str:
    """Return the first few of `names` as a list, with "…" if there are more."""
    more = ", …" if len(names) > _MAX_LISTED else ""
    return clean_line(", ".join(names[:_MAX_LISTED])) + more
