"""What the outline says of a session, before any file format comes in."""

import subprocess
import sys

import pytest
from report_samples import ALIGNMENT, IT, answer, event, everything, session_on

from workshop.report.outline import build_outline
from workshop.session.events import (
    AnswerAdded,
    AnswerRemoved,
    ParticipantJoined,
    QuestionSkipped,
    Unknown,
)
from workshop.session.state import Fold


def outline_of(session, *events):
    return build_outline(session, Fold(events))


def test_sections_follow_the_walk_and_are_named_after_the_models():
    session = session_on(ALIGNMENT, names={"higher": "Acme", "lower": "Platform team"})
    titles = [s.title for s in outline_of(session).sections]
    assert titles == [session.step_title(step) for step in session.steps]
    assert titles[0] == "Customer Segments · Acme"
    assert titles[2] == "Customer Segments · Platform team"


@pytest.mark.parametrize("bank", [IT, ALIGNMENT])
def test_every_question_is_there_verbatim_with_its_answers(bank):
    session = session_on(bank)
    sections = outline_of(session, *everything(session)).sections
    parts = [q for s in sections for q in s.questions]
    assert [p.ask for p in parts] == [session.question(a).ask for a in session.stops]
    assert [[a.text for a in p.answers] for p in parts] == [
        [session.question(a).example] for a in session.stops
    ]


def test_a_single_default_speaker_is_not_named():
    session = session_on(IT)
    outline = outline_of(session, answer(1, session.stops[0], "Yes", "Facilitator"))
    assert outline.sections[0].questions[0].answers[0].participant is None
    assert [f.label for f in outline.facts] == ["Date", "Answers"]


def test_a_single_speaker_with_a_name_is_named():
    session = session_on(IT)
    outline = outline_of(session, answer(1, session.stops[0], "Yes", "Ann"))
    assert outline.sections[0].questions[0].answers[0].participant == "Ann"
    assert ("Participant", "Ann") in [(f.label, f.text) for f in outline.facts]


def test_two_speakers_are_named_in_the_order_in_which_they_joined():
    session = session_on(IT)
    outline = outline_of(
        session,
        event(1, ParticipantJoined(name="Bob")),
        answer(2, session.stops[0], "Yes", "Facilitator"),
        answer(3, session.stops[0], "No", "Ann"),
    )
    assert ("Participants", "Bob, Facilitator, Ann") in [(f.label, f.text) for f in outline.facts]


def test_lines_of_an_answer_stay_lines():
    session = session_on(IT)
    outline = outline_of(session, answer(1, session.stops[0], "one\ntwo", "Ann"))
    assert outline.sections[0].questions[0].answers[0].text == "one\ntwo"


def test_a_skipped_question_is_marked_in_its_block_and_listed():
    session = session_on(IT)
    skip = QuestionSkipped(question=session.stops[1], reason="No figures yet")
    outline = outline_of(session, event(1, skip))
    assert outline.sections[0].questions[1].skipped == "No figures yet"
    assert outline.sections[0].questions[0].skipped is None
    assert [(s.ask, s.reason) for s in outline.skipped] == [
        (session.question(session.stops[1]).ask, "No figures yet")
    ]


def test_answers_outside_the_walk_are_kept_as_orphans():
    session = session_on(IT, quick=True)
    outside = next(a for a in session.bank.questions if a not in session.stops)
    outline = outline_of(
        session, answer(1, outside, "Still said", "Ann"), answer(2, "gone.q", "Old", "Ann")
    )
    assert [(o.ask, o.answers[0].text) for o in outline.orphans] == [
        (session.question(outside).ask, "Still said"),
        ("A question that is gone: gone.q", "Old"),
    ]


def test_events_that_cannot_be_applied_are_reported():
    session = session_on(IT)
    outline = outline_of(
        session,
        event(1, AnswerRemoved(answer="nobody")),
        event(2, Unknown(was="vote_cast"), at="not a time \x00"),
    )
    assert [(x.what, x.at) for x in outline.lost] == [
        ("answer removed", "13 March 2025, 10:00 UTC"),
        ("vote cast", "unknown"),
    ]


def test_dates_come_from_the_session_and_never_from_the_clock():
    session = session_on(IT)
    late = event(1, AnswerAdded(question="x.y", text="t", participant="A"), at="2025-04-02T08:00Z")
    assert outline_of(session).facts[0].text == "12 March 2025"
    assert outline_of(session, late).facts[0].text == "12 March to 2 April 2025"
    assert outline_of(session, late).modified.isoformat() == "2025-04-02T08:00:00+00:00"


def test_stacked_models_have_a_page_each_and_one_together():
    outline = outline_of(session_on(ALIGNMENT, names={"higher": "Acme"}))
    assert [(p.title, p.rows, len(p.blocks), len(p.bands)) for p in outline.pages] == [
        ("Acme: Port of Halden", 3, 9, 0),
        ("Lower Model: Port of Halden", 3, 9, 0),
        ("Acme and Lower Model: Port of Halden", 6, 18, 2),
    ]


def test_a_session_for_one_level_has_one_canvas_of_that_level():
    session = session_on(ALIGNMENT, level="lower")
    outline = outline_of(session, *everything(session))
    assert [p.title for p in outline.pages] == ["Lower Model: Port of Halden"]
    assert len(outline.sections) == 9
    assert "Only one model was walked: Lower Model." in outline.made


def test_a_quick_run_says_so():
    outline = outline_of(session_on(IT, quick=True))
    assert any("quick run" in sentence for sentence in outline.made)
    assert len([q for s in outline.sections for q in s.questions]) == 13


def test_the_numbers_are_sentences():
    session = session_on(IT)
    assert outline_of(session).summary == (
        "The session covers 13 blocks with 46 guiding questions. No question has been answered yet."
    )
    said = outline_of(
        session,
        answer(1, session.stops[0], "a", "Ann"),
        answer(2, session.stops[0], "b", "Bob"),
        event(3, QuestionSkipped(question=session.stops[1])),
    ).summary
    assert said == (
        "The session covers 13 blocks with 46 guiding questions. Of these, 1 was answered, "
        "1 skipped and 44 left open. It holds 2 answers from 2 participants; the fullest block is "
        "Customer Environment, with 2."
    )


def test_outline_and_files_load_neither_python_docx_nor_lxml():
    code = (
        "import sys, workshop.report.outline, workshop.report.files, workshop.report.canvas_fit;"
        "print([m for m in ('docx', 'lxml', 'textual', 'click', 'slugify') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
