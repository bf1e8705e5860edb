"""Reading forged JSON whose hashes are right."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from json_samples import (
    AGAIN,
    RAW,
    SESSION,
    encode,
    encode_with_hashes,
    put,
    read,
    read_or_refused,
    record_in,
    refused,
    value,
)

from workshop.session.record import Record
from workshop.storage.json_file import reader, writer
from workshop.storage.json_file.writer import write_json


def test_a_change_with_new_hashes_is_read():
    assert read(encode_with_hashes(value())) == read(RAW)


@pytest.mark.parametrize(
    ("path", "other"),
    [
        (("session", "title"), "a\u202eb"),
        (("session", "title"), " Mine"),
        (("session", "names", "shop"), "a\x1b[31m"),
        (("session", "created"), "2027-03-01T10:00:00.123Z"),
        (("bank", "title"), "a\u0000b"),
        (("bank", "blocks", 0, "minutes"), "5"),
        (("bank", "blocks", 0, "minutes"), True),
        (("bank", "blocks", 0, "questions", 0, "ask"), "Whom\ndo we serve?"),
        (("events", 2, "id"), " 3"),
        (("events", 2, "at"), "\x1b]0;title\x07"),
        (("events", 2, "actor"), "a\u202e"),
        (("events", 2, "seat"), "phone\r1"),
        (("events", 2, "batch"), " b"),
        (("events", 2, "body", "text"), "a\u202eb"),
        (("events", 2, "body", "text"), " Village bakers"),
        (("events", 2, "body", "participant"), "A\nB"),
    ],
)
def test_text_that_is_not_clean_is_refused_and_not_cleaned(path, other):
    changed = value()
    put(changed, path, other)
    message = refused(encode_with_hashes(changed))
    assert f": {reader.format_path(path)}: this is not as Workshop writes it. {AGAIN}" in message


def test_two_events_with_one_id_are_refused():
    changed = value()
    changed["events"][5]["id"] = changed["events"][2]["id"]
    assert "events[5].id: events[2] has this id too." in refused(encode_with_hashes(changed))


@pytest.mark.parametrize("body", ["", "[]", "{", "nothing", '{"a": NaN}', "5"])
def test_a_body_in_letters_is_the_json_of_an_object(body):
    changed = value()
    changed["events"][7]["body"] = body
    message = refused(encode_with_hashes(changed))
    assert "events[7].body: an object, or the JSON text of one, was expected." in message


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=9,
)


@given(anything=ANYTHING)
def test_any_other_json_is_refused_in_one_line(anything):
    refused(json.dumps(anything).encode())
    if isinstance(anything, dict):
        head = {"format": writer.FORMAT, "version": writer.VERSION}
        refused(json.dumps({**anything, **head}).encode())


def inner_places(whole, path=()):
    """Yield the path of every value inside another."""
    if isinstance(whole, list):
        whole = dict(enumerate(whole))
    if isinstance(whole, dict):
        for key, part in whole.items():
            yield (*path, key)
            yield from inner_places(part, (*path, key))


PLACES = list(inner_places(value()))


@given(data=st.data(), anything=ANYTHING, forge=st.booleans())
def test_any_value_at_any_path_is_refused_in_one_line_or_retained(data, anything, forge):
    changed = value()
    path = data.draw(st.sampled_from(PLACES))
    put(changed, path, anything)
    try:
        raw = encode_with_hashes(changed) if forge else encode(changed)
    except (TypeError, KeyError, AttributeError, ValueError):
        raw = encode(changed)  # there is nothing left to seal
    parsed = read_or_refused(raw)
    if parsed is not None:
        again = write_json(parsed.session, parsed.log, ())
        assert read(again.encode()) == parsed
        assert [record_in(entry) for entry in changed["events"]] == list(parsed.log)


@pytest.mark.parametrize("depth", [50, 200, 500, 900, 950, 990, 1_000, 2_000, 100_000])
def test_deeply_nested_values_are_retained_or_refused_in_one_line(depth):
    body = '{"a": ' + "[" * depth + "]" * depth + "}"
    later = b'{"question":"who.second","reason":"later"}'
    assert later in RAW
    refused(RAW.replace(later, body.encode()))
    log = (Record(1, "Ann", "1", "", "dream_told", body),)
    raw = write_json(SESSION, log, ()).encode()
    if depth < 900:
        assert read(raw).log == log
    elif depth > 1_000:
        assert "the JSON text of one, was expected" in refused(raw)
