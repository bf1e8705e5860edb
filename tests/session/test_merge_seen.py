"""What people see after two copies of one session were merged."""

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


def test_the_answers_of_both_copies_are_in_the_merged_log() -> None:
    anna, ben = forked("Anna", "Ben")
    anna.answers("rye")
    ben.answers("oats", "salt")
    union = merge_logs(anna.log, ben.log)
    assert texts(union.records) == ["oats", "one", "rye", "salt", "three", "two"]
    assert union.conflicting_wordings == ()


def test_an_added_answer_keeps_the_seat_of_the_original_and_is_in_no_batch() -> None:
    anna, ben = forked("Anna", "Ben", texts=())
    answer = anna.answers("rye")
    anna.log[-1] = anna.log[-1]._replace(seat="phone-1", batch="pasted")
    ben.log.append(anna.log[-1])
    anna.happens(AnswerEdited(answer=answer, text="oats"))
    ben.happens(AnswerEdited(answer=answer, text="salt"))
    merged = merge_logs(anna.log, ben.log)
    (wording,) = merged.conflicting_wordings
    (added,) = (record for record in merged.records if record.id == wording.added_id)
    assert (added.seat, added.batch) == ("phone-1", "")


def test_events_are_ordered_by_counter_then_by_person_and_never_by_clock() -> None:
    anna, ben = forked("Anna", "Ben", texts=())
    ben.answers("b1", "b2", "b3")
    anna.answers("a1", "a2")
    late = [record._replace(at="1999-01-01T00:00:00.000Z") for record in ben.log]
    answers = [r.event.body.text for r in merge_logs(anna.log, late).records]
    assert answers == ["a1", "b1", "a2", "b2", "b3"]


def test_an_answer_changed_in_both_copies_keeps_one_wording_and_gets_a_twin_with_the_other() -> (
    None
):
    anna, ben = forked("Anna", "Ben")
    two = anna.log[1].id
    anna.happens(AnswerEdited(answer=two, text="two, says Anna"))
    ben.happens(AnswerEdited(answer=two, text="two, says Ben"))
    union = merge_logs(anna.log, ben.log)
    (wording,) = union.conflicting_wordings
    answers = state_of(union.records).answers
    assert wording.answer_id == two
    assert answers[two].text == "two, says Ben"
    assert answers[wording.added_id].text == "two, says Anna"
    assert answers[wording.added_id].question == "a.b"
    assert answers[wording.added_id].participant == "P"
    assert len(answers) == 4


def test_of_several_changes_in_a_copy_the_last_is_kept() -> None:
    anna, ben = forked("Anna", "Ben")
    two = anna.log[1].id
    for text in ("2", "ii", "deux"):
        anna.happens(AnswerEdited(answer=two, text=text))
    ben.happens(AnswerEdited(answer=two, text="zwei"))
    assert texts(merge_logs(anna.log, ben.log).records) == ["deux", "one", "three", "zwei"]


def test_the_same_change_in_both_copies_counts_once() -> None:
    anna, ben = forked("Anna", "Ben")
    for copy in (anna, ben):
        copy.happens(AnswerEdited(answer=copy.log[1].id, text="deux"))
    union = merge_logs(anna.log, ben.log)
    assert union.conflicting_wordings == ()
    assert texts(union.records) == ["deux", "one", "three"]


def test_a_change_that_was_undone_causes_no_conflict() -> None:
    anna, ben = forked("Anna", "Ben")
    anna.happens(Undone(event=anna.happens(AnswerEdited(answer=anna.log[1].id, text="deux"))))
    ben.happens(AnswerEdited(answer=ben.log[1].id, text="zwei"))
    union = merge_logs(anna.log, ben.log)
    assert union.conflicting_wordings == ()
    assert texts(union.records) == ["one", "three", "zwei"]


@pytest.mark.parametrize("first", ["Anna", "Ben"])
def test_an_answer_removed_in_one_copy_and_changed_in_the_other_keeps_the_new_words(
    first: str,
) -> None:
    remover, editor = forked(first, "Ben" if first == "Anna" else "Anna")
    two = remover.log[1].id
    remover.happens(AnswerRemoved(answer=two))
    editor.happens(AnswerEdited(answer=two, text="deux"))
    union = merge_logs(remover.log, editor.log)
    assert texts(union.records) == ["deux", "one", "three"]
    assert [w.answer_id for w in union.conflicting_wordings] == [two]


def test_an_answer_that_both_copies_bring_back_and_change_keeps_both_wordings() -> None:
    anna, ben = forked("Anna", "Ben")
    two = anna.log[1].id
    gone = anna.happens(AnswerRemoved(answer=two))
    ben.log = list(anna.log)
    for copy, words in ((anna, "deux"), (ben, "zwei")):
        copy.happens(Undone(event=gone), AnswerEdited(answer=two, text=words))
    union = merge_logs(anna.log, ben.log)
    assert texts(union.records) == ["deux", "one", "three", "zwei"]
    assert merge_logs(union.records, anna.log) == MergedLog(union.records, ())


def test_an_answer_removed_in_both_copies_returns_if_one_brings_it_back() -> None:
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
    assert [w.answer_id for w in union.conflicting_wordings] == [two]


def test_an_answer_that_both_copies_bring_back_and_one_changes_has_no_twin() -> None:
    anna, ben = forked("Anna", "Ben")
    two = anna.log[1].id
    gone = anna.happens(AnswerRemoved(answer=two))
    ben.log = list(anna.log)
    ben.happens(Undone(event=gone))
    anna.happens(Undone(event=gone), AnswerEdited(answer=two, text="deux"))
    union = merge_logs(anna.log, ben.log)
    assert texts(union.records) == ["deux", "one", "three"]
    assert union.conflicting_wordings == ()


def test_an_answer_removed_in_one_copy_alone_stays_removed() -> None:
    anna, ben = forked("Anna", "Ben")
    anna.happens(AnswerRemoved(answer=anna.log[1].id))
    ben.happens(PositionMoved(question="a.c"))
    union = merge_logs(anna.log, ben.log)
    assert texts(union.records) == ["one", "three"]
    assert union.conflicting_wordings == ()


def test_votes_of_both_copies_add_up() -> None:
    anna, ben = forked("Anna", "Ben")
    two = anna.log[1].id
    anna.happens(VoteCast(answer=two, dots=2))
    ben.happens(VoteCast(answer=two, dots=3))
    assert state_of(merge_logs(anna.log, ben.log).records).answers[two].votes == 5


def points(log: Iterable[Record]) -> list[tuple[str, str, str]]:
    return [(p.question, p.text, p.participant) for p in state_of(log).parked]


def test_of_two_reasons_to_skip_a_question_one_counts_and_the_other_becomes_a_parked_point() -> (
    None
):
    anna, ben = forked("Anna", "Ben")
    anna.happens(QuestionSkipped(question="a.c", reason="no money until May"))
    ben.happens(QuestionSkipped(question="a.c", reason="the law forbids it"))
    union = merge_logs(anna.log, ben.log)
    assert state_of(union.records).skipped == {"a.c": "the law forbids it"}
    text = "Reason to skip this question: no money until May"
    assert points(union.records) == [("a.c", text, "Anna")]
    (conflict,) = union.conflicting_reasons
    assert (conflict.question, conflict.point_id) == ("a.c", state_of(union.records).parked[0].id)
    assert merge_logs(union.records, anna.log) == MergedLog(union.records, ())


def test_the_reason_to_skip_a_question_that_the_other_copy_answers_becomes_a_parked_point() -> None:
    anna, ben = forked("Anna", "Ben", texts=())
    anna.happens(QuestionSkipped(question="a.b", reason="no money until May"))
    ben.answers("Bread")
    union = merge_logs(anna.log, ben.log)
    assert texts(union.records) == ["Bread"]
    text = "Reason to skip this question: no money until May"
    assert points(union.records) == [("a.b", text, "Anna")]


@pytest.mark.parametrize("reason", ["", "the law forbids it"])
def test_a_reason_that_counts_or_that_both_copies_give_is_not_parked(reason: str) -> None:
    anna, ben = forked("Anna", "Ben")
    anna.happens(QuestionSkipped(question="a.c", reason=reason))
    ben.happens(QuestionSkipped(question="a.c", reason="the law forbids it"))
    union = merge_logs(anna.log, ben.log)
    assert state_of(union.records).skipped == {"a.c": "the law forbids it"}
    assert (points(union.records), union.conflicting_reasons) == ([], ())


def test_a_reason_that_one_copy_alone_replaced_or_undid_stays_that_way() -> None:
    base = Copy("Zoe")
    base.happens(QuestionSkipped(question="a.c", reason="no money until May"))
    skipped = base.happens(QuestionSkipped(question="a.d", reason="the law forbids it"))
    anna, ben = base.copied("Anna"), base.copied("Ben")
    anna.happens(QuestionSkipped(question="a.c", reason="no money at all"), Undone(event=skipped))
    ben.happens(PositionMoved(question="a.b"))
    union = merge_logs(anna.log, ben.log)
    assert state_of(union.records).skipped == {"a.c": "no money at all"}
    assert union.conflicting_reasons == ()


def test_the_longest_reason_and_the_longest_name_still_make_a_point() -> None:
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


def test_two_different_events_with_one_id_are_refused() -> None:
    anna, ben = forked("Anna", "Ben")
    ben.log[1] = ben.log[1]._replace(body=ben.log[0].body)
    with pytest.raises(BadFileError, match=r"disagree about what happened in event 2 .*nothing"):
        merge_logs(anna.log, ben.log)
