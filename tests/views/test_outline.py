"""The outline: the content of a report, before any file format comes in."""

import subprocess
import sys

import pytest
from report_samples import ALIGNMENT, IT, answer, event, everything, session_on

from workshop.session.event_log import EventLog
from workshop.session.events import (
    ActionAdded,
    AnswerAdded,
    AnswerRemoved,
    ParticipantJoined,
    PointParked,
    QuestionSkipped,
    Unknown,
    VoteCast,
)
from workshop.views.outline import build_outline


def outline_of(session, *events):
    return build_outline(session, EventLog(events))


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
    assert [p.ask for p in parts] == [session.question(a).ask for a in session.addresses]
    assert [[a.text for a in p.answers] for p in parts] == [
        [session.question(a).example] for a in session.addresses
    ]


def test_an_answer_has_the_name_to_show_and_the_name_of_who_gave_it():
    session = session_on(IT)
    outline = outline_of(
        session,
        answer(1, session.addresses[0], "Yes", "Facilitator"),
        answer(2, session.addresses[0], "No", "Ann"),
    )
    answers = outline.sections[0].questions[0].answers
    assert [(a.name, a.participant) for a in answers] == [("", "Facilitator"), ("Ann", "Ann")]


def test_the_participants_are_named_once_and_counted_alike():
    session = session_on(IT)
    outline = outline_of(
        session,
        event(1, ParticipantJoined(name="Bob")),
        answer(2, session.addresses[0], "Yes", "Facilitator"),
        answer(3, session.addresses[0], "No", "Ann"),
    )
    assert ("Participants", "Bob, Ann") in [(f.label, f.text) for f in outline.facts]
    assert "2 participants" in outline.pages[0].subtitle
    assert "Participant" not in [f.label for f in outline_of(session).facts]


def test_an_answer_keeps_its_line_ends():
    session = session_on(IT)
    outline = outline_of(session, answer(1, session.addresses[0], "one\ntwo", "Ann"))
    assert outline.sections[0].questions[0].answers[0].text == "one\ntwo"


def test_a_skipped_question_is_marked_in_its_block_and_listed():
    session = session_on(IT)
    skip = QuestionSkipped(question=session.addresses[1], reason="No figures yet")
    outline = outline_of(session, event(1, skip))
    assert outline.sections[0].questions[1].skipped == "No figures yet"
    assert outline.sections[0].questions[0].skipped is None
    assert [(s.ask, s.reason) for s in outline.skipped] == [
        (session.question(session.addresses[1]).ask, "No figures yet")
    ]


def test_on_the_canvas_the_most_voted_answers_of_the_whole_block_come_first():
    session = session_on(IT)
    first, second = session.steps[0].addresses()[:2]
    outline = outline_of(
        session,
        answer(1, first, "one"),
        answer(2, first, "two"),
        answer(3, second, "three"),
        answer(4, second, "four"),
        event(5, VoteCast(answer=f"{4:032x}", dots=3)),
        event(6, VoteCast(answer=f"{2:032x}", dots=1)),
        event(7, VoteCast(answer=f"{4:032x}", dots=2)),
    )
    (block,) = [b for b in outline.pages[0].blocks if b.section == session.steps[0].id]
    assert block.answers == ("four", "two", "one", "three")
    answers = [(a.text, a.votes) for q in outline.sections[0].questions for a in q.answers]
    assert answers == [("one", 0), ("two", 1), ("three", 0), ("four", 5)]


def test_parked_points_name_the_section_in_which_they_came_up():
    session = session_on(ALIGNMENT, names={"higher": "Acme"})
    outline = outline_of(
        session,
        answer(1, session.addresses[0], "one", "Ann"),
        event(2, PointParked(text="Prices", question=session.addresses[0], participant="Ann")),
        event(3, PointParked(text="At the end", participant="Facilitator")),
        event(4, PointParked(text="Gone", question="gone.q", participant="Ann")),
    )
    assert [(p.text, p.block, p.name) for p in outline.parked] == [
        ("Prices", "Customer Segments · Acme", "Ann"),
        ("At the end", None, ""),
        ("Gone", None, "Ann"),
    ]


def test_actions_have_their_owner_and_due_date_as_typed():
    outline = outline_of(
        session_on(IT),
        event(1, ActionAdded(text="Call", owner="Ben", due="end of May", participant="Ann")),
        event(2, ActionAdded(text="Wait", participant="Ann")),
    )
    assert [(a.text, a.owner, a.due) for a in outline.actions] == [
        ("Call", "Ben", "end of May"),
        ("Wait", "", ""),
    ]


def test_the_summary_mentions_dots_points_and_actions_only_where_there_are_any():
    session = session_on(IT)
    first = answer(1, session.addresses[0], "one")
    vote = event(2, VoteCast(answer=first.id, dots=1))
    parked = event(3, PointParked(text="x", participant="Ann"))
    actions = [event(n, ActionAdded(text="x", participant="Ann")) for n in (4, 5)]
    plain = outline_of(session, first).summary
    assert plain.endswith("It holds 1 answer.")
    assert outline_of(session, first, vote).summary == f"{plain} In all, 1 answer has 1 dot."
    assert outline_of(session, first, vote, parked, *actions).summary == (
        f"{plain} In all, 1 answer has 1 dot, 1 point is parked and 2 actions are noted."
    )
    assert outline_of(session, parked).summary.endswith(
        "No question has been answered yet. In all, 1 point is parked."
    )


def test_answers_outside_the_walk_are_kept_as_orphans():
    session = session_on(IT, quick=True)
    outside = next(a for a in session.bank.questions if a not in session.addresses)
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
        event(2, Unknown(original_kind="\x1b[31mmood_felt\x9b0m\u202e"), at="not a time \x00"),
    )
    assert [(x.kind, x.at) for x in outline.unapplied] == [
        ("answer removed", "13 March 2025, 10:00 UTC"),
        ("mood felt", "unknown"),
    ]


def test_days_are_those_of_the_time_zone_in_which_the_session_began():
    session = session_on(IT, created="2025-03-13T09:00:00+13:00")  # the 12th, still, in UTC
    text = {"question": session.addresses[0], "text": "t", "participant": "A"}
    same_evening = event(1, AnswerAdded(**text), at="2025-03-13T10:30:00Z")
    after_midnight = event(2, AnswerAdded(**text), at="2025-03-13T11:30:00Z")
    assert outline_of(session).facts[0].text == "13 March 2025"
    assert outline_of(session, same_evening).facts[0].text == "13 March 2025"
    assert outline_of(session, after_midnight).facts[0].text == "13 to 14 March 2025"


def test_a_time_that_the_sessions_zone_cannot_hold_is_ignored():
    session = session_on(IT, created="2025-03-13T09:00:00+13:00")
    last = event(1, QuestionSkipped(question=session.addresses[0]), at="9999-12-31T23:59:59Z")
    assert outline_of(session, last).facts[0].text == "13 March 2025"


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
    assert "Only one model was walked: Lower Model." in outline.provenance


def test_the_provenance_mentions_a_quick_run():
    outline = outline_of(session_on(IT, quick=True))
    assert any("quick run" in sentence for sentence in outline.provenance)
    assert len([q for s in outline.sections for q in s.questions]) == 13


def test_the_summary_puts_the_numbers_into_sentences():
    session = session_on(IT)
    assert outline_of(session).summary == (
        "The session covers 13 blocks with 46 guiding questions. No question has been answered yet."
    )
    summary = outline_of(
        session,
        answer(1, session.addresses[0], "a", "Ann"),
        answer(2, session.addresses[0], "b", "Bob"),
        event(3, QuestionSkipped(question=session.addresses[1])),
    ).summary
    assert summary == (
        "The session covers 13 blocks with 46 guiding questions. Of these, 1 was answered, "
        "1 skipped and 44 left open. It holds 2 answers; the fullest block is Customer "
        "Environment, with 2."
    )


def test_no_block_is_called_the_fullest_where_several_have_the_most_answers():
    session = session_on(IT)
    first, second, third = (step.addresses()[0] for step in session.steps[:3])
    tied = [answer(n, at, f"{n}") for n, at in enumerate((third, first, third, first, second))]
    assert outline_of(session, *tied).summary.endswith(" It holds 5 answers.")
    more = answer(5, third, "one more")
    assert outline_of(session, *tied, more).summary.endswith(
        f" It holds 6 answers; the fullest block is {session.step_title(session.steps[2])}, with 3."
    )


def test_a_block_with_the_only_answer_is_not_called_the_fullest():
    session = session_on(IT)
    only = answer(1, session.addresses[0], "a")
    assert outline_of(session, only).summary.endswith(" It holds 1 answer.")


def test_outline_and_files_load_neither_python_docx_nor_lxml():
    code = (
        "import sys, workshop.views.outline, workshop.export.write_file;"
        "import workshop.export.layout.fit;"
        "print([m for m in ('docx', 'lxml', 'textual', 'click', 'slugify') if m in sys.modules])"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert result.stdout.strip() == "[]"
