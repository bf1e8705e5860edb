"""What must hold of the union of two copies of one session, said without the fold or the merge."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from workshop.session.fold import SessionState
from workshop.storage.merge_files import MergeResult
from workshop.storage.sqlite.session_file import SessionFile

AnswersById = dict[str, tuple[str, str, str]]
"""Question, words and participant by the answer's id."""


@dataclass
class Since:
    """What was done to a copy since it went its own way."""

    reworded: set[str] = field(default_factory=set)
    """The ids of the answers that were changed, also those changed back."""
    questions: set[str] = field(default_factory=set)
    """The questions that were answered or skipped, or lost an answer."""
    taken_back: bool = False
    """Whether anything was undone or redone."""

    def __or__(self, other: "Since") -> "Since":
        return Since(
            self.reworded | other.reworded,
            self.questions | other.questions,
            self.taken_back or other.taken_back,
        )


@dataclass
class Way:
    """One copy, as a dictionary has it."""

    answers: AnswersById
    skipped: Mapping[str, str]
    since: Since


def is_the_same(one: Path, other: Path) -> None:
    """Assert that two files hold the same session: each event to the letter, each draft."""
    with SessionFile.open(one) as here, SessionFile.open(other) as there:
        assert here.session() == there.session()
        assert here.records() == there.records()
        assert here.drafts() == there.drafts()


def holds_both(merged: MergeResult, one: Path, other: Path, union: Path) -> None:
    """Assert that the union holds every event of both, to the letter, and nothing made up."""
    logs: list[set[object]] = []
    for path in (one, other, union):
        with SessionFile.open(path) as file:
            records = file.records()
            logs.append(set(records))
            assert len(logs[-1]) == len(records) == len({record.id for record in records})
    here, there, both = logs
    assert both >= here | there
    kept = {reworded.retained.id for reworded in merged.reworded}
    kept |= {reason.point.id for reason in merged.reasons}
    assert {record.id for record in both - here - there} <= kept  # type: ignore[attr-defined]
    assert merged.events == len(both)


def says_both(state: SessionState, here: Way, there: Way, common: AnswersById) -> None:
    """Assert that nothing that either copy says is lost, and that nothing is said that neither did.

    Where both changed an answer, both wordings are there, the one in an answer of its own.
    """
    must: Counter[tuple[str, str, str]] = Counter()
    may: Counter[tuple[str, str, str]] = Counter()
    for answer in here.answers.keys() | there.answers.keys() | common.keys():
        needed, allowed = _of_one(answer, here, there, common.get(answer))
        must.update(needed)
        may.update(allowed | needed)
    said = Counter((a.question, a.text, a.participant) for a in state.answers.values())
    assert must <= said, must - said
    assert said <= may, said - may
    _skipped(state, here, there)


def _of_one(
    answer: str, here: Way, there: Way, was: tuple[str, str, str] | None
) -> tuple[set[tuple[str, str, str]], set[tuple[str, str, str]]]:
    """Return what the union must say of an answer, and what it may."""
    one, other = here.answers.get(answer), there.answers.get(answer)
    versions = ((one, here), (other, there))
    if one == other:
        needed = {one} - {None}
    elif was is None and one and other:  # brought back in both: what it was changed to must stay
        needed = {v for v, way in versions if answer in way.since.reworded}
    else:
        needed = {version for version, _ in versions if version not in (was, None)}
        if {one, other} == {was}:
            needed = {was}
    # An answer that only one copy changed says what it was changed to. Words that were changed and
    # changed back, or undone, may stand there beside that.
    allowed = {
        version
        for version, way in versions
        if answer in way.since.reworded or way.since.taken_back or version != was
    }
    return needed - {None}, allowed - {None}  # type: ignore[return-value]


def _skipped(state: SessionState, here: Way, there: Way) -> None:
    """Assert that what was skipped in the one and left alone in the other is skipped."""
    for question, reason in state.skipped.items():
        assert state.answer_count(question) == 0
        assert reason in (here.skipped.get(question), there.skipped.get(question))
    for one, other in ((here, there), (there, here)):
        if one.since.taken_back or other.since.taken_back:
            continue  # what is undone in one copy is undone in the union: the log says when
        for question in one.since.questions - other.since.questions:
            if not state.answer_count(question):
                assert state.skipped.get(question) == one.skipped.get(question)
