"""The session as JSON, as a format among the others."""

import json
import re
from pathlib import Path

import pytest
from report_samples import ALIGNMENT, IT, PEOPLE, answer, event, everything, session_on

from workshop.errors import CannotWriteError
from workshop.export import json_session
from workshop.export.formats import FORMATS
from workshop.export.provenance import Origin
from workshop.export.request import ReportRequest
from workshop.export.write_file import write_report
from workshop.session.event_log import EventLog
from workshop.session.events import (
    AnswerEdited,
    LevelNamed,
    ParticipantJoined,
    TitleSet,
    Unknown,
)
from workshop.session.record import Record, records_from
from workshop.storage.json_file import writer
from workshop.storage.json_file.reader import read_json_session

JSON = FORMATS["json"]


def written(session, events=(), **given):
    return json_session.write(ReportRequest(session, EventLog(events), **given))


@pytest.mark.parametrize("bank", [IT, ALIGNMENT])
def test_what_is_written_is_the_whole_session(bank):
    session = session_on(bank)
    events = [
        *everything(session),
        event(900, Unknown(original_kind="dream_told", raw='{ "a": 1 }')),
    ]
    found = read_json_session(written(session, events).content, "x.json")
    assert found.session == session
    assert found.log == records_from(events)


def test_a_renamed_session_is_written_as_it_was_recorded_and_its_answers_as_they_are_shown():
    session = session_on(ALIGNMENT, names={"higher": "Acme", "lower": "Platform team"})
    events = [
        event(1, TitleSet(title="Another title")),
        event(2, LevelNamed(level="higher", name="Zenith")),
        answer(3, session.addresses[0], "said", PEOPLE[0]),
    ]
    content = written(session, events).content
    found = read_json_session(content, "x.json")
    assert (found.session, found.log) == (session, records_from(events))
    assert [row["level"] for row in json.loads(content)["answers"]] == ["higher"]


def test_a_given_log_is_written_unchanged():
    session = session_on(IT)
    body = '{"question":"it_domain.positioning","text":"x","participant":"Ann","mood":"fine"}'
    log = (Record(7, "Ann", "a" * 32, "2025-03-13T10:00:00.000Z", "answer_added", body),)
    event_log = EventLog(record.event for record in log)
    content = json_session.write(ReportRequest(session, event_log, log=log)).content
    assert read_json_session(content, "x.json").log == log


def test_the_answers_have_the_names_and_the_order_of_those_in_a_session_file():
    session = session_on(ALIGNMENT, names={"higher": "Acme", "lower": "Platform team"})
    first, *_, last = session.addresses
    events = [
        event(1, ParticipantJoined(name=PEOPLE[0])),
        answer(2, last, "said first", PEOPLE[0]),
        answer(3, first, "said\nsecond", PEOPLE[1]),
        answer(4, "gone.away", "said third", PEOPLE[1]),
        event(5, AnswerEdited(answer=f"{2:032x}", text="mended")),
    ]
    rows = json.loads(written(session, events).content)["answers"]
    assert [tuple(row) for row in rows] == [writer.ANSWER_KEYS] * 3
    step = session.step_by_address[first]
    assert rows[0] == {
        "number": 2,
        "block": step.block.id,
        "level": step.level.id,
        "question": first,
        "ask": session.question(first).ask,
        "answer": "said\nsecond",
        "participant": PEOPLE[1],
        "votes": 0,
        "evidence": None,
        "grouped": "",
        "place": 1,
        "at": events[2].at,
    }
    assert [(row["number"], row["answer"]) for row in rows] == [
        (2, "said\nsecond"),
        (1, "mended"),
        (3, "said third"),
    ]
    assert [rows[2][key] for key in ("block", "level", "question", "ask")] == [
        None, None, "gone.away", None,
    ]  # fmt: skip


def test_writing_again_gives_the_same_bytes():
    session = session_on(IT)
    assert written(session, everything(session)) == written(session, everything(session))


def test_a_file_that_import_would_not_read_says_so(monkeypatch):
    session = session_on(IT)
    assert written(session).warnings == ()
    monkeypatch.setattr(json_session, "MAX_BYTES", 1_000)
    assert written(session).warnings == (
        "The file is larger than 0 MB, so 'workshop import' will not read it.",
    )


def test_the_pages_example_is_what_would_be_written_today():
    page = Path(__file__).parents[2] / "docs" / "json-file.md"
    (example,) = re.findall(r"```json\n(.*?)```", page.read_text("utf-8"), re.DOTALL)
    found = read_json_session(example.encode(), "docs/json-file.md")
    content = written(found.session, [record.event for record in found.log]).content
    assert content.decode() == example


# ── known again ──────────────────────────────────────────────────────────────────────────────


def test_what_was_written_for_the_session_is_replaced_and_nothing_else(tmp_path):
    session, target = session_on(IT), tmp_path / "x.json"
    write_report(ReportRequest(session, EventLog()), target, JSON)
    assert json_session.read_origin(target) == Origin(session.id)
    write_report(ReportRequest(session, EventLog(everything(session))), target, JSON)
    assert len(json.loads(target.read_bytes())["answers"]) == len(session.addresses)
    with pytest.raises(CannotWriteError, match="stays as it is"):
        write_report(ReportRequest(session_on(IT, id="f" * 32), EventLog()), target, JSON)


@pytest.mark.parametrize(
    "content", [b"", b"{}", b'{"id": "0123456789abcdef0123456789abcdef"}', b"\xff\x00", b"[1, 2]"]
)
def test_another_json_file_has_no_origin(tmp_path, content):
    (tmp_path / "x.json").write_bytes(content)
    assert json_session.read_origin(tmp_path / "x.json") is None


def test_a_truncated_file_is_recognised_and_counts_as_changed(tmp_path):
    session = session_on(IT, title="x" * 2_000)
    path = tmp_path / "x.json"
    path.write_bytes(written(session).content[:1_000])
    assert json_session.read_origin(path) == Origin(session.id, untouched=False)


def test_a_file_that_cannot_be_read_raises_an_error(tmp_path):
    with pytest.raises(OSError, match=r"x\.json"):
        json_session.read_origin(tmp_path / "x.json")
