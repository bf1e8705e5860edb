"""The rules that every report keeps, and that each of them is really looked at."""

import re

import pytest
from docx_invariants import broken_rules, parts_of
from report_languages import TONGUES, bank_in, spoken
from report_samples import ALIGNMENT, IT, answer, event, everything, many, session_on

from workshop.export.page_size import A4, LETTER
from workshop.export.word.writer import word_report
from workshop.session.event_log import EventLog
from workshop.session.events import (
    ActionAdded,
    AnswerRemoved,
    PointParked,
    QuestionSkipped,
    VoteCast,
)
from workshop.views.outline import build_outline


def parts(session, events, page_size=A4):
    return parts_of(word_report(build_outline(session, EventLog(events)), page_size))


@pytest.fixture(scope="module")
def full():
    """A report in which every kind of section, of canvas cell and of script occurs."""
    session = session_on(ALIGNMENT)
    said = many(session, 900)[:-1]
    events = [
        *(e for e in said + spoken(session) if e.body.question != session.addresses[3]),
        answer(5001, "gone.q", "What was said then"),
        event(5002, AnswerRemoved(answer="nobody")),
        event(5003, QuestionSkipped(question=session.addresses[3], reason="Later")),
        event(
            5004, PointParked(question=session.addresses[0], text="Who pays?", participant="Ann")
        ),
        event(5005, ActionAdded(text="Ask them", owner="Bob", due="June", participant="Ann")),
        event(5006, VoteCast(answer=said[0].id, dots=3)),
    ]
    return parts(session, events)


@pytest.mark.parametrize("page_size", [A4, LETTER], ids=["a4", "letter"])
@pytest.mark.parametrize("bank", [IT, ALIGNMENT])
@pytest.mark.parametrize("kind", ["empty", "typical", "overfull", "spoken"])
def test_reports_keep_all_rules(bank, kind, page_size):
    session = session_on(bank)
    events = {
        "empty": list,
        "typical": lambda: everything(session),
        "overfull": lambda: many(session, 2000),
        "spoken": lambda: spoken(session),
    }[kind]()
    assert broken_rules(parts(session, events, page_size)) == []


@pytest.mark.parametrize("language", TONGUES)
def test_reports_in_every_language_keep_all_rules(language):
    session = session_on(bank_in(language), title=TONGUES[language].title)
    assert broken_rules(parts(session, spoken(session))) == []


def test_the_full_report_keeps_all_rules(full):
    assert broken_rules(full) == []


FAULTS = {
    "is there twice": (r'w:name="block_002"', 'w:name="block_001"'),
    "bookmark id": (r'bookmarkStart w:id="5"', 'bookmarkStart w:id="6"'),
    "is too long": (r'w:name="appendix"', f'w:name="{"appendix" * 6}"'),
    "bookmarks do not end": (r'<w:bookmarkEnd w:id="3"/>', ""),
    "leads nowhere": (r'w:anchor="block_001"', 'w:anchor="block_999"'),
    "does not end in a paragraph": (r"</w:p></w:tc>", "</w:p><w:sdt/></w:tc>"),
    "does not add up to its width": (r'<w:gridCol w:w="\d+"/>', '<w:gridCol w:w="7"/>'),
    "has no tblCaption": (r'<w:tblCaption w:val="[^"]*"/>', ""),
    "has no tblDescription": (r'<w:tblDescription w:val="[^"]*"/>', ""),
    "header row is not marked": ("<w:tblHeader/>", ""),
    "canvas has a header row": ("<w:trHeight", "<w:tblHeader/><w:trHeight"),
    "is not that of its columns": (r'<w:gridSpan w:val="5"/>', '<w:gridSpan w:val="4"/>'),
    "continues nothing": (r'<w:vMerge w:val="restart"/>', ""),
    "is not continued": (r'<w:vMerge w:val="continue"/>', ""),
    "does not fill the grid": (r"<w:tc>(?:(?!</w:tc>).)*</w:tc></w:tr>", "</w:tr>"),
    "field does not end": (r'<w:r><w:fldChar w:fldCharType="end"/></w:r>', ""),
    "a field is dirty": (r'(fldChar w:fldCharType="begin")', r'\1 w:dirty="true"'),
    "asks to update fields": ("<w:zoom", "<w:updateFields/><w:zoom"),
    "end in its section": (r"</w:sectPr></w:body>", "</w:sectPr><w:p/></w:body>"),
    "style Question is not defined": (r'w:styleId="Question"', 'w:styleId="Other"'),
    "list 1 is not defined": (r'<w:num w:numId="1"', '<w:num w:numId="9"'),
    "relation": (r'Id="rId6"', 'Id="rId66"'),
    "part gone_header": (r'Target="header', 'Target="gone_header'),
    "jc is direct formatting": ('<w:pStyle w:val="Answer"/>', r'\g<0><w:jc w:val="right"/>'),
    "b is direct formatting": ('<w:rStyle w:val="AnswerMeta"/>', r"\g<0><w:b/>"),
    "a font is direct": ('<w:rFonts w:hint="eastAsia"/>', '<w:rFonts w:cs="Arial"/>'),
    "paragraph runs from left to right": ("<w:bidi/>", ""),
    "right-to-left letters run": ("<w:rtl/>", ""),
    "left-to-right letters run": ('<w:rStyle w:val="AnswerMeta"/>', r"\g<0><w:rtl/>"),
    "first heading": ('"CanvasTitle"', '"Heading2"'),
    "level 3 follows one of 1": ('<w:pStyle w:val="Heading2"/>', '<w:pStyle w:val="Note"/>'),
    "has no title": (r"<dc:title>[^<]*", "<dc:title>"),
    "has no language": (r"<dc:language>[^<]*", "<dc:language>"),
    "text has no language": (r'(<w:rPrDefault>.*?<w:lang) w:val="en-GB"', r"\1"),
    "theme has no language": (r"<w:themeFontLang[^>]*/>", ""),
}


@pytest.mark.parametrize("rule", FAULTS)
def test_a_fault_is_caught(full, rule):
    pattern, replacement = FAULTS[rule]
    spoiled, times = dict(full), 0
    for name, blob in full.items():
        if not times and name.startswith(("word/", "docProps/")) and "theme" not in name:
            text, times = re.subn(pattern, replacement, blob.decode(), count=1, flags=re.DOTALL)
            spoiled[name] = text.encode()
    assert times == 1, "the fault was not injected"
    assert any(rule in sentence for sentence in broken_rules(spoiled))
