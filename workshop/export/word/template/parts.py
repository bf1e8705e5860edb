"""The parts that a report takes from a template, packed as a new document."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from workshop.export.office_file import build_archive
from workshop.export.word.template.archive import Archive
from workshop.export.word.template.nodes import RELATIONS, new_element, serialise

_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_TYPES = {
    "styles": f"{_WORD}.styles+xml",
    "settings": f"{_WORD}.settings+xml",
    "numbering": f"{_WORD}.numbering+xml",
    "fontTable": f"{_WORD}.fontTable+xml",
    "header": f"{_WORD}.header+xml",
    "footer": f"{_WORD}.footer+xml",
    "theme": "application/vnd.openxmlformats-officedocument.theme+xml",
}
"""The content types of parts, by the last word of the type of the relationships to them."""
_PART_NAMES = {"theme": "theme/theme"}
_SINGLE = ("styles", "settings", "numbering", "fontTable")
_PICTURES = {
    "image/png": "png", "image/jpeg": "jpeg", "image/jpg": "jpeg", "image/gif": "gif",
    "image/bmp": "bmp", "image/tiff": "tiff", "image/x-emf": "emf", "image/x-wmf": "wmf",
    "image/emf": "emf", "image/wmf": "wmf",
}  # fmt: skip
"""The pictures that are copied. SVG is not: it can load files, and Word stores a PNG with it."""
_FONTS = {
    "application/vnd.openxmlformats-officedocument.obfuscatedFont": "odttf",
    "application/x-fontdata": "fntdata",
    "application/x-font-ttf": "ttf",
}
_FILES = {"image": (_PICTURES, "media/image"), "font": (_FONTS, "fonts/font")}
"""By relationship kind: the content types that are copied, and the target name."""


@dataclass
class Parts:
    """The parts of a new document that its main part refers to, in `word/`."""

    source: Archive
    _blobs: dict[str, bytes] = field(default_factory=dict[str, bytes])
    _types: dict[str, str] = field(default_factory=dict[str, str])
    _relations: dict[str, list[tuple[str, str, str]]] = field(
        default_factory=dict[str, list[tuple[str, str, str]]]
    )
    _copies: dict[str, str] = field(default_factory=dict[str, str])
    """The names of copied files, by their names in the template."""
    _counts: dict[str, int] = field(default_factory=dict[str, int])

    def add(self, kind: str, blob: bytes, name: str = "") -> str:
        """Add a part and a relationship from the main part to it; return the relationship's id.

        `name` is the name that `file_of` was called with, if it was.
        """
        name = name or self.name(kind)
        self._blobs[name], self._types[name] = blob, _TYPES[kind]
        return self._relate("document.xml", kind, name)

    def name(self, kind: str) -> str:
        """Return an unused name for a part of a kind."""
        if kind in _SINGLE:
            return f"{kind}.xml"
        return f"{_PART_NAMES.get(kind, kind)}{self._count(kind)}.xml"

    def file_of(self, part: str, name: str) -> Callable[[str], str | None]:
        """Return a function that copies the files of `part`, which is named `name` here.

        The function takes the id of a relationship in the template, copies its target and returns
        the id of the new relationship; None if the target is not an embedded picture or font. It
        raises UnusableError if the file is missing or damaged.
        """
        relations = {r.id: r for r in self.source.relations(part)}
        new_ids: dict[str, str] = {}

        def refer(relation_id: str) -> str | None:
            relation = relations.get(relation_id)
            if relation is None or relation.target is None or relation.kind not in _FILES:
                return None
            if relation_id not in new_ids:
                copy = self._copy(relation.kind, relation.target)
                if copy is None:
                    return None
                new_ids[relation_id] = self._relate(name, relation.kind, copy)
            return new_ids[relation_id]

        return refer

    def packed(self, base: Mapping[str, bytes], types: Mapping[str, str]) -> bytes:
        """Return the document as the bytes of an archive.

        `base` are the other parts, including the main part, by full name; `types` are their
        content types.
        """
        parts = {f"word/{name}": blob for name, blob in self._blobs.items()}
        kinds = {f"word/{name}": kind for name, kind in self._types.items()}
        for name, entries in self._relations.items():
            folder, _, file = f"word/{name}".rpartition("/")
            parts[f"{folder}/_rels/{file}.rels"] = _relations_xml(entries)
        return build_archive(
            [
                ("[Content_Types].xml", _types_xml({**types, **kinds})),
                *base.items(),
                *sorted(parts.items()),
            ]
        )

    def _copy(self, kind: str, part: str) -> str | None:
        suffixes, target_name = _FILES[kind]
        content_type = self.source.type_of(part) or ""
        if content_type not in suffixes:
            return None
        if part not in self._copies:
            name = f"{target_name}{self._count(kind)}.{suffixes[content_type]}"
            self._blobs[name], self._types[name] = self.source.blob(part), content_type
            self._copies[part] = name
        return self._copies[part]

    def _relate(self, name: str, kind: str, target: str) -> str:
        entries = self._relations.setdefault(name, [])
        relation_id = f"rId{len(entries) + 1}"
        entries.append((relation_id, f"{RELATIONS}/{kind}", f"/word/{target}"))
        return relation_id

    def _count(self, kind: str) -> int:
        self._counts[kind] = self._counts.get(kind, 0) + 1
        return self._counts[kind]


def _relations_xml(entries: list[tuple[str, str, str]]) -> bytes:
    namespace = f"{_PACKAGE}/relationships"
    root = new_element("Relationships", namespace)
    for relation_id, kind, target in entries:
        attributes = {"Id": relation_id, "Type": kind, "Target": target}
        root.append(new_element("Relationship", namespace, attributes))
    return serialise(root)


def _types_xml(types: Mapping[str, str]) -> bytes:
    namespace = f"{_PACKAGE}/content-types"
    root = new_element("Types", namespace)
    relations = "application/vnd.openxmlformats-package.relationships+xml"
    for suffix, kind in (("rels", relations), ("xml", "application/xml")):
        root.append(new_element("Default", namespace, {"Extension": suffix, "ContentType": kind}))
    for name, kind in types.items():
        attributes = {"PartName": f"/{name}", "ContentType": kind}
        root.append(new_element("Override", namespace, attributes))
    return serialise(root)
