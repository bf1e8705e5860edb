"""What people see of two copies of one session that were united."""

from collections.abc import Iterable

import pytest
from merged_copies import Copy, forked, state_of, texts

from workshop.errors import BadFileError
from workshop.session.events import (
    AnswerEdited,
    AnswerRemoved,
    PositionMoved,
    QuestionSkipped,
    Undone,
    VoteCast,
)
from workshop.session.merge import MergedLog, merge_logs
from workshop.session.record import Record
from workshop.session.session import MAX_NAME
from workshop.text import MAX_CHARACTERS


def test_answers_of_both_copies_are_there() -> None:
    anna, ben = forked("Anna", "Ben")
    anna.answers("rye")
    ben.answers("oats", "salt")
    union = merge_logs(anna.log, ben.log)
    assert texts(union.records) == ["oats", "one", "rye", "salt", "three", "two"]
    assert union.parted == ()


def test_the_order_is_that_of_the_counters_then_the_people_and_never_of_clocks() -> None:
    anna, ben = forked("Anna", "Ben", texts=())
    ben.answers("b1", "b2", "b3")
    anna.answers("a1", "a2")
    late = [record._replace(at="1999-01-01T00:00:00.000Z") for record in ben.log]
    said = [r.event.body.text for r in merge_logs(anna.log, late).records]
    assert said == ["a1", "b1", "a2", "b2", "b3"]


def test_an_answer_changed_in_both_copies_says_the_one_and_stands_beside_the_other() -> None:
    anna, ben = forked("Anna", "Ben")
    two = anna.log[1].id
    anna.happens(AnswerEdited(answer=two, text="two, says Anna"))
    ben.happens(AnswerEdited(answer=two, text="two, says Ben"))
    union = merge_logs(anna.log, ben.log)
    (parted,) = union.parted
    answers = state_of(union.records).answers
    assert parted.answer == two
    assert answers[two].text == "two, says Ben"
    assert answers[parted.kept].text == "two, says Anna"
    assert answers[parted.kept].question == "a.b"
    assert answers[parted.kept].participant == "P"
    assert len(answers) == 4


def test_the_last_of_several_changes_in_a_copy_is_the_one_that_is_kept() -> None:
    anna, ben = forked("Anna", "Ben")
    two = anna.log[1].id
    for text in ("2", "ii", "deux"):
        anna.happens(AnswerEdited(answer=two, text=text))
    ben.happens(AnswerEdited(answer=two, text="zwei"))
    assert texts(merge_logs(anna.log, ben.log).records) == ["deux", "one", "three", "zwei"]


def test_the_same_change_in_both_copies_is_one_change() -> None:
    anna, ben = forked("Anna", "Ben")
    for copy in (anna, ben):
        copy.happens(AnswerEdited(answer=copy.log[1].id, text="deux"))
    union = merge_logs(anna.log, ben.log)
    assert union.parted == ()
    assert texts(union.records) == ["deux", "one", "three"]


def test_a_change_that_was_undone_parts_nothing() -> None:
    anna, ben = forked("Anna", "Ben")
    anna.happens(Undone(event=anna.happens(AnswerEdited(answer=anna.log[1].id, text="deux"))))
    ben.happens(AnswerEdited(answer=ben.log[1].id, text="zwei"))
    union = merge_logs(anna.log, ben.log)
    assert union.parted == ()
    assert texts(union.records) == ["one", "three", "zwei"]


@pytest.mark.parametrize("first", ["Anna", "Ben"])
def test_an_answer_taken_away_here_and_changed_there_keeps_the_new_words(first: str) -> None:
    remover, editor = forked(first, "Ben" if first == "Anna" else "Anna")
    two = remover.log[1].id
    remover.happens(AnswerRemoved(answer=two))
    editor.happens(AnswerEdited(answer=two, text="deux"))
    union = merge_logs(remover.log, editor.log)
    assert texts(union.records) == ["deux", "one", "three"]
    assert [p.answer for p in union.parted] == [two]


def test_an_answer_that_both_bring_back_and_change_keeps_the_words_of_both() -> None:
    anna, ben = forked("Anna", "Ben")
    two = anna.log[1].id
    gone = anna.happens(AnswerRemoved(answer=two))
    ben.log = list(anna.log)
    for copy, words in ((anna, "deux"), (ben, "zwei")):
        copy.happens(Undone(event=gone), AnswerEdited(answer=two, text=words))
    union = merge_logs(anna.log, ben.log)
    assert texts(union.records) == ["deux", "one", "three", "zwei"]
    assert merge_logs(union.records, anna.log) == MergedLog(union.records, ())


def test_an_answer_that_one_brings_back_and_the_other_took_away_too_is_there() -> None:
    anna, ben = forked("Anna", "Ben")
    two = anna.log[1].id
    ben.happens(AnswerEdited(answer=two, text="zwei"))
    gone = ben.happens(AnswerRemoved(answer=two))
    anna.happens(AnswerRemoved(answer=two))
    both = Copy("Anna", list(merge_logs(anna.log, ben.log).records))
    ben.happens(Undone(event=gone))
    assert texts(ben.log) == ["one", "three", "zwei"]
    union = merge_logs(both.log, ben.log)
    assert texts(union.records) == ["one", "three", "zwei"]
    assert [p.answer for p in union.parted] == [two]


def test_an_answer_that_both_bring_back_and_one_changes_has_no_twin() -> None:
    anna, ben = forked("Anna", "Ben")
    two = anna.log[1].id
    gone = anna.happens(AnswerRemoved(answer=two))
    ben.log = list(anna.log)
    ben.happens(Undone(event=gone))
    anna.happens(Undone(event=gone), AnswerEdited(answer=two, text="deux"))
    union = merge_logs(anna.log, ben.log)
    assert texts(union.records) == ["deux", "one", "three"]
    assert union.parted == ()


def test_an_answer_taken_away_in_one_copy_alone_stays_away() -> None:
    anna, ben = forked("Anna", "Ben")
    anna.happens(AnswerRemoved(answer=anna.log[1].id))
    ben.happens(PositionMoved(question="a.c"))
    union = merge_logs(anna.log, ben.log)
    assert texts(union.records) == ["one", "three"]
    assert union.parted == ()


def test_votes_of_both_copies_add_up() -> None:
    anna, ben = forked("Anna", "Ben")
    two = anna.log[1].id
    anna.happens(VoteCast(answer=two, dots=2))
    ben.happens(VoteCast(answer=two, dots=3))
    assert state_of(merge_logs(anna.log, ben.log).records).answers[two].dots == 5


def points(log: Iterable[Record]) -> list[tuple[str, str, str]]:
    return [(p.question, p.text, p.participant) for p in state_of(log).parked]


def test_of_two_reasons_to_skip_a_question_one_counts_and_the_other_is_a_parked_point() -> None:
    anna, ben = forked("Anna", "Ben")
    anna.happens(QuestionSkipped(question="a.c", reason="no money until May"))
    ben.happens(QuestionSkipped(question="a.c", reason="the law forbids it"))
    union = merge_logs(anna.log, ben.log)
    assert state_of(union.records).skipped == {"a.c": "the law forbids it"}
    text = "Reason to skip this question: no money until May"
    assert points(union.records) == [("a.c", text, "Anna")]
    (parked,) = union.parked
    assert (parked.question, parked.point) == ("a.c", state_of(union.records).parked[0].id)
    assert merge_logs(union.records, anna.log) == MergedLog(union.records, ())


def test_the_reason_to_skip_a_question_that_the_other_answers_is_a_parked_point() -> None:
    anna, ben = forked("Anna", "Ben", texts=())
    anna.happens(QuestionSkipped(question="a.b", reason="no money until May"))
    ben.answers("Bread")
    union = merge_logs(anna.log, ben.log)
    assert texts(union.records) == ["Bread"]
    text = "Reason to skip this question: no money until May"
    assert points(union.records) == [("a.b", text, "Anna")]


@pytest.mark.parametrize("reason", ["", "the law forbids it"])
def test_a_reason_that_counts_or_that_both_give_is_not_parked(reason: str) -> None:
    anna, ben = forked("Anna", "Ben")
    anna.happens(QuestionSkipped(question="a.c", reason=reason))
    ben.happens(QuestionSkipped(question="a.c", reason="the law forbids it"))
    union = merge_logs(anna.log, ben.log)
    assert state_of(union.records).skipped == {"a.c": "the law forbids it"}
    assert (points(union.records), union.parked) == ([], ())


def test_a_reason_that_one_copy_alone_replaced_or_took_back_stays_so() -> None:
    base = Copy("Zoe")
    base.happens(QuestionSkipped(question="a.c", reason="no money until May"))
    skipped = base.happens(QuestionSkipped(question="a.d", reason="the law forbids it"))
    anna, ben = base.copied("Anna"), base.copied("Ben")
    anna.happens(QuestionSkipped(question="a.c", reason="no money at all"), Undone(event=skipped))
    ben.happens(PositionMoved(question="a.b"))
    union = merge_logs(anna.log, ben.log)
    assert state_of(union.records).skipped == {"a.c": "no money at all"}
    assert union.parked == ()


def test_the_longest_reason_and_the_longest_name_make_a_point_all_the_same() -> None:
    anna, ben = forked("A" * 3000, "Ben")
    longest = "n" * MAX_CHARACTERS
    anna.happens(QuestionSkipped(question="a.c", reason=longest))
    ben.happens(QuestionSkipped(question="a.c", reason="the law forbids it"))
    assert points(merge_logs(anna.log, ben.log).records) == [("a.c", longest, "A" * MAX_NAME)]


def test_an_event_of_a_later_version_is_kept_to_the_letter() -> None:
    anna, ben = forked("Anna", "Ben")
    theirs = Record(9, "Ben", "f" * 32, "", "answer_sung", '{"key": "C♯",  "odd": [1]}')
    known = anna.log[0]._replace(id="e" * 32, counter=10, body=anna.log[0].body[:-1] + ',"x":1}')
    ben.log += [theirs, known]
    assert merge_logs(anna.log, ben.log).records[-2:] == (theirs, known)


def test_two_events_with_one_id_are_damage() -> None:
    anna, ben = forked("Anna", "Ben")
    ben.log[1] = ben.log[1]._replace(body=ben.log[0].body)
    with pytest.raises(BadFileError, match=r"disagree about what happened in event 2 .*nothing"):
        merge_logs(anna.log, ben.log)
