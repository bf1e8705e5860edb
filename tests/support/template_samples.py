"""Word templates as companies have them, made in code: no binary files, and every part in sight."""

import struct
import zlib
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
NAMESPACES = (
    f'xmlns:w="{WORD}" xmlns:r="{RELATIONS}" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture" '
    'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"'
)
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPES = "application/vnd.openxmlformats-officedocument.wordprocessingml"
KINDS = {
    "docx": f"{_TYPES}.document.main+xml",
    "dotx": f"{_TYPES}.template.main+xml",
    "docm": "application/vnd.ms-word.document.macroEnabled.main+xml",
    "dotm": "application/vnd.ms-word.template.macroEnabledTemplate.main+xml",
}

A4_PAGE = (
    '<w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1985" w:right="1134" w:bottom="1418" '
    'w:left="1701" w:header="709" w:footer="567" w:gutter="0"/>'
)
LETTER_PAGE = A4_PAGE.replace("11906", "12240").replace("16838", "15840")
LANDSCAPE_PAGE = A4_PAGE.replace(
    'w:w="11906" w:h="16838"', 'w:w="16838" w:h="11906" w:orient="landscape"'
)


def png(width=96, height=32, colour=(122, 31, 61)):
    """A picture of one colour."""

    def chunk(name, content):
        check = struct.pack(">I", zlib.crc32(name + content))
        return struct.pack(">I", len(content)) + name + content + check

    row = b"\0" + bytes(colour) * width
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
        + chunk(b"IDAT", zlib.compress(row * height))
        + chunk(b"IEND", b"")
    )


def style(style_id, name, *, kind="paragraph", base="", more="", ppr="", rpr="", default=False):
    mark = ' w:default="1"' if default else ""
    based = f'<w:basedOn w:val="{base}"/>' if base else ""
    properties = (f"<w:pPr>{ppr}</w:pPr>" if ppr else "") + (f"<w:rPr>{rpr}</w:rPr>" if rpr else "")
    return (
        f'<w:style w:type="{kind}"{mark} w:styleId="{style_id}"><w:name w:val="{name}"/>'
        f"{more}{based}{properties}</w:style>"
    )


def heading(style_id, name, level, *, rpr="", ppr="", base="Normal"):
    return style(
        style_id,
        name,
        base=base,
        ppr=f'<w:keepNext/>{ppr}<w:outlineLvl w:val="{level - 1}"/>',
        rpr=f'{rpr}<w:color w:val="7A1F3D"/><w:sz w:val="{44 - 8 * level}"/>',
    )


def fonts(name):
    return f'<w:rFonts w:ascii="{name}" w:hAnsi="{name}" w:cs="{name}"/>'


DEFAULTS = (
    "<w:docDefaults><w:rPrDefault><w:rPr>"
    + fonts("Liberation Serif")
    + '<w:sz w:val="22"/><w:szCs w:val="22"/><w:lang w:val="de-DE" w:eastAsia="ja-JP"/>'
    "</w:rPr></w:rPrDefault><w:pPrDefault><w:pPr>"
    '<w:spacing w:after="160" w:line="259" w:lineRule="auto"/></w:pPr></w:pPrDefault>'
    "</w:docDefaults>"
)
TECHNICAL = (
    style("DefaultParagraphFont", "Default Paragraph Font", kind="character", default=True)
    + '<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/>'
    '<w:tblPr><w:tblInd w:w="0" w:type="dxa"/><w:tblCellMar><w:top w:w="0" w:type="dxa"/>'
    '<w:left w:w="108" w:type="dxa"/><w:bottom w:w="0" w:type="dxa"/>'
    '<w:right w:w="108" w:type="dxa"/></w:tblCellMar></w:tblPr></w:style>'
    + style("NoList", "No List", kind="numbering", default=True)
)
SANS = fonts("Liberation Sans")


def headings(
    ids=("Heading1", "Heading2", "Heading3"), names=("heading 1", "heading 2", "heading 3")
):
    return "".join(
        heading(style_id, name, level, rpr=SANS)
        for level, (style_id, name) in enumerate(zip(ids, names, strict=True), start=1)
    )


def style_sheet(*styles, defaults=DEFAULTS, normal=None):
    normal = style("Normal", "Normal", default=True) if normal is None else normal
    return f"<w:styles {NAMESPACES}>{defaults}{normal}{TECHNICAL}{''.join(styles)}</w:styles>"


COMPANY = style_sheet(
    headings(),
    style(
        "Title", "Title", base="Normal", rpr=f'{SANS}<w:color w:val="7A1F3D"/><w:sz w:val="60"/>'
    ),
    style("Header", "header", base="Normal", rpr='<w:sz w:val="16"/>'),
    style("Footer", "footer", base="Normal", rpr='<w:sz w:val="16"/>'),
)


def paragraph(text, style_id="", content=""):
    named = f'<w:pPr><w:pStyle w:val="{style_id}"/></w:pPr>' if style_id else ""
    return f"<w:p>{named}<w:r><w:t>{text}</w:t></w:r>{content}</w:p>"


def simple_field(instruction, result):
    return f'<w:fldSimple w:instr=" {instruction} "><w:r><w:t>{result}</w:t></w:r></w:fldSimple>'


def field(instruction, result):
    return (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        f'<w:r><w:instrText xml:space="preserve"> {instruction} </w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
        f'<w:r><w:t>{result}</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


def picture(reference, extra=""):
    return (
        '<w:r><w:drawing><wp:inline><wp:extent cx="1219200" cy="406400"/>'
        '<wp:docPr id="1" name="Logo" descr="Acme"/><a:graphic><a:graphicData '
        'uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic><pic:nvPicPr>'
        '<pic:cNvPr id="1" name="Logo"/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill>'
        f"<a:blip {reference}>{extra}</a:blip><a:stretch><a:fillRect/></a:stretch></pic:blipFill>"
        '<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="1219200" cy="406400"/></a:xfrm>'
        '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData>'
        "</a:graphic></wp:inline></w:drawing></w:r>"
    )


def relations(entries):
    """Relations as XML: id, the last word of the type (or all of it), target; "!" is outside."""
    rows = ""
    for name, kind, target in entries:
        word = kind if ":" in kind else f"{RELATIONS}/{kind}"
        mode = ' TargetMode="External"' if target.startswith("!") else ""
        place = target.removeprefix("!")
        rows += f'<Relationship Id="{name}" Type="{word}" Target="{place}"{mode}/>'
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{rows}</Relationships>'


def archive(parts):
    """Parts in an archive: a name is followed by text or bytes."""
    stream = BytesIO()
    with ZipFile(stream, "w", ZIP_DEFLATED) as packed:
        for name, content in parts.items():
            packed.writestr(name, content)
    return stream.getvalue()


def template_parts(
    styles=COMPANY,
    *,
    page=A4_PAGE,
    running=None,
    first_page=False,
    body=None,
    settings="",
    kind="docx",
    more=None,
    related=(),
):
    """The parts of a template.

    `running` are headers and footers: by ("header", "default") and the like the content and the
    relations of a part. `more` are further parts, `related` relations of the main part to them.
    """
    parts, references, entries, overrides = {}, "", [("rId1", "styles", "styles.xml")], []
    for number, ((name, place), given) in enumerate((running or {}).items(), start=1):
        content, own = given if isinstance(given, tuple) else (given, ())
        root = "hdr" if name == "header" else "ftr"
        parts[f"word/{name}{number}.xml"] = f"<w:{root} {NAMESPACES}>{content}</w:{root}>"
        if own:
            parts[f"word/_rels/{name}{number}.xml.rels"] = relations(own)
        entries.append((f"rId1{number}", name, f"{name}{number}.xml"))
        references += f'<w:{name}Reference w:type="{place}" r:id="rId1{number}"/>'
        overrides.append((f"word/{name}{number}.xml", f"{_TYPES}.{name}+xml"))
    if settings:
        parts["word/settings.xml"] = f"<w:settings {NAMESPACES}>{settings}</w:settings>"
        entries.append(("rId2", "settings", "settings.xml"))
        overrides.append(("word/settings.xml", f"{_TYPES}.settings+xml"))
    body = paragraph("THE TEMPLATE'S OWN TEXT", "Heading1") if body is None else body
    section = f"<w:sectPr>{references}{page}{'<w:titlePg/>' if first_page else ''}</w:sectPr>"
    types = "".join(
        f'<Override PartName="/{name}" ContentType="{content_type}"/>'
        for name, content_type in (
            ("word/document.xml", KINDS[kind]),
            ("word/styles.xml", f"{_TYPES}.styles+xml"),
            *overrides,
        )
    )
    return {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        '<Default Extension="png" ContentType="image/png"/>'
        '<Default Extension="bin" ContentType="application/octet-stream"/>'
        f"{types}</Types>",
        "_rels/.rels": relations([("rId1", "officeDocument", "word/document.xml")]),
        "word/document.xml": f"<w:document {NAMESPACES}>"
        f"<w:body>{body}{section}</w:body></w:document>",
        "word/styles.xml": styles,
        "word/_rels/document.xml.rels": relations([*entries, *related]),
        **parts,
        **(more or {}),
    }


def template(*given, **named):
    """A template as the bytes of its file; see `template_parts`."""
    return archive(template_parts(*given, **named))


# ── templates as companies have them ─────────────────────────────────────────────────────────

PAGE_OF = paragraph("Page ", "Footer", field("PAGE", "1") + field("NUMPAGES", "9"))
LOGO = {
    ("header", "default"): (
        paragraph("ACME Ltd ", "Header", picture('r:embed="rId7"')),
        [("rId7", "image", "media/logo.png")],
    ),
    ("footer", "default"): PAGE_OF,
}


def with_logo(**given):
    return template(running=LOGO, more={"word/media/logo.png": png()}, **given)


def pandoc_like():
    """Styles named, based and typed as in the reference document of pandoc; no page, no header."""
    normal = style("Normal", "Normal", default=True)
    body = '<w:spacing w:before="180" w:after="180"/>'
    centred = '<w:keepNext/><w:keepLines/><w:jc w:val="center"/>'
    styles = style_sheet(
        style("BodyText", "Body Text", base="Normal", ppr=body),
        style("FirstParagraph", "First Paragraph", base="BodyText"),
        style("Compact", "Compact", base="BodyText"),
        style("Title", "Title", base="Normal", ppr=centred, rpr='<w:b/><w:color w:val="345A8A"/>'),
        style("Subtitle", "Subtitle", base="Title", ppr=centred, rpr='<w:sz w:val="30"/>'),
        style("Author", "Author", ppr=centred),
        style("Abstract", "Abstract", base="Normal"),
        "".join(
            heading(f"Heading{n}", f"Heading {n}", n, rpr="<w:b/>", base="Normal")
            for n in range(1, 10)
        ),
        style("BlockText", "Block Text", base="BodyText"),
        style("Caption", "Caption", base="Normal"),
        style("Hyperlink", "Hyperlink", kind="character", rpr='<w:color w:val="4F81BD"/>'),
        style("TOCHeading", "TOC Heading", base="Heading1"),
        normal=normal,
    )
    return template(styles, page="")


GERMAN = {
    "ids": ("berschrift1", "berschrift2", "berschrift3"),
    "names": ("heading 1", "heading 2", "heading 3"),
}


def localised():
    """As a German Word saves it: names in English, ids made of German ones."""
    styles = style_sheet(
        "".join(
            heading(style_id, name, level, rpr=SANS, base="Standard")
            for level, (style_id, name) in enumerate(
                zip(GERMAN["ids"], GERMAN["names"], strict=True), start=1
            )
        ),
        style("Titel", "Title", base="Standard", rpr=SANS),
        style("Kopfzeile", "header", base="Standard"),
        style("Fuzeile", "footer", base="Standard"),
        style("Verzeichnis1", "toc 1", base="Standard"),
        style("Answer", "Antwort auf dem Formular", base="Standard"),
        normal=style("Standard", "Normal", default=True),
    )
    header = paragraph("ACME GmbH ", "Kopfzeile", field('STYLEREF "Überschrift 1"', "Kapitel"))
    return template(styles, running={("header", "default"): header}, kind="dotx")


def renamed():
    """Headings of the company's own names, known by their level in the outline alone."""
    styles = style_sheet(
        heading("Kapitel", "Acme Kapitel", 1, rpr=SANS),
        heading("Abschnitt", "Acme Abschnitt", 2, rpr=SANS),
        heading("Absatz", "Acme Unterabschnitt", 3, rpr=SANS),
    )
    return template(styles)


def sprawling():
    """All that makes text wider or higher, in the style that everything is based on."""
    loud = style(
        "Normal",
        "Normal",
        default=True,
        ppr='<w:keepNext/><w:pBdr><w:top w:val="single" w:sz="24" w:space="20" w:color="FF0000"/>'
        '</w:pBdr><w:shd w:val="clear" w:color="auto" w:fill="FFEEEE"/>'
        '<w:spacing w:before="240" w:beforeAutospacing="1" w:after="240" w:line="480" '
        'w:lineRule="auto"/><w:ind w:left="720" w:right="720" w:firstLine="720"/>'
        '<w:jc w:val="both"/>',
        rpr=f'{fonts("DejaVu Sans")}<w:b/><w:i/><w:caps/><w:spacing w:val="60"/><w:w w:val="150"/>'
        '<w:position w:val="6"/><w:sz w:val="36"/><w:szCs w:val="36"/><w:u w:val="single"/>',
    )
    numbered = heading("Heading1", "heading 1", 1, ppr="<w:pageBreakBefore/>")
    return template(style_sheet(numbered, normal=loud))


def first_and_even():
    return template(
        running={
            (name, place): paragraph(f"{place} {name}", name.title())
            for place in ("default", "first", "even")
            for name in ("header", "footer")
        },
        first_page=True,
        settings="<w:evenAndOddHeaders/>",
    )


def tall_header():
    """A header and a footer that would push a canvas off its page between them."""
    lines = "".join(paragraph(f"Line {n} of the address", "Header") for n in range(10))
    return template(running={("header", "default"): lines, ("footer", "default"): lines})


def page_by_page():
    """Every paragraph begins a page and stays with the next one, unless it says otherwise."""
    broken = DEFAULTS.replace("<w:pPr>", "<w:pPr><w:keepNext/><w:pageBreakBefore/>")
    return template(COMPANY.replace(DEFAULTS, broken))


TEMPLATES = {
    "company": template,
    "pandoc-like": pandoc_like,
    "localised": localised,
    "renamed": renamed,
    "logo": with_logo,
    "letter": lambda: with_logo(page=LETTER_PAGE),
    "landscape": lambda: with_logo(page=LANDSCAPE_PAGE),
    "first-and-even": first_and_even,
    "sprawling": sprawling,
    "tall-header": tall_header,
    "page-by-page": page_by_page,
}
"""Every sample, by name."""
