"""A live session: each response is proposed and committed, and then part of the state."""

import re
import subprocess
import sys
import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta, timezone
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from live_session_support import (
    BEGUN,
    MakeSession,
    OpenSession,
    carry_out,
    commit_all,
    say,
    texts,
)

from workshop.banks import shipped
from workshop.banks.registry import find_bank
from workshop.errors import CannotWriteError
from workshop.facilitation.messages import Notice, QuestionAsked, View, message_lines
from workshop.live_session import Commit, make_events
from workshop.session.events import AnswerAdded
from workshop.session.record import Record
from workshop.storage.event_store import Tail
from workshop.storage.sqlite.event_store import SqliteEventStore

# ── proposing and committing ─────────────────────────────────────────────────────────────────


def test_a_proposal_changes_nothing(path: Path, open_session: OpenSession) -> None:
    client = open_session(path)
    carry_out(client.begin())
    before = (client.live_session.event_log.events, client.state, client.live_session.current)
    for text in ("an answer", "", "/skip", "/as Ben", "/goto channels", "skip"):
        client.propose(text)
        assert (
            client.live_session.event_log.events,
            client.state,
            client.live_session.current,
        ) == before
    client.propose_answers(["one", "two"])
    assert (
        client.live_session.event_log.events,
        client.state,
        client.live_session.current,
    ) == before


def test_a_commit_replaces_the_log_and_leaves_the_one_that_others_read(
    path: Path, open_session: OpenSession
) -> None:
    client = open_session(path)
    carry_out(client.begin())
    before = client.live_session.event_log
    events, answers = before.events, dict(before.state.answers)
    carry_out(client.propose("an answer"))
    assert (before.events, dict(before.state.answers)) == (events, answers)
    assert texts(client) == ["an answer"]


def test_what_could_not_be_committed_is_not_in_the_state_and_can_be_tried_again(
    path: Path, open_session: OpenSession, tmp_path: Path
) -> None:
    client = open_session(path)
    carry_out(client.begin())
    proposal = client.propose("an answer")
    path.rename(tmp_path / "elsewhere")
    assert isinstance(client.commit(proposal).exception(30), CannotWriteError)
    assert texts(client) == []
    (tmp_path / "elsewhere").rename(path)
    carry_out(proposal)
    assert texts(client) == ["an answer"]
    client.live_session.close()
    assert texts(open_session(path)) == ["an answer"]


def test_a_reply_without_events_needs_no_commit(path: Path, open_session: OpenSession) -> None:
    client = open_session(path)
    carry_out(client.begin())
    before = path.read_bytes()
    proposal = client.propose("/help")
    assert proposal.events == ()
    assert client.commit(proposal).done()
    assert path.read_bytes() == before


def test_the_file_holds_the_events_of_the_live_session(
    path: Path, open_session: OpenSession
) -> None:
    client = open_session(path)
    say(client, "one", "two", "", "/skip", "three", "/delete 2", "/undo", "/edit 1 uno")
    events, answers = client.live_session.event_log.events, texts(client)
    client.live_session.close()
    with SqliteEventStore.open(path) as opened:
        assert tuple(opened.events()) == events
    assert answers == ["uno", "two", "three"]


def test_each_line_of_a_list_becomes_an_answer_in_one_commit(
    path: Path, open_session: OpenSession
) -> None:
    client = open_session(path)
    carry_out(client.begin())
    carry_out(client.propose_answers(["one", "", "  two  "]))
    assert texts(client) == ["one", "two"]


# ── several replies in one commit ────────────────────────────────────────────────────────────


def test_each_reply_of_a_commit_rests_on_those_before_it(
    path: Path, open_session: OpenSession
) -> None:
    client = open_session(path)
    carry_out(client.begin())
    settled = commit_all(
        client, "one", "", "two", "/as Zoe", "three", "/edit 1", "uno", "/undo", "four", "/undo"
    )
    assert len(settled) == 10
    assert [p.first_number for p in settled if p.events and p.response.messages == ()] == [
        1, 2, 3, 4,
    ]  # fmt: skip
    answers = list(client.live_session.state.answers.values())
    assert [(a.text, a.participant) for a in answers] == [
        ("one", "Facilitator"),
        ("two", "Facilitator"),
        ("three", "Zoe"),
    ]
    assert answers[0].question != answers[1].question
    assert client.state.speaker == "Zoe"


def test_a_commit_ends_with_the_first_reply_that_shows_a_view(
    path: Path, open_session: OpenSession
) -> None:
    client = open_session(path)
    carry_out(client.begin())
    settled = commit_all(client, "one", "/canvas", "two")
    assert [p.response.view for p in settled] == [None, View.CANVAS]
    assert texts(client) == ["one"]


def test_a_commit_that_is_submitted_twice_is_carried_out_once(
    path: Path, open_session: OpenSession
) -> None:
    client = open_session(path)
    carry_out(client.begin())
    commit = Commit(client.propose("one"), client.propose("two"))
    for _ in range(2):
        client.live_session.submit(commit)
    assert len(commit.settled.result(30)) == 2
    carry_out(client.propose("three"))
    assert texts(client) == ["one", "two", "three"]


def test_of_a_commit_that_cannot_be_saved_nothing_is_carried_out(
    path: Path, open_session: OpenSession, tmp_path: Path
) -> None:
    client = open_session(path)
    carry_out(client.begin())
    before = (client.state, client.live_session.event_log)
    path.rename(tmp_path / "elsewhere")
    commit = Commit(client.propose("one"), client.propose("/as Zoe"), client.propose("two"))
    client.live_session.submit(commit)
    assert isinstance(commit.settled.exception(30), CannotWriteError)
    assert (client.state, client.live_session.event_log) == before
    (tmp_path / "elsewhere").rename(path)
    assert [p.events[-1].actor for p in commit_all(client, "one", "/as Zoe", "two")] == [
        "Facilitator", "Facilitator", "Zoe",
    ]  # fmt: skip


def test_commits_that_wait_together_are_one_transaction(
    path: Path, open_session: OpenSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = open_session(path)
    carry_out(client.begin())
    appends: list[int] = []
    may_write, append = Event(), SqliteEventStore.append

    def wait_and_append(store: SqliteEventStore, records: Sequence[Record], *rest: Any) -> Tail:
        appends.append(len(records))
        assert may_write.wait(60)
        return append(store, records, *rest)

    monkeypatch.setattr(SqliteEventStore, "append", wait_and_append)
    futures = [client.commit(client.propose(f"answer {n}")) for n in range(20)]
    may_write.set()
    assert [f.result(60).first_number for f in futures] == list(range(1, 21))
    assert sum(appends) == 20
    assert len(appends) <= 3


# ── the clock and the ids ────────────────────────────────────────────────────────────────────


def test_times_come_from_the_injected_clock(path: Path, open_session: OpenSession) -> None:
    hours = timezone(timedelta(hours=2))
    client = open_session(path, clock=lambda: datetime(2027, 3, 1, 12, 0, 1, 500, tzinfo=hours))
    say(client, "an answer")
    assert {e.at for e in client.live_session.event_log.events} == {"2027-03-01T10:00:01.000Z"}


def test_each_event_has_an_id_of_its_own() -> None:
    body = AnswerAdded(question="a.b", text="x", participant="Anna")
    events = make_events([body, body], "Anna", BEGUN)
    assert events[0].id != events[1].id
    assert [e.body for e in events] == [body, body]
    assert all(uuid.UUID(hex=e.id).hex == e.id for e in events)


# ── resuming ─────────────────────────────────────────────────────────────────────────────────


def test_a_session_resumes_at_the_same_question(path: Path, open_session: OpenSession) -> None:
    first = open_session(path)
    say(first, "one", "", "two", "", "")
    position = first.live_session.current
    first.live_session.close()
    second = open_session(path)
    assert second.live_session.current == position
    messages = carry_out(second.begin()).response.messages
    assert isinstance(messages[0], Notice)
    assert "Welcome back: 2 of 46" in messages[0].text
    assert [m.position for m in messages if isinstance(m, QuestionAsked)] == [position]


def test_a_session_resumed_after_its_last_question_stays_there(
    make: MakeSession, open_session: OpenSession
) -> None:
    path = make(bank="business_model_alignment_canvas")
    first = open_session(path)
    say(first, *[""] * 18)
    assert first.live_session.current is None
    first.live_session.close()
    second = open_session(path)
    assert second.live_session.current is None
    assert "18 questions are still open" in message_lines(second.begin().response.messages[0])[0]


def test_resuming_again_and_again_writes_nothing_new(path: Path, open_session: OpenSession) -> None:
    first = open_session(path)
    say(first, "one")
    first.live_session.close()
    before = path.read_bytes()
    for _ in range(2):
        again = open_session(path)
        assert carry_out(again.begin()).events == ()
        again.live_session.close()
    assert path.read_bytes() == before


def test_undo_reaches_back_before_the_resumption(path: Path, open_session: OpenSession) -> None:
    first = open_session(path)
    say(first, "one", "two", "/undo")
    first.live_session.close()
    second = open_session(path)
    say(second, "/redo", "/undo", "/undo")
    assert texts(second) == []
    say(second, "/redo", "/redo")
    assert texts(second) == ["one", "two"]


# ── who speaks ───────────────────────────────────────────────────────────────────────────────


def test_the_facilitator_speaks_in_a_group(path: Path, open_session: OpenSession) -> None:
    assert open_session(path).state.speaker == "Facilitator"


def test_a_named_speaker_keeps_the_name_as_first_written(
    path: Path, open_session: OpenSession
) -> None:
    first = open_session(path, "Zoë")
    say(first, "one")
    first.live_session.close()
    second = open_session(path, "ZOË")
    assert second.state.speaker == "Zoë"
    assert second.begin().events == ()


def test_the_participant_of_a_solo_session_speaks_again(
    make: MakeSession, open_session: OpenSession
) -> None:
    path = make(mode="solo")
    first = open_session(path, "Anna")
    say(first, "one")
    first.live_session.close()
    assert open_session(path).state.speaker == "Anna"


# ── our own words ────────────────────────────────────────────────────────────────────────────


def test_help_comes_from_a_newer_shipped_bank_and_the_file_keeps_its_own(
    path: Path, open_session: OpenSession, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = find_bank("it_business_model_canvas")
    source = (shipped.banks_directory() / f"{old.id}.yaml").read_text("utf-8")
    newer = source.replace(f"version: {old.version}\n", f"version: {old.version + 1}\n")
    newer = re.sub(r"help: >-\n( +)", r"help: >-\n\1In newer words: ", newer, count=1)
    (tmp_path / "banks").mkdir()
    (tmp_path / "banks" / f"{old.id}.yaml").write_text(newer, encoding="utf-8")
    monkeypatch.setattr(shipped, "banks_directory", lambda: tmp_path / "banks")
    client = open_session(path)
    (message,) = say(client, "/title Acme 2028", "/help").response.messages
    assert message_lines(message)[0].startswith("What is meant: In newer words: ")
    assert client.live_session.session.bank.version == old.version
    assert client.live_session.recorded.bank == old


def test_no_reader_of_yaml_is_loaded_to_open_a_session(path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from workshop.live_session import LiveSession; "
        f"LiveSession.open(Path({str(path)!r})).close(); "
        "sys.exit(any(name.startswith('ruamel') for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
