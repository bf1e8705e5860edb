"""The page setup of a template: page size, margins and headers of the report's text pages."""

import re
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass

from workshop.export.page_size import MILLIMETRE, PageSize
from workshop.export.word.template.archive import Archive
from workshop.export.word.template.errors import UnusableError
from workshop.export.word.template.nodes import RELATIONS, Node
from workshop.export.word.twips import PER_POINT, in_twips
from workshop.export.word.xml import Element, add, w

HeaderFooter = tuple[str, str]
"""A header or a footer: "header" or "footer", and "default", "first" or "even"."""

_UNITS = {"mm": MILLIMETRE, "cm": 10 * MILLIMETRE, "in": 72.0, "pt": 1.0, "pc": 12.0, "pi": 12.0}
_LENGTH = re.compile(r"(-?\d{1,6}(?:\.\d{1,9})?)(mm|cm|in|pt|pc|pi)?")
_SIDES = ("top", "right", "bottom", "left", "header", "footer", "gutter")
_OUTER = 36.0
"""The distance of header and footer from the edge, in points, if a template names none."""
_NEAR, _FAR = ("paperSrc", "pgBorders", "pgNumType"), ("bidi", "rtlGutter", "docGrid")
"""The other properties copied from a section, before and after `titlePg`.

Columns and line numbers belong to the template's own text.
"""
_LEAST_SIDE, _LEAST_TEXT = 125 * MILLIMETRE, 50 * MILLIMETRE
_MOST_SIDE = 1584.0
"""The longest page that Word allows, in points: 22 inches."""


@dataclass(frozen=True, slots=True)
class PageSetup:
    """The setup of a template's text pages. Lengths are in points."""

    width: float
    height: float
    margins: Mapping[str, float]
    """By side, with "header", "footer" and "gutter"."""
    near: tuple[Node, ...]
    far: tuple[Node, ...]
    """Other section properties, before and after `titlePg`."""
    first_differs: bool
    """Whether the first page has its own header and footer."""
    running: Mapping[HeaderFooter, str]
    """The part names of headers and footers."""
    sets_page_size: bool
    """Whether the template sets a page size."""

    @property
    def page_size(self) -> PageSize:
        """The page size of the canvas: the same sheet in landscape, with a canvas's margins."""
        return PageSize(
            min(self.width, self.height),
            max(self.width, self.height),
            measure=_measure(self.width, self.margins),
        )

    def describe(
        self, section: Element, references: Mapping[HeaderFooter, str], *, first: bool
    ) -> None:
        """Write these properties to a section of text pages.

        `references` are the relationship ids of headers and footers; `first` is true for the
        report's first section.
        """
        for (name, page_type), relation in references.items():
            if first or page_type != "first":
                reference = add(section, f"{name}Reference", {"type": page_type})
                reference.set(f"{{{RELATIONS}}}id", relation)
        add(section, "type", {"val": "nextPage"})
        orientation = {"orient": "landscape"} if self.width > self.height else {}
        add(section, "pgSz", {"w": in_twips(self.width), "h": in_twips(self.height), **orientation})
        add(section, "pgMar", {side: in_twips(length) for side, length in self.margins.items()})
        for extra in self.near:
            copy = deepcopy(extra)
            if not first:
                copy.attrib.pop(w("start"), None)  # pages are numbered through
            section.append(copy)
        if first and self.first_differs:
            add(section, "titlePg")
        for extra in self.far:
            section.append(deepcopy(extra))


def read_page_setup(
    archive: Archive, sections: list[Node], default_page_size: PageSize
) -> PageSetup:
    """Return the setup of the text pages, with `default_page_size` if the template sets none.

    `sections` are the properties of the template's sections, in order. The last one counts, as a
    template's text is there; headers inherited from earlier sections count as its own. Raises
    UnusableError.
    """
    section = sections[-1] if sections else None
    size = None if section is None else section.find(w("pgSz"))
    width = _length(size, "w", default_page_size.width)
    height = _length(size, "h", default_page_size.height)
    edges = None if section is None else section.find(w("pgMar"))
    default_margins = dict.fromkeys(_SIDES, default_page_size.margin) | {"gutter": 0.0}
    default_margins |= {"header": _OUTER, "footer": _OUTER}
    margins = {side: _length(edges, side, default_margins[side]) for side in _SIDES}
    _check(width, height, margins)
    return PageSetup(
        width=width,
        height=height,
        margins=margins,
        near=_extras(section, _NEAR),
        far=_extras(section, _FAR),
        first_differs=section is not None and is_on(section.find(w("titlePg"))),
        running=_running(archive, sections),
        sets_page_size=size is not None,
    )


def is_on(switch: Node | None) -> bool:
    """Return whether a switch is on."""
    return switch is not None and switch.get(w("val")) not in ("0", "false", "off")


def _length(node: Node | None, name: str, otherwise: float) -> float:
    """Return a length in points; it is stored in twentieths of a point, or with a unit."""
    value = None if node is None else node.get(w(name))
    if value is None:
        return otherwise
    match = _LENGTH.fullmatch(value.strip())
    if match is None:
        raise UnusableError("its page size or margins are not lengths")
    return float(match[1]) * (_UNITS[match[2]] if match[2] else 1 / PER_POINT)


def _check(width: float, height: float, margins: Mapping[str, float]) -> None:
    size = f"{width / MILLIMETRE:.0f} × {height / MILLIMETRE:.0f} mm"
    if min(width, height) < _LEAST_SIDE:
        least = _LEAST_SIDE / MILLIMETRE
        raise UnusableError(f"its page of {size} is too small: a canvas needs {least:.0f} mm")
    if max(width, height) > _MOST_SIDE:
        raise UnusableError(f"its page of {size} is larger than Word allows")
    text = height - abs(margins["top"]) - abs(margins["bottom"])
    if min(_measure(width, margins), text) < _LEAST_TEXT:
        raise UnusableError("its margins leave no room for text")


def _measure(width: float, margins: Mapping[str, float]) -> float:
    return width - sum(margins[side] for side in ("left", "right", "gutter"))


def _extras(section: Node | None, names: tuple[str, ...]) -> tuple[Node, ...]:
    extras: list[Node] = []
    for name in names:
        extra = None if section is None else section.find(w(name))
        if extra is None:
            continue
        copy = deepcopy(extra)
        for node in copy.iter():
            for attribute in [a for a in node.attrib if a.startswith(f"{{{RELATIONS}}}")]:
                del node.attrib[attribute]  # pictures in page borders
        extras.append(copy)
    return tuple(extras)


def _running(archive: Archive, sections: list[Node]) -> dict[HeaderFooter, str]:
    relations = {r.id: r for r in archive.relations(archive.document)}
    parts: dict[HeaderFooter, str] = {}
    for section in sections:
        for name in ("header", "footer"):
            for reference in section.findall(w(f"{name}Reference")):
                relation = relations.get(reference.get(f"{{{RELATIONS}}}id") or "")
                if relation is None or relation.kind != name or relation.target is None:
                    raise UnusableError(f"it names a {name} that it does not have")
                parts[name, reference.get(w("type")) or "default"] = relation.target
    return parts
