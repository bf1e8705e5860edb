"""The answers as a table, and what changes in it."""

from datetime import UTC, datetime

from damage_support import OWN_BANK
from hypothesis import given
from hypothesis import strategies as st

from workshop.banks.yaml_loader import parse_bank
from workshop.session.answer_rows import AnswerRow, answer_changes, answer_rows
from workshop.session.event_log import EventLog
from workshop.session.events import (
    AnswerAdded,
    AnswerEdited,
    AnswerRemoved,
    AnyBody,
    Event,
    Undone,
    VoteCast,
)
from workshop.session.session import Session

SESSION = Session(
    id="0" * 32,
    title="Rows",
    mode="group",
    bank=parse_bank(OWN_BANK, "the tests' bank"),
    created=datetime(2027, 3, 1, 9, tzinfo=UTC),
)
IDS = st.sampled_from([f"e{n}" for n in range(12)])
BODIES = st.one_of(
    st.builds(
        AnswerAdded,
        question=st.sampled_from(["who.first", "what.first", "gone.away"]),
        text=st.sampled_from(["one", "two"]),
        participant=st.just("Anna"),
    ),
    st.builds(AnswerEdited, answer=IDS, text=st.sampled_from(["one", "three"])),
    st.builds(AnswerRemoved, answer=IDS),
    st.builds(VoteCast, answer=IDS, dots=st.integers(1, 3)),
    st.builds(Undone, event=IDS),
)


def logged(bodies: list[AnyBody]) -> list[Event]:
    """Return the bodies as events with the ids e0, e1 and so on."""
    return [Event(f"e{n}", "2027-03-01T09:00:00Z", "Anna", b) for n, b in enumerate(bodies)]


@given(bodies=st.lists(BODIES, max_size=12), known=st.integers(0, 12))
def test_the_changes_turn_the_rows_before_into_those_after(
    bodies: list[AnyBody], known: int
) -> None:
    events = logged(bodies)
    before, after = EventLog(events[:known]).state, EventLog(events).state
    rows = {row.number: row for row in answer_rows(SESSION, before)}
    changes = answer_changes(SESSION, before, after)
    assert all(rows.get(row.number) != row for row in changes.put)
    for number in changes.removed:
        del rows[number]
    rows |= {row.number: row for row in changes.put}
    assert sorted(rows.values()) == sorted(answer_rows(SESSION, after))


def test_the_rows_are_in_the_order_of_the_walk_and_numbered_within_each_question() -> None:
    bodies: list[AnyBody] = [
        AnswerAdded(question=address, text="x", participant="Anna")
        for address in ("gone.away", "what.first", "who.first", "what.first", "gone.too")
    ]
    rows = answer_rows(SESSION, EventLog(logged(bodies)).state)
    assert [(row.question, row.place, row.number) for row in rows] == [
        ("who.first", 1, 3),
        ("what.first", 1, 2),
        ("what.first", 2, 4),
        ("gone.away", 1, 1),
        ("gone.too", 1, 5),
    ]
    assert [row.position for row in rows][:3] == [SESSION.addresses.index(row.question)
                                                  for row in rows[:3]]  # fmt: skip
    assert rows[0].ask == SESSION.question("who.first").ask
    assert rows[-1][2:6] == (None, None, "gone.too", None)


def test_a_row_has_what_people_expect_of_an_answer() -> None:
    bodies = [
        AnswerAdded(question="who.first", text="Bakers", participant="Ben"),
        VoteCast(answer="e0", dots=3),
    ]
    (row,) = answer_rows(SESSION, EventLog(logged(bodies)).state)
    assert row == AnswerRow(
        1, 0, "who", None, "who.first", "Who is it for?", "Bakers", "Ben", 3, None, "", 1,
        "2027-03-01T09:00:00Z",
    )  # fmt: skip
