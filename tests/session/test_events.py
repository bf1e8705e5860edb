"""Bodies of events: what is written is read again, and what strangers wrote is cleaned."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from workshop.session.events import (
    MAX_DOTS,
    ActionAdded,
    AnswerAdded,
    AnswerEdited,
    AnswerRemoved,
    AnyBody,
    LevelNamed,
    ParticipantJoined,
    PointParked,
    PositionMoved,
    QuestionSkipped,
    TitleSet,
    Undone,
    Unknown,
    VoteCast,
    kind_of,
    read_body,
    write_body,
)
from workshop.text import clean, clean_line

KINDS = ["answer_added", "answer_edited", "answer_removed", "question_skipped",
         "vote_cast", "point_parked", "action_added", "position_moved", "participant_joined",
         "title_set", "level_named", "undone"]  # fmt: skip
TEXT = st.text(max_size=40)
WORDS = TEXT.filter(clean)
NAMES = TEXT.filter(clean_line)
BODIES = st.one_of(
    st.builds(AnswerAdded, question=TEXT, text=WORDS, participant=TEXT),
    st.builds(AnswerEdited, answer=TEXT, text=WORDS),
    st.builds(AnswerRemoved, answer=TEXT),
    st.builds(QuestionSkipped, question=TEXT, reason=TEXT),
    st.builds(VoteCast, answer=TEXT, dots=st.integers(1, MAX_DOTS)),
    st.builds(PointParked, text=WORDS, question=TEXT, participant=TEXT),
    st.builds(ActionAdded, text=WORDS, owner=TEXT, due=TEXT, participant=TEXT),
    st.builds(PositionMoved, question=TEXT | st.none()),
    st.builds(ParticipantJoined, name=NAMES),
    st.builds(TitleSet, title=NAMES),
    st.builds(LevelNamed, level=TEXT, name=TEXT),
    st.builds(Undone, event=TEXT),
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)
FIELDS = st.sampled_from(
    ["question", "text", "participant", "answer", "reason", "name", "event", "title", "level"]
)


@given(BODIES)
def test_a_body_reads_back_as_it_was_written(body: AnyBody) -> None:
    assert read_body(kind_of(body), write_body(body)) == body
    assert "kind" not in json.loads(write_body(body))


@given(st.sampled_from(KINDS) | TEXT, TEXT | st.binary().map(repr) | JSON.map(json.dumps))
def test_any_text_is_read_as_some_body(kind: str, body: str) -> None:
    read = read_body(kind, body)
    assert read.kind in (*KINDS, "unknown")


@given(st.sampled_from(KINDS), st.dictionaries(FIELDS, JSON))
def test_a_body_with_any_fields_is_read_or_kept_as_unknown(
    kind: str, fields: dict[str, object]
) -> None:
    body = json.dumps(fields)
    read = read_body(kind, body)
    assert read.kind == kind or read == Unknown(original_kind=kind, raw=body)


def test_an_event_of_an_unknown_kind_is_kept_to_the_letter() -> None:
    read = read_body("mood_felt", '{ "mood": "good",\t"dots": 3.0}')
    assert read == Unknown(original_kind="mood_felt", raw='{ "mood": "good",\t"dots": 3.0}')


@given(st.text(max_size=20), st.text(max_size=40))
def test_an_unknown_body_is_written_exactly_as_it_was_read(kind: str, body: str) -> None:
    read = read_body(kind, body)
    if isinstance(read, Unknown):
        assert (kind_of(read), write_body(read)) == (kind, body)


def test_an_unknown_field_of_a_body_is_ignored() -> None:
    body = '{"question": "a.b", "text": "x", "participant": "Anna", "mood": "good"}'
    added = AnswerAdded(question="a.b", text="x", participant="Anna")
    assert read_body("answer_added", body) == added


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("answer_added", "{}"),
        ("answer_added", ""),
        ("answer_added", "[]"),
        ("answer_added", "null"),
        ("answer_added", '{"question": "a.b", "text": "", "participant": "Anna"}'),
        ("answer_added", '{"question": "a.b", "text": " \\u001b[31m ", "participant": "Anna"}'),
        ("answer_added", '{"question": "a.b", "text": 5, "participant": "Anna"}'),
        ("answer_added", '{"question": "a\\ud800", "text": "x", "participant": "Anna"}'),
        ("answer_added", '{"a":' * 5000),
        ("vote_cast", '{"answer": "a"}'),
        *(
            ("vote_cast", f'{{"answer": "a", "dots": {dots}}}')
            for dots in ("0", "-1", "1000", "1.0", "1e2", '"1"', "true", "null", "9" * 30)
        ),
        ("point_parked", '{"text": " ", "question": "", "participant": "Anna"}'),
        ("action_added", '{"text": "x", "owner": 5, "due": "", "participant": "Anna"}'),
        ("position_moved", "{}"),
        ("participant_joined", '{"name": " "}'),
        ("title_set", '{"title": " \\u001b[31m "}'),
        ("title_set", f'{{"title": "{"x" * 201}"}}'),
        ("level_named", f'{{"level": "higher", "name": "{"x" * 61}"}}'),
        ("undone", '{"event": null}'),
    ],
)
def test_a_body_that_cannot_be_understood_is_kept_as_unknown(kind: str, body: str) -> None:
    assert read_body(kind, body) == Unknown(original_kind=kind, raw=body)


def test_escape_codes_in_the_body_of_an_event_are_cleaned_on_reading() -> None:
    raw = "\x1b]0;pwned\x07hello\u202e\x9b31m"
    body = json.dumps({"question": raw, "text": raw + "\nworld", "participant": raw})
    assert read_body("answer_added", body) == AnswerAdded(
        question="hello", text="hello\nworld", participant="hello"
    )
    assert read_body("participant_joined", json.dumps({"name": raw})) == ParticipantJoined(
        name="hello"
    )
    assert read_body("title_set", json.dumps({"title": raw})) == TitleSet(title="hello")


def test_a_body_is_immutable() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        AnswerRemoved(answer="a").answer = "b"  # type: ignore[misc]


def test_an_answer_is_never_empty() -> None:
    with pytest.raises(ValidationError, match="there are no words in it"):
        AnswerAdded(question="a.b", text=" \x1b[0m\u200b ", participant="Anna")
