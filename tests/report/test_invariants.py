"""The rules that every report keeps, and that each of them is really looked at."""

import re

import pytest
from docx_invariants import broken_rules, parts_of
from report_samples import ALIGNMENT, IT, answer, event, everything, many, session_on

from workshop.report.outline import build_outline
from workshop.report.word.writer import word_report
from workshop.session.events import AnswerRemoved, QuestionSkipped
from workshop.session.state import Fold


def parts(session, events):
    return parts_of(word_report(build_outline(session, Fold(events))))


@pytest.fixture(scope="module")
def full():
    """A report in which every kind of section and every kind of canvas cell occurs."""
    session = session_on(ALIGNMENT)
    events = [
        *many(session, 900)[:-1],
        answer(5001, "gone.q", "What was said then"),
        event(5002, AnswerRemoved(answer="nobody")),
    ]
    return parts(
        session,
        [e for e in events if getattr(e.body, "question", "") != session.stops[3]]
        + [event(5003, QuestionSkipped(question=session.stops[3], reason="Later"))],
    )


@pytest.mark.parametrize("bank", [IT, ALIGNMENT])
@pytest.mark.parametrize("kind", ["empty", "typical", "overfull"])
def test_reports_keep_all_rules(bank, kind):
    session = session_on(bank)
    events = {"empty": [], "typical": everything(session), "overfull": many(session, 2000)}[kind]
    assert broken_rules(parts(session, events)) == []


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
    "is not that of its columns": (r'<w:gridSpan w:val="5"/>', '<w:gridSpan w:val="4"/>'),
    "continues nothing": (r'<w:vMerge w:val="restart"/>', ""),
    "does not fill the grid": (r"<w:tc>(?:(?!</w:tc>).)*</w:tc></w:tr>", "</w:tr>"),
    "field does not end": (r'<w:r><w:fldChar w:fldCharType="end"/></w:r>', ""),
    "end in its section": (r"</w:sectPr></w:body>", "</w:sectPr><w:p/></w:body>"),
    "style Question is not defined": (r'w:styleId="Question"', 'w:styleId="Other"'),
    "list 1 is not defined": (r'<w:num w:numId="1"', '<w:num w:numId="9"'),
    "relation": (r'Id="rId6"', 'Id="rId66"'),
    "part gone_header": (r'Target="header', 'Target="gone_header'),
}


@pytest.mark.parametrize("rule", FAULTS)
def test_a_fault_is_caught(full, rule):
    pattern, replacement = FAULTS[rule]
    spoiled, times = dict(full), 0
    for name, blob in full.items():
        if not times and name.startswith("word/") and "theme" not in name:
            text, times = re.subn(pattern, replacement, blob.decode(), count=1)
            spoiled[name] = text.encode()
    assert times == 1, "the fault was not injected"
    assert any(rule in sentence for sentence in broken_rules(spoiled))
