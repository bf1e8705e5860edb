"""Whose name is shown, as a table: who joined when, who answered, and what stands where."""

import pytest
from report_samples import IT, answer, event, session_on

from workshop.session.event_log import EventLog
from workshop.session.events import AnswerRemoved, ParticipantJoined, PositionMoved
from workshop.views.attribution import attribute

CASES = [
    # mode, joined before and after the first question, who answered → names after answers, cover
    ("solo", [], [], ["Me"], [""], ()),
    ("solo", ["Ines"], [], ["Ines"], [""], ("Ines",)),
    ("solo", ["Ines"], ["Tom"], ["Ines"], [""], ("Ines",)),
    ("solo", ["Ines"], [], ["Ines", "Tom"], ["Ines", "Tom"], ("Ines", "Tom")),
    ("solo", ["Ines"], [], ["Tom"], ["Tom"], ("Ines", "Tom")),
    ("solo", [], ["Tom"], ["Me", "Tom"], ["", "Tom"], ("Tom",)),
    ("solo", [], ["Tom"], ["Tom"], [""], ("Tom",)),
    ("group", [], [], ["Facilitator"], [""], ()),
    ("group", ["Anna", "Ben"], [], ["Facilitator"], [""], ("Anna", "Ben")),
    ("group", ["Anna"], [], ["Facilitator", "Anna"], ["", "Anna"], ("Anna",)),
    ("group", ["Anna"], ["Cem"], ["Anna"], ["Anna"], ("Anna",)),
    ("group", [], ["Cem"], ["Ben", "Cem", ""], ["Ben", "Cem", ""], ("Cem", "Ben")),
]


def bodies(joined, joined_later, at):
    """Return the events of people who join before and after the first question, at `at`."""
    return (
        *(ParticipantJoined(name=name) for name in joined),
        PositionMoved(question=at),
        *(ParticipantJoined(name=name) for name in joined_later),
    )


@pytest.mark.parametrize(("mode", "joined", "later", "speakers", "shown", "cover"), CASES)
def test_a_name_is_shown_where_it_tells_people_apart(mode, joined, later, speakers, shown, cover):
    session = session_on(IT, mode=mode)
    at = session.addresses[0]
    events = [event(n, body) for n, body in enumerate(bodies(joined, later, at), 100)]
    answers = [answer(n, at, "text", name) for n, name in enumerate(speakers)]
    attribution = attribute(session, EventLog([*events, *answers]).state)
    assert [attribution.name(name) for name in speakers] == shown
    assert attribution.participants == cover


def test_who_has_no_answer_left_and_was_not_named_at_the_start_is_not_on_the_cover():
    session = session_on(IT, mode="solo")
    at = session.addresses[0]
    log = [
        *(event(n, body) for n, body in enumerate(bodies(["Ines"], ["Tom"], at), 100)),
        answer(1, at, "one", "Ines"),
        answer(2, at, "two", "Tom"),
        event(3, AnswerRemoved(answer=f"{2:032x}")),
    ]
    attribution = attribute(session, EventLog(log).state)
    assert attribution.participants == ("Ines",)
    assert attribution.name("Ines") == ""


def test_whoever_else_speaks_in_a_session_for_one_is_named_at_once():
    session = session_on(IT, mode="solo")
    joined = event(1, ParticipantJoined(name="Ines"))
    attribution = attribute(session, EventLog([joined]).state)
    assert [attribution.name(name) for name in ("Ines", "Tom")] == ["", "Tom"]
