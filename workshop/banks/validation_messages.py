"""What is wrong with a value from a file, in words for people.

pydantic finds it; its own words ("Input should be a valid tuple") are for programmers.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic_core import ErrorDetails

_SAID = {
    "missing": "this key is missing",
    "extra_forbidden": "there is no such key here",
    "int_parsing_size": "the number is too large",
    "datetime_type": "a date and a time were expected",
}
_EXPECTED = {
    "string": "text",
    "int": "a whole number",
    "float": "a number",
    "finite_number": "a number",
    "bool": "true or false",
    "list": "a list",
    "tuple": "a list",
    "dict": "keys with values",
    "model": "keys with values",
    "datetime": "a date and a time",
}
PATTERNS = {
    r"^[a-z][a-z0-9_]{0,59}$": "an id was expected: a lower-case letter, then at most 59 "
    "lower-case letters, digits and underscores",
    r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$": "a language tag was expected, such as en or de-AT",
    r"^[0-9a-f]{32}$": "32 digits from 0 to 9 and a to f were expected",
}
"""What a text that must follow a pattern is called, by the pattern."""
_LIMITS = {
    "greater_than": ("gt", "more than"),
    "greater_than_equal": ("ge", "at least"),
    "less_than": ("lt", "less than"),
    "less_than_equal": ("le", "at most"),
}


def describe_error(mistake: "ErrorDetails") -> str:
    """Return what is wrong, as a clause without a full stop: "a whole number was expected"."""
    kind: str = mistake["type"]
    context: Mapping[str, object] = mistake.get("ctx", {})
    if kind in ("value_error", "assertion_error"):
        return str(context.get("error", "")) or "it does not fit"
    if kind == "literal_error":
        return f"{context['expected']} was expected"
    if kind == "string_pattern_mismatch":
        return PATTERNS.get(str(context["pattern"]), "it is not written as it must be")
    if kind in _LIMITS:
        key, words = _LIMITS[kind]
        limit = str(context[key]).removesuffix(".0")
        return f"a number of {words} {limit} was expected"
    if kind in ("too_short", "string_too_short", "too_long", "string_too_long"):
        return _length(kind, context)
    return _SAID.get(kind) or _expected(kind)


def _length(kind: str, context: "Mapping[str, object]") -> str:
    if kind.endswith("long"):
        return f"it is too long: {context['max_length']} is the most"
    least = context["min_length"]
    return "it is empty" if least == 1 else f"it is too short: {least} is the least"


def _expected(kind: str) -> str:
    beginning = next((b for b in _EXPECTED if kind.startswith(b)), None)
    if beginning is None:
        return "another kind of value was expected"
    were = "were" if "and a" in _EXPECTED[beginning] or beginning in ("dict", "model") else "was"
    return f"{_EXPECTED[beginning]} {were} expected"
