"""The settings of a report on a template: our own, with those of the template that shape pages.

The template's other settings would make the report ask for passwords, track changes, fetch
addresses or refer to the template.
"""

from copy import deepcopy

from workshop.export.word.template.element_order import sort_children
from workshop.export.word.template.nodes import Node
from workshop.export.word.xml import w

_COPIED = (
    "embedTrueTypeFonts", "mirrorMargins", "bordersDoNotSurroundHeader",
    "bordersDoNotSurroundFooter", "gutterAtTop", "defaultTabStop", "autoHyphenation",
    "consecutiveHyphenLimit", "hyphenationZone", "doNotHyphenateCaps", "evenAndOddHeaders",
    "themeFontLang", "clrSchemeMapping",
)  # fmt: skip
_ORDER = (
    "zoom", "embedTrueTypeFonts", "mirrorMargins", "bordersDoNotSurroundHeader",
    "bordersDoNotSurroundFooter", "gutterAtTop", "defaultTabStop", "autoHyphenation",
    "consecutiveHyphenLimit", "hyphenationZone", "doNotHyphenateCaps", "evenAndOddHeaders",
    "characterSpacingControl", "compat", "themeFontLang", "clrSchemeMapping", "decimalSymbol",
    "listSeparator",
)  # fmt: skip
"""The order that the schema requires for our settings and the copied ones."""


def copy_settings(ours: Node, theirs: Node) -> None:
    """Replace settings in `ours` by those of `theirs` that shape pages."""
    for name in _COPIED:
        setting = theirs.find(w(name))
        if setting is None:
            continue
        old = ours.find(w(name))
        if old is not None:
            ours.remove(old)
        ours.append(deepcopy(setting))
    sort_children(ours, _ORDER)
