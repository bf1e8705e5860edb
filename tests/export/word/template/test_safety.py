"""What of a template is left behind: all that reaches beyond the report, and all that it says."""

import pytest
from docx_invariants import w
from lxml import etree
from template_reports import Report, faults_of
from template_samples import (
    WORD,
    field,
    localised,
    paragraph,
    picture,
    png,
    relations,
    simple_field,
    template,
)

OUTSIDE = "http://outside.example"
EVERYTHING_ELSE = {
    "word/vbaProject.bin": b"\xd0\xcf\x11\xe0 macros",
    "word/comments.xml": f'<w:comments xmlns:w="{WORD}">remark by Jane</w:comments>',
    "word/footnotes.xml": f'<w:footnotes xmlns:w="{WORD}">small print</w:footnotes>',
    "word/glossary/document.xml": f'<w:glossaryDocument xmlns:w="{WORD}"/>',
    "word/embeddings/sheet.bin": b"embedded",
    "word/media/body.png": png(4, 4),
    "word/afchunk.xml": "<html>chunk</html>",
    "customXml/item1.xml": "<secret/>",
    "docProps/custom.xml": "<properties>Jane</properties>",
}
MICROSOFT = "http://schemas.microsoft.com/office/2006/relationships"
RELATED = [
    ("rId30", f"{MICROSOFT}/vbaProject", "vbaProject.bin"),
    ("rId31", "comments", "comments.xml"),
    ("rId32", "footnotes", "footnotes.xml"),
    ("rId33", "glossaryDocument", "glossary/document.xml"),
    ("rId34", "oleObject", "embeddings/sheet.bin"),
    ("rId35", "image", "media/body.png"),
    ("rId36", "aFChunk", "afchunk.xml"),
    ("rId37", "customXml", "../customXml/item1.xml"),
    ("rId38", "attachedTemplate", f"!{OUTSIDE}/Normal.dotm"),
    ("rId39", "hyperlink", f"!{OUTSIDE}/page"),
]  # fmt: skip
SETTINGS = (
    '<w:writeProtection w:recommended="1"/><w:attachedTemplate r:id="rId1"/><w:linkStyles/>'
    '<w:mailMerge><w:mainDocumentType w:val="formLetters"/><w:dataSource r:id="rId2"/>'
    '</w:mailMerge><w:trackRevisions/><w:documentProtection w:edit="readOnly" '
    'w:enforcement="1"/><w:updateFields w:val="true"/>'
    '<w:docVars><w:docVar w:name="a" w:val="secret"/></w:docVars>'
)


def laden(kind="dotm"):
    return template(
        kind=kind,
        settings=SETTINGS,
        body=paragraph("Body", "", picture('r:embed="rId35"')),
        more={
            **EVERYTHING_ELSE,
            "word/_rels/settings.xml.rels": relations(
                [
                    ("rId1", "attachedTemplate", f"!{OUTSIDE}/Normal.dotm"),
                    ("rId2", "mailMergeSource", "!file:///data.csv"),
                ]
            ),
        },
        related=RELATED,
    )


@pytest.mark.parametrize("kind", ["docx", "dotx", "docm", "dotm"])
def test_a_report_is_an_ordinary_document_whatever_the_template_was(tmp_path, kind):
    report = Report(tmp_path, laden(kind), name=f"Acme.{kind}")
    assert "document.main+xml" in report.parts["[Content_Types].xml"].decode()
    assert "template" not in report.parts["[Content_Types].xml"].decode()
    assert "macro" not in report.parts["[Content_Types].xml"].decode()
    assert faults_of(tmp_path, report.content) == []


def test_only_the_parts_that_a_report_needs_are_taken(tmp_path):
    report = Report(tmp_path, laden())
    assert sorted(n for n in report.parts if not n.startswith(("word/header", "word/footer"))) == [
        "[Content_Types].xml",
        "_rels/.rels",
        "docProps/app.xml",
        "docProps/core.xml",
        "word/_rels/document.xml.rels",
        "word/document.xml",
        "word/fontTable.xml",
        "word/numbering.xml",
        "word/settings.xml",
        "word/styles.xml",
        "word/theme/theme1.xml",
    ]
    assert "may hold macros, and these were left out" in report.warnings


def test_nothing_in_the_report_refers_to_the_outside(tmp_path):
    report = Report(tmp_path, laden())
    everything_in_it = b"".join(report.parts.values())
    assert b"External" not in everything_in_it
    for word in (b"outside.example", b"data.csv", b"secret", b"Jane"):
        assert word not in everything_in_it
    settings = report.parts["word/settings.xml"].decode()
    for name in ("attachedTemplate", "mailMerge", "Protection", "trackRevisions", "updateFields"):
        assert name not in settings


def headed(tmp_path, content, own=(), more=None, *, audited=True):
    """The report on a template with that header, and the header."""
    running = {("header", "default"): (content, own)}
    report = Report(tmp_path, template(running=running, more=more))
    assert not audited or faults_of(tmp_path, report.content) == []
    return report, report.running("header1")


def shown(header):
    return "".join(t.text or "" for t in etree.fromstring(header.encode()).iter(w("t")))


@pytest.mark.parametrize("make", [field, simple_field])
@pytest.mark.parametrize(
    "instruction",
    [
        "INCLUDETEXT &quot;\\\\server\\file.docx&quot;",
        "INCLUDEPICTURE http://outside.example/a.png \\d",
        "DDEAUTO cmd &quot;/c calc&quot;",
        "DDE excel sheet",
        "LINK Excel.Sheet.12 a.xlsx",
        "DATABASE \\c secret",
        "MACROBUTTON AutoOpen here",
        "HYPERLINK &quot;http://outside.example&quot;",
        "MERGEFIELD Name",
        "DOCVARIABLE a",
        "DOCPROPERTY Secret",
        "REF bookmark",
        "ASK name",
        "STYLEREF &quot;Not There&quot;",
        "",
    ],
)
def test_fields_that_reach_beyond_the_report_become_text(tmp_path, instruction, make):
    content = paragraph("A ", "Header", make(instruction, "«last shown»"))
    report, header = headed(tmp_path, content, audited=False)
    assert shown(header) == "A «last shown»"
    assert "fldChar" not in header
    assert "instr" not in header
    kind = instruction.split(" ")[0] or "a field without a name"
    assert f"reach beyond the report and became plain text: {kind}" in report.warnings


@pytest.mark.parametrize(
    "instruction",
    ["PAGE", "page \\* MERGEFORMAT", "NUMPAGES", "DATE \\@ &quot;d.M.yyyy&quot;", "FILENAME",
     "STYLEREF &quot;heading 1&quot;", "STYLEREF 2", "= 1 + 1", "DOCPROPERTY Keywords"],
)  # fmt: skip
def test_fields_that_look_at_the_report_stay(tmp_path, instruction):
    content = paragraph("A ", "Header", field(instruction, "9"))
    report, header = headed(tmp_path, content, audited=False)
    assert header.count("fldChar ") == 3
    assert instruction.replace("&quot;", '"') in header
    assert "field" not in report.warnings


def test_a_heading_is_repeated_under_its_name_in_another_language(tmp_path):
    report = Report(tmp_path, localised())
    assert 'STYLEREF "Überschrift 1"' in report.running("header1")
    assert "reach beyond" not in report.warnings


def test_a_field_within_a_field_is_looked_at_by_itself(tmp_path):
    inner = field("INCLUDETEXT secret.docx", "included")
    outer = (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> IF 1 = 1 </w:instrText>'
        f'</w:r>{inner}<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>yes</w:t></w:r>'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )
    _, header = headed(tmp_path, paragraph("A ", "Header", outer))
    assert "INCLUDETEXT" not in header
    assert header.count("fldChar ") == 3
    hidden = outer.replace(" IF 1 = 1 ", "")
    _, header = headed(tmp_path, paragraph("A ", "Header", hidden))
    assert "fldChar" not in header
    assert shown(header) == "A yes"


@pytest.mark.parametrize("text", ["INCLUDETEXT a.docx", "DDEAUTO cmd"])
def test_an_instruction_split_over_runs_is_read_as_a_whole(tmp_path, text):
    chunks = (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        + "".join(f"<w:r><w:instrText>{letter}</w:instrText></w:r>" for letter in text[:6])
        + f"<w:r><w:t>{text[6:]}</w:t></w:r><w:r><w:instrText> PAGE</w:instrText></w:r>"
        + '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )
    report, header = headed(tmp_path, paragraph("A ", "Header", chunks))
    assert "fldChar" not in header
    assert text.split(" ")[0] in report.warnings


def test_a_field_that_does_not_end_becomes_text(tmp_path):
    open_end = (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>PAGE</w:instrText></w:r>'
        "<w:r><w:t>and more</w:t></w:r>"
    )
    _, header = headed(tmp_path, paragraph("A ", "Header", open_end))
    assert shown(header) == "A and more"
    assert "fldChar" not in header
    assert "PAGE" not in header


def test_fields_and_controls_that_show_the_title_show_that_of_the_session(tmp_path):
    control = (
        '<w:sdt><w:sdtPr><w:dataBinding w:xpath="/ns1:coreProperties[1]/ns0:title[1]" '
        'w:storeItemID="{6C3C8BC8-F283-45AE-878A-BAB7291924A1}"/></w:sdtPr><w:sdtContent>'
        "<w:r><w:t>[Document title]</w:t></w:r></w:sdtContent></w:sdt>"
    )
    report, header = headed(
        tmp_path,
        paragraph("", "Header", control + field("TITLE", "Old") + simple_field("SUBJECT", "x")),
    )
    assert shown(header) == "Port of HaldenPort of Halden" + "The IT Business Model Canvas"
    assert "w:sdt" not in header
    assert "beyond" not in report.warnings


def test_markup_of_template_languages_stays_text(tmp_path):
    hostile = "{{ 7 * 7 }} {% for a in b %} ${x} &lt;script&gt; =1+1 [bold]"
    _, header = headed(tmp_path, paragraph(hostile, "Header"))
    assert shown(header) == "{{ 7 * 7 }} {% for a in b %} ${x} <script> =1+1 [bold]"


def test_links_become_their_text(tmp_path):
    content = (
        '<w:p><w:hyperlink r:id="rId1"><w:r><w:t>acme.example</w:t></w:r></w:hyperlink>'
        + picture('r:embed="rId2"').removeprefix("<w:r>").join(("<w:r>", ""))
        + "</w:p>"
    )
    content = content.replace(
        'descr="Acme"/>', 'descr="Acme"><a:hlinkClick r:id="rId1"/></wp:docPr>'
    )
    own = [("rId1", "hyperlink", f"!{OUTSIDE}/"), ("rId2", "image", "media/logo.png")]
    report, header = headed(tmp_path, content, own, {"word/media/logo.png": png()})
    assert shown(header) == "acme.example"
    assert "hyperlink" not in header
    assert "hlinkClick" not in header
    assert "<w:drawing>" in header
    assert b"External" not in b"".join(report.parts.values())
    assert "has 2 links in its header or footer, of which the text or picture is left" in (
        report.warnings
    )


def test_a_linked_picture_goes_and_one_that_is_also_in_the_file_stays(tmp_path):
    own = [("rId1", "image", f"!{OUTSIDE}/a.png"), ("rId2", "image", "media/logo.png")]
    content = paragraph("A", "Header", picture('r:link="rId1"'))
    report, header = headed(tmp_path, content, own)
    assert "<w:drawing>" not in header
    assert "has 1 object in its header or footer that is linked" in report.warnings
    both = paragraph("A", "Header", picture('r:embed="rId2" r:link="rId1"'))
    _, header = headed(tmp_path, both, own, {"word/media/logo.png": png()})
    assert "<w:drawing>" in header
    assert "r:link" not in header


def test_a_vector_picture_leaves_the_bitmap_beside_it(tmp_path):
    svg = (
        '<a:extLst><a:ext uri="{96DAC541-7B7A-43D3-8B79-37D633B846F1}"><asvg:svgBlip '
        'xmlns:asvg="http://schemas.microsoft.com/office/drawing/2016/SVG/main" r:embed="rId3"/>'
        "</a:ext></a:extLst>"
    )
    own = [("rId2", "image", "media/logo.png"), ("rId3", "image", "media/logo.svg")]
    more = {"word/media/logo.png": png(), "word/media/logo.svg": "<svg/>"}
    report, header = headed(tmp_path, paragraph("A", "", picture('r:embed="rId2"', svg)), own, more)
    assert "<w:drawing>" in header
    assert "svg" not in header
    assert not [n for n in report.parts if n.endswith("svg")]


def test_old_drawings_lose_references_to_the_outside(tmp_path):
    watermark = (
        '<w:r><w:pict><v:shape id="s" style="width:90pt;height:30pt" href="http://outside.example" '
        'o:gfxdata="UEsDBA=="><v:imagedata r:id="rId2" src="file:///c:/logo.png" '
        'o:href="http://outside.example/a.png"/><v:textpath string="DRAFT"/></v:shape></w:pict>'
        "</w:r>"
    )
    own = [("rId2", "image", "media/logo.png")]
    more = {"word/media/logo.png": png()}
    _, header = headed(tmp_path, paragraph("A", "Header", watermark), own, more)
    assert 'string="DRAFT"' in header
    assert "imagedata" in header
    for word in ("href", "src=", "gfxdata", "outside"):
        assert word not in header


def test_embedded_objects_and_controls_go(tmp_path):
    content = paragraph(
        "A",
        "Header",
        '<w:r><w:object><v:shape id="s"/><o:OLEObject Type="Embed" ProgID="Package" r:id="rId2"/>'
        '</w:object></w:r><w:r><w:control r:id="rId3"/></w:r>',
    )
    own = [("rId2", "oleObject", "embeddings/a.bin"), ("rId3", "control", "activeX/a.xml")]
    more = {"word/embeddings/a.bin": b"x", "word/activeX/a.xml": "<a/>"}
    report, header = headed(tmp_path, content, own, more)
    assert "OLEObject" not in header
    assert "control" not in header
    assert "has 2 objects in its header or footer that are linked, embedded" in report.warnings


def test_tracked_changes_and_bookmarks_of_a_header_are_settled(tmp_path):
    content = (
        '<w:p><w:bookmarkStart w:id="1" w:name="blocks"/><w:del w:id="2" w:author="Jane"><w:r>'
        '<w:delText>gone</w:delText></w:r></w:del><w:ins w:id="3" w:author="Jane"><w:r>'
        '<w:t>new</w:t></w:r></w:ins><w:bookmarkEnd w:id="1"/></w:p>'
    )
    _, header = headed(tmp_path, content)
    assert shown(header) == "new"
    for word in ("gone", "Jane", "bookmark"):
        assert word not in header
