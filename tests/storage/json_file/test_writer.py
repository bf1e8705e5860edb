"""A session as JSON: its content, its layout, and no invisible characters."""

import hashlib
import json
import re
from pathlib import Path

import pytest
from json_samples import EVENTS, LOG, ROWS, SESSION, TEXT, event, value
from pydantic import ValidationError

from workshop.session.events import AnswerAdded, Unknown
from workshop.session.record import records_from
from workshop.session.session import canonical_bank_json
from workshop.storage.json_file import writer
from workshop.storage.json_file.writer import FilePart, exported_session_id, write_json
from workshop.text import clean

PAGE = (Path(__file__).parents[3] / "docs" / "json-file.md").read_text("utf-8")


def test_the_text_begins_with_its_format_and_the_session_id():
    assert TEXT.startswith(
        '{\n  "format": "workshop-session",\n  "version": 2,\n'
        '  "session": {\n    "id": "0123456789abcdef0123456789abcdef",\n'
    )
    assert exported_session_id(TEXT[:200]) == SESSION.id


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}",
        '{"id": "0123456789abcdef0123456789abcdef"}',
        '{"a": 1, ' + TEXT[1:],
        TEXT.replace("workshop-session", "other-session"),
        TEXT.replace(SESSION.id, "0123"),
        " " + json.dumps({"title": TEXT}),
    ],
)
def test_other_text_has_no_session_id(text):
    assert exported_session_id(text) is None


def test_the_session_id_is_found_in_any_layout():
    assert exported_session_id(json.dumps(json.loads(TEXT), separators=(",", ":"))) == SESSION.id
    assert exported_session_id("\ufeff" + json.dumps(json.loads(TEXT), indent=8)) == SESSION.id


def test_the_same_session_gives_the_same_text():
    other = SESSION.model_copy(update={"names": dict(reversed(SESSION.names.items()))})
    assert write_json(other, records_from(EVENTS), list(ROWS)) == TEXT


def test_an_event_is_a_line_and_so_is_an_answer():
    lines = TEXT.split("\n")
    at = {name: lines.index(f'  "{name}": [') for name in ("answers", "events")}
    for number, row in enumerate(ROWS, start=1):
        shown = json.loads(lines[at["answers"] + number].rstrip(","))
        assert shown == {k: v for k, v in row._asdict().items() if k != "position"}
    for number, record in enumerate(LOG, start=1):
        entry = json.loads(lines[at["events"] + number].rstrip(","))
        assert (entry["counter"], entry["id"], entry["kind"]) == (number, record.id, record.kind)
    assert TEXT.splitlines() == lines[:-1]


def test_bodies_are_objects_if_that_loses_nothing():
    bodies = {entry["kind"]: entry["body"] for entry in value()["events"]}
    assert bodies["question_skipped"] == {"question": "who.second", "reason": "later"}
    assert bodies["position_moved"] == {"question": None}
    assert bodies["dream_told"] == '{ "of" : [1.50, "\\u202e", {}] }'


def test_the_bank_is_the_one_in_the_session_file():
    assert writer.to_compact_json(value()["bank"]) == canonical_bank_json(SESSION.bank)


def test_an_empty_log_is_an_empty_list():
    empty = json.loads(write_json(SESSION, (), ()))
    assert empty["events"] == empty["answers"] == []
    assert empty["hashes"]["events"] == empty["hashes"]["bank"]


def test_nothing_that_an_editor_hides_or_obeys_is_in_the_text():
    hidden = "\x00\x1b\x7f\x85\x9b\u00ad\u200e\u2028\u202e\u2066\ufeff\uffff\U000e0001"
    strange = Unknown(original_kind=f"x{hidden}", raw=json.dumps(hidden, ensure_ascii=False))
    spoken = AnswerAdded(question="who.first", text="אב\u200fג 👩\u200d🍳", participant="Änne")
    log = records_from([event(1, strange), event(2, spoken)])
    text = write_json(SESSION, log, ())
    assert not re.search(f"[{hidden}\u200f\ud800-\udfff]", text.replace("\n", ""))
    assert "👩\u200d🍳" in text
    assert clean(text).split() == text.split()
    assert json.loads(text)["events"][0]["kind"] == strange.original_kind


def test_the_hashes_can_be_computed_without_workshop():
    # As docs/json-file.md describes it; a change here makes every exported file unreadable.
    def link(before, *values):
        parts = (str(value).encode() for value in values)
        encode_with_hashes = before + b"".join(b"%d:%b" % (len(part), part) for part in parts)
        return hashlib.sha256(encode_with_hashes).digest()[:16]

    def text(value):
        return json.dumps(value, ensure_ascii=False)

    document = value()
    session = link(b"", "workshop-session", 2, text(document["session"]))
    bank = last = link(session, text(document["bank"]))
    for entry in document["events"]:
        body = entry["body"]
        if not isinstance(body, str):
            body = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
        columns = [entry[key] for key in ("counter", "id", "at", "actor", "kind")]
        seat_and_batch = [entry["seat"], entry["batch"]]
        last = link(last, *columns, body, *(seat_and_batch if any(seat_and_batch) else ()))
        assert entry["hash"] == last.hex()
    answers = link(last, *map(text, document["answers"]))
    assert document["hashes"] == {
        "session": session.hex(),
        "bank": bank.hex(),
        "events": last.hex(),
        "answers": answers.hex(),
    }


# ── docs/json-file.md ────────────────────────────────────────────────────────────────────────


def keys_listed(heading):
    section = PAGE.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    return tuple(re.findall(r"^\| `(\w+)`", section, re.MULTILINE))


@pytest.mark.parametrize(
    ("heading", "keys"),
    [
        ("The file", writer.FilePart.model_fields),
        ("The session", writer.SessionPart.model_fields),
        ("An event", writer.EventPart.model_fields),
        ("An answer", writer.ANSWER_KEYS),
        ("The hashes", writer.PartHashes.model_fields),
    ],
)
def test_every_key_is_explained_in_its_order(heading, keys):
    assert keys_listed(heading) == tuple(keys)


def test_the_page_names_the_version_and_the_limit():
    assert f'"{writer.FORMAT}"' in PAGE
    assert f"| `version` | {writer.VERSION}:" in PAGE
    assert f"{writer.MAX_BYTES // 1_000_000} MB" in PAGE


def test_of_many_invalid_events_only_the_first_is_reported():
    # Each complaint takes kilobytes: a small file full of them would take all memory.
    with pytest.raises(ValidationError) as caught:
        FilePart.model_validate({"events": [{}] * 1_000, "answers": [1] * 1_000})
    wrong = {(*error["loc"][:2],) for error in caught.value.errors()}
    assert {path for path in wrong if path[0] == "events"} == {("events", 0)}
    assert {path for path in wrong if path[0] == "answers"} == {("answers", 0)}
