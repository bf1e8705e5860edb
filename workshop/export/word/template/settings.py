"""The settings of a report that is made on a template: our own, with what pages depend on theirs.

Of the template's settings only those count that change how styles, headers and pages look. The
others would have the report ask for passwords, follow changes, fetch addresses or lead back to the
template.
"""

from copy import deepcopy

from workshop.export.word.template.element_order import put_in_order
from workshop.export.word.template.nodes import Node
from workshop.export.word.xml import w

_THEIRS = (
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
"""The order that the schema wants, of what our own settings and these have between them."""


def take_settings(ours: Node, theirs: Node) -> None:
    """Put into our settings what counts of a template's."""
    for name in _THEIRS:
        found = theirs.find(w(name))
        if found is None:
            continue
        old = ours.find(w(name))
        if old is not None:
            ours.remove(old)
        ours.append(deepcopy(found))
    put_in_order(ours, _ORDER)
