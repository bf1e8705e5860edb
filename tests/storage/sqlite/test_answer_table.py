"""The table of answers, for people with a SQL tool, agrees with the fold."""

import json
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from store_support import Writer

from workshop.banks.model import Bank
from workshop.facilitation.facilitator import Facilitator
from workshop.facilitation.messages import ClientState
from workshop.session import walk
from workshop.session.event_log import EventLog
from workshop.session.events import (
    AnswerAdded,
    AnswerEdited,
    AnswerRemoved,
    AnyBody,
    Event,
    Unknown,
    VoteCast,
)
from workshop.session.fold import SessionState
from workshop.session.session import Session
from workshop.storage.catalog import read_summary
from workshop.storage.integrity.verify import verify
from workshop.storage.sqlite.create import create_session
from workshop.text import clean

MakeSession = Callable[..., Session]
Happened = Callable[..., list[Event]]

ADDRESSES = st.sampled_from(["who.first", "who.second", "what.first", "what.second"])
ANY_ADDRESSES = ADDRESSES | st.sampled_from(["gone.first", "gone.second"])
NUMBERS = st.integers(1, 6)
WORDS = st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=12)
SAID = st.one_of(
    WORDS,
    st.builds("/edit {} {}".format, NUMBERS, WORDS),
    st.builds("/delete {}".format, NUMBERS),
    st.builds("/vote {} {}".format, NUMBERS, st.integers(1, 3)),
    st.builds("/goto {}".format, ADDRESSES),
    st.builds("/skip {}".format, WORDS),
    st.sampled_from(["/vote 1", "/vote 2", "/park it", "/action it @Ben by 3 May"]),
    st.sampled_from(["/skip", "/undo", "/undo", "/redo", "/next", "/back", "/as Ben", "@Anna hm"]),
)


def log_of(session: Session, replies: Sequence[str]) -> list[Event]:
    """Return the events of a session in which people typed `replies`."""
    facilitator, event_log = Facilitator(session), EventLog()
    client = ClientState("Anna")
    for text in ["", *replies]:
        if len(event_log):
            reply = facilitator.respond(event_log, client, text)
        else:
            reply = facilitator.begin(event_log, client)
        at = f"2027-03-01T10:00:00.{len(event_log):03}Z"
        event_log.extend(
            [Event(uuid.uuid4().hex, at, client.speaker, body) for body in reply.events]
        )
        client = reply.client
    return list(event_log.events)


def read_answers(path: Path) -> tuple[list[tuple[object, ...]], list[Event]]:
    """Return the rows of `SELECT * FROM answers`, and the events."""
    with Writer.open(path) as opened:
        return opened.select("SELECT * FROM answers"), opened.events()


def expected_rows(session: Session, state: SessionState) -> list[tuple[object, ...]]:
    """Return the rows that people expect: in the order of the walk, then those outside it."""
    outside = dict.fromkeys(a.question for a in state.answers.values())
    rows: list[tuple[object, ...]] = []
    for address in dict.fromkeys((*session.addresses, *outside)):
        question = session.bank.questions.get(address)
        for place, a in enumerate(state.answers_to(address), 1):
            asked = (address.partition(".")[0], question.level) if question else (None, None)
            ask = question and question.ask
            said = (a.text, a.participant, a.votes, None, "", place, a.at)
            rows.append((a.number, *asked, address, ask, *said))
    return rows


def agree(session: Session, events: Sequence[Event]) -> None:
    """Assert that the answers in the file of those events equal their fold.

    The file is written at once, and event by event, with the changes of each and without.
    """
    state = EventLog(events).state
    with tempfile.TemporaryDirectory() as directory:
        path = create_session(Path(directory), session, events)
        rows, log = read_answers(path)
        summary = read_summary(path)
    for with_changes in (False, True):
        with tempfile.TemporaryDirectory() as directory:
            one_by_one = create_session(Path(directory), session)
            with Writer.open(one_by_one) as opened:
                for event in events:
                    opened.add([event], with_changes=with_changes)
            assert read_answers(one_by_one)[0] == rows
            assert verify(one_by_one).is_sound
    assert EventLog(log).state.answers == state.answers
    assert rows == expected_rows(session, state)
    counts = walk.progress(session, state)
    assert summary.answers == counts.answers
    assert summary.questions == counts.questions
    assert summary.settled == counts.answered + counts.skipped


@given(replies=st.lists(SAID, max_size=25))
@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_the_table_and_the_summary_equal_the_fold(
    make_session: MakeSession, replies: list[str]
) -> None:
    session = make_session()
    agree(session, log_of(session, replies))


def test_they_agree_after_a_skipped_question_was_answered_and_the_answer_deleted(
    make_session: MakeSession,
) -> None:
    session = make_session()
    agree(session, log_of(session, ["/skip", "/back", "an answer", "/delete 1"]))


def test_they_agree_when_a_skip_is_undone_and_redone(make_session: MakeSession) -> None:
    session = make_session()
    for undoing in (["/undo"], ["/undo", "/redo"], ["/undo", "/redo", "/undo"]):
        agree(session, log_of(session, ["/skip because", *undoing]))


def test_they_agree_on_many_undos(make_session: MakeSession) -> None:
    session = make_session()
    replies = ["one", "two", "/edit 1 uno", "/edit 1 un", "/delete 2", "three"]
    for undone in range(8):
        for redone in range(undone + 1):
            agree(session, log_of(session, [*replies, *["/undo"] * undone, *["/redo"] * redone]))


def test_they_agree_on_edits_of_missing_answers(
    make_session: MakeSession, happened: Happened
) -> None:
    events = happened(
        AnswerEdited(answer="nobody's", text="x"),
        AnswerAdded(question="who.first", text="one", participant="Anna"),
    )
    agree(make_session(), events)


IDS = st.sampled_from(["a", "b", "c", "nobody's"])
BODIES = st.one_of(
    st.builds(
        AnswerAdded, question=ANY_ADDRESSES, text=WORDS.filter(clean), participant=st.just("A")
    ),
    st.builds(AnswerEdited, answer=IDS, text=WORDS.filter(clean)),
    st.builds(AnswerRemoved, answer=IDS),
    st.builds(VoteCast, answer=IDS, dots=st.integers(1, 999)),
    st.builds(
        Unknown,
        original_kind=st.sampled_from(["vote_cast", "answer_sung"]),
        raw=st.sampled_from(["0", "-3", "1000", "2.0", "1e2", '"2"', "true", "null", "[4]"]).map(
            '{{"answer": "a", "dots": {}}}'.format
        ),
    ),
)


@given(bodies=st.lists(BODIES, max_size=10), ids=st.permutations(["a", "b", "c", *"123456789"]))
@settings(
    deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
def test_the_table_equals_the_fold_in_whatever_order_things_happened(
    make_session: MakeSession, bodies: list[AnyBody], ids: list[str]
) -> None:
    session, at = make_session(), "2027-03-01T10:00:00.000Z"
    events = [Event(i, at, "A", body) for i, body in zip(ids, bodies, strict=False)]
    with tempfile.TemporaryDirectory() as directory:
        rows, _ = read_answers(create_session(Path(directory), session, events))
    assert rows == expected_rows(session, EventLog(events).state)


def test_votes_are_the_sum_of_those_that_were_not_undone(make_session: MakeSession) -> None:
    session = make_session()
    replies = ["one", "two", "/vote 1 3", "/vote 1", "/vote 2 9", "/undo", "/edit 1 uno"]
    events = log_of(session, replies)
    agree(session, events)
    assert [a.votes for a in EventLog(events).state.answers.values()] == [4, 0]


@pytest.mark.parametrize("dots", ["0", "-3", "1000", "2.0", "1e2", '"2"', "true", "null", "[4]"])
def test_invalid_votes_are_counted_by_neither(
    make_session: MakeSession, happened: Happened, dots: str
) -> None:
    (one,) = happened(AnswerAdded(question="who.first", text="one", participant="Anna"))
    wrong = Unknown(original_kind="vote_cast", raw=f'{{"answer": "{one.id}", "dots": {dots}}}')
    events = [one, *happened(VoteCast(answer=one.id, dots=5), wrong)]
    agree(make_session(), events)
    assert EventLog(events).state.answers[one.id].votes == 5


def test_they_agree_in_a_quick_session(make_session: MakeSession) -> None:
    session = make_session(quick=True)
    agree(session, log_of(session, ["one", "/next", "/skip", "/back", "/back", "two"]))


def test_an_answer_whose_question_is_gone_comes_last_and_without_the_question(
    session_path: Path, happened: Happened
) -> None:
    with Writer.open(session_path) as file:
        file.events()
        file.add(
            happened(
                AnswerAdded(question="old.gone", text="still", participant="Anna"),
                AnswerAdded(question="who.first", text="before it", participant="Anna"),
            )
        )
    rows, _ = read_answers(session_path)
    numbers = [row[0] for row in rows]
    assert numbers == [1, 2, 4, 3]
    assert rows[-1][1:6] == (None, None, "old.gone", None, "still")
    assert read_summary(session_path).answers == 4
    assert read_summary(session_path).settled == 2


def test_sqlite_utils_shows_the_answers_on_the_command_line(session_path: Path) -> None:
    result = subprocess.run(
        [sys.executable, "-m", "sqlite_utils", "rows", str(session_path), "answers"],
        capture_output=True,
        check=True,
        text=True,
    )
    rows = json.loads(result.stdout)
    assert [(r["number"], r["ask"], r["answer"], r["participant"]) for r in rows] == [
        (1, "Who is it for?", "Village bakers", "Anna"),
        (2, "Who is it for?", "Their children", "Ben"),
    ]
    assert list(rows[0]) == [
        "number",
        "block",
        "level",
        "question",
        "ask",
        "answer",
        "participant",
        "votes",
        "evidence",
        "grouped",
        "place",
        "at",
    ]


def test_reading_with_sqlite_utils_leaves_the_session_as_it_was(session_path: Path) -> None:
    before = session_path.read_bytes()
    command = [sys.executable, "-m", "sqlite_utils", "query", str(session_path)]
    subprocess.run([*command, "SELECT * FROM event"], capture_output=True, check=True)
    assert session_path.read_bytes() == before


def test_a_bank_with_levels_names_them_in_the_table(
    tmp_path: Path, levels_bank: Bank, make_session: MakeSession
) -> None:
    session = make_session(bank=levels_bank, names={"high": "Acme"})
    agree(session, log_of(session, ["we do", "", "you do"]))
