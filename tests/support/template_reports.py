"""Reports made on templates, for the tests of templates."""

from io import BytesIO

import docx
from docx_invariants import broken_rules, parts_of, w
from lxml import etree
from openxml_audit import OpenXmlValidator
from report_samples import IT, everything, session_on

from workshop.export.page_size import A4
from workshop.export.request import ReportRequest
from workshop.export.word import writer
from workshop.session.event_log import EventLog


def some(session):
    """A few answers: most of what a template changes does not depend on them."""
    return everything(session)[:4]


def written_on(folder, content, *, name="Acme.docx", bank=IT, events=some, page_size=A4, **given):
    """What the Word writer gives back for a session, on a template with that content."""
    session = session_on(bank, **given)
    path = folder / name
    path.write_bytes(content)
    return writer.write(
        ReportRequest(session, EventLog(events(session)), page_size=page_size, template=path)
    )


class Report:
    """A report on a template, taken apart."""

    def __init__(self, folder, content, **given):
        self.written = written_on(folder, content, **given)
        self.content = self.written.content
        self.parts = parts_of(self.content)
        self.document = etree.fromstring(self.parts["word/document.xml"])
        self.styles = etree.fromstring(self.parts["word/styles.xml"])
        self.warnings = " ".join(self.written.warnings)

    def style(self, name):
        """The style of that name."""
        for style in self.styles.iter(w("style")):
            if style.find(w("name")).get(w("val")) == name:
                return style
        raise KeyError(name)

    def style_of(self, text):
        """The name of the style in which the last paragraph that says that does so."""
        for paragraph in reversed(self.opened.paragraphs):
            if paragraph.text == text:
                return paragraph.style.name
        raise KeyError(text)

    @property
    def opened(self):
        """The report as python-docx reads it."""
        return docx.Document(BytesIO(self.content))

    def running(self, name="header"):
        """The XML of its headers or footers, joined."""
        found = (b for n, b in self.parts.items() if n.startswith(f"word/{name}"))
        return b"".join(found).decode()


def faults_of(folder, content):
    """What openxml-audit and our own rules find wrong."""
    path = folder / "checked.docx"
    path.write_bytes(content)
    audit = [str(e) for e in OpenXmlValidator().validate(path).errors]
    return audit + broken_rules(parts_of(content))
