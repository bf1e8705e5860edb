"""The accent colour: a template's heading colour, which replaces our blues if it is readable."""

import re
from collections.abc import Mapping
from copy import deepcopy

from workshop.export.word.template.computed_style import Path
from workshop.export.word.template.nodes import Node, local_name
from workshop.export.word.xml import w

OURS = frozenset({"1F3A5F", "3E6391", "5B7FA6", "1F4E8C"})
"""The blues of our own base document, which the accent colour replaces."""

_HEX = re.compile(r"[0-9A-Fa-f]{6}")
_READABLE, _READABLE_LARGE = 4.5, 3.0
"""The minimum contrast on white for text and for large text (WCAG 2.2, 1.4.3)."""
_VISIBLE = 1.3
_SHARES = (0.2126, 0.7152, 0.0722)
"""The weights of red, green and blue in the relative luminance (WCAG 2.2)."""
_THEMED = ("themeColor", "themeTint", "themeShade")


def accent_colour_of(heading: Mapping[Path, str]) -> dict[str, str]:
    """Return the colour of a heading as the attributes of a `w:color`; empty if it is pale."""
    attributes = {p[2]: v for p, v in heading.items() if p[:2] == ("rPr", "color")}
    if is_readable(attributes.get("val", "")):
        return {name: attributes[name] for name in ("val", *_THEMED) if name in attributes}
    return {}


def is_readable(colour: str, *, large: bool = False) -> bool:
    """Return whether text in `colour` (RRGGBB) is readable on white."""
    return _contrast(colour) >= (_READABLE_LARGE if large else _READABLE)


def hides_text(style: Mapping[Path, str]) -> bool:
    """Return whether text in a style with these properties is invisible on white paper.

    Templates have such styles: white titles for a cover that a report does not have.
    """
    if style.get(("rPr", "vanish", "val"), "0") != "0":
        return True
    fills = [v for p, v in style.items() if p[1:] in (("shd", "fill"), ("shd", "themeFill"))]
    colour = style.get(("rPr", "color", "val"), "auto")
    return set(fills) <= {"auto"} and colour != "auto" and 0 < _contrast(colour) < _VISIBLE


def _contrast(colour: str) -> float:
    """Return the contrast of a colour on white, from 1 to 21; 0 if it is not RRGGBB."""
    if not _HEX.fullmatch(colour):
        return 0.0
    channels = [int(colour[n : n + 2], 16) / 255 for n in (0, 2, 4)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    luminance = sum(share * c for share, c in zip(_SHARES, linear, strict=True))
    return 1.05 / (luminance + 0.05)


def with_accent(node: Node, accent: Mapping[str, str]) -> Node:
    """Return a copy of one of our styles or lists with `accent` in place of our blues."""
    copy = deepcopy(node)
    for part in copy.iter():
        if part.tag == w("color") and part.get(w("val")) in OURS:
            for name, attribute in accent.items():
                part.set(w(name), attribute)
        elif part.get(w("color")) in OURS and local_name(part.tag) != "shd":
            part.set(w("color"), accent["val"])
    return copy
