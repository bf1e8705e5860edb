"""Messages for people about values in a file that pydantic found to be wrong.

pydantic's own messages, such as "Input should be a valid tuple", are written for programmers.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic_core import ErrorDetails

_MESSAGES = {
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
"""The message for a text that does not match a pattern, by the pattern."""
_LIMITS = {
    "greater_than": ("gt", "more than"),
    "greater_than_equal": ("ge", "at least"),
    "less_than": ("lt", "less than"),
    "less_than_equal": ("le", "at most"),
}


def describe_error(error: "ErrorDetails") -> str:
    """Return what is wrong as a clause without a full stop, such as "a number was expected"."""
    kind: str = error["type"]
    context: Mapping[str, object] = error.get("ctx", {})
    if kind in ("value_error", "assertion_error"):
        return str(context.get("error", "")) or "it does not fit"
    if kind == "literal_error":
        return f"{context['expected']} was expected"
    if kind == "string_pattern_mismatch":
        return PATTERNS.get(str(context["pattern"]), "it is not written as it must be")
    if kind in _LIMITS:
        key, comparison = _LIMITS[kind]
        limit = str(context[key]).removesuffix(".0")
        return f"a number of {comparison} {limit} was expected"
    if kind in ("too_short", "string_too_short", "too_long", "string_too_long"):
        return _describe_length(kind, context)
    return _MESSAGES.get(kind) or _describe_type(kind)


def _describe_length(kind: str, context: "Mapping[str, object]") -> str:
    if kind.endswith("long"):
        return f"it is too long: {context['max_length']} is the most"
    minimum = context["min_length"]
    return "it is empty" if minimum == 1 else f"it is too short: {minimum} is the least"


def _describe_type(kind: str) -> str:
    prefix = next((prefix for prefix in _EXPECTED if kind.startswith(prefix)), None)
    if prefix is None:
        return "another kind of value was expected"
    verb = "were" if "and a" in _EXPECTED[prefix] or prefix in ("dict", "model") else "was"
    return f"{_EXPECTED[prefix]} {verb} expected"
