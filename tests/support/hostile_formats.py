"""What must hold of a file in each format, when all that is in it is hostile.

`FORMATS` has an entry for each format there is: a test holds it against the report's own list.
"""

import csv
import io
import json
import re
import zipfile
from collections.abc import Callable
from xml.etree import ElementTree

from hostile import harmful
from hostile_world import World
from markdown_it import MarkdownIt

# ── the formats ──────────────────────────────────────────────────────────────────────────────

_FIELD = re.compile(r"<w:(?:instrText|fldSimple)[^>]*>")


def _office(content: bytes, world: World, part: str) -> str:
    """Return all text of an Office file, once its parts are sound."""
    texts: list[str] = []
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name in archive.namelist():
            assert not name.startswith("/")
            assert ".." not in name
            raw = archive.read(name)
            if name.endswith((".xml", ".rels")):
                tree = ElementTree.fromstring(raw)
                assert harmful("".join(tree.itertext())) == [], name
                assert b"<!DOCTYPE" not in raw
                if name.endswith(".rels"):
                    targets = [e for e in tree.iter() if e.get("TargetMode") == "External"]
                    assert targets == [], name
                if part in name:
                    texts += [e.text or "" for e in tree.iter() if e.tag.endswith("}t")]
        assert not any("vba" in n.lower() or "embeddings" in n for n in archive.namelist())
    return "".join(texts)


def _squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def _docx(content: bytes, world: World) -> None:
    text = _squeezed(_office(content, world, "word/document"))
    for word in world.words:
        for line in word.split("\n"):
            assert _squeezed(line) in text, line[:80]
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        document = archive.read("word/document.xml").decode()
    tree = ElementTree.fromstring(document)
    fields = [e.text or "" for e in tree.iter() if e.tag.endswith("}instrText")]
    assert all(re.match(r"\s*(TOC|PAGE|NUMPAGES|PAGEREF|REF|STYLEREF)\b", f) for f in fields), (
        fields
    )


def _pptx(content: bytes, world: World) -> None:
    text = _squeezed(_office(content, world, "ppt/slides/slide"))
    # What a slide has no room for stands in its notes.
    text += _squeezed(_office(content, world, "ppt/notesSlides/"))
    for word in world.words:
        for line in word.split("\n"):
            assert _squeezed(line) in text, line[:80]


def _pdf(content: bytes, world: World) -> None:
    assert content.startswith(b"%PDF-")
    # Without the streams: what is compressed there has three letters such as /JS by chance.
    objects = re.sub(rb"\bstream\r?\n.*?\bendstream\b", b"", content, flags=re.DOTALL)
    assert objects.count(b" obj") > 10
    assert not re.search(
        rb"/(JavaScript|JS|Launch|EmbeddedFile|OpenAction\s*<<\s*/S\s*/URI)\b", objects
    )


def _md(content: bytes, world: World) -> None:
    text = content.decode()
    assert harmful(text) == []
    kinds = {
        "html_block",
        "html_inline",
        "image",
        "link_open",
        "fence",
        "code_block",
        "code_inline",
    }
    tokens = MarkdownIt("gfm-like").parse(text)
    inside = [child for token in tokens for child in token.children or []]
    odd = [t for t in (*tokens, *inside) if t.type in kinds]
    ours = ("<br>", "<!-- workshop:session:")
    assert [(t.type, t.content) for t in odd if not t.content.startswith(ours)] == []
    plain = _squeezed("".join(t.content for t in inside if t.type in ("text", "text_special")))
    for word in world.words:
        for line in word.split("\n"):
            assert _squeezed(line) in plain, line[:80]


def _csv(content: bytes, world: World) -> None:
    text = content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text, newline="")))
    assert harmful(text.replace("\r\n", "\n")) == []
    assert len({len(row) for row in rows}) == 1
    for row in rows[1:]:
        for value in row:
            assert not value.lstrip(" \u200b\u00ad").startswith(
                ("=", "+", "-", "@", "\t", "\r", "＝")
            ), value
            for behind in re.split(r"[;\n]", value):
                assert not behind.lstrip().startswith(("=", "+", "@")), value
    answers = {row[rows[0].index("Answer")].replace("'", "") for row in rows[1:]}
    assert [word for word in world.words if word.replace("'", "") not in answers][3:] == []


def _svg(content: bytes, world: World) -> None:
    tree = ElementTree.fromstring(content)
    assert harmful("".join(tree.itertext())) == []
    tags = {e.tag.partition("}")[2] for e in tree.iter()}
    assert tags.isdisjoint({"script", "foreignObject", "a", "image", "use", "animate", "set"})
    assert [k for e in tree.iter() for k in e.attrib if "href" in k or k.startswith("on")] == []
    assert b"<!DOCTYPE" not in content


def _json(content: bytes, world: World) -> None:
    text = content.decode()
    assert harmful(text) == []
    said = [answer["answer"] for answer in json.loads(text)["answers"]]
    assert [word for word in world.words if word not in said][3:] == []


FORMATS: dict[str, Callable[[bytes, World], None]] = {
    "docx": _docx,
    "pdf": _pdf,
    "pptx": _pptx,
    "md": _md,
    "csv": _csv,
    "svg": _svg,
    "json": _json,
}
"""What must hold of a file in each format."""
