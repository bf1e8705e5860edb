"""JSON from anybody: what is refused, and the place that the error names."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workshop.errors import BadFileError
from workshop.storage.json_file.strict_json import (
    MAX_INTEGER,
    format_path,
    is_object,
    parse_simple_object,
    read_json,
)

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-MAX_INTEGER, MAX_INTEGER)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


def refused(raw):
    with pytest.raises(BadFileError) as caught:
        read_json(raw if isinstance(raw, bytes) else raw.encode(), "x.json")
    message = str(caught.value)
    assert "\n" not in message
    assert message.startswith("x.json")
    return message


@given(value=JSON, indent=st.sampled_from([None, 1]), ascii_only=st.booleans())
def test_json_is_read_as_it_is(value, indent, ascii_only):
    text = json.dumps(value, indent=indent, ensure_ascii=ascii_only)
    assert read_json(text.encode(), "x.json").value == value


def test_a_byte_order_mark_is_ignored():
    assert read_json(b'\xef\xbb\xbf{"a": 1}', "x.json").value == {"a": 1}


@pytest.mark.parametrize("codec", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_utf_16_is_reported(codec):
    assert refused('{"a": 1}'.encode(codec)).endswith("not UTF-8. Save it as UTF-8.")


@pytest.mark.parametrize("raw", [b"", b"  \n", b"\xef\xbb\xbf"])
def test_an_empty_file_is_reported_as_empty(raw):
    assert refused(raw) == "x.json is empty."


def test_text_that_is_not_utf_8_is_reported_with_its_line():
    assert refused(b'{"a":\n"\xff"}') == "x.json, line 2: this is not UTF-8 text."
    assert refused(b'\xef\xbb\xbf{\n"\xff"}') == "x.json, line 2: this is not UTF-8 text."


@pytest.mark.parametrize(
    "text", ["hello", "<html></html>", '{"a": 1,}', "{'a': 1}", "[1 2]", "{}}"]
)
def test_text_that_is_not_json_is_reported_with_its_line_and_column(text):
    assert "x.json, line 2, column " in refused("\n" + text)
    assert "this is not JSON" in refused("\n" + text)


@pytest.mark.parametrize("cut", range(1, len('{"añ": ["b", {"c": 1}]}'.encode())))
def test_a_truncated_file_is_reported_as_such(cut):
    raw = b"\n\n" + '{"añ": ["b", {"c": 1}]}'.encode()[:cut]
    assert "x.json ends too early, in line 3." in refused(raw)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ('{"a": 1,\n "a": 2}', "line 2, column 2"),
        ('[{"a": {"a": 1}},\n {"b": [],\n  "\\u0062": 2}]', "line 3, column 3"),
        ('{"x": {"k": "} \\" {", "k": 1}, "y": [}', "line 1, column 23"),
    ],
)
def test_a_duplicate_key_is_refused_at_its_second_place(text, place):
    assert refused(text) == f"x.json, {place}: a key stands here for the second time."


@pytest.mark.parametrize(
    "number", ["NaN", "Infinity", "-Infinity", "1e999", "-1e999", str(2**63), "9" * 5_000]
)
def test_a_number_that_is_too_large_is_refused_at_its_place(number):
    message = refused(f'{{"a": "{number}",\n "b": [0, {number}]}}')
    assert "line 2, column 11" in message
    assert "too large" in message or "is not JSON" in message


def test_a_number_that_is_too_large_and_runs_into_letters_is_refused_at_its_place():
    message = refused('{"a": 0,\n "b": 1111111111111111111111abc",\n"c": 1}')
    assert message.startswith("x.json, line 2, column 2: this number is too large")


@pytest.mark.parametrize("half", ["\\ud800", "\\udfff", "\\ud800\\ud800", "\\uD83Ex"])
def test_half_a_character_is_refused_at_its_place(half):
    message = refused('{"a": "\\u00e9\\ud83e\\udd68",\n "' + half + '": 1}')
    assert message == "x.json, line 2, column 2: this text holds half a character."


@pytest.mark.parametrize("text", ["[" * 100_000, '{"a":' * 100_000, "[" * 5_000 + "]" * 5_000])
def test_values_that_are_nested_too_deeply_are_refused(text):
    assert refused(text) == "x.json is nested too deeply to make sense of."


@given(value=JSON)
def test_every_value_is_located(value):
    # Numbered, so that a line says which value it is.
    lines = json.dumps(value, indent=1).split("\n")
    file = read_json("\n".join(lines).encode(), "x.json")
    for path, line in places(value):
        message = str(file.error_at(path, "here"))
        assert message.startswith(f"x.json, line {line}, "), (path, lines)


def places(value, path=(), line=1):
    """Yield the path of every value with its line, in text that is indented; return the last."""
    yield path, line
    inner = (
        list(value.items())
        if isinstance(value, dict)
        else list(enumerate(value))
        if isinstance(value, list)
        else []
    )
    for key, one in inner:
        line += 1
        yield from places(one, (*path, key), line)
        line += len(json.dumps(one, indent=1).split("\n")) - 1


def test_a_missing_value_is_located_at_its_parent():
    file = read_json(b'{"a": 1,\n "b": [\n  {"c": 1}]}', "x.json")
    assert str(file.error_at(("b", 0, "d"), "here")) == "x.json, line 3, column 3: here."
    assert str(file.error_at(("z",), "here")) == "x.json, line 1, column 1: here."


def test_a_description_that_quotes_the_file_is_one_short_clean_line():
    message = str(read_json(b"{}", "x.json").error_at((), "a\n\x1b[31m\u202eb" + "c" * 5_000))
    assert len(message) < 400
    assert message.isprintable()
    assert "a bccc" in message


def test_a_path_is_formatted_with_dots_and_brackets():
    assert format_path(("events", 12, "body", "text")) == "events[12].body.text"


# ── bodies ───────────────────────────────────────────────────────────────────────────────────


@given(value=JSON)
def test_a_simple_object_is_parsed_as_json(value):
    text = json.dumps(value)
    assert parse_simple_object(text) == (value if isinstance(value, dict) else None)
    assert is_object(text) == isinstance(value, dict)


@pytest.mark.parametrize(
    ("text", "any_reader_takes_it"),
    [
        ("", False),
        ("{", False),
        ("[]", False),
        ('{"a": NaN}', False),
        ('{"a": 1e999}', True),
        (f'{{"a": {2**64}}}', True),
        ('{"a": ' + "[" * 200 + "]" * 200 + "}", True),
        ('{"a": ' + "[" * 9_000 + "]" * 9_000 + "}", False),
    ],
)
def test_an_object_that_a_file_could_not_contain_is_not_simple(text, any_reader_takes_it):
    assert parse_simple_object(text) is None
    assert is_object(text) is any_reader_takes_it
