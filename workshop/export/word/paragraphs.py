"""Typesetting: paragraphs aligned by their direction, with one run for each script.

Styles define what a paragraph looks like. Set directly are only properties of the text itself:
its direction (`w:bidi`, `w:rtl`), and the rule by which programs choose its font (`w:cs`,
`w:hint`).
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
"""A text and its character style, if it has one."""

_ALIGNED_BY_SCRIPT = ("Answer", "CanvasAnswer", "CanvasText", "Note", "Summary", "TableText")
"""The first parts of the styles whose paragraphs are aligned by the direction of their text.

These are answers and whole sentences; headings and labels have the direction of the document.
"""
_LEFT_TO_RIGHT_MARK = "\u200e"


class Typesetter:
    """Adds the text of one document, and records the scripts that it contains."""

    def __init__(self, *, right_to_left: bool = False, han: str = CHINESE) -> None:
        """Take the document's direction, and the script `han` of lone Chinese characters."""
        self.right_to_left = right_to_left
        self.used: dict[tuple[str, str | None], None] = {}
        """Each script with the character style that it was combined with, in order."""
        self._han = han

    def add_paragraph(self, parent: Element, style: str, *texts: str | Text) -> Element:
        """Add a paragraph with `texts` in the style with that id; return it."""
        spans = [(t, None) if isinstance(t, str) else t for t in texts]
        element, rtl = self._start_paragraph(parent, style, "".join(t for t, _ in spans))
        self._add_runs(element, spans, rtl=rtl)
        return element

    def add_link(
        self, parent: Element, style: str, anchor: str, text: Text, field: str | None = None
    ) -> Element:
        """Add a paragraph that is a link to a bookmark of this document; return it.

        `field` is the instruction of a field that begins before the link.
        """
        element, rtl = self._start_paragraph(parent, style, text[0])
        if field:
            field_start(element, field)
        self._add_runs(hyperlink(element, anchor), [text], rtl=rtl)
        return element

    def add_bookmark(self, parent: Element, style: str, number: int, name: str, text: str) -> None:
        """Add a paragraph that is the bookmark `name`; `number` is unique in the document."""
        element, rtl = self._start_paragraph(parent, style, text)
        bookmark_start(element, number, name)
        self._add_runs(element, [(text, None)], rtl=rtl)
        bookmark_end(element, number)

    def add_from_template(
        self, parent: Element, template: ParagraphTemplate, text: str, *meta: Text
    ) -> None:
        """Add `text` and `meta`, which follows it, as a copy of `template` if both are plain.

        A copy takes a third of the time of `add_paragraph`, which adds any other text.
        """
        if is_plain(text) and "\n" not in text and all(is_plain(t) for t, _ in meta):
            template.append_copy(parent, text, *(t for t, _ in meta))
        else:
            self.add_paragraph(parent, template.style, text, *meta)

    def _start_paragraph(self, parent: Element, style: str, text: str) -> tuple[Element, bool]:
        """Add an empty paragraph for `text`; return it, and whether it is right-to-left."""
        element = paragraph(parent, style)
        rtl = runs_right_to_left(text) or (
            self.right_to_left and not style.startswith(_ALIGNED_BY_SCRIPT)
        )
        if rtl:
            for properties in element:
                add(properties, "bidi")
        return element, rtl

    def _add_runs(self, parent: Element, spans: Sequence[Text], *, rtl: bool) -> None:
        if not rtl and all(is_plain(text) for text, _ in spans):
            for text, style in spans:
                run(parent, text, style)
            return
        joined_text = "".join(text for text, _ in spans)
        has_weak_ends = joined_text and not (joined_text[0].isalpha() and joined_text[-1].isalpha())
        if rtl and has_weak_ends and not runs_right_to_left(joined_text):
            # Digits and full stops at the ends of left-to-right text must stay beside it.
            (first, style), *other_spans = spans
            spans = [
                (_LEFT_TO_RIGHT_MARK + first, style),
                *other_spans,
                (_LEFT_TO_RIGHT_MARK, None),
            ]
            joined_text = f"{_LEFT_TO_RIGHT_MARK}{joined_text}{_LEFT_TO_RIGHT_MARK}"
        parts = split_into_runs(joined_text, right_to_left=rtl, han=self._han)
        for text, style in _split_by_style(parts, spans):
            self._add_run(parent, text, style, rtl=rtl)

    def _add_run(
        self,
        parent: Element,
        script_run: ScriptRun,
        style: str | None,
        *,
        rtl: bool,
    ) -> None:
        script = script_run.script
        kind = None if script is None else script_kind(script)
        # In a right-to-left paragraph an emoji looks the same either way, and LibreOffice finds a
        # font for it only without the mark.
        right_to_left = script_run.right_to_left and not (rtl and kind == "emoji")
        if script is not None:
            self.used[script, style] = None
            style = style_for(script, style)
        run(
            parent,
            script_run.text,
            style,
            right_to_left=right_to_left,
            complex_script=kind == "complex" and not right_to_left,
            east_asian=kind == "east_asian",
        )


def _split_by_style(
    parts: Sequence[ScriptRun], spans: Sequence[Text]
) -> list[tuple[ScriptRun, str | None]]:
    """Return the stretches of some text divided where its character style changes."""
    divided: list[tuple[ScriptRun, str | None]] = []
    pending = list(parts)[::-1]
    for text, style in spans:
        remaining = len(text)
        while remaining:
            part = pending.pop()
            piece = part.text[:remaining]
            if len(piece) < len(part.text):
                pending.append(ScriptRun(part.text[remaining:], part.script, part.right_to_left))
            divided.append((ScriptRun(piece, part.script, part.right_to_left), style))
            remaining -= len(piece)
    return divided
