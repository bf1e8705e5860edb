"""An event as its file has it."""

from workshop.session.events import AnswerAdded, Event, Unknown
from workshop.session.record import Record, records_from

SAID = Event("e1", "2027-03-01T09:00:00.000Z", "Anna", AnswerAdded(question="a.b", text="Rye",
                                                                   participant="Ben"))  # fmt: skip


def test_an_event_becomes_a_record_and_back() -> None:
    (record,) = records_from([SAID])
    assert record.event == SAID
    assert record.columns == (
        1,
        "e1",
        "2027-03-01T09:00:00.000Z",
        "Anna",
        "answer_added",
        '{"question":"a.b","text":"Rye","participant":"Ben"}',
        "",
        "",
    )


def test_the_seat_and_the_batch_of_an_event_are_in_its_record() -> None:
    event = SAID._replace(seat="phone-1", batch="b1")
    (record,) = records_from([event])
    assert (record.seat, record.batch) == record.columns[6:] == ("phone-1", "b1")
    assert record.event == event


def test_the_counters_of_new_records_continue_from_the_last() -> None:
    assert [record.counter for record in records_from([SAID, SAID], after=7)] == [8, 9]


def test_a_record_of_a_later_version_stays_to_the_letter() -> None:
    known = Record(
        1, "Anna", "e1", "", "answer_added", records_from([SAID])[0].body[:-1] + ',"x":1}'
    )
    unknown = Record(2, "Anna", "e2", "", "answer_sung", '{ "key": "C" }')
    assert known.event.body == SAID.body
    assert unknown.event.body == Unknown(original_kind="answer_sung", raw='{ "key": "C" }')
    assert records_from([unknown.event])[0].body == unknown.body


def test_records_are_in_the_order_of_the_counter_the_actor_and_the_id() -> None:
    keys = [(1, "Zoe", "a"), (2, "Anna", "b"), (2, "Anna", "c"), (2, "Ben", "a"), (10, "A", "a")]
    records = [Record(*key, at="", kind="k", body="{}") for key in keys]
    shuffled = [records[n] for n in (3, 0, 4, 2, 1)]
    assert sorted(shuffled) == records
    late_clock = Record(1, "A", "a", at="2099", kind="k", body="{}")
    assert sorted([records[1], late_clock]) == [late_clock, records[1]]


def test_the_event_of_a_record_is_cleaned_and_the_hashed_columns_are_not() -> None:
    record = Record(
        1, "An\x1b[31mna", "e1", "09\x00:00", "answer_removed", '{"answer":"x"}', "p\x00", "b\r"
    )
    assert (record.event.actor, record.event.at) == ("Anna", "09:00")
    assert (record.event.seat, record.event.batch) == ("p", "b")
    assert record.columns[3] == "An\x1b[31mna"
