"""Uniting two copies of one session: the laws of it, and what people see of it."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workshop.errors import BadFileError
from workshop.session.events import (
    AnswerAdded,
    AnswerEdited,
    AnswerRemoved,
    AnyBody,
    PositionMoved,
    QuestionSkipped,
    Undone,
    VoteCast,
    kind_of,
    write_body,
)
from workshop.session.merge import Union, unite
from workshop.session.model import MAX_NAME
from workshop.session.record import Record
from workshop.session.state import Fold, SessionState
from workshop.text import MAX_CHARACTERS


@dataclass
class Copy:
    """A copy of a session, written by one person."""

    actor: str
    log: list[Record] = field(default_factory=list)
    written: int = 0

    def happens(self, *bodies: AnyBody) -> str:
        """Append events as a session file does; return the last one's id."""
        for body in bodies:
            self.written += 1
            counter = max((record.counter for record in self.log), default=0) + 1
            # Ids in no order, as UUIDs are.
            event_id = hashlib.md5(f"{self.actor} {self.written} {counter}".encode()).hexdigest()
            at = f"2027-03-01T{(7 * self.written) % 24:02}:00:00.000Z"  # clocks go as they like
            self.log.append(
                Record(counter, self.actor, event_id, at, kind_of(body), write_body(body))
            )
        return self.log[-1].id if self.log else ""

    def answers(self, *texts: str) -> str:
        return self.happens(*(AnswerAdded(question="a.b", text=t, participant="P") for t in texts))

    def copied(self, actor: str) -> "Copy":
        return Copy(actor, list(self.log))

    @property
    def state(self) -> SessionState:
        return state_of(self.log)


def state_of(log: Iterable[Record]) -> SessionState:
    return Fold(record.event for record in log).state


def texts(log: Iterable[Record]) -> list[str]:
    return sorted(answer.text for answer in state_of(log).answers.values())


def forked(*actors: str, texts: tuple[str, ...] = ("one", "two", "three")) -> list[Copy]:
    base = Copy("Zoe")
    base.answers(*texts)
    return [base.copied(actor) for actor in actors]


# ── what people do to copies ─────────────────────────────────────────────────────────────────

SKIPPED = ("a.b", "a.c")
"""Questions that are skipped; at the first one people answer, too."""
WORDS = st.sampled_from(["rye", "oats", "bread", "cake", "salt"])
ACTS = st.lists(
    st.tuples(
        st.sampled_from(["add", "edit", "edit", "remove", "undo", "move", "vote", "skip", "skip"]),
        st.integers(0, 50),
        WORDS,
    ),
    max_size=8,
)


def act(copy: Copy, acts: list[tuple[str, int, str]], *, alone: str = "") -> Copy:
    """Let things happen to a copy.

    With `alone`, nobody else would find the same words, and what is not there is neither changed
    nor removed, which no front end does.
    """
    for what, which, word in acts:
        answers = [r.id for r in copy.log if r.kind == "answer_added"]
        target = answers[which % len(answers)] if answers else "none"
        match what:
            case "add":
                copy.answers(word)
            case "edit" if not alone or target in copy.state.answers:
                text = f"{word} {alone} {len(copy.log)}" if alone else word
                copy.happens(AnswerEdited(answer=target, text=text))
            case "remove" if not alone or target in copy.state.answers:
                copy.happens(AnswerRemoved(answer=target))
            case "skip" if not alone or not copy.state.count(SKIPPED[which % 2]):
                reason = f"{word} {alone} {len(copy.log)}" if alone else word
                copy.happens(QuestionSkipped(question=SKIPPED[which % 2], reason=reason))
            case "undo" if copy.log:
                copy.happens(Undone(event=copy.log[which % len(copy.log)].id))
            case "vote":
                copy.happens(VoteCast(answer=target, dots=1 + which % 3))
            case _:
                copy.happens(PositionMoved(question=f"a.{word}"))
    return copy


@st.composite
def copies(draw: st.DrawFn, number: int = 2, *, alike: bool = True) -> list[list[Record]]:
    """Return the logs of copies that went separate ways from one session.

    People who do not think alike never find the same new words.
    """
    base = act(Copy("Zoe"), draw(ACTS))
    return [
        act(base.copied(actor), draw(ACTS), alone="" if alike else actor).log
        for actor in ("Anna", "Ben", "Cem")[:number]
    ]


# ── the laws ─────────────────────────────────────────────────────────────────────────────────


@given(logs=copies())
def test_it_is_the_same_whichever_copy_comes_first(logs: list[list[Record]]) -> None:
    one, other = logs
    assert unite(one, other) == unite(other, one)


@given(logs=copies())
def test_uniting_again_changes_nothing(logs: list[list[Record]]) -> None:
    one, other = logs
    united = unite(one, other).records
    for log in (one, other, united):
        assert unite(united, log) == Union(united, ())
    assert unite(one, one) == Union(tuple(one), ())


@given(logs=copies(3, alike=False))
def test_three_copies_that_front_ends_wrote_unite_to_the_same_in_any_order(
    logs: list[list[Record]],
) -> None:
    one, two, three = logs
    expected = unite(unite(one, two).records, three).records
    assert unite(one, unite(two, three).records).records == expected
    assert unite(unite(three, one).records, two).records == expected


@given(logs=copies())
def test_no_event_is_lost_and_each_copys_order_is_kept(logs: list[list[Record]]) -> None:
    one, other = logs
    united = unite(one, other).records
    for log in (one, other):
        of_the_copy = {record.id for record in log}
        assert [r for r in united if r.id in of_the_copy] == log


@given(logs=copies())
def test_what_is_added_is_only_what_is_reported(logs: list[list[Record]]) -> None:
    one, other = logs
    union = unite(one, other)
    added = {record.id for record in union.records} - {record.id for record in (*one, *other)}
    reported = [parted.kept for parted in union.parted] + [parked.point for parked in union.parked]
    assert sorted(added) == sorted(reported)


@given(logs=copies())
def test_no_new_words_vanish_from_sight(logs: list[list[Record]]) -> None:
    one, other = logs
    assert new_words(logs) <= set(texts(unite(one, other).records))


@given(logs=copies(3))
def test_no_new_words_of_three_copies_vanish_in_any_order(logs: list[list[Record]]) -> None:
    for one, two, three in permutations(logs):
        united = unite(unite(one, two).records, three).records
        assert new_words(logs) <= set(texts(united))


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
def test_no_new_reason_to_skip_a_question_vanishes_from_sight(logs: list[list[Record]]) -> None:
    one, other = logs
    assert new_reasons(logs) <= reasons(unite(one, other).records)


@given(logs=copies(3))
def test_no_new_reason_of_three_copies_vanishes_in_any_order(logs: list[list[Record]]) -> None:
    for one, two, three in permutations(logs):
        united = unite(unite(one, two).records, three).records
        assert new_reasons(logs) <= reasons(united)


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
    assert unite(ahead.log, behind.log) == Union(tuple(ahead.log), ())


@given(logs=copies(), later=ACTS)
def test_what_people_do_after_a_merge_stays_when_a_copy_comes_again(
    logs: list[list[Record]], later: list[tuple[str, int, str]]
) -> None:
    one, other = logs
    went_on = act(Copy("Dora", list(unite(one, other).records)), later).log
    assert unite(went_on, other) == Union(tuple(went_on), ())


# ── what people see ──────────────────────────────────────────────────────────────────────────


def test_answers_of_both_copies_are_there() -> None:
    anna, ben = forked("Anna", "Ben")
    anna.answers("rye")
    ben.answers("oats", "salt")
    union = unite(anna.log, ben.log)
    assert texts(union.records) == ["oats", "one", "rye", "salt", "three", "two"]
    assert union.parted == ()


def test_the_order_is_that_of_the_counters_then_the_people_and_never_of_clocks() -> None:
    anna, ben = forked("Anna", "Ben", texts=())
    ben.answers("b1", "b2", "b3")
    anna.answers("a1", "a2")
    late = [record._replace(at="1999-01-01T00:00:00.000Z") for record in ben.log]
    said = [r.event.body.text for r in unite(anna.log, late).records]
    assert said == ["a1", "b1", "a2", "b2", "b3"]


def test_an_answer_changed_in_both_copies_says_the_one_and_stands_beside_the_other() -> None:
    anna, ben = forked("Anna", "Ben")
    two = anna.log[1].id
    anna.happens(AnswerEdited(answer=two, text="two, says Anna"))
    ben.happens(AnswerEdited(answer=two, text="two, says Ben"))
    union = unite(anna.log, ben.log)
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
    assert texts(unite(anna.log, ben.log).records) == ["deux", "one", "three", "zwei"]


def test_the_same_change_in_both_copies_is_one_change() -> None:
    anna, ben = forked("Anna", "Ben")
    for copy in (anna, ben):
        copy.happens(AnswerEdited(answer=copy.log[1].id, text="deux"))
    union = unite(anna.log, ben.log)
    assert union.parted == ()
    assert texts(union.records) == ["deux", "one", "three"]


def test_a_change_that_was_undone_parts_nothing() -> None:
    anna, ben = forked("Anna", "Ben")
    anna.happens(Undone(event=anna.happens(AnswerEdited(answer=anna.log[1].id, text="deux"))))
    ben.happens(AnswerEdited(answer=ben.log[1].id, text="zwei"))
    union = unite(anna.log, ben.log)
    assert union.parted == ()
    assert texts(union.records) == ["one", "three", "zwei"]


@pytest.mark.parametrize("first", ["Anna", "Ben"])
def test_an_answer_taken_away_here_and_changed_there_keeps_the_new_words(first: str) -> None:
    remover, editor = forked(first, "Ben" if first == "Anna" else "Anna")
    two = remover.log[1].id
    remover.happens(AnswerRemoved(answer=two))
    editor.happens(AnswerEdited(answer=two, text="deux"))
    union = unite(remover.log, editor.log)
    assert texts(union.records) == ["deux", "one", "three"]
    assert [p.answer for p in union.parted] == [two]


def test_an_answer_that_both_bring_back_and_change_keeps_the_words_of_both() -> None:
    anna, ben = forked("Anna", "Ben")
    two = anna.log[1].id
    gone = anna.happens(AnswerRemoved(answer=two))
    ben.log = list(anna.log)
    for copy, words in ((anna, "deux"), (ben, "zwei")):
        copy.happens(Undone(event=gone), AnswerEdited(answer=two, text=words))
    union = unite(anna.log, ben.log)
    assert texts(union.records) == ["deux", "one", "three", "zwei"]
    assert unite(union.records, anna.log) == Union(union.records, ())


def test_an_answer_that_one_brings_back_and_the_other_took_away_too_is_there() -> None:
    anna, ben = forked("Anna", "Ben")
    two = anna.log[1].id
    ben.happens(AnswerEdited(answer=two, text="zwei"))
    gone = ben.happens(AnswerRemoved(answer=two))
    anna.happens(AnswerRemoved(answer=two))
    both = Copy("Anna", list(unite(anna.log, ben.log).records))
    ben.happens(Undone(event=gone))
    assert texts(ben.log) == ["one", "three", "zwei"]
    union = unite(both.log, ben.log)
    assert texts(union.records) == ["one", "three", "zwei"]
    assert [p.answer for p in union.parted] == [two]


def test_an_answer_that_both_bring_back_and_one_changes_has_no_twin() -> None:
    anna, ben = forked("Anna", "Ben")
    two = anna.log[1].id
    gone = anna.happens(AnswerRemoved(answer=two))
    ben.log = list(anna.log)
    ben.happens(Undone(event=gone))
    anna.happens(Undone(event=gone), AnswerEdited(answer=two, text="deux"))
    union = unite(anna.log, ben.log)
    assert texts(union.records) == ["deux", "one", "three"]
    assert union.parted == ()


def test_an_answer_taken_away_in_one_copy_alone_stays_away() -> None:
    anna, ben = forked("Anna", "Ben")
    anna.happens(AnswerRemoved(answer=anna.log[1].id))
    ben.happens(PositionMoved(question="a.c"))
    union = unite(anna.log, ben.log)
    assert texts(union.records) == ["one", "three"]
    assert union.parted == ()


def test_votes_of_both_copies_add_up() -> None:
    anna, ben = forked("Anna", "Ben")
    two = anna.log[1].id
    anna.happens(VoteCast(answer=two, dots=2))
    ben.happens(VoteCast(answer=two, dots=3))
    assert state_of(unite(anna.log, ben.log).records).answers[two].dots == 5


def points(log: Iterable[Record]) -> list[tuple[str, str, str]]:
    return [(p.question, p.text, p.participant) for p in state_of(log).parked]


def test_of_two_reasons_to_skip_a_question_one_counts_and_the_other_is_a_parked_point() -> None:
    anna, ben = forked("Anna", "Ben")
    anna.happens(QuestionSkipped(question="a.c", reason="no money until May"))
    ben.happens(QuestionSkipped(question="a.c", reason="the law forbids it"))
    union = unite(anna.log, ben.log)
    assert state_of(union.records).skipped == {"a.c": "the law forbids it"}
    text = "Reason to skip this question: no money until May"
    assert points(union.records) == [("a.c", text, "Anna")]
    (parked,) = union.parked
    assert (parked.question, parked.point) == ("a.c", state_of(union.records).parked[0].id)
    assert unite(union.records, anna.log) == Union(union.records, ())


def test_the_reason_to_skip_a_question_that_the_other_answers_is_a_parked_point() -> None:
    anna, ben = forked("Anna", "Ben", texts=())
    anna.happens(QuestionSkipped(question="a.b", reason="no money until May"))
    ben.answers("Bread")
    union = unite(anna.log, ben.log)
    assert texts(union.records) == ["Bread"]
    text = "Reason to skip this question: no money until May"
    assert points(union.records) == [("a.b", text, "Anna")]


@pytest.mark.parametrize("reason", ["", "the law forbids it"])
def test_a_reason_that_counts_or_that_both_give_is_not_parked(reason: str) -> None:
    anna, ben = forked("Anna", "Ben")
    anna.happens(QuestionSkipped(question="a.c", reason=reason))
    ben.happens(QuestionSkipped(question="a.c", reason="the law forbids it"))
    union = unite(anna.log, ben.log)
    assert state_of(union.records).skipped == {"a.c": "the law forbids it"}
    assert (points(union.records), union.parked) == ([], ())


def test_a_reason_that_one_copy_alone_replaced_or_took_back_stays_so() -> None:
    base = Copy("Zoe")
    base.happens(QuestionSkipped(question="a.c", reason="no money until May"))
    skipped = base.happens(QuestionSkipped(question="a.d", reason="the law forbids it"))
    anna, ben = base.copied("Anna"), base.copied("Ben")
    anna.happens(QuestionSkipped(question="a.c", reason="no money at all"), Undone(event=skipped))
    ben.happens(PositionMoved(question="a.b"))
    union = unite(anna.log, ben.log)
    assert state_of(union.records).skipped == {"a.c": "no money at all"}
    assert union.parked == ()


def test_the_longest_reason_and_the_longest_name_make_a_point_all_the_same() -> None:
    anna, ben = forked("A" * 3000, "Ben")
    longest = "n" * MAX_CHARACTERS
    anna.happens(QuestionSkipped(question="a.c", reason=longest))
    ben.happens(QuestionSkipped(question="a.c", reason="the law forbids it"))
    assert points(unite(anna.log, ben.log).records) == [("a.c", longest, "A" * MAX_NAME)]


def test_an_event_of_a_later_version_is_kept_to_the_letter() -> None:
    anna, ben = forked("Anna", "Ben")
    theirs = Record(9, "Ben", "f" * 32, "", "answer_sung", '{"key": "C♯",  "odd": [1]}')
    known = anna.log[0]._replace(id="e" * 32, counter=10, body=anna.log[0].body[:-1] + ',"x":1}')
    ben.log += [theirs, known]
    assert unite(anna.log, ben.log).records[-2:] == (theirs, known)


def test_two_events_with_one_id_are_damage() -> None:
    anna, ben = forked("Anna", "Ben")
    ben.log[1] = ben.log[1]._replace(body=ben.log[0].body)
    with pytest.raises(BadFileError, match=r"disagree about what happened in event 2 .*nothing"):
        unite(anna.log, ben.log)
