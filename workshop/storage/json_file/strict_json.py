"""Reading JSON that may come from anybody: strictly, and with the line of every mistake.

JSON as Python reads it by itself is too generous for a record: of two equal keys the last one wins,
`NaN` is a number, and numbers have no end. What is refused here is refused with its place, which is
looked for only then: reading what is right stays as quick as the standard library is.
"""

import json
import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from workshop.errors import BadFileError
from workshop.text import clean_line, shorten

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]
"""What JSON can say."""
JsonPath = tuple[str | int, ...]
"""Where a value stands in a file: names and indexes, from the outside in."""

MAX_INTEGER = 2**63 - 1
"""The largest whole number, up or down, that is taken: what a database has room for."""
_MANY_BRACKETS = 100
_MAX_PROBLEM = 300
"""The longest description of a mistake, in terminal cells."""
_CUT_OFF = "It was probably cut off on its way: get it again."


@dataclass(frozen=True, slots=True)
class JsonFile:
    """What a JSON file says, with its text, in which the place of a value can be found."""

    source: str
    """What the file is called in messages."""
    text: str
    value: Json

    def error_at(self, path: JsonPath, problem: str, hint: str = "") -> BadFileError:
        """Return the error about the value at `path`, or where it is missing, about its place."""
        offset = 0
        longest = -1
        for place in _places(self.text):
            if len(place.path) > longest and place.path == path[: len(place.path)]:
                offset, longest = place.offset, len(place.path)
                if longest == len(path):
                    break
        return _at(self.source, self.text, offset, problem, hint)


class _RefusedError(ValueError):
    """A reader's hook met something that JSON of ours never holds."""

    def __init__(self, problem: str, word: str | None) -> None:
        super().__init__(problem)
        self.problem = problem
        self.word = word
        """As the file spells it; None for a key that stands twice."""


def read_json(raw: bytes, source: str) -> JsonFile:
    """Return what the bytes of a JSON file say; `source` names it in messages.

    Raises BadFileError, with line and column, where they are not JSON in UTF-8, or hold a key
    twice, a number without end, or half a character.
    """
    text = _decoded(raw, source)
    if not text.strip():
        raise BadFileError(f"{source} is empty.")
    try:
        value: Json = _STRICT.decode(text)
    except json.JSONDecodeError as error:
        raise _not_json(source, text, error) from error
    except _RefusedError as error:
        offset = _refused_at(text, error.word)
        raise _at(source, text, offset, error.problem, "") from error
    except RecursionError as error:
        raise too_deep_error(source) from error
    # Only an escape can stand for half a character: the text itself was UTF-8.
    if "\\u" in text:
        _refuse_half_characters(source, text)
    return JsonFile(source, text, value)


def parse_simple_object(text: str) -> dict[str, Json] | None:
    """Return the object that a JSON text stands for, or None where it is not one, or no simple one.

    Simple is what can be part of a larger file: it has few brackets, so that it cannot nest too
    deeply, and no number that `read_json` refuses.
    """
    if text.count("{") + text.count("[") > _MANY_BRACKETS:
        return None
    try:
        value: Json = _SIMPLE.decode(text)
    except ValueError:
        return None
    return value if isinstance(value, dict) else None


def is_object(text: str) -> bool:
    """Return whether a text is the JSON of an object, as any reader of JSON would take it."""
    try:
        return isinstance(json.loads(text, parse_constant=_constant), dict)
    except (ValueError, RecursionError):
        return False


def too_deep_error(source: str) -> BadFileError:
    """Return the error about a file with more brackets in brackets than anybody needs."""
    return BadFileError(f"{source} is nested too deeply to make sense of.")


def format_path(path: Sequence[str | int]) -> str:
    """Return a path as people write it: `events[12].body.text`. Indexes count from 0."""
    parts = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)
    return parts.removeprefix(".")


# ── text ─────────────────────────────────────────────────────────────────────────────────────


def _decoded(raw: bytes, source: str) -> str:
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" in raw[:4]:
        raise BadFileError(f"{source} is UTF-16 or UTF-32, not UTF-8.", "Save it as UTF-8.")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        # Where a mark was taken off, the codec counts from after it.
        counted_from = len(raw) - len(error.object)
        if error.reason == "unexpected end of data":
            text = raw[: counted_from + error.start].decode("utf-8-sig")
            raise _ends_too_early(source, text) from error
        line = raw.count(b"\n", 0, counted_from + error.start) + 1
        raise BadFileError(f"{source}, line {line}: this is not UTF-8 text.") from error


def _not_json(source: str, text: str, error: json.JSONDecodeError) -> BadFileError:
    whole = text.strip()
    if whole.startswith("{") and (error.pos >= len(text.rstrip()) or not whole.endswith("}")):
        return _ends_too_early(source, text)
    problem = error.msg[:1].lower() + error.msg[1:].removesuffix(" at")
    return _at(source, text, error.pos, f"this is not JSON: {problem}", "")


def _ends_too_early(source: str, text: str) -> BadFileError:
    line = text.rstrip().count("\n") + 1
    return BadFileError(f"{source} ends too early, in line {line}.", _CUT_OFF)


def _at(source: str, text: str, offset: int, problem: str, hint: str) -> BadFileError:
    line = text.count("\n", 0, offset) + 1
    column = offset - text.rfind("\n", 0, offset)
    # The problem may quote the file, which may hold anything.
    said = shorten(clean_line(problem), _MAX_PROBLEM).rstrip(".")
    return BadFileError(f"{source}, line {line}, column {column}: {said}.", hint)


# ── what is refused while it is read ─────────────────────────────────────────────────────────


def _object(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _RefusedError("a key stands here for the second time", None)
    return found


def _whole(word: str) -> int:
    if len(word) > 20 or abs(int(word)) > MAX_INTEGER:
        raise _RefusedError("this number is too large", word)
    return int(word)


def _number(word: str) -> float:
    number = float(word)
    if not math.isfinite(number):
        raise _RefusedError("this number is too large", word)
    return number


def _constant(word: str) -> float:
    raise _RefusedError(f"{word} is not JSON", word)


_STRICT = json.JSONDecoder(
    object_pairs_hook=_object, parse_int=_whole, parse_float=_number, parse_constant=_constant
)
_SIMPLE = json.JSONDecoder(parse_int=_whole, parse_float=_number, parse_constant=_constant)


def _refused_at(text: str, word: str | None) -> int:
    for place in _places(text):
        if place.again if word is None else place.word == word:
            return place.offset
    return 0


def _refuse_half_characters(source: str, text: str) -> None:
    for found in _STRING.finditer(text):
        if "\\u" in found[0]:
            try:
                json.loads(found[0]).encode()
            except UnicodeEncodeError as error:
                problem = "this text holds half a character"
                raise _at(source, text, found.start(), problem, "") from error


# ── where a value stands ─────────────────────────────────────────────────────────────────────

_STRING = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"', re.DOTALL)
_TOKEN = re.compile(rf'{_STRING.pattern}|[{{}}\[\]]|[^\s,:{{}}\[\]"]++', re.DOTALL)


@dataclass(frozen=True, slots=True)
class _Place:
    """A value in a text: where it stands, and how it begins."""

    path: JsonPath
    offset: int
    """Of the value's key, where it has one."""
    word: str
    again: bool
    """Whether its key was there before."""


def _places(text: str) -> Iterator[_Place]:
    """Yield the place of every value of a JSON text that is well-formed as far as one reads on."""
    path: list[str | int] = []
    keys: list[set[str] | None] = []  # of each open object; None for a list
    key: tuple[int, bool] | None = None  # where the key stands whose value comes next
    for found in _TOKEN.finditer(text):
        word = found[0]
        if word in ("}", "]"):
            if keys:
                keys.pop()
                path.pop()
            continue
        names = keys[-1] if keys else None
        if names is not None and key is None:
            name = str(json.loads(word))
            key = (found.start(), name in names)
            names.add(name)
            path[-1] = name
            continue
        if keys and names is None:
            path[-1] = int(path[-1]) + 1
        offset, again = key or (found.start(), False)
        key = None
        yield _Place(tuple(path), offset, word, again)
        if word in "{[":
            keys.append(set() if word == "{" else None)
            path.append(-1)
