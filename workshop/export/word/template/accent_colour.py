"""A company's colour instead of ours, where it can be read."""

import re
from collections.abc import Mapping
from copy import deepcopy

from workshop.export.word.template.computed_style import Path
from workshop.export.word.template.nodes import Node, local
from workshop.export.word.xml import w

OURS = frozenset({"1F3A5F", "3E6391", "5B7FA6", "1F4E8C"})
"""The blues of our own base document, which stand for the company's colour."""

_HEX = re.compile(r"[0-9A-Fa-f]{6}")
_READABLE, _READABLE_LARGE = 4.5, 3.0
"""The least contrast on white at which text can be read, and large text (WCAG 2.2, 1.4.3)."""
_VISIBLE = 1.3
_SHARES = (0.2126, 0.7152, 0.0722)
"""Of red, green and blue in how bright a colour is."""
_THEMED = ("themeColor", "themeTint", "themeShade")


def accent_of(heading: Mapping[Path, str]) -> dict[str, str]:
    """Return the colour of a heading as the attributes of a `w:color`; none where it is pale."""
    said = {p[2]: v for p, v in heading.items() if p[:2] == ("rPr", "color")}
    if is_readable(said.get("val", "")):
        return {name: said[name] for name in ("val", *_THEMED) if name in said}
    return {}


def is_readable(colour: str, *, large: bool = False) -> bool:
    """Return whether text of that colour, as RRGGBB, can be read on white."""
    return _contrast(colour) >= (_READABLE_LARGE if large else _READABLE)


def hides_text(style: Mapping[Path, str]) -> bool:
    """Return whether text in a style with these properties would not be seen on white paper.

    Templates have such styles: titles in white for a cover that is not taken over, and hidden ones.
    """
    if style.get(("rPr", "vanish", "val"), "0") != "0":
        return True
    fills = [v for p, v in style.items() if p[1:] in (("shd", "fill"), ("shd", "themeFill"))]
    colour = style.get(("rPr", "color", "val"), "auto")
    return set(fills) <= {"auto"} and colour != "auto" and 0 < _contrast(colour) < _VISIBLE


def _contrast(colour: str) -> float:
    """Return the contrast of a colour on white, from 1 to 21; 0 for what is not RRGGBB."""
    if not _HEX.fullmatch(colour):
        return 0.0
    channels = [int(colour[n : n + 2], 16) / 255 for n in (0, 2, 4)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    luminance = sum(share * c for share, c in zip(_SHARES, linear, strict=True))
    return 1.05 / (luminance + 0.05)


def recoloured(node: Node, accent: Mapping[str, str]) -> Node:
    """Return a copy of a style or list of ours in which `accent` stands for our blues."""
    copy = deepcopy(node)
    for part in copy.iter():
        if part.tag == w("color") and part.get(w("val")) in OURS:
            for name, said in accent.items():
                part.set(w(name), said)
        elif part.get(w("color")) in OURS and local(part.tag) != "shd":
            part.set(w("color"), accent["val"])
    return copy
