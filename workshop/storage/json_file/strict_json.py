"""Reads JSON that may come from anybody: strictly, and with the line of every mistake.

Python's own JSON reader is too lenient for a record: of two equal keys the last one wins, `NaN` is
a number, and numbers have no limit. An error names the line and column, which are looked for only
then: reading correct JSON is as fast as the standard library.
"""

import json
import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from workshop.errors import BadFileError
from workshop.text import clean_line, shorten

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]
"""A JSON value."""
JsonPath = tuple[str | int, ...]
"""The path to a value in a file: keys and indexes, the outermost first."""

MAX_INTEGER = 2**63 - 1
"""The largest absolute value of an integer that is accepted: what fits in a database."""
_MAX_SIMPLE_BRACKETS = 100
_MAX_PROBLEM = 300
"""The width of the longest description of a mistake, in terminal cells."""
_CUT_OFF = "It was probably cut off on its way: get it again."


@dataclass(frozen=True, slots=True)
class JsonFile:
    """The value of a JSON file, with its text, in which a value can be located."""

    source: str
    """The name of the file in messages."""
    text: str
    value: Json

    def error_at(self, path: JsonPath, problem: str, hint: str = "") -> BadFileError:
        """Return the error about the value at `path`, or if it is missing, about its parent."""
        offset = 0
        depth = -1
        for location in _locations(self.text):
            if len(location.path) > depth and location.path == path[: len(location.path)]:
                offset, depth = location.offset, len(location.path)
                if depth == len(path):
                    break
        return _error_at_offset(self.source, self.text, offset, problem, hint)


class _RefusedError(ValueError):
    """The reader met a value that Workshop never writes."""

    def __init__(self, problem: str, word: str | None) -> None:
        super().__init__(problem)
        self.problem = problem
        self.word = word
        """The value as the file spells it; None for a duplicate key."""


def read_json(raw: bytes, source: str) -> JsonFile:
    """Return the value in the bytes of a JSON file; `source` names the file in messages.

    Raises BadFileError, with line and column, if they are not JSON in UTF-8, or contain a duplicate
    key, a number that is too large, or half a character (a lone surrogate).
    """
    text = _decoded(raw, source)
    if not text.strip():
        raise BadFileError(f"{source} is empty.")
    try:
        value: Json = _STRICT.decode(text)
    except json.JSONDecodeError as error:
        raise _not_json_error(source, text, error) from error
    except _RefusedError as error:
        offset = _refused_offset(text, error.word)
        raise _error_at_offset(source, text, offset, error.problem, "") from error
    except RecursionError as error:
        raise too_deep_error(source) from error
    # Only an escape can be half a character, because the text itself was UTF-8.
    if "\\u" in text:
        _check_half_characters(source, text)
    return JsonFile(source, text, value)


def parse_simple_object(text: str) -> dict[str, Json] | None:
    """Return the object in a JSON text, or None if it is not an object, or not a simple one.

    A simple object can be part of a larger file: it has few brackets, so that it is not nested too
    deeply, and no number that `read_json` refuses.
    """
    if text.count("{") + text.count("[") > _MAX_SIMPLE_BRACKETS:
        return None
    try:
        value: Json = _SIMPLE.decode(text)
    except ValueError:
        return None
    return value if isinstance(value, dict) else None


def is_object(text: str) -> bool:
    """Return whether a text is the JSON of an object, by the standard rules."""
    try:
        return isinstance(json.loads(text, parse_constant=_parse_constant), dict)
    except (ValueError, RecursionError):
        return False


def too_deep_error(source: str) -> BadFileError:
    """Return the error about a file whose values are nested too deeply."""
    return BadFileError(f"{source} is nested too deeply to make sense of.")


def format_path(path: Sequence[str | int]) -> str:
    """Return a path as text, such as `events[12].body.text`. Indexes count from 0."""
    parts = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)
    return parts.removeprefix(".")


# ── text ─────────────────────────────────────────────────────────────────────────────────────


def _decoded(raw: bytes, source: str) -> str:
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" in raw[:4]:
        raise BadFileError(f"{source} is UTF-16 or UTF-32, not UTF-8.", "Save it as UTF-8.")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        # If the text began with a byte order mark, the codec counts from after it.
        bom_length = len(raw) - len(error.object)
        if error.reason == "unexpected end of data":
            text = raw[: bom_length + error.start].decode("utf-8-sig")
            raise _truncated_error(source, text) from error
        line = raw.count(b"\n", 0, bom_length + error.start) + 1
        raise BadFileError(f"{source}, line {line}: this is not UTF-8 text.") from error


def _not_json_error(source: str, text: str, error: json.JSONDecodeError) -> BadFileError:
    content = text.strip()
    ends_inside = (
        error.pos >= len(text.rstrip())
        or not content.endswith("}")
        or error.msg.startswith("Unterminated string")  # the last "}" is a character of that string
    )
    if content.startswith("{") and ends_inside:
        return _truncated_error(source, text)
    problem = error.msg[:1].lower() + error.msg[1:].removesuffix(" at")
    return _error_at_offset(source, text, error.pos, f"this is not JSON: {problem}", "")


def _truncated_error(source: str, text: str) -> BadFileError:
    line = text.rstrip().count("\n") + 1
    return BadFileError(f"{source} ends too early, in line {line}.", _CUT_OFF)


def _error_at_offset(source: str, text: str, offset: int, problem: str, hint: str) -> BadFileError:
    line = text.count("\n", 0, offset) + 1
    column = offset - text.rfind("\n", 0, offset)
    # The problem may quote the file, which may contain anything.
    message = shorten(clean_line(problem), _MAX_PROBLEM).rstrip(".")
    return BadFileError(f"{source}, line {line}, column {column}: {message}.", hint)


# ── refusing while reading ───────────────────────────────────────────────────────────────────


def _parse_object(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise _RefusedError("a key stands here for the second time", None)
    return value


def _parse_int(word: str) -> int:
    if len(word) > 20 or abs(int(word)) > MAX_INTEGER:
        raise _RefusedError("this number is too large", word)
    return int(word)


def _parse_float(word: str) -> float:
    number = float(word)
    if not math.isfinite(number):
        raise _RefusedError("this number is too large", word)
    return number


def _parse_constant(word: str) -> float:
    raise _RefusedError(f"{word} is not JSON", word)


_STRICT = json.JSONDecoder(
    object_pairs_hook=_parse_object,
    parse_int=_parse_int,
    parse_float=_parse_float,
    parse_constant=_parse_constant,
)
_SIMPLE = json.JSONDecoder(
    parse_int=_parse_int, parse_float=_parse_float, parse_constant=_parse_constant
)


def _refused_offset(text: str, word: str | None) -> int:
    for location in _locations(text):
        # A number may run into letters, which the decoder would have refused next.
        if location.is_duplicate if word is None else location.word.startswith(word):
            return location.offset
    return 0


def _check_half_characters(source: str, text: str) -> None:
    for match in _STRING.finditer(text):
        if "\\u" in match[0]:
            try:
                json.loads(match[0]).encode()
            except UnicodeEncodeError as error:
                problem = "this text holds half a character"
                raise _error_at_offset(source, text, match.start(), problem, "") from error


# ── locations of values ──────────────────────────────────────────────────────────────────────

_STRING = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"', re.DOTALL)
_TOKEN = re.compile(rf'{_STRING.pattern}|[{{}}\[\]]|[^\s,:{{}}\[\]"]++', re.DOTALL)


@dataclass(frozen=True, slots=True)
class _Location:
    """The location of a value in a text, and its first token."""

    path: JsonPath
    offset: int
    """Offset of the value's key if it has one, else of the value."""
    word: str
    """First token of the value."""
    is_duplicate: bool
    """Whether its object has that key already."""


def _locations(text: str) -> Iterator[_Location]:
    """Yield the location of every value in a JSON text that is well-formed up to that value."""
    path: list[str | int] = []
    keys: list[set[str] | None] = []  # of each open object; None for a list
    key: tuple[int, bool] | None = None  # of the next value: offset, is_duplicate
    for match in _TOKEN.finditer(text):
        word = match[0]
        if word in ("}", "]"):
            if keys:
                keys.pop()
                path.pop()
            continue
        names = keys[-1] if keys else None
        if names is not None and key is None:
            name = str(json.loads(word))
            key = (match.start(), name in names)
            names.add(name)
            path[-1] = name
            continue
        if keys and names is None:
            path[-1] = int(path[-1]) + 1
        offset, is_duplicate = key or (match.start(), False)
        key = None
        yield _Location(tuple(path), offset, word, is_duplicate)
        if word in "{[":
            keys.append(set() if word == "{" else None)
            path.append(-1)
