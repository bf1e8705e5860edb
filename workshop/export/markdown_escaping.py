r"""Plain text as Markdown that says exactly that text.

What CommonMark, GitHub's Markdown or a table would take for markup gets a backslash, and nothing
else does, so that the file reads well as it is. A character counts as markup where the two
specifications say so: `_` is left alone inside a word, `-` in a sentence, `&` before a name.
"""

import re
from collections.abc import Callable, Sequence

# What has a meaning anywhere in a line. A run of `_` inside a word has none.
_INLINE = re.compile(
    r"""
    (?P<kept> (?<=[^\W_])_+(?=[^\W_]) )
    | [`*\[\]~_$]
    | \\ (?=[!-/:-@\[-`{-~]|$)          # a backslash before punctuation, or at the line's end
    | < (?=\S)                          # a tag, a comment, an address
    | & (?=\#?[0-9A-Za-z]{1,40};)       # a character reference
    | (?<=\w) : (?=//)                  # an address that GitHub would make a link of
    | (?<![\w:/]) / (?=/\S)              # and one without its protocol, as other readers would
    | (?<=www) [.]
    | (?<=[\w.+-]) @ (?=\w)
    """,
    re.VERBOSE,
)
# What has a meaning at the start of a line: headings, quotations, lists, and lines of nothing but
# dashes and the like, which underline a heading, rule a line or head a table.
_START = re.compile(r"\#{1,6}(?=\s|$)|>|[-+](?=\s|$)|\d{1,9}(?=[.)](?:\s|$))|[-=:|](?=[-=:| ]*$)")
_BREAK = "\\"
# Number signs that would close a heading.
_CLOSING, _BEFORE = re.compile(r"(?<!#)#+$"), r"\\\g<0>"


def escape_inline(text: str) -> str:
    """Return `text`, on one line, as it stands in the middle of a line."""
    return _INLINE.sub(_escaped, " ".join(text.split()))


def _escaped(found: re.Match[str]) -> str:
    return found[0] if found["kept"] else f"\\{found[0]}"


def heading(level: int, text: str) -> str:
    """Return `text` as a heading."""
    return f"{'#' * level} {_CLOSING.sub(_BEFORE, escape_inline(text))}"


def escape_paragraphs(text: str, after: str = "", indent: str = "") -> str:
    """Return `text` as one or more paragraphs, with its line ends as line breaks.

    `after` is added to its last line. All lines but the first begin with `indent`, so that what
    has been begun (a bullet, say) goes on.
    """
    lines = [_line(line) for line in text.split("\n")]
    if after:
        lines[-1] += f" — {escape_inline(after)}"
    parts: list[str] = []
    for place, line in enumerate(lines):
        if not line:
            if parts and parts[-1]:
                parts.append("")
            continue
        ends = place + 1 == len(lines) or not lines[place + 1]
        parts.append(f"{indent if parts else ''}{line}{'' if ends else _BREAK}")
    return "\n".join(parts)


def _line(line: str) -> str:
    """Return one line of a paragraph, without the spaces before it, which could make it code."""
    line = line.strip(" ")
    literal = _INLINE.sub(_escaped, line)
    start = _START.match(line)
    if start is None:
        return literal
    # A number is not escaped itself: the full stop behind it is.
    place = start.end() if start[0].isdigit() else 0
    return f"{literal[:place]}\\{literal[place:]}"


def list_item(text: str, after: str = "") -> str:
    """Return `text` as an item of a list; `after` is added to its last line."""
    return f"- {escape_paragraphs(text, after, indent='  ')}"


def table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a table of plain texts."""
    lines = [_row(heads, escape_inline), _row(heads, lambda _: "---")]
    lines += [_row(row, _cell) for row in rows]
    return "\n".join(lines)


def _row(texts: Sequence[str], said: Callable[[str], str]) -> str:
    return f"| {' | '.join(map(said, texts))} |"


def _cell(text: str) -> str:
    lines = [_INLINE.sub(_escaped, line.strip()) for line in text.split("\n")]
    return "<br>".join(lines).replace("|", r"\|")
