"""Loading a bank from YAML; every error says the line and column.

A bank may come from anybody, so it is read as data only. Aliases are refused, because a few of them
can expand to gigabytes, and size, depth and number of values are limited before anything is built.
"""

# ruamel.yaml carries no types for its nodes, marks and errors:
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportUnknownParameterType=false

from pathlib import Path
from typing import Any, cast

from pydantic import ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, StreamMark, YAMLError
from ruamel.yaml.events import AliasEvent, CollectionEndEvent, CollectionStartEvent, NodeEvent
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from ruamel.yaml.reader import ReaderError

from workshop.banks.model import Bank, MisplacedPartError
from workshop.banks.validation_messages import describe_error
from workshop.errors import BadFileError, cannot_read
from workshop.files.regular import open_regular
from workshop.text import clean_line, shorten

MAX_BYTES = 500_000
"""The largest size of a bank's file, in bytes."""
MAX_DEPTH = 20
"""The deepest nesting of lists and mappings."""
MAX_VALUES = 20_000
"""The largest number of YAML parser events, about one for each key and each value."""
_MAX_PROBLEM = 300
"""The longest description of an error in a bank, in terminal cells."""


def load_bank(path: Path) -> Bank:
    """Return the bank in the YAML file at `path`.

    Raises CannotReadError if the file cannot be read and BadFileError, with line and column, if it
    is not a bank.
    """
    source = clean_line(str(path))
    try:
        with open_regular(path) as file:
            raw = file.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        raise cannot_read(f"The bank {source}", error) from error
    if len(raw) > MAX_BYTES:
        raise BadFileError(f"{source} is larger than {MAX_BYTES // 1000} kB, which no bank is.")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise BadFileError(
            f"{source}, line {line}: this is not UTF-8 text.", "Save the file as UTF-8."
        ) from error
    return parse_bank(text, source)


def parse_bank(text: str, source: str) -> Bank:
    """Return the bank written as YAML in `text`; `source` is its name in error messages.

    Raises BadFileError, with line and column, if the text is not a bank.
    """
    root: Node | None
    try:
        _check_structure(text, source)
        root = cast("Node | None", _yaml().compose(text))
        values = _values(root, source) if root is not None else None
    except MarkedYAMLError as error:
        raise _error_at(
            source, error.problem_mark or error.context_mark, _problem(error)
        ) from error
    except ReaderError as error:
        mark = _mark_at(text, int(error.position))
        problem = f"the character U+{int(error.character):04X} has no place in a text file"
        raise _error_at(source, mark, problem) from error
    except (YAMLError, ValueError, OverflowError) as error:
        # Not all are a YAMLError: for example "\U00110000", an escape for no existing character.
        first = clean_line(str(error))[:200]
        raise BadFileError(f"{source} is not YAML: {first}.") from error
    if not isinstance(root, MappingNode):
        raise BadFileError(
            f"{source} is not a bank: it should be a list of keys, such as 'id: my_canvas'."
        )
    try:
        return Bank.model_validate(values)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        path = ".".join(str(part + 1 if isinstance(part, int) else part) for part in first["loc"])
        message = describe_error(first)
        cause = first.get("ctx", {}).get("error")
        location = cause.location if isinstance(cause, MisplacedPartError) else ()
        mark = _mark_of(root, (*first["loc"], *location))
        raise _error_at(source, mark, f"{path}: {message}" if path else message) from error


def _yaml() -> Any:
    yaml = YAML(typ="safe", pure=True)
    yaml.allow_duplicate_keys = False
    return yaml


def _check_structure(text: str, source: str) -> None:
    """Raise BadFileError if the YAML has aliases or anchors or is too deep or too large."""
    depth = 0
    for values, event in enumerate(_yaml().parse(text), 1):
        if isinstance(event, AliasEvent) or (isinstance(event, NodeEvent) and event.anchor):
            raise _error_at(
                source, event.start_mark, "aliases and anchors are not allowed in a bank"
            )
        if isinstance(event, CollectionStartEvent):
            depth += 1
        elif isinstance(event, CollectionEndEvent):
            depth -= 1
        if depth > MAX_DEPTH:
            raise _error_at(source, event.start_mark, f"nested deeper than {MAX_DEPTH} levels")
        if values > MAX_VALUES:
            raise _error_at(source, event.start_mark, f"more than {MAX_VALUES:,} values")


def _values(node: Node, source: str) -> object:
    """Return the plain value of a node, with scalars resolved as in YAML 1.2."""
    if isinstance(node, MappingNode):
        mapping: dict[str, object] = {}
        for key, value in node.value:
            if not isinstance(key, ScalarNode):
                raise _error_at(source, key.start_mark, "a key must be a plain word")
            if key.value in mapping:
                raise _error_at(source, key.start_mark, f"the key '{key.value}' stands here twice")
            mapping[str(key.value)] = _values(value, source)
        return mapping
    if isinstance(node, SequenceNode):
        return [_values(item, source) for item in node.value]
    return _scalar(node, source)


def _scalar(node: Node, source: str) -> object:
    kind = str(node.tag or "").removeprefix("tag:yaml.org,2002:")
    value = str(node.value)
    match kind:
        case "str":
            return value
        case "bool" if value.lower() in ("true", "false"):
            return value.lower() == "true"
        case "null":
            return None
        case "int" | "float" if len(value) < 40:
            try:
                return int(value) if kind == "int" else float(value)
            except ValueError as error:
                raise _error_at(
                    source, node.start_mark, f"'{value}' is not a plain number"
                ) from error
        case _:
            # A bank has no dates, binary data or custom tags. Read as text, they pass or fail by
            # the field's own rule.
            return value


def _mark_of(root: Node, location: tuple[int | str, ...]) -> Any:
    """Return the mark of the node at `location`, or of the nearest node on the way there."""
    node = root
    mark = root.start_mark
    for part in location:
        if isinstance(node, MappingNode):
            pair = next((p for p in node.value if p[0].value == part), None)
            if pair is None:
                return mark
            mark, node = pair[0].start_mark, pair[1]
        elif isinstance(node, SequenceNode) and isinstance(part, int) and part < len(node.value):
            node = node.value[part]
            mark = node.start_mark
        else:
            return mark
    return mark


def _problem(error: MarkedYAMLError) -> str:
    """Return what the YAML parser complains about, as a clause."""
    problem = str(error.problem or error.context or "this is not YAML")
    return f"{error.context}, {problem}" if problem.startswith("but ") else problem


def _mark_at(text: str, index: int) -> StreamMark:
    before = text[:index]
    return StreamMark("", index, before.count("\n"), index - (before.rfind("\n") + 1))


def _error_at(source: str, mark: Any, problem: str) -> BadFileError:
    location = f", line {mark.line + 1}, column {mark.column + 1}" if mark is not None else ""
    # The problem may quote the file, which may contain anything.
    clause = shorten(clean_line(problem), _MAX_PROBLEM).rstrip(".")
    return BadFileError(f"{source}{location}: {clause}.")
