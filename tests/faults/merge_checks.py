"""Checks of a merged file against its two copies, which use neither the fold nor the merge."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from workshop.session.fold import SessionState
from workshop.storage.merge_files import MergeResult
from workshop.storage.sqlite.event_store import SqliteEventStore

AnswersById = dict[str, tuple[str, str, str]]
"""Question, text and participant by the answer's id."""


@dataclass
class Changes:
    """What was changed in a copy since the two copies parted."""

    reworded: set[str] = field(default_factory=set)
    """The ids of the answers that were changed, also those changed back."""
    questions: set[str] = field(default_factory=set)
    """The questions that were answered or skipped, or lost an answer."""
    has_undone: bool = False
    """Whether anything was undone or redone."""

    def __or__(self, other: "Changes") -> "Changes":
        return Changes(
            self.reworded | other.reworded,
            self.questions | other.questions,
            self.has_undone or other.has_undone,
        )


@dataclass
class CopyState:
    """The expected content of one copy, and its changes."""

    answers: AnswersById
    skipped: Mapping[str, str]
    changes: Changes


def assert_same_session(one: Path, other: Path) -> None:
    """Assert that two files hold the same session, with equal events and drafts."""
    with SqliteEventStore.open(one) as first, SqliteEventStore.open(other) as second:
        assert first.session() == second.session()
        assert first.load().records == second.load().records
        assert first.drafts() == second.drafts()


def assert_all_events_are_there(merged: MergeResult, one: Path, other: Path, union: Path) -> None:
    """Assert that the merged file has every event of both copies, and no other that is unexplained.

    The others are the retained wordings and the parked reasons that `merged` lists.
    """
    logs: list[set[object]] = []
    for path in (one, other, union):
        with SqliteEventStore.open(path) as file:
            records = file.load().records
            logs.append(set(records))
            assert len(logs[-1]) == len(records) == len({record.id for record in records})
    first, second, both = logs
    assert both >= first | second
    added_ids = {reworded.retained.id for reworded in merged.reworded}
    added_ids |= {reason.point.id for reason in merged.reasons}
    assert {record.id for record in both - first - second} <= added_ids  # type: ignore[attr-defined]
    assert merged.events == len(both)


def assert_all_answers_are_there(
    state: SessionState, first: CopyState, second: CopyState, common: AnswersById
) -> None:
    """Assert that no answer of either copy is lost, and that there is none that neither has.

    If both copies changed an answer, both wordings must be there, one of them as a new answer.
    """
    required: Counter[tuple[str, str, str]] = Counter()
    possible: Counter[tuple[str, str, str]] = Counter()
    for answer in first.answers.keys() | second.answers.keys() | common.keys():
        needed, allowed = _wordings(answer, first, second, common.get(answer))
        required.update(needed)
        possible.update(allowed | needed)
    answers = Counter((a.question, a.text, a.participant) for a in state.answers.values())
    assert required <= answers, required - answers
    assert answers <= possible, answers - possible
    _check_skipped(state, first, second)


def _wordings(
    answer: str, first: CopyState, second: CopyState, was: tuple[str, str, str] | None
) -> tuple[set[tuple[str, str, str]], set[tuple[str, str, str]]]:
    """Return the wordings of an answer that the merged file must have, and those it may have."""
    one, other = first.answers.get(answer), second.answers.get(answer)
    versions = ((one, first), (other, second))
    if one == other:
        needed = {one} - {None}
    elif was is None and one and other:  # restored in both: their changes must stay
        needed = {v for v, copy in versions if answer in copy.changes.reworded}
    else:
        needed = {version for version, _ in versions if version not in (was, None)}
        if {one, other} == {was}:
            needed = {was}
    # An answer that only one copy changed has the changed wording. A wording that was changed back
    # or undone may be there as another answer.
    allowed = {
        version
        for version, copy in versions
        if answer in copy.changes.reworded or copy.changes.has_undone or version != was
    }
    return needed - {None}, allowed - {None}  # type: ignore[return-value]


def _check_skipped(state: SessionState, first: CopyState, second: CopyState) -> None:
    """Assert that a question skipped in one copy and unchanged in the other is skipped."""
    for question, reason in state.skipped.items():
        assert state.answer_count(question) == 0
        assert reason in (first.skipped.get(question), second.skipped.get(question))
    for one, other in ((first, second), (second, first)):
        if one.changes.has_undone or other.changes.has_undone:
            continue  # an undo in one copy counts in the merged file, in the order of the log
        for question in one.changes.questions - other.changes.questions:
            if not state.answer_count(question):
                assert state.skipped.get(question) == one.skipped.get(question)
