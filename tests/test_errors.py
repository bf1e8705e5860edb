"""Errors for people: what they quote is cleaned, and what happened is on one line."""

import ast
import re
from pathlib import Path

import pytest
from hostile import HOSTILE, harmful

import workshop
from workshop.errors import BadFileError, CannotWriteError, Remedy, cannot_read, replace_path


def test_a_message_is_one_plain_line_whatever_it_quotes() -> None:
    for text in HOSTILE:
        error = BadFileError(f"{text} is odd.", f"Not {text} again?")
        assert harmful(error.message, lines=False) == []
        assert harmful(error.hint) == []
        assert harmful(str(error)) == []


def test_a_line_end_in_a_name_cannot_forge_a_line_of_output() -> None:
    assert str(BadFileError("a\nSaved.\n.db is not a session file.")) == (
        "a Saved. .db is not a session file."
    )


def test_a_hint_may_have_lines() -> None:
    assert str(BadFileError("There are 2.", "Say which:\n  one\n  two")) == (
        "There are 2. Say which:\n  one\n  two"
    )


_COMMAND = re.compile("'workshop [^']*'")
_OPTION = re.compile(r"(?<!\S)--?[a-z]+\b")
_BELOW_THE_FRONT_ENDS = sorted(
    path
    for path in Path(workshop.__file__).parent.rglob("*.py")
    if "frontends" not in path.parts and path.name != "__main__.py"
)


@pytest.mark.parametrize("path", _BELOW_THE_FRONT_ENDS, ids=lambda path: path.stem)
def test_only_the_front_ends_tell_people_about_options(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    docstrings = {
        id(node.value) for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }  # fmt: skip
    sentences = [
        _COMMAND.sub("", node.value) for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        and " " in node.value and id(node) not in docstrings
    ]  # fmt: skip
    assert [text for text in sentences if _OPTION.search(text)] == []


def test_an_error_keeps_its_remedy_when_its_path_is_replaced() -> None:
    error = CannotWriteError("x.part is full.", "Choose another file.", Remedy.TARGET)
    replaced = replace_path(error, Path("x.part"), "x")
    assert (str(replaced), replaced.remedy) == ("x is full. Choose another file.", Remedy.TARGET)


def test_a_file_that_cannot_be_read_is_named_with_the_reason() -> None:
    denied = cannot_read("a.db", PermissionError(13, "Permission denied"))
    assert str(denied) == "a.db cannot be read: permission denied."
    impossible = cannot_read("a.db", ValueError("embedded null byte"))
    assert str(impossible) == "a.db cannot be read: no file has such a name."
