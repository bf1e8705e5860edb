"""What a search finds, whatever shows it."""

import pytest
from report_samples import IT, answer, event, session_on

from workshop.session.event_log import EventLog
from workshop.session.events import ActionAdded, PointParked
from workshop.views.outline import build_outline
from workshop.views.search import search

SESSION = session_on(IT)
FIRST, LATER = SESSION.addresses[0], SESSION.addresses[6]
OUTLINE = build_outline(
    SESSION,
    EventLog(
        [
            answer(1, FIRST, "Drones", "Facilitator"),
            answer(2, FIRST, "Straße\nof shops", "Ann Berg"),
            answer(3, LATER, "Cheap drones", "Bob Dahl"),
            answer(4, "gone.question", "Old drones", "Bob Dahl"),
            event(5, PointParked(text="Who pays?", question=FIRST, participant="Ann Berg")),
            event(6, ActionAdded(text="Call", owner="Bob", due="June", participant="Ann Berg")),
        ]
    ),
)


def found(query):
    """Return the numbers of the answers, and the texts of the rest that `query` finds."""
    matches = search(OUTLINE, query)
    numbers = [a.number for m in matches.questions for a in m.question.answers]
    return numbers, [item.text for item in (*matches.parked, *matches.actions)]


@pytest.mark.parametrize(
    ("query", "answers", "others"),
    [
        ("DRONES", [1, 3, 4], []),
        ("STRASSE", [2], []),
        ("ann", [2], ["Who pays?"]),
        ("facilitator", [], []),
        ("bob", [3, 4], ["Call"]),
        (" june ", [], ["Call"]),
        ("customer environment", [1, 2], ["Who pays?"]),
        ("nothing such", [], []),
        ("", [1, 2, 3, 4], ["Who pays?", "Call"]),
    ],
)
def test_a_search_finds_what_is_shown(query, answers, others):
    assert found(query) == (answers, others)


def test_a_word_of_ours_between_owner_and_due_date_is_not_searched():
    assert found("by")[1] == []


def test_a_question_that_matches_is_found_without_answers():
    ask = SESSION.question(SESSION.addresses[1]).ask
    (match,) = search(OUTLINE, ask[:40]).questions
    assert (match.is_match, match.question.ask, match.question.answers) == (True, ask, ())


def test_a_question_is_found_for_its_answer_with_that_answer_alone():
    (match,) = search(OUTLINE, "shops").questions
    assert not match.is_match
    assert [a.number for a in match.question.answers] == [2]
