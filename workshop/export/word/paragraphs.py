"""Setting text in paragraphs: on the side where it begins, in stretches of one script each.

What a paragraph looks like is its style's business. Direct are only the properties of the text
itself: that it runs from right to left (`w:bidi`, `w:rtl`), or is in a script whose fonts programs
choose by another rule (`w:cs`, `w:hint`).
"""

from collections.abc import Sequence

from workshop.export.i18n.writing_systems import (
    CHINESE,
    ScriptRun,
    is_plain,
    runs_right_to_left,
    script_kind,
    split_into_runs,
)
from workshop.export.word.script_styles import style_for
from workshop.export.word.xml import (
    Element,
    ParagraphTemplate,
    add,
    bookmark_end,
    bookmark_start,
    field_start,
    hyperlink,
    paragraph,
    run,
)

Text = tuple[str, str | None]
"""What to print, and the character style that it has, if any."""

_OWN_SIDE = ("Answer", "CanvasAnswer", "CanvasText", "Note", "Summary", "TableText")
"""How the styles of paragraphs begin that stand on the side where their text begins.

What people said, and whole sentences of ours; headings and labels stand where the document begins.
"""
_LEFT_TO_RIGHT_MARK = "\u200e"


class Typesetter:
    """Sets the text of one document, and remembers which scripts it has met."""

    def __init__(self, *, right_to_left: bool = False, han: str = CHINESE) -> None:
        """Take in which way the document runs, and whose Chinese characters stand alone."""
        self.right_to_left = right_to_left
        self.used: dict[tuple[str, str | None], None] = {}
        """The scripts, each with the character style that its text would have had, in order."""
        self._han = han

    def add_paragraph(self, parent: Element, style: str, *texts: str | Text) -> Element:
        """Add a paragraph of the style with that id, and these texts in it; return it."""
        spans = [(t, None) if isinstance(t, str) else t for t in texts]
        element, turned = self._begun(parent, style, "".join(t for t, _ in spans))
        self._set(element, spans, turned=turned)
        return element

    def add_link(
        self, parent: Element, style: str, anchor: str, text: Text, field: str | None = None
    ) -> Element:
        """Add a paragraph that is a link to a bookmark of this document; return it.

        `field` is the instruction of a field that begins before the link.
        """
        element, turned = self._begun(parent, style, text[0])
        if field:
            field_start(element, field)
        self._set(hyperlink(element, anchor), [text], turned=turned)
        return element

    def add_bookmark(self, parent: Element, style: str, number: int, name: str, text: str) -> None:
        """Add a paragraph that is the bookmark `name`; `number` is unique in the document."""
        element, turned = self._begun(parent, style, text)
        bookmark_start(element, number, name)
        self._set(element, [(text, None)], turned=turned)
        bookmark_end(element, number)

    def add_from_template(
        self, parent: Element, template: ParagraphTemplate, text: str, *meta: Text
    ) -> None:
        """Add the paragraph of `template` where `text` is one line of Latin letters and the like.

        Otherwise a paragraph that says the same in its style; `meta` is what follows the text. A
        third of the time that `paragraph` takes, for what is printed thousands of times.
        """
        if is_plain(text) and "\n" not in text and all(is_plain(t) for t, _ in meta):
            template.append_copy(parent, text, *(t for t, _ in meta))
        else:
            self.add_paragraph(parent, template.style, text, *meta)

    def _begun(self, parent: Element, style: str, text: str) -> tuple[Element, bool]:
        """Add an empty paragraph for `text`; return it, and whether it runs right to left."""
        element = paragraph(parent, style)
        turned = runs_right_to_left(text) or (
            self.right_to_left and not style.startswith(_OWN_SIDE)
        )
        if turned:
            for properties in element:
                add(properties, "bidi")
        return element, turned

    def _set(self, place: Element, spans: Sequence[Text], *, turned: bool) -> None:
        if not turned and all(is_plain(text) for text, _ in spans):
            for text, style in spans:
                run(place, text, style)
            return
        whole = "".join(text for text, _ in spans)
        inside_out = whole and not (whole[0].isalpha() and whole[-1].isalpha())
        if turned and inside_out and not runs_right_to_left(whole):
            # Figures and full stops at the ends of our own words belong to them.
            (first, style), *others = spans
            spans = [(_LEFT_TO_RIGHT_MARK + first, style), *others, (_LEFT_TO_RIGHT_MARK, None)]
            whole = f"{_LEFT_TO_RIGHT_MARK}{whole}{_LEFT_TO_RIGHT_MARK}"
        parts = split_into_runs(whole, right_to_left=turned, han=self._han)
        for text, style in _divided(parts, spans):
            self._run(place, text, style, turned=turned)

    def _run(self, place: Element, stretch: ScriptRun, style: str | None, *, turned: bool) -> None:
        script = stretch.script
        kind = None if script is None else script_kind(script)
        # In a paragraph from right to left an emoji lies the same either way, and LibreOffice finds
        # a font for it only where it is not marked.
        right_to_left = stretch.right_to_left and not (turned and kind == "emoji")
        if script is not None:
            self.used[script, style] = None
            style = style_for(script, style)
        run(
            place,
            stretch.text,
            style,
            right_to_left=right_to_left,
            complex_script=kind == "complex" and not right_to_left,
            east_asian=kind == "east_asian",
        )


def _divided(
    parts: Sequence[ScriptRun], spans: Sequence[Text]
) -> list[tuple[ScriptRun, str | None]]:
    """Return the stretches of some text divided where its character style changes."""
    divided: list[tuple[ScriptRun, str | None]] = []
    rest = list(parts)[::-1]
    for text, style in spans:
        left = len(text)
        while left:
            part = rest.pop()
            piece = part.text[:left]
            if len(piece) < len(part.text):
                rest.append(ScriptRun(part.text[left:], part.script, part.right_to_left))
            divided.append((ScriptRun(piece, part.script, part.right_to_left), style))
            left -= len(piece)
    return divided
