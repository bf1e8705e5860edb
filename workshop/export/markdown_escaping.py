r"""Plain text escaped as Markdown, so that it renders as exactly the same text.

Only characters that CommonMark, GitHub's Markdown or a table would read as markup get a
backslash, so that the file is easy to read as it is. Whether a character is markup depends on its
context, as in the two specifications: `_` inside a word, `-` in a sentence and `&` before a name
are not.
"""

import re
from collections.abc import Callable, Sequence

# Markup anywhere in a line. A run of `_` inside a word is none.
_INLINE = re.compile(
    r"""
    (?P<literal> (?<=[^\W_])_+(?=[^\W_]) )
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
# Markup at the start of a line: headings, quotations, lists, and lines of dashes and the like,
# which underline a heading, draw a rule or separate a table's header.
_LINE_START = re.compile(
    r"\#{1,6}(?=\s|$)|>|[-+](?=\s|$)|\d{1,9}(?=[.)](?:\s|$))|[-=:|](?=[-=:| ]*$)"
)
_LINE_BREAK = "\\"
# Trailing number signs, which would close a heading.
_CLOSING_HASHES, _ESCAPED_HASHES = re.compile(r"(?<!#)#+$"), r"\\\g<0>"


def escape_inline(text: str) -> str:
    """Return `text` escaped for the middle of a line, its whitespace joined into one line."""
    return _INLINE.sub(_escape_match, " ".join(text.split()))


def _escape_match(match: re.Match[str]) -> str:
    return match[0] if match["literal"] else f"\\{match[0]}"


def heading(level: int, text: str) -> str:
    """Return `text` as a heading of `level` (1 to 6)."""
    return f"{'#' * level} {_CLOSING_HASHES.sub(_ESCAPED_HASHES, escape_inline(text))}"


def escape_paragraphs(text: str, after: str = "", indent: str = "") -> str:
    """Return `text` as one or more paragraphs; its line ends become line breaks.

    `after` is appended to the last line. Every line but the first begins with `indent`, so that
    it belongs to the same list item.
    """
    lines = [_escape_line(line) for line in text.split("\n")]
    if after:
        lines[-1] += f" — {escape_inline(after)}"
    output_lines: list[str] = []
    for index, line in enumerate(lines):
        if not line:
            if output_lines and output_lines[-1]:
                output_lines.append("")
            continue
        ends_paragraph = index + 1 == len(lines) or not lines[index + 1]
        line_end = "" if ends_paragraph else _LINE_BREAK
        output_lines.append(f"{indent if output_lines else ''}{line}{line_end}")
    return "\n".join(output_lines)


def _escape_line(line: str) -> str:
    """Return one escaped line of a paragraph, without its indentation, which could make it code."""
    line = line.strip(" ")
    literal = _INLINE.sub(_escape_match, line)
    start = _LINE_START.match(line)
    if start is None:
        return literal
    # A digit cannot be escaped; the full stop or bracket behind the number can.
    index = start.end() if start[0].isdigit() else 0
    return f"{literal[:index]}\\{literal[index:]}"


def list_item(text: str, after: str = "") -> str:
    """Return `text` as an item of a list; `after` is appended to its last line."""
    return f"- {escape_paragraphs(text, after, indent='  ')}"


def table(headers: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a table of plain texts, which are escaped."""
    lines = [_format_row(headers, escape_inline), _format_row(headers, lambda _: "---")]
    lines += [_format_row(row, _escape_cell) for row in rows]
    return "\n".join(lines)


def _format_row(texts: Sequence[str], format_cell: Callable[[str], str]) -> str:
    return f"| {' | '.join(map(format_cell, texts))} |"


def _escape_cell(text: str) -> str:
    lines = [_INLINE.sub(_escape_match, line.strip()) for line in text.split("\n")]
    return "<br>".join(lines).replace("|", r"\|")
