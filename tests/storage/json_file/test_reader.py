"""Reading a session from JSON that may come from anybody."""

import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from json_samples import (
    AGAIN,
    LOG,
    RAW,
    ROWS,
    SESSION,
    TEXT,
    encode,
    event,
    line_of,
    put,
    read,
    read_or_refused,
    refused,
    value,
)

from workshop.session.event_log import EventLog
from workshop.session.events import (
    AnswerAdded,
    AnswerEdited,
    LevelNamed,
    ParticipantJoined,
    PositionMoved,
    QuestionSkipped,
    TitleSet,
    Undone,
    Unknown,
)
from workshop.session.record import Record, records_from
from workshop.storage.json_file import writer
from workshop.storage.json_file.writer import write_json
from workshop.text import clean, clean_line

# ── what was exported ────────────────────────────────────────────────────────────────────────


def test_what_was_exported_is_read_back_equal():
    parsed = read(RAW)
    assert parsed.session == SESSION
    assert parsed.log == LOG
    assert write_json(parsed.session, parsed.log, ROWS) == TEXT


def test_a_byte_order_mark_and_another_layout_change_nothing():
    for raw in (
        b"\xef\xbb\xbf" + RAW,
        RAW.replace(b"\n", b"\r\n"),
        json.dumps(json.loads(TEXT), separators=(",", ":")).encode(),
        json.dumps(json.loads(TEXT), indent="\t", ensure_ascii=False).encode(),
    ):
        assert read(raw) == read(RAW)


def test_counters_of_merged_copies_are_retained():
    log = tuple(r._replace(counter=index // 2) for index, r in enumerate(LOG))
    assert read(write_json(SESSION, log, ()).encode()).log == log


def test_a_field_of_a_newer_version_is_retained_with_its_event():
    body = '{"question":"who.first","text":"Bakers","participant":"Ann","mood":[1.50,"\\u00e9"]}'
    log = (Record(1, "Ann", "1", "2027-03-01T09:00:00.000Z", "answer_added", body),)
    parsed = read(write_json(SESSION, log, ()).encode())
    assert parsed.log == log
    assert [a.text for a in EventLog(r.event for r in parsed.log).state.answers.values()] == [
        "Bakers"
    ]


def test_a_field_that_an_older_version_did_not_write_may_be_missing():
    log = (Record(1, "Ann", "1", "", "question_skipped", '{"question":"who.first"}'),)
    assert read(write_json(SESSION, log, ()).encode()).log == log


def test_an_unknown_body_is_retained():
    body = '{"question":"who.first","text":5}'
    log = (Record(1, "Ann", "1", "", "answer_added", body),)
    assert read(write_json(SESSION, log, ()).encode()).log == log


LINES = st.text(max_size=20).map(clean_line)
WORDS = LINES.filter(bool)
TEXTS = st.text(max_size=60).map(clean).filter(bool)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=6,
)
BODIES = st.one_of(
    st.builds(AnswerAdded, question=LINES, text=TEXTS, participant=LINES),
    st.builds(AnswerEdited, answer=LINES, text=TEXTS),
    st.builds(QuestionSkipped, question=LINES, reason=TEXTS | st.just("")),
    st.builds(PositionMoved, question=st.none() | LINES),
    st.builds(ParticipantJoined, name=WORDS),
    st.builds(TitleSet, title=WORDS),
    st.builds(LevelNamed, level=LINES, name=LINES),
    st.builds(Undone, event=LINES),
    st.builds(
        Unknown,
        original_kind=st.text(max_size=9) | st.sampled_from(["answer_added", "undone"]),
        raw=st.dictionaries(st.text(max_size=9), VALUES, max_size=4)
        .map(lambda body: json.dumps(body, indent=len(body) or None).replace("NaN", "null"))
        .filter(lambda raw: "Infinity" not in raw),
    ),
)
EVENTS = st.lists(
    st.builds(event, st.integers(0, 10**30), BODIES, LINES, LINES, LINES),
    max_size=8,
    unique_by=lambda e: e.id,
)


@given(events=EVENTS)
def test_any_log_is_read_back_equal(events):
    log = records_from(events)
    parsed = read(write_json(SESSION, log, ()).encode())
    assert parsed.log == log
    assert write_json(parsed.session, parsed.log, ()) == write_json(SESSION, log, ())


# ── version 1 ────────────────────────────────────────────────────────────────────────────────

VERSION_1 = (Path(__file__).parents[2] / "data" / "session-v1.json").read_bytes()


def test_a_file_of_version_1_is_read_with_its_events():
    parsed = read(VERSION_1)
    assert parsed.session == SESSION
    assert parsed.log == tuple(record._replace(seat="", batch="") for record in LOG)


@given(at=st.integers(0, len(VERSION_1) - 1), byte=st.integers(0, 255))
def test_no_byte_of_a_file_of_version_1_can_be_changed_unnoticed(at, byte):
    changed = VERSION_1[:at] + bytes([byte]) + VERSION_1[at + 1 :]
    assert read_or_refused(changed) in (None, read(VERSION_1))


@pytest.mark.parametrize("key", ["answers", "events", "bank", "session", "seals"])
def test_a_part_that_is_missing_in_a_file_of_version_1_is_reported(key):
    changed = json.loads(VERSION_1)
    del changed[key]
    assert "this key is missing" in refused(encode(changed))


# ── what was changed ─────────────────────────────────────────────────────────────────────────


@given(
    at=st.integers(0, len(RAW) - 1),
    byte=st.integers(0, 255) | st.sampled_from(list(b' "0a,{}[]\\\n')),
)
def test_no_byte_can_be_changed_unnoticed(at, byte):
    changed = RAW[:at] + bytes([byte]) + RAW[at + 1 :]
    assert read_or_refused(changed) in (None, read(RAW))


def test_a_file_that_was_cut_off_anywhere_is_refused_as_one_that_ends_too_early():
    assert refused(b"")
    for end in range(1, len(RAW) - 1):
        assert "ends too early" in refused(RAW[:end]), end


def test_a_changed_answer_is_named_by_its_event():
    changed = RAW.replace(b'"text":"Village bakers"', b'"text":"Village makers"')
    assert refused(changed) == (
        f"x.json, line {line_of('Village bakers')}, column 5: event 3 of 11 was changed after the "
        f"export, or an event before it was added, moved or taken away. {AGAIN}"
    )


@pytest.mark.parametrize("key", writer.EventPart.model_fields)
def test_a_change_anywhere_in_an_event_is_noticed(key):
    changed = value()
    entry = changed["events"][4]
    other = {"counter": 7, "body": {**entry.get("body"), "text": "x"}, "hash": "0" * 32}
    entry[key] = other.get(key, "other")
    assert "event 5 of 11 was changed" in refused(encode(changed))


def test_a_removed_moved_or_added_event_is_noticed():
    for change, number in (
        (lambda events: events.pop(3), 4),
        (lambda events: events.insert(3, events.pop(2)), 3),
        (lambda events: events.insert(2, dict(events[5])), 3),
        (lambda events: events.append(dict(events[5])), 12),
    ):
        changed = value()
        change(changed["events"])
        assert f"event {number} of {len(changed['events'])} was changed" in refused(encode(changed))


def test_a_removed_last_event_is_noticed():
    changed = value()
    del changed["events"][-2:]
    message = refused(encode(changed))
    assert "the list of events (its end is gone, or its hash) was changed" in message


@pytest.mark.parametrize(
    ("key", "other"),
    [("title", "Mine"), ("mode", "solo"), ("quick", True), ("level", "shop"), ("names", {})],
)
def test_a_changed_session_is_noticed(key, other):
    changed = value()
    changed["session"][key] = other
    if key == "quick":  # for which a bank needs core questions
        changed["bank"]["blocks"][0]["questions"][0]["core"] = True
    message = refused(encode(changed))
    assert message.startswith("x.json, line 1, column ")
    assert "what it says about the session was changed after the export" in message


def test_a_changed_bank_is_noticed():
    changed = RAW.replace(b'"ask": "Whom do we serve?"', b'"ask": "Whom do we starve?"')
    line = line_of('  "bank": {')
    assert refused(changed).startswith(
        f"x.json, line {line}, column 3: the question bank in it was changed"
    )


def test_a_changed_list_of_answers_is_noticed_and_the_answer_named():
    line = line_of('"answer": "Nobody asks')
    message = refused(RAW.replace(b'"answer": "Nobody asks', b'"answer": "Everybody asks'))
    assert message.startswith(f"x.json, line {line}, column 5: the list of answers was changed")
    message = refused(RAW.replace(b'"votes": 0', b'"votes": 9', 1))
    line = line_of('  "answers": [')
    assert message.startswith(f"x.json, line {line}, column 3: the list of answers was changed")


@pytest.mark.parametrize("part", writer.PartHashes.model_fields)
def test_a_changed_hash_is_noticed(part):
    changed = value()
    changed["hashes"][part] = "0" * 32
    assert "was changed after the export" in refused(encode(changed))


# ── what is no session of ours ───────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "raw",
    [b"{}", b"[]", b"null", b'"workshop-session"', b'{"format": 1}', b'{"format": "other"}'],
)
def test_json_of_another_program_is_reported_as_such(raw):
    assert refused(raw) == (
        "x.json is JSON, but not a session that Workshop exported. "
        "'workshop export SESSION --format json' writes one."
    )


def test_a_newer_version_is_reported_as_such_whatever_else_is_new():
    raw = b'{"format": "workshop-session", "version": 3, "novel": []}'
    assert refused(raw) == (
        "x.json was exported by a newer Workshop (version 3 of the format; this one reads 1 to 2). "
        "Install the newer Workshop to import it."
    )


@pytest.mark.parametrize("version", [0, -1, 1.0, True, "1", None, [1]])
def test_an_invalid_version_is_refused(version):
    message = refused(encode({**value(), "version": version}))
    assert "version: the version of the format was expected, such as 2." in message


def test_a_file_that_is_too_large_is_refused_unread(monkeypatch):
    monkeypatch.setattr(writer, "MAX_BYTES", 2_000_000)
    assert refused(b"[" * 2_000_001) == "x.json is larger than 2 MB, which no session is."


@pytest.mark.parametrize(
    ("path", "other", "problem"),
    [
        (("events", 2, "body", "text"), 5, "events[2].body.text: text was expected"),
        (("events", 2, "body", "text"), "", "events[2].body.text: there are no words in it"),
        (("events", 2, "body"), [], "events[2].body: text was expected"),
        (("events", 2, "at"), None, "events[2].at: text was expected"),
        (("events", 2, "counter"), "3", "events[2].counter: a whole number was expected"),
        (
            ("events", 2, "hash"),
            "xyz",
            "events[2].hash: 32 digits from 0 to 9 and a to f were expected",
        ),
        (("events", 2), "gone", "events[2]: keys with values were expected"),
        (("events",), {}, "events: a list was expected"),
        (("answers", 0), 1, "answers[0]: keys with values were expected"),
        (("session", "quick"), "no", "session.quick: true or false was expected"),
        (("session", "mode"), "alone", "session.mode: 'solo' or 'group' was expected"),
        (("session", "id"), "1", "session.id: 32 digits from 0 to 9 and a to f"),
        (("session", "created"), "today", "session.created: a date and a time"),
        (("session", "created"), "0001-01-01T00:00+14:00", "session.created: there is no such"),
        (("session", "level"), "cellar", "session: The Bakery Canvas has no level 'cellar'"),
        (("session", "surprise"), 1, "session.surprise: there is no such key here"),
        (
            ("bank", "blocks", 1, "family"),
            "odd",
            "bank.blocks[1].family: 'infrastructure', 'offering', 'customer'",
        ),
        (("bank", "blocks", 1, "id"), "who", "bank.blocks[1].id: the block id who is used 2 times"),
        (("bank", "version"), 0, "bank.version: a number of at least 1 was expected"),
        (("bank",), [], "bank: keys with values were expected"),
        (("hashes", "bank"), 1, "hashes.bank: text was expected"),
    ],
)
def test_a_wrong_value_is_reported_with_its_path(path, other, problem):
    changed = value()
    put(changed, path, other)
    text = json.dumps(changed, ensure_ascii=False, indent=1)
    message = refused(text.encode())
    assert problem in message
    line = int(message.removeprefix("x.json, line ").partition(",")[0])
    key = re.findall(r"\w+", problem.partition(":")[0])[-1]
    assert f'"{key}"' in text.split("\n")[line - 1] or key.isdigit()


@pytest.mark.parametrize("key", ["answers", "events", "bank", "session", "hashes"])
def test_a_missing_part_is_named(key):
    changed = value()
    del changed[key]
    assert f"{key}: this key is missing" in refused(encode(changed))


def test_a_duplicate_key_is_refused():
    raw = RAW.replace(b'"quick": false,', b'"quick": false, "quick": false,')
    assert "a key stands here for the second time" in refused(raw)
