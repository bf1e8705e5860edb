"""Which characters of a report are missing from its PDF, because no font here can print them.

The machine's fonts are asked of fontconfig, which is what LibreOffice asks where there is one.
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
"""Of LibreOffice: 7.4 is (7, 4)."""

FIRST_WITH_COLOUR_FONTS: Version = (7, 5)
"""The first LibreOffice whose PDFs show the glyphs of fonts in colour (its bug 94655)."""

_PATIENCE = 10.0
"""How long fontconfig may take, in seconds; it takes a tenth of one for 400 fonts."""
_FEW = 5
"""How many characters are named."""
_TEXT = re.compile("<w:t(?: [^>]*)?>([^<]+)</w:t>")
_USUAL = re.compile("[\\0-\u024f\u2010-\u2026]+")
"""Latin letters and the punctuation of running text, which every machine can print."""
_LAST = 0x10FFFF
_UNSEEN = ("Cc", "Cf", "Cs", "Mn", "Me", "Zs", "Zl", "Zp")
"""The categories of characters that are nothing by themselves."""
_OWN_EMOJI = "Segoe UI Emoji"
"""The font that the Word report names for emoji; it has glyphs in black as well."""


@dataclass(frozen=True, slots=True)
class Font:
    """One font of the machine."""

    family: str
    is_coloured: bool
    """Whether its glyphs are pictures in colour."""
    ranges: tuple[tuple[int, int], ...]
    """The characters that it has, in order: the first and the last of each row of them."""

    def has(self, character: str) -> bool:
        """Return whether the font has that character."""
        place = bisect_right(self.ranges, (ord(character), _LAST)) - 1
        return place >= 0 and ord(character) <= self.ranges[place][1]


def font_warnings(word: bytes, version: Version | None) -> tuple[str, ...]:
    """Return sentences on what is missing from the PDF that LibreOffice made of a Word report.

    `version` is LibreOffice's, where that is known. Where fontconfig cannot be asked, nothing is
    said.
    """
    texts = _texts_of(word)
    unusual = _USUAL.sub("", "".join(texts))
    fonts = installed_fonts() if unusual else ()
    return coverage_warnings(texts, fonts, version) if fonts else ()


def coverage_warnings(
    texts: Iterable[str], fonts: Sequence[Font], version: Version | None
) -> tuple[str, ...]:
    """Return sentences on the characters of `texts` that a PDF made with `fonts` does not show."""
    texts = list(dict.fromkeys(texts))
    said: list[str] = []
    blank = _blank_emoji(texts, fonts, version)
    if blank and version is not None:
        them = "it" if len(blank) == 1 else "them"
        said.append(
            f"The PDF has a blank in place of {counted(len(blank), 'emoji', 'emoji')} "
            f"({_listed(blank)}), because LibreOffice {_dotted(version)} cannot print "
            f"{them}; LibreOffice {_dotted(FIRST_WITH_COLOUR_FONTS)} and later can, and so "
            "can Word with the Word report."
        )
    if lacking := _lacking(texts, fonts):
        named = [f"{c} U+{ord(c):04X}" if c.isprintable() else f"U+{ord(c):04X}" for c in lacking]
        said.append(
            f"The PDF has a box in place of {counted(len(lacking), 'character')} "
            f"({_listed(named)}), because no font on this machine has "
            f"{'it' if len(lacking) == 1 else 'them'}; with a font installed that does, make the "
            "PDF again."
        )
    return tuple(said)


def installed_fonts() -> tuple[Font, ...]:
    """Return the machine's fonts as fontconfig knows them, or none where it cannot be asked."""
    program = shutil.which("fc-list")
    if program is None:
        return ()
    wanted = "%{color}|%{family[0]}|%{charset}\n"
    try:
        listed = subprocess.run(  # noqa: S603 - a list of arguments, none of them from outside
            [program, "--format", wanted],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_PATIENCE,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return ()  # what is missing cannot be told; the PDF is made all the same
    lines = listed.stdout.decode("utf-8", "replace").splitlines()
    return tuple(font for line in lines if (font := _font(line)) is not None)


def _font(line: str) -> Font | None:
    """Return the font that a line of `fc-list` describes, or None where it does not."""
    coloured, _, rest = line.partition("|")
    family, _, characters = rest.rpartition("|")
    try:
        ranges = tuple(sorted(_range(piece) for piece in characters.split()))
    except ValueError:
        return None
    return Font(family, coloured == "True", ranges) if ranges else None


def _range(piece: str) -> tuple[int, int]:
    first, _, last = piece.partition("-")
    return int(first, 16), int(last or first, 16)


def _texts_of(word: bytes) -> list[str]:
    """Return the texts of a Word document's body."""
    with ZipFile(BytesIO(word)) as archive:
        body = archive.read("word/document.xml").decode("utf-8")
    return [unescape(text) for text in dict.fromkeys(_TEXT.findall(body))]


def _blank_emoji(texts: Iterable[str], fonts: Sequence[Font], version: Version | None) -> list[str]:
    """Return the emoji that are printed with a font whose glyphs LibreOffice leaves out."""
    if version is None or version >= FIRST_WITH_COLOUR_FONTS:
        return []
    if any(font.family == _OWN_EMOJI for font in fonts):
        return []
    import wcwidth

    coloured = [font for font in fonts if font.is_coloured]
    found: dict[str, None] = {}
    for text in texts:
        if is_plain(text):
            continue
        for stretch in split_into_runs(text, right_to_left=False):
            if stretch.script == EMOJI:
                found.update(dict.fromkeys(wcwidth.iter_graphemes(stretch.text.strip())))
    return [emoji for emoji in found if any(font.has(emoji[0]) for font in coloured)]


def _lacking(texts: Iterable[str], fonts: Iterable[Font]) -> list[str]:
    """Return the characters that no font has."""
    left = set(_USUAL.sub("", "".join(texts)))
    left = {character for character in left if category(character) not in _UNSEEN}
    for font in fonts:
        left = {character for character in left if not font.has(character)}
        if not left:
            break
    return sorted(left)


def _dotted(version: Version) -> str:
    return f"{version[0]}.{version[1]}"


def _listed(names: Sequence[str]) -> str:
    """Return the first few of `names`, and that there are more."""
    more = ", …" if len(names) > _FEW else ""
    return clean_line(", ".join(names[:_FEW])) + more
