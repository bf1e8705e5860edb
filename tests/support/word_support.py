"""A session's Word report, as those read it who know its format alone."""

from docx_invariants import parts_of, w
from lxml import etree
from report_samples import answer, event

from workshop.export.page_size import A4
from workshop.export.word.writer import word_report
from workshop.session.event_log import EventLog
from workshop.session.events import ActionAdded, PointParked, QuestionSkipped, VoteCast
from workshop.views.outline import build_outline


def report(session, events, page_size=A4):
    return word_report(build_outline(session, EventLog(events)), page_size)


def document_of(content):
    return etree.fromstring(parts_of(content)["word/document.xml"])


def texts(content):
    """Each paragraph's text in the document, unzipped by hand; breaks are line ends."""
    return [
        "".join("\n" if e.tag == w("br") else e.text or "" for e in p.iter(w("t"), w("br")))
        for p in document_of(content).iter(w("p"))
    ]


def closing(session):
    """Votes, a skipped question, a parked point, and actions."""
    said = [answer(n, session.addresses[0], f"Answer {n}", "Ann Berg") for n in range(3)]
    return [
        *said,
        event(10, VoteCast(answer=said[1].id, dots=3)),
        event(11, VoteCast(answer=said[2].id, dots=1)),
        event(12, QuestionSkipped(question=session.addresses[1], reason="Later")),
        event(
            13, PointParked(question=session.addresses[0], text="Who pays?", participant="Bob Dahl")
        ),
        event(14, ActionAdded(text="Ask them", owner="Bob Dahl", due="in June", participant="Ann")),
        event(15, ActionAdded(text="Write it down", participant="Ann")),
    ]
