"""The laws of merging copies of one session."""

from collections.abc import Iterable
from itertools import permutations

from hypothesis import given
from merged_copies import ACTS, Copy, act, copies, state_of, texts

from workshop.session.events import AnswerEdited, Undone
from workshop.session.merge import MergedLog, merge_logs
from workshop.session.record import Record


@given(logs=copies())
def test_merging_gives_the_same_log_whichever_copy_comes_first(logs: list[list[Record]]) -> None:
    one, other = logs
    assert merge_logs(one, other) == merge_logs(other, one)


@given(logs=copies())
def test_merging_again_changes_nothing(logs: list[list[Record]]) -> None:
    one, other = logs
    merged = merge_logs(one, other).records
    for log in (one, other, merged):
        assert merge_logs(merged, log) == MergedLog(merged, ())
    assert merge_logs(one, one) == MergedLog(tuple(one), ())


@given(logs=copies(3, alike=False))
def test_three_copies_that_front_ends_wrote_merge_to_the_same_log_in_any_order(
    logs: list[list[Record]],
) -> None:
    one, two, three = logs
    expected = merge_logs(merge_logs(one, two).records, three).records
    assert merge_logs(one, merge_logs(two, three).records).records == expected
    assert merge_logs(merge_logs(three, one).records, two).records == expected


def test_words_that_only_two_undos_together_bring_back_may_depend_on_the_order() -> None:
    base = Copy("Zoe")
    answer = base.answers("rye")
    first, last = (base.happens(AnswerEdited(answer=answer, text="oats")) for _ in range(2))
    one, two, three = (base.copied(actor) for actor in ("Anna", "Ben", "Cem"))
    one.happens(AnswerEdited(answer=answer, text="salt"))
    two.happens(Undone(event=last))
    three.happens(Undone(event=first))  # no front end does so before it undid the last one
    assert [texts(copy.log) for copy in (one, two, three)] == [["salt"], ["oats"], ["oats"]]
    undone = merge_logs(two.log, three.log).records
    assert texts(undone) == ["rye"]
    assert texts(merge_logs(one.log, undone).records) == ["rye", "salt"]
    assert texts(merge_logs(merge_logs(one.log, two.log).records, three.log).records) == ["salt"]


@given(logs=copies())
def test_no_event_is_lost_and_each_copys_order_is_kept(logs: list[list[Record]]) -> None:
    one, other = logs
    merged = merge_logs(one, other).records
    for log in (one, other):
        of_the_copy = {record.id for record in log}
        assert [r for r in merged if r.id in of_the_copy] == log


@given(logs=copies())
def test_every_event_that_a_merge_adds_is_reported(logs: list[list[Record]]) -> None:
    one, other = logs
    union = merge_logs(one, other)
    added = {record.id for record in union.records} - {record.id for record in (*one, *other)}
    reported = [
        *(wording.added_id for wording in union.conflicting_wordings),
        *(reason.point_id for reason in union.conflicting_reasons),
    ]
    assert sorted(added) == sorted(reported)


@given(logs=copies())
def test_no_new_wording_is_hidden(logs: list[list[Record]]) -> None:
    one, other = logs
    assert new_words(logs) <= set(texts(merge_logs(one, other).records))


@given(logs=copies(3))
def test_no_new_wording_of_three_copies_is_hidden_in_any_order(logs: list[list[Record]]) -> None:
    for one, two, three in permutations(logs):
        merged = merge_logs(merge_logs(one, two).records, three).records
        assert new_words(logs) <= set(texts(merged))


def new_words(logs: list[list[Record]]) -> set[str]:
    """Return what answers that all copies began with say in a copy, and did not say before."""
    common = set(logs[0]).intersection(*logs[1:])
    base = state_of(sorted(common)).answers
    return {
        answer.text
        for log in logs
        for answer in state_of(log).answers.values()
        if answer.id in base and answer.text != base[answer.id].text
    }


@given(logs=copies())
def test_no_new_reason_to_skip_a_question_is_hidden(logs: list[list[Record]]) -> None:
    one, other = logs
    assert new_reasons(logs) <= reasons(merge_logs(one, other).records)


@given(logs=copies(3))
def test_no_new_reason_of_three_copies_is_hidden_in_any_order(logs: list[list[Record]]) -> None:
    for one, two, three in permutations(logs):
        merged = merge_logs(merge_logs(one, two).records, three).records
        assert new_reasons(logs) <= reasons(merged)


def new_reasons(logs: list[list[Record]]) -> set[tuple[str, str]]:
    """Return the questions that are skipped in a copy, with reasons that they did not have."""
    common = state_of(sorted(set(logs[0]).intersection(*logs[1:])))
    copies = [set(state_of(log).skipped.items()) for log in logs]
    return set[tuple[str, str]]().union(*copies) - set(common.skipped.items())


def reasons(log: Iterable[Record]) -> set[tuple[str, str]]:
    """Return the reasons to skip a question that can be seen, with the question."""
    state = state_of(log)
    parked = {(point.question, point.text.split(": ")[1]) for point in state.parked}
    return parked | set(state.skipped.items())


@given(before=ACTS, after=ACTS)
def test_a_copy_that_stayed_behind_adds_nothing(
    before: list[tuple[str, int, str]], after: list[tuple[str, int, str]]
) -> None:
    behind = act(Copy("Zoe"), before)
    ahead = act(behind.copied("Anna"), after)
    assert merge_logs(ahead.log, behind.log) == MergedLog(tuple(ahead.log), ())


@given(logs=copies(), later=ACTS)
def test_changes_after_a_merge_stay_when_a_copy_is_merged_again(
    logs: list[list[Record]], later: list[tuple[str, int, str]]
) -> None:
    one, other = logs
    went_on = act(Copy("Dora", list(merge_logs(one, other).records)), later).log
    assert merge_logs(went_on, other) == MergedLog(tuple(went_on), ())
