"""Words that were made to do harm, wherever they are shown, stored or opened.

One corpus for every surface: a test that shows outside text takes it from here. `NAMES` says what
each is there for; `SHORT` is what fits into a title or a name, `HOSTILE` is all of it.
"""

import unicodedata

LONGEST_SHORT = 60
"""As long as a participant's name may be, in characters."""

_ESCAPES = {
    "clears the screen": "a\x1b[2J\x1b[Hb",
    "colours": "a\x1b[31;1mred\x1b[0mb",
    "hides the text": "a\x1b[8mhidden\x1b[28mb",
    "sets the window's title": "a\x1b]0;owned\x07b",
    "links": "a\x1b]8;;https://example.org/x\x1b\\click\x1b]8;;\x1b\\b",
    "writes to the clipboard": "a\x1b]52;c;cm0gLXJmIH4=\x07b",
    "asks the terminal to answer": "a\x1b[6n\x1b[c\x1b[>q\x1bP$qm\x1b\\b",
    "begins a string that never ends": "a\x1b]0;never ends",
    "a device control string": "a\x1bP+q544e\x1b\\b",
    "a string of the program's own": "a\x1b_G;payload\x1b\\b",
    "8-bit controls": "a\x9b2J\x9d0;owned\x9cb\x90q\x9c",
    "an escape alone": "a\x1bb",
    "an escape at the end": "a\x1b",
    "the alternate screen": "a\x1b[?1049h\x1b[?1000hb",
    "a pasted end of a paste": "a\x1b[201~rm -rf /\x1b[200~b",
    "controls": "a\x00\x01\x02\x03\x04\x05\x06\x07\x08\x0e\x0f\x10\x11\x12\x13\x14\x15\x16\x17b",
    "more controls": "a\x18\x19\x1a\x1c\x1d\x1e\x1f\x7f\x80\x81\x8d\x8e\x8f\x91\x99\x9e\x9fb",
    "strikes over": "password\x08\x08\x08\x08\x08\x08\x08\x08harmless",
    "NUL": "before\x00after",
    "ends the file": "a\x1a\x04b",
}
_MARKUP = {
    "Rich: bold": "[bold red]x[/bold red]",
    "Rich: a tag that was never opened": "a [/] b [/red] c",
    "Rich: a tag that never ends": "[/",
    "Rich: a link": "[link=https://example.org]x[/link]",
    "Textual: an action": "[@click=app.quit]press[/]",
    "Textual: a bell": "[@click='app.bell']x[/] [$primary]y[/] [on red]z",
    "Rich: an escape": "\\[bold] \\\\[/bold]",
    "Rich: an emoji's name": ":skull: :thumbs_up:",
    "HTML": "<script>alert(1)</script><img src=x onerror=alert(1)>&lt;&#0;",
    "XML": "]]><!-- x --><?php x ?><!DOCTYPE a [<!ENTITY b SYSTEM 'c'>]>&b;",
    "SVG": "</text></svg><svg onload=alert(1)>",
    "Word's own XML": "</w:t></w:r><w:r><w:br/></w:r><w:t xml:space='preserve'>",
    "Markdown": "# h\n- *a* _b_ **c** `d` ~~e~~ ![x](y) [x](javascript:alert(1)) | a | b |",
    "Markdown: a table": "|a|b|\n|---|---|\n|1|2|",
    "Markdown: a fence": "```\ncode\n~~~ <b>\n    indented",
    "Markdown: a reference": "[x]: https://example.org 'y'\n\n[x][x] <https://example.org>",
    "Markdown: front matter": "---\ntitle: owned\n---",
    "a placeholder": "{{ 7 * 7 }} ${7*7} #{7} {0} {title} %s %(x)d %n $(id) `id`",
    "TeX": "\\input{/etc/passwd} $$x^2$$ \\write18{id}",
}
_OFFICE = {
    "a formula": "=1+1",
    "a formula with plus": "+1+1",
    "a formula with minus": "-1+1",
    "a formula with at": "@SUM(1+1)",
    "a formula behind a tab": "\t=1+1",
    "a formula behind a line end": "\r=1+1",
    "a formula behind a space": "  =1+1",
    "a wide formula": "\uff1d1+1",
    "DDE": "=cmd|' /C calc'!A0",
    "DDE, shorter": '@SUM(1+1)*cmd|" /C calc"!A0',
    "a link that tells": '=HYPERLINK("https://example.org/?"&A1,"click")',
    "a cell's end": '"",=1+1;"=2"\n=3',
    "a field code": '{ INCLUDETEXT "C:\\\\x" } { DDEAUTO c:\\\\x "y" }',
    "a field's characters": "a\x13 PAGE \x14 1 \x15b",
    "a merge field": "«Title» MERGEFIELD x \\* MERGEFORMAT",
    "Word's own characters": "a\x0bb\x0cc\x0ed\x07e\x1ef\x1fg\xadh",
    "XML's forbidden characters": "a\ufffe\uffff\ufdd0\U0001fffeb",
    "an escape of Office": "_x000D_ _x0008_ _x005F_",
}
_BIDI = {
    "turns around": "invoice \u202egnp.exe",
    "isolates that never end": "a \u2066b \u2067c \u2068d",
    "embeds that never end": "a \u202ab \u202bc \u202dd",
    "marks": "a\u200e\u200f\u061cb",
    "Hebrew and Arabic": "שלום עולם — مرحبا بالعالم (1) [2]",
    "Hebrew between": 'a שלום b 12 ל"ה c',
}
_UNICODE = {
    "zero width": "a\u200bb\u200cc\u200dd\u2060e\ufefff",
    "only what nobody sees": "\u200b\u2060\ufeff\u00ad",
    "a blank that is none": "\u3164\u115f\u2800\u00a0",
    "tags": "x\U000e0001\U000e0068\U000e0069\U000e007f",
    "selects variants": "a\ufe00\ufe0f\U000e0100b",
    "lone surrogates": "a\ud800b\udfffc\udc80",
    "surrogates the wrong way round": "\udc00\ud800",
    "a stack of marks": "Z" + "\u0300\u0301\u0302\u0303\u0304\u0305" * 9,
    "emoji": "👩‍👩‍👧‍👦 👍🏽 🏳️‍🌈 🇩🇪🇫🇷 1️⃣ ❤️‍🔥",
    "half an emoji": "👩‍ \u200d👧 🇩 \U0001f3fd",
    "wide": "日本語 中文 한국어 ｆｕｌｌ ﷽ 𒐫",
    "not normal": "e\u0301 \u212b \u1e9b\u0323 ﬁ \u0344",
    "private": "\ue000 \U000f0000 \U0010fffd",
    "no characters": "\u0378 \U0003fffd \U0010ffff",
    "fools the eye": "pаypal аdmin \u0430\u0440\u0440\u04cf\u0435",
    "grows in upper case": "ßŉǰΐﬃİı",
    "vowels before": "เแ ก็็็็็็ े\u0940",
    "annotates": "a\ufff9b\ufffac\ufffbd\ufffce",
    "music and shorthand": "a\U0001d173b\U0001bca0c",
}
_LINES = {
    "every line end": "a\rb\r\nc\nd\x0be\x0cf\x85g\u2028h\u2029i",
    "only line ends": "\n\r\n\u2028\x0b",
    "many lines": "x\n" * 30 + "end",
    "a forged line": "a\n✓ Saved. You may leave now.\n> /quit",
    "tabs": "\ta\t\tb\t",
    "spaces": "   a   b   ",
    "nothing": "",
}
_PATHS = {
    "climbs": "../../../../etc/passwd",
    "climbs on Windows": "..\\..\\windows\\win.ini",
    "an absolute path": "/etc/passwd",
    "a drive": "C:\\x.txt",
    "a share": "\\\\server\\share\\x",
    "a device": "CON",
    "a device with a suffix": "nul.db",
    "a stream": "x.db::$DATA",
    "a home": "~root/x",
    "nobody's home": "~nobody-of-that-name/x",
    "here": ".",
    "above": "..",
    "an option": "--help",
    "an option's end": "--",
    "a variable": "$HOME %PATH% ${IFS}",
    "a URL": "file:///etc/passwd?mode=rwc&vfs=x#y",
    "a pattern": "*?[a-z]",
    "a name with a line end": "a\nb",
    "a dot file": ".hidden",
    "ends in a dot": "name. ",
    "a name that is too long": "n" * 300,
}
_PROGRAMS = {
    "SQL": "'; DROP TABLE event; --",
    "SQL, quoted": '" OR 1=1 UNION SELECT * FROM session --',
    "SQL, a pattern": "100%_ LIKE '%'",
    "JSON": '"}],"x":[{"__proto__":null}],"y":"\\u0000\\ud800',
    "YAML": "&a [*a] !!python/object:os.system {x: y} #z",
    "a shell": "; rm -rf / & `id` | $(id) > x < y ' \"",
    "a regular expression": "(a+)+$ [^ \\d{1,9999} (?P<x",
    "a command": "/quit",
    "a command that is none": "/no-such-command x",
    "somebody else's words": "@Ben =1+1",
    "a mention without words": "@",
    "two slashes": "//quit",
    "a number": "9" * 400,
}
_LONG = {
    "a long word": "x" * 5_000,
    "long, wide": "漢" * 3_000,
    "a tall stack of marks": "a" + "\u0301" * 5_000,
    "a long chain of emoji": "👩‍" * 2_000 + "👩",
    "a long run of spaces": "a" + " " * 20_000 + "b",
    "a long run of markup": "[b]" * 3_000,
    "a long run of escapes": "\x1b[1m" * 5_000 + "x",
    "a long escape": "\x1b]0;" + "x" * 50_000,
    "long, turned around": "\u202e" * 5_000 + "x",
}
MEGABYTE = "a line of the book\n" * 55_000
"""About as much text as one answer may have."""

CORPUS: dict[str, dict[str, str]] = {
    "escape sequences": _ESCAPES,
    "markup": _MARKUP,
    "office": _OFFICE,
    "reading order": _BIDI,
    "Unicode": _UNICODE,
    "line ends": _LINES,
    "paths": _PATHS,
    "programs": _PROGRAMS,
    "length": _LONG,
}
NAMES: dict[str, str] = {
    f"{group}: {name}": text for group, texts in CORPUS.items() for name, text in texts.items()
}
"""Every hostile text by its name."""
HOSTILE: tuple[str, ...] = tuple(NAMES.values())
SHORT: tuple[str, ...] = tuple(text for text in HOSTILE if len(text) <= LONGEST_SHORT)
"""What fits into a name."""
SAMPLE: tuple[str, ...] = (
    _ESCAPES["clears the screen"], _ESCAPES["8-bit controls"], _ESCAPES["links"],
    _MARKUP["Textual: an action"], _MARKUP["Rich: a tag that was never opened"], _MARKUP["HTML"],
    _OFFICE["a formula"], _OFFICE["DDE"], _BIDI["turns around"], _UNICODE["lone surrogates"],
    _UNICODE["emoji"], _LINES["every line end"], _PATHS["climbs"], _PROGRAMS["SQL"],
    _OFFICE["XML's forbidden characters"],
)  # fmt: skip
"""One of each kind, for the tests of every day."""

BIDI_CONTROLS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def harmful(text: str, *, lines: bool = True) -> list[str]:
    """Return, as code points, what in `text` must never reach a terminal or a document.

    Controls, lone surrogates, separators of lines, and what turns the reading order around. Line
    feeds are let be where there may be `lines`.
    """
    found = dict.fromkeys(
        c for c in text if unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp") or c in BIDI_CONTROLS
    )
    return [f"U+{ord(c):04X}" for c in found if not (lines and c == "\n")]
