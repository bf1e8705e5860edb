"""The `answers` view, for people with a SQL tool, agrees with the fold."""

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
from workshop.session.session import Session
from workshop.storage.catalog import read_summary
from workshop.storage.sqlite.create import create_session
from workshop.storage.sqlite.session_file import SessionFile
from workshop.text import clean

MakeSession = Callable[..., Session]
Happened = Callable[..., list[Event]]

ADDRESSES = st.sampled_from(["who.first", "who.second", "what.first", "what.second"])
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


def agree(session: Session, events: Sequence[Event]) -> None:
    """Assert that the view in the file of those events equals their fold."""
    state = EventLog(events).state
    with tempfile.TemporaryDirectory() as directory:
        path = create_session(Path(directory), session, events)
        with SessionFile.open(path) as opened:
            opened.select("PRAGMA trusted_schema = ON")
            rows = opened.select(
                "SELECT number, question, answer, participant, votes, at FROM answers"
            )
            asks = opened.select("SELECT block, level, question, ask FROM answers")
            assert EventLog(opened.events()).state.answers == state.answers
        summary = read_summary(path)
    assert rows == [
        (a.number, a.question, a.text, a.participant, a.votes, a.at) for a in state.answers.values()
    ]
    assert asks == [
        (
            a.question.partition(".")[0],
            session.question(a.question).level,
            a.question,
            session.question(a.question).ask,
        )
        for a in state.answers.values()
    ]
    counts = walk.progress(session, state)
    assert summary.answers == counts.answers
    assert summary.questions == counts.questions
    assert summary.settled == counts.answered + counts.skipped


@given(replies=st.lists(SAID, max_size=25))
@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_the_view_and_the_summary_equal_the_fold(
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
    st.builds(AnswerAdded, question=ADDRESSES, text=WORDS.filter(clean), participant=st.just("A")),
    st.builds(AnswerEdited, answer=IDS, text=WORDS.filter(clean)),
    st.builds(AnswerRemoved, answer=IDS),
    st.builds(VoteCast, answer=IDS, dots=st.integers(1, 999)),
    st.builds(
        Unknown,
        was=st.just("vote_cast"),
        raw=st.sampled_from(["0", "-3", "1000", "2.0", "1e2", '"2"', "true", "null", "[4]"]).map(
            '{{"answer": "a", "dots": {}}}'.format
        ),
    ),
)


@given(bodies=st.lists(BODIES, max_size=10), ids=st.permutations(["a", "b", "c", *"123456789"]))
@settings(
    deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
def test_the_view_equals_the_fold_in_whatever_order_things_happened(
    make_session: MakeSession, bodies: list[AnyBody], ids: list[str]
) -> None:
    session, at = make_session(), "2027-03-01T10:00:00.000Z"
    events = [Event(i, at, "A", body) for i, body in zip(ids, bodies, strict=False)]
    with tempfile.TemporaryDirectory() as directory:
        path = create_session(Path(directory), session, events)
        with SessionFile.open(path) as opened:
            opened.select("PRAGMA trusted_schema = ON")
            rows = opened.select("SELECT number, answer, votes FROM answers")
    assert rows == [(a.number, a.text, a.votes) for a in EventLog(events).state.answers.values()]


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


def test_an_answer_whose_question_is_gone_stays_in_the_view_without_words(
    session_path: Path, happened: Happened
) -> None:
    with SessionFile.open(session_path) as file:
        file.events()
        file.append(happened(AnswerAdded(question="old.gone", text="still", participant="Anna")))
        file.select("PRAGMA trusted_schema = ON")
        rows = file.select("SELECT block, ask, question, answer FROM answers WHERE number = 3")
    assert rows == [(None, None, "old.gone", "still")]
    assert read_summary(session_path).answers == 3
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
        "confidence",
        "at",
    ]


def test_reading_with_sqlite_utils_leaves_the_session_as_it_was(session_path: Path) -> None:
    before = session_path.read_bytes()
    command = [sys.executable, "-m", "sqlite_utils", "query", str(session_path)]
    subprocess.run([*command, "SELECT * FROM event"], capture_output=True, check=True)
    assert session_path.read_bytes() == before


def test_a_bank_with_levels_names_them_in_the_view(
    tmp_path: Path, levels_bank: Bank, make_session: MakeSession
) -> None:
    session = make_session(bank=levels_bank, names={"high": "Acme"})
    agree(session, log_of(session, ["we do", "", "you do"]))
