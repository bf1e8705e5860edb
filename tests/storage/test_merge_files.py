"""Merging the files of two copies of one session. The laws are tested with the pure part."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from damage_support import event_rows, long_session, records_in
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from store_support import Writer

from workshop.banks.model import Bank
from workshop.errors import BadFileError, CannotWriteError, NotFoundError
from workshop.session.event_log import EventLog
from workshop.session.events import (
    AnswerAdded,
    AnswerEdited,
    AnswerRemoved,
    AnyBody,
    Event,
    LevelNamed,
    PositionMoved,
    QuestionSkipped,
    TitleSet,
    Undone,
    VoteCast,
)
from workshop.session.fold import Answer
from workshop.session.session import Session
from workshop.storage.catalog import read_summary
from workshop.storage.draft import Draft
from workshop.storage.integrity.rescue import rescue
from workshop.storage.integrity.verify import verify
from workshop.storage.merge_files import MergeResult, OverruledName, merge
from workshop.storage.sqlite.create import create_session
from workshop.storage.sqlite.event_store import SqliteEventStore

Happened = Callable[..., list[Event]]


def add_to(path: Path, events: list[Event]) -> None:
    with Writer.open(path) as file:
        file.events()
        file.add(events)


def answers_in(path: Path) -> dict[str, Answer]:
    return dict(EventLog(record.event for record in records_in(path)).state.answers)


def texts(path: Path) -> list[str]:
    return sorted(answer.text for answer in answers_in(path).values())


class Copies:
    """Two copies of the session of six events, and the path of their merged file."""

    def __init__(self, path: Path, happened: Happened) -> None:
        self.a, self.b, self.c = (path.with_name(f"{name}.db") for name in "abc")
        path.rename(self.a)
        shutil.copyfile(self.a, self.b)
        self._happened = happened
        self.bakers, self.children = answers_in(self.a)

    def happens(self, path: Path, *bodies: AnyBody, actor: str = "Anna") -> None:
        add_to(path, self._happened(*bodies, actor=actor, after=10))

    def merged(self) -> MergeResult:
        """Merge a and b into c, and assert what holds for every merge."""
        before = [path.read_bytes() for path in (self.a, self.b)]
        merged = merge(self.a, self.b, self.c)
        assert [path.read_bytes() for path in (self.a, self.b)] == before
        assert sorted(p.name for p in self.a.parent.iterdir()) == ["a.db", "b.db", "c.db"]
        verdict = verify(self.c)
        assert (verdict.is_sound, verdict.events) == (True, merged.events)
        assert verdict.answers == merged.answers
        return merged


@pytest.fixture
def copies(session_path: Path, happened: Happened) -> Copies:
    return Copies(session_path, happened)


def added(text: str) -> AnswerAdded:
    return AnswerAdded(question="what.first", text=text, participant="Anna")


# ── what comes of it ─────────────────────────────────────────────────────────────────────────


def test_two_copies_become_one_session_that_can_be_continued(copies: Copies) -> None:
    copies.happens(copies.a, added("Rye"), added("Oats"))
    copies.happens(copies.b, added("Salt"), actor="Ben")
    merged = copies.merged()
    assert (merged.events, merged.answers) == (9, 5)
    assert texts(copies.c) == ["Oats", "Rye", "Salt", "Their children", "Village bakers"]
    with SqliteEventStore.open(copies.a) as one, SqliteEventStore.open(copies.c) as union:
        assert union.session() == one.session()
    copies.happens(copies.c, added("Later"))
    counters = [record.counter for record in records_in(copies.c)]
    assert counters == [1, 2, 3, 4, 5, 6, 7, 7, 8, 10]


def test_both_wordings_of_an_answer_that_both_changed_are_retained_and_reported(
    copies: Copies,
) -> None:
    copies.happens(copies.a, AnswerEdited(answer=copies.bakers, text="Town bakers"))
    copies.happens(copies.b, AnswerEdited(answer=copies.bakers, text="City bakers"), actor="Ben")
    (reworded,) = copies.merged().reworded
    answers = answers_in(copies.c)
    assert reworded.current == answers[copies.bakers]
    assert (reworded.current.text, reworded.retained.text) == ("City bakers", "Town bakers")
    assert answers[reworded.retained.id] == reworded.retained
    assert texts(copies.c) == ["City bakers", "Their children", "Town bakers"]


def test_the_new_wording_of_an_answer_that_the_other_removed_is_retained_and_reported(
    copies: Copies,
) -> None:
    copies.happens(copies.a, AnswerEdited(answer=copies.bakers, text="Town bakers"))
    copies.happens(copies.b, AnswerRemoved(answer=copies.bakers), actor="Ben")
    (reworded,) = copies.merged().reworded
    assert (reworded.current, reworded.retained.text) == (None, "Town bakers")
    assert texts(copies.c) == ["Their children", "Town bakers"]


def test_retained_wordings_are_not_reported_as_damage(copies: Copies) -> None:
    skipped = QuestionSkipped(question="what.second", reason="No money")
    copies.happens(copies.a, AnswerEdited(answer=copies.bakers, text="Town bakers"), skipped)
    copies.happens(copies.a, VoteCast(answer=copies.bakers, dots=2))
    answered = AnswerAdded(question="what.second", text="Oats", participant="Ben")
    copies.happens(copies.b, AnswerRemoved(answer=copies.bakers), answered, actor="Al")
    copies.merged()
    number = next(a.number for a in answers_in(copies.c).values() if a.text == "Town bakers")
    edit, vote, skip = sorted(r.partition(": ")[2] for r in verify(copies.c).warnings)
    assert edit == (
        "its answer was taken away in another copy, and so its words became "
        f"answer {number} when the two were merged. "
        "Anna changed it to “Town bakers” on 2027-03-01 at 09:11 UTC."
    )
    assert vote.startswith("its answer was taken away in another copy. Anna gave it 2 dots on")
    assert skip == (
        "the question was answered in another copy, and so its reason became a parked point when "
        "the two were merged. Anna skipped it, saying “No money”, on 2027-03-01 at 09:12 UTC."
    )


def test_both_reasons_to_skip_a_question_are_retained_and_reported(copies: Copies) -> None:
    copies.happens(copies.a, QuestionSkipped(question="what.second", reason="No money"))
    copies.happens(copies.b, QuestionSkipped(question="what.second", reason="The law"), actor="Ben")
    (reason,) = copies.merged().reasons
    state = EventLog(record.event for record in records_in(copies.c)).state
    assert (reason.current, state.skipped["what.second"]) == ("The law", "The law")
    assert state.parked == (reason.point,)
    assert reason.point.text == "Reason to skip this question: No money"
    assert reason.question == "What is it not?"


def test_the_reason_to_skip_a_question_that_the_other_answers_is_reported(
    copies: Copies,
) -> None:
    copies.happens(copies.a, QuestionSkipped(question="gone.away", reason="No money"))
    answer = AnswerAdded(question="gone.away", text="Oats", participant="Ben")
    copies.happens(copies.b, answer, actor="Ben")
    (reason,) = copies.merged().reasons
    assert (reason.question, reason.current) == ("gone.away", "")
    assert reason.point.text == "Reason to skip this question: No money"


def test_a_reason_whose_point_was_undone_already_is_not_reported(copies: Copies) -> None:
    copies.happens(copies.a, QuestionSkipped(question="what.second", reason="No money"))
    copies.happens(copies.b, QuestionSkipped(question="what.second", reason="The law"), actor="Ben")
    (reason,) = copies.merged().reasons
    copies.c.unlink()
    copies.happens(copies.b, Undone(event=reason.point.id), actor="Ben")
    assert copies.merged().reasons == ()


def test_a_title_that_only_one_copy_changed_is_the_merged_one(copies: Copies) -> None:
    copies.happens(copies.a, TitleSet(title="Zenith"))
    copies.happens(copies.b, added("Salt"), actor="Ben")
    assert copies.merged().overruled_names == ()
    assert read_summary(copies.c).title == "Zenith"


def test_of_two_new_titles_the_last_in_the_order_counts_and_the_other_is_reported(
    copies: Copies,
) -> None:
    copies.happens(copies.a, added("Rye"), TitleSet(title="Later in its copy"))
    copies.happens(copies.b, TitleSet(title="Earlier in its copy"), added("Salt"), actor="Ben")
    assert copies.merged().overruled_names == (
        OverruledName("Earlier in its copy", "Later in its copy"),
    )
    assert read_summary(copies.c).title == "Later in its copy"


def test_a_title_that_was_taken_back_in_its_copy_is_not_reported(copies: Copies) -> None:
    copies.happens(copies.a, TitleSet(title="Zenith"))
    (*_, last) = records_in(copies.a)
    copies.happens(copies.a, Undone(event=last.id))
    copies.happens(copies.b, TitleSet(title="Summit"), actor="Ben")
    assert copies.merged().overruled_names == ()
    assert read_summary(copies.c).title == "Summit"


def test_of_two_new_names_of_one_model_the_other_is_reported(
    tmp_path: Path,
    make_session: Callable[..., Session],
    levels_bank: Bank,
    first_events: list[Event],
    happened: Happened,
) -> None:
    path = create_session(tmp_path, make_session(bank=levels_bank), first_events)
    copies = Copies(path, happened)
    copies.happens(copies.a, LevelNamed(level="high", name="Acme"))
    copies.happens(
        copies.b,
        LevelNamed(level="high", name="Zenith"),
        LevelNamed(level="low", name="Mill"),
        actor="Ben",
    )
    assert copies.merged().overruled_names == (OverruledName("Acme", "Zenith"),)


def test_new_answer_numbers_are_reported(copies: Copies) -> None:
    copies.happens(copies.a, PositionMoved(question="who.first"), added("Rye"))
    copies.happens(copies.b, added("Salt"), actor="Ben")
    assert copies.merged().renumbered
    copies.b.unlink()
    shutil.copyfile(copies.a, copies.b)
    copies.c.unlink()
    assert not copies.merged().renumbered


def test_a_copy_merged_with_itself_is_that_copy(copies: Copies) -> None:
    merged = merge(copies.a, copies.a, copies.c)
    assert records_in(copies.c) == records_in(copies.a)
    assert (merged.reworded, merged.renumbered) == ((), False)


def test_the_merged_file_is_the_same_whichever_copy_is_named_first(copies: Copies) -> None:
    copies.happens(copies.a, AnswerEdited(answer=copies.bakers, text="Town bakers"))
    copies.happens(copies.b, AnswerEdited(answer=copies.bakers, text="City bakers"), actor="Ben")
    first = copies.merged()
    other = copies.c.with_name("d.db")
    assert merge(copies.b, copies.a, other) == first
    assert other.read_bytes() == copies.c.read_bytes()


def test_a_rescued_session_regains_the_events_of_a_backup(
    tmp_path: Path, happened: Happened
) -> None:
    whole, backup = long_session(), tmp_path / "backup.db"
    backup.write_bytes(whole)
    damaged = bytearray(whole)
    for row in event_rows(whole)[30:50]:
        damaged[row.offset + 60 : row.offset + 90] = b"#" * 30
    (tmp_path / "damaged.db").write_bytes(damaged)
    rescue(tmp_path / "damaged.db", tmp_path / "rescued.db")
    add_to(tmp_path / "rescued.db", happened(added("and then")))
    merge(tmp_path / "rescued.db", backup, tmp_path / "union.db")
    union = records_in(tmp_path / "union.db")
    assert union[:-1] == records_in(backup)
    assert union[-1].event.body == added("and then")


SMALL_ACTS = st.lists(
    st.tuples(st.sampled_from(["add", "edit", "remove", "undo"]), st.integers(0, 9)), max_size=4
)


@given(here=SMALL_ACTS, there=SMALL_ACTS)
@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_files_merge_as_their_logs_do(
    tmp_path_factory: pytest.TempPathFactory,
    make_session: Callable[..., Session],
    first_events: list[Event],
    happened: Happened,
    here: list[tuple[str, int]],
    there: list[tuple[str, int]],
) -> None:
    folder = tmp_path_factory.mktemp("files")
    copies = Copies(create_session(folder, make_session(), first_events), happened)
    for path, acts, actor in ((copies.a, here, "Anna"), (copies.b, there, "Ben")):
        for what, number in acts:
            target = (copies.bakers, copies.children)[number % 2]
            body: AnyBody = {
                "add": added(f"{actor} {number}"),
                "edit": AnswerEdited(answer=target, text=f"{actor} {number}"),
                "remove": AnswerRemoved(answer=target),
                "undo": Undone(event=target),
            }[what]
            copies.happens(path, body, actor=actor)
    copies.merged()
    union = {record.id for record in records_in(copies.c)}
    assert union >= {record.id for path in (copies.a, copies.b) for record in records_in(path)}
    again = copies.c.with_name("again.db")
    merge(copies.c, copies.b, again)
    assert records_in(again) == records_in(copies.c)


# ── drafts ───────────────────────────────────────────────────────────────────────────────────


def test_drafts_of_both_are_retained_and_of_two_the_later(copies: Copies) -> None:
    early, late = "2027-03-01T09:00:00.000Z", "2027-03-01T10:00:00.000Z"
    drafts_by_path = {
        copies.a: [
            Draft("Anna", "who.first", "mine", at=early),
            Draft("Anna", "who.first", "tapped", at=early, seat="phone-1"),
            Draft("Ben", "q", "his", at=late),
        ],
        copies.b: [
            Draft("Anna", "who.first", "mine too", at=late),
            Draft("Cem", "q", "c", at=late),
        ],
    }
    for path, drafts in drafts_by_path.items():
        with SqliteEventStore.open(path) as file:
            for draft in drafts:
                file.save_draft(draft)
    merged = copies.merged()
    with SqliteEventStore.open(copies.c) as file:
        assert {draft.text for draft in file.drafts()} == {"his", "mine too", "tapped", "c"}
    assert [draft.text for draft in merged.superseded_drafts] == ["mine"]


# ── refusals ─────────────────────────────────────────────────────────────────────────────────


def test_two_sessions_are_not_merged(
    tmp_path: Path, session_path: Path, make_session: Callable[..., Session]
) -> None:
    other = create_session(tmp_path, make_session())
    with pytest.raises(BadFileError, match="are two sessions, not two copies of one"):
        merge(session_path, other, tmp_path / "c.db")
    assert not (tmp_path / "c.db").exists()


def test_copies_that_differ_in_what_never_changes_are_not_merged(
    tmp_path: Path, session_path: Path, make_session: Callable[..., Session]
) -> None:
    with SqliteEventStore.open(session_path) as file:
        session = file.session()
    other = create_session(tmp_path / "b", session.model_copy(update={"title": "Another"}))
    with pytest.raises(BadFileError, match=r"have one id and yet differ .*\(title\)"):
        merge(session_path, other, tmp_path / "c.db")


def test_a_damaged_copy_is_not_merged(copies: Copies, meddle: Callable[..., None]) -> None:
    meddle(copies.b, "UPDATE event SET actor = 'Eve' WHERE seq = 3")
    with pytest.raises(BadFileError, match=r"b\.db is damaged: the record of event 3") as refused:
        merge(copies.a, copies.b, copies.c)
    assert "rescue" in refused.value.hint
    assert not copies.c.exists()


def test_an_event_that_differs_between_the_copies_is_damage(
    tmp_path: Path, make_session: Callable[..., Session], happened: Happened
) -> None:
    session, events = make_session(), happened(added("Rye"))
    one = create_session(tmp_path / "a", session, events)
    changed = [Event(events[0].id, events[0].at, events[0].actor, added("Oats"))]
    other = create_session(tmp_path / "b", session, changed)
    with pytest.raises(BadFileError, match=r"disagree about what happened in event 1 .*verify"):
        merge(one, other, tmp_path / "c.db")
    assert not (tmp_path / "c.db").exists()


def test_an_existing_file_stays(copies: Copies) -> None:
    copies.c.write_bytes(b"somebody's")
    with pytest.raises(CannotWriteError, match="is there already"):
        merge(copies.a, copies.b, copies.c)
    with pytest.raises(CannotWriteError, match="is there already"):
        merge(copies.a, copies.b, copies.a)
    assert copies.c.read_bytes() == b"somebody's"


def test_a_missing_copy_is_reported(copies: Copies) -> None:
    with pytest.raises(NotFoundError, match=r"none\.db"):
        merge(copies.a, copies.a.with_name("none.db"), copies.c)


def test_an_older_copy_and_a_current_one_are_merged_into_a_current_file(tmp_path: Path) -> None:
    old = Path(__file__).parents[1] / "data" / "session-v1.db"
    today = tmp_path / "today.db"
    rescue(old, today)
    merge(old, today, tmp_path / "c.db")
    assert records_in(tmp_path / "c.db") == records_in(old)
