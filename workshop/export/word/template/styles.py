"""The styles of a report in a template: matched by name, or added and based on its own."""

import re
from collections.abc import Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass, field

from workshop.export.word.template.accent_colour import (
    accent_colour_of,
    hides_text,
    is_readable,
    with_accent,
)
from workshop.export.word.template.computed_style import (
    Path,
    Properties,
    child_value,
    computed_style,
    document_defaults,
    is_paragraph_style,
    own_properties,
    resolve_style,
)
from workshop.export.word.template.element_order import ensure_property, sort_style
from workshop.export.word.template.nodes import Node
from workshop.export.word.template.page_breaks import (
    BREAK,
    clear_page_break,
    is_set,
    override_page_flow,
    page_break_source,
)
from workshop.export.word.template.pinned_styles import (
    LIST,
    has_same_measures,
    is_pinned,
    pin_style,
)
from workshop.export.word.template.style_inheritance import cut_inheritance_chains
from workshop.export.word.template.style_repairs import drop_duplicate_ids
from workshop.export.word.xml import add, w

_HEADING = re.compile(r"Heading([1-9])")
_HEADING_FONT = re.compile(r"Heading[1-9]|Title|Subtitle")
"""Our styles that get the font of the template's headings if they are added."""
_VARIANT = re.compile(r"(Purpose|Canvas (?:block|text|answer|more)) .+")
_UNNUMBERED = ("TOCHeading", "Question")
"""Our styles that are based on headings and never numbered, as a template's headings may be."""
_CHAPTERS = re.compile(r"Heading[1-9]|Title|Subtitle|TOCHeading")
"""Our styles that begin pages in many templates, as intended."""
_RUNNING = ("Header", "Footer")
"""Our styles in which a page break has no effect."""
_COLOURED = ("Heading1", "Title", "Heading2", "Heading3")
_COLOUR: Path = ("rPr", "color", "val")
_PARAGRAPH, _TABLE = "paragraph", "table"
_OWN_SUFFIX = "Workshop"


@dataclass
class StyleMatch:
    """How the styles of a report map to a template's style sheet."""

    names: dict[str, str] = field(default_factory=dict[str, str])
    """The ids in the template, by our ids."""
    new_ids: set[str] = field(default_factory=set[str])
    """The ids of styles that were added."""
    added: list[str] = field(default_factory=list[str])
    """The names of styles that were missing."""
    own: list[str] = field(default_factory=list[str])
    """The names of existing styles that would not keep a canvas on its page."""
    hiding: list[str] = field(default_factory=list[str])
    """The names of existing styles that would hide text."""
    stand_ins: dict[str, str] = field(default_factory=dict[str, str])
    """The names of styles that are used as headings, by the heading's name."""
    cut: list[str] = field(default_factory=list[str])
    """The names of styles that were based on each other in a circle, or on too many others."""
    repeated: list[str] = field(default_factory=list[str])
    """The names of removed styles, whose ids earlier styles have."""
    breaking: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    """The names of styles that begin pages, by the name of the style that they inherit it from.

    That name is empty if all paragraphs do so by default.
    """
    accent: Mapping[str, str] | None = None
    """The accent colour as the attributes of a `w:color`; None without any heading."""
    known_as: dict[str, str] = field(default_factory=dict[str, str])
    """The names of our styles in the template, by our ids."""


def match_styles(theirs: Node, ours: Node) -> StyleMatch:
    """Match our styles to a template's, and add those that are missing; existing ones stay.

    `theirs` and `ours` are the roots of style sheets.
    """
    return _StyleMatcher(theirs, ours).run()


class _StyleMatcher:
    """Matches two style sheets."""

    def __init__(self, theirs: Node, ours: Node) -> None:
        self._theirs = theirs
        self._our_styles = {s.get(w("styleId")) or "": s for s in ours.findall(w("style"))}
        self._our_names = {
            (child_value(s, "name") or "").casefold() for s in self._our_styles.values()
        }
        self._our_defaults = document_defaults(ours)
        self._their_defaults = document_defaults(theirs)
        self._by_id: dict[str, Node] = {}
        self._by_name: dict[str, Node] = {}
        self._new_styles: list[Node] = []
        # Duplicates go first, so that chains are followed through the styles that stay.
        repeated = drop_duplicate_ids(theirs)
        self._matched = StyleMatch(repeated=repeated, cut=cut_inheritance_chains(theirs))
        aliases: dict[str, Node] = {}
        for style in theirs.findall(w("style")):
            sort_style(style)
            self._index(style)
            for alias in (child_value(style, "aliases") or "").split(","):
                aliases.setdefault(alias.strip().casefold(), style)
        self._by_name = {**aliases, **self._by_name}
        for style in theirs.findall(w("style")):
            self._drop_dangling(style)

    def run(self) -> StyleMatch:
        self._matched.accent = self._accent()
        for style_id in self._our_styles:
            self._resolve(style_id)
        names = self._matched.names
        for style in self._new_styles:
            for reference in ("next", "link"):
                reference_node = style.find(w(reference))
                if reference_node is not None:
                    reference_node.set(
                        w("val"), names.get(reference_node.get(w("val")) or "", names["Normal"])
                    )
        for style_id, their_id in names.items():
            self._matched.known_as[style_id] = (
                child_value(self._by_id[their_id], "name") or their_id
            )
        self._record_page_breaks()
        return self._matched

    def _record_page_breaks(self) -> None:
        """Record which of the template's styles begin pages, except those of chapters."""
        matched = self._matched
        names = matched.names.items()
        chapters = {their_id for style_id, their_id in names if _CHAPTERS.fullmatch(style_id)}
        for style_id, their_id in names:
            style = self._by_id[their_id]
            ours = their_id in matched.new_ids or is_pinned(style_id)
            if ours or style_id in _RUNNING or not is_paragraph_style(style):
                continue
            if not is_set(self._resolved(style), BREAK):
                continue
            origin = page_break_source(style, self._by_id)
            if origin in chapters:
                continue
            source = "" if origin is None else child_value(self._by_id[origin], "name") or origin
            affected = matched.breaking.setdefault(source, [])
            if style_id != "Normal":  # a report has no paragraph in it
                affected.append(matched.known_as[style_id])

    def _accent(self) -> Mapping[str, str] | None:
        """Return the colour of the first readable heading; black if none is readable."""
        headings = [self._find(self._our_styles[style_id]) for style_id in _COLOURED]
        computed = [self._resolved(style) for style in headings if style is not None]
        accents = [accent for accent in map(accent_colour_of, computed) if accent]
        return accents[0] if accents else {"val": "auto"} if computed else None

    def _index(self, style: Node) -> None:
        self._by_id.setdefault(style.get(w("styleId")) or "", style)
        self._by_name.setdefault((child_value(style, "name") or "").strip().casefold(), style)

    def _drop_dangling(self, style: Node) -> None:
        """Remove references to missing styles."""
        for name in ("basedOn", "next", "link"):
            reference = style.find(w(name))
            if reference is not None and reference.get(w("val")) not in self._by_id:
                style.remove(reference)

    def _resolve(self, style_id: str) -> str:
        """Return the id of one of our styles in the template; add the style if it is missing."""
        names = self._matched.names
        if style_id not in names:
            ours = self._our_styles[style_id]
            match = self._find(ours)
            if match is not None and not is_pinned(style_id):
                names[style_id] = match.get(w("styleId")) or ""
            else:
                self._add_or_reuse(ours, style_id)
        return names[style_id]

    def _add_or_reuse(self, ours: Node, style_id: str) -> None:
        """Add one of our styles, or reuse one that an earlier report added."""
        style, name = self._build(ours, style_id), child_value(ours, "name") or style_id
        candidates = [name, *(f"{name} ({_OWN_SUFFIX}{n})" for n in ("", *range(2, 100)))]
        for candidate in candidates:
            existing = self._by_name.get(candidate.casefold())
            if existing is None:
                self._add(style, style_id, candidate)
                self._matched.names[style_id] = style.get(w("styleId")) or ""
                if candidate != name and is_pinned(style_id):
                    self._matched.own.append(name)
                elif candidate != name and hides_text(
                    self._resolved(self._by_name[name.casefold()])
                ):
                    self._matched.hiding.append(name)
                elif not ours.get(w("default")):
                    self._matched.added.append(candidate)
                return
            is_candidate = is_pinned(style_id) and _type(existing) == _type(ours)
            if is_candidate and has_same_measures(
                self._resolved(existing), self._resolved_ours(ours)
            ):
                self._matched.names[style_id] = existing.get(w("styleId")) or ""
                return

    def _find(self, ours: Node) -> Node | None:
        """Return the template's style for one of ours: by name, default or outline level."""
        match = self._by_name.get((child_value(ours, "name") or "").casefold())
        if match is not None and _type(match) == _type(ours) and match.get(w("styleId")):
            return None if hides_text(self._resolved(match)) else match
        if ours.get(w("default")):
            for style in self._by_id.values():
                default = style.get(w("default")) in ("1", "true", "on")
                if default and _type(style) == _type(ours) and style.get(w("styleId")):
                    return style
        heading = _HEADING.fullmatch(ours.get(w("styleId")) or "")
        return self._find_stand_in(ours, int(heading[1])) if heading else None

    def _find_stand_in(self, ours: Node, level: int) -> Node | None:
        """Return the first style with the outline level of a heading."""
        for style in self._by_id.values():
            outline_level = own_properties(style).get(("pPr", "outlineLvl", "val"))
            name = (child_value(style, "name") or "").strip()
            if (
                outline_level != str(level - 1)
                or _type(style) != _PARAGRAPH
                or not style.get(w("styleId"))
            ):
                continue
            if name and name.casefold() not in self._our_names:
                self._matched.stand_ins[child_value(ours, "name") or ""] = name
                return style
        return None

    def _build(self, ours: Node, style_id: str) -> Node:
        """Return a copy of one of our styles, ready for the template."""
        accent = self._matched.accent
        style = deepcopy(ours) if accent is None else with_accent(ours, accent)
        base = style.find(w("basedOn"))
        if base is not None:
            base.set(w("val"), self._resolve(base.get(w("val")) or ""))
        if is_pinned(style_id):
            self._pin(style, ours)
        elif style_id in _UNNUMBERED and self._inherited(style).get(LIST, "0") != "0":
            numbering = ensure_property(style, "pPr", "numPr")
            if not len(numbering):
                add(numbering, "numId", {"val": 0})
        if _HEADING_FONT.fullmatch(style_id):
            self._use_heading_font(style)
        self._override_page_flow(style, ours)
        return style

    def _override_page_flow(self, style: Node, ours: Node) -> None:
        """Make one of our styles break pages as it does in our own document."""
        if is_paragraph_style(style):
            override_page_flow(style, self._resolved_new(style), self._resolved_ours(ours))
        elif _type(style) == _TABLE and is_set(self._their_defaults, BREAK):
            clear_page_break(style)

    def _pin(self, style: Node, ours: Node) -> None:
        """Pin one of our styles to its computed style in our own document."""
        expected, inherited = self._resolved_ours(ours), self._inherited(style)
        base = style.find(w("basedOn"))
        framed = any(path[1] == "framePr" for path in inherited)
        orphaned = not is_paragraph_style(style) and not has_same_measures(
            self._resolved_new(style), expected
        )
        if base is not None and (framed or orphaned):
            style.remove(base)
        if not is_paragraph_style(style):
            return
        pin_style(style, self._resolved_new(style), expected)
        colour = inherited.get(_COLOUR, "auto")
        pale = colour != "auto" and not is_readable(colour, large=True)
        if pale and _COLOUR not in own_properties(style):
            for name, value in (self._matched.accent or {"val": "auto"}).items():
                ensure_property(style, "rPr", "color").set(w(name), value)

    def _use_heading_font(self, style: Node) -> None:
        """Give an added heading or title the font of the template's headings."""
        for level in (1, 2, 3):
            heading = self._find(self._our_styles[f"Heading{level}"])
            if heading is None:
                continue
            fonts = {p: v for p, v in self._resolved(heading).items() if p[:2] == ("rPr", "rFonts")}
            if fonts:
                element = ensure_property(style, "rPr", "rFonts")
                for path, value in fonts.items():
                    element.set(w(path[2]), value)
            return

    def _add(self, style: Node, style_id: str, name: str) -> None:
        used_ids = {known.casefold() for known in self._by_id}
        new_id = style_id
        for number in range(1, len(used_ids) + 2):
            if new_id.casefold() not in used_ids:
                break
            new_id = f"{style_id}{_OWN_SUFFIX}{number if number > 1 else ''}"
        style.set(w("styleId"), new_id)
        name_node = style.find(w("name"))
        if name_node is not None:
            name_node.set(w("val"), name)
        self._theirs.append(style)
        self._new_styles.append(style)
        self._matched.new_ids.add(new_id)
        self._index(style)

    def _resolved(self, style: Node) -> Properties:
        """Return the computed style of a template's style."""
        return resolve_style(style, self._by_id, self._their_defaults)

    def _resolved_ours(self, ours: Node) -> Properties:
        """Return the computed style of one of our styles in our own document."""
        return resolve_style(ours, self._our_styles, self._our_defaults)

    def _inherited(self, style: Node) -> Properties:
        """Return what a style that is not yet in the template inherits there."""
        base = self._by_id.get(child_value(style, "basedOn") or "")
        if base is not None:
            return self._resolved(base)
        return dict(self._their_defaults) if is_paragraph_style(style) else {}

    def _resolved_new(self, style: Node) -> Properties:
        """Return the computed style in the template of a style that is not yet in it."""
        return computed_style(self._inherited(style), own_properties(style))


def _type(style: Node) -> str:
    return style.get(w("type")) or _PARAGRAPH


def group_variants(names: Iterable[str]) -> list[str]:
    """Return style names without duplicates; variants by size or family count as one."""
    return list(dict.fromkeys(_VARIANT.sub(r"\1", name) for name in names))
