"""Templates that are broken, foreign or made to do harm: one sentence, and nothing is written."""

import random
import struct
import zipfile
from io import BytesIO

import pytest
from report_samples import IT, everything, session_on
from template_reports import written_on
from template_samples import (
    COMPANY,
    NAMESPACES,
    archive,
    paragraph,
    picture,
    png,
    relations,
    template,
    template_parts,
    with_logo,
)

from workshop.errors import BadFileError, CannotReadError, NotFoundError, WorkshopError
from workshop.export.request import ReportRequest
from workshop.export.word.template import archive as template_archive
from workshop.export.write_file import write_report
from workshop.session.event_log import EventLog


def changed(**given):
    """A template with parts replaced: the names have _ for / and .xml is added."""
    parts = template_parts()
    for name, content in given.items():
        parts[name.replace("__", "/") + ".xml"] = content
    return archive(parts)


def without(*names):
    return archive({n: c for n, c in template_parts().items() if n not in names})


def replaced(part, old, new):
    parts = template_parts()
    assert old in parts[part]
    return archive({**parts, part: parts[part].replace(old, new)})


def with_raw(*entries):
    """A template and further entries, whose names and contents are written as they are."""
    stream = BytesIO(template())
    with zipfile.ZipFile(stream, "a", zipfile.ZIP_DEFLATED) as packed:
        for name, content in entries:
            packed.writestr(name, content)
    return stream.getvalue()


def with_twins():
    with pytest.warns(UserWarning, match="Duplicate name"):
        return with_raw(("word/styles.xml", COMPANY))


def honest_bomb():
    return with_raw(("word/media/bomb.bin", b"\0" * (template_archive.MAX_BYTES + 1)))


def lying_bomb():
    """A part that says it is small and is not: a reader that trusts it unpacks without end."""
    content = bytearray(
        archive({**template_parts(), "word/styles.xml": COMPANY + " " * 70_000_000})
    )
    size = struct.pack("<I", len(COMPANY) + 70_000_000)
    assert content.count(size) == 2
    return bytes(content).replace(size, struct.pack("<I", 5000))


def encrypted_entry():
    content = bytearray(template())
    place = content.index(b"PK\x01\x02")
    content[place + 8] |= 1
    return bytes(content)


def cut_short():
    return template()[:-400]


def one_bad_byte():
    content = bytearray(template())
    place = content.index(b"word/styles.xml") + 40
    for offset in range(60):
        content[place + offset] ^= 0xFF
    return bytes(content)


LAUGHS = (
    '<!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">'
    '<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]>'
)
XML = '<?xml version="1.0" encoding="{}"?>'
XXE = '<!DOCTYPE x [<!ENTITY file SYSTEM "file:///etc/passwd">]>'
STRICT = "http://purl.oclc.org/ooxml/officeDocument/relationships"
OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
HEADER = {("header", "default"): paragraph("Acme", "Header")}

BAD = {
    "empty": (lambda: b"", "it is empty"),
    "text": (lambda: b"Dear all,", "its content is not that of a .docx file"),
    "rich text": (lambda: b"{\\rtf1 Hello}", "it is in Rich Text Format"),
    "old word": (lambda: OLD, "it is in the format that Word had before 2007"),
    "encrypted": (
        lambda: OLD + "EncryptedPackage".encode("utf-16-le"),
        "it is protected with a password",
    ),
    "encrypted part": (encrypted_entry, "it is protected with a password"),
    "cut short": (cut_short, "the file is damaged"),
    "bad bytes": (one_bad_byte, "its part word/styles.xml is damaged"),
    "a zip": (lambda: archive({"a.txt": "a"}), "it is a zip archive, but not of a Word document"),
    "odt": (
        lambda: archive({"mimetype": "application/vnd.oasis.opendocument.text"}),
        "it is an OpenDocument file",
    ),
    "xlsx": (
        lambda: replaced("[Content_Types].xml", "wordprocessingml.document", "spreadsheetml.sheet"),
        "it is an Excel workbook",
    ),
    "pptx": (
        lambda: replaced(
            "[Content_Types].xml", "wordprocessingml.document", "presentationml.presentation"
        ),
        "it is a PowerPoint presentation",
    ),
    "strict": (
        lambda: archive({
            **template_parts(),
            "_rels/.rels": relations([("rId1", f"{STRICT}/officeDocument", "word/document.xml")]),
        }),
        "it is saved as “Strict Open XML”",
    ),
    "no document": (lambda: without("word/document.xml"), "its part word/document.xml is missing"),
    "no main relation": (
        lambda: without("_rels/.rels"),
        "it does not say which of its parts is the document",
    ),
    "no styles part": (lambda: without("word/styles.xml"), "its part word/styles.xml is missing"),
    "no styles": (lambda: without("word/_rels/document.xml.rels"), "it has no styles"),
    "broken styles": (
        lambda: changed(word__styles="<w:styles>"),
        "its part word/styles.xml is damaged",
    ),
    "broken document": (
        lambda: changed(word__document="no xml"),
        "its part word/document.xml is damaged",
    ),
    "other styles": (
        lambda: changed(word__styles=f"<w:document {NAMESPACES}/>"),
        "its part word/styles.xml is not what it says it is",
    ),
    "broken relations": (
        lambda: archive({**template_parts(), "word/_rels/document.xml.rels": "<Rel"}),
        "its part word/_rels/document.xml.rels is damaged",
    ),
    "ambiguous relations": (
        lambda: archive({
            **template_parts(),
            "word/_rels/document.xml.rels": relations(
                [("rId1", "styles", "styles.xml"), ("rId1", "theme", "theme.xml")]
            ),
        }),
        "its part word/_rels/document.xml.rels is ambiguous",
    ),
    "relation that climbs out": (
        lambda: archive({
            **template_parts(),
            "word/_rels/document.xml.rels": relations([("rId1", "styles", "../../../styles.xml")]),
        }),
        "its part without a name is missing",
    ),
    "styles elsewhere": (
        lambda: archive({
            **template_parts(),
            "word/_rels/document.xml.rels": relations([("rId1", "styles", "!http://a.b/s.xml")]),
        }),
        "it has no styles",
    ),
    "no header part": (
        lambda: archive({
            n: c for n, c in template_parts(running=HEADER).items() if "header1" not in n
        }),
        "its part word/header1.xml is missing",
    ),
    "header without relation": (
        lambda: template(page='<w:headerReference r:id="rId77"/>'),
        "it names a header that it does not have",
    ),
    "broken header": (
        lambda: archive({**template_parts(running=HEADER), "word/header1.xml": "<w:hdr"}),
        "its part word/header1.xml is damaged",
    ),
    "no logo": (
        lambda: template(
            running={
                ("header", "default"): (
                    paragraph("A", "", picture('r:embed="rId7"')),
                    [("rId7", "image", "media/logo.png")],
                )
            }
        ),
        "its part word/media/logo.png is missing",
    ),
    "billion laughs": (
        lambda: changed(word__styles=LAUGHS + COMPANY),
        "its part word/styles.xml declares a document type",
    ),
    "billion laughs in UTF-16": (
        lambda: changed(
            word__styles=(XML.format("UTF-16") + LAUGHS + COMPANY).encode("utf-16")
        ),
        "its part word/styles.xml declares a document type",
    ),
    "billion laughs in EBCDIC": (
        lambda: changed(
            word__styles=(XML.format("cp037") + LAUGHS + COMPANY).encode("cp037")
        ),
        "its part word/styles.xml is damaged",
    ),
    "billion laughs in UTF-7": (
        lambda: changed(
            word__styles=(XML.format("UTF-7") + LAUGHS + COMPANY)
            .encode()
            .replace(b"<!", b"+ADwAIQ-")
        ),
        "its part word/styles.xml declares a document type",
    ),
    "a file of the machine": (
        lambda: changed(word__document=XXE + template_parts()["word/document.xml"]),
        "its part word/document.xml declares a document type",
    ),
    "content types with entities": (
        lambda: archive({
            **template_parts(),
            "[Content_Types].xml": XXE + template_parts()["[Content_Types].xml"],
        }),
        "its part [Content_Types].xml declares a document type",
    ),
    "two parts of one name": (with_twins, "its part word/styles.xml is there twice"),
    "names that differ by capitals": (
        lambda: with_raw(("WORD/Styles.xml", COMPANY)),
        "its part WORD/Styles.xml is there twice",
    ),
    "a path out": (
        lambda: with_raw(("word/../../evil.xml", "<a/>")),
        "it has a part with the name word/../../evil.xml",
    ),
    "a path from the root": (
        lambda: with_raw(("/etc/passwd", "x")),
        "it has a part with the name /etc/passwd",
    ),
    "a path of windows": (
        lambda: with_raw(("word\\evil.xml", "x")),
        "it has a part with the name word\\evil.xml",
    ),
    "a bomb": (honest_bomb, "it is larger than 64 MB unpacked"),
    "a bomb that lies": (lying_bomb, "its part word/styles.xml is damaged"),
    "an endless style sheet": (
        lambda: changed(word__styles=COMPANY.replace("</w:styles>", " " * 8**8 + "</w:styles>")),
        "its part word/styles.xml is larger than 8 MB",
    ),
    "thousands of parts": (
        lambda: with_raw(*((f"word/{n}.xml", "") for n in range(template_archive.MAX_PARTS))),
        "it has more than 4,000 parts",
    ),
    "deep nesting": (
        lambda: changed(
            word__styles=COMPANY.replace("</w:styles>", "<w:a>" * 5000 + "</w:a>" * 5000)
            + "</w:styles>"
        ),
        "its part word/styles.xml is damaged",
    ),
    "a page that is none": (
        lambda: template(page='<w:pgSz w:w="wide" w:h="high"/>'),
        "its page size or margins are not lengths",
    ),
    "a business card": (
        lambda: template(page='<w:pgSz w:w="85mm" w:h="55mm"/>'),
        "its page of 85 × 55 mm is too small: a canvas needs 125 mm",
    ),
    "a poster": (
        lambda: template(page='<w:pgSz w:w="841mm" w:h="1189mm"/>'),
        "its page of 841 × 1189 mm is larger than Word allows",
    ),
    "all margins": (
        lambda: template(page='<w:pgSz w:w="210mm"/><w:pgMar w:left="9cm" w:right="9cm"/>'),
        "its margins leave no room for text",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD)
def test_a_bad_template_is_refused_in_one_sentence_and_nothing_is_written(tmp_path, case):
    make, reason = BAD[case]
    path, folder = tmp_path / "Acme.dotx", tmp_path / "reports"
    folder.mkdir()
    path.write_bytes(make())
    session = session_on(IT)
    request = ReportRequest(session, EventLog(everything(session)), template=path)
    with pytest.raises(BadFileError) as caught:
        write_report(request, folder / "report.docx")
    assert caught.value.message == (
        f"Acme.dotx is not a Word document that Workshop can use as a template ({reason})."
    )
    assert list(folder.iterdir()) == []


def test_a_template_that_is_not_there_or_not_a_file_is_refused(tmp_path):
    def refusal(path, kind):
        request = ReportRequest(session_on(IT), EventLog([]), template=path)
        with pytest.raises(kind) as caught:
            write_report(request, tmp_path / "r.docx")
        return caught.value.message

    assert refusal(tmp_path / "none.docx", NotFoundError).startswith("There is no template ")
    assert refusal(tmp_path, BadFileError).endswith(" is a folder, not a Word template.")
    assert refusal(tmp_path / "a\0b", WorkshopError)
    assert not (tmp_path / "r.docx").exists()


def test_a_template_that_cannot_be_read_is_refused(tmp_path, monkeypatch):
    path = tmp_path / "Acme.docx"
    path.write_bytes(template())

    def denied(*_args, **_named):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(type(path), "open", denied)
    session = session_on(IT)
    request = ReportRequest(session, EventLog([]), template=path)
    with pytest.raises(CannotReadError, match=r"Acme.docx cannot be read: permission denied\."):
        write_report(request, tmp_path / "r.docx")


def test_the_name_of_the_file_is_shown_as_plain_text(tmp_path):
    path = tmp_path / "Ac\x1b[31mme\u202e.docx"
    path.write_bytes(b"")
    session = session_on(IT)
    with pytest.raises(BadFileError) as caught:
        write_report(ReportRequest(session, EventLog([]), template=path), tmp_path / "r.docx")
    assert caught.value.message.startswith("Acme.docx is not a Word document")


@pytest.mark.parametrize("seed", range(40))
def test_a_template_with_random_damage_is_used_or_refused_in_a_sentence(tmp_path, seed):
    chance = random.Random(seed)
    content = bytearray(with_logo())
    if seed % 2:  # damage to the archive, or to the XML of a part
        for _ in range(chance.randint(1, 8)):
            content[chance.randrange(len(content))] = chance.randrange(256)
    else:
        parts = {**template_parts(), "word/media/logo.png": png()}
        name = chance.choice([n for n in parts if n.endswith((".xml", ".rels"))])
        text = bytearray(parts[name].encode())
        for _ in range(chance.randint(1, 3)):
            text[chance.randrange(len(text))] = chance.randrange(32, 127)
        content = archive({**parts, name: bytes(text)})
    assert outcome(tmp_path, bytes(content)) in ("used", "refused")


def outcome(folder, content):
    """Whether a template was used or refused with its name; anything else is raised."""
    try:
        written = written_on(folder, content)
    except WorkshopError as error:
        return "refused" if "Acme.docx" in error.message else error.message
    return "used" if written.content.startswith(b"PK") else "not a document"
