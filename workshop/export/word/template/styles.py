"""The styles of a report in a template: found there by name, or added on the base of its own."""

import re
from collections.abc import Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass, field

from workshop.export.word.template.accent_colour import (
    accent_of,
    hides_text,
    is_readable,
    recoloured,
)
from workshop.export.word.template.computed_style import (
    Path,
    Properties,
    amount,
    computed_style,
    defaults_of,
    is_of_paragraphs,
    own_properties,
    value,
)
from workshop.export.word.template.element_order import property_in, put_style_in_order
from workshop.export.word.template.nodes import Node
from workshop.export.word.template.page_breaks import (
    BREAK,
    begin_no_page,
    end_pages_as_ours,
    is_set,
    where_it_breaks,
)
from workshop.export.word.template.pinned_styles import LIST, holds, is_pinned, pin
from workshop.export.word.template.style_inheritance import end_chains
from workshop.export.word.template.style_repairs import drop_repeated
from workshop.export.word.xml import add, w

_HEADING = re.compile(r"Heading([1-9])")
_LED_BY_HEADINGS = re.compile(r"Heading[1-9]|Title|Subtitle")
"""Styles of ours that get the font of the template's headings where they are added."""
_VARIANT = re.compile(r"(Purpose|Canvas (?:block|text|answer|more)) .+")
_UNNUMBERED = ("TOCHeading", "Question")
"""Based on headings, which may be numbered in a template, and not numbered themselves."""
_CHAPTERS = re.compile(r"Heading[1-9]|Title|Subtitle|TOCHeading")
"""Styles of ours that begin pages in many templates, as they are meant to."""
_RUNNING = ("Header", "Footer")
"""Styles of ours in which a page break has no effect."""
_COLOURED = ("Heading1", "Title", "Heading2", "Heading3")
_COLOUR: Path = ("rPr", "color", "val")
_PARAGRAPH, _TABLE = "paragraph", "table"
_OWN_SUFFIX = "Workshop"


@dataclass
class Matched:
    """Where the styles of a report are in a template's style sheet."""

    names: dict[str, str] = field(default_factory=dict[str, str])
    """The id in the template by our id."""
    fresh: set[str] = field(default_factory=set[str])
    """The ids of styles that were added."""
    added: list[str] = field(default_factory=list[str])
    """The names of styles that were missing."""
    own: list[str] = field(default_factory=list[str])
    """The names of styles that were there and would not hold a canvas on its page."""
    hiding: list[str] = field(default_factory=list[str])
    """The names of styles that were there and would not let text be seen."""
    stand_ins: dict[str, str] = field(default_factory=dict[str, str])
    """The name of a style that was taken for a heading, by the heading's name."""
    cut: list[str] = field(default_factory=list[str])
    """The names of styles that were based on each other in a circle, or on too many others."""
    repeated: list[str] = field(default_factory=list[str])
    """The names of styles whose ids other styles had before them."""
    breaking: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    """The names of styles that begin pages, by the name of the one they take that over from.

    That name is empty where all paragraphs do so by default.
    """
    accent: Mapping[str, str] | None = None
    """The company's colour, as the attributes of a `w:color`; None where it has no headings."""
    known_as: dict[str, str] = field(default_factory=dict[str, str])
    """The name that each of our styles has in the template, by our id."""


def match_styles(theirs: Node, ours: Node) -> Matched:
    """Find our styles in a template's, and add what is missing. Existing ones stay as they are.

    `theirs` and `ours` are the roots of style sheets.
    """
    return _Matching(theirs, ours).run()


class _Matching:
    """The two style sheets while they are brought together."""

    def __init__(self, theirs: Node, ours: Node) -> None:
        self._theirs = theirs
        self._wanted = {s.get(w("styleId")) or "": s for s in ours.findall(w("style"))}
        self._our_names = {(value(s, "name") or "").casefold() for s in self._wanted.values()}
        self._our_defaults = defaults_of(ours)
        self._their_defaults = defaults_of(theirs)
        self._by_id: dict[str, Node] = {}
        self._by_name: dict[str, Node] = {}
        self._fresh: list[Node] = []
        # First those that go, so that chains are followed through the styles that stay.
        repeated = drop_repeated(theirs)
        self._matched = Matched(repeated=repeated, cut=end_chains(theirs))
        aliases: dict[str, Node] = {}
        for style in theirs.findall(w("style")):
            put_style_in_order(style)
            self._index(style)
            for alias in (value(style, "aliases") or "").split(","):
                aliases.setdefault(alias.strip().casefold(), style)
        self._by_name = {**aliases, **self._by_name}
        for style in theirs.findall(w("style")):
            self._drop_dangling(style)

    def run(self) -> Matched:
        self._matched.accent = self._accent()
        for style_id in self._wanted:
            self._resolve(style_id)
        names = self._matched.names
        for style in self._fresh:
            for reference in ("next", "link"):
                found = style.find(w(reference))
                if found is not None:
                    found.set(w("val"), names.get(found.get(w("val")) or "", names["Normal"]))
        for style_id, there in names.items():
            self._matched.known_as[style_id] = value(self._by_id[there], "name") or there
        self._note_breaks()
        return self._matched

    def _note_breaks(self) -> None:
        """Remember which of the template's styles begin pages without being those of chapters."""
        matched = self._matched
        names = matched.names.items()
        chapters = {there for style_id, there in names if _CHAPTERS.fullmatch(style_id)}
        for style_id, there in names:
            style = self._by_id[there]
            ours = there in matched.fresh or is_pinned(style_id)
            if ours or style_id in _RUNNING or not is_of_paragraphs(style):
                continue
            if not is_set(self._amount(style), BREAK):
                continue
            origin = where_it_breaks(style, self._by_id)
            if origin in chapters:
                continue
            source = "" if origin is None else value(self._by_id[origin], "name") or origin
            heirs = matched.breaking.setdefault(source, [])
            if style_id != "Normal":  # in which no paragraph of a report is
                heirs.append(matched.known_as[style_id])

    def _accent(self) -> Mapping[str, str] | None:
        """Return the colour of the first heading whose colour can be read; black where none can."""
        found = [self._found(self._wanted[style_id]) for style_id in _COLOURED]
        amounts = [self._amount(style) for style in found if style is not None]
        accents = [accent for accent in map(accent_of, amounts) if accent]
        return accents[0] if accents else {"val": "auto"} if amounts else None

    def _index(self, style: Node) -> None:
        self._by_id.setdefault(style.get(w("styleId")) or "", style)
        self._by_name.setdefault((value(style, "name") or "").strip().casefold(), style)

    def _drop_dangling(self, style: Node) -> None:
        """Take out references to styles that are not there, which nothing follows."""
        for name in ("basedOn", "next", "link"):
            reference = style.find(w(name))
            if reference is not None and reference.get(w("val")) not in self._by_id:
                style.remove(reference)

    def _resolve(self, style_id: str) -> str:
        """Return the id that a style of ours has in the template; add it where it is missing."""
        names = self._matched.names
        if style_id not in names:
            ours = self._wanted[style_id]
            found = self._found(ours)
            if found is not None and not is_pinned(style_id):
                names[style_id] = found.get(w("styleId")) or ""
            else:
                self._take_over(ours, style_id)
        return names[style_id]

    def _take_over(self, ours: Node, style_id: str) -> None:
        """Add a style of ours, or find one there that was added to another report before."""
        style, name = self._built(ours, style_id), value(ours, "name") or style_id
        candidates = [name, *(f"{name} ({_OWN_SUFFIX}{n})" for n in ("", *range(2, 100)))]
        for candidate in candidates:
            there = self._by_name.get(candidate.casefold())
            if there is None:
                self._add(style, style_id, candidate)
                self._matched.names[style_id] = style.get(w("styleId")) or ""
                if candidate != name and is_pinned(style_id):
                    self._matched.own.append(name)
                elif candidate != name and hides_text(self._amount(self._by_name[name.casefold()])):
                    self._matched.hiding.append(name)
                elif not ours.get(w("default")):
                    self._matched.added.append(candidate)
                return
            alike = is_pinned(style_id) and _type(there) == _type(ours)
            if alike and holds(self._amount(there), self._our_amount(ours)):
                self._matched.names[style_id] = there.get(w("styleId")) or ""
                return

    def _found(self, ours: Node) -> Node | None:
        """Return the template's style for one of ours: by name, or by what it is for."""
        there = self._by_name.get((value(ours, "name") or "").casefold())
        if there is not None and _type(there) == _type(ours) and there.get(w("styleId")):
            return None if hides_text(self._amount(there)) else there
        if ours.get(w("default")):
            for style in self._by_id.values():
                default = style.get(w("default")) in ("1", "true", "on")
                if default and _type(style) == _type(ours) and style.get(w("styleId")):
                    return style
        heading = _HEADING.fullmatch(ours.get(w("styleId")) or "")
        return self._stand_in(ours, int(heading[1])) if heading else None

    def _stand_in(self, ours: Node, level: int) -> Node | None:
        """Return the first style that has the level of a heading in the document's outline."""
        for style in self._by_id.values():
            said = own_properties(style).get(("pPr", "outlineLvl", "val"))
            name = (value(style, "name") or "").strip()
            if said != str(level - 1) or _type(style) != _PARAGRAPH or not style.get(w("styleId")):
                continue
            if name and name.casefold() not in self._our_names:
                self._matched.stand_ins[value(ours, "name") or ""] = name
                return style
        return None

    def _built(self, ours: Node, style_id: str) -> Node:
        """Return a style of ours as it goes into the template."""
        accent = self._matched.accent
        style = deepcopy(ours) if accent is None else recoloured(ours, accent)
        base = style.find(w("basedOn"))
        if base is not None:
            base.set(w("val"), self._resolve(base.get(w("val")) or ""))
        if is_pinned(style_id):
            self._pin(style, ours)
        elif style_id in _UNNUMBERED and self._inherited(style).get(LIST, "0") != "0":
            numbering = property_in(style, "pPr", "numPr")
            if not len(numbering):
                add(numbering, "numId", {"val": 0})
        if _LED_BY_HEADINGS.fullmatch(style_id):
            self._lead(style)
        self._settle_pages(style, ours)
        return style

    def _settle_pages(self, style: Node, ours: Node) -> None:
        """Have a style of ours begin and end pages where it does in our own document."""
        if is_of_paragraphs(style):
            end_pages_as_ours(style, self._own_amount(style), self._our_amount(ours))
        elif _type(style) == _TABLE and is_set(self._their_defaults, BREAK):
            begin_no_page(style)

    def _pin(self, style: Node, ours: Node) -> None:
        """Hold a style of ours to what it amounts to in our own document."""
        wanted, inherited = self._our_amount(ours), self._inherited(style)
        base = style.find(w("basedOn"))
        framed = any(path[1] == "framePr" for path in inherited)
        orphaned = not is_of_paragraphs(style) and not holds(self._own_amount(style), wanted)
        if base is not None and (framed or orphaned):
            style.remove(base)
        if not is_of_paragraphs(style):
            return
        pin(style, self._own_amount(style), wanted)
        colour = inherited.get(_COLOUR, "auto")
        pale = colour != "auto" and not is_readable(colour, large=True)
        if pale and _COLOUR not in own_properties(style):
            for name, said in (self._matched.accent or {"val": "auto"}).items():
                property_in(style, "rPr", "color").set(w(name), said)

    def _lead(self, style: Node) -> None:
        """Give a missing heading or title the font of the headings that are there."""
        for level in (1, 2, 3):
            heading = self._found(self._wanted[f"Heading{level}"])
            if heading is None:
                continue
            fonts = {p: v for p, v in self._amount(heading).items() if p[:2] == ("rPr", "rFonts")}
            if fonts:
                element = property_in(style, "rPr", "rFonts")
                for path, said in fonts.items():
                    element.set(w(path[2]), said)
            return

    def _add(self, style: Node, style_id: str, name: str) -> None:
        taken = {known.casefold() for known in self._by_id}
        fresh = style_id
        for number in range(1, len(taken) + 2):
            if fresh.casefold() not in taken:
                break
            fresh = f"{style_id}{_OWN_SUFFIX}{number if number > 1 else ''}"
        style.set(w("styleId"), fresh)
        named = style.find(w("name"))
        if named is not None:
            named.set(w("val"), name)
        self._theirs.append(style)
        self._fresh.append(style)
        self._matched.fresh.add(fresh)
        self._index(style)

    def _amount(self, style: Node) -> Properties:
        """Return what a style of the template amounts to."""
        return amount(style, self._by_id, self._their_defaults)

    def _our_amount(self, ours: Node) -> Properties:
        """Return what a style of ours amounts to in our own document."""
        return amount(ours, self._wanted, self._our_defaults)

    def _inherited(self, style: Node) -> Properties:
        """Return what a style that is not in the template yet takes over there."""
        base = self._by_id.get(value(style, "basedOn") or "")
        if base is not None:
            return self._amount(base)
        return dict(self._their_defaults) if is_of_paragraphs(style) else {}

    def _own_amount(self, style: Node) -> Properties:
        """Return what a style that is not in the template yet amounts to there."""
        return computed_style(self._inherited(style), own_properties(style))


def _type(style: Node) -> str:
    return style.get(w("type")) or _PARAGRAPH


def told_apart(names: Iterable[str]) -> list[str]:
    """Return the names of styles, where those that differ by a size or a family count as one."""
    return list(dict.fromkeys(_VARIANT.sub(r"\1", name) for name in names))
